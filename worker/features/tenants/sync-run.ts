import { and, desc, eq } from 'drizzle-orm'
import { msps, syncRuns } from '../../../db/shard/schema.ts'
import type { tenants } from '../../../db/shard/schema.ts'
import { dayOf } from '../../days.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import type { Directory } from '../../connectors/directory.ts'
import type { Work } from '../../jobs/job.ts'
import { newId } from '../../tenancy/ids.ts'
import type { CustomerScope, TenantScope, Write } from '../../tenancy/scope.ts'
import { BudgetSpent } from './request-budget.ts'

export type TenantRow = typeof tenants.$inferSelect
export type RunRow = typeof syncRuns.$inferSelect
export type Trouble = RunRow['trouble']

/** One sync as it goes: whose, what with, and how far it is. */
export type Sync = {
  customer: CustomerScope
  tenant: TenantScope
  tenantRow: TenantRow
  run: RunRow
  /** The run before this one, if there was one. */
  lastRun: RunRow | undefined
  work: Work
  directory: Directory
  /** Today in the MSP's time zone, as YYYY-MM-DD. */
  day: string
}

/** The run that a Worker before us left, and the one that ended last. */
export const runsBefore = async (tenant: TenantScope) => {
  const runs = await tenant.list(syncRuns, { orderBy: [desc(syncRuns.startedAt)], limit: 2 })
  return { left: runs.find(({ state }) => state === 'running'), last: runs.find(({ state }) => state !== 'running') }
}

/** The run that a Worker before us left; undefined when there is none to go on with. */
export const leftRun = (tenant: TenantScope): Promise<RunRow | undefined> =>
  tenant.first(syncRuns, eq(syncRuns.state, 'running'))

/** A new run: full when there is no cursor to go on from. */
export const newRun = async (tenant: TenantScope, row: TenantRow, work: Work): Promise<RunRow> => {
  const run = {
    id: newId(work.now()),
    kind: row.userCursor === null ? ('full' as const) : ('delta' as const),
    state: 'running' as const,
    step: 'licences' as const,
    cursor: row.userCursor,
    pageCount: 0,
    userCount: 0,
    userCountExpected: row.lastGoodSyncAt === null ? null : row.activeUserCount + row.guestCount + row.blockedUserCount,
    changeCount: 0,
    activeUserDelta: 0,
    guestDelta: 0,
    blockedUserDelta: 0,
    licensedUserDelta: 0,
    trouble: [],
    startedAt: work.now(),
    finishedAt: null,
  }
  await tenant.record(work.stillMine(), tenant.add(syncRuns, run))
  return { ...run, mspId: row.mspId, tenantId: row.id }
}

/** Saves where the run stands, together with the rows that took it there; only while this Worker still holds the job. */
export const advance = async (sync: Sync, set: Partial<RunRow>, ...writes: Write[]): Promise<void> => {
  const { tenant, run, work } = sync
  await tenant.record(
    tenant.changeWhere(syncRuns, run.id, and(eq(syncRuns.state, 'running'), work.isStillMine()), set),
    work.prolonged(),
    ...writes,
  )
  sync.run = { ...run, ...set }
}

/** How often a passing failure of a part is tried again before the run goes on without it. */
const PART_ATTEMPT_COUNT_MAX = 4

/**
 * Reads a part that a sync can do without: when Microsoft refuses it, or keeps failing to answer it, that is noted
 * in `trouble` and the run goes on. A passing failure is the job's to try again.
 */
export const readIfPossible = async <T>(
  { work }: Sync,
  trouble: Trouble,
  part: string,
  read: () => Promise<T>,
  onTrouble: (fault: ConnectorFault) => void = () => {},
): Promise<T | undefined> => {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof ConnectorFault) || error instanceof BudgetSpent) throw error
    const isPassing = error.kind === 'throttled' || error.kind === 'down' || error.kind === 'rejected'
    if (isPassing && work.attempt < PART_ATTEMPT_COUNT_MAX) throw error
    trouble.push({ part, message: error.message })
    onTrouble(error)
    return undefined
  }
}

/** The day a moment falls on for this MSP: days begin at midnight in its time zone. */
export const dayFor = async (tenant: TenantScope, nowMs: number): Promise<string> => {
  const row = await tenant.first(msps, undefined)
  if (row === undefined) throw new Error('This MSP has no organisation.')
  return dayOf(nowMs, row.timeZone)
}
