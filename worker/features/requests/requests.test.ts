import type { z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, jobs, msps, seatCounts, serviceRequests, staff } from '../../../db/shard/schema.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newLicence,
  newMsp,
  newOwnPolicy,
  newPortal,
  newStaff,
  newTenant,
} from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import type { RequestList, ServiceRequest } from './requests.schema.ts'
import { requestMails } from './tell.job.ts'

type Wire = z.infer<typeof ServiceRequest>
type List = z.infer<typeof RequestList>

const queue = holdQueue()
afterEach(() => void queue.take())

/** Fabrikam with a licence in one tenant; Dana is portal admin, Tom a portal user. */
const newScene = async () => {
  const msp = await newMsp()
  const owner = await newStaff(msp, 'owner')
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const [dana, tom] = [await newContact(portal, ['portal_admin']), await newContact(portal, ['portal_user'])]
  const tenantId = (await newTenant(portal, { name: 'Fabrikam' })).id
  const skuId = await newLicence(portal, { tenantId, boughtCount: 12 })
  const path = `/api/portal/customers/${portal.customerId}/requests`
  const asking = { type: 'licence_change', skuId, moreSeats: 5, reason: 'Five people start in May.' }
  const ask = (as: StagedContact, more: object = {}, headers: Record<string, string> = {}) =>
    call(portal.host, 'POST', path, { as, body: { ...asking, ...more }, headers })
  const list = async (as: StagedContact, query = '') =>
    bodyOf<List>(await call(portal.host, 'GET', `${path}${query}`, { as }))
  const scope = msp.scope.forCustomer(portal.customerId)
  return { msp, owner, portal, dana, tom, tenantId, skuId, ask, list, scope }
}

describe('A request for more seats', () => {
  it('is kept as submitted, with what there was when it was asked for, and told in the activity', async () => {
    const { dana, ask, skuId, scope } = await newScene()
    const answer = await ask(dana)
    expect([answer.status, answer.headers.get('etag')]).toEqual([202, '"v1"'])
    expect(await bodyOf<Wire>(answer)).toMatchObject({
      type: 'licence_change',
      state: 'awaiting_msp',
      requestedBy: { id: dana.id, name: dana.name },
      licence: { skuId, name: 'Microsoft 365 Business Premium' },
      tenant: { name: 'Fabrikam' },
      moreSeats: 5,
      boughtCount: 12,
      reason: 'Five people start in May.',
    })
    const [entry] = await scope.list(activities, { where: eq(activities.action, 'request.submitted') })
    expect(entry).toMatchObject({ actorId: dana.id, subjectName: 'Microsoft 365 Business Premium' })
  })

  it.each([
    ['of a licence the company does not have', { skuId: 'somebody else’s' }, '/skuId'],
    ['in a tenant that does not have it', { tenantId: 'somebody else’s' }, '/tenantId'],
    ['of no seats', { moreSeats: 0 }, '/moreSeats'],
    ['of a part of a seat', { moreSeats: 1.5 }, '/moreSeats'],
    ['of more seats than anybody buys', { moreSeats: 1_001 }, '/moreSeats'],
    ['without a reason', { reason: '  ' }, '/reason'],
    ['of another kind', { type: 'new_user' }, '/type'],
  ])('%s is refused where it says so', async (_, more, pointer) => {
    const { dana, ask, scope } = await newScene()
    const answer = await ask(dana, more)
    expect(answer.status).toBe(422)
    expect((await bodyOf<{ errors: { pointer: string }[] }>(answer)).errors[0]?.pointer).toBe(pointer)
    expect(await scope.list(serviceRequests)).toEqual([])
  })

  it('names the tenant where several have the licence', async () => {
    const { dana, ask, portal, skuId, scope } = await newScene()
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
    const answer = await ask(dana, { tenantId: other })
    expect(await bodyOf<Wire>(answer)).toMatchObject({ tenant: { name: 'Fabrikam North' }, boughtCount: 3 })
  })

  it('is carried out once, however often it is repeated under one key', async () => {
    const { dana, ask, scope } = await newScene()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [await ask(dana, {}, key), await ask(dana, {}, key)]
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true'])
    expect(await bodyOf(again)).toEqual(await bodyOf(first))
    expect(await scope.list(serviceRequests)).toHaveLength(1)
    expect((await ask(dana, { moreSeats: 6 }, key)).status).toBe(422)
  })

  it('may be made by portal users until the MSP switches that off, and by portal admins in any case', async () => {
    const { dana, tom, ask, portal } = await newScene()
    expect((await ask(tom)).status).toBe(202)
    await newOwnPolicy(portal, { askers: { licence_change: 'portal_admins' } })
    expect((await ask(tom)).status).toBe(403)
    await newOwnPolicy(portal, { reads: { see_licences: false } })
    expect((await ask(tom)).status).toBe(403)
    expect((await ask(dana)).status).toBe(202)
    await newOwnPolicy(portal, { modes: { licence_change: 'off' } })
    expect((await ask(dana)).status).toBe(403)
  })

  it('is one of at most twenty of a person that wait for an answer', async () => {
    const { dana, tom, ask, scope } = await newScene()
    for (let sent = 0; sent < 20; sent += 1) expect((await ask(dana)).status).toBe(202)
    expect((await ask(dana)).status).toBe(409)
    expect((await ask(tom)).status).toBe(202)
    await scope.commit(
      { action: 'stage.request', subject: { kind: 'request', id: '', name: '' } },
      scope.changeAll(serviceRequests, undefined, { state: 'done' }),
    )
    expect((await ask(dana)).status).toBe(202)
  })

  it('is seen by who made it and by portal admins, the newest first, page after page', async () => {
    const { dana, tom, ask, list } = await newScene()
    await ask(tom, { moreSeats: 1 })
    await ask(dana, { moreSeats: 2 })
    await ask(tom, { moreSeats: 3 })
    expect((await list(tom)).items.map(({ moreSeats }) => moreSeats)).toEqual([3, 1])
    const first = await list(dana, '?limit=2')
    expect(first.items.map(({ moreSeats }) => moreSeats)).toEqual([3, 2])
    const rest = await list(dana, `?limit=2&cursor=${first.nextCursor ?? ''}`)
    expect([rest.items.map(({ moreSeats }) => moreSeats), rest.nextCursor]).toEqual([[1], null])
  })

  it('is seen by staff of its customer, also when who made it has been deleted since', async () => {
    const { msp, owner, portal, tom, ask } = await newScene()
    await ask(tom)
    const listed = async () => {
      const path = `/api/msp-portal/customers/${portal.customerId}/requests`
      return (await bodyOf<List>(await call(ADMIN, 'GET', path, { as: owner }))).items
    }
    expect(await listed()).toMatchObject([{ requestedBy: { name: tom.name } }])
    const contactPath = `/api/msp-portal/customers/${portal.customerId}/contacts/${tom.id}`
    expect((await call(ADMIN, 'DELETE', contactPath, { as: owner })).status).toBe(204)
    const [item] = await listed()
    expect(item?.requestedBy.name).not.toBe(tom.name)
    const other = await newCustomer(msp)
    const elsewhere = `/api/msp-portal/customers/${other.customerId}/requests`
    expect((await bodyOf<List>(await call(ADMIN, 'GET', elsewhere, { as: owner }))).items).toEqual([])
  })
})

describe('The mail about a request', () => {
  const scene = async () => {
    const staged = await newScene()
    const { id } = await bodyOf<Wire>(await staged.ask(staged.dana))
    const [job] = await staged.msp.scope.list(jobs, { where: eq(jobs.kind, 'request.tell') })
    const house = (helpEmail: string | null) =>
      staged.msp.scope.commit(
        { action: 'stage.house', subject: { kind: 'organisation', id: staged.msp.mspId, name: '' } },
        staged.msp.scope.changeAll(msps, undefined, { helpEmail }),
      )
    return { ...staged, id, job, house, mails: () => requestMails(environment, staged.msp.scope, id, job?.id ?? '') }
  }

  it('goes to the help address, answers go to who asked, and it says what is asked for and why', async () => {
    const { dana, portal, house, mails, job } = await scene()
    await house('help@northwind.example')
    const [mail, ...others] = await mails()
    expect(others).toEqual([])
    expect(job).toMatchObject({ state: 'waiting', customerId: portal.customerId })
    expect(mail).toMatchObject({
      to: { address: 'help@northwind.example' },
      replyTo: dana.email,
      subject: 'Fabrikam Dental asks for 5 more seats of Microsoft 365 Business Premium',
    })
    for (const words of [
      dana.name,
      'Five people start in May.',
      '12 were bought',
      `/customers/${portal.customerId}/licences`,
    ])
      expect(mail?.text).toContain(words)
    expect(await mails()).toEqual([mail])
  })

  it('goes to the owners where there is no help address', async () => {
    const { house, mails, msp } = await scene()
    await house(null)
    const other = await newStaff(msp, 'owner')
    await newStaff(msp, 'admin')
    const sent = await mails()
    expect(sent).toHaveLength(2)
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(2)
    expect(sent.map(({ to }) => to.address)).toContain((await msp.scope.find(staff, other.id, 'person')).email)
  })

  it('is none once the request went with its customer, and names nobody who was deleted', async () => {
    const { house, mails, scope, dana, id } = await scene()
    await house('help@northwind.example')
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: dana.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, dana.id), { name: 'Somebody who was removed', email: null }),
    )
    expect((await mails())[0]).not.toHaveProperty('replyTo')
    await scope.commit(
      { action: 'stage.request', subject: { kind: 'request', id, name: '' } },
      scope.removeWhere(serviceRequests, eq(serviceRequests.id, id)),
    )
    expect(await mails()).toEqual([])
  })
})
