import { and, asc, desc, eq, getTableColumns, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import {
  customers,
  msps,
  seatCounts,
  securityAlerts,
  serviceHealth,
  skus,
  subscriptions,
  tenants,
} from '../../../db/shard/schema.ts'
import { ALERTS_TOLD_MS } from '../../connectors/directory.ts'
import type { CustomerScope, TenantScope, Write } from '../../tenancy/scope.ts'
import { rankOf, tenantHealth } from '../health/index.ts'
import type { Health, TenantFacts } from '../health/index.ts'
import { isUnreadable } from '../microsoft-apps/index.ts'
import { shownName } from '../licences/index.ts'
import type { TenantRow } from './sync-run.ts'

/** A tenant's health from what is kept of it, at a moment. One round trip. */
export const healthAfter = async (tenant: TenantScope, row: TenantRow, at: number): Promise<Health> =>
  healthFrom(await findingsOf(tenant, at), row, at)

type Findings = Awaited<ReturnType<typeof findingsOf>>

/** What was found in a tenant that its health is made of. One round trip. */
export const findingsOf = async (tenant: TenantScope, at: number) => {
  const [services, seats, renewals, alerts, [msp]] = await tenant.readAll([
    tenant.select().from(serviceHealth).where(tenant.mine(serviceHealth)).orderBy(asc(serviceHealth.service)),
    tenant
      .select({ ...getTableColumns(seatCounts), ownName: skus.ownName })
      .from(seatCounts)
      .leftJoin(skus, and(eq(skus.mspId, seatCounts.mspId), eq(skus.id, seatCounts.id)))
      .where(tenant.mine(seatCounts, eq(seatCounts.hidden, false)))
      .orderBy(asc(seatCounts.id)),
    tenant
      .select({
        ...getTableColumns(subscriptions),
        ownName: skus.ownName,
        microsoftName: skus.microsoftName,
      })
      .from(subscriptions)
      .leftJoin(skus, and(eq(skus.mspId, subscriptions.mspId), eq(skus.id, subscriptions.skuId)))
      .where(tenant.mine(subscriptions, eq(subscriptions.isTrial, false))),
    tenant
      .select()
      .from(securityAlerts)
      .where(
        tenant.mine(
          securityAlerts,
          and(
            inArray(securityAlerts.severity, ['high', 'medium']),
            inArray(securityAlerts.status, ['new', 'in_progress']),
            or(isNull(securityAlerts.raisedAt), gte(securityAlerts.raisedAt, at - ALERTS_TOLD_MS)),
          ),
        ),
      )
      // High ones first, so that the limit never leaves one out for the sake of a medium one.
      .orderBy(asc(securityAlerts.severity), desc(securityAlerts.raisedAt))
      .limit(20),
    tenant.select().from(msps).where(tenant.mine(msps)),
  ])
  if (msp === undefined) throw new Error('This MSP has no organisation.')
  return { services, seats, renewals, alerts, timeZone: msp.timeZone }
}

export const healthFrom = (
  { services, seats, renewals, alerts, timeZone }: Findings,
  row: TenantRow,
  at: number,
): Health => {
  const facts: TenantFacts = {
    tenantId: row.id,
    name: row.name,
    timeZone,
    state: stateOf(row),
    stateSince: isUnreadable(row.state) ? row.consentLostAt : row.connectedAt,
    lastGoodSyncAt: row.lastGoodSyncAt,
    // Graph lists the services a tenant is subscribed to, so each of them is in use (List healthOverviews).
    services: services.map(({ service, state, since }) => ({ service, state, since, inUse: true })),
    seats: seats.map((seat) => ({
      skuId: seat.id,
      name: shownName({ ...seat, skuId: seat.id }),
      boughtCount: seat.boughtCount,
      assignedCount: seat.assignedCount,
      since: seat.overSince,
    })),
    renewals: renewals.flatMap((one) =>
      one.nextLifecycleAt === null
        ? []
        : [{ skuId: one.skuId, name: shownName(one), at: one.nextLifecycleAt, autoRenew: null }],
    ),
    alerts: alerts.map(({ id, title, severity, raisedAt, asOf }) => ({
      id,
      title,
      severity,
      raisedAt: raisedAt ?? asOf,
    })),
    departures: row.departures,
  }
  return tenantHealth(facts, at)
}

/** The health of a tenant of which nothing was read yet. */
export const healthAtFirst = (tenantId: string, name: string, at: number): Health =>
  tenantHealth(
    {
      tenantId,
      name,
      // Nothing of a tenant that was never read depends on the day.
      timeZone: 'UTC',
      state: 'never_synced',
      stateSince: at,
      lastGoodSyncAt: null,
      services: [],
      seats: [],
      renewals: [],
      alerts: [],
    },
    at,
  )

const stateOf = ({ state, lastGoodSyncAt }: TenantRow): TenantFacts['state'] => {
  switch (state) {
    case 'consent_lost':
    case 'app_removed':
      return state
    case 'removed':
      return 'disconnected'
    case 'connected':
      return lastGoodSyncAt === null ? 'never_synced' : 'connected'
  }
}

/** What a tenant's row keeps of its health. */
export const healthColumns = (health: Health, at: number, before: Pick<TenantRow, 'healthRank' | 'healthSince'>) => ({
  healthRank: rankOf[health.level],
  healthReasons: health.reasons as unknown[],
  healthSince: health.since === null ? sinceWithoutReason(health, at, before) : Date.parse(health.since),
  healthDueAt: health.dueAt,
})

const sinceWithoutReason = (
  { level }: Health,
  at: number,
  { healthRank, healthSince }: Pick<TenantRow, 'healthRank' | 'healthSince'>,
): number | null => (healthRank === rankOf[level] ? healthSince : at)

/**
 * The customer's row after one of its tenants changed: the sum of users, and the worst health with everybody's
 * reasons. Stands after the write that changes the tenant, and is worked out inside the commit from the tenants' rows:
 * two tenants that end at once cannot overwrite each other.
 */
export const customerSummary = (customer: CustomerScope, at: number): Write => {
  const held = customer.mine(tenants, isNull(tenants.removedAt))
  const ofTenants = (what: ReturnType<typeof sql>, more = sql`${tenants}`) =>
    sql`(select ${what} from ${more} where ${held})`
  const worst = ofTenants(sql`coalesce(min(${tenants.healthRank}), ${rankOf.grey})`)
  return customer.changeAll(customers, undefined, {
    licensedUserCount: ofTenants(sql`coalesce(sum(${tenants.licensedUserCount}), 0)`),
    healthRank: worst,
    healthReasons: ofTenants(
      sql`json_group_array(json(reason.value))`,
      sql`${tenants}, json_each(${tenants.healthReasons}) as reason`,
    ),
    healthSince: ofTenants(
      sql`min(case when ${tenants.healthRank} = ${worst} and ${tenants.healthRank} <> ${rankOf.green} then ${tenants.healthSince} end)`,
    ),
    healthAsOf: at,
  })
}
