import type { Shard } from '../../db/connect.ts'

/**
 * The reads that look across MSPs, each by name and with its reason: nothing else does, and these answer nothing but
 * where there is work. What they find is then opened through the MSP's own scope.
 */
const statements = {
  /** The minute's sweep: which jobs are due, or were left by a Worker that died. */
  dueJobs: `select msp_id, id from jobs where state in ('waiting', 'running') and due_at <= ? and (state = 'waiting' or lease_until < ?) order by due_at limit 200`,
  /** The minute's sweep: which tenants want their next sync. */
  dueTenants: `select msp_id, customer_id, id from tenants where state = 'connected' and next_sync_at <= ? order by next_sync_at limit 100`,
  /** The reconciling sweep: what became of a host name that was reserved. */
  portalsAtHost: `select msp_id, customer_id from portals where host = ?`,
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
  portalsAtHost: async (shard: Shard, host: string) =>
    (await shard.read({ sql: statements.portalsAtHost, params: [host] })).map(([mspId, customerId]) => ({
      mspId: String(mspId),
      customerId: String(customerId),
    })),
}

/** Housekeeping that ends what has had its time; returns when all of it is gone from this shard. */
export const forgetExpired = async (shard: Shard, nowMs: number): Promise<void> => {
  const day = 86_400_000
  await shard.batch([
    { sql: `delete from sessions where expires_at < ?`, params: [nowMs] },
    { sql: `delete from idempotency_keys where created_at < ?`, params: [nowMs - day] },
    {
      sql: `delete from jobs where id in (select id from jobs where state = 'done' and finished_at < ? limit 500)`,
      params: [nowMs - 7 * day],
    },
  ])
}
