import { eq } from 'drizzle-orm'
import { msps, syncRuns } from '../../../db/shard/schema.ts'
import type { tenants } from '../../../db/shard/schema.ts'
import type { Directory } from '../../connectors/directory.ts'
import type { Work } from '../../jobs/job.ts'
import type { CustomerScope, MspScope, TenantScope, Write } from '../../tenancy/scope.ts'

export type TenantRow = typeof tenants.$inferSelect
export type RunRow = typeof syncRuns.$inferSelect

/** One sync as it goes: whose, what with, and how far it is. */
export type Sync = {
  msp: MspScope
  customer: CustomerScope
  tenant: TenantScope
  tenantRow: TenantRow
  run: RunRow
  work: Work
  directory: Directory
  /** Today in the MSP's time zone, as YYYY-MM-DD. */
  day: string
}

/** Saves where the run stands, together with the rows that took it there; only while this Worker still holds the job. */
export const advance = async (sync: Sync, set: Partial<RunRow>, ...writes: Write[]): Promise<void> => {
  const { tenant, run, work } = sync
  await tenant.record(
    work.stillMine(),
    tenant.changeWhere(syncRuns, run.id, eq(syncRuns.state, 'running'), set),
    ...writes,
  )
  sync.run = { ...run, ...set }
}

/** The day a moment falls on for this MSP: days begin at midnight in its time zone. */
export const dayFor = async (tenant: TenantScope, nowMs: number): Promise<string> => {
  const row = await tenant.first(msps, undefined)
  if (row === undefined) throw new Error('This MSP has no organisation.')
  return new Intl.DateTimeFormat('en-CA', { timeZone: row.timeZone }).format(nowMs)
}
