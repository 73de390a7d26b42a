import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, moment, ownedByCustomer, ownedByTenant, versioned } from '../owned.ts'
import { customers } from './customers.ts'
import { staff } from './msps.ts'

/** `app_removed`: the app registration it was connected with was taken away here, so nothing can be read. */
export const tenantStates = ['connected', 'consent_lost', 'app_removed', 'removed'] as const

/**
 * More people were missing from a whole list than leave at once, so nobody was removed and staff are asked. What they
 * confirm is that so many have left, and no more.
 */
export type Departures = {
  askedAt: number
  missingCount: number
  knownCount: number
  /** The first few, by name. */
  names: string[]
  confirmedAt: number | null
}

/** What a sync can do without: a tenant may let us read the one and not the other. */
export const unreadableParts = ['score', 'controls', 'alerts', 'services', 'issues'] as const
export type UnreadablePart = (typeof unreadableParts)[number]
/** `permission`: Microsoft refuses it. `trouble`: it was asked and gave no answer. */
export type PartsUnread = { [Part in UnreadablePart]?: { since: number; why: 'permission' | 'trouble' } }

/**
 * The association of a Microsoft 365 tenant with a customer. Removing it ends the row and keeps its history;
 * associating the tenant again begins a new row.
 */
export const tenants = sqliteTable(
  'tenants',
  {
    ...ownedByCustomer(),
    ...versioned(),
    entraTenantId: text('entra_tenant_id').notNull(),
    name: text('name').notNull(),
    domain: text('domain').notNull(),
    state: text('state', { enum: tenantStates }).notNull(),
    connectedAt: moment('connected_at').notNull(),
    connectedBy: text('connected_by').notNull(),
    /** Since when it can be read no more, for whichever reason. */
    consentLostAt: moment('consent_lost_at'),
    removedAt: moment('removed_at'),
    /** Where the next delta begins. */
    userCursor: text('user_cursor'),
    nextSyncAt: moment('next_sync_at'),
    lastGoodSyncAt: moment('last_good_sync_at'),
    activeUserCount: integer('active_user_count').notNull().default(0),
    guestCount: integer('guest_count').notNull().default(0),
    blockedUserCount: integer('blocked_user_count').notNull().default(0),
    licensedUserCount: integer('licensed_user_count').notNull().default(0),
    healthRank: integer('health_rank').notNull().default(3),
    healthReasons: text('health_reasons', { mode: 'json' }).$type<unknown[]>().notNull().default([]),
    healthSince: moment('health_since'),
    /** When health changes by time alone, if it will. */
    healthDueAt: moment('health_due_at'),
    /** The MSP's own app registration it was connected with; null for the deployment's. Consent belongs to app × tenant. */
    clientId: text('client_id'),
    /** Null while nothing is asked. */
    departures: text('departures', { mode: 'json' }).$type<Departures>(),
    /** How often Microsoft was asked, in which hour since 1970. */
    requestHour: integer('request_hour'),
    requestCount: integer('request_count').notNull().default(0),
    /** When it was last read who signed in when; null: never. */
    signInsAsOf: moment('sign_ins_as_of'),
    /** Since when Microsoft does not tell; null while it does, or was not asked yet. */
    signInsUnknownSince: moment('sign_ins_unknown_since'),
    signInsUnknownWhy: text('sign_ins_unknown_why', { enum: ['permission', 'licence'] }),
    /** When the next pass over groups and sign-ins is due; null before the first good sync. */
    partsDueAt: moment('parts_due_at'),
    groupsAsOf: moment('groups_as_of'),
    groupsUnknownSince: moment('groups_unknown_since'),
    /** What could not be read when it was asked for last. */
    partsUnread: text('parts_unread', { mode: 'json' }).$type<PartsUnread>().notNull().default({}),
    /** When somebody last asked for it to be read at once. */
    refreshAskedAt: moment('refresh_asked_at'),
    /** When it was last known of everybody who cannot sign in what their mailbox is for. */
    mailboxesAsOf: moment('mailboxes_as_of'),
    mailboxesUnknownSince: moment('mailboxes_unknown_since'),
    /** Mailboxes that are nobody's own, among those whose sign-in is blocked; the database keeps it. */
    mailboxCount: integer('mailbox_count').notNull().default(0),
    /** When it was last read who is whose manager; null: never. */
    managersAsOf: moment('managers_as_of'),
    managersUnknownSince: moment('managers_unknown_since'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('tenants_by_customer').on(table.mspId, table.customerId),
    index('tenants_by_client')
      .on(table.mspId, table.clientId)
      .where(sql`removed_at is null`),
    uniqueIndex('tenants_held_once')
      .on(table.mspId, table.entraTenantId)
      .where(sql`removed_at is null`),
    index('tenants_by_health_due')
      .on(table.healthDueAt)
      .where(sql`state = 'connected'`),
    index('tenants_by_parts_due')
      .on(table.partsDueAt)
      .where(sql`state = 'connected'`),
    index('tenants_lost')
      .on(table.mspId, table.consentLostAt, table.id)
      .where(sql`state in ('consent_lost', 'app_removed')`),
    index('tenants_by_next_sync')
      .on(table.nextSyncAt)
      .where(sql`state = 'connected'`),
  ],
)

/** One attempt to connect a tenant: what the single-use state stands for, and what the sign-in proved. */
export const connectionAttempts = sqliteTable(
  'connection_attempts',
  {
    ...ownedByCustomer(),
    staffId: text('staff_id').notNull(),
    entraTenantId: text('entra_tenant_id').notNull(),
    domain: text('domain').notNull(),
    stateHash: text('state_hash').notNull(),
    flowHash: text('flow_hash').notNull(),
    nonceHash: text('nonce_hash').notNull(),
    verifierSealed: text('verifier_sealed').notNull(),
    step: text('step', { enum: ['started', 'consented', 'proven', 'connected', 'refused'] }).notNull(),
    provenBy: text('proven_by'),
    codeHash: text('code_hash'),
    codeExpiresAt: moment('code_expires_at'),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    /** The app registration in force when it began; null for the deployment's. */
    clientId: text('client_id'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    index('connection_attempts_by_customer').on(table.mspId, table.customerId),
    index('connection_attempts_by_expiry').on(table.expiresAt),
  ],
)

/** A sync of one tenant: where it stands, so that a killed one goes on. */
export const syncRuns = sqliteTable(
  'sync_runs',
  {
    ...ownedByTenant(),
    kind: text('kind', { enum: ['full', 'delta'] }).notNull(),
    state: text('state', { enum: ['running', 'done', 'failed'] }).notNull(),
    step: text('step', { enum: ['licences', 'people', 'security', 'finishing'] }).notNull(),
    cursor: text('cursor'),
    pageCount: integer('page_count').notNull().default(0),
    userCount: integer('user_count').notNull().default(0),
    userCountExpected: integer('user_count_expected'),
    changeCount: integer('change_count').notNull().default(0),
    /** What this run has added to the tenant's counts so far; applied once, when it ends. */
    activeUserDelta: integer('active_user_delta').notNull().default(0),
    guestDelta: integer('guest_delta').notNull().default(0),
    blockedUserDelta: integer('blocked_user_delta').notNull().default(0),
    licensedUserDelta: integer('licensed_user_delta').notNull().default(0),
    trouble: text('trouble', { mode: 'json' }).$type<{ part: string; message: string }[]>().notNull().default([]),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    keyed(table),
    index('sync_runs_by_tenant').on(table.mspId, table.tenantId, table.startedAt),
    index('sync_runs_finished').on(table.finishedAt),
    uniqueIndex('sync_runs_one_at_a_time')
      .on(table.mspId, table.tenantId)
      .where(sql`state = 'running'`),
    ofTenant(table),
  ],
)

/** As Microsoft tells it, or `none` where there is no mailbox. */
export const mailboxPurposes = ['user', 'shared', 'room', 'equipment', 'other', 'none', 'unknown'] as const

export const tenantUsers = sqliteTable(
  'tenant_users',
  {
    ...ownedByTenant(),
    displayName: text('display_name').notNull(),
    userPrincipalName: text('user_principal_name').notNull(),
    mail: text('mail'),
    jobTitle: text('job_title'),
    department: text('department'),
    businessPhone: text('business_phone'),
    mobilePhone: text('mobile_phone'),
    /** As Microsoft wrote it: ISO 8601. */
    accountCreatedAt: text('account_created_at'),
    isGuest: flag('is_guest').notNull(),
    signInAllowed: flag('sign_in_allowed').notNull(),
    isLicensed: flag('is_licensed').notNull(),
    skuIds: text('sku_ids', { mode: 'json' }).$type<string[]>().notNull(),
    seenInRun: text('seen_in_run').notNull(),
    /** Null: Microsoft knows of no sign-in, where `signInKnown`; else nothing is known. */
    lastSignInAt: moment('last_sign_in_at'),
    signInKnown: flag('sign_in_known').notNull().default(false),
    /** The name as lists order it and searches begin with it: folded. */
    sortName: text('sort_name').notNull().default(''),
    /** The words of tenant_user_words, which triggers keep from here; null in rows from before there were any, which wait for a job. */
    foundBy: text('found_by', { mode: 'json' }).$type<[source: number, word: string][]>(),
    /** How long they have not signed in, as of when that was read: 0 below 30 days, 1 from 30, 2 from 60, 3 from 90; null: not known. */
    idleBand: integer('idle_band'),
    /** What their mailbox is for, as far as it was asked: of members who cannot sign in, and only while they cannot. */
    mailboxPurpose: text('mailbox_purpose', { enum: mailboxPurposes }),
    /** When that was asked; 0: not yet, or not since something changed. Triggers keep it, and what comes of it below. */
    mailboxAskedAt: integer('mailbox_asked_at').notNull().default(0),
    /** 0: cannot sign in, 1: can, 2: a mailbox that is nobody's own. */
    standing: integer('standing').generatedAlwaysAs(
      sql`iif(mailbox_purpose in ('shared', 'room', 'equipment'), 2, sign_in_allowed)`,
      { mode: 'virtual' },
    ),
    /** As Microsoft said when it was read last: never their own; null: nobody, or not known. Who it names may be nobody that we know. */
    managerId: text('manager_id'),
  },
  (table) => [
    keyedInTenant(table),
    ofTenant(table),
    index('tenant_users_by_sort_name').on(table.mspId, table.tenantId, table.isGuest, table.sortName, table.id),
    index('tenant_users_by_standing').on(
      table.mspId,
      table.tenantId,
      table.isGuest,
      table.isLicensed,
      table.standing,
      table.sortName,
      table.id,
    ),
    index('tenant_users_by_department')
      .on(
        table.mspId,
        table.tenantId,
        table.department,
        table.isGuest,
        table.isLicensed,
        table.standing,
        table.sortName,
        table.id,
      )
      .where(sql`department is not null`),
    index('tenant_users_mailboxes')
      .on(table.mspId, table.tenantId, table.mailboxAskedAt, table.id)
      .where(sql`sign_in_allowed = 0 and is_guest = 0 and mail is not null`),
    // Whether somebody signs in by a name already.
    index('tenant_users_by_principal_name').on(table.mspId, table.tenantId, sql`user_principal_name collate nocase`),
    index('tenant_users_not_indexed')
      .on(table.mspId, table.tenantId, table.id)
      .where(sql`found_by is null`),
    index('tenant_users_by_manager')
      .on(table.mspId, table.tenantId, table.managerId, table.sortName, table.id)
      .where(sql`manager_id is not null`),
  ],
)

export const readParts = ['sign_ins', 'groups', 'managers'] as const

/** Where the pass of a part stands that is read beside the sync; `id` is the part. */
export const partReads = sqliteTable(
  'part_reads',
  {
    mspId: text('msp_id').notNull(),
    id: text('id', { enum: readParts }).notNull(),
    tenantId: text('tenant_id').notNull(),
    /** The next page; of a pass that is over, where the next one begins. */
    cursor: text('cursor'),
    isOver: flag('is_over').notNull(),
    isFull: flag('is_full').notNull(),
    /** What a full pass leaves on the rows that it has seen. */
    mark: text('mark').notNull(),
    /** How many things the pass has found that it was made for. */
    foundCount: integer('found_count').notNull(),
    startedAt: moment('started_at').notNull(),
  },
  (table) => [keyedInTenant(table), ofTenant(table)],
)

/** Distribution lists and Microsoft 365 groups; groups that open doors are none of a portal's affair. */
export const tenantGroups = sqliteTable(
  'tenant_groups',
  {
    ...ownedByTenant(),
    kind: text('kind', { enum: ['distribution', 'microsoft_365'] }).notNull(),
    displayName: text('display_name').notNull(),
    description: text('description'),
    mail: text('mail'),
    seenInRead: text('seen_in_read').notNull(),
  },
  (table) => [
    keyedInTenant(table),
    ofTenant(table),
    index('tenant_groups_by_name').on(table.mspId, table.tenantId, table.displayName, table.id),
  ],
)

/** Who is in which group; `id` is the member's, who may not be a person, and may be nobody that we know. */
export const groupMembers = sqliteTable(
  'group_members',
  {
    ...ownedByTenant(),
    groupId: text('group_id').notNull(),
    kind: text('kind', { enum: ['user', 'group', 'other'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.mspId, table.tenantId, table.groupId, table.id] }),
    ofTenant(table),
    index('group_members_by_member').on(table.mspId, table.tenantId, table.id, table.groupId),
  ],
)

export const seatCounts = sqliteTable(
  'seat_counts',
  {
    ...ownedByTenant(),
    skuPartNumber: text('sku_part_number').notNull(),
    boughtCount: integer('bought_count').notNull(),
    assignedCount: integer('assigned_count').notNull(),
    suspendedCount: integer('suspended_count').notNull(),
    status: text('status').notNull(),
    hidden: flag('hidden').notNull(),
    overSince: moment('over_since'),
    asOf: moment('as_of').notNull(),
    /** What Microsoft called it when the tenant was last read; null where its own table does not know it. */
    microsoftName: text('microsoft_name'),
    /** Seats whose holders have not signed in for so many days, or cannot; the database counts them, by triggers on the holders. */
    idle30Count: integer('idle_30_count').notNull().default(0),
    idle60Count: integer('idle_60_count').notNull().default(0),
    idle90Count: integer('idle_90_count').notNull().default(0),
    /** Those of them whose holders cannot sign in. */
    blockedHolderCount: integer('blocked_holder_count').notNull().default(0),
    /** Of how many holders nothing was known when that was last read. */
    signInUnknownCount: integer('sign_in_unknown_count').notNull().default(0),
    /** As of when the days are counted; null while nobody's last sign-in is known. */
    idleAsOf: moment('idle_as_of'),
    overCount: integer('over_count').generatedAlwaysAs(sql`max(0, assigned_count - bought_count)`, { mode: 'virtual' }),
    /** A seat in a year, by the list of an MSP that reckons in its currency; the database keeps it. */
    seatYearMinor: integer('seat_year_minor'),
    idleYearMinor: integer('idle_year_minor').generatedAlwaysAs(sql`idle_90_count * seat_year_minor`, {
      mode: 'virtual',
    }),
    /** Guests who hold a seat, and of them those whose seat is idle for so many days; the database counts them, too. */
    guestHolderCount: integer('guest_holder_count').notNull().default(0),
    guestIdle30Count: integer('guest_idle_30_count').notNull().default(0),
    guestIdle60Count: integer('guest_idle_60_count').notNull().default(0),
    guestIdle90Count: integer('guest_idle_90_count').notNull().default(0),
  },
  (table) => [
    keyedInTenant(table),
    ofTenant(table),
    index('seat_counts_by_sku').on(table.mspId, table.id),
    index('seat_counts_over')
      .on(table.mspId, table.overCount, table.tenantId, table.id)
      .where(sql`hidden = 0 and over_count > 0`),
    index('seat_counts_idle_worth')
      .on(table.mspId, table.idleYearMinor, table.tenantId, table.id)
      .where(sql`hidden = 0 and idle_year_minor > 0`),
    index('seat_counts_idle_unpriced')
      .on(table.mspId, table.idle90Count, table.tenantId, table.id)
      .where(sql`hidden = 0 and idle_90_count > 0 and seat_year_minor is null`),
  ],
)

export const subscriptions = sqliteTable(
  'subscriptions',
  {
    ...ownedByTenant(),
    skuId: text('sku_id').notNull(),
    skuPartNumber: text('sku_part_number').notNull(),
    status: text('status').notNull(),
    seatCount: integer('seat_count').notNull(),
    isTrial: flag('is_trial').notNull(),
    nextLifecycleAt: moment('next_lifecycle_at'),
    asOf: moment('as_of').notNull(),
  },
  (table) => [
    keyedInTenant(table),
    ofTenant(table),
    index('subscriptions_by_renewal')
      .on(table.mspId, table.nextLifecycleAt, table.tenantId, table.id)
      .where(sql`is_trial = 0 and status <> 'deleted'`),
  ],
)

/** One a day; `id` is the day. */
export const securityScores = sqliteTable(
  'security_scores',
  {
    ...ownedByTenant(),
    /** Points in hundredths: Microsoft gives fractions. */
    currentHundredths: integer('current_hundredths').notNull(),
    maxHundredths: integer('max_hundredths').notNull(),
    /** What organisations of this size reach, in hundredths of a per cent; null when Microsoft does not say. */
    comparisonHundredths: integer('comparison_hundredths'),
    asOf: moment('as_of').notNull(),
    /** When its day began. */
    scoredAt: moment('scored_at'),
  },
  (table) => [keyedInTenant(table), ofTenant(table), index('security_scores_by_age').on(table.scoredAt)],
)

export const securityAlerts = sqliteTable(
  'security_alerts',
  {
    ...ownedByTenant(),
    title: text('title').notNull(),
    severity: text('severity', { enum: ['informational', 'low', 'medium', 'high', 'unknown'] }).notNull(),
    status: text('status', { enum: ['new', 'in_progress', 'resolved', 'unknown'] }).notNull(),
    raisedAt: moment('raised_at'),
    asOf: moment('as_of').notNull(),
    /** As plain text. */
    description: text('description'),
    category: text('category'),
  },
  (table) => [keyedInTenant(table), ofTenant(table), index('security_alerts_by_age').on(table.raisedAt)],
)

/** What would raise the security score most, the few first of it; `id` is Microsoft's name of the control. */
export const scoreControls = sqliteTable(
  'score_controls',
  {
    ...ownedByTenant(),
    title: text('title').notNull(),
    category: text('category'),
    /** Points in hundredths, reached and to be reached. */
    pointsHundredths: integer('points_hundredths').notNull(),
    maxHundredths: integer('max_hundredths').notNull(),
    /** What to do, as plain text; may be empty. */
    remediation: text('remediation').notNull(),
    asOf: moment('as_of').notNull(),
  },
  (table) => [keyedInTenant(table), ofTenant(table)],
)

/** Incidents and advisories of Microsoft's services, kept for a year after they began. */
export const serviceIssues = sqliteTable(
  'service_issues',
  {
    ...ownedByTenant(),
    service: text('service').notNull(),
    title: text('title').notNull(),
    classification: text('classification', { enum: ['incident', 'advisory', 'unknown'] }).notNull(),
    state: text('state', { enum: ['works', 'degraded', 'interrupted', 'recovering', 'unknown'] }).notNull(),
    isResolved: flag('is_resolved').notNull(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
    /** What Microsoft wrote last, as plain text. */
    latestPost: text('latest_post'),
    latestPostAt: moment('latest_post_at'),
    asOf: moment('as_of').notNull(),
  },
  (table) => [
    keyedInTenant(table),
    ofTenant(table),
    index('service_issues_by_start').on(table.mspId, table.tenantId, table.startedAt),
    index('service_issues_in_order').on(table.mspId, table.tenantId, table.isResolved, table.startedAt, table.id),
    index('service_issues_by_age')
      .on(table.startedAt)
      .where(sql`is_resolved = 1`),
  ],
)

export const serviceHealth = sqliteTable(
  'service_health',
  {
    ...ownedByTenant(),
    service: text('service').notNull(),
    state: text('state', { enum: ['works', 'degraded', 'interrupted', 'recovering', 'unknown'] }).notNull(),
    issueTitle: text('issue_title'),
    since: moment('since'),
    asOf: moment('as_of').notNull(),
  },
  (table) => [keyedInTenant(table), ofTenant(table)],
)

export const userChangeKinds = ['joined', 'left', 'blocked', 'unblocked', 'licence_given', 'licence_taken'] as const

export type UserChangeKind = (typeof userChangeKinds)[number]

/** What happened to people, as a sync saw it; kept for a year. The first sync records nobody as joined. */
export const userChanges = sqliteTable(
  'user_changes',
  {
    ...ownedByTenant(),
    day: text('day').notNull(),
    kind: text('kind', { enum: userChangeKinds }).notNull(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    detail: text('detail'),
    at: moment('at').notNull(),
    /** The licence that was given or taken; null for what else happens. */
    skuId: text('sku_id'),
  },
  (table) => [
    keyedInTenant(table),
    ofTenant(table),
    index('user_changes_in_order').on(table.mspId, table.tenantId, table.at, table.id),
    index('user_changes_by_age').on(table.at),
  ],
)

/** A snapshot a day, in the MSP's time zone; `id` is the day. Kept for a year. */
export const tenantDays = sqliteTable(
  'tenant_days',
  {
    ...ownedByTenant(),
    activeUserCount: integer('active_user_count').notNull(),
    licensedUserCount: integer('licensed_user_count').notNull(),
    seats: text('seats', { mode: 'json' }).$type<{ skuId: string; bought: number; assigned: number }[]>().notNull(),
    takenAt: moment('taken_at'),
  },
  (table) => [keyedInTenant(table), ofTenant(table), index('tenant_days_by_age').on(table.takenAt)],
)

function ofTenant(table: { mspId: AnySQLiteColumn; tenantId: AnySQLiteColumn }) {
  return belongsTo(table, [table.tenantId], tenants, [tenants.id])
}

function keyedInTenant(table: { mspId: AnySQLiteColumn; tenantId: AnySQLiteColumn; id: AnySQLiteColumn }) {
  return primaryKey({ columns: [table.mspId, table.tenantId, table.id] })
}
