import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { contacts, seatCounts } from '../../../db/shard/schema.ts'
import { moveClock } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { eventTypes, requestScene } from '../../test/requests.ts'
import { ADMIN, bodyOf, call } from '../../test/stage.ts'
import { attendTo } from './waiting.ts'

const queue = holdQueue()
afterEach(() => {
  moveClock(undefined)
  queue.take()
})

const DAY_MS = 86_400_000

type Entry = {
  actor: { name: string }
  action: string
  subject: { id: string; name: string }
  changes: { of: string; field: string; before: unknown; after: unknown }[]
}

const storyScene = async () => {
  const scene = await requestScene()
  const { technician, portal } = scene
  /** Who did what, the earliest first, as the activity page reads it, of requests and of tickets. */
  const told = async (kind: 'requests' | 'tickets' = 'requests') => {
    const path = `/api/msp-portal/customers/${portal.customerId}/activity?kind=${kind}`
    const { items } = await bodyOf<{ items: Entry[] }>(await call(ADMIN, 'GET', path, { as: technician }))
    return items.toReversed()
  }
  const lines = async (kind?: 'requests' | 'tickets') =>
    (await told(kind)).map(({ actor, action, changes }) => {
      const state = changes.find(({ field }) => field === 'state')
      return [
        actor.name,
        action,
        ...(state === undefined ? [] : [`${String(state.before)} → ${String(state.after)}`]),
      ].join(' · ')
    })
  const onTicket = (id: string, deed: string, method = 'PUT', body?: object) =>
    call(ADMIN, method, `/api/msp-portal/tickets/${id}/${deed}`, {
      as: technician,
      ...(body === undefined ? {} : { body }),
    })
  return { ...scene, told, lines, onTicket }
}

describe('The activity of a request', () => {
  it('tells its whole story in order: asked, approved twice, begun, done by its ticket, opened again, and done', async () => {
    const { tom, dana, technician, portal, own, asked, inPortal, byStaff, staffRead, told, lines, onTicket } =
      await storyScene()
    await own({ customerApproves: true })
    const { id, subject } = await asked(tom)
    expect((await inPortal(dana, id, 'approval', { reason: 'We need them.' })).status).toBe(200)
    expect((await byStaff(technician, id, 'approval', { reason: 'In the budget.' })).status).toBe(200)
    const { checklist, ticket } = await staffRead(technician, id)
    const [step] = checklist
    expect((await byStaff(technician, id, `steps/${step?.id}/completion`)).status).toBe(200)
    expect((await byStaff(technician, id, `steps/${step?.id}/completion`, undefined, 'DELETE')).status).toBe(200)
    expect((await byStaff(technician, id, `steps/${step?.id}/completion`)).status).toBe(200)
    const ticketId = ticket?.id ?? ''
    expect((await onTicket(ticketId, 'resolution')).status).toBe(200)
    const theirs = `/api/portal/customers/${portal.customerId}/tickets/${ticketId}`
    expect((await call(portal.host, 'DELETE', `${theirs}/closure`, { as: tom })).status).toBe(200)
    const answer = { text: 'Now it is.', next: 'resolve' }
    expect((await onTicket(ticketId, 'answers', 'POST', answer)).status).toBe(201)
    const comment = { text: 'Not quite.' }
    expect((await call(portal.host, 'POST', `${theirs}/comments`, { as: tom, body: comment })).status).toBe(201)
    expect((await byStaff(technician, id, 'completion', { leaveOpen: true })).status).toBe(200)

    const marcus = technician.name
    expect(await lines()).toEqual([
      `${tom.name} · request.submitted · null → awaiting_customer`,
      `${dana.name} · request.approved · awaiting_customer → awaiting_msp`,
      `${marcus} · request.approved · awaiting_msp → approved`,
      `${marcus} · request.started · approved → in_progress`,
      `${marcus} · request.step_done`,
      `${marcus} · request.step_undone`,
      `${marcus} · request.step_done`,
      `${marcus} · request.completed · in_progress → done`,
      `${tom.name} · request.reopened · done → in_progress`,
      `${marcus} · request.completed · in_progress → done`,
      `${tom.name} · request.reopened · done → in_progress`,
      `${marcus} · request.completed · in_progress → done`,
    ])
    expect(new Set((await told()).map((entry) => JSON.stringify(entry.subject)))).toEqual(
      new Set([JSON.stringify({ kind: 'request', id, name: subject })]),
    )
    expect((await lines('tickets')).map((line) => line.split(' · ')[1])).toEqual([
      'ticket.raised',
      'ticket.started',
      'ticket.resolved',
      'ticket.reopened',
      'ticket.answered',
      'ticket.commented',
      'ticket.resolved',
    ])
    expect(eventTypes(await staffRead(technician, id))).toEqual([
      'submitted',
      'customer_approved',
      'approved',
      'ticket_raised',
      'started',
      'step_done',
      'step_undone',
      'step_done',
      'done',
      'reopened',
      'done',
      'reopened',
      'done',
    ])
  })

  it('tells that it was begun with where its ticket was, and done where that was said at once', async () => {
    const { tom, technician, mode, asked, byStaff, onTicket, lines } = await storyScene()
    await mode('direct')
    const [first, second] = [await asked(tom), await asked(tom)]
    expect((await onTicket(first.ticket?.id ?? '', 'progress')).status).toBe(200)
    expect((await byStaff(technician, second.id, 'completion', { leaveOpen: true })).status).toBe(200)
    expect((await lines()).slice(2)).toEqual([
      `${technician.name} · request.started · approved → in_progress`,
      `${technician.name} · request.completed · approved → done`,
    ])
  })

  it('tells what had changed when it is asked again, and why it is declined', async () => {
    const { tom, technician, tenantId, scope, asked, byStaff, lines, told } = await storyScene()
    const { id } = await asked(tom)
    const tenant = scope.forTenant(tenantId)
    await tenant.record(tenant.removeWhere(seatCounts, undefined))
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(409)
    expect((await byStaff(technician, id, 'refusal', { reason: 'It is not sold any more.' })).status).toBe(200)
    expect(await lines()).toEqual([
      `${tom.name} · request.submitted · null → awaiting_msp`,
      `${technician.name} · request.asked_again`,
      `${technician.name} · request.declined · awaiting_msp → declined`,
    ])
    const [, again, declined] = await told()
    expect(again?.changes).toMatchObject([{ field: 'facts', after: expect.stringContaining('Gone') }])
    expect(declined?.changes).toContainEqual(
      expect.objectContaining({ field: 'decisionReason', after: 'It is not sold any more.' }),
    )
  })

  it('tells that the company’s approval was left out, of reminders, and that it expired', async () => {
    const { dana, pam, own, scope, asked, lines } = await storyScene()
    await own({ customerApproves: true })
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: pam.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, pam.id), { access: 'disabled' }),
    )
    const { id } = await asked(dana)
    const startedAt = Date.now()
    for (const days of [2, 5, 9, 14]) {
      moveClock(() => startedAt + days * DAY_MS + 60_000)
      await attendTo(scope, id)
    }
    moveClock(undefined)
    const passed = (await lines()).map((line) => line.split(' · ').slice(1).join(' · '))
    expect(passed).toEqual([
      'request.submitted · null → awaiting_msp',
      'request.customer_skipped',
      'request.reminded',
      'request.reminded',
      'request.reminded',
      'request.expired · awaiting_msp → expired',
    ])
  })

  it('tells that it was taken back, and of its ticket that it was closed', async () => {
    const { tom, technician, asked, byStaff, inPortal, lines } = await storyScene()
    const { id } = await asked(tom)
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
    expect((await inPortal(tom, id, 'withdrawal', { reason: 'Not needed.' })).status).toBe(200)
    expect((await lines()).slice(1)).toEqual([
      `${technician.name} · request.approved · awaiting_msp → approved`,
      `${tom.name} · request.withdrawn · approved → withdrawn`,
    ])
    expect(await lines('tickets')).toEqual([`${technician.name} · ticket.raised`, `${tom.name} · ticket.closed`])
  })
})
