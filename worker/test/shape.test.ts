import { env } from 'cloudflare:workers'
import { is, sql } from 'drizzle-orm'
import {
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  SQLiteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import * as directorySchema from '../../db/directory/schema.ts'
import { belongsTo, keyed, ownedByCustomer } from '../../db/owned.ts'
import { contacts, customers } from '../../db/shard/schema.ts'
import { shardTables } from '../tenancy/ownership.ts'
import { declaredShapes, migratedShapes, shapeBreaches } from './shape.ts'
import { pastTheFence } from './tripwire.ts'

const { DIRECTORY, SHARD_1, SHARD_2 } = env as unknown as Record<'DIRECTORY' | 'SHARD_1' | 'SHARD_2', D1Database>
const directoryTables = (Object.values(directorySchema) as unknown[]).filter((value): value is SQLiteTable =>
  is(value, SQLiteTable),
)

describe('Every shard table', () => {
  it('is keyed by its MSP, points only within its owner, and keeps no secret as it is', () => {
    expect(shardTables.length).toBeGreaterThan(20)
    expect(shapeBreaches(shardTables)).toEqual([])
  })

  it('is looked up across MSPs by time alone, as the sweep does', () => {
    const shared = declaredShapes(shardTables)
      .flatMap(({ indexes }) => indexes)
      .filter(({ columns }) => columns[0] !== 'msp_id')
    expect(shared.map(({ name }) => name)).toContain('jobs_due')
    for (const { name, columns, unique } of shared) {
      expect(columns, name).toEqual([expect.stringMatching(/^(?:.+_)?at$/)])
      expect(unique, name).toBe(false)
    }
  })

  it.each([
    ['the first', SHARD_1],
    ['the second', SHARD_2],
  ])('stands in %s shard exactly as it is declared', async (_, shard) => {
    expect(await pastTheFence(() => migratedShapes(shard))).toEqual(declaredShapes(shardTables))
  })

  it('is guarded where it is append-only, and counted where it is a summary', async () => {
    const { results } = await SHARD_1.prepare(
      `select tbl_name as "table", name from sqlite_schema where type = 'trigger' order by name`,
    ).all()
    expect(results).toEqual([
      { table: 'activities', name: 'activities_never_change' },
      { table: 'activities', name: 'activities_never_go' },
      { table: 'contacts', name: 'contacts_leave_news' },
      { table: 'contacts', name: 'contacts_leave_requests' },
      { table: 'msps', name: 'msps_currency_moved' },
      { table: 'msps', name: 'msps_number_tickets' },
      { table: 'service_requests', name: 'requests_leave_seats' },
      { table: 'seat_counts', name: 'seat_counts_guests_in' },
      { table: 'seat_counts', name: 'seat_counts_idle_in' },
      { table: 'seat_counts', name: 'seat_counts_known_anew' },
      { table: 'seat_counts', name: 'seat_counts_known_in' },
      { table: 'seat_counts', name: 'seat_counts_priced_in' },
      { table: 'seat_holders', name: 'seat_holders_guest_in' },
      { table: 'seat_holders', name: 'seat_holders_guest_out' },
      { table: 'seat_holders', name: 'seat_holders_idle_in' },
      { table: 'seat_holders', name: 'seat_holders_idle_out' },
      { table: 'skus', name: 'skus_price_moved' },
      { table: 'tenant_users', name: 'tenant_users_department_in' },
      { table: 'tenant_users', name: 'tenant_users_department_moved' },
      { table: 'tenant_users', name: 'tenant_users_mailbox_anew' },
      { table: 'tenant_users', name: 'tenant_users_mailbox_out' },
      { table: 'tenant_users', name: 'tenant_users_mailbox_told' },
      { table: 'tenant_users', name: 'tenant_users_out' },
      { table: 'tenant_users', name: 'tenant_users_seats_in' },
      { table: 'tenant_users', name: 'tenant_users_seats_moved' },
      { table: 'tenant_users', name: 'tenant_users_seats_out' },
      { table: 'tenant_users', name: 'tenant_users_words_changed' },
      { table: 'tenant_users', name: 'tenant_users_words_in' },
      { table: 'tenants', name: 'tenants_count_in' },
      { table: 'tenants', name: 'tenants_count_moved' },
      { table: 'tenants', name: 'tenants_count_out' },
      { table: 'ticket_entries', name: 'ticket_entries_are_news' },
      { table: 'ticket_news', name: 'ticket_news_grow_old' },
      { table: 'ticket_people', name: 'ticket_people_leave_news' },
      { table: 'ticket_entries', name: 'tickets_move_requests' },
      { table: 'tickets', name: 'tickets_numbered' },
      { table: 'tickets', name: 'tickets_people_follow' },
    ])
  })
})

describe('Every table of the directory', () => {
  it('stands there exactly as it is declared', async () => {
    expect(directoryTables).not.toEqual([])
    expect(await migratedShapes(DIRECTORY)).toEqual(declaredShapes(directoryTables))
  })
})

describe('The shape check', () => {
  const owned = { mspId: text('msp_id').notNull(), id: text('id').notNull() }

  it.each([
    [
      'is not keyed by its MSP first',
      sqliteTable('tickets', { ...ownedByCustomer() }, (table) => [
        primaryKey({ columns: [table.id, table.mspId] }),
        belongsTo(table, [table.customerId], customers, [customers.id]),
      ]),
      'tickets is not keyed by its MSP first.',
    ],
    ['has no owner', sqliteTable('tickets', { id: text('id').primaryKey() }), 'tickets is not keyed by its MSP first.'],
    ['hangs on nothing', sqliteTable('tickets', owned, (table) => [keyed(table)]), 'tickets hangs on nothing.'],
    [
      'has a pointer that nothing checks',
      sqliteTable('tickets', ownedByCustomer(), (table) => [keyed(table)]),
      'tickets.customer_id points at nothing that the database checks.',
    ],
    [
      'points out of its MSP',
      sqliteTable('tickets', ownedByCustomer(), (table) => [
        keyed(table),
        foreignKey({ columns: [table.customerId], foreignColumns: [customers.id] })
          .onDelete('restrict')
          .onUpdate('cascade'),
      ]),
      'tickets → customers may leave the MSP.',
    ],
    [
      'points out of its customer',
      sqliteTable('tickets', { ...ownedByCustomer(), contactId: text('contact_id').notNull() }, (table) => [
        keyed(table),
        belongsTo(table, [table.customerId], customers, [customers.id]),
        belongsTo(table, [table.contactId], contacts, [contacts.id]),
      ]),
      'tickets → contacts may leave the customer.',
    ],
    [
      'goes with its parent',
      sqliteTable('tickets', ownedByCustomer(), (table) => [
        keyed(table),
        foreignKey({
          columns: [table.mspId, table.customerId],
          foreignColumns: [customers.mspId, customers.id],
        })
          .onDelete('cascade')
          .onUpdate('cascade'),
      ]),
      'tickets → customers does not restrict deletion.',
    ],
    [
      'does not follow its parent',
      sqliteTable('tickets', ownedByCustomer(), (table) => [
        keyed(table),
        foreignKey({
          columns: [table.mspId, table.customerId],
          foreignColumns: [customers.mspId, customers.id],
        }).onDelete('restrict'),
      ]),
      'tickets → customers does not follow its parent.',
    ],
    [
      'is unique among all MSPs by an index',
      sqliteTable('tickets', { ...ownedByCustomer(), number: integer('number') }, (table) => [
        keyed(table),
        belongsTo(table, [table.customerId], customers, [customers.id]),
        uniqueIndex('tickets_by_number').on(table.number, table.mspId),
      ]),
      'tickets_by_number is unique among all MSPs.',
    ],
    [
      'is unique among all MSPs by a column',
      sqliteTable('tickets', { ...ownedByCustomer(), number: integer('number').unique() }, (table) => [
        keyed(table),
        belongsTo(table, [table.customerId], customers, [customers.id]),
      ]),
      'tickets.number is unique among all MSPs.',
    ],
    [
      'keeps a secret as it is',
      sqliteTable('tickets', { ...ownedByCustomer(), replyToken: text('reply_token') }, (table) => [
        keyed(table),
        belongsTo(table, [table.customerId], customers, [customers.id]),
      ]),
      'tickets.reply_token looks like a secret kept as it is.',
    ],
    [
      'hangs on a tenant and on a customer',
      sqliteTable('tickets', { ...ownedByCustomer(), tenantId: text('tenant_id').notNull() }, (table) => [
        keyed(table),
        belongsTo(table, [table.customerId], customers, [customers.id]),
      ]),
      'tickets hangs on a tenant and on a customer: a merge would have to rewrite it.',
    ],
    [
      'is looked through when its parent goes',
      sqliteTable('tickets', { ...ownedByCustomer(), closed: integer('closed') }, (table) => [
        keyed(table),
        belongsTo(table, [table.customerId], customers, [customers.id]),
        index('tickets_open')
          .on(table.mspId, table.customerId)
          .where(sql`closed = 0`),
      ]),
      'tickets → customers is looked for among all rows: no whole index begins with it.',
    ],
  ])('complains of a table that %s', (_, table, complaint) => {
    expect(shapeBreaches([table])).toContain(complaint)
  })

  it('complains of nothing in a table that is as it should be', () => {
    const tickets = sqliteTable('tickets', { ...ownedByCustomer(), tokenHash: text('token_hash') }, (table) => [
      keyed(table),
      belongsTo(table, [table.customerId], customers, [customers.id]),
      uniqueIndex('tickets_by_token').on(table.mspId, table.tokenHash),
      index('tickets_by_customer').on(table.mspId, table.customerId),
    ])
    expect(shapeBreaches([tickets])).toEqual([])
  })

  it('sees when a table, a column, an index or a pointer was not migrated', async () => {
    const migrated = await migratedShapes(DIRECTORY)
    const declared = declaredShapes(directoryTables)
    const dropped = await DIRECTORY.prepare(
      `select sql from sqlite_schema where name = 'hostnames_by_customer'`,
    ).first<string>('sql')
    const changed = (...statements: string[]) => DIRECTORY.batch(statements.map((sql) => DIRECTORY.prepare(sql)))
    await changed(
      `alter table msp_places add column note text`,
      `drop index hostnames_by_customer`,
      `create index staff_emails_by_state on staff_emails (msp_id) where state = 'active'`,
      `create table notes (id text primary key, msp_id text references msp_places (msp_id))`,
    )
    const after = await migratedShapes(DIRECTORY)
    await changed(
      `drop table notes`,
      `drop index staff_emails_by_state`,
      dropped ?? '',
      `alter table msp_places drop column note`,
    )
    expect(await migratedShapes(DIRECTORY)).toEqual(migrated)
    expect(migrated).toEqual(declared)
    expect(after.map(({ name }) => name)).toContain('notes')
    for (const table of ['msp_places', 'hostnames', 'staff_emails']) {
      const of = (shapes: typeof after) => shapes.find(({ name }) => name === table)
      expect(of(after), table).not.toEqual(of(declared))
    }
    expect(after.find(({ name }) => name === 'notes')?.foreignKeys).toEqual([
      { from: ['msp_id'], table: 'msp_places', to: ['msp_id'], onDelete: 'no action', onUpdate: 'no action' },
    ])
  })
})
