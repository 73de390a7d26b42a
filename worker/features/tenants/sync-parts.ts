import { desc, eq, lt, sql } from 'drizzle-orm'
import {
  scoreControls,
  seatCounts,
  securityAlerts,
  securityScores,
  serviceHealth,
  serviceIssues,
  subscriptions,
  tenants,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import type { PartsUnread, UnreadablePart } from '../../../db/shard/schema.ts'
import type {
  ScoreControl,
  SeatCount,
  SecurityAlert,
  SecurityScore,
  ServiceHealth,
  ServiceIssue,
  Subscription,
} from '../../connectors/directory.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { isHiddenByDefault, skuNamesOf } from '../licences/index.ts'
import { portionsOf } from './portions.ts'
import { advance, readIfPossible } from './sync-run.ts'
import type { Sync, Trouble } from './sync-run.ts'

const DAY_MS = 86_400_000
/** How far back Microsoft keeps scores. */
const SCORE_DAYS = 90
/** Scores of the last days may still be corrected, so they are read again. */
const SCORE_DAYS_AGAIN = 2
/** As many as anybody reads, each with a text. */
const CONTROLS_KEPT = 20
/** How long issues are kept, and how far before the newest one known they are asked for again. */
const ISSUE_DAYS = 365
const ISSUE_OVERLAP_MS = 3_600_000

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
  const parts = partsOf(sync, trouble)
  const dayCount = await scoreDaysWanted(tenant, at)
  const scores = await parts.read('score', () => directory.securityScores(dayCount))
  const controls = await readControls(sync, parts, scores ?? [])
  const alerts = await parts.read('alerts', () => directory.securityAlerts())
  const services = await parts.read('services', () => directory.serviceHealth())
  const issues = await readIssues(sync, parts)
  await advance(
    sync,
    { step: 'finishing', trouble },
    putScores(tenant, scores ?? [], at),
    ...putControls(tenant, controls, at),
    putAlerts(tenant, alerts ?? [], at),
    ...putServices(tenant, services ?? [], at),
    ...putIssues(tenant, issues, at),
    ...parts.unread(),
  )
}

const sectionOf = {
  score: 'security',
  controls: 'security',
  alerts: 'security',
  services: 'health',
  issues: 'health',
} as const satisfies Record<UnreadablePart, string>

type Parts = ReturnType<typeof partsOf>

/** Reads parts that a sync can do without, and remembers of each whether Microsoft told it when it was asked last. */
const partsOf = (sync: Sync, trouble: Trouble) => {
  const { customer, tenantRow, work } = sync
  const before = tenantRow.partsUnread
  const after: PartsUnread = { ...before }
  return {
    read: <T>(part: UnreadablePart, read: () => Promise<T>): Promise<T | undefined> => {
      delete after[part]
      return readIfPossible(sync, trouble, sectionOf[part], read, ({ kind }) => {
        const why = kind === 'unauthorized' ? 'permission' : 'trouble'
        after[part] = { since: before[part]?.since ?? work.now(), why }
      })
    },
    unread: (): Write[] =>
      JSON.stringify(after) === JSON.stringify(before)
        ? []
        : [customer.changeAll(tenants, eq(tenants.id, tenantRow.id), { partsUnread: after })],
  }
}

/**
 * What would raise the score most: the controls with the most points left. Their words are a large answer and the same
 * for days, so they are read once a day; undefined when that was done.
 */
const readControls = async (sync: Sync, parts: Parts, scores: SecurityScore[]): Promise<RatedControl[] | undefined> => {
  const { tenant, directory, work } = sync
  const points = new Map(scores[0]?.controls.map((control) => [control.id, control.points]))
  if (points.size === 0) return undefined
  const [kept] = await tenant.list(scoreControls, { limit: 1 })
  if (kept !== undefined && kept.asOf > work.now() - DAY_MS) return undefined
  const controls = await parts.read('controls', () => directory.scoreControls())
  return controls === undefined ? undefined : mostToGain(controls, points)
}

export type RatedControl = ScoreControl & { points: number }

/** Only controls that the score is made of; those with the most to gain first, then in the order of their titles. */
export const mostToGain = (controls: readonly ScoreControl[], points: ReadonlyMap<string, number>): RatedControl[] =>
  controls
    .flatMap((control) => {
      const reached = points.get(control.id)
      return reached === undefined || reached >= control.maxPoints ? [] : [{ ...control, points: reached }]
    })
    .toSorted(
      (one, other) =>
        other.maxPoints - other.points - (one.maxPoints - one.points) || one.title.localeCompare(other.title),
    )
    .slice(0, CONTROLS_KEPT)

/**
 * What changed since the newest issue that is known was read, which may tell again what is known; at first a year. A read that
 * failed is thereby made up for by the next.
 */
const readIssues = async (sync: Sync, parts: Parts): Promise<ServiceIssue[]> => {
  const { tenant, directory, work } = sync
  const [newest] = await tenant.list(serviceIssues, { orderBy: [desc(serviceIssues.startedAt)], limit: 1 })
  const since = newest === undefined ? work.now() - ISSUE_DAYS * DAY_MS : newest.asOf - ISSUE_OVERLAP_MS
  return (await parts.read('issues', () => directory.serviceIssues(since))) ?? []
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
      scoredAt: Date.parse(day),
    })),
  )

const putControls = (tenant: TenantScope, controls: RatedControl[] | undefined, at: number): Write[] =>
  controls === undefined
    ? []
    : [
        tenant.putAll(
          scoreControls,
          controls.map(({ id, title, category, points, maxPoints, remediation }) => ({
            id,
            title,
            category,
            pointsHundredths: Math.round(points * 100),
            maxHundredths: Math.round(maxPoints * 100),
            remediation,
            asOf: at,
          })),
        ),
        tenant.removeWhere(scoreControls, lt(scoreControls.asOf, at)),
      ]

const putIssues = (tenant: TenantScope, issues: ServiceIssue[], at: number): Write[] =>
  portionsOf(
    issues.map((issue) => ({
      id: issue.id,
      service: issue.service,
      title: issue.title,
      classification: issue.classification,
      state: issue.state,
      isResolved: issue.isResolved,
      startedAt: momentOf(issue.startedAt),
      endedAt: momentOf(issue.endedAt),
      latestPost: issue.latestPost,
      latestPostAt: momentOf(issue.latestPostAt),
      asOf: at,
    })),
  ).map((rows) => tenant.putAll(serviceIssues, rows))

const putAlerts = (tenant: TenantScope, alerts: SecurityAlert[], at: number): Write =>
  tenant.putAll(
    securityAlerts,
    alerts.map(({ id, title, description, category, severity, status, raisedAt }) => ({
      id,
      title,
      description,
      category,
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
