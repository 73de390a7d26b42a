import type { z } from '@hono/zod-openapi'
import { eq, isNull } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import {
  activities,
  contacts,
  jobs,
  ticketEntries,
  ticketFiles,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
  newTicket,
  newTicketFile,
} from '../../test/stage.ts'
import type { StagedContact, StagedMsp, StagedPortal } from '../../test/stage.ts'
import type { TicketEntry, TicketEntryList, TicketFile } from './conversation.schema.ts'
import { doing, saying } from './conversation.ts'
import type { PortalTicket, PortalTicketList, TicketOptions } from './portal-tickets.schema.ts'
import { usualSettings } from './settings.ts'
import type { Act } from './standing.ts'
import { plantTickets, writtenTicket } from '../../test/tickets.ts'

type Ticket = z.infer<typeof PortalTicket>
type List = z.infer<typeof PortalTicketList>
type Entries = z.infer<typeof TicketEntryList>
type Entry = z.infer<typeof TicketEntry>
type Problem = { code: string; detail: string; errors?: { pointer: string; detail: string }[] }

const queue = holdQueue()
afterEach(() => {
  queue.take()
  moveClock(undefined)
})

const DAY = 86_400_000
const request = { subject: 'The printer prints nothing', description: 'White pages.', category: 'network' }

/** Fabrikam with two portal admins and two portal users, and another customer of the same MSP. */
const newScene = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const dana = await newContact(portal, ['portal_admin'])
  const [tom, priya] = [await newContact(portal), await newContact(portal)]
  const elsewhere = await newContact(await newPortal(await newCustomer(msp, 'Contoso')), ['portal_admin'])
  return { msp, portal, dana, tom, priya, elsewhere, scope: msp.scope.forCustomer(portal.customerId) }
}

const path = ({ portal }: StagedContact, rest = '') => `/api/portal/customers/${portal.customerId}/tickets${rest}`

const ask = (as: StagedContact, method: string, rest = '', body?: unknown, headers: Record<string, string> = {}) =>
  call(as.portal.host, method, path(as, rest), { as, headers, ...(body === undefined ? {} : { body }) })

const read = async (as: StagedContact, id: string) => bodyOf<Ticket>(await ask(as, 'GET', `/${id}`))
const list = async (as: StagedContact, query = '') => bodyOf<List>(await ask(as, 'GET', query))
const entriesOf = async (as: StagedContact, id: string, query = '') =>
  bodyOf<Entries>(await ask(as, 'GET', `/${id}/entries${query}`))
const refusedFor = async (answer: Response) => {
  const { code, detail, errors = [] } = await bodyOf<Problem>(answer)
  return { status: answer.status, code, detail, pointers: errors.map(({ pointer }) => pointer) }
}

/** What staff do to a ticket, or say in it. */
const byStaff = async (
  { msp, portal }: { msp: StagedMsp; portal: StagedPortal },
  id: string,
  act: Act & { by: 'staff' | 'time' },
  said?: { kind: 'comment' | 'note'; body: string },
) => {
  const customer = msp.scope.forCustomer(portal.customerId)
  const row = await customer.find(tickets, id, 'ticket')
  const author = { kind: 'staff' as const, id: 'marcus', name: 'Marcus Bell' }
  const atHand = { row, settings: usualSettings, request: null }
  const note = { action: 'ticket.staged' as const, subject: { kind: 'ticket', id, name: row.subject } }
  if (said === undefined) {
    const { events, writes } = doing(customer, msp.mspId, atHand, [act], author, 'admin', now())
    const [first, ...rest] = [...writes, ...events]
    if (first !== undefined) await customer.commit(note, first, ...rest)
    return
  }
  const { writes } = saying(
    customer,
    msp.mspId,
    atHand,
    { ...said, author, fileIds: [], source: 'admin', acts: said.kind === 'note' ? [] : [act] },
    now(),
  )
  await customer.commit(note, ...writes)
}

const upload = (as: StagedContact, name: string, raw: BodyInit, more: { key?: string; length?: number } = {}) =>
  call(
    as.portal.host,
    'PUT',
    `/api/portal/customers/${as.portal.customerId}/ticket-files/uploads/${more.key ?? crypto.randomUUID()}?name=${encodeURIComponent(name)}`,
    {
      as,
      raw,
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(more.length ?? (typeof raw === 'string' ? new TextEncoder().encode(raw).length : 0)),
      },
    },
  )

describe('A new ticket', () => {
  it('gets the next number of its MSP, and says who wrote it and who can see it', async () => {
    const { tom, dana } = await newScene()
    const first = await ask(tom, 'POST', '', request)
    expect(first.status).toBe(201)
    const ticket = await bodyOf<Ticket>(first)
    expect(first.headers.get('location')).toBe(path(tom, `/${ticket.id}`))
    expect(ticket).toMatchObject({
      number: 1001,
      subject: 'The printer prints nothing',
      state: 'new',
      priority: { key: 'normal', name: 'I can work, but it is in the way' },
      category: { id: 'network', name: 'Internet, Wi-Fi and printing' },
      requester: { id: tom.id, name: tom.name },
      raisedBy: { kind: 'contact', name: tom.name },
      isMine: true,
      waitsOnYou: false,
      watchers: [],
      canComment: true,
      canClose: true,
      canReopen: false,
      canRate: false,
      canChangeWatchers: false,
    })
    expect(ticket.seenBy.people).toEqual([
      { id: tom.id, name: tom.name, because: 'requester', canSignIn: true },
      { id: dana.id, name: dana.name, because: 'portal_admin', canSignIn: true },
    ])
    expect(await read(tom, ticket.id)).toEqual(ticket)
    expect((await newTicket(dana)).number).toBe(1002)
    const { items } = await entriesOf(tom, ticket.id)
    expect(items).toMatchObject([
      { kind: 'comment', text: 'White pages.', author: { kind: 'contact', id: tom.id, name: tom.name }, files: [] },
    ])
  })

  it('is one ticket with one number, however often the form is sent at once under one key', async () => {
    const { tom, scope } = await newScene()
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(tom, 'POST', '', request, headers)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    const told = await Promise.all(answers.map((answer) => bodyOf<Ticket>(answer)))
    expect(new Set(told.map(({ id, number }) => `${id} ${number}`)).size).toBe(1)
    expect(told[0]?.number).toBe(1001)
    expect(await scope.list(tickets)).toHaveLength(1)
    expect(await scope.list(ticketEntries)).toHaveLength(1)
    expect(await scope.list(jobs), 'the job that mails of it').toHaveLength(1)
    expect(await scope.list(activities, { where: eq(activities.action, 'ticket.raised') })).toHaveLength(1)
    expect((await newTicket(tom)).number).toBe(1002)
  })

  it('gets a number of its own each time when many are written at once, and none is left out', async () => {
    const { tom, dana } = await newScene()
    const made = await Promise.all(Array.from({ length: 50 }, (_, at) => newTicket(at % 2 === 0 ? tom : dana)))
    const numbers = made.map(({ number }) => number).toSorted((one, other) => one - other)
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, at) => 1001 + at))
  })

  it('keeps what is typed as text, whatever it would be elsewhere', async () => {
    const { tom } = await newScene()
    const script = "<script>alert(1)</script><img src=x onerror=alert(2)> ${7*7} {{7*7}} ' or 1=1 --"
    const { id } = await newTicket(tom, { subject: script, description: `${script}\nשלום عالم` })
    expect((await read(tom, id)).subject).toBe(script)
    expect((await entriesOf(tom, id)).items[0]?.text).toBe(`${script}\nשלום عالم`)
    const comment = await ask(tom, 'POST', `/${id}/comments`, { text: script })
    expect([comment.status, comment.headers.get('content-type')]).toEqual([201, 'application/json'])
    expect((await bodyOf<Entry>(comment)).text).toBe(script)
  })

  it.each([
    ['without a subject', { subject: '  ' }, '/subject'],
    ['with a subject of a whole page', { subject: 'x'.repeat(201) }, '/subject'],
    ['with a subject of two lines', { subject: 'One\nTwo' }, '/subject'],
    ['with an override of the writing direction', { subject: 'report\u202egpj.exe' }, '/subject'],
    ['without a description', { description: '' }, '/description'],
    ['with a description of more than 20,000 characters', { description: 'x'.repeat(20_001) }, '/description'],
    ['in a category that is none', { category: 'gossip' }, '/category'],
    ['of a priority that is none', { priority: 'immediately' }, '/priority'],
    ['with eleven files', { files: Array.from({ length: 11 }, (_, at) => `file${at}`) }, '/files'],
    ['with a file that is not there', { files: ['nobodys'] }, '/files'],
    ['with a field that is not known', { assignee: 'marcus' }, '/assignee'],
  ])('%s is refused where it says so, and takes no number', async (_, more, pointer) => {
    const { tom } = await newScene()
    const refused = await refusedFor(await ask(tom, 'POST', '', { ...request, ...more }))
    expect(refused).toMatchObject({ status: 422, pointers: [pointer] })
    expect((await newTicket(tom)).number).toBe(1001)
  })

  it('with a description of a megabyte is refused in words', async () => {
    const { tom, scope } = await newScene()
    const refused = await refusedFor(await ask(tom, 'POST', '', { ...request, description: 'x'.repeat(1024 * 1024) }))
    expect(refused).toMatchObject({ status: 413, detail: 'A request body may be at most 256 KB.' })
    expect(await scope.list(tickets)).toEqual([])
  })

  it('is written for a colleague, with others who watch it, by a portal admin alone', async () => {
    const { dana, tom, priya } = await newScene()
    const refused = await refusedFor(await ask(tom, 'POST', '', { ...request, requester: priya.id }))
    expect(refused).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await ask(tom, 'POST', '', { ...request, watchers: [priya.id] })).status).toBe(403)
    const { id } = await newTicket(dana, { requester: tom.id, watchers: [priya.id, tom.id, priya.id] })
    const ticket = await read(tom, id)
    expect(ticket).toMatchObject({
      requester: { id: tom.id },
      raisedBy: { kind: 'contact', name: dana.name },
      isMine: true,
      watchers: [{ id: priya.id, name: priya.name }],
    })
    expect(ticket.seenBy.people.map(({ id: who, because }) => [who, because])).toEqual([
      [tom.id, 'requester'],
      [priya.id, 'watcher'],
      [dana.id, 'portal_admin'],
    ])
    expect((await read(priya, id)).isMine).toBe(false)
  })

  it('names nobody of another customer, nobody who is no longer there, and nobody whom the portal does not know', async () => {
    const { msp, portal, dana, elsewhere, priya, scope } = await newScene()
    const unknown = await newContact(portal, [], { access: 'none' })
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: priya.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, priya.id), { removedAt: now(), access: 'none' }),
    )
    const answers = await Promise.all(
      [elsewhere.id, priya.id, unknown.id, 'made-up'].flatMap((id) => [
        ask(dana, 'POST', '', { ...request, requester: id }).then(refusedFor),
        ask(dana, 'POST', '', { ...request, watchers: [id] }).then(refusedFor),
      ]),
    )
    const detail = 'There is no such person in your company.'
    expect(answers.map(({ status, detail: said, pointers }) => [status, said, ...pointers])).toEqual(
      Array.from({ length: 4 }, () => [
        [422, detail, '/requester'],
        [422, detail, '/watchers'],
      ]).flat(),
    )
    expect(await msp.scope.list(tickets)).toEqual([])
  })

  it('says how many portal admins more see it than it names', async () => {
    const { portal, dana } = await newScene()
    const { id } = await newTicket(dana)
    expect((await read(dana, id)).seenBy.morePortalAdminCount).toBe(0)
    const admins = [
      dana,
      ...(await Promise.all(Array.from({ length: 53 }, () => newContact(portal, ['portal_admin'])))),
    ]
    const { people, morePortalAdminCount } = (await read(dana, id)).seenBy
    expect(people.length + morePortalAdminCount).toBe(admins.length)
    expect(morePortalAdminCount).toBeGreaterThanOrEqual(3)
    const raised = await newTicket(dana, { watchers: [admins.at(-1)?.id ?? ''] })
    const { seenBy } = await read(dana, raised.id)
    expect(seenBy.people.length + seenBy.morePortalAdminCount).toBe(admins.length)
  })

  it('says of somebody whom staff let follow it, and who cannot sign in, that they cannot', async () => {
    const { portal, tom } = await newScene()
    const outside = await newContact(portal, [], { access: 'none' })
    const { id } = await writtenTicket(portal, { requester: tom, watchers: [outside] })
    const { people } = (await read(tom, id)).seenBy
    expect(people.slice(0, 2).map((person) => [person.id, person.canSignIn])).toEqual([
      [tom.id, true],
      [outside.id, false],
    ])
  })

  it('is offered the MSP’s categories, priorities in the customer’s words, and colleagues for portal admins', async () => {
    const { dana, tom, priya } = await newScene()
    const optionsOf = async (as: StagedContact) =>
      bodyOf<z.infer<typeof TicketOptions>>(
        await call(as.portal.host, 'GET', `/api/portal/customers/${as.portal.customerId}/ticket-options`, { as }),
      )
    const options = await optionsOf(dana)
    expect(options).toMatchObject({ fileCountMax: 10, fileBytesMax: 26_214_400 })
    expect(options.categories.map(({ id }) => id)).toContain('network')
    expect(options.priorities.map(({ name }) => name)).toContain('Several of us cannot work')
    expect(options.colleagues.map(({ id }) => id).toSorted()).toEqual([dana.id, tom.id, priya.id].toSorted())
    expect((await optionsOf(tom)).colleagues).toEqual([])
  })
})

describe('Who sees a ticket', () => {
  it('is whoever asked for it, whoever watches it, and the company’s portal admins', async () => {
    const { dana, tom, priya, elsewhere } = await newScene()
    const { id } = await newTicket(tom)
    expect((await list(tom)).items.map((one) => one.id)).toEqual([id])
    expect((await list(dana)).items.map((one) => one.id)).toEqual([id])
    expect((await list(priya)).items).toEqual([])
    expect((await list(elsewhere)).items).toEqual([])
    expect((await ask(dana, 'GET', `/${id}`)).status).toBe(200)
    const guesses: [string, string, unknown?][] = [
      ['GET', `/${id}`],
      ['GET', `/${id}/entries`],
      ['POST', `/${id}/comments`, { text: 'Me, too.' }],
      ['PUT', `/${id}/closure`],
      ['DELETE', `/${id}/closure`],
      ['PUT', `/${id}/rating`, { rating: 'satisfied' }],
      ['PUT', `/${id}/watchers/${priya.id}`],
      ['DELETE', `/${id}/watchers/${priya.id}`],
    ]
    for (const [method, rest, body] of guesses) {
      const [guessed, madeUp] = [
        await ask(priya, method, rest, body),
        await ask(priya, method, rest.replace(id, id.replace(/^.{12}/, '0'.repeat(12))), body),
      ]
      expect(guessed.status, `${method} ${rest}`).toBe(404)
      const { requestId: _, ...told } = await bodyOf(guessed)
      const { requestId: __, ...toldOfNothing } = await bodyOf(madeUp)
      expect(told).toEqual(toldOfNothing)
    }
    expect((await entriesOf(tom, id)).items).toHaveLength(1)
  })

  it('never includes what staff note among themselves, nor files that go with a note', async () => {
    const scene = await newScene()
    const { tom, dana } = scene
    const { id } = await newTicket(tom)
    await byStaff(scene, id, { by: 'staff', does: 'answer' }, { kind: 'note', body: 'They never pay.' })
    await byStaff(scene, id, { by: 'staff', does: 'wait' }, { kind: 'comment', body: 'Is it the toner?' })
    for (const as of [tom, dana]) {
      const answer = await ask(as, 'GET', `/${id}/entries`)
      const told = await answer.text()
      expect(told).not.toContain('They never pay.')
      expect(told).not.toContain('"note"')
      expect(told).toContain('Is it the toner?')
    }
    expect(await read(tom, id)).toMatchObject({ state: 'waiting_on_customer', waitsOnYou: true })
  })

  it('of a ticket that was merged away includes the one that goes on only where they see it', async () => {
    const { tom, dana, scope } = await newScene()
    const [{ id }, survivor] = [await newTicket(tom), await newTicket(dana)]
    await scope.commit(
      { action: 'stage.merge', subject: { kind: 'ticket', id, name: '' } },
      scope.changeAll(tickets, eq(tickets.id, id), {
        mergedInto: survivor.id,
        state: 'closed',
        endedAt: now(),
        reopenUntil: now() + DAY,
      }),
    )
    expect((await read(tom, id)).mergedInto).toBeNull()
    expect((await read(dana, id)).mergedInto).toMatchObject({ id: survivor.id, number: survivor.number })
    expect(await read(dana, id)).toMatchObject({ canReopen: false, canRate: false, canComment: false })
    expect((await ask(dana, 'DELETE', `/${id}/closure`)).status).toBe(409)
  })
})

describe('Two tickets that became one', () => {
  it('are told of each other to those alone who see both', async () => {
    const scene = await newScene()
    const { msp, tom, dana, priya } = scene
    const marcus = await newStaff(msp)
    const [secret, { id }] = [
      await newTicket(dana, { subject: 'Whom to let go' }),
      await newTicket(tom, { subject: 'The lists' }),
    ]
    const merged = await call(ADMIN, 'PUT', `/api/msp-portal/tickets/${secret.id}/merger`, {
      as: marcus,
      body: { into: id },
    })
    expect(merged.status).toBe(200)
    const eventsOf = async (as: StagedContact, ticketId: string) =>
      (await entriesOf(as, ticketId)).items.flatMap(({ event }) => (event?.type.startsWith('merged') ? [event] : []))
    expect(await eventsOf(tom, id)).toEqual([{ type: 'merged_from', number: null, subject: null }])
    expect(await (await ask(tom, 'GET', `/${id}/entries`)).text()).not.toContain('Whom to let go')
    expect(await eventsOf(dana, id)).toEqual([
      { type: 'merged_from', number: secret.number, subject: 'Whom to let go' },
    ])
    const hidden = await newTicket(dana, { subject: 'Hidden', watchers: [priya.id] })
    const into = await newTicket(dana, { subject: 'Who leaves' })
    await call(ADMIN, 'PUT', `/api/msp-portal/tickets/${hidden.id}/merger`, { as: marcus, body: { into: into.id } })
    expect(await eventsOf(priya, hidden.id), 'who follows the other one from then on').toEqual([
      { type: 'merged_into', number: into.number, subject: 'Who leaves' },
    ])
    await ask(dana, 'DELETE', `/${into.id}/watchers/${priya.id}`)
    expect(await eventsOf(priya, hidden.id)).toEqual([{ type: 'merged_into', number: null, subject: null }])
  })
})

describe('Watching', () => {
  it('is begun by a portal admin for a colleague, told in the history, and ended by them or whoever watches', async () => {
    const { dana, tom, priya } = await newScene()
    const { id } = await newTicket(tom)
    expect((await ask(tom, 'PUT', `/${id}/watchers/${priya.id}`)).status).toBe(403)
    const added = await ask(dana, 'PUT', `/${id}/watchers/${priya.id}`)
    expect(added.status).toBe(200)
    expect((await bodyOf<Ticket>(added)).watchers).toEqual([{ id: priya.id, name: priya.name }])
    expect((await list(priya)).items).toMatchObject([{ id, isMine: false }])
    const again = await ask(dana, 'PUT', `/${id}/watchers/${priya.id}`)
    expect(again.headers.get('etag')).toBe(added.headers.get('etag'))
    expect((await ask(priya, 'DELETE', `/${id}/watchers/${tom.id}`)).status).toBe(403)
    expect((await ask(dana, 'DELETE', `/${id}/watchers/${tom.id}`)).status, 'whoever asked for it').toBe(404)
    expect((await ask(priya, 'DELETE', `/${id}/watchers/${priya.id}`)).status).toBe(204)
    expect((await list(priya)).items).toEqual([])
    expect((await entriesOf(tom, id)).items.map(({ event }) => event)).toEqual([
      { type: 'watcher_removed', name: priya.name },
      { type: 'watcher_added', name: priya.name },
      null,
    ])
  })

  it('is for nobody of another customer', async () => {
    const { dana, tom, elsewhere, scope } = await newScene()
    const { id } = await newTicket(tom)
    const refused = await refusedFor(await ask(dana, 'PUT', `/${id}/watchers/${elsewhere.id}`))
    expect(refused).toEqual(await refusedFor(await ask(dana, 'PUT', `/${id}/watchers/made-up`)))
    expect(refused.status).toBe(404)
    expect(await scope.list(ticketPeople)).toHaveLength(1)
  })

  it('is for twenty at most, however many are added at once', async () => {
    const { portal, dana, tom, scope } = await newScene()
    const { id } = await newTicket(tom)
    const crowd = await Promise.all(Array.from({ length: 21 }, () => newContact(portal)))
    for (const { id: who } of crowd.slice(0, 19)) await ask(dana, 'PUT', `/${id}/watchers/${who}`)
    const last = await Promise.all(crowd.slice(19).map(({ id: who }) => ask(dana, 'PUT', `/${id}/watchers/${who}`)))
    expect(last.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409])
    expect(await scope.list(ticketPeople, { where: eq(ticketPeople.role, 'watcher') })).toHaveLength(20)
  })

  it('stands in a watcher’s list where the ticket stands by then', async () => {
    const scene = await newScene()
    const { dana, tom, priya, scope } = scene
    const { id } = await newTicket(tom)
    await byStaff(scene, id, { by: 'staff', does: 'wait' })
    await ask(dana, 'PUT', `/${id}/watchers/${priya.id}`)
    await ask(tom, 'PUT', `/${id}/closure`)
    const [ticket] = await scope.list(tickets)
    const people = await scope.list(ticketPeople)
    expect(people).toHaveLength(2)
    for (const one of people) expect(one).toMatchObject({ attention: ticket?.attention, endedAt: ticket?.endedAt })
    expect((await list(priya)).items).toEqual([])
    expect((await list(priya, '?view=ended')).items).toMatchObject([{ id }])
  })
})

describe('A comment', () => {
  it('ends the waiting on the customer, and is told with it in the history', async () => {
    const scene = await newScene()
    const { tom } = scene
    const { id } = await newTicket(tom)
    await byStaff(scene, id, { by: 'staff', does: 'wait' }, { kind: 'comment', body: 'Is it the toner?' })
    const answer = await ask(tom, 'POST', `/${id}/comments`, { text: 'It was the toner.' })
    expect(answer.status).toBe(201)
    expect(await bodyOf<Entry>(answer)).toMatchObject({ kind: 'comment', text: 'It was the toner.', source: 'portal' })
    expect((await read(tom, id)).state).toBe('in_progress')
    expect((await entriesOf(tom, id)).items.map(({ text, event }) => event ?? text)).toEqual([
      { type: 'state', from: 'waiting_on_customer', to: 'in_progress' },
      'It was the toner.',
      { type: 'state', from: 'new', to: 'waiting_on_customer' },
      'Is it the toner?',
      'White pages.',
    ])
  })

  it('is taken from each of many who write at the same moment, and each only once', async () => {
    const scene = await newScene()
    const { tom, dana } = scene
    const { id } = await newTicket(tom)
    await byStaff(scene, id, { by: 'staff', does: 'wait' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        ask(
          at % 2 === 0 ? tom : dana,
          'POST',
          `/${id}/comments`,
          { text: `Comment ${at}` },
          {
            'idempotency-key': `comment-${at % 10}-${at % 2}`,
          },
        ),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
    const { items } = await entriesOf(tom, id, '?limit=200')
    expect(items.filter(({ text }) => text.startsWith('Comment'))).toHaveLength(10)
    expect(items.filter(({ event }) => event?.type === 'state')).toHaveLength(2)
  })

  it.each([
    ['that says nothing', { text: ' ' }, 422],
    ['of more than 20,000 characters', { text: 'x'.repeat(20_001) }, 422],
    ['of a megabyte', { text: 'x'.repeat(1024 * 1024) }, 413],
    ['with a file that is not there', { text: 'See this.', files: ['nobodys'] }, 422],
  ])('%s is refused', async (_, body, status) => {
    const { tom, scope } = await newScene()
    const { id } = await newTicket(tom)
    expect((await ask(tom, 'POST', `/${id}/comments`, body)).status).toBe(status)
    expect(await scope.list(ticketEntries)).toHaveLength(1)
  })

  it('in a closed ticket is refused with what to do, and keeps nothing', async () => {
    const { tom, scope } = await newScene()
    const { id } = await newTicket(tom)
    await ask(tom, 'PUT', `/${id}/closure`)
    const entryCount = (await scope.list(ticketEntries)).length
    const refused = await refusedFor(await ask(tom, 'POST', `/${id}/comments`, { text: 'One more thing.' }))
    expect(refused).toMatchObject({ status: 409, detail: 'This ticket is closed. Open it again first.' })
    expect(await scope.list(ticketEntries)).toHaveLength(entryCount)
  })

  it('in a resolved ticket opens it again within the window, and is refused after it', async () => {
    const scene = await newScene()
    const { tom, scope } = scene
    const [{ id }, other] = [await newTicket(tom), await newTicket(tom)]
    await byStaff(scene, id, { by: 'staff', does: 'resolve' })
    await byStaff(scene, other.id, { by: 'staff', does: 'resolve' })
    expect(await read(tom, id)).toMatchObject({ state: 'resolved', canReopen: true, canComment: true, canRate: true })
    expect((await ask(tom, 'POST', `/${id}/comments`, { text: 'It is back.' })).status).toBe(201)
    expect(await read(tom, id)).toMatchObject({ state: 'in_progress', endedAt: null, reopenUntil: null })
    expect((await entriesOf(tom, id)).items[0]?.event).toMatchObject({ type: 'state', reopened: true })
    await scope.commit(
      { action: 'stage.window', subject: { kind: 'ticket', id: other.id, name: '' } },
      scope.changeAll(tickets, eq(tickets.id, other.id), { reopenUntil: now() - 1 }),
    )
    expect(await read(tom, other.id)).toMatchObject({ canReopen: false, canComment: false })
    const refused = await refusedFor(await ask(tom, 'POST', `/${other.id}/comments`, { text: 'It is back.' }))
    expect(refused.status).toBe(409)
    expect(refused.detail).toContain('too long ago')
    expect((await ask(tom, 'DELETE', `/${other.id}/closure`)).status).toBe(409)
  })
})

describe('The end of a ticket', () => {
  it('is said by whoever sees it, once, and taken back within the window', async () => {
    const { tom, scope } = await newScene()
    const { id } = await newTicket(tom)
    const closed = await ask(tom, 'PUT', `/${id}/closure`)
    expect(await bodyOf<Ticket>(closed.clone())).toMatchObject({ state: 'closed', canClose: false, canReopen: true })
    const again = await ask(tom, 'PUT', `/${id}/closure`)
    expect(again.headers.get('etag')).toBe(closed.headers.get('etag'))
    expect(await scope.list(activities, { where: eq(activities.action, 'ticket.closed') })).toHaveLength(1)
    const reopened = await ask(tom, 'DELETE', `/${id}/closure`)
    expect(await bodyOf<Ticket>(reopened)).toMatchObject({ state: 'in_progress', canClose: true })
    const refused = await refusedFor(await ask(tom, 'DELETE', `/${id}/closure`))
    expect(refused).toMatchObject({ status: 409, detail: 'This ticket is open already.' })
  })

  it('is refused to somebody who expects another version of it', async () => {
    const { tom } = await newScene()
    const { id } = await newTicket(tom)
    await ask(tom, 'POST', `/${id}/comments`, { text: 'Wait.' })
    expect((await ask(tom, 'PUT', `/${id}/closure`, undefined, { 'if-match': '"v1"' })).status).toBe(412)
    expect((await read(tom, id)).state).toBe('new')
  })

  it('is rated by whoever asked for it or a portal admin, not by who watches, and not before', async () => {
    const { dana, tom, priya } = await newScene()
    const { id } = await newTicket(dana, { requester: tom.id, watchers: [priya.id] })
    expect((await ask(tom, 'PUT', `/${id}/rating`, { rating: 'satisfied' })).status).toBe(409)
    await ask(tom, 'PUT', `/${id}/closure`)
    expect((await ask(priya, 'PUT', `/${id}/rating`, { rating: 'not_satisfied' })).status).toBe(403)
    expect((await read(priya, id)).canRate).toBe(false)
    const rated = await ask(tom, 'PUT', `/${id}/rating`, { rating: 'not_satisfied', comment: '<b>Slow</b>' })
    expect((await bodyOf<Ticket>(rated)).rating).toMatchObject({ rating: 'not_satisfied', comment: '<b>Slow</b>' })
    expect((await ask(dana, 'PUT', `/${id}/rating`, { rating: 'satisfied' })).status).toBe(200)
    expect(await read(tom, id)).toMatchObject({ state: 'closed', rating: { rating: 'satisfied', comment: null } })
    expect((await entriesOf(tom, id)).items.slice(0, 2).map(({ event }) => event)).toEqual([
      { type: 'rated', rating: 'satisfied', comment: null },
      { type: 'rated', rating: 'not_satisfied', comment: '<b>Slow</b>' },
    ])
  })
})

describe('The list', () => {
  it('has what waits on the customer first, then what is open, then what ended, the latest change first', async () => {
    const scene = await newScene()
    const { tom, dana } = scene
    const at = now()
    const made: string[] = []
    for (let minute = 0; minute < 6; minute += 1) {
      moveClock(() => at + minute * 60_000)
      made.push((await newTicket(tom)).id)
    }
    const [first = '', second = '', third = '', ...others] = made
    await byStaff(scene, second, { by: 'staff', does: 'wait' })
    await byStaff(scene, first, { by: 'staff', does: 'wait' })
    await ask(tom, 'PUT', `/${third}/closure`)
    const waiting = new Set([first, second])
    for (const as of [tom, dana]) {
      const { items } = await list(as, '?view=all')
      expect(new Set(items.slice(0, 2).map(({ id }) => id))).toEqual(waiting)
      expect(items.slice(2).map(({ id }) => id)).toEqual([...others.toReversed(), third])
      expect((await list(as)).items).toHaveLength(5)
      expect((await list(as, '?view=ended')).items.map(({ id }) => id)).toEqual([third])
      expect(new Set((await list(as, '?view=waiting')).items.map(({ id }) => id))).toEqual(waiting)
    }
  })

  it('comes page after page, none twice and none left out', async () => {
    const scene = await newScene()
    const { tom, dana } = scene
    const made: string[] = []
    for (let count = 0; count < 7; count += 1) made.push((await newTicket(tom)).id)
    await byStaff(scene, made[3] ?? '', { by: 'staff', does: 'wait' })
    for (const as of [tom, dana]) {
      const seen: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: List = await list(as, `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      }
      expect(seen[0]).toBe(made[3])
      expect(seen.toSorted()).toEqual(made.toSorted())
    }
  })

  it('of a portal admin shows only what is theirs where that is asked for', async () => {
    const { tom, dana } = await newScene()
    const [{ id }, own] = [await newTicket(tom), await newTicket(dana)]
    expect((await list(dana, '?mine=true')).items.map((one) => one.id)).toEqual([own.id])
    expect((await list(tom, '?mine=false')).items.map((one) => one.id)).toEqual([id])
  })

  it('finds by number and by the beginnings of words, only what the person sees, in the view that is asked for', async () => {
    const { tom, dana, priya } = await newScene()
    const printer = await newTicket(tom, { subject: 'Der Drucker druckt Müll im 1. Stock' })
    const mail = await newTicket(dana, { subject: 'Mail zu langsam, Drucker auch' })
    await ask(tom, 'PUT', `/${printer.id}/closure`)
    const ids = async (as: StagedContact, query: string) => (await list(as, query)).items.map(({ id }) => id)
    expect(await ids(tom, `?view=all&q=%23${printer.number}`)).toEqual([printer.id])
    expect(await ids(tom, `?view=all&q=${printer.number}`)).toEqual([printer.id])
    expect(await ids(tom, `?view=all&q=%23${mail.number}`)).toEqual([])
    expect(await ids(tom, '?view=all&q=muell%20mull')).toEqual([])
    expect(await ids(tom, '?view=all&q=MÜLL%20dru')).toEqual([printer.id])
    expect(await ids(dana, '?view=all&q=druck')).toEqual([mail.id, printer.id])
    expect(await ids(dana, '?q=druck')).toEqual([mail.id])
    expect(await ids(dana, '?view=all&mine=true&q=druck')).toEqual([mail.id])
    expect(await ids(dana, '?view=all&q=druck%20langsam')).toEqual([mail.id])
    expect(await ids(priya, '?view=all&q=druck')).toEqual([])
    expect((await refusedFor(await ask(tom, 'GET', '?q=a'))).pointers).toEqual(['/q'])
    expect((await list(dana, '?view=all&q=druck')).truncated).toBe(false)
  })

  it('finds a person’s own among hundreds of colleagues’, says when it is cut, and pages what it found', async () => {
    const { msp, portal, dana, tom, scope } = await newScene()
    const own = await newTicket(tom, { subject: 'Printer of mine' })
    await plantTickets(msp, portal, dana, 300, 'Printer')
    expect((await list(tom, '?q=printer')).items.map(({ id }) => id)).toEqual([own.id])
    expect((await list(tom, '?q=printer')).truncated).toBe(false)
    const first = await list(dana, '?q=printer&limit=50')
    expect([first.truncated, first.items.length]).toEqual([true, 50])
    const second = await list(dana, `?q=printer&limit=50&cursor=${first.nextCursor}`)
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(100)
    expect((await list(dana, '?q=printer%20mine')).items.map(({ id }) => id)).toEqual([own.id])
    expect(await scope.list(tickets)).toHaveLength(301)
  })

  it('reads as many rows of a thousand tickets as of twenty thousand, for admins and users, lists and searches', async () => {
    const { msp, portal, dana, tom } = await newScene()
    const asked = [
      '',
      '?view=ended',
      '?view=all',
      '?view=waiting',
      '?q=printer',
      '?q=printer%20page',
      '?view=all&q=%231042',
    ]
    const { id } = await newTicket(tom)
    const costs = async () => {
      const rows: number[] = []
      for (const as of [dana, tom]) {
        rows.push(await rowsReadBy(msp.shard, () => read(as, id)))
        for (const query of asked) rows.push(await rowsReadBy(msp.shard, () => list(as, query)))
      }
      return rows
    }
    await plantTickets(msp, portal, tom, 1_000, 'Printer page')
    const few = await costs()
    await plantTickets(msp, portal, tom, 19_000, 'Printer page')
    const many = await costs()
    expect(many).toEqual(few)
    expect(Math.max(...many), many.join(', ')).toBeLessThan(5_000)
  })
})

describe('A conversation', () => {
  it('of five hundred comments comes in pages, each of one round trip beside the session, and reads its own rows', async () => {
    const { msp, tom, scope } = await newScene()
    const { id } = await newTicket(tom)
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, position) => ({
        id: `zz${String(from + position).padStart(6, '0')}`,
        ticketId: id,
        kind: 'comment' as const,
        isInternal: false,
        authorKind: 'contact' as const,
        author: tom.id,
        authorName: tom.name,
        body: `Comment ${from + position}`,
        quoted: null,
        event: null,
        source: 'portal' as const,
        mailHash: null,
        outsideId: null,
        createdAt: now(),
      }))
    await scope.record(scope.addAll(ticketEntries, rows(0, 100)))
    const few = await rowsReadBy(msp.shard, () => entriesOf(tom, id))
    await scope.record(scope.addAll(ticketEntries, rows(100, 500)))
    expect(await rowsReadBy(msp.shard, () => entriesOf(tom, id))).toBe(few)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Entries = await entriesOf(tom, id, `?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ text }) => text))
      cursor = page.nextCursor
    }
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([501, 'Comment 499', 'White pages.'])
  })
})

describe('A file', () => {
  it('goes with what it was uploaded for, is shown where it is a picture, and is seen by who sees the ticket', async () => {
    const { tom, dana, priya } = await newScene()
    const [{ id: inTicket }, { id: inComment }] = [await newTicketFile(tom), await newTicketFile(tom)]
    const { id } = await newTicket(tom, { files: [inTicket] })
    const said = await bodyOf<Entry>(await ask(tom, 'POST', `/${id}/comments`, { files: [inComment] }))
    expect(said).toMatchObject({ text: '', files: [{ id: inComment, mediaType: 'image/png', canBeViewed: true }] })
    expect((await entriesOf(tom, id)).items.map(({ files }) => files.map((one) => one.id))).toEqual([
      [inComment],
      [inTicket],
    ])
    for (const as of [tom, dana]) {
      const [shown, saved] = [
        await ask(as, 'GET', `/${id}/files/${inTicket}/view`),
        await ask(as, 'GET', `/${id}/files/${inTicket}/content`),
      ]
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png'])
      expect([saved.status, saved.headers.get('content-disposition')?.split(';')[0]]).toEqual([200, 'attachment'])
      await Promise.all([shown.arrayBuffer(), saved.arrayBuffer()])
    }
    for (const rest of ['content', 'view'])
      expect((await ask(priya, 'GET', `/${id}/files/${inTicket}/${rest}`)).status).toBe(404)
    const elsewhere = await newTicket(dana)
    expect((await ask(dana, 'GET', `/${elsewhere.id}/files/${inTicket}/content`)).status).toBe(404)
  })

  it('is sent once, and only by whoever uploaded it', async () => {
    const { tom, dana, priya, scope } = await newScene()
    const { id: fileId } = await newTicketFile(tom)
    for (const as of [priya, dana])
      expect(await refusedFor(await ask(as, 'POST', '', { ...request, files: [fileId] }))).toMatchObject({
        status: 422,
        detail: 'A file is no longer there. Add it again.',
        pointers: ['/files'],
      })
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(tom, 'POST', '', { ...request, files: [fileId] })),
    )
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 422, 422, 422, 422])
    expect(await scope.list(tickets)).toHaveLength(1)
    expect((await ask(tom, 'POST', '', { ...request, files: [fileId, fileId] })).status).toBe(422)
  })

  it('that waits to be sent is nobody else’s to see or take back, and gone once its owner takes it back', async () => {
    const { tom, dana, scope } = await newScene()
    const { id: fileId } = await newTicketFile(tom)
    const forget = (as: StagedContact, id = fileId) =>
      call(as.portal.host, 'DELETE', `/api/portal/customers/${as.portal.customerId}/ticket-files/${id}`, { as })
    expect((await forget(dana)).status).toBe(404)
    const [row] = await scope.list(ticketFiles)
    expect((await forget(tom)).status).toBe(204)
    expect((await forget(tom)).status).toBe(404)
    expect(await environment.files.head(row?.objectKey ?? '')).toBeNull()
    const { id: sent } = await newTicketFile(tom)
    await newTicket(tom, { files: [sent] })
    expect((await forget(tom, sent)).status).toBe(404)
  })

  it.each([
    ['a page with a script that is called a picture', 'holiday.png', '<html><script>alert(1)</script>'],
    [
      'a drawing that carries a script',
      'logo.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
  ])('that is %s is saved and never shown', async (_, name, bytes) => {
    const { tom } = await newScene()
    const kept = await bodyOf<z.infer<typeof TicketFile>>(await upload(tom, name, bytes))
    expect(kept).toMatchObject({ name, mediaType: 'application/octet-stream', canBeViewed: false })
    const { id } = await newTicket(tom, { files: [kept.id] })
    expect((await ask(tom, 'GET', `/${id}/files/${kept.id}/view`)).status).toBe(404)
    const saved = await ask(tom, 'GET', `/${id}/files/${kept.id}/content`)
    expect(saved.headers.get('content-type')).toBe('application/octet-stream')
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; /)
    expect(saved.headers.get('content-security-policy')).toContain('sandbox')
    expect(saved.headers.get('x-content-type-options')).toBe('nosniff')
    await saved.arrayBuffer()
  })

  it.each([
    ['../../x', '_.._x'],
    ['report\u202egpj.exe', 'reportgpj.exe'],
    ['تقرير.pdf', 'تقرير.pdf'],
    ['CON', '_CON'],
    ['<img src=x onerror=alert(1)>.png', '_img src=x onerror=alert(1)_.png'],
  ])('called %j is saved under a name that leads nowhere', async (name, safe) => {
    const { tom } = await newScene()
    const kept = await bodyOf<{ id: string }>(await upload(tom, name, 'text'))
    const { id } = await newTicket(tom, { files: [kept.id] })
    const saved = await ask(tom, 'GET', `/${id}/files/${kept.id}/content`)
    const [, encoded = ''] = /filename\*=UTF-8''(.+)$/.exec(saved.headers.get('content-disposition') ?? '') ?? []
    expect(decodeURIComponent(encoded)).toBe(safe)
    await saved.arrayBuffer()
  })

  it('with a name of 300 characters, or of none, is refused with what is wrong', async () => {
    const { tom } = await newScene()
    const long = await refusedFor(await upload(tom, 'x'.repeat(300), 'text'))
    expect(long).toMatchObject({ status: 422, detail: 'At most 255 characters.', pointers: ['/name'] })
    expect((await upload(tom, ' ', 'text')).status).toBe(422)
  })

  it('that breaks off on its way is not kept, and is sent again under the same key', async () => {
    const { tom, scope } = await newScene()
    const key = crypto.randomUUID()
    const cutOff = await refusedFor(await upload(tom, 'Photo.png', 'only half', { key, length: 18 }))
    expect(cutOff).toMatchObject({ status: 400, code: 'malformed' })
    expect(await scope.list(ticketFiles)).toEqual([])
    expect((await environment.files.list({ prefix: `${tom.portal.msp.mspId}/tickets/` })).objects).toEqual([])
    const whole = await upload(tom, 'Photo.png', 'only half, then all', { key })
    const again = await upload(tom, 'Photo.png', 'only half, then all', { key })
    expect([whole.status, again.status]).toEqual([200, 200])
    expect(await bodyOf(again)).toEqual(await bodyOf(whole))
    expect((await upload(tom, 'Photo.png', 'another', { key })).status).toBe(409)
    expect(await scope.list(ticketFiles, { where: isNull(ticketFiles.entry) })).toHaveLength(1)
  })

  it('is refused when it is too large or empty, before any of it is kept', async () => {
    const { tom, scope } = await newScene()
    const large = await refusedFor(await upload(tom, 'Film.mp4', 'x', { length: 25 * 1024 * 1024 + 1 }))
    expect(large).toMatchObject({ status: 413, detail: 'A file has at most 25 MB.' })
    expect((await upload(tom, 'Nothing.txt', '')).status).toBe(422)
    expect(await scope.list(ticketFiles)).toEqual([])
  })
})
