import { and, eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import {
  activities,
  contacts,
  customers,
  jobs,
  licenceTerms,
  requestEvents,
  seatCounts,
  serviceRequests,
  staff,
  tickets,
} from '../../../db/shard/schema.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { eventTypes, requestScene, toldIn } from '../../test/requests.ts'
import type { StaffWhole, Whole } from '../../test/requests.ts'
import { bodyOf, environment, newStaff } from '../../test/stage.ts'
import { requestMails } from './tell.job.ts'

const queue = holdQueue()
afterEach(() => void queue.take())

describe('An approval of the MSP', () => {
  it('makes a ticket with a checklist of what was asked for, and says who approved it and why', async () => {
    const { tom, technician, asked, byStaff, read, scope } = await requestScene()
    const { id } = await asked(tom)
    const answer = await byStaff(technician, id, 'approval', { reason: 'In the budget.' })
    expect(answer.status, await answer.clone().text()).toBe(200)
    const [ticket] = await scope.list(tickets)
    const told = await bodyOf<StaffWhole>(answer)
    expect(told).toMatchObject({
      state: 'approved',
      decidedBy: { name: technician.name, reason: 'In the budget.' },
      ticket: { id: ticket?.id, number: ticket?.number },
      may: { approve: false, decline: false },
    })
    expect(told.checklist.length).toBeGreaterThan(0)
    expect(ticket).toMatchObject({ requester: tom.id, requesterName: tom.name })
    const theirs = await read(tom, id)
    expect(theirs.ticket).toEqual(told.ticket)
    expect(eventTypes(theirs)).toEqual(['submitted', 'approved', 'ticket_raised'])
    const entries = await scope.list(activities, { where: eq(activities.subjectId, id), orderBy: [activities.id] })
    expect(entries.map(({ action }) => action)).toEqual(['request.submitted', 'request.approved'])
  })

  it('is told to whoever asked by one mail, which tells of the ticket; what needed none by the ticket’s own', async () => {
    const { tom, technician, asked, byStaff, scope, mode, msp, portal } = await requestScene()
    const told = async () =>
      (await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell'), orderBy: [jobs.id] })).map(
        ({ payload }) => (payload as { isRequesterTold: boolean }).isRequesterTold,
      )
    const { id } = await asked(tom)
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
    expect(await told()).toEqual([true])
    const [ticket] = await scope.list(tickets)
    const [{ message } = {}] = await requestMails(
      environment,
      msp.scope,
      { requestId: id, what: 'outcome', version: 2 },
      'job',
    )
    expect(message?.text).toContain(`ticket #${ticket?.number}`)
    expect(message?.text).toContain(`https://${portal.host}/tickets/${ticket?.id}`)
    await mode('direct')
    await asked(tom)
    expect(await told()).toEqual([true, false])
  })

  it('that is sent twenty times at once counts once, and each is told the same', async () => {
    const { tom, technician, asked, byStaff, scope } = await requestScene()
    const { id } = await asked(tom)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => byStaff(technician, id, 'approval', { reason: 'Yes.' })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await scope.list(tickets)).toHaveLength(1)
    const approved = and(eq(requestEvents.requestId, id), eq(requestEvents.type, 'approved'))
    expect(await scope.list(requestEvents, { where: approved })).toHaveLength(1)
    expect(await scope.list(activities, { where: eq(activities.action, 'request.approved') })).toHaveLength(1)
  })

  it('counts once when two do it at once, and the other is told who was quicker', async () => {
    const { tom, owner, technician, asked, byStaff, scope } = await requestScene()
    const { id } = await asked(tom)
    const answers = await Promise.all([byStaff(owner, id, 'approval', {}), byStaff(technician, id, 'approval', {})])
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]))
    const quicker = answers[0]?.status === 200 ? owner : technician
    const later = answers.find(({ status }) => status === 409)
    expect(later && (await toldIn(later)).detail).toContain(quicker.name)
    expect(await scope.list(tickets)).toHaveLength(1)
  })

  it('and a refusal at once are one of the two', async () => {
    const { tom, owner, technician, asked, byStaff, staffRead, scope } = await requestScene()
    const { id } = await asked(tom)
    const [approval, refusal] = await Promise.all([
      byStaff(owner, id, 'approval', {}),
      byStaff(technician, id, 'refusal', { reason: 'No.' }),
    ])
    expect([approval.status, refusal.status]).toEqual(expect.arrayContaining([200, 409]))
    const { state } = await staffRead(owner, id)
    expect(state).toBe(approval.status === 200 ? 'approved' : 'declined')
    expect(await scope.list(tickets)).toHaveLength(approval.status === 200 ? 1 : 0)
  })

  it('of a request that was withdrawn a second before is refused, and makes no ticket', async () => {
    const { tom, technician, asked, byStaff, inPortal, scope } = await requestScene()
    const { id } = await asked(tom)
    expect((await inPortal(tom, id, 'withdrawal', { reason: 'Not needed.' })).status).toBe(200)
    const answer = await byStaff(technician, id, 'approval', {})
    expect(answer.status).toBe(409)
    expect((await toldIn(answer)).detail).toContain(tom.name)
    expect(await scope.list(tickets)).toEqual([])
  })

  it('is for those alone whom the policy lets', async () => {
    const { tom, msp, owner, technician, viewer, asked, byStaff, defaults } = await requestScene()
    const admin = await newStaff(msp, 'admin')
    const { id } = await asked(tom)
    expect((await byStaff(viewer, id, 'approval', {})).status).toBe(403)
    await defaults({ approverRole: 'admin' })
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(403)
    await defaults({ approverRole: 'technician', approverIds: [technician.id] })
    expect((await byStaff(admin, id, 'approval', {})).status).toBe(403)
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
  })

  it('by somebody who was disabled meanwhile is none', async () => {
    const { tom, technician, asked, byStaff, msp, scope } = await requestScene()
    const { id } = await asked(tom)
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: technician.id, name: '' } },
      msp.scope.changeAll(staff, eq(staff.id, technician.id), { disabled: true }),
    )
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(401)
    expect(await scope.list(tickets)).toEqual([])
  })

  it('is asked again, from the first one on and with the difference, when what it depends on has changed', async () => {
    const { tom, technician, asked, byStaff, scope, tenantId, staffRead } = await requestScene()
    const { id } = await asked(tom)
    const tenant = scope.forTenant(tenantId)
    await tenant.record(tenant.removeWhere(seatCounts, undefined))
    expect((await staffRead(technician, id)).differences).toHaveLength(1)
    const answer = await byStaff(technician, id, 'approval', {})
    expect(answer.status).toBe(409)
    expect((await toldIn(answer)).code).toBe('facts_changed')
    const again = await staffRead(technician, id)
    expect([again.state, again.differences]).toEqual(['awaiting_msp', []])
    expect(again.events.at(-1)).toMatchObject({ type: 'asked_again', differences: [{ is: 'Gone' }] })
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
  })

  it('that is sent twenty times at once when what it depends on has changed is refused each time', async () => {
    const { tom, technician, asked, byStaff, scope, tenantId, staffRead } = await requestScene()
    const { id } = await asked(tom)
    const tenant = scope.forTenant(tenantId)
    await tenant.record(tenant.removeWhere(seatCounts, undefined))
    const answers = await Promise.all(Array.from({ length: 20 }, () => byStaff(technician, id, 'approval', {})))
    expect((await Promise.all(answers.map(toldIn))).map(({ code }) => code)).toEqual(
      Array.from({ length: 20 }, () => 'facts_changed'),
    )
    expect(eventTypes(await staffRead(technician, id))).toEqual(['submitted', 'asked_again'])
  })

  it('stands although its author wrote script in it, which is told as it is', async () => {
    const { tom, technician, asked, byStaff, read } = await requestScene()
    const script = '<script>alert(1)</script>'
    const { id } = await asked(tom, { reason: script })
    expect((await byStaff(technician, id, 'approval', { reason: script })).status).toBe(200)
    expect(await read(tom, id)).toMatchObject({ reason: script, decidedBy: { reason: script } })
  })

  it('that expects an earlier version is refused, as a refusal and a withdrawal are', async () => {
    const { tom, technician, asked, byStaff, inPortal, staffRead } = await requestScene()
    const { id, version } = await asked(tom)
    const early = { 'if-match': `"v${version - 1}"` }
    for (const deed of ['approval', 'refusal'])
      expect((await byStaff(technician, id, deed, { reason: 'So be it.' }, 'PUT', early)).status).toBe(412)
    expect((await inPortal(tom, id, 'withdrawal', {}, early)).status).toBe(412)
    expect((await staffRead(technician, id)).state).toBe('awaiting_msp')
    const known = { 'if-match': `"v${version}"` }
    expect((await byStaff(technician, id, 'approval', {}, 'PUT', known)).status).toBe(200)
  })

  it('of what needed none is refused, and nobody is said to have given one', async () => {
    const { tom, technician, asked, byStaff, mode } = await requestScene()
    await mode('direct')
    const { id } = await asked(tom)
    const answer = await byStaff(technician, id, 'approval', {})
    expect([answer.status, (await toldIn(answer)).detail]).toEqual([409, expect.stringContaining('needed no approval')])
  })

  it('is not offered for an archived customer', async () => {
    const { tom, technician, asked, staffRead, msp, portal } = await requestScene()
    const { id } = await asked(tom)
    await msp.scope.commit(
      { action: 'stage.customer', subject: { kind: 'customer', id: portal.customerId, name: '' } },
      msp.scope.changeAll(customers, eq(customers.id, portal.customerId), { state: 'archived' }),
    )
    expect((await staffRead(technician, id)).may).toEqual({ approve: false, decline: false, withdraw: false })
  })
})

describe('An approval of the customer', () => {
  it('comes first where it is wanted, and the MSP is asked after it', async () => {
    const { tom, dana, pam, technician, asked, inPortal, byStaff, read, own } = await requestScene()
    await own({ customerApproves: true })
    const { id } = await asked(tom)
    const before = await read(tom, id)
    expect(before).toMatchObject({ state: 'awaiting_customer', awaiting: { who: 'customer' } })
    expect(before.awaiting?.names.toSorted()).toEqual([dana.name, pam.name].toSorted())
    const early = await byStaff(technician, id, 'approval', {})
    expect([early.status, (await toldIn(early)).code]).toEqual([409, 'conflict'])
    const answer = await inPortal(dana, id, 'approval', { reason: 'We need them.' })
    expect(await bodyOf<Whole>(answer)).toMatchObject({
      state: 'awaiting_msp',
      customerApproval: { name: dana.name },
      decidedBy: null,
    })
    expect((await inPortal(dana, id, 'approval')).status).toBe(200)
    const second = await inPortal(pam, id, 'approval')
    expect([second.status, (await toldIn(second)).detail]).toEqual([409, expect.stringContaining(dana.name)])
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
    expect(eventTypes(await read(tom, id))).toEqual(['submitted', 'customer_approved', 'approved', 'ticket_raised'])
  })

  it('is never given by who asked, and by no portal user', async () => {
    const { tom, dana, asked, inPortal, own, read } = await requestScene()
    await own({ customerApproves: true })
    const { id } = await asked(dana)
    for (const deed of ['approval', 'refusal']) {
      const answer = await inPortal(dana, id, deed, { reason: 'I want it.' })
      expect(answer.status).toBe(403)
      expect((await inPortal(tom, id, deed, { reason: 'Me too.' })).status).toBe(403)
    }
    expect((await read(dana, id)).state).toBe('awaiting_customer')
  })

  it('that expects an earlier version is refused, as a refusal is', async () => {
    const { tom, dana, asked, inPortal, own, read } = await requestScene()
    await own({ customerApproves: true })
    const { id, version } = await asked(tom)
    const early = { 'if-match': `"v${version - 1}"` }
    for (const deed of ['approval', 'refusal'])
      expect((await inPortal(dana, id, deed, { reason: 'So be it.' }, early)).status).toBe(412)
    expect((await read(tom, id)).state).toBe('awaiting_customer')
  })

  it('is left out where who asked is the only one who could give it, and the trail says so', async () => {
    const { dana, pam, asked, read, own, scope } = await requestScene()
    await own({ customerApproves: true })
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: pam.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, pam.id), { access: 'disabled' }),
    )
    const { id } = await asked(dana)
    const whole = await read(dana, id)
    expect([whole.state, eventTypes(whole)]).toEqual(['awaiting_msp', ['submitted', 'customer_skipped']])
  })

  it('is not taken from who was disabled meanwhile', async () => {
    const { tom, dana, asked, inPortal, own, scope, read } = await requestScene()
    await own({ customerApproves: true })
    const { id } = await asked(tom)
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: dana.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, dana.id), { access: 'disabled' }),
    )
    expect((await inPortal(dana, id, 'approval')).status).toBe(401)
    const { state, awaiting } = await read(tom, id)
    expect([state, awaiting?.names]).toEqual(['awaiting_customer', expect.not.arrayContaining([dana.name])])
  })

  it('is declined with a reason, and nothing comes of it', async () => {
    const { tom, dana, asked, inPortal, own, read, scope } = await requestScene()
    await own({ customerApproves: true })
    const { id } = await asked(tom)
    expect((await inPortal(dana, id, 'refusal', { reason: ' ' })).status).toBe(422)
    expect((await inPortal(dana, id, 'refusal', { reason: 'Two are free.' })).status).toBe(200)
    expect((await inPortal(dana, id, 'refusal', { reason: 'Two are free.' })).status).toBe(200)
    expect(await read(tom, id)).toMatchObject({
      state: 'declined',
      decidedBy: { name: dana.name, reason: 'Two are free.' },
      may: { withdraw: false },
    })
    expect(await scope.list(tickets)).toEqual([])
  })

  it('is asked for again when what it depends on changed after it was given', async () => {
    const { tom, dana, technician, asked, inPortal, byStaff, own, read, scope, tenantId } = await requestScene()
    await own({ customerApproves: true })
    const { id } = await asked(tom)
    expect((await inPortal(dana, id, 'approval')).status).toBe(200)
    const tenant = scope.forTenant(tenantId)
    await tenant.record(tenant.removeWhere(seatCounts, undefined))
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(409)
    expect(await read(tom, id)).toMatchObject({ state: 'awaiting_customer', customerApproval: null })
  })
})

describe('That a price had changed', () => {
  it('is told only as long as the customer is shown what licences cost', async () => {
    const { dana, technician, portal, skuId, scope, asked, byStaff, read, staffRead } = await requestScene()
    const id = portal.customerId
    const terms = (costsShown: boolean, amountMinor: number) =>
      scope.commit(
        { action: 'stage.terms', subject: { kind: 'customer', id, name: '' } },
        scope.removeWhere(licenceTerms, undefined),
        scope.add(licenceTerms, {
          id,
          costsShown,
          prices: { [skuId]: { amountMinor, per: 'month', currency: 'GBP' } },
        }),
      )
    await terms(true, 3120)
    const request = await asked(dana)
    await terms(true, 4500)
    expect((await byStaff(technician, request.id, 'approval', {})).status).toBe(409)
    const differencesFor = ({ events }: Pick<Whole, 'events'>) =>
      events.find(({ type }) => type === 'asked_again')?.differences
    const moved = [{ about: expect.stringContaining('A seat of'), was: '£31.20 a month', is: '£45.00 a month' }]
    expect(differencesFor(await read(dana, request.id))).toEqual(moved)
    await terms(false, 4500)
    expect(differencesFor(await read(dana, request.id))).toEqual([])
    expect(differencesFor(await staffRead(technician, request.id))).toEqual(moved)
  })
})

describe('Taking a request back', () => {
  it('closes the ticket that it has become, as long as nobody works on it', async () => {
    const { tom, dana, technician, asked, byStaff, inPortal, scope, read } = await requestScene()
    const { id } = await asked(tom)
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
    expect((await inPortal(dana, id, 'withdrawal')).status).toBe(403)
    expect((await inPortal(tom, id, 'withdrawal')).status).toBe(200)
    expect((await inPortal(tom, id, 'withdrawal')).status).toBe(200)
    expect((await scope.list(tickets)).map(({ state }) => state)).toEqual(['closed'])
    expect(eventTypes(await read(tom, id))).toEqual(['submitted', 'approved', 'ticket_raised', 'withdrawn'])
    expect(await scope.list(serviceRequests)).toMatchObject([{ state: 'withdrawn' }])
  })
})
