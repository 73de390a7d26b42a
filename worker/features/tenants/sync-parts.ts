import { desc, lt, sql } from 'drizzle-orm'
import {
  seatCounts,
  securityAlerts,
  securityScores,
  serviceHealth,
  subscriptions,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import type {
  SeatCount,
  SecurityAlert,
  SecurityScore,
  ServiceHealth,
  Subscription,
} from '../../connectors/directory.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { isHiddenByDefault, skuNamesOf } from '../licences/index.ts'
import { advance, readIfPossible } from './sync-run.ts'
import type { Sync } from './sync-run.ts'

const DAY_MS = 86_400_000
/** How far back Microsoft keeps scores. */
const SCORE_DAYS = 90
/** Scores of the last days may still be corrected, so they are read again. */
const SCORE_DAYS_AGAIN = 2

/** Seats and what they were bought with. An empty list where there was one is no proof that they are gone. */
export const readLicences = async (sync: Sync): Promise<void> => {
  const { tenant, directory, work } = sync
  const at = work.now()
  const trouble = [...sync.run.trouble]
  const seats = await directory.seats()
  const bought = await readIfPossible(sync, trouble, 'renewals', () => directory.subscriptions())
  const kept = await tenant.list(seatCounts)
  const isBelievable = seats.length > 0 || kept.length === 0
  if (!isBelievable) {
    trouble.push({
      part: 'licences',
      message: 'Microsoft listed no licences at all. The last known ones are kept.',
    })
  }
  const names = await skuNamesOf(
    work.environment,
    seats.map(({ skuId }) => skuId),
  )
  const rows = seatRows(seats, kept, names, at)
  const recount = isBelievable ? await recountOf(tenant, countedIn(kept), countedIn(rows)) : undefined
  await advance(
    sync,
    { step: 'people', trouble, licensedUserDelta: sync.run.licensedUserDelta + (recount?.delta ?? 0) },
    ...(recount === undefined ? [] : [recount.write]),
    tenant.putAll(seatCounts, rows),
    ...(isBelievable ? [tenant.removeWhere(seatCounts, lt(seatCounts.asOf, at))] : []),
    ...putSubscriptions(tenant, bought ?? [], at),
  )
}

const countedIn = (rows: readonly { id: string; hidden: boolean }[]): string[] =>
  rows
    .filter(({ hidden }) => !hidden)
    .map(({ id }) => id)
    .toSorted()

/**
 * Who counts as licensed was decided by the SKUs that counted before, so those of whom that is no longer true change,
 * and `delta` is by how many there are more of them. Undefined when the same SKUs count as before.
 */
const recountOf = async (
  tenant: TenantScope,
  before: string[],
  after: string[],
): Promise<{ write: Write; delta: number } | undefined> => {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined
  // isLicensed() in SQL, so that a tenant of 100,000 is not carried here and back.
  const isNow = sql<boolean>`exists (select 1 from json_each(${tenantUsers.skuIds}) as seat where seat.value in (select value from json_each(${JSON.stringify(after)})))`
  const isOther = sql`${tenantUsers.isLicensed} <> ${isNow}`
  const [counted] = await tenant
    .select({ delta: sql<number>`coalesce(sum(1 - 2 * ${tenantUsers.isLicensed}), 0)` })
    .from(tenantUsers)
    .where(tenant.mine(tenantUsers, isOther))
  return { write: tenant.changeAll(tenantUsers, isOther, { isLicensed: isNow }), delta: counted?.delta ?? 0 }
}

const seatRows = (
  seats: SeatCount[],
  kept: (typeof seatCounts.$inferSelect)[],
  names: Awaited<ReturnType<typeof skuNamesOf>>,
  at: number,
) => {
  const overSince = new Map(kept.map((row) => [row.id, row.overSince]))
  return seats
    .filter(({ appliesTo }) => appliesTo !== 'company')
    .map((seat) => ({
      id: seat.skuId,
      skuPartNumber: seat.skuPartNumber,
      boughtCount: seat.boughtCount,
      assignedCount: seat.assignedCount,
      suspendedCount: seat.suspendedCount,
      status: seat.status,
      hidden: isHiddenByDefault(seat),
      overSince: seat.assignedCount > seat.boughtCount ? (overSince.get(seat.skuId) ?? at) : null,
      asOf: at,
      microsoftName: names.get(seat.skuId) ?? null,
    }))
}

const putSubscriptions = (tenant: TenantScope, bought: Subscription[], at: number): Write[] =>
  bought.length === 0
    ? []
    : [
        tenant.putAll(
          subscriptions,
          bought.map(({ id, skuId, skuPartNumber, status, seatCount, isTrial, nextLifecycleAt }) => ({
            id,
            skuId,
            skuPartNumber,
            status,
            seatCount,
            isTrial,
            nextLifecycleAt: momentOf(nextLifecycleAt),
            asOf: at,
          })),
        ),
        tenant.removeWhere(subscriptions, lt(subscriptions.asOf, at)),
      ]

/** Scores, alerts and how Microsoft's services do, each for itself: a tenant may allow the one and not the other. */
export const readSecurityAndHealth = async (sync: Sync): Promise<void> => {
  const { tenant, directory, work } = sync
  const at = work.now()
  const trouble = [...sync.run.trouble]
  const dayCount = await scoreDaysWanted(tenant, at)
  const scores = await readIfPossible(sync, trouble, 'security', () => directory.securityScores(dayCount))
  const alerts = await readIfPossible(sync, trouble, 'security', () => directory.securityAlerts())
  const services = await readIfPossible(sync, trouble, 'health', () => directory.serviceHealth())
  await advance(
    sync,
    { step: 'finishing', trouble },
    putScores(tenant, scores ?? [], at),
    putAlerts(tenant, alerts ?? [], at),
    ...putServices(tenant, services ?? [], at),
  )
}

/** Each day of scores is a large answer, so only the days since the last one kept are asked for. */
const scoreDaysWanted = async (tenant: TenantScope, at: number): Promise<number> => {
  const [newest] = await tenant.list(securityScores, { orderBy: [desc(securityScores.id)], limit: 1 })
  if (newest === undefined) return SCORE_DAYS
  const since = Math.ceil((at - Date.parse(newest.id)) / DAY_MS)
  return Math.min(SCORE_DAYS, Math.max(0, since) + SCORE_DAYS_AGAIN)
}

const putScores = (tenant: TenantScope, scores: SecurityScore[], at: number): Write =>
  tenant.putAll(
    securityScores,
    scores.map(({ day, current, max, comparison }) => ({
      id: day,
      currentHundredths: Math.round(current * 100),
      maxHundredths: Math.round(max * 100),
      comparisonHundredths: comparison === null ? null : Math.round(comparison * 100),
      asOf: at,
    })),
  )

const putAlerts = (tenant: TenantScope, alerts: SecurityAlert[], at: number): Write =>
  tenant.putAll(
    securityAlerts,
    alerts.map(({ id, title, severity, status, raisedAt }) => ({
      id,
      title,
      severity,
      status,
      raisedAt: momentOf(raisedAt),
      asOf: at,
    })),
  )

const putServices = (tenant: TenantScope, services: ServiceHealth[], at: number): Write[] =>
  services.length === 0
    ? []
    : [
        tenant.putAll(
          serviceHealth,
          services.map(({ serviceId, service, state, issueTitle, issueStartedAt }) => ({
            id: serviceId,
            service,
            state,
            issueTitle,
            since: momentOf(issueStartedAt),
            asOf: at,
          })),
        ),
        tenant.removeWhere(serviceHealth, lt(serviceHealth.asOf, at)),
      ]

const momentOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant))
