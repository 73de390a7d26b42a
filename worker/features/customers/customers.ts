import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { z } from '@hono/zod-openapi'
import { contacts, customerWords, customers, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { invalidField, stale } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import type { CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import type { CustomerInput, CustomerQuery } from './customers.schema.ts'
import { folded, prefixesIn, wordsIn } from './words.ts'

export type CustomerRow = typeof customers.$inferSelect
type Input = z.infer<typeof CustomerInput>
type Query = z.infer<typeof CustomerQuery>

/** How many word rows one prefix may bring; more than that is said, not read. */
const WORD_ROWS_MAX = 200

const columnOf: Record<string, SQLiteColumn> = {
  name: customers.sortName,
  createdAt: customers.createdAt,
  users: customers.licensedUserCount,
  tenants: customers.tenantCount,
  health: customers.healthRank,
}

/** One page of customers, and one row more when there is another page. Costs the page, however many there are. */
export const listCustomers = async (
  msp: MspScope,
  query: Query,
): Promise<{ rows: CustomerRow[]; truncated: boolean }> => {
  const descending = query.sort.startsWith('-')
  const column = columnOf[query.sort.replace('-', '')]
  if (column === undefined) throw invalidField('/sort', 'This list cannot be sorted by that.')
  const order = descending ? desc : asc
  const found = query.q === undefined || query.q.trim() === '' ? undefined : await searchFor(msp, query.q)
  const rows = await msp.list(customers, {
    where: and(
      eq(customers.state, query.state),
      found === undefined
        ? undefined
        : sql`${customers.id} in (select value from json_each(${JSON.stringify(found.ids)}))`,
      query.cursor === undefined ? undefined : after(column, decodeCursor(query.cursor, query.sort), descending),
    ),
    orderBy: [order(column), order(customers.id)],
    limit: query.limit + 1,
  })
  return { rows, truncated: found?.truncated ?? false }
}

export const customerCursor =
  (sort: string) =>
  (row: CustomerRow): Cursor => ({ sort, key: sortKey(row, sort.replace('-', '')), id: row.id })

export const createCustomer = async (
  msp: MspScope,
  input: Input,
  answer: (row: CustomerRow) => unknown,
): Promise<CustomerRow> => {
  const values = valuesOf(input)
  const given = { id: newId(now()), createdAt: now(), ...values }
  const row: CustomerRow = {
    mspId: msp.mspId,
    version: 1,
    state: 'active',
    psaId: null,
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
      answer: { status: 201, body: answer(row) },
    },
    msp.add(customers, given),
    ...rewriteWords(customer, wordsIn(row.name, row.email)),
  )
  return row
}

/** Replaces what staff keep of a customer. Problems: `missing`, `stale`. */
export const replaceCustomer = async (
  msp: MspScope,
  customerId: string,
  input: Input,
  expectedVersion: number | undefined,
): Promise<CustomerRow> => {
  const before = await msp.find(customers, customerId, 'customer')
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw stale()
  const customer = msp.forCustomer(customerId)
  const values = valuesOf(input)
  await msp.commit(
    { action: 'customer.changed', subject: { kind: 'customer', id: customerId, name: values.name }, customerId },
    msp.change(customers, before, values),
    ...rewriteWords(customer, await searchWordsOf(customer, { ...before, ...values })),
  )
  return { ...before, ...values, version: before.version + 1 }
}

/** Every word a customer is found by, from its row, its contacts and its tenants, as they will be. */
export const searchWordsOf = async (
  customer: CustomerScope,
  row: Pick<CustomerRow, 'name' | 'email' | 'psaId'>,
  coming: { contacts?: { name: string; email: string | null }[]; domains?: string[] } = {},
): Promise<string[]> => {
  const [people, domains] = await customer.readAll([
    customer
      .select({ name: contacts.name, email: contacts.email })
      .from(contacts)
      .where(customer.mine(contacts))
      .limit(200),
    customer
      .select({ domain: tenants.domain, name: tenants.name })
      .from(tenants)
      .where(customer.mine(tenants))
      .limit(50),
  ])
  return wordsIn(
    row.name,
    row.email,
    row.psaId,
    ...[...people, ...(coming.contacts ?? [])].flatMap(({ name, email }) => [name, email]),
    ...domains.flatMap(({ domain, name }) => [domain, name]),
    ...(coming.domains ?? []),
  )
}

export const rewriteWords = (customer: CustomerScope, words: string[]): Write[] => [
  customer.removeWhere(customerWords, undefined),
  customer.putAll(
    customerWords,
    words.map((word) => ({ id: 'word', word })),
  ),
]

const valuesOf = (input: Input) => ({
  name: input.name,
  sortName: folded(input.name),
  email: input.email,
  phone: input.phone,
  address: input.address,
  notes: input.notes,
})

const searchFor = async (msp: MspScope, query: string): Promise<{ ids: string[]; truncated: boolean }> => {
  const prefixes = prefixesIn(query)
  const [first, ...more] = prefixes
  if (first === undefined) throw invalidField('/q', 'Type at least two letters or digits.')
  const byPrefix = (prefix: string) =>
    msp
      .select({ customerId: customerWords.customerId })
      .from(customerWords)
      .where(
        msp.mine(customerWords, and(gte(customerWords.word, prefix), lt(customerWords.word, `${prefix}\u{10ffff}`))),
      )
      .limit(WORD_ROWS_MAX + 1)
  const results = await msp.readAll([byPrefix(first), ...more.map(byPrefix)])
  const sets = results.map((rows) => new Set(rows.slice(0, WORD_ROWS_MAX).map(({ customerId }) => customerId)))
  const [base, ...others] = sets
  return {
    ids: [...(base ?? [])].filter((id) => others.every((set) => set.has(id))),
    truncated: results.some((rows) => rows.length > WORD_ROWS_MAX),
  }
}

const after = (column: SQLiteColumn, { key, id }: Cursor, descending: boolean): SQL | undefined =>
  descending ? sql`(${column}, ${customers.id}) < (${key}, ${id})` : sql`(${column}, ${customers.id}) > (${key}, ${id})`

const sortKey = (row: CustomerRow, field: string): string | number => {
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
      return row.healthRank
    default:
      throw new Error(`Customers have no sort key "${field}".`)
  }
}
