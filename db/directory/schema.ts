import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { moment } from '../owned.ts'

/** Which shard an MSP lives in. */
export const mspPlaces = sqliteTable('msp_places', {
  mspId: text('msp_id').primaryKey(),
  shard: text('shard').notNull(),
  createdAt: moment('created_at').notNull(),
})

/**
 * Host names are taken in steps: reserved (with an expiry), active once the shard has committed, released when given up.
 * Only an active one resolves; a released one rests until `restsUntil`.
 */
export const hostnames = sqliteTable(
  'hostnames',
  {
    hostname: text('hostname').primaryKey(),
    state: text('state', { enum: ['reserved', 'active', 'released'] }).notNull(),
    mspId: text('msp_id').notNull(),
    customerId: text('customer_id').notNull(),
    shard: text('shard').notNull(),
    expiresAt: moment('expires_at'),
    restsUntil: moment('rests_until'),
    changedAt: moment('changed_at').notNull(),
    /** A portal's own address below our suffix, or a name of the customer's, which never rests: who wants it proves it anew. */
    kind: text('kind', { enum: ['prefix', 'custom'] })
      .notNull()
      .default('prefix'),
  },
  (table) => [
    index('hostnames_by_expiry').on(table.state, table.expiresAt),
    index('hostnames_by_customer').on(table.mspId, table.customerId),
  ],
)

/** Which MSP a staff e-mail belongs to; lower case. */
export const staffEmails = sqliteTable(
  'staff_emails',
  {
    email: text('email').primaryKey(),
    mspId: text('msp_id').notNull(),
    shard: text('shard').notNull(),
    state: text('state', { enum: ['reserved', 'active'] }).notNull(),
    expiresAt: moment('expires_at'),
  },
  (table) => [index('staff_emails_by_expiry').on(table.state, table.expiresAt)],
)

/** MSPs that sign up by themselves. Nothing else of them exists before their e-mail address is confirmed. */
export const signUps = sqliteTable(
  'sign_ups',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull(),
    state: text('state', { enum: ['asked', 'building', 'done'] }).notNull(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    mspName: text('msp_name').notNull(),
    /** Rests, always empty: a password is chosen by who holds the mailed link, never before. */
    passwordHash: text('password_hash').notNull(),
    /** Decided with the confirmation, once, so that what was killed can be gone on with. */
    mspId: text('msp_id'),
    shard: text('shard'),
    staffId: text('staff_id'),
    mailedAt: moment('mailed_at'),
    changedAt: moment('changed_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    uniqueIndex('sign_ups_by_token').on(table.tokenHash),
    index('sign_ups_by_state').on(table.state, table.changedAt),
    index('sign_ups_by_expiry').on(table.expiresAt),
  ],
)

/** Requests for a link that sets a new password, kept until it is found out behind the queue whether anybody is mailed one. */
export const passwordResetRequests = sqliteTable(
  'password_reset_requests',
  {
    id: text('id').primaryKey(),
    host: text('host').notNull(),
    emailSealed: text('email_sealed').notNull(),
    requestId: text('request_id').notNull(),
    /** When a Worker may take it up. */
    dueAt: moment('due_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    index('password_reset_requests_by_due').on(table.dueAt),
    index('password_reset_requests_by_expiry').on(table.expiresAt),
  ],
)

/** Failed sign-ins, counted per account and per address before any password is hashed. The key is a hash. */
export const signInAttempts = sqliteTable(
  'sign_in_attempts',
  {
    key: text('key').primaryKey(),
    failureCount: integer('failure_count').notNull(),
    blockedUntil: moment('blocked_until').notNull(),
    forgetAt: moment('forget_at').notNull(),
  },
  (table) => [index('sign_in_attempts_by_age').on(table.forgetAt)],
)

/**
 * A connection to Microsoft that is being made: where the shared callback finds the row. Names the shard only;
 * what is being connected stands in the shard.
 */
export const microsoftStates = sqliteTable(
  'microsoft_states',
  {
    stateHash: text('state_hash').primaryKey(),
    shard: text('shard').notNull(),
    mspId: text('msp_id').notNull(),
    attemptId: text('attempt_id').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('microsoft_states_by_expiry').on(table.expiresAt)],
)

/** Where to look for the staff who sign in with a Microsoft account. Their row in the shard is the truth. */
export const microsoftStaff = sqliteTable(
  'microsoft_staff',
  {
    tenantId: text('tenant_id').notNull(),
    objectId: text('object_id').notNull(),
    mspId: text('msp_id').notNull(),
    shard: text('shard').notNull(),
    staffId: text('staff_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.objectId] })],
)

/** Microsoft's own names of its licences, by skuId in lower case: the same for every MSP, so no tenant's data is among them. */
export const skuNames = sqliteTable('sku_names', {
  skuId: text('sku_id').primaryKey(),
  partNumber: text('part_number').notNull(),
  name: text('name').notNull(),
  changedAt: moment('changed_at').notNull(),
})

/** When those were last looked up, and what became of it. One row. */
export const skuNameReads = sqliteTable('sku_name_reads', {
  id: text('id').primaryKey(),
  dueAt: moment('due_at').notNull(),
  readAt: moment('read_at'),
  trouble: text('trouble'),
})
