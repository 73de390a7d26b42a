import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
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
    const name = getTableName(table)
    const columns = new Map(Object.values(getTableColumns(table)).map((column) => [column.name, column]))
    const column = (wanted: string) => columns.get(wanted)
    if (column('msp_id') === undefined) throw new Error(`${name} has no owner.`)
    const level: OwnerLevel =
      column('tenant_id')?.notNull === true ? 'tenant' : column('customer_id')?.notNull === true ? 'customer' : 'msp'
    return [name, { level, mayNameCustomer: level === 'msp' && column('customer_id') !== undefined }]
  }),
)

/** A table whose rows go when their customer goes: they point at it, or at one of its tenants. */
export type TableBelow = { table: SQLiteTable; name: string; by: 'customer_id' | 'tenant_id' }

let below: readonly TableBelow[] | undefined

/** Every table below a customer, those that point at others first: in this order they can be emptied. Worked out when first asked for. */
export const tablesBelowCustomer = (): readonly TableBelow[] => (below ??= orderedBelowCustomer())

const orderedBelowCustomer = (): TableBelow[] => {
  const pointers = new Map(shardTables.map((table) => [table, getTableConfig(table).foreignKeys]))
  const pointersOf = (table: SQLiteTable) => (pointers.get(table) ?? []).map((pointer) => pointer.reference())
  const pointsBy = (table: SQLiteTable, wanted: string) =>
    pointersOf(table).some(({ columns }) => columns.some(({ name }) => name === wanted))
  const ordered: TableBelow[] = []
  let rest = shardTables.flatMap((table): TableBelow[] => {
    const by = (['customer_id', 'tenant_id'] as const).find((column) => pointsBy(table, column))
    return by === undefined ? [] : [{ table, name: getTableName(table), by }]
  })
  while (rest.length > 0) {
    const pointedAt = new Set(
      rest.flatMap(({ table, name }) =>
        pointersOf(table)
          .map(({ foreignTable }) => getTableName(foreignTable))
          .filter((target) => target !== name),
      ),
    )
    const free = rest.filter(({ name }) => !pointedAt.has(name))
    if (free.length === 0) throw new Error('The tables below a customer point at each other in a circle.')
    ordered.push(...free)
    rest = rest.filter(({ name }) => pointedAt.has(name))
  }
  return ordered
}

/**
 * Tables of the MSP that everything below it may read: its name, help contact and default brand, what it tells customers, its
 * names and prices of licences, how it keeps tickets, and the number of the latest one; how it wants its forms, and what customers'
 * people do by themselves.
 */
export const readableBelow: ReadonlySet<string> = new Set([
  'msps',
  'notices',
  'skus',
  'ticket_settings',
  'ticket_numbers',
  'request_forms',
  'self_service_defaults',
])

/** Tables of quiet facts: what changes in them is no deed of anybody's, and record() may write it without an entry. */
export const unaudited: ReadonlySet<string> = new Set([
  'sessions',
  'password_resets',
  'pending_sign_ins',
  'recovery_codes',
  'hand_overs',
  'previews',
  'api_key_uses',
  'jobs',
  'sync_runs',
  'tenant_users',
  'tenant_user_words',
  'tenant_departments',
  'seat_counts',
  'subscriptions',
  'security_scores',
  'security_alerts',
  'score_controls',
  'service_health',
  'service_issues',
  'part_reads',
  'tenant_groups',
  'group_members',
  'user_changes',
  'tenant_days',
  'idempotency_keys',
  'connection_attempts',
  // That a logo changed is told by whoever wears it.
  'logos',
  'customer_imports',
  'customer_import_rows',
  'customer_import_keys',
  // What is said in a ticket is its own history; its row tells what became of it.
  'ticket_numbers',
  'ticket_people',
  'ticket_entries',
  'ticket_files',
  'ticket_words',
  'ticket_news',
  // The same of a request; the seats it takes and its steps are made from it.
  'request_events',
  'request_steps',
  'request_seats',
  // What one has on one's own workspace is no news to anybody; access given to many is told of each.
  'workspaces',
  'access_grants',
  'access_grant_people',
])
