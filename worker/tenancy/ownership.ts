import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { is } from 'drizzle-orm'
import * as schema from '../../db/shard/schema.ts'

export type OwnerLevel = 'msp' | 'customer' | 'tenant'

/** What the shape of every shard table says about who owns its rows. */
export type Ownership = {
  level: OwnerLevel
  /** An MSP's table whose rows may concern one customer: the column is there, but may be empty. */
  mayNameCustomer: boolean
}

export const shardTables: SQLiteTable[] = (Object.values(schema) as unknown[]).filter((value): value is SQLiteTable =>
  is(value, SQLiteTable),
)

export const ownershipOf: ReadonlyMap<string, Ownership> = new Map(
  shardTables.map((table) => {
    const { name, columns } = getTableConfig(table)
    const column = (wanted: string) => columns.find((candidate) => candidate.name === wanted)
    if (column('msp_id') === undefined) throw new Error(`${name} has no owner.`)
    const level: OwnerLevel =
      column('tenant_id')?.notNull === true ? 'tenant' : column('customer_id')?.notNull === true ? 'customer' : 'msp'
    return [name, { level, mayNameCustomer: level === 'msp' && column('customer_id') !== undefined }]
  }),
)

/** Tables of the MSP that everything below it may read: its name, help contact and default brand. */
export const readableBelow: ReadonlySet<string> = new Set(['msps'])

/** Tables of quiet facts: what changes in them is no deed of anybody's, and record() may write it without an entry. */
export const unaudited: ReadonlySet<string> = new Set([
  'sessions',
  'api_key_uses',
  'jobs',
  'sync_runs',
  'tenant_users',
  'seat_counts',
  'subscriptions',
  'security_scores',
  'security_alerts',
  'service_health',
  'user_changes',
  'tenant_days',
  'idempotency_keys',
  'connection_attempts',
  // That a logo changed is told by whoever wears it.
  'logos',
])
