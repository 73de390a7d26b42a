import { and, eq, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { contacts, ticketEntries, ticketNumbers, ticketPeople, tickets, ticketWords } from '../../../db/shard/schema.ts'
import type { TicketEvent, ticketEntryKinds, ticketSources } from '../../../db/shard/schema.ts'
import { wordsIn } from '../../../db/customer-words.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import { Write } from '../../tenancy/scope.ts'
import type { Actor, Answer, CustomerScope, DecidedAnswer, ToldNote } from '../../tenancy/scope.ts'
import { sending } from './files.ts'
import { refuseAgainstRequest, requestFollows } from './request-of-ticket.ts'
import type { RequestOfTicket } from './request-of-ticket.ts'
import { targetsOf } from './settings.ts'
import type { PriorityKey, Settings } from './settings.ts'
import { isEnded, standingAfter, standingOfNew, stateAfter } from './standing.ts'
import type { Act, Refusal } from './standing.ts'
import { changeToldLater, toldLater } from './tell.job.ts'

export type TicketRow = typeof tickets.$inferSelect
/** A ticket in which something is said or done: how the MSP keeps tickets, and the request that it is of, belong to it. */
export type TicketAtHand = {
  row: TicketRow
  settings: Settings
  request: RequestOfTicket | null
  /** Whether steps of its request may be left when it ends. */
  leavesSteps?: boolean
}
export type EntryRow = typeof ticketEntries.$inferSelect
export type Source = (typeof ticketSources)[number]

/** Whoever writes or does something: a signed-in person, a program, somebody by mail, another system, or time itself. */
export type Author = { kind: EntryRow['authorKind']; id: string | null; name: string }

/** Somebody of the customer's people, as far as a ticket names them. */
export type Person = { id: string; name: string }

/** So many colleagues may watch a ticket. */
export const WATCHER_COUNT_MAX = 20

export type NewTicket = {
  subject: string
  description: string
  category: string
  priority: PriorityKey
  requester: Person | null
  watchers: Person[]
  fileIds: string[]
  assignee: Person | null
  about: { tenantId: string; user: Person | null } | null
  source: Source
  author: Author
  /** The hash of what the ticket's reply address carries, for an id. */
  replyHash: string
  /** Whether the requester is told of it by a mail of its own. */
  isRequesterTold?: boolean
  mailHash?: string
}

/**
 * Describes what writes a ticket down, with its description as the first entry. Its number is given by the database when it
 * is added, so it is read afterwards. `people` makes the commit stale where one of them is not, or no longer, of the customer.
 */
export const raising = (
  customer: CustomerScope,
  mspId: string,
  settings: Settings,
  input: NewTicket,
  id: string,
  at: number,
): { row: TicketRow; entry: EntryRow; writes: [Write, ...Write[]] } => {
  const standing = standingOfNew(input.priority, targetsOf(settings, input.priority), at)
  const { requester, author, assignee, about } = input
  const given = {
    id,
    subject: input.subject,
    category: input.category,
    source: input.source,
    requester: requester?.id ?? null,
    requesterName: requester?.name ?? null,
    raisedByKind: author.kind,
    raisedBy: author.id ?? '',
    raisedByName: author.name,
    assignee: assignee?.id ?? null,
    assigneeName: assignee?.name ?? null,
    aboutTenant: about?.tenantId ?? null,
    aboutUser: about?.user?.id ?? null,
    aboutUserName: about?.user?.name ?? null,
    rating: null,
    ratingComment: null,
    ratedAt: null,
    mergedInto: null,
    replyHash: input.replyHash,
    outsideSystem: null,
    outsideId: null,
    outsideUrl: null,
    ...standing,
  }
  const watchers = input.watchers.filter((person) => person.id !== requester?.id)
  if (watchers.length > WATCHER_COUNT_MAX)
    throw invalidField('/watchers', `At most ${WATCHER_COUNT_MAX} people can watch a ticket.`)
  const people = [
    ...(requester === null ? [] : [{ ...requester, role: 'requester' as const }]),
    ...watchers.map((person) => ({ ...person, role: 'watcher' as const })),
  ]
  const entry = entryOf(customer, mspId, id, {
    kind: 'comment',
    author,
    body: input.description,
    source: input.source,
    at,
    ...(input.mailHash === undefined ? {} : { mailHash: input.mailHash }),
  })
  return {
    row: { mspId, customerId: customer.customerId, version: 1, number: 0, ...given },
    entry,
    writes: [
      customer.add(tickets, given),
      ...allThere(
        customer,
        people.map((person) => person.id),
      ),
      customer.addAll(
        ticketPeople,
        people.map((person) => ({
          id: person.id,
          ticketId: id,
          role: person.role,
          attention: standing.attention,
          endedAt: standing.endedAt,
        })),
      ),
      customer.addAll(
        ticketWords,
        wordsIn(input.subject).map((word) => ({ id, word })),
      ),
      customer.add(ticketEntries, withoutOwners(entry)),
      ...sending(customer, input.fileIds, { ticketId: id, entryId: entry.id, isInternal: false }),
      customer.later(toldLater(entry, input.subject, true, input.isRequesterTold)),
    ],
  }
}

/** An answer to a POST that adds a ticket: with the number that the commit is about to give it. */
export const numbered = (
  customer: CustomerScope,
  { body, headers = {} }: Answer<{ number: number }>,
): DecidedAnswer => ({
  status: 201,
  body: sql`json_set(${JSON.stringify(body)}, '$.number', ${nextNumber(customer)})`,
  headers,
})

/** The number that a ticket gets next, before it is added. */
export const nextNumber = (customer: CustomerScope): SQL =>
  sql`(select last_number + 1 from ${ticketNumbers} where ${customer.mine(ticketNumbers)})`

/** What is said in a ticket, or noted, with what it does to the ticket. */
export type Said = {
  kind: 'comment' | 'note'
  author: Author
  body: string
  quoted?: string | null
  fileIds: string[]
  source: Source
  mailHash?: string
  /** What it does to the ticket's state, in this order; a note does nothing. */
  acts: Act[]
}

/**
 * Describes what is said in a ticket and what comes of it: the entry, what happened as entries of their own, and how the ticket
 * stands. It holds while the ticket stands as it was read; what others say meanwhile does not matter. Problem `conflict` where
 * the ticket is ended or was merged.
 */
export const saying = (
  customer: CustomerScope,
  mspId: string,
  ticket: TicketAtHand,
  said: Said,
  at: number,
): { after: TicketRow; entry: EntryRow; writes: [Write, ...Write[]]; also: ToldNote[] } => {
  const { row: before } = ticket
  const isInternal = said.kind === 'note'
  const entry = entryOf(customer, mspId, before.id, { ...said, at })
  const { after, events, writes, also } = doing(customer, mspId, ticket, said.acts, said.author, said.source, at, false)
  return {
    after,
    entry,
    also,
    writes: [
      customer.add(ticketEntries, withoutOwners(entry)),
      ...sending(customer, said.fileIds, { ticketId: before.id, entryId: entry.id, isInternal }),
      ...events,
      ...writes,
      customer.later(toldLater(entry, before.subject)),
    ],
  }
}

/**
 * Describes what acts do to a ticket: its state and clock, and an entry for each change of its state. With no acts, only that
 * it was touched. Those concerned are told of the last change, unless it goes with something said. `also` are the entries of what comes
 * of it for the ticket's request. Problem `conflict`.
 */
export const doing = (
  customer: CustomerScope,
  mspId: string,
  { row: before, settings, request, leavesSteps = false }: TicketAtHand,
  acts: Act[],
  author: Author,
  source: Source,
  at: number,
  isTold = true,
): { after: TicketRow; events: Write[]; writes: Write[]; also: ToldNote[] } => {
  if (before.mergedInto !== null && acts.length > 0)
    throw new Problem('conflict', 'This ticket was merged into another one. Go on there.')
  let after: TicketRow = before
  const events: Extract<TicketEvent, { type: 'state' }>[] = []
  for (const act of acts) {
    const next = stateAfter(after, act, at)
    if ('refused' in next) throw refusalOf(next.refused)
    if (isEnded(next.state) !== isEnded(after.state) && !leavesSteps)
      refuseAgainstRequest(request, act.by, isEnded(next.state) ? 'ended' : 'open')
    const standing = standingAfter(after, {
      state: next.state,
      at,
      answers: act.by === 'staff' && act.does === 'answer',
      targets: targetsOf(settings, after.priority),
      reopenDays: settings.reopenDays,
    })
    if (next.state !== after.state) {
      const reopened = isEnded(after.state) && !isEnded(next.state)
      events.push({
        type: 'state',
        from: after.state,
        to: next.state,
        ...(reopened ? { reopened: true as const } : {}),
      })
    }
    // What time alone does is no news: it stays where it was in every list.
    const { changedAt, attention } = act.by === 'time' ? after : standing
    after = { ...after, ...standing, changedAt, attention }
  }
  const following = requestFollows(
    customer,
    request,
    events.map(({ to }) => to),
  )
  return {
    after: { ...after, version: before.version + 1 },
    also: following.also,
    events: [
      // Before its events, with which the database moves the request.
      ...following.writes,
      ...events.map((event, place) =>
        // A moment later each, so that they stand after what was said and in the order in which they came.
        happening(
          customer,
          mspId,
          before.id,
          author,
          source,
          at + 1 + place,
          event,
          isTold && place === events.length - 1,
        ),
      ),
    ],
    writes: [standingWrite(customer, before, after)],
  }
}

/** Of what happened, only this is mailed, where somebody did it: where a ticket stands, who looks after it or follows it, how it was rated. */
const isMailed = ({ authorKind, event }: EntryRow): boolean =>
  authorKind !== 'system' && event !== null && mailed.has(event.type)

const mailed: ReadonlySet<TicketEvent['type']> = new Set(['state', 'assignee', 'watcher_added', 'rated'])

/** Describes an entry that tells what happened, and that those concerned are told unless it goes with something else. */
export const happening = (
  customer: CustomerScope,
  mspId: string,
  ticketId: string,
  author: Author,
  source: Source,
  at: number,
  event: TicketEvent,
  isTold = true,
): Write =>
  happened(
    customer,
    eventOf(mspId, { customerId: customer.customerId, id: ticketId }, author, source, at, event),
    isTold,
  )

/** Describes the same of an entry that is there already. */
export const happened = (customer: CustomerScope, entry: EntryRow, isTold = true): Write => {
  const added = customer.add(ticketEntries, withoutOwners(entry))
  return isTold && isMailed(entry) ? Write.both(added, customer.later(changeToldLater(entry))) : added
}

/** The entry that tells what happened to a ticket. */
export const eventOf = (
  mspId: string,
  { customerId, id }: Pick<TicketRow, 'customerId' | 'id'>,
  author: Author,
  source: Source,
  at: number,
  event: TicketEvent,
): EntryRow => entryOf({ customerId }, mspId, id, { kind: 'event', author, body: '', source, at, event })

/** A ticket as the activity names it. */
export const subjectOf = ({ id, subject }: Pick<TicketRow, 'id' | 'subject'>) => ({
  kind: 'ticket',
  id,
  name: subject,
})

/** How often what is said or done is tried: others who said something meanwhile left the ticket standing otherwise. */
const ATTEMPT_COUNT_MAX = 5

/**
 * Says or does something in a ticket that many write in at once: when it stood otherwise by then, it is read again and
 * tried again, so that nobody is refused for what a colleague wrote in the same moment. Whoever said which version they
 * expect (If-Match) is told instead.
 */
export const tryingAgain = async <T>(wanted: Expected, attempt: () => Promise<T>): Promise<T> => {
  const countMax = wanted === undefined ? ATTEMPT_COUNT_MAX : 1
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt()
    } catch (error) {
      const isStale = error instanceof Problem && error.code === 'stale'
      if (!isStale || tried === countMax) throw error
    }
  }
}

/** Who acts in a scope, as an author. */
export const authorOf = ({ kind, id, name }: Actor): Author => {
  switch (kind) {
    case 'staff':
    case 'contact':
    case 'api_key':
      return { kind, id, name }
    case 'system':
      return { kind, id: null, name }
    case 'visitor':
      throw new Error('A visitor writes in no ticket.')
  }
}

/** The way it comes when whoever acts in a scope writes, but for mails. */
export const sourceOf = ({ kind }: Actor): Source => {
  switch (kind) {
    case 'staff':
      return 'admin'
    case 'contact':
      return 'portal'
    case 'api_key':
      return 'api'
    case 'system':
      return 'system'
    case 'visitor':
      throw new Error('A visitor writes in no ticket.')
  }
}

/** What is told in a ticket's own history is not told again, column by column, in the activity; there its action is. */
const standingWrite = (customer: CustomerScope, before: TicketRow, after: TicketRow): Write =>
  customer.changeWhere(
    tickets,
    before.id,
    and(eq(tickets.state, before.state), eq(tickets.priority, before.priority)),
    { ...columnsMoved(before, after), version: sql`${tickets.version} + 1` },
  )

/** The columns that are to be set to something else. */
export const columnsMoved = (before: TicketRow, after: TicketRow) => {
  const moved = (Object.keys(after) as (keyof TicketRow)[]).filter((field) => after[field] !== before[field])
  const set = Object.fromEntries(moved.map((field) => [field, after[field]])) as Partial<TicketRow>
  const { version: _, mspId: __, customerId: ___, id: ____, ...columns } = set
  return columns
}

const entryOf = (
  { customerId }: Pick<CustomerScope, 'customerId'>,
  mspId: string,
  ticketId: string,
  {
    kind,
    author,
    body,
    quoted = null,
    source,
    mailHash,
    event = null,
    at,
  }: {
    kind: (typeof ticketEntryKinds)[number]
    author: Author
    body: string
    quoted?: string | null
    source: Source
    mailHash?: string
    event?: TicketEvent | null
    at: number
  },
): EntryRow => ({
  mspId,
  customerId,
  id: newId(at),
  ticketId,
  kind,
  isInternal: kind === 'note',
  authorKind: author.kind,
  author: author.id,
  authorName: author.name,
  body,
  quoted,
  event,
  source,
  mailHash: mailHash ?? null,
  outsideId: null,
  createdAt: at,
})

const withoutOwners = ({ mspId: _, customerId: __, ...rest }: EntryRow) => rest

/** People of the customer who are there: asked inside the commit, so that nobody is named who was just removed, or is another's. */
export const allThere = (customer: CustomerScope, ids: string[]): Write[] =>
  ids.length === 0
    ? []
    : [
        customer.onlyIf(
          sql`(select count(*) from ${contacts} where ${customer.mine(contacts, and(isNull(contacts.removedAt), among(contacts.id, ids)))}) = ${new Set(ids).size}`,
        ),
      ]

/** What is told of an act that is refused. */
export const refusalOf = (refused: Refusal): Problem => {
  switch (refused) {
    case 'closed':
    case 'ended':
      return new Problem('conflict', 'This ticket is closed. Open it again first.')
    case 'too_late':
      return new Problem('conflict', 'This ticket was closed too long ago to be opened again. Write a new one.')
    case 'not_ended':
      return new Problem('conflict', 'This ticket is open already.')
  }
}
