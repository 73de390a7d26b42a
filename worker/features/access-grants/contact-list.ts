import { and, asc, eq, gt, gte, isNull, lt, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import type { Sought } from '../../../db/customer-words.ts'
import { contacts, customers } from '../../../db/shard/schema.ts'
import { decodeCursor, textKeyOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { hasWordFrom, isCut, matchCounts, mayMean, soughtOf } from '../customers/index.ts'
import { GRANT_COUNT_MAX } from './access-grants.schema.ts'
import type { ContactOfAllQuery } from './access-grants.schema.ts'

type Query = z.infer<typeof ContactOfAllQuery>

/** How many contacts whose name begins just as it is typed are found beside those whom the words find. */
const NAMESAKES_MAX = 20

/** A contact in the list of all of them. */
export type ContactOfAll = Awaited<ReturnType<typeof listContactsOfAll>>['rows'][number]

/**
 * One page of the contacts of all customers by name, and one row more when there is another page; a search finds them by the
 * beginnings of words of their own and of their customer. Costs the page, or what the words find, however many there are.
 */
export const listContactsOfAll = async (msp: MspScope, query: Query) => {
  const sought = soughtOf(query.q)
  const marker = query.cursor === undefined ? undefined : decodeCursor(query.cursor, listNameOf(query))
  if (sought.length > 0) return found(msp, query.q ?? '', sought, query.limit + 1, marker)
  const [start, ...more] = stretchesOf(marker)
  const pages = await msp.readAll([
    page(msp, query.limit + 1, start, byName),
    ...more.map((stretch) => page(msp, query.limit + 1, stretch, byName)),
  ])
  return { rows: pages.flat().slice(0, query.limit + 1), truncated: false }
}

/** All whom one grant may take, by name: everybody whom a search finds, or everybody there is. Costs what was found. */
export const listCandidates = async (msp: MspScope, typed: string | undefined) => {
  const sought = soughtOf(typed)
  const { rows, truncated } =
    sought.length === 0
      ? { rows: await page(msp, GRANT_COUNT_MAX + 1, undefined, byName), truncated: false }
      : await found(msp, typed ?? '', sought, GRANT_COUNT_MAX + 1, undefined, GRANT_COUNT_MAX)
  return { rows: rows.slice(0, GRANT_COUNT_MAX), truncated: truncated || rows.length > GRANT_COUNT_MAX }
}

const found = async (
  msp: MspScope,
  typed: string,
  sought: Sought[],
  limit: number,
  marker: Cursor | undefined,
  wordRowsMax?: number,
) => {
  const meant = sql`${mayMean(msp, 'sources', typed, sought, wordRowsMax)} as meant`
  const ofCustomer = msp.mine(contacts, eq(contacts.customerId, sql`meant.found_id`))
  // `cross` keeps the order: first which customers the words mean, then their contacts, instead of all contacts.
  const isFound = sql`${contacts.id} in (select found_id from ${meant} union select ${contacts.id} from ${meant} cross join ${contacts} where ${ofCustomer} union select id from ${namesakes(msp, typed)})`
  const hasAll = sought.map((one) =>
    or(
      hasWordFrom(msp, one, contacts.customerId, contacts.id),
      hasWordFrom(msp, one, contacts.customerId, contacts.customerId),
    ),
  )
  const [rows, ...counts] = await msp.readAll([
    page(msp, limit, and(isFound, ...hasAll, marker && or(...stretchesOf(marker))), unindexed),
    ...matchCounts(msp, 'sources', sought, wordRowsMax),
  ])
  return { rows, truncated: isCut(counts, wordRowsMax) }
}

/** Whoever's name begins with what is typed, without minding A to Z's case. */
const namesakes = (msp: MspScope, typed: string) => {
  const beginning = typed.trim().replaceAll(/\s+/g, ' ')
  return msp
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      msp.mine(contacts, and(isNull(contacts.removedAt), gte(byName, beginning), lt(byName, `${beginning}\u{10ffff}`))),
    )
    .orderBy(asc(byName), asc(contacts.id))
    .limit(NAMESAKES_MAX)
    .as('namesakes')
}

export const contactCursor =
  (query: Query) =>
  (row: { id: string; name: string }): Cursor => ({ sort: listNameOf(query), key: row.name, id: row.id })

const byName = sql`${contacts.name} collate nocase`
/** What a search found is sorted; the plus keeps SQLite from walking the index of all names instead. */
const unindexed = sql`+${contacts.name} collate nocase`

const page = (msp: MspScope, limit: number, condition: SQL | undefined, order: SQL) =>
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
    .limit(limit)

/** Where an index is read from: those of the marker's very name behind it, then all names behind. */
const stretchesOf = (marker: Cursor | undefined): [SQL | undefined, ...SQL[]] => {
  if (marker === undefined) return [undefined]
  const name = textKeyOf(marker)
  return [sql`${eq(byName, name)} and ${gt(contacts.id, marker.id)}`, gt(byName, name)]
}

/** Tells lists apart: a marker of one is no place in another. */
const listNameOf = ({ q }: Query): string => JSON.stringify(['contacts', q?.trim() ?? ''])
