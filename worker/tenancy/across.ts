import type { Shard } from '../../db/connect.ts'
import { timePartOf } from './ids.ts'

/**
 * The reads that look across MSPs, each by name and with its reason: nothing else does, and these answer nothing but
 * where there is work. What they find is then opened through the MSP's own scope.
 */
const statements = {
  /** The minute's sweep: which jobs are due, or were left by a Worker that died; one of each MSP before the second of any. */
  dueJobs: `select msp_id, id from (select msp_id, id, due_at, row_number() over (partition by msp_id order by due_at) as turn from jobs where state in ('waiting', 'running') and due_at <= ? and (state = 'waiting' or lease_until < ?)) order by turn, due_at limit 200`,
  /** The minute's sweep: which tenants want their next sync and have none waiting, so that those who wait hold up nobody; one of each MSP before the second of any. */
  dueTenants: `select msp_id, customer_id, id from (select msp_id, customer_id, id, next_sync_at, row_number() over (partition by msp_id order by next_sync_at) as turn from tenants where state = 'connected' and next_sync_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'sync:' || tenants.id and jobs.state in ('waiting', 'running'))) order by turn, next_sync_at limit 100`,
  /** The minute's sweep: which tenants want the next pass over what is read beside the sync, taking turns as with syncs. */
  dueParts: `select msp_id, customer_id, id from (select msp_id, customer_id, id, parts_due_at, row_number() over (partition by msp_id order by parts_due_at) as turn from tenants where state = 'connected' and parts_due_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'parts:' || tenants.id and jobs.state in ('waiting', 'running'))) order by turn, parts_due_at limit 100`,
  /** The minute's sweep: which tenants' health has changed by time alone, such as a day after the last good sync. */
  dueHealth: `select msp_id, customer_id, id from tenants where state = 'connected' and health_due_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'health:' || tenants.id and jobs.state in ('waiting', 'running')) order by health_due_at limit 100`,
  /** The minute's sweep: which host names of customers' own are to be looked at again and have no look waiting. */
  dueHostnames: `select msp_id, customer_id, id, hostname from custom_hostnames where next_check_at <= ? and not exists (select 1 from jobs where jobs.msp_id = custom_hostnames.msp_id and jobs.natural_key = 'hostname:check:' || custom_hostnames.id and jobs.state in ('waiting', 'running')) order by next_check_at limit 100`,
  /** The minute's sweep: which MSPs have people who are not searchable yet, one look-up for each of them. */
  mspsNotIndexed: `with recursive found(msp_id) as (select min(msp_id) from tenant_users where found_by is null union all select (select min(msp_id) from tenant_users where found_by is null and tenant_users.msp_id > found.msp_id) from found where found.msp_id is not null) select msp_id from found where msp_id is not null limit 100`,
  /** The minute's sweep: which MSPs have contacts whose monthly report is due, and no job that queues them. */
  mspsWithReportsDue: `select distinct msp_id from contacts where report_due_at <= ? and not exists (select 1 from jobs where jobs.msp_id = contacts.msp_id and jobs.natural_key = 'reports:start' and jobs.state in ('waiting', 'running')) limit 100`,
  /** The minute's sweep: which documents were deleted so long ago that nobody can have them back. */
  expiredDocuments: `select msp_id, customer_id, id from documents where deleted_at <= ? order by deleted_at limit 100`,
  /** The minute's sweep: which logos nobody has worn for so long that no open page shows them. */
  logosSetAside: `select msp_id, id from logos where set_aside_at <= ? order by set_aside_at limit 100`,
  /** The minute's sweep: which tickets were resolved so long ago that their customers cannot open them again. */
  ticketsToClose: `select msp_id, customer_id, id from tickets where state = 'resolved' and reopen_until_at < ? order by reopen_until_at limit 100`,
  /** The minute's sweep: which requests have waited so long for an approval that somebody is to be reminded, or that they expire. */
  requestsToAttend: `select msp_id, customer_id, id from service_requests where state in ('awaiting_customer', 'awaiting_msp') and attend_at <= ? order by attend_at limit 100`,
  /** The minute's sweep: which files were uploaded for a ticket and never sent. */
  unsentFiles: `select msp_id, customer_id, id from ticket_files where unsent_until_at is not null and unsent_until_at <= ? order by unsent_until_at limit 100`,
  /** The minute's sweep: which imports have had their time, a few at once. */
  oldImports: `select msp_id, id from customer_imports where expires_at <= ? and state not in ('running', 'undoing') order by expires_at limit 10`,
} as const

export const acrossMsps = {
  dueJobs: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.dueJobs, params: [nowMs, nowMs] })).map(([mspId, jobId]) => ({
      mspId: String(mspId),
      jobId: String(jobId),
    })),
  dueTenants: async (shard: Shard, nowMs: number) =>
    tenantsIn(await shard.read({ sql: statements.dueTenants, params: [nowMs] })),
  dueParts: async (shard: Shard, nowMs: number) =>
    tenantsIn(await shard.read({ sql: statements.dueParts, params: [nowMs] })),
  dueHealth: async (shard: Shard, nowMs: number) =>
    tenantsIn(await shard.read({ sql: statements.dueHealth, params: [nowMs] })),
  dueHostnames: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.dueHostnames, params: [nowMs] })).map(
      ([mspId, customerId, hostnameId, hostname]) => ({
        mspId: String(mspId),
        customerId: String(customerId),
        hostnameId: String(hostnameId),
        hostname: String(hostname),
      }),
    ),
  mspsNotIndexed: async (shard: Shard) =>
    (await shard.read({ sql: statements.mspsNotIndexed, params: [] })).map(([mspId]) => ({ mspId: String(mspId) })),
  mspsWithReportsDue: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.mspsWithReportsDue, params: [nowMs] })).map(([mspId]) => ({
      mspId: String(mspId),
    })),
  expiredDocuments: async (shard: Shard, deletedBeforeMs: number) =>
    (await shard.read({ sql: statements.expiredDocuments, params: [deletedBeforeMs] })).map(
      ([mspId, customerId, documentId]) => ({
        mspId: String(mspId),
        customerId: String(customerId),
        documentId: String(documentId),
      }),
    ),
  logosSetAside: async (shard: Shard, setAsideBeforeMs: number) =>
    (await shard.read({ sql: statements.logosSetAside, params: [setAsideBeforeMs] })).map(([mspId, logoId]) => ({
      mspId: String(mspId),
      logoId: String(logoId),
    })),
  ticketsToClose: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.ticketsToClose, params: [nowMs] })).map(([mspId, customerId, ticketId]) => ({
      mspId: String(mspId),
      customerId: String(customerId),
      ticketId: String(ticketId),
    })),
  requestsToAttend: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.requestsToAttend, params: [nowMs] })).map(([mspId, customerId, requestId]) => ({
      mspId: String(mspId),
      customerId: String(customerId),
      requestId: String(requestId),
    })),
  unsentFiles: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.unsentFiles, params: [nowMs] })).map(([mspId, customerId, fileId]) => ({
      mspId: String(mspId),
      customerId: String(customerId),
      fileId: String(fileId),
    })),
  oldImports: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.oldImports, params: [nowMs] })).map(([mspId, importId]) => ({
      mspId: String(mspId),
      importId: String(importId),
    })),
}

export type DueTenant = { mspId: string; customerId: string; tenantId: string }

const tenantsIn = (rows: unknown[][]): DueTenant[] =>
  rows.map(([mspId, customerId, tenantId]) => ({
    mspId: String(mspId),
    customerId: String(customerId),
    tenantId: String(tenantId),
  }))

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * How long what is over is kept: jobs that are done for staff to look back, those that gave up for staff to act on, runs
 * for the history of a tenant, its figures for a year, access given to many as long as imports, invitations so that an old link is told to be one.
 */
const keptFor = {
  idempotencyKey: DAY_MS,
  doneJob: 3 * DAY_MS,
  parkedJob: 90 * DAY_MS,
  syncRun: 30 * DAY_MS,
  accessGrant: 30 * DAY_MS,
  connectionAttempt: DAY_MS,
  invitation: 90 * DAY_MS,
  passwordReset: DAY_MS,
  // What a chart of a year is drawn from.
  figures: 365 * DAY_MS,
  // Longer than any seven years, since the database itself refuses to forget anything younger than those.
  activity: 7 * 366 * DAY_MS,
} as const

/** Housekeeping: ends what has had its time, a few hundred rows of each at a time so that nobody waits for it. */
export const forgetExpired = async (shard: Shard, nowMs: number): Promise<void> => {
  await shard.batch([
    { sql: FORGET_KEPT, params: [nowMs] },
    { sql: FORGET_APPS, params: [] },
    ...(
      [
        ['sessions', 'expires_at < ?', 0],
        ['hand_overs', 'expires_at < ?', 0],
        ['previews', 'expires_at < ?', 0],
        ['idempotency_keys', 'created_at < ?', keptFor.idempotencyKey],
        ['jobs', "state = 'done' and finished_at < ?", keptFor.doneJob],
        ['jobs', "state = 'parked' and finished_at < ?", keptFor.parkedJob],
        ['sync_runs', 'finished_at < ?', keptFor.syncRun],
        ['access_grants', 'finished_at < ?', keptFor.accessGrant],
        // What stopped half-way: with its job goes the last chance to go on.
        [
          'access_grant_people',
          `(msp_id, grant_id) in (select msp_id, id from access_grants where ${GAVE_UP})`,
          keptFor.parkedJob,
        ],
        [
          'access_grants',
          `${GAVE_UP} and not exists (select 1 from access_grant_people as left_over where left_over.msp_id = access_grants.msp_id and left_over.grant_id = access_grants.id)`,
          keptFor.parkedJob,
        ],
        ['connection_attempts', 'expires_at < ?', keptFor.connectionAttempt],
        ['invitations', 'expires_at < ?', keptFor.invitation],
        ['staff_invitations', 'expires_at < ?', keptFor.invitation],
        ['pending_sign_ins', 'expires_at < ?', 0],
        ['password_resets', 'expires_at < ?', keptFor.passwordReset],
        ['user_changes', 'at < ?', keptFor.figures],
        ['tenant_days', 'taken_at < ?', keptFor.figures],
        ['security_scores', 'scored_at < ?', keptFor.figures],
        ['security_alerts', 'raised_at < ?', keptFor.figures],
        ['service_issues', 'is_resolved = 1 and started_at < ?', keptFor.figures],
      ] as const
    ).map(([table, isOver, kept]) => ({
      sql: `delete from ${table} where rowid in (select rowid from ${table} where ${isOver} limit 500)`,
      params: [nowMs - kept],
    })),
  ])
}

const GAVE_UP = `finished_at is null and created_at < ?`

/** App registrations that are in force no more and that no tenant is read with: their secrets have nothing left to open. */
const FORGET_APPS = `delete from microsoft_apps where rowid in (select apps.rowid from microsoft_apps apps where not exists (select 1 from msps where msps.msp_id = apps.msp_id and msps.microsoft_client_id = apps.client_id) and not exists (select 1 from tenants where tenants.msp_id = apps.msp_id and tenants.client_id = apps.client_id and tenants.removed_at is null) limit 500)`

/** What undoing a merge needs holds a customer's data, so it goes when nobody may undo it any more. */
const FORGET_KEPT = `update customer_merges set kept = null where rowid in (select rowid from customer_merges where kept is not null and undo_ends_at <= ? limit 500)`

/**
 * Forgets what was done more than seven years ago. Ids sort by time within an MSP, so no index of every entry by its age
 * is kept for it.
 */
export const forgetHistory = async (shard: Shard, nowMs: number): Promise<void> => {
  const before = nowMs - keptFor.activity
  await shard.batch([
    {
      sql: `delete from activities where rowid in (select entry.rowid from msps cross join activities as entry on entry.msp_id = msps.msp_id where entry.id < ? and entry.at < ? limit 500)`,
      params: [timePartOf(before), before],
    },
  ])
}
