import { and, count, desc, eq, getTableColumns, gte, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { soughtIn, wordsIn } from '../../../db/customer-words.ts'
import type { Sought } from '../../../db/customer-words.ts'
import { ticketPeople, tickets, ticketWords } from '../../../db/shard/schema.ts'
import { decodeCursor, numberKeyOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { invalidField } from '../../http/problem.ts'
import type { ContactReads } from '../../tenancy/scope.ts'
import type { TicketRow } from './conversation.ts'
import { WAITING_FROM, isEnded } from './standing.ts'

/** Reads of all of an MSP's tickets, of a customer's, or of those that a contact sees. */
export type TicketReads = Pick<ContactReads, 'select' | 'mine'>

export const ticketViews = ['open', 'waiting', 'ended', 'all'] as const
export type TicketView = (typeof ticketViews)[number]

/** A place in a list that stands by what waits on the customer first, and how much of it is wanted. */
type Page = { view: TicketView; limit: number; cursor?: string | undefined; sort: string }

/** How much each word searched for may find; when all of them find more, that is said, not read. */
const WORD_ROWS_MAX = 200
/** So many of somebody's own are looked through besides: a word that is common in their company hides none of these. */
export const OWN_SOUGHT_MAX = 200

/** A page of a customer's tickets, and one more where there is another page. It costs what it holds, however many there are. */
export const pageOfCustomer = (reads: TicketReads, page: Page) =>
  reads
    .select(getTableColumns(tickets))
    .from(tickets)
    .where(
      reads.mine(tickets, and(inView(tickets, page.view), before(page, sql`(${tickets.attention}, ${tickets.id})`))),
    )
    .orderBy(desc(tickets.attention), desc(tickets.id))
    .limit(page.limit + 1)

/** The same of the tickets that one contact asked for or watches. */
export const pageOfPerson = (reads: TicketReads, contactId: string, page: Page) =>
  reads
    .select(getTableColumns(tickets))
    .from(ticketPeople)
    // Crossed, so that SQLite goes by the person's own list, which stands in this order.
    .crossJoin(tickets)
    .where(
      and(
        reads.mine(
          ticketPeople,
          and(
            eq(ticketPeople.id, contactId),
            inView(ticketPeople, page.view),
            before(page, sql`(${ticketPeople.attention}, ${ticketPeople.ticketId})`),
          ),
        ),
        reads.mine(tickets, eq(tickets.id, ticketPeople.ticketId)),
      ),
    )
    .orderBy(desc(ticketPeople.attention), desc(ticketPeople.ticketId))
    .limit(page.limit + 1)

/** Tickets in the order in which they were written, the newest first, by the index of a customer's; those before one id. */
export const pageByAge = (reads: TicketReads, limit: number, between: { from: string; before: string }) =>
  reads
    .select(getTableColumns(tickets))
    .from(tickets)
    .where(reads.mine(tickets, and(gte(tickets.id, between.from), lt(tickets.id, between.before))))
    .orderBy(desc(tickets.id))
    .limit(limit + 1)

export const attentionCursor =
  (sort: string) =>
  ({ attention, id }: Pick<TicketRow, 'attention' | 'id'>): Cursor => ({ sort, key: attention, id })

/** The part of a list that stands in one of its indexes. */
export const inView = (table: typeof tickets | typeof ticketPeople, view: TicketView): SQL | undefined => {
  switch (view) {
    case 'open':
      return isNull(table.endedAt)
    case 'waiting':
      return and(isNull(table.endedAt), gte(table.attention, WAITING_FROM))
    case 'ended':
      return isNotNull(table.endedAt)
    case 'all':
      return undefined
  }
}

const before = ({ cursor, sort }: Page, place: SQL): SQL | undefined => {
  if (cursor === undefined) return undefined
  const marked = decodeCursor(cursor, sort)
  return sql`${place} < (${numberKeyOf(marked)}, ${marked.id})`
}

/** What is looked for: a ticket by its number, or those with all of the words in their subject; `#1042` means no words. */
export type Search = { number: number | undefined; words: Sought[] }

/** What is typed, undefined when nothing is. Problem `invalid` below two letters or digits in all. */
export const searchIn = (typed: string | undefined): Search | undefined => {
  const text = typed?.trim() ?? ''
  if (text === '') return undefined
  const [, sign, digits] = /^(#?)(\d{1,9})$/.exec(text) ?? []
  const words = sign === '#' ? [] : soughtIn(text)
  if (digits === undefined && words.length === 0) throw invalidField('/q', 'Type at least two letters or digits.')
  return { number: digits === undefined ? undefined : Number(digits), words }
}

/**
 * What a search may mean, to be narrowed by `found`: the ticket of the number, and what the word that found fewest found.
 * It costs what `WORD_ROWS_MAX` lets each word find, however many have it; therefore words are looked up among all of a
 * customer's (`indexed`), and only then is it asked which of these tickets the reader sees.
 */
export const candidateReads = (reads: TicketReads, { number, words }: Search, indexed: TicketReads = reads) => {
  const byNumber = reads
    .select(getTableColumns(tickets))
    .from(tickets)
    .where(reads.mine(tickets, eq(tickets.number, number ?? 0)))
  const byWords = reads
    .select(getTableColumns(tickets))
    .from(sql`(${rarest(indexed, words)}) as found`)
    .crossJoin(tickets)
    .where(reads.mine(tickets, eq(tickets.id, sql`found.of_ticket`)))
  return [byNumber, byWords] as const
}

/** How much each word found, to be read along; `isCut` says whether every one of them found more than was looked at. */
export const wordCounts = (reads: TicketReads, { words }: Search) =>
  words.map((one) => reads.select({ matches: count() }).from(upToTooMany(reads, one).as('cut')))

export const isCut = (counts: { matches: number }[][]): boolean =>
  counts.length > 0 && counts.every(([counted]) => (counted?.matches ?? 0) > WORD_ROWS_MAX)

/** Of the candidates those that are meant, each once, as lists stand; from the marker on, and one more than a page where there are more. */
export const found = (candidates: TicketRow[], { number, words }: Search, page: Page): TicketRow[] => {
  const marked = page.cursor === undefined ? undefined : decodeCursor(page.cursor, page.sort)
  const place = marked === undefined ? undefined : { attention: numberKeyOf(marked), id: marked.id }
  const meant = candidates.filter(
    (row) => isInView(row, page.view) && (row.number === number || (words.length > 0 && hasWords(row.subject, words))),
  )
  return [...new Map(meant.map((row) => [row.id, row])).values()]
    .toSorted(byAttention)
    .filter((row) => place === undefined || byAttention(row, place) > 0)
    .slice(0, page.limit + 1)
}

const isInView = ({ state, attention }: TicketRow, view: TicketView): boolean => {
  switch (view) {
    case 'open':
      return !isEnded(state)
    case 'waiting':
      return attention >= WAITING_FROM
    case 'ended':
      return isEnded(state)
    case 'all':
      return true
  }
}

const hasWords = (subject: string, words: Sought[]): boolean => {
  const known = wordsIn(subject)
  return words.every(({ text, isWhole }) => known.some((word) => (isWhole ? word === text : word.startsWith(text))))
}

type Placed = { attention: number; id: string }

const byAttention = (one: Placed, other: Placed): number =>
  other.attention - one.attention || (one.id > other.id ? -1 : one.id < other.id ? 1 : 0)

const rarest = (reads: TicketReads, words: Sought[]): SQL => {
  const [only, ...more] = words
  if (only === undefined) return sql`select '' as of_ticket where false`
  // One word has nothing to be rarer than; and SQLite would draw its select into the window, whose sort comes before the limit.
  if (more.length === 0) return sql`select of_ticket from ${upToTooMany(reads, only).as('cut')}`
  const matches = sql.join(
    words.map(
      (one, place) =>
        sql`select ${sql.raw(String(place))} as place, of_ticket from ${upToTooMany(reads, one).as('cut')}`,
    ),
    sql` union all `,
  )
  return sql`select of_ticket from (select of_ticket, rank() over (order by found, place) as rarity from (select of_ticket, place, count(*) over (partition by place) as found from (${matches}) as matches) as counted) as ranked where rarity = 1`
}

/** Backwards through the index: of one word the newest tickets first. */
const upToTooMany = (reads: TicketReads, { text, isWhole }: Sought) =>
  reads
    .select({ ofTicket: sql<string>`${ticketWords.id}`.as('of_ticket') })
    .from(ticketWords)
    .where(
      reads.mine(
        ticketWords,
        isWhole
          ? eq(ticketWords.word, text)
          : and(gte(ticketWords.word, text), lt(ticketWords.word, `${text}\u{10ffff}`)),
      ),
    )
    .orderBy(desc(ticketWords.word), desc(ticketWords.id))
    .limit(WORD_ROWS_MAX + 1)
