import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, microsoftAccount, moment, ownedByCustomer, ownedByMsp, versioned } from '../owned.ts'
import { msps, signInPolicies, ticketMails } from './msps.ts'
import type { MonthlyPart } from './msps.ts'

export const healthLevels = ['red', 'amber', 'green', 'grey'] as const
export const portalStates = ['none', 'enabled', 'disabled'] as const

/**
 * A business the MSP serves. The summary columns (from tenantCount on) are kept in the commits that change them,
 * so that a list never computes them.
 */
export const customers = sqliteTable(
  'customers',
  {
    ...ownedByMsp(),
    ...versioned(),
    name: text('name').notNull(),
    /** Lower case without accents: what lists sort by. */
    sortName: text('sort_name').notNull(),
    state: text('state', { enum: ['active', 'disabled', 'archived'] })
      .notNull()
      .default('active'),
    email: text('email'),
    phone: text('phone'),
    address: text('address'),
    notes: text('notes'),
    psaId: text('psa_id'),
    createdAt: moment('created_at').notNull(),
    tenantCount: integer('tenant_count').notNull().default(0),
    contactCount: integer('contact_count').notNull().default(0),
    licensedUserCount: integer('licensed_user_count').notNull().default(0),
    primaryContactName: text('primary_contact_name'),
    healthRank: integer('health_rank').notNull().default(3),
    healthSince: moment('health_since'),
    healthReasons: text('health_reasons', { mode: 'json' }).$type<unknown[]>().notNull().default([]),
    healthAsOf: moment('health_as_of'),
    portalState: text('portal_state', { enum: portalStates }).notNull().default('none'),
    portalHost: text('portal_host'),
    /** What an archived customer comes back as. */
    restoresTo: text('restores_to', { enum: ['active', 'disabled'] })
      .notNull()
      .default('active'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    index('customers_by_name').on(table.mspId, table.state, table.sortName, table.id),
    index('customers_by_age').on(table.mspId, table.state, table.createdAt, table.id),
    index('customers_by_users').on(table.mspId, table.state, table.licensedUserCount, table.id),
    index('customers_by_tenants').on(table.mspId, table.state, table.tenantCount, table.id),
    index('customers_by_contact').on(table.mspId, table.state, sql`primary_contact_name collate nocase`, table.id),
    index('customers_by_psa_id').on(table.mspId, table.state, sql`psa_id collate nocase`, table.id),
    // What filters let through, by each portal state and health; the first one also is the order of health.
    index('customers_filtered_by_name').on(
      table.mspId,
      table.state,
      table.portalState,
      table.healthRank,
      table.sortName,
      table.id,
    ),
    index('customers_filtered_by_age').on(
      table.mspId,
      table.state,
      table.portalState,
      table.healthRank,
      table.createdAt,
      table.id,
    ),
    index('customers_filtered_by_users').on(
      table.mspId,
      table.state,
      table.portalState,
      table.healthRank,
      table.licensedUserCount,
      table.id,
    ),
  ],
)

/** One row per word prefix search can find a customer by; the id is that of what it has the word from: itself, a contact or a tenant. */
export const customerWords = sqliteTable(
  'customer_words',
  { ...ownedByCustomer(), word: text('word').notNull() },
  (table) => [
    primaryKey({ columns: [table.mspId, table.word, table.customerId, table.id] }),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('customer_words_of_source').on(table.mspId, table.customerId, table.id, table.word),
    index('customer_words_of_customer').on(table.mspId, table.customerId, table.word),
  ],
)

export const contactAccess = ['none', 'invited', 'active', 'disabled'] as const
export const licencePermissions = ['none', 'view', 'modify', 'admin'] as const

export const contacts = sqliteTable(
  'contacts',
  {
    ...ownedByCustomer(),
    ...versioned(),
    name: text('name').notNull(),
    email: text('email'),
    phone: text('phone'),
    jobTitle: text('job_title'),
    isPortalUser: flag('is_portal_user').notNull().default(false),
    isPortalAdmin: flag('is_portal_admin').notNull().default(false),
    /** The one portal admin that the customer's e-mail names. */
    isTheAdmin: flag('is_the_admin').notNull().default(false),
    access: text('access', { enum: contactAccess }).notNull().default('none'),
    licencePermission: text('licence_permission', { enum: licencePermissions }).notNull().default('none'),
    escalationPosition: integer('escalation_position').notNull(),
    passwordHash: text('password_hash'),
    invitedAt: moment('invited_at'),
    confirmedAt: moment('confirmed_at'),
    lastSignInAt: moment('last_sign_in_at'),
    createdAt: moment('created_at').notNull(),
    /** The password is a temporary one, which works until then, and only to choose another. */
    temporaryUntil: moment('temporary_until'),
    /** They did things here and were deleted: their row stays, without anything of theirs. */
    removedAt: moment('removed_at'),
    ...microsoftAccount(),
    /** A portal admin keeps them out, and may let them in again; whom the MSP keeps out only the MSP lets in. */
    isBlockedByCompany: flag('is_blocked_by_company').notNull().default(false),
    /** When their next monthly report leaves; null for who gets none. */
    reportDueAt: moment('report_due_at'),
    /** Of which tickets' news they get mails. */
    ticketMails: text('ticket_mails', { enum: ticketMails }).notNull().default('mine'),
  },
  (table) => [
    keyed(table),
    uniqueIndex('contacts_below_customer').on(table.mspId, table.customerId, table.id),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    uniqueIndex('contacts_by_email').on(table.mspId, table.customerId, table.email),
    index('contacts_by_microsoft')
      .on(table.mspId, table.customerId, table.microsoftTenantId, table.microsoftObjectId)
      .where(sql`microsoft_object_id is not null`),
    index('contacts_by_escalation').on(table.mspId, table.customerId, table.escalationPosition, table.id),
    index('contacts_by_name')
      .on(table.mspId, sql`name collate nocase`, table.id)
      .where(sql`removed_at is null`),
    index('contacts_by_report_due')
      .on(table.reportDueAt)
      .where(sql`report_due_at is not null`),
    index('contacts_of_all_tickets')
      .on(table.mspId, table.customerId, table.id)
      .where(sql`ticket_mails = 'all'`),
    uniqueIndex('contacts_one_admin')
      .on(table.mspId, table.customerId)
      .where(sql`is_the_admin = 1`),
  ],
)

/** An invitation mail's secret: stored hashed, single use. */
export const invitations = sqliteTable(
  'invitations',
  {
    ...ownedByCustomer(),
    contactId: text('contact_id').notNull(),
    tokenHash: text('token_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    consumedAt: moment('consumed_at'),
    revokedAt: moment('revoked_at'),
    /** What the mail asks of them; a link's own page goes by what holds when it is opened. */
    policy: text('policy', { enum: signInPolicies }).notNull().default('invitation'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    belongsTo(table, [table.customerId, table.contactId], contacts, [contacts.customerId, contacts.id]),
    uniqueIndex('invitations_by_token').on(table.mspId, table.tokenHash),
    index('invitations_by_expiry').on(table.expiresAt),
    index('invitations_by_contact').on(table.mspId, table.customerId, table.contactId),
  ],
)

/** A customer's site. What is null comes from the MSP's defaults. */
/** What can be shown of somebody beside their name, in the order in which it is. */
export const directoryAttributes = [
  'mail',
  'jobTitle',
  'department',
  'businessPhone',
  'mobilePhone',
  'licences',
  'signInAllowed',
  'lastSignIn',
  'groups',
  'manager',
] as const
export type DirectoryAttribute = (typeof directoryAttributes)[number]

/** All but mobile numbers, which are often somebody's own, and what tells when somebody works, with whom and for whom. */
export const directoryAttributesAtFirst = [
  'mail',
  'jobTitle',
  'department',
  'businessPhone',
  'licences',
  'signInAllowed',
] as const satisfies DirectoryAttribute[]

export const portals = sqliteTable(
  'portals',
  {
    ...ownedByCustomer(),
    ...versioned(),
    state: text('state', { enum: ['enabled', 'disabled'] }).notNull(),
    prefix: text('prefix').notNull(),
    host: text('host').notNull(),
    /** `preparing` until the directory has the name active. */
    addressState: text('address_state', { enum: ['preparing', 'active'] }).notNull(),
    displayName: text('display_name'),
    homepage: text('homepage'),
    primaryColour: text('primary_colour'),
    accentColour: text('accent_colour'),
    logoKey: text('logo_key'),
    createdAt: moment('created_at').notNull(),
    /** While a new admin has not confirmed: whom undoing brings back. */
    formerAdminEmail: text('former_admin_email'),
    /** Null for what the MSP chose. */
    signInPolicy: text('sign_in_policy', { enum: signInPolicies }),
    /** The name of the customer's own that mails and links are built from; null for the prefix address. */
    primaryHost: text('primary_host'),
    /** False while that name is in trouble: then links are built from the prefix address. */
    primaryHostLeadsHere: flag('primary_host_leads_here').notNull().default(true),
    /** Neither written nor read any more: the policy says it (self-service.ts). */
    directoryShown: flag('directory_shown').notNull().default(true),
    /** What its people see of their own directory: guests, and which attributes. */
    directoryGuestsShown: flag('directory_guests_shown').notNull().default(false),
    directoryAttributes: text('directory_attributes', { mode: 'json' })
      .$type<DirectoryAttribute[]>()
      .notNull()
      .default([...directoryAttributesAtFirst]),
    /** Neither written nor read any more: the policy says it (self-service.ts). */
    reportsShown: flag('reports_shown').notNull().default(true),
    /** What the monthly report tells, whether it is mailed and on which day of a month; null for what the MSP chose. */
    monthlyParts: text('monthly_parts', { mode: 'json' }).$type<MonthlyPart[]>(),
    monthlySent: flag('monthly_sent'),
    monthlyDay: integer('monthly_day'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    uniqueIndex('portals_by_customer').on(table.mspId, table.customerId),
    uniqueIndex('portals_by_host').on(table.mspId, table.host),
  ],
)

/** A picture in R2: its key is its content, so a changed logo is a new row. */
export const logos = sqliteTable(
  'logos',
  {
    ...ownedByMsp(),
    customerId: text('customer_id'),
    objectKey: text('object_key').notNull(),
    mediaType: text('media_type', { enum: ['image/png', 'image/jpeg'] }).notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    byteCount: integer('byte_count').notNull(),
    createdAt: moment('created_at').notNull(),
    /** When nobody wore it any more: it is shown a while longer, then it goes. */
    setAsideAt: moment('set_aside_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('logos_set_aside')
      .on(table.setAsideAt)
      .where(sql`set_aside_at is not null`),
    index('logos_by_customer').on(table.mspId, table.customerId),
  ],
)
