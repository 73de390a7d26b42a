import type { syncRuns, tenants } from '../../../db/shard/schema.ts'
import { isUnreadable } from '../microsoft-apps/index.ts'

export type RefreshedTenant = Pick<
  typeof tenants.$inferSelect,
  'id' | 'name' | 'state' | 'lastGoodSyncAt' | 'refreshAskedAt'
>
export type RefreshRun = Pick<
  typeof syncRuns.$inferSelect,
  'tenantId' | 'state' | 'userCount' | 'userCountExpected' | 'startedAt'
>
export type TenantStanding = 'not asked' | 'lost' | 'waiting' | 'reading' | 'done' | 'failed'
export type RefreshState = 'idle' | 'reading' | 'done' | 'failed'

/** How it stands with one tenant that somebody asked to be read at once. `run` is its newest. */
export const standingOf = (
  { state, lastGoodSyncAt, refreshAskedAt }: RefreshedTenant,
  run: RefreshRun | undefined,
): TenantStanding => {
  if (isUnreadable(state)) return 'lost'
  if (refreshAskedAt === null) return 'not asked'
  if (run?.state === 'running') return 'reading'
  if (lastGoodSyncAt !== null && lastGoodSyncAt >= refreshAskedAt) return 'done'
  return run?.state === 'failed' && run.startedAt >= refreshAskedAt ? 'failed' : 'waiting'
}

/** How it stands with all of a customer's: as long as one is read it goes on, and one that failed is not hidden by others. */
export const refreshState = (standings: readonly TenantStanding[]): RefreshState => {
  if (standings.some((one) => one === 'waiting' || one === 'reading')) return 'reading'
  if (standings.includes('failed')) return 'failed'
  return standings.includes('done') ? 'done' : 'idle'
}

/** From when on it may be asked for again; null: at once. */
export const mayAskAgainAt = (
  held: readonly Pick<RefreshedTenant, 'refreshAskedAt'>[],
  budgetMs: number,
  at: number,
): number | null => {
  const last = Math.max(0, ...held.map(({ refreshAskedAt }) => refreshAskedAt ?? 0))
  return last + budgetMs > at ? last + budgetMs : null
}
