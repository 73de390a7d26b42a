import { and, asc, count, eq, exists, gte, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { likenessOf, soughtIn } from '../../../db/customer-words.ts'
import type { Sought } from '../../../db/customer-words.ts'
import { customerWords } from '../../../db/shard/schema.ts'
import { invalidField } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'

/** How much each word searched for may find; when all of them find more, that is said, not read. */
const WORD_ROWS_MAX = 200
/** How many customers of the very name that is typed are found beside those. */
const NAMESAKES_MAX = 20

/**
 * What is looked for: the customers that have the words, or what they have them from, which is their own row, a contact
 * or a tenant.
 */
export type Aim = 'customers' | 'sources'

/** As the index of all words has them, so that no more of it is read than is asked for. */
const orders = {
  customers: [customerWords.word, customerWords.customerId],
  sources: [customerWords.word, customerWords.customerId, customerWords.id],
} satisfies Record<Aim, SQLiteColumn[]>
const aimed = { customers: customerWords.customerId, sources: customerWords.id } satisfies Record<Aim, SQLiteColumn>

/** The words that are typed, and none when nothing is. */
export const soughtOf = (typed: string | undefined): Sought[] => {
  if (typed === undefined || typed.trim() === '') return []
  const sought = soughtIn(typed)
  if (sought.length === 0) throw invalidField('/q', 'Type at least two letters or digits.')
  return sought
}

/**
 * Whom the word that found fewest may mean, and the customers called just so: a common word hides nobody whom a rare one
 * names. All of them are to be narrowed by all words. Costs what `max` lets each word find, however many have it.
 */
export const mayMean = (msp: MspScope, aim: Aim, typed: string, sought: Sought[], max = WORD_ROWS_MAX): SQL =>
  sql`(${rarest(msp, aim, sought, max)} union ${namesakes(msp, typed)})`

/** How much each word found, to be read along; `isCut` says whether every one of them found more than was looked at. */
export const matchCounts = (msp: MspScope, aim: Aim, sought: Sought[], max = WORD_ROWS_MAX) =>
  sought.map((one) => msp.select({ matches: count() }).from(upToTooMany(msp, aim, one, max).as('cut')))

export const isCut = (counts: { matches: number }[][], max = WORD_ROWS_MAX): boolean =>
  counts.every(([counted]) => (counted?.matches ?? 0) > max)

/** Whether a customer has such a word. */
export const hasWord = (msp: MspScope, one: Sought, customerId: SQLiteColumn): SQL =>
  anyWord(msp, and(eq(customerWords.customerId, customerId), isMeant(one)))

/** Whether a customer has such a word from this source: its own row, a contact or a tenant. */
export const hasWordFrom = (msp: MspScope, one: Sought, customerId: SQLiteColumn, source: SQLiteColumn): SQL =>
  anyWord(msp, and(eq(customerWords.customerId, customerId), eq(customerWords.id, source), isMeant(one)))

const anyWord = (msp: MspScope, condition: SQL | undefined): SQL =>
  exists(
    msp.select({ customerId: customerWords.customerId }).from(customerWords).where(msp.mine(customerWords, condition)),
  )

export const isMeant = ({ text, isWhole }: Sought): SQL | undefined =>
  isWhole
    ? eq(customerWords.word, text)
    : and(gte(customerWords.word, text), lt(customerWords.word, `${text}\u{10ffff}`))

/** What the word that finds fewest finds. One that finds nothing is not among them: then `hasWord` lets nobody through. */
const rarest = (msp: MspScope, aim: Aim, sought: Sought[], max: number): SQL =>
  sql`select found_id from (select found_id, rank() over (order by found, place) as rarity from (select found_id, place, count(*) over (partition by place) as found from (${matchesOf(msp, aim, sought, max)}) as matches) as counted) as ranked where rarity = 1`

/** What each word finds; `place` tells them apart. */
const matchesOf = (msp: MspScope, aim: Aim, sought: Sought[], max: number): SQL =>
  sql.join(
    sought.map(
      (one, place) =>
        sql`select ${sql.raw(String(place))} as place, found_id from ${upToTooMany(msp, aim, one, max).as('cut')}`,
    ),
    sql` union all `,
  )

/** What has such a word, by the words' order, each once: a customer that has one from several contacts counts once. */
const upToTooMany = (msp: MspScope, aim: Aim, one: Sought, max: number) =>
  wordsFrom(msp, aim, one)
    .groupBy(...orders[aim])
    .limit(max + 1)

const namesakes = (msp: MspScope, typed: string): SQL =>
  sql`select found_id from ${wordsFrom(msp, 'customers', { text: `=${likenessOf(typed)}`, isWhole: true })
    .limit(NAMESAKES_MAX)
    .as('namesakes')}`

const wordsFrom = (msp: MspScope, aim: Aim, one: Sought) =>
  msp
    .select({ foundId: sql<string>`${aimed[aim]}`.as('found_id') })
    .from(customerWords)
    .where(msp.mine(customerWords, isMeant(one)))
    .orderBy(...orders[aim].map((column) => asc(column)))
