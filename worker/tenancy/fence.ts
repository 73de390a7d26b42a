import type { Statement } from '../../db/connect.ts'
import { ownershipOf, readableBelow } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import { FenceBreach, readStatement } from './read-statement.ts'
import type { Use } from './read-statement.ts'

export { FenceBreach } from './read-statement.ts'

/** On whose behalf a statement runs. Each level below narrows what it may touch. */
export type Owner = { mspId: string; customerId?: string; tenantId?: string }

/**
 * Refuses a statement in which any owned table is not bound to its owner: each table of a join, each side of a union,
 * each nested select. Runs before every statement, in production too; what a text binds is worked out once and kept.
 * What it cannot read it refuses: it knows the shapes our statements have, not all of SQL. Where an MSP reads about one
 * customer, `readsAs: 'msp'` lets it read what is its own beside that, such as its mail addresses.
 */
export const checkStatement = (statement: Statement, owner: Owner, readsAs?: 'msp'): void => {
  for (const use of usesIn(statement.sql)) {
    const ownership = ownershipOf.get(use.table)
    if (ownership === undefined) throw new FenceBreach(`"${use.table}" is no table of a shard.`, statement.sql)
    require(statement, use, 'msp_id', owner.mspId)
    if (use.movesTo !== undefined) checkMove(statement, use, ownership, owner)
    if (owner.customerId === undefined) continue
    if (readableBelow.has(use.table) && !use.writes) continue
    if (readsAs === 'msp' && isOfMspAlone(use, ownership)) continue
    requireBelow(statement, use, ownership, owner)
  }
  watcher?.(statement)
}

let watcher: ((statement: Statement) => void) | undefined

/** For tests: is told of every statement that is let through, so that one which came another way stands out. */
export const watchFence = (watch: (statement: Statement) => void): void => {
  watcher = watch
}

/** Rows change hands within one MSP only (the foreign key carries it), and only for the MSP itself, by naming who has them. */
const checkMove = (statement: Statement, use: Use, ownership: Ownership, owner: Owner): void => {
  if (owner.customerId !== undefined)
    throw new FenceBreach(`"${use.table}": only an MSP moves rows between its customers.`, statement.sql)
  if (ownership.level !== 'customer' && !ownership.mayNameCustomer)
    throw new FenceBreach(`"${use.table}" belongs to no customer.`, statement.sql)
  if (!use.bound.has('customer_id'))
    throw new FenceBreach(`"${use.table}" does not say whose rows it moves.`, statement.sql)
}

/** Rows that are the MSP's and no customer's, and are not written. */
const isOfMspAlone = (use: Use, { level, mayNameCustomer }: Ownership): boolean =>
  level === 'msp' && !mayNameCustomer && use.table !== 'customers' && !use.writes

const requireBelow = (statement: Statement, use: Use, ownership: Ownership, owner: Owner): void => {
  if (owner.tenantId !== undefined && ownership.level === 'tenant') {
    require(statement, use, 'tenant_id', owner.tenantId)
    return
  }
  if (ownership.level === 'tenant') {
    // A tenant's rows carry no customer: they hang on the customer through its tenants, which are checked themselves.
    if (use.boundThrough.has('tenant_id')) return
    throw new FenceBreach(`"${use.table}" is not reached through this customer's tenants.`, statement.sql)
  }
  if (ownership.level === 'customer' || ownership.mayNameCustomer) {
    require(statement, use, 'customer_id', owner.customerId ?? '')
    return
  }
  if (use.table === 'customers') {
    require(statement, use, 'id', owner.customerId ?? '')
    return
  }
  throw new FenceBreach(`"${use.table}" belongs to the MSP and is not for a customer's scope.`, statement.sql)
}

const require = (statement: Statement, use: Use, column: string, wanted: string): void => {
  const positions = use.bound.get(column)
  if (positions === undefined || positions.length === 0) {
    throw new FenceBreach(`"${use.table}" is not bound to its ${column}.`, statement.sql)
  }
  // What must equal two values at once is bound by either; of rows that are inserted each is bound by its own.
  const isWanted = (position: number) => statement.params[position] === wanted
  if (use.inserts ? !positions.every(isWanted) : !positions.some(isWanted)) {
    throw new FenceBreach(`"${use.table}" is bound to another ${column}.`, statement.sql)
  }
  // A row that is there already may be somebody else's, unless its owner is part of what makes it the same row.
  if (use.overwritesBy !== undefined && !use.overwritesBy.includes(column)) {
    throw new FenceBreach(`"${use.table}" might overwrite a row of another ${column}.`, statement.sql)
  }
}

const kept = new Map<string, readonly Use[]>()
const KEPT_MAX = 2000

const usesIn = (sql: string): readonly Use[] => {
  const known = kept.get(sql)
  if (known !== undefined) return known
  const uses = readStatement(sql)
  if (kept.size >= KEPT_MAX) kept.clear()
  kept.set(sql, uses)
  return uses
}
