import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByCustomer, versioned } from '../owned.ts'
import { customers } from './customers.ts'

export const requestTypes = ['licence_change'] as const

/** How a request goes (product.md, decision 7). */
export const requestStates = [
  'submitted',
  'awaiting_customer',
  'awaiting_msp',
  'approved',
  'in_progress',
  'done',
  'declined',
  'withdrawn',
  'expired',
] as const

/** What was asked for, with names and figures as they were then. */
export type LicenceChange = {
  skuId: string
  skuName: string
  tenantId: string
  tenantName: string
  moreSeats: number
  boughtCount: number
}

/** What a customer's people ask of their MSP by a form. */
export const serviceRequests = sqliteTable(
  'service_requests',
  {
    ...ownedByCustomer(),
    ...versioned(),
    type: text('type', { enum: requestTypes }).notNull(),
    state: text('state', { enum: requestStates }).notNull(),
    /** The contact who asked; a merge of customers may have put another row of the same person in their place. */
    requestedBy: text('requested_by').notNull(),
    details: text('details', { mode: 'json' }).$type<LicenceChange>().notNull(),
    reason: text('reason').notNull(),
    createdAt: moment('created_at').notNull(),
    changedAt: moment('changed_at').notNull(),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('service_requests_by_customer').on(table.mspId, table.customerId, table.id),
    index('service_requests_by_person').on(table.mspId, table.customerId, table.requestedBy, table.id),
  ],
)
