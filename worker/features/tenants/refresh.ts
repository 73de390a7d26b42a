import { and, asc, eq, exists, gt, inArray, isNull, not, or } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { customers, jobs, syncRuns, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { Problem, missing } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import type { Answer, ContactScope, CustomerScope } from '../../tenancy/scope.ts'
import { mayAskAgainAt, refreshState, standingOf } from './refresh-standing.ts'
import type { RefreshedTenant, RefreshRun } from './refresh-standing.ts'
import type { Refresh } from './refresh.schema.ts'
import { syncKeyOf, syncOf } from './sync.jobs.ts'

/** How often figures may be asked for anew, of one customer: by its portal, and by staff. What others asked for counts, too. */
export const refreshBudgetMs = { portal: 15 * 60_000, staff: 60_000 } as const

const TENANT_COUNT_MAX = 50
/** A run that is older than this is not the one that was asked for, unless it still goes on. */
const RUNS_MS = 24 * 3_600_000

type Reader = Pick<ContactScope, 'select' | 'mine' | 'readAll'>

/** How it stands with what was asked for last. One round trip. Problem `missing`. */
export const readRefresh = async (reads: Reader, budgetMs: number): Promise<z.infer<typeof Refresh>> => {
  const { held, runs } = await standing(reads)
  return presentRefresh(held, runs, budgetMs)
}

/**
 * Has all tenants of a customer read now by their own jobs. Problems: `missing`; `conflict` where none can be read, or the customer
 * is archived; `throttled` within the budget, which is proven by the commit itself.
 */
export const askForRefresh = async (
  reads: Reader,
  customer: CustomerScope,
  budgetMs: number,
  answer: (shown: z.infer<typeof Refresh>) => Answer,
): Promise<z.infer<typeof Refresh>> => {
  const { itself, held, runs } = await standing(reads)
  const at = now()
  const againAt = mayAskAgainAt(held, budgetMs, at)
  if (againAt !== null) throw tooSoon(againAt - at)
  const readable = held.filter(({ state }) => state === 'connected')
  if (readable.length === 0) throw new Problem('conflict', 'No tenant is connected, so there is nothing to read from.')
  const ids = new Set(readable.map(({ id }) => id))
  const after = held.map((row) => (ids.has(row.id) ? { ...row, refreshAskedAt: at } : row))
  const shown = presentRefresh(after, runs, budgetMs)
  const isSpent = exists(
    customer
      .select({ id: tenants.id })
      .from(tenants)
      .where(customer.mine(tenants, and(isNull(tenants.removedAt), gt(tenants.refreshAskedAt, at - budgetMs)))),
  )
  const waiting = and(
    eq(jobs.state, 'waiting'),
    among(
      jobs.naturalKey,
      [...ids].map((id) => syncKeyOf(id)),
    ),
  )
  try {
    await customer.commit(
      {
        action: 'customer.refresh_requested',
        subject: { kind: 'customer', id: customer.customerId, name: itself.name },
        answer: answer(shown),
      },
      customer.onlyIf(not(isSpent)),
      customer.changeAll(tenants, among(tenants.id, [...ids]), { refreshAskedAt: at }),
      customer.changeAll(jobs, waiting, { dueAt: at }),
      ...readable.map(({ id, domain }) => customer.later(syncOf(customer.customerId, id, domain))),
    )
  } catch (error) {
    // Somebody else asked at the same moment.
    throw error instanceof Problem && error.code === 'stale' ? tooSoon(budgetMs) : error
  }
  return shown
}

const standing = async (reads: Reader) => {
  const present = reads
    .select({ id: tenants.id })
    .from(tenants)
    .where(reads.mine(tenants, isNull(tenants.removedAt)))
  const [[itself], held, runs] = await reads.readAll([
    reads.select({ name: customers.name }).from(customers).where(reads.mine(customers)),
    reads
      .select({
        id: tenants.id,
        name: tenants.name,
        domain: tenants.domain,
        state: tenants.state,
        lastGoodSyncAt: tenants.lastGoodSyncAt,
        refreshAskedAt: tenants.refreshAskedAt,
      })
      .from(tenants)
      .where(reads.mine(tenants, isNull(tenants.removedAt)))
      .orderBy(asc(tenants.connectedAt), asc(tenants.id))
      .limit(TENANT_COUNT_MAX),
    reads
      .select({
        tenantId: syncRuns.tenantId,
        state: syncRuns.state,
        userCount: syncRuns.userCount,
        userCountExpected: syncRuns.userCountExpected,
        startedAt: syncRuns.startedAt,
      })
      .from(syncRuns)
      .where(
        reads.mine(
          syncRuns,
          and(
            inArray(syncRuns.tenantId, present),
            or(eq(syncRuns.state, 'running'), gt(syncRuns.startedAt, now() - RUNS_MS)),
          ),
        ),
      )
      .orderBy(asc(syncRuns.startedAt)),
  ])
  if (itself === undefined) throw missing('customer')
  return { itself, held, runs }
}

const presentRefresh = (
  held: readonly RefreshedTenant[],
  runs: readonly RefreshRun[],
  budgetMs: number,
): z.infer<typeof Refresh> => {
  const newest = new Map(runs.map((run) => [run.tenantId, run]))
  const standings = held.map((tenant) => standingOf(tenant, newest.get(tenant.id)))
  const reading = held.flatMap(({ id }, place) => (standings[place] === 'reading' ? (newest.get(id) ?? []) : []))
  const expected = reading.map(({ userCountExpected }) => userCountExpected)
  const asked = held.flatMap(({ refreshAskedAt }) => refreshAskedAt ?? [])
  const againAt = mayAskAgainAt(held, budgetMs, now())
  return {
    state: refreshState(standings),
    askedAt: asked.length === 0 ? null : new Date(Math.max(...asked)).toISOString(),
    againAt: againAt === null ? null : new Date(againAt).toISOString(),
    readCount: reading.reduce((sum, { userCount }) => sum + userCount, 0),
    expectedCount:
      expected.length === 0 || expected.includes(null)
        ? null
        : expected.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    failed: held.flatMap(({ name }, place) => (standings[place] === 'failed' ? [name] : [])),
  }
}

const tooSoon = (waitMs: number) => {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  const minutes = Math.ceil(retryAfterSeconds / 60)
  return new Problem(
    'throttled',
    `These figures were asked for anew a moment ago. They can be again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { retryAfterSeconds },
  )
}
