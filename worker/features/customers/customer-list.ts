import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { z } from '@hono/zod-openapi'
import type { Sought } from '../../../db/customer-words.ts'
import { customerWords, customers, healthLevels, portalStates } from '../../../db/shard/schema.ts'
import { decodeCursor, foreignMarker } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { invalidField } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { fieldOf, filteredSorts, inOrder, keyIn, merged, orderOf } from './customer-order.ts'
import type { Order, OrderKeys } from './customer-order.ts'
import { among } from '../../tenancy/among.ts'
import type { CustomerRow } from './customers.ts'
import type { CustomerQuery } from './customers.schema.ts'
import { hasWord, isCut, isMeant, matchCounts, mayMean, soughtOf } from './word-search.ts'

type Query = z.infer<typeof CustomerQuery>
type Part = string | number
type Marker = { key: Part[]; id: string }

/** One page of customers, and one row more when there is another page. Costs the page, however many there are. */
export const listCustomers = async (
  msp: MspScope,
  query: Query,
): Promise<{ rows: CustomerRow[]; truncated: boolean }> => {
  const order = orderOf(query.sort)
  const marker = markerOf(query, order)
  const sought = soughtOf(query.q)
  if (sought.length > 0) return found(msp, query, sought, order, marker)
  const [first, ...others] = statesOf(query).flatMap((state) =>
    stretchesOf(query, order, marker).map((stretch) =>
      pageWhere(msp, and(eq(customers.state, state), stretch), order).limit(query.limit + 1),
    ),
  )
  if (first === undefined) return { rows: [], truncated: false }
  return { rows: merged(order, await msp.readAll([first, ...others]), query.limit + 1), truncated: false }
}

/** A disabled customer is still one that is looked after: it stands among the active ones. */
const statesOf = ({ state }: Query): CustomerRow['state'][] =>
  state === 'archived' ? ['archived'] : ['active', 'disabled']

export const customerCursor =
  (query: Query) =>
  (row: CustomerRow): Cursor => ({ sort: listNameOf(query), key: keyIn(orderOf(query.sort), row), id: row.id })

/** Who is found, narrowed by all words. The plus keeps SQLite from walking an index in the order asked for. */
const found = async (msp: MspScope, query: Query, sought: Sought[], order: Order, marker: Marker | undefined) => {
  const { portals, ranks } = filtersOf(query)
  const [rows, ...counts] = await msp.readAll([
    pageWhere(
      msp,
      and(
        inArray(sql`+${customers.state}`, statesOf(query)),
        portals && inArray(sql`+${customers.portalState}`, portals),
        ranks && inArray(sql`+${customers.healthRank}`, ranks),
        sql`${customers.id} in ${mayMean(msp, 'customers', query.q ?? '', sought)}`,
        ...sought.map((one) => hasWord(msp, one, customers.id)),
        marker && or(...after(order, marker)),
      ),
      order,
      asc(isNull(order.columns[0].of)),
    ).limit(query.limit + 1),
    ...matchCounts(msp, 'customers', sought),
  ])
  return { rows, truncated: isCut(counts) }
}

/** How much of what only sorts is read at a time. */
const KEYS_PER_READ = 1000

/**
 * Everybody whom a search finds, however many they are, in the order asked for and page by page. Costs what was found:
 * first what they are sorted by, of all of them, then their rows as they are taken.
 */
export async function* listAllFound(msp: MspScope, query: Query): AsyncGenerator<CustomerRow[], void> {
  const [first, ...others] = soughtOf(query.q)
  if (first === undefined) throw new Error('Nothing is searched for.')
  const keys: OrderKeys[] = []
  for (const ids of inPortions(await allWith(msp, first), KEYS_PER_READ))
    keys.push(...(await keysOf(msp, query, ids, others)))
  for (const page of inPortions(inOrder(orderOf(query.sort), keys), query.limit)) {
    const ids = page.map(({ id }) => id)
    const rows = new Map((await msp.list(customers, { where: among(customers.id, ids) })).map((row) => [row.id, row]))
    yield ids.flatMap((id) => rows.get(id) ?? [])
  }
}

/** The ids of all customers that have such a word. */
const allWith = async (msp: MspScope, one: Sought): Promise<string[]> => {
  const ids = new Set<string>()
  let marked: { word: string; customerId: string } | undefined
  do {
    const behind: SQL | undefined =
      marked && sql`(${customerWords.word}, ${customerWords.customerId}) > (${marked.word}, ${marked.customerId})`
    const words = await msp
      .select({ word: customerWords.word, customerId: customerWords.customerId })
      .from(customerWords)
      .where(msp.mine(customerWords, and(isMeant(one), behind)))
      .groupBy(customerWords.word, customerWords.customerId)
      .orderBy(asc(customerWords.word), asc(customerWords.customerId))
      .limit(KEYS_PER_READ)
    for (const { customerId } of words) ids.add(customerId)
    marked = words.length < KEYS_PER_READ ? undefined : words.at(-1)
  } while (marked !== undefined)
  return [...ids]
}

const keysOf = (msp: MspScope, query: Query, ids: string[], sought: Sought[]): Promise<OrderKeys[]> => {
  const { portals, ranks } = filtersOf(query)
  return msp
    .select({
      id: customers.id,
      sortName: customers.sortName,
      primaryContactName: customers.primaryContactName,
      psaId: customers.psaId,
      tenantCount: customers.tenantCount,
      licensedUserCount: customers.licensedUserCount,
      healthRank: customers.healthRank,
      createdAt: customers.createdAt,
    })
    .from(customers)
    .where(
      msp.mine(
        customers,
        and(
          among(customers.id, ids),
          inArray(sql`+${customers.state}`, statesOf(query)),
          portals && inArray(sql`+${customers.portalState}`, portals),
          ranks && inArray(sql`+${customers.healthRank}`, ranks),
          ...sought.map((one) => hasWord(msp, one, customers.id)),
        ),
      ),
    )
}

const inPortions = <T>(all: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))

/** In an order, and `first` in another one, which no index knows. */
const pageWhere = (msp: MspScope, condition: SQL | undefined, { columns, descending }: Order, ...first: SQL[]) => {
  const direction = descending ? desc : asc
  return msp
    .select()
    .from(customers)
    .where(msp.mine(customers, condition))
    .orderBy(
      ...first,
      ...columns.map(({ of, isLoose }) => direction(isLoose ? loosely(of) : of)),
      direction(customers.id),
    )
}

/**
 * The stretches of indexes that hold what is asked for, each of which is in the order asked for: one for each portal
 * state and health where a filter is set, and apart those who have nothing in the column.
 */
const stretchesOf = (query: Query, order: Order, marker: Marker | undefined): (SQL | undefined)[] => {
  const field = fieldOf(query.sort)
  const { portals, ranks } = filtersOf(query)
  const isFiltered = portals !== undefined || ranks !== undefined
  if (!isFiltered && field !== 'health') return marker === undefined ? startOf(order) : after(order, marker)
  if (!filteredSorts.includes(field))
    throw invalidField('/sort', `A filtered list can be sorted by ${filteredSorts.join(', ')}.`)
  const eachPortal = (portals ?? portalStates).map((portal) => eq(customers.portalState, portal))
  if (field === 'health' && ranks === undefined)
    return eachPortal.flatMap((portal) =>
      (marker === undefined ? startOf(order) : after(order, marker)).map((stretch) => and(portal, stretch)),
    )
  return eachPortal.flatMap((portal) =>
    (ranks ?? allRanks).flatMap((rank) =>
      withinRank(order, marker, rank).map((stretch) => and(portal, eq(customers.healthRank, rank), stretch)),
    ),
  )
}

const allRanks = healthLevels.map((_, rank) => rank)

/** What is left of an order within one health: the marker's own health from the marker on, and all of those after it. */
const withinRank = (order: Order, marker: Marker | undefined, rank: number): (SQL | undefined)[] => {
  const [first, second] = order.columns
  if (first.of !== customers.healthRank || second === undefined)
    return marker === undefined ? [undefined] : after(order, marker)
  const [markedRank, ...key] = marker?.key ?? []
  if (marker === undefined || typeof markedRank !== 'number') return [undefined]
  if (rank === markedRank) return after({ ...order, columns: [second] }, { key, id: marker.id })
  return rank > markedRank === order.descending ? [] : [undefined]
}

/** Where an index is read from when no page came before; `>= ''` lets it pass over those who have nothing, which "is not null" does not. */
const startOf = ({ columns: [first] }: Order): (SQL | undefined)[] =>
  first.isLoose ? [gte(loosely(first.of), ''), isNull(first.of)] : [undefined]

/** What comes after a row that was shown, as stretches that an index finds the beginning of. */
const after = ({ columns, descending }: Order, { key, id }: Marker): SQL[] => {
  const [first] = columns
  const beyond = descending ? lt : gt
  if (!first.isLoose) return [beyondRow([...columns.map(({ of }) => of), customers.id], descending, [...key, id])]
  const [marked] = key
  if (marked === undefined) return [sql`${isNull(first.of)} and ${beyond(customers.id, id)}`]
  return [
    sql`${eq(loosely(first.of), marked)} and ${beyond(customers.id, id)}`,
    beyond(loosely(first.of), marked),
    isNull(first.of),
  ]
}

const loosely = (column: SQLiteColumn): SQL => sql`${column} collate nocase`

const beyondRow = (columns: SQLWrapper[], descending: boolean, values: Part[]): SQL => {
  const [last, marked] = [
    sql.join(columns, sql`, `),
    sql.join(
      values.map((part) => sql`${part}`),
      sql`, `,
    ),
  ]
  return descending ? sql`(${last}) < (${marked})` : sql`(${last}) > (${marked})`
}

const markerOf = (query: Query, { columns }: Order): Marker | undefined => {
  if (query.cursor === undefined) return undefined
  const { key, id } = decodeCursor(query.cursor, listNameOf(query))
  const parts = Array.isArray(key) ? key : [key]
  const isWhole = parts.length === columns.length || (parts.length === 0 && columns[0].isLoose === true)
  if (!isWhole) throw foreignMarker()
  return { key: parts, id }
}

/** Tells lists apart: a marker of one is no place in another. */
const listNameOf = ({ sort, state, health, problems, portal, q }: Query): string =>
  JSON.stringify([sort, state, health ?? null, problems ?? null, portal ?? null, q?.trim() ?? ''])

/** What the filters let through; undefined where they let everything through. */
const filtersOf = ({ health, problems, portal }: Query) => {
  const levels = healthLevels.filter(
    (level) => (health?.includes(level) ?? true) && (problems !== true || level === 'red' || level === 'amber'),
  )
  return {
    portals: portal && [portal],
    ranks: levels.length === healthLevels.length ? undefined : levels.map((level) => healthLevels.indexOf(level)),
  }
}
