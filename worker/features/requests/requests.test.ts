import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, seatCounts, selfServiceOverrides, serviceRequests, tickets } from '../../../db/shard/schema.ts'
import { newId } from '../../tenancy/ids.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { eventTypes, requestScene, toldIn } from '../../test/requests.ts'
import type { Asked, StaffList } from '../../test/requests.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newContact,
  newCustomer,
  newKey,
  newMsp,
  newPortal,
  newStaff,
  newTenant,
} from '../../test/stage.ts'

const queue = holdQueue()
afterEach(() => void queue.take())

describe('A request', () => {
  it('waits for the MSP, with what there was when it was asked for, and is told in the activity', async () => {
    const { dana, asked, read, skuId, scope, tenantId } = await requestScene()
    const { id } = await asked(dana)
    expect(await read(dana, id)).toMatchObject({
      type: 'licence_change',
      state: 'awaiting_msp',
      subject: 'Licence change: 5 more seats of Microsoft 365 Business Premium',
      requestedBy: { id: dana.id, name: dana.name },
      tenant: { id: tenantId, name: 'Fabrikam' },
      reason: 'Five people start in May.',
      details: { licence: { id: skuId }, moreSeats: 5, boughtCount: 12 },
      awaiting: { who: 'msp', names: ['Northwind IT'] },
      ticket: null,
      may: { approve: false, decline: false, withdraw: true },
    })
    const [entry] = await scope.list(activities, { where: eq(activities.action, 'request.submitted') })
    expect(entry).toMatchObject({
      actorId: dana.id,
      subjectName: 'Licence change: 5 more seats of Microsoft 365 Business Premium',
    })
  })

  it.each([
    ['of a licence the company does not have', { skuId: 'somebody else’s' }, '/skuId'],
    ['in a tenant that does not have it', { tenantId: 'somebody else’s' }, '/tenantId'],
    ['of a part of a seat', { moreSeats: 1.5 }, '/moreSeats'],
    ['of more seats than anybody buys', { moreSeats: 1_001 }, '/moreSeats'],
    ['without a reason', { reason: '  ' }, '/reason'],
    ['of a kind that is none', { type: 'new_tenant' }, '/type'],
  ])('%s is refused where it says so', async (_, more, pointer) => {
    const { dana, ask, scope } = await requestScene()
    const answer = await ask(dana, more)
    expect(answer.status).toBe(422)
    expect((await toldIn(answer)).errors?.[0]?.pointer).toBe(pointer)
    expect(await scope.list(serviceRequests)).toEqual([])
  })

  it('that needs no approval is refused from the 21st of a person in an hour on, also of those sent at once', async () => {
    const { tom, dana, ask, asked, mode, scope } = await requestScene()
    await mode('direct')
    const answers = await Promise.all(Array.from({ length: 24 }, () => ask(tom)))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(20)
    const refused = answers.filter(({ status }) => status !== 202)
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([409]))
    for (const { detail } of await Promise.all(refused.map(toldIn))) expect(detail).toMatch(/20 requests .* an hour/)
    expect(await scope.list(tickets)).toHaveLength(20)
    await asked(dana)
  })

  it('names the tenant where several have the licence', async () => {
    const { dana, ask, asked, read, portal, skuId, scope } = await requestScene()
    const other = (await newTenant(portal, { name: 'Fabrikam North' })).id
    const tenant = scope.forTenant(other)
    await tenant.record(
      tenant.add(seatCounts, {
        id: skuId,
        skuPartNumber: 'SPB',
        boughtCount: 3,
        assignedCount: 0,
        suspendedCount: 0,
        status: 'enabled',
        hidden: false,
        asOf: 1,
      }),
    )
    expect((await ask(dana)).status).toBe(422)
    const { id } = await asked(dana, { tenantId: other })
    expect(await read(dana, id)).toMatchObject({ tenant: { name: 'Fabrikam North' }, details: { boughtCount: 3 } })
  })

  it('is carried out once, however often it is repeated under one key', async () => {
    const { dana, ask, scope } = await requestScene()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [await ask(dana, {}, key), await ask(dana, {}, key)]
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true'])
    expect(await bodyOf(again)).toEqual(await bodyOf(first))
    expect(await scope.list(serviceRequests)).toHaveLength(1)
    expect((await ask(dana, { moreSeats: 6 }, key)).status).toBe(422)
  })

  it('that needs no approval becomes a ticket at once, and who repeats it is told the same number', async () => {
    const { tom, ask, mode, read, scope } = await requestScene()
    await mode('direct')
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [await bodyOf<Asked>(await ask(tom, {}, key)), await bodyOf<Asked>(await ask(tom, {}, key))]
    expect(again).toEqual(first)
    const [ticket] = await scope.list(tickets)
    expect(first).toMatchObject({
      state: 'approved',
      awaiting: null,
      ticket: { id: ticket?.id, number: ticket?.number },
    })
    expect(ticket).toMatchObject({ requester: tom.id, subject: first.subject, state: 'new' })
    expect(eventTypes(await read(tom, first.id))).toEqual(['submitted', 'ticket_raised'])
  })

  it('is not accepted once it is switched off, whatever page was open before', async () => {
    const { dana, ask, mode } = await requestScene()
    await mode('off')
    const answer = await ask(dana)
    expect(answer.status).toBe(422)
    expect((await toldIn(answer)).errors?.[0]?.pointer).toBe('/type')
  })

  it('goes by the company’s own policy, not by one that a merge brought along of another customer', async () => {
    const { tom, own, asked, scope } = await requestScene()
    const brought = { choices: { reads: {}, modes: { licence_change: 'off' as const }, askers: {} }, waitDays: 1 }
    await scope.commit(
      { action: 'stage.policy', subject: { kind: 'settings', id: 'brought', name: '' } },
      scope.add(selfServiceOverrides, { id: newId(0), ...brought }),
    )
    await own({ customerApproves: true })
    expect(await asked(tom)).toMatchObject({ state: 'awaiting_customer' })
  })

  it('may be left to portal admins', async () => {
    const { dana, tom, ask, own } = await requestScene()
    expect((await ask(tom)).status).toBe(202)
    await own({ choices: { reads: {}, modes: {}, askers: { licence_change: 'portal_admins' } } })
    expect((await ask(tom)).status).toBe(403)
    expect((await ask(dana)).status).toBe(202)
  })

  it('is one of at most twenty of a person that wait for an answer', async () => {
    const { dana, tom, ask, scope } = await requestScene()
    const answers = await Promise.all(Array.from({ length: 22 }, () => ask(dana)))
    const countOf = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([countOf(202), countOf(409)]).toEqual([20, 2])
    expect(await scope.list(serviceRequests)).toHaveLength(20)
    expect((await ask(tom)).status).toBe(202)
    await scope.commit(
      { action: 'stage.request', subject: { kind: 'request', id: '', name: '' } },
      scope.changeAll(serviceRequests, undefined, { state: 'done', endedAt: 1 }),
    )
    expect((await ask(dana)).status).toBe(202)
  })

  it('is seen by who made it and by portal admins, the newest first, page after page', async () => {
    const { dana, tom, asked, list } = await requestScene()
    const [first, second, third] = [await asked(dana), await asked(tom), await asked(dana)]
    const ids = async (...of: Parameters<typeof list>) => (await list(...of)).items.map(({ id }) => id)
    expect(await ids(tom)).toEqual([second.id])
    expect(await ids(dana, '?mine=true')).toEqual([third.id, first.id])
    const page = await list(dana, '?limit=2')
    expect(page.items.map(({ id }) => id)).toEqual([third.id, second.id])
    expect(await ids(dana, `?limit=2&cursor=${page.nextCursor ?? ''}`)).toEqual([first.id])
  })

  it('that a colleague made is missing to a portal user who guesses its id, as one of nobody is', async () => {
    const { dana, tom, asked, path, portal, inPortal } = await requestScene()
    const { id } = await asked(dana)
    for (const guess of [id, 'made-up']) {
      expect((await call(portal.host, 'GET', `${path}/${guess}`, { as: tom })).status).toBe(404)
      expect((await inPortal(tom, guess, 'withdrawal')).status).toBe(404)
    }
  })

  it('of another customer or MSP is missing, whatever is done to it', async () => {
    const { msp, owner, asked, dana } = await requestScene()
    const { id } = await asked(dana)
    const elsewhere = await newPortal(await newCustomer(msp))
    const other = await newContact(elsewhere, ['portal_admin'])
    const path = `/api/portal/customers/${elsewhere.customerId}/requests/${id}`
    expect((await call(elsewhere.host, 'GET', path, { as: other })).status).toBe(404)
    expect((await call(elsewhere.host, 'PUT', `${path}/approval`, { as: other, body: {} })).status).toBe(404)
    const stranger = await newStaff(await newMsp('Northwind IT', msp.shard), 'owner')
    const desk = `/api/msp-portal/requests/${id}`
    expect((await call(ADMIN, 'GET', desk, { as: stranger })).status).toBe(404)
    expect((await call(ADMIN, 'PUT', `${desk}/approval`, { as: stranger, body: {} })).status).toBe(404)
    expect((await call(ADMIN, 'GET', desk, { as: owner })).status).toBe(200)
  })

  it('stands in one queue over all customers, and is found by its customer, kind and standing', async () => {
    const { msp, portal, dana, asked, queue: read, technician, byStaff, tom } = await requestScene()
    const [waiting, declined] = [await asked(dana), await asked(tom)]
    expect((await byStaff(technician, declined.id, 'refusal', { reason: 'Not now.' })).status).toBe(200)
    const ids = async (query: string) => (await read(technician, query)).items.map(({ id }) => id)
    expect(await ids('?view=awaiting')).toEqual([waiting.id])
    expect(await ids('?view=open')).toEqual([waiting.id])
    expect(await ids('?view=ended')).toEqual([declined.id])
    expect(await ids(`?view=all&customerId=${portal.customerId}`)).toEqual([declined.id, waiting.id])
    expect(await ids('?view=all&type=new_user')).toEqual([])
    const other = await newCustomer(msp)
    expect(await ids(`?view=all&customerId=${other.customerId}`)).toEqual([])
    const [item] = (await read(technician, '?view=awaiting')).items
    expect(item?.customer).toEqual({ id: portal.customerId, name: 'Fabrikam Dental' })
    expect(item?.awaiting?.names).toContain(technician.name)
  })

  it('is written down by staff for a contact, and by a program with the scope for it', async () => {
    const { msp, owner, technician, viewer, portal, tom, asking, staffRead } = await requestScene()
    const path = `/api/msp-portal/customers/${portal.customerId}/requests`
    const body = { ...asking, requestedBy: tom.id }
    expect((await call(ADMIN, 'POST', path, { as: viewer, body })).status).toBe(403)
    const answer = await call(ADMIN, 'POST', path, { as: technician, body })
    expect(answer.status, await answer.clone().text()).toBe(202)
    expect(await staffRead(owner, (await bodyOf<Asked>(answer)).id)).toMatchObject({
      requestedBy: { id: tom.id },
      raisedByName: technician.name,
    })
    const { bearer } = await newKey(msp, owner, ['requests:write'])
    expect((await call(ADMIN, 'POST', path, { bearer, body })).status).toBe(202)
    const nobody = await call(ADMIN, 'POST', path, { as: technician, body: { ...body, requestedBy: 'nobody' } })
    expect((await toldIn(nobody)).errors?.[0]?.pointer).toBe('/requestedBy')
  })

  it('is seen by staff of its customer, also when who made it has been deleted since, and is by nobody of that name', async () => {
    const { owner, portal, tom, asked } = await requestScene()
    await asked(tom)
    const listed = async () => {
      const path = `/api/msp-portal/customers/${portal.customerId}/requests`
      return (await bodyOf<StaffList>(await call(ADMIN, 'GET', path, { as: owner }))).items
    }
    expect(await listed()).toMatchObject([{ requestedBy: { name: tom.name } }])
    const contactPath = `/api/msp-portal/customers/${portal.customerId}/contacts/${tom.id}`
    expect((await call(ADMIN, 'DELETE', contactPath, { as: owner })).status).toBe(204)
    const [item] = await listed()
    expect(JSON.stringify(item)).not.toContain(tom.name)
  })

  it('that has ended plans no seats any more', async () => {
    const { tom, asked, inPortal, plannedCount } = await requestScene()
    const { id } = await asked(tom)
    expect(await plannedCount()).toBeGreaterThan(0)
    expect((await inPortal(tom, id, 'withdrawal')).status).toBe(200)
    expect(await plannedCount()).toBe(0)
  })
})
