import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, ownedByCustomer, ownedByMsp, versioned } from '../owned.ts'
import { customers } from './customers.ts'
import { msps } from './msps.ts'
import type { RequestType } from './requests.ts'

/** What a customer's people do by themselves, besides asking for something by a form (product.md, A50). */
export const selfServiceReads = ['see_directory', 'see_licences', 'download_reports', 'create_tickets'] as const
export type SelfServiceRead = (typeof selfServiceReads)[number]

export const requestModes = ['off', 'direct', 'approval'] as const
export type RequestMode = (typeof requestModes)[number]

/** Who of a company may ask for something: everybody with access, or portal admins alone. */
export const requestAskers = ['everybody', 'portal_admins'] as const

/** From which role on staff approve; people who are named approve beside whoever owns the account, and nobody else does. */
export const approverRoles = ['technician', 'admin', 'owner'] as const

/** What a policy says; in a default all of it is said, in a customer's own only what is otherwise. */
export type SelfServiceChoices = {
  reads: Partial<Record<SelfServiceRead, boolean>>
  modes: Partial<Record<RequestType, RequestMode>>
  askers: Partial<Record<RequestType, (typeof requestAskers)[number]>>
}

const choices = () => ({
  choices: text('choices', { mode: 'json' })
    .$type<SelfServiceChoices>()
    .notNull()
    .default({ reads: {}, modes: {}, askers: {} }),
  /** Whether a portal admin approves first. */
  customerApproves: flag('customer_approves'),
  approverRole: text('approver_role', { enum: approverRoles }),
  /** Staff who are named; null where the role says it. */
  approverIds: text('approver_ids', { mode: 'json' }).$type<string[]>(),
  /** For how many days a request waits before it expires. */
  waitDays: integer('wait_days'),
})

/** What holds for all customers of an MSP unless theirs says otherwise; one row, `id` is the MSP's own. Null, or no row: what is usual. */
export const selfServiceDefaults = sqliteTable(
  'self_service_defaults',
  { ...ownedByMsp(), ...versioned(), ...choices() },
  (table) => [keyed(table), belongsTo(table, [], msps, [])],
)

/** What a customer has otherwise; one row, `id` is the customer's own. Null: as the MSP's default. */
export const selfServiceOverrides = sqliteTable(
  'self_service_overrides',
  { ...ownedByCustomer(), ...versioned(), ...choices() },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('self_service_overrides_by_customer').on(table.mspId, table.customerId),
  ],
)
