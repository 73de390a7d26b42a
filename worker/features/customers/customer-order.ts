import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { customers } from '../../../db/shard/schema.ts'
import type { CustomerRow } from './customers.ts'

/** A column that a list is sorted by, as its index holds it. */
type Column = {
  of: SQLiteColumn
  field: 'sortName' | 'primaryContactName' | 'psaId' | 'tenantCount' | 'licensedUserCount' | 'healthRank' | 'createdAt'
  /** Compared without the case of A to Z (SQLite's NOCASE), and last in either direction where there is none. */
  isLoose?: true
}

export type Order = { columns: [Column, ...Column[]]; descending: boolean }

const orders = {
  name: [{ of: customers.sortName, field: 'sortName' }],
  contact: [{ of: customers.primaryContactName, field: 'primaryContactName', isLoose: true }],
  tenants: [{ of: customers.tenantCount, field: 'tenantCount' }],
  users: [{ of: customers.licensedUserCount, field: 'licensedUserCount' }],
  health: [
    { of: customers.healthRank, field: 'healthRank' },
    { of: customers.sortName, field: 'sortName' },
  ],
  psaId: [{ of: customers.psaId, field: 'psaId', isLoose: true }],
  createdAt: [{ of: customers.createdAt, field: 'createdAt' }],
} satisfies Record<string, [Column, ...Column[]]>

export const customerSorts = [
  'name',
  '-name',
  'contact',
  '-contact',
  'tenants',
  '-tenants',
  'users',
  '-users',
  'health',
  '-health',
  'psaId',
  '-psaId',
  'createdAt',
  '-createdAt',
] as const

/** What there is an index for beside every filter. */
export const filteredSorts: readonly Field[] = ['name', 'users', 'health', 'createdAt']

type Field = keyof typeof orders
export type CustomerSort = (typeof customerSorts)[number]

export const fieldOf = (sort: CustomerSort): Field => (sort.startsWith('-') ? sort.slice(1) : sort) as Field

export const orderOf = (sort: CustomerSort): Order => ({
  columns: orders[fieldOf(sort)],
  descending: sort.startsWith('-'),
})

/** Where a row stands in an order: its columns' values, and none where it has none. */
export const keyIn = ({ columns }: Order, row: CustomerRow): (string | number)[] =>
  columns.flatMap(({ field }) => row[field] ?? [])

/** The first `count` rows of several lists that are each in this order already, as the database would order them together. */
export const merged = (order: Order, lists: CustomerRow[][], count: number): CustomerRow[] =>
  (lists.length === 1 ? (lists[0] ?? []) : inOrder(order, lists.flat())).slice(0, count)

/** What any order goes by. */
export type OrderKeys = Pick<CustomerRow, 'id' | Column['field']>

/** Rows in an order, as the database would put them. */
export const inOrder = <Row extends OrderKeys>(order: Order, rows: Row[]): Row[] =>
  rows.toSorted((one, other) => compared(order, one, other))

const compared = ({ columns, descending }: Order, one: OrderKeys, other: OrderKeys): number => {
  const sign = descending ? -1 : 1
  for (const { field, isLoose } of columns) {
    const [first, second] = [asCompared(one[field], isLoose), asCompared(other[field], isLoose)]
    if (first === null || second === null) {
      if (first === second) continue
      return first === null ? 1 : -1
    }
    const difference = comparedValues(first, second)
    if (difference !== 0) return sign * difference
  }
  return sign * comparedValues(one.id, other.id)
}

const asCompared = (value: string | number | null, isLoose: true | undefined): string | number | null =>
  isLoose && typeof value === 'string' ? value.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : value

/** SQLite compares texts by their bytes in UTF-8, whose order is that of code points; JavaScript's is another one. */
const comparedValues = (one: string | number, other: string | number): number => {
  if (typeof one === 'number' || typeof other === 'number') return Number(one) - Number(other)
  const [first, second] = [[...one], [...other]]
  for (const [at, letter] of first.entries()) {
    const against = second[at]
    if (against === undefined) return 1
    if (letter !== against) return (letter.codePointAt(0) ?? 0) - (against.codePointAt(0) ?? 0)
  }
  return first.length - second.length
}
