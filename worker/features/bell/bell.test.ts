import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  contacts,
  staff,
  ticketEntries,
  sessions,
  ticketNews,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import type { TicketEvent } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedContact, StagedMsp, StagedPortal } from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import { newId } from '../../tenancy/ids.ts'
import { writtenTicket, sayIn } from '../../test/tickets.ts'

holdQueue()
beforeEach(() => void standingClock())
afterEach(() => moveClock(undefined))

type Item = {
  ticketId: string
  number: number
  subject: string
  customer: unknown
  unreadCount: number
  latestByName: string
}
type Person = { cookie: string }

const bellPath = ({ customerId }: StagedPortal, rest = '') => `/api/portal/customers/${customerId}/bell${rest}`
const bellOf = async (portal: StagedPortal, as: Person) =>
  bodyOf<{ unreadCount: number; more: boolean }>(await call(portal.host, 'GET', bellPath(portal), { as }))
const itemsOf = async (portal: StagedPortal, as: Person) =>
  (await bodyOf<{ items: Item[] }>(await call(portal.host, 'GET', bellPath(portal, '/items'), { as }))).items
const staffBell = async (as: Person) =>
  bodyOf<{ unreadCount: number; more: boolean }>(await call(ADMIN, 'GET', '/api/msp-portal/bell', { as }))
const staffItems = async (as: Person) =>
  (await bodyOf<{ items: Item[] }>(await call(ADMIN, 'GET', '/api/msp-portal/bell/items', { as }))).items

const wantsAll = async (msp: StagedMsp, id: string, kind: 'staff' | 'contact') => {
  const table = kind === 'staff' ? staff : contacts
  const row = await msp.scope.find(table, id, 'person')
  await msp.scope.commit(
    { action: 'stage.mails', subject: { kind, id, name: row.name } },
    msp.scope.change(table, row, { ticketMails: 'all' }),
  )
}

/** A company with people of all kinds, and the MSP's. */
const newDesk = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp))
  const requester = await newContact(portal)
  const watcher = await newContact(portal)
  const stranger = await newContact(portal)
  const admin = await newContact(portal, ['portal_admin'])
  const keenAdmin = await newContact(portal, ['portal_admin'])
  await wantsAll(msp, keenAdmin.id, 'contact')
  const assignee = await newStaff(msp)
  const keenStaff = await newStaff(msp)
  await wantsAll(msp, keenStaff.id, 'staff')
  const otherStaff = await newStaff(msp)
  const counts = async () => ({
    requester: (await bellOf(portal, requester)).unreadCount,
    watcher: (await bellOf(portal, watcher)).unreadCount,
    stranger: (await bellOf(portal, stranger)).unreadCount,
    admin: (await bellOf(portal, admin)).unreadCount,
    keenAdmin: (await bellOf(portal, keenAdmin)).unreadCount,
    assignee: (await staffBell(assignee)).unreadCount,
    keenStaff: (await staffBell(keenStaff)).unreadCount,
    otherStaff: (await staffBell(otherStaff)).unreadCount,
  })
  return { msp, portal, requester, watcher, stranger, admin, keenAdmin, assignee, keenStaff, otherStaff, counts }
}

const asAuthor = (person: StagedContact) => ({ kind: 'contact' as const, id: person.id, name: person.name })
const asStaff = (person: { id: string; name: string }) => ({ kind: 'staff' as const, id: person.id, name: person.name })

describe('What is written into a ticket', () => {
  it('is news to its people, its assignee and who wants all of it, and never to whoever wrote it', async () => {
    const { portal, requester, watcher, assignee, counts } = await newDesk()
    await writtenTicket(portal, { requester, watchers: [watcher], assignee, author: asAuthor(requester) })
    expect(await counts()).toEqual({
      requester: 0,
      watcher: 1,
      stranger: 0,
      admin: 0,
      keenAdmin: 1,
      assignee: 1,
      keenStaff: 1,
      otherStaff: 0,
    })
  })

  it('of a new ticket that nobody looks after is told to staff who want all of it', async () => {
    const { portal, requester, counts } = await newDesk()
    await writtenTicket(portal, { requester, author: asAuthor(requester) })
    expect(await counts()).toMatchObject({ requester: 0, keenStaff: 1, otherStaff: 0, assignee: 0 })
  })

  it('as a note is news to staff alone', async () => {
    const desk = await newDesk()
    const { portal, requester, watcher, assignee, counts } = desk
    const ticket = await writtenTicket(portal, {
      requester,
      watchers: [watcher],
      assignee,
      author: asStaff(desk.otherStaff),
    })
    for (const one of [requester, watcher, desk.keenAdmin])
      await call(portal.host, 'PUT', bellPath(portal, '/reading'), { as: one, body: { ticketId: ticket.id } })
    await sayIn(portal, ticket.id, { kind: 'note', author: asStaff(desk.otherStaff) })
    expect(await counts()).toEqual({
      requester: 0,
      watcher: 0,
      stranger: 0,
      admin: 0,
      keenAdmin: 0,
      assignee: 1,
      keenStaff: 1,
      otherStaff: 0,
    })
    expect((await staffItems(assignee))[0]).toMatchObject({ unreadCount: 2, latestByName: desk.otherStaff.name })
    expect(JSON.stringify(await itemsOf(portal, desk.keenAdmin))).not.toContain('note')
  })

  it('is one item of a bell for each ticket, with how much is new in it and by whom the latest is', async () => {
    const { portal, requester, assignee } = await newDesk()
    const ticket = await writtenTicket(portal, {
      requester,
      assignee,
      author: asAuthor(requester),
      subject: 'The printer',
    })
    await sayIn(portal, ticket.id, { author: asStaff(assignee) })
    await sayIn(portal, ticket.id, { author: asStaff(assignee) })
    const other = await writtenTicket(portal, { requester, author: asStaff(assignee), subject: 'Wi-Fi' })
    expect((await bellOf(portal, requester)).unreadCount).toBe(2)
    expect(await itemsOf(portal, requester)).toMatchObject([
      { ticketId: other.id, number: ticket.number + 1, subject: 'Wi-Fi', customer: null, unreadCount: 1 },
      {
        ticketId: ticket.id,
        number: ticket.number,
        subject: 'The printer',
        unreadCount: 2,
        latestByName: assignee.name,
      },
    ])
    expect(await staffItems(assignee)).toMatchObject([
      { ticketId: ticket.id, customer: { id: portal.customerId, name: portal.name } },
    ])
  })

  it.each<[string, TicketEvent, 'staff' | 'system', { requester: number; assignee: number }]>([
    [
      'where it stands, to everybody',
      { type: 'state', from: 'in_progress', to: 'resolved' },
      'staff',
      { requester: 1, assignee: 1 },
    ],
    [
      'what time does, to nobody',
      { type: 'state', from: 'resolved', to: 'closed' },
      'system',
      { requester: 0, assignee: 0 },
    ],
    [
      'who looks after it, to staff',
      { type: 'assignee', from: null, to: 'Ann' },
      'staff',
      { requester: 0, assignee: 1 },
    ],
    ['a priority, to nobody', { type: 'priority', from: 'low', to: 'high' }, 'staff', { requester: 0, assignee: 0 }],
  ])('tells of what happened: %s', async (_, event, kind, told) => {
    const { msp, portal, requester, assignee, otherStaff, counts } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: asStaff(otherStaff) })
    await msp.scope.record(msp.scope.changeAll(ticketNews, undefined, { unreadCount: 0 }))
    const customer = msp.scope.forCustomer(portal.customerId)
    await customer.record(
      customer.add(ticketEntries, {
        id: newId(now()),
        ticketId: ticket.id,
        kind: 'event',
        isInternal: false,
        authorKind: kind,
        author: kind === 'staff' ? otherStaff.id : null,
        authorName: 'Somebody',
        body: '',
        quoted: null,
        event,
        source: 'admin',
        createdAt: now(),
      }),
    )
    expect(await counts()).toMatchObject(told)
  })
})

describe('A bell', () => {
  it('is quiet once a ticket was read, and rings for what comes afterwards', async () => {
    const { portal, requester, assignee } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, author: asStaff(assignee) })
    const other = await writtenTicket(portal, { requester, author: asStaff(assignee) })
    const read = (ticketId: string | null) =>
      call(portal.host, 'PUT', bellPath(portal, '/reading'), { as: requester, body: { ticketId } })
    expect((await read(ticket.id)).status).toBe(204)
    expect((await bellOf(portal, requester)).unreadCount).toBe(1)
    expect((await itemsOf(portal, requester)).map(({ ticketId, unreadCount }) => [ticketId, unreadCount])).toEqual([
      [other.id, 1],
      [ticket.id, 0],
    ])
    await sayIn(portal, ticket.id, { author: asStaff(assignee) })
    expect((await bellOf(portal, requester)).unreadCount).toBe(2)
    expect((await read(null)).status).toBe(204)
    expect(await bellOf(portal, requester)).toEqual({ unreadCount: 0, more: false })
  })

  it('keeps nobody signed in by being asked: an idle session ends at the end of its quiet', async () => {
    const { msp, portal, requester, assignee } = await newDesk()
    const seenAt = async (sessionId: string) => (await msp.scope.find(sessions, sessionId, 'session')).seenAt
    const before = [await seenAt(requester.sessionId), await seenAt(assignee.sessionId)]
    const later = now() + 20 * 60_000
    moveClock(() => later)
    await bellOf(portal, requester)
    await staffBell(assignee)
    expect([await seenAt(requester.sessionId), await seenAt(assignee.sessionId)]).toEqual(before)
    await itemsOf(portal, requester)
    await staffItems(assignee)
    await expect
      .poll(async () => [await seenAt(requester.sessionId), await seenAt(assignee.sessionId)])
      .toEqual([later, later])
  })

  it('is everybody’s own: nobody reads in another’s place', async () => {
    const { portal, requester, watcher, assignee } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, watchers: [watcher], author: asStaff(assignee) })
    await call(portal.host, 'PUT', bellPath(portal, '/reading'), { as: watcher, body: { ticketId: ticket.id } })
    expect((await bellOf(portal, requester)).unreadCount).toBe(1)
    expect((await bellOf(portal, watcher)).unreadCount).toBe(0)
  })

  it('forgets what its reader does not see any more', async () => {
    const { msp, portal, requester, watcher, keenAdmin, assignee } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, watchers: [watcher], author: asStaff(assignee) })
    const customer = msp.scope.forCustomer(portal.customerId)
    await customer.record(customer.removeWhere(ticketPeople, eq(ticketPeople.id, watcher.id)))
    const row = await msp.scope.find(contacts, keenAdmin.id, 'person')
    await msp.scope.commit(
      { action: 'stage.roles', subject: { kind: 'contact', id: row.id, name: row.name } },
      msp.scope.change(contacts, row, { isPortalAdmin: false, isPortalUser: true }),
    )
    for (const one of [watcher, keenAdmin]) {
      expect((await bellOf(portal, one)).unreadCount).toBe(0)
      expect(await itemsOf(portal, one)).toEqual([])
    }
    expect((await itemsOf(portal, requester)).map(({ ticketId }) => ticketId)).toEqual([ticket.id])
  })

  it('counts to 99 and says when there is more, and costs the same however much there is', async () => {
    const { msp, portal, requester, assignee } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, author: asStaff(assignee) })
    const customer = msp.scope.forCustomer(portal.customerId)
    const [row] = await msp.scope.list(tickets, { where: eq(tickets.id, ticket.id) })
    const grow = async (from: number, to: number) => {
      for (let at = from; at < to; at += 1) {
        const id = newId(now() + at)
        const { mspId: _, customerId: __, ...more } = row ?? ({} as never)
        await customer.commit(
          { action: 'stage.ticket', subject: { kind: 'ticket', id, name: 'x' } },
          customer.add(tickets, { ...more, id, number: 0, replyHash: id }),
          customer.add(ticketNews, {
            id: requester.id,
            ticketId: id,
            unreadCount: 1,
            latestEntry: id,
            latestByName: 'Ann',
            at: now() + at,
          }),
        )
      }
    }
    await grow(1, 99)
    expect(await bellOf(portal, requester)).toEqual({ unreadCount: 99, more: false })
    await grow(99, 105)
    expect(await bellOf(portal, requester)).toEqual({ unreadCount: 99, more: true })
    const cost = (path: string) => rowsReadBy(msp.shard, () => call(portal.host, 'GET', path, { as: requester }))
    const before = [await cost(bellPath(portal)), await cost(bellPath(portal, '/items'))]
    await grow(105, 160)
    expect([await cost(bellPath(portal)), await cost(bellPath(portal, '/items'))]).toEqual(before)
  })

  it('forgets news of more than a quarter of a year ago when others come', async () => {
    const { msp, portal, requester, assignee } = await newDesk()
    await writtenTicket(portal, { requester, author: asStaff(assignee) })
    const later = now() + 91 * 86_400_000
    moveClock(() => later)
    const ticket = await writtenTicket(portal, { requester, author: asStaff(assignee) })
    const rows = await msp.scope.list(ticketNews, { where: eq(ticketNews.id, requester.id) })
    expect(rows.map(({ ticketId }) => ticketId)).toEqual([ticket.id])
  })
})

describe('Of which tickets somebody is mailed', () => {
  const own = '/api/auth/ticket-mails'

  it('is their own to say, and a portal user, who sees their own alone, cannot choose all', async () => {
    const { portal, requester, admin, assignee } = await newDesk()
    expect(await bodyOf(await call(portal.host, 'GET', own, { as: requester }))).toEqual({
      mails: 'mine',
      choices: ['mine', 'none'],
    })
    expect((await call(portal.host, 'PUT', own, { as: requester, body: { mails: 'all' } })).status).toBe(422)
    expect(await bodyOf(await call(portal.host, 'PUT', own, { as: requester, body: { mails: 'none' } }))).toMatchObject(
      {
        mails: 'none',
      },
    )
    expect(await bodyOf(await call(portal.host, 'PUT', own, { as: admin, body: { mails: 'all' } }))).toEqual({
      mails: 'all',
      choices: ['all', 'mine', 'none'],
    })
    expect(await bodyOf(await call(ADMIN, 'PUT', own, { as: assignee, body: { mails: 'all' } }))).toMatchObject({
      mails: 'all',
    })
    expect(await bodyOf(await call(ADMIN, 'GET', own, { as: assignee }))).toMatchObject({ mails: 'all' })
    expect((await call(ADMIN, 'PUT', own, { as: assignee, body: { mails: 'some' } })).status).toBe(422)
  })
})
