import { and, asc, eq, exists, gt, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { prefixesIn } from '../../../db/customer-words.ts'
import { contacts, customers, customerWords } from '../../../db/shard/schema.ts'
import { decodeCursor, textKeyOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { invalidField } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { ContactOfAllQuery } from './access-grants.schema.ts'

type Query = z.infer<typeof ContactOfAllQuery>

/** How many words the longest prefix may find, and of how many customers found by name all contacts come along. */
const WORD_ROWS_MAX = 200
const CUSTOMERS_MAX = 50

/** A contact in the list of all of them. */
export type ContactOfAll = Awaited<ReturnType<typeof listContactsOfAll>>['rows'][number]

/**
 * One page of the contacts of all customers by name, and one row more when there is another page; a search finds them by the
 * beginnings of words of their own and of their customer. Costs the page, or what the words find, however many there are.
 */
export const listContactsOfAll = async (msp: MspScope, query: Query) => {
  const prefixes = query.q === undefined || query.q.trim() === '' ? [] : prefixesOf(query.q)
  const [first, ...others] = prefixes
  const marker = query.cursor === undefined ? undefined : decodeCursor(query.cursor, listNameOf(query))
  if (first === undefined) {
    const [start, ...more] = stretchesOf(marker)
    const pages = await msp.readAll([
      page(msp, query, start, byName),
      ...more.map((stretch) => page(msp, query, stretch, byName)),
    ])
    return { rows: pages.flat().slice(0, query.limit + 1), truncated: false }
  }
  const found = or(inArray(contacts.id, wordSources(msp, first)), inArray(contacts.customerId, customersIn(msp, first)))
  const rest = others.map((prefix) => exists(wordsFrom(msp, prefix, ofThisContact)))
  const after = marker && or(...stretchesOf(marker))
  const [rows, matches, named] = await msp.readAll([
    page(msp, query, and(found, ...rest, after), unindexed),
    wordsFrom(msp, first).limit(WORD_ROWS_MAX + 1),
    customersFrom(msp, first).limit(CUSTOMERS_MAX + 1),
  ])
  return { rows, truncated: matches.length > WORD_ROWS_MAX || named.length > CUSTOMERS_MAX }
}

export const contactCursor =
  (query: Query) =>
  (row: { id: string; name: string }): Cursor => ({ sort: listNameOf(query), key: row.name, id: row.id })

const byName = sql`${contacts.name} collate nocase`
/** What a search found is sorted; the plus keeps SQLite from walking the index of all names instead. */
const unindexed = sql`+${contacts.name} collate nocase`

const page = (msp: MspScope, query: Query, condition: SQL | undefined, order: SQL) =>
  msp
    .select({
      id: contacts.id,
      customerId: contacts.customerId,
      name: contacts.name,
      email: contacts.email,
      jobTitle: contacts.jobTitle,
      access: contacts.access,
      customerName: sql<string>`${customers.name}`.as('customer_name'),
      customerState: customers.state,
      portalState: customers.portalState,
    })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .where(msp.mine(contacts, and(isNull(contacts.removedAt), condition)))
    .orderBy(asc(order), asc(contacts.id))
    .limit(query.limit + 1)

/** Where an index is read from: those of the marker's very name behind it, then all names behind. */
const stretchesOf = (marker: Cursor | undefined): [SQL | undefined, ...SQL[]] => {
  if (marker === undefined) return [undefined]
  const name = textKeyOf(marker)
  return [sql`${eq(byName, name)} and ${gt(contacts.id, marker.id)}`, gt(byName, name)]
}

/** Tells lists apart: a marker of one is no place in another. */
const listNameOf = ({ q }: Query): string => JSON.stringify(['contacts', q?.trim() ?? ''])

const prefixesOf = (query: string): string[] => {
  const prefixes = prefixesIn(query)
  if (prefixes.length === 0) throw invalidField('/q', 'Type at least two letters or digits.')
  return prefixes
}

/** The words with this beginning, and what they are of: a contact, a customer's own row, or a tenant. */
const wordsFrom = (msp: MspScope, prefix: string, more?: SQL) =>
  msp
    .select({ id: customerWords.id, customerId: customerWords.customerId })
    .from(customerWords)
    .where(
      msp.mine(
        customerWords,
        and(more, gte(customerWords.word, prefix), lt(customerWords.word, `${prefix}\u{10ffff}`)),
      ),
    )
    .orderBy(asc(customerWords.word), asc(customerWords.customerId))

const wordSources = (msp: MspScope, prefix: string) => {
  const found = wordsFrom(msp, prefix).limit(WORD_ROWS_MAX).as('found')
  return msp.select({ id: found.id }).from(found)
}

/** The customers that are called so themselves. */
const customersFrom = (msp: MspScope, prefix: string) =>
  msp
    .select({ customerId: customerWords.customerId })
    .from(customerWords)
    .where(
      msp.mine(
        customerWords,
        and(
          eq(customerWords.id, customerWords.customerId),
          gte(customerWords.word, prefix),
          lt(customerWords.word, `${prefix}\u{10ffff}`),
        ),
      ),
    )
    .groupBy(customerWords.customerId)

const customersIn = (msp: MspScope, prefix: string) => customersFrom(msp, prefix).limit(CUSTOMERS_MAX)

const ofThisContact = and(
  eq(customerWords.customerId, contacts.customerId),
  or(eq(customerWords.id, contacts.id), eq(customerWords.id, contacts.customerId)),
)
