import { and, asc, desc, eq, exists, gte, inArray, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { z } from '@hono/zod-openapi'
import { customerWords, customers } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { invalidField } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import type { Answer, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import type { CustomerInput, CustomerQuery } from './customers.schema.ts'
import { folded, prefixesIn, wordsOfCustomer } from '../../../db/customer-words.ts'

export type CustomerRow = typeof customers.$inferSelect
type Input = z.infer<typeof CustomerInput>
type Query = z.infer<typeof CustomerQuery>

/** How many words the longest prefix may find; more than that is said, not read. The others only narrow these. */
const WORD_ROWS_MAX = 200

/** What a list is sorted by, in the order of an index that ends with the id. */
const columnsOf: Record<string, [SQLiteColumn, ...SQLiteColumn[]]> = {
  name: [customers.sortName],
  createdAt: [customers.createdAt],
  users: [customers.licensedUserCount],
  tenants: [customers.tenantCount],
  health: [customers.healthRank, customers.sortName],
}

/** One page of customers, and one row more when there is another page. Costs the page, however many there are. */
export const listCustomers = async (
  msp: MspScope,
  query: Query,
): Promise<{ rows: CustomerRow[]; truncated: boolean }> => {
  const descending = query.sort.startsWith('-')
  const columns = columnsOf[query.sort.replace('-', '')]
  if (columns === undefined) throw invalidField('/sort', 'This list cannot be sorted by that.')
  const order = descending ? desc : asc
  const [first, ...others] = query.q === undefined || query.q.trim() === '' ? [] : prefixesOf(query.q)
  // Found customers are looked up by their ids: the plus keeps SQLite from walking an index in the order asked for.
  const state = first === undefined ? eq(customers.state, query.state) : sql`+${customers.state} = ${query.state}`
  const [rows, matches] = await msp.readAll([
    msp
      .select()
      .from(customers)
      .where(
        msp.mine(
          customers,
          and(
            state,
            first === undefined
              ? undefined
              : inArray(customers.id, eachOnce(wordsFrom(msp, first)).limit(WORD_ROWS_MAX)),
            ...others.map((prefix) => exists(wordsFrom(msp, prefix, eq(customerWords.customerId, customers.id)))),
            query.cursor === undefined ? undefined : after(columns, decodeCursor(query.cursor, query.sort), descending),
          ),
        ),
      )
      .orderBy(...columns.map((column) => order(column)), order(customers.id))
      .limit(query.limit + 1),
    ...(first === undefined ? [] : [eachOnce(wordsFrom(msp, first)).limit(WORD_ROWS_MAX + 1)]),
  ])
  return { rows, truncated: (matches?.length ?? 0) > WORD_ROWS_MAX }
}

export const customerCursor =
  (sort: string) =>
  (row: CustomerRow): Cursor => ({ sort, key: sortKey(row, sort.replace('-', '')), id: row.id })

export const createCustomer = async (
  msp: MspScope,
  input: Input,
  answer: (row: CustomerRow) => Answer,
): Promise<CustomerRow> => {
  const values = valuesOf(input)
  const given = { id: newId(now()), createdAt: now(), ...values }
  const row: CustomerRow = {
    mspId: msp.mspId,
    version: 1,
    state: 'active',
    tenantCount: 0,
    contactCount: 0,
    licensedUserCount: 0,
    primaryContactName: null,
    healthRank: 3,
    healthSince: null,
    healthReasons: [],
    healthAsOf: null,
    portalState: 'none',
    portalHost: null,
    ...given,
  }
  const customer = msp.forCustomer(row.id)
  await msp.commit(
    {
      action: 'customer.created',
      subject: { kind: 'customer', id: row.id, name: row.name },
      customerId: row.id,
      answer: answer(row),
    },
    msp.add(customers, given),
    ...changeWords(customer, row.id, wordsOfCustomer(row)),
  )
  return row
}

/** Replaces what staff keep of a customer. Problems: `missing`, `stale`. */
export const replaceCustomer = async (
  msp: MspScope,
  customerId: string,
  input: Input,
  wanted: Expected,
): Promise<CustomerRow> => {
  const customer = msp.forCustomer(customerId)
  const before = await msp.find(customers, customerId, 'customer')
  refuseUnexpected(before, wanted)
  const values = valuesOf(input)
  await msp.commit(
    { action: 'customer.changed', subject: { kind: 'customer', id: customerId, name: values.name }, customerId },
    msp.change(customers, before, values),
    ...changeWords(customer, customerId, wordsOfCustomer(values)),
  )
  return { ...before, ...values, version: before.version + 1 }
}

/**
 * What a customer is found by on account of one thing: its own row, a contact or a tenant, named by its id. Words that
 * it has from elsewhere are left alone, so that whoever changes two things of it at once does not undo the other's.
 */
export const changeWords = (customer: CustomerScope, sourceId: string, words: string[]): Write[] => [
  customer.removeWhere(customerWords, eq(customerWords.id, sourceId)),
  customer.putAll(
    customerWords,
    words.map((word) => ({ id: sourceId, word })),
  ),
]

const valuesOf = (input: Input) => ({
  name: input.name,
  sortName: folded(input.name),
  email: input.email,
  phone: input.phone,
  address: input.address,
  notes: input.notes,
  psaId: input.psaId,
})

const prefixesOf = (query: string): string[] => {
  const prefixes = prefixesIn(query)
  if (prefixes.length === 0) throw invalidField('/q', 'Type at least two letters or digits.')
  return prefixes
}

/** The customers that have a word with this beginning, by the words' order. */
const wordsFrom = (msp: MspScope, prefix: string, more?: SQL) =>
  msp
    .select({ customerId: customerWords.customerId })
    .from(customerWords)
    .where(
      msp.mine(
        customerWords,
        and(more, gte(customerWords.word, prefix), lt(customerWords.word, `${prefix}\u{10ffff}`)),
      ),
    )
    .orderBy(asc(customerWords.word), asc(customerWords.customerId))

/** A word that a customer has from several of its contacts counts once. */
const eachOnce = (words: ReturnType<typeof wordsFrom>) => words.groupBy(customerWords.word, customerWords.customerId)

const after = (columns: SQLiteColumn[], { key, id }: Cursor, descending: boolean): SQL => {
  const keys = Array.isArray(key) ? key : [key]
  if (keys.length !== columns.length) throw invalidField('/cursor', 'This page marker does not belong to this list.')
  const [last, marked] = [
    sql.join([...columns, customers.id], sql`, `),
    sql.join(
      [...keys, id].map((part) => sql`${part}`),
      sql`, `,
    ),
  ]
  return descending ? sql`(${last}) < (${marked})` : sql`(${last}) > (${marked})`
}

const sortKey = (row: CustomerRow, field: string): Cursor['key'] => {
  switch (field) {
    case 'name':
      return row.sortName
    case 'createdAt':
      return row.createdAt
    case 'users':
      return row.licensedUserCount
    case 'tenants':
      return row.tenantCount
    case 'health':
      return [row.healthRank, row.sortName]
    default:
      throw new Error(`Customers have no sort key "${field}".`)
  }
}
