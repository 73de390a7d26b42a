import { and, asc, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { customers, tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { decodeCursor, numberKeyOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { invalidField, missing } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { TicketRow } from './conversation.ts'
import { settingsOf, settingsRead } from './settings.ts'
import type { Settings } from './settings.ts'
import { isEnded } from './standing.ts'
import { candidateReads, found, isCut, searchIn, wordCounts } from './ticket-list.ts'
import type { Search } from './ticket-list.ts'
import type { TicketQuery } from './tickets.schema.ts'

type Query = z.infer<typeof TicketQuery>
export type ListedTicket = { ticket: TicketRow; customerName: string }
export type TicketPage = {
  rows: ListedTicket[]
  settings: Settings
  truncated: boolean
  cursorOf: (row: ListedTicket) => Cursor
}

/**
 * One page of tickets of all customers, or of one, and one row more where there is another page. Each view is an index of its own, so
 * that it costs what it shows. Problems: `missing` for another customer; `invalid` at /q, /cursor or, for a view that is not of one
 * customer, /view.
 */
export const listTickets = async (msp: MspScope, staffId: string, query: Query): Promise<TicketPage> => {
  const { customerId, view } = query
  if (customerId !== undefined && !ofOneCustomer.has(view))
    throw invalidField('/view', 'Of one customer there are those that are open, ended, or all.')
  const search = searchIn(query.q)
  const sort = [query.sort, view, customerId ?? '', search === undefined ? '' : 'found'].join(' ')
  const list = { staffId, at: now(), ...query, sort }
  return search === undefined ? page(msp, list) : foundPage(msp, list, search)
}

const ofOneCustomer: ReadonlySet<Query['view']> = new Set(['open', 'ended', 'all'])

/** A list as it is asked for: by whom, and at what moment something is overdue. */
type List = Omit<Query, 'sort'> & { staffId: string; at: number; sort: string }

const page = async (msp: MspScope, list: List): Promise<TicketPage> => {
  const { customerId, limit, sort, cursor } = list
  const order = orderOf(list)
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, sort)
  const sign = order.isUpwards ? sql.raw('>') : sql.raw('<')
  const after = marked && sql`(${order.column}, ${tickets.id}) ${sign} (${numberKeyOf(marked)}, ${marked.id})`
  const way = order.isUpwards ? asc : desc
  const [rows, [own], ofThem] = await msp.readAll([
    msp
      .select({ ticket: tickets, customerName: customers.name })
      .from(tickets)
      // Crossed, so that SQLite walks the view's index and looks each customer up.
      .crossJoin(customers)
      .where(
        and(
          msp.mine(tickets, and(inView(list), ofCustomer(customerId), after)),
          msp.mine(customers, eq(customers.id, tickets.customerId)),
        ),
      )
      .orderBy(way(order.column), way(tickets.id))
      .limit(limit + 1),
    settingsRead(msp),
    itself(msp, customerId),
  ])
  if (customerId !== undefined && ofThem.length === 0) throw missing('customer')
  const cursorOf = ({ ticket }: ListedTicket): Cursor => ({ sort, key: ticket[order.field] ?? 0, id: ticket.id })
  return { rows, settings: settingsOf(own), truncated: false, cursorOf }
}

/** What was found for words, the latest first: never more than words are looked up for, so all of it is read and a part given. */
const foundPage = async (msp: MspScope, list: List, search: Search): Promise<TicketPage> => {
  const { customerId, limit, sort, cursor } = list
  const reads = customerId === undefined ? msp : msp.forCustomer(customerId)
  const [byNumber, byWords] = candidateReads(reads, search)
  const theirs = sql`${customers.id} in (select customer_id from ${byNumber.as('by_number')} union select customer_id from ${byWords.as('by_words')})`
  const [[own], ofThem, numbered, worded, named, ...counts] = await msp.readAll([
    settingsRead(msp),
    itself(msp, customerId),
    byNumber,
    byWords,
    msp.select({ id: customers.id, name: customers.name }).from(customers).where(msp.mine(customers, theirs)),
    ...wordCounts(reads, search),
  ])
  if (customerId !== undefined && ofThem.length === 0) throw missing('customer')
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, sort)
  const place = marked === undefined ? undefined : { changedAt: numberKeyOf(marked), id: marked.id }
  const meant = found([...numbered, ...worded], search, { view: 'all', limit: Number.MAX_SAFE_INTEGER, sort })
    .filter((ticket) => isInView(list, ticket))
    .toSorted(byChange)
    .filter((ticket) => place === undefined || byChange(ticket, place) > 0)
    .slice(0, limit + 1)
  const nameOf = new Map(named.map(({ id, name }) => [id, name]))
  return {
    rows: meant.map((ticket) => ({ ticket, customerName: nameOf.get(ticket.customerId) ?? '' })),
    settings: settingsOf(own),
    truncated: isCut(counts),
    cursorOf: ({ ticket }) => ({ sort, key: ticket.changedAt, id: ticket.id }),
  }
}

const itself = (msp: MspScope, customerId: string | undefined) =>
  msp
    .select({ id: customers.id })
    .from(customers)
    .where(msp.mine(customers, eq(customers.id, customerId ?? '')))

const ofCustomer = (customerId: string | undefined): SQL | undefined =>
  customerId === undefined ? undefined : eq(tickets.customerId, customerId)

/** Each condition literally as its index has it, or that is not used. */
const inView = ({ view, staffId, at }: List): SQL | undefined => {
  switch (view) {
    case 'open':
      return isNull(tickets.endedAt)
    case 'mine':
      return and(isNull(tickets.endedAt), eq(tickets.assignee, staffId))
    case 'unassigned':
      return and(isNull(tickets.endedAt), isNull(tickets.assignee))
    case 'waiting':
      return isNotNull(tickets.waitingSince)
    case 'due':
      return isNotNull(tickets.dueAt)
    case 'overdue':
      return and(isNotNull(tickets.dueAt), lte(tickets.dueAt, at))
    case 'ended':
      return isNotNull(tickets.endedAt)
    case 'all':
      return undefined
  }
}

/** The same of one that was read. */
const isInView = ({ view, staffId, at }: List, { state, assignee, waitingSince, dueAt }: TicketRow): boolean => {
  switch (view) {
    case 'open':
      return !isEnded(state)
    case 'mine':
      return !isEnded(state) && assignee === staffId
    case 'unassigned':
      return !isEnded(state) && assignee === null
    case 'waiting':
      return waitingSince !== null
    case 'due':
      return dueAt !== null
    case 'overdue':
      return dueAt !== null && dueAt <= at
    case 'ended':
      return isEnded(state)
    case 'all':
      return true
  }
}

/** What is due stands by when, the next first; of one customer, by what wants attention; everything else by its latest change. */
const orderOf = ({ view, customerId }: List) => {
  if (customerId !== undefined) return { column: tickets.attention, field: 'attention' as const, isUpwards: false }
  if (view === 'due' || view === 'overdue') return { column: tickets.dueAt, field: 'dueAt' as const, isUpwards: true }
  return { column: tickets.changedAt, field: 'changedAt' as const, isUpwards: false }
}

type Placed = { changedAt: number; id: string }

const byChange = (one: Placed, other: Placed): number =>
  other.changedAt - one.changedAt || (one.id > other.id ? -1 : one.id < other.id ? 1 : 0)
