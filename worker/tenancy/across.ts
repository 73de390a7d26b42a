import type { Shard } from '../../db/connect.ts'

/**
 * The reads that look across MSPs, each by name and with its reason: nothing else does, and these answer nothing but
 * where there is work. What they find is then opened through the MSP's own scope.
 */
const statements = {
  /** The minute's sweep: which jobs are due, or were left by a Worker that died. */
  dueJobs: `select msp_id, id from jobs where state in ('waiting', 'running') and due_at <= ? and (state = 'waiting' or lease_until < ?) order by due_at limit 200`,
  /** The minute's sweep: which tenants want their next sync and have none waiting, so that those who wait hold up nobody. */
  dueTenants: `select msp_id, customer_id, id from tenants where state = 'connected' and next_sync_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'sync:' || tenants.id and jobs.state in ('waiting', 'running')) order by next_sync_at limit 100`,
} as const

export const acrossMsps = {
  dueJobs: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.dueJobs, params: [nowMs, nowMs] })).map(([mspId, jobId]) => ({
      mspId: String(mspId),
      jobId: String(jobId),
    })),
  dueTenants: async (shard: Shard, nowMs: number) =>
    (await shard.read({ sql: statements.dueTenants, params: [nowMs] })).map(([mspId, customerId, tenantId]) => ({
      mspId: String(mspId),
      customerId: String(customerId),
      tenantId: String(tenantId),
    })),
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long what is over is kept: jobs that are done for staff to look back, runs for the history of a tenant. */
const keptFor = {
  idempotencyKey: DAY_MS,
  doneJob: 3 * DAY_MS,
  syncRun: 30 * DAY_MS,
  connectionAttempt: DAY_MS,
} as const

/** Housekeeping: ends what has had its time, a few hundred rows of each at a time so that nobody waits for it. */
export const forgetExpired = async (shard: Shard, nowMs: number): Promise<void> => {
  await shard.batch([
    { sql: `delete from sessions where expires_at < ?`, params: [nowMs] },
    { sql: `delete from idempotency_keys where created_at < ?`, params: [nowMs - keptFor.idempotencyKey] },
    {
      sql: `delete from jobs where rowid in (select rowid from jobs where state = 'done' and finished_at < ? limit 500)`,
      params: [nowMs - keptFor.doneJob],
    },
    {
      sql: `delete from sync_runs where rowid in (select rowid from sync_runs where finished_at < ? limit 500)`,
      params: [nowMs - keptFor.syncRun],
    },
    {
      sql: `delete from connection_attempts where rowid in (select rowid from connection_attempts where expires_at < ? limit 500)`,
      params: [nowMs - keptFor.connectionAttempt],
    },
  ])
}
