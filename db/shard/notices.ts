import { index, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, moment, ownedByCustomer, ownedByMsp, versioned } from '../owned.ts'
import { customers } from './customers.ts'
import { msps } from './msps.ts'

export const noticeKinds = ['info', 'warning'] as const

/** A dated message of the MSP, shown in all portals or in those of the customers it is addressed to. */
export const notices = sqliteTable(
  'notices',
  {
    ...ownedByMsp(),
    ...versioned(),
    kind: text('kind', { enum: noticeKinds }).notNull(),
    title: text('title').notNull(),
    text: text('text').notNull(),
    forAll: flag('for_all').notNull(),
    startsAt: moment('starts_at').notNull(),
    endsAt: moment('ends_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    index('notices_by_start').on(table.mspId, table.startsAt, table.id),
    index('notices_by_end').on(table.mspId, table.endsAt),
  ],
)

/** A customer to whom a notice is addressed; `id` is the notice's. It goes with its customer. */
export const noticeRecipients = sqliteTable('notice_recipients', { ...ownedByCustomer() }, (table) => [
  primaryKey({ columns: [table.mspId, table.customerId, table.id] }),
  belongsTo(table, [table.id], notices, [notices.id]),
  belongsTo(table, [table.customerId], customers, [customers.id]),
  index('notice_recipients_by_notice').on(table.mspId, table.id),
])
