import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flag, keyed, microsoftAccount, moment, ownedByMsp, versioned, belongsTo } from '../owned.ts'

/** Of which tickets' news somebody is mailed: of all they may see, of those that are theirs, or of none. */
export const ticketMails = ['all', 'mine', 'none'] as const

/** How a person first signs in to a portal (product.md, decision 2). */
export const signInPolicies = ['invitation', 'temporary_password', 'microsoft_only'] as const

/** The MSP itself: its organisation, default brand and mail sender. `id` equals `mspId`. */
export const msps = sqliteTable(
  'msps',
  {
    ...ownedByMsp(),
    ...versioned(),
    name: text('name').notNull(),
    helpPhone: text('help_phone'),
    helpEmail: text('help_email'),
    helpHours: text('help_hours'),
    address: text('address'),
    timeZone: text('time_zone').notNull(),
    locale: text('locale').notNull().default('en-GB'),
    currency: text('currency').notNull().default('GBP'),
    homepage: text('homepage'),
    primaryColour: text('primary_colour').notNull(),
    accentColour: text('accent_colour').notNull(),
    logoKey: text('logo_key'),
    mailFromName: text('mail_from_name').notNull(),
    mailReplyTo: text('mail_reply_to'),
    createdAt: moment('created_at').notNull(),
    /** How people of its portals sign in for the first time. */
    signInPolicy: text('sign_in_policy', { enum: signInPolicies }).notNull().default('invitation'),
    /** Whether owners and admins must use two-step verification. */
    twoStepRequired: flag('two_step_required').notNull().default(false),
    /** Which of its own app registrations is in force at Microsoft; null for the deployment's. */
    microsoftClientId: text('microsoft_client_id'),
  },
  (table) => [keyed(table), uniqueIndex('msps_by_owner').on(table.mspId)],
)

export const staffRoles = ['viewer', 'technician', 'admin', 'owner'] as const

export const staff = sqliteTable(
  'staff',
  {
    ...ownedByMsp(),
    ...versioned(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    role: text('role', { enum: staffRoles }).notNull(),
    disabled: flag('disabled').notNull().default(false),
    passwordHash: text('password_hash'),
    lastSignInAt: moment('last_sign_in_at'),
    createdAt: moment('created_at').notNull(),
    /** When they proved that the address is theirs; null while they are invited. */
    confirmedAt: moment('confirmed_at'),
    /** The secret of their authenticator app; `pending` until a code of it has proved that the app has it. */
    totpSealed: text('totp_sealed'),
    totpPendingSealed: text('totp_pending_sealed'),
    /** The last step whose code was used: no code is taken twice. */
    totpLastStep: integer('totp_last_step'),
    twoStepSince: moment('two_step_since'),
    ...microsoftAccount(),
    /** Of which tickets' news they get mails. */
    ticketMails: text('ticket_mails', { enum: ticketMails }).notNull().default('mine'),
  },
  (table) => [
    keyed(table),
    uniqueIndex('staff_by_email').on(table.mspId, table.email),
    uniqueIndex('staff_by_microsoft')
      .on(table.mspId, table.microsoftTenantId, table.microsoftObjectId)
      .where(sql`microsoft_object_id is not null`),
    index('staff_of_all_tickets')
      .on(table.mspId, table.id)
      .where(sql`ticket_mails = 'all'`),
    belongsTo(table, [], msps, []),
  ],
)

/** A link by which somebody joins the staff: they choose their password. Works once, for a week. */
export const staffInvitations = sqliteTable(
  'staff_invitations',
  {
    ...ownedByMsp(),
    staffId: text('staff_id').notNull(),
    tokenHash: text('token_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    consumedAt: moment('consumed_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    uniqueIndex('staff_invitations_by_token').on(table.mspId, table.tokenHash),
    index('staff_invitations_by_staff').on(table.mspId, table.staffId),
    index('staff_invitations_by_expiry').on(table.expiresAt),
  ],
)

/** What signs in in place of an authenticator app that was lost: each code once. `id` is the code's hash. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    ...ownedByMsp(),
    staffId: text('staff_id').notNull(),
    usedAt: moment('used_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    index('recovery_codes_by_staff').on(table.mspId, table.staffId),
  ],
)

/** Somebody whose password was right and whose code is awaited. `id` is the hash of the secret they hold; it opens nothing yet. */
export const pendingSignIns = sqliteTable(
  'pending_sign_ins',
  {
    ...ownedByMsp(),
    staffId: text('staff_id').notNull(),
    host: text('host').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    index('pending_sign_ins_by_staff').on(table.mspId, table.staffId),
    index('pending_sign_ins_by_expiry').on(table.expiresAt),
  ],
)
