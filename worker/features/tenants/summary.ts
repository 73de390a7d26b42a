import { desc, eq, sql } from 'drizzle-orm'
import {
  customers,
  seatCounts,
  securityAlerts,
  serviceHealth,
  subscriptions,
  tenants,
} from '../../../db/shard/schema.ts'
import type { CustomerScope, TenantScope, Write } from '../../tenancy/scope.ts'
import { customerHealth, rankOf, tenantHealth } from '../health/index.ts'
import type { Health, TenantFacts } from '../health/index.ts'
import { skuName } from '../licences/index.ts'

type TenantRow = typeof tenants.$inferSelect

/** A tenant's health from what is kept of it, at a moment. */
export const healthAfter = async (tenant: TenantScope, row: TenantRow, at: number): Promise<Health> => {
  const [services, seats, bought, alerts] = [
    await tenant.list(serviceHealth),
    await tenant.list(seatCounts, { where: eq(seatCounts.hidden, false) }),
    await tenant.list(subscriptions, { where: eq(subscriptions.isTrial, false) }),
    await tenant.list(securityAlerts, {
      where: sql`${securityAlerts.severity} in ('high', 'medium') and ${securityAlerts.status} in ('new', 'in_progress')`,
      orderBy: [desc(securityAlerts.raisedAt)],
      limit: 20,
    }),
  ]
  const facts: TenantFacts = {
    tenantId: row.id,
    name: row.name,
    state:
      row.state === 'consent_lost'
        ? 'consent_lost'
        : row.state === 'removed'
          ? 'disconnected'
          : row.lastGoodSyncAt === null
            ? 'never_synced'
            : 'connected',
    stateSince: row.state === 'consent_lost' ? row.consentLostAt : row.connectedAt,
    lastGoodSyncAt: row.lastGoodSyncAt,
    // Graph lists the services a tenant is subscribed to, so each of them is in use (List healthOverviews).
    services: services.map(({ service, state, since }) => ({ service, state, since, inUse: true })),
    seats: seats.map((seat) => ({
      skuId: seat.id,
      name: skuName({ skuId: seat.id, skuPartNumber: seat.skuPartNumber }),
      boughtCount: seat.boughtCount,
      assignedCount: seat.assignedCount,
      since: seat.overSince,
    })),
    renewals: bought.flatMap((one) =>
      one.nextLifecycleAt === null
        ? []
        : [{ skuId: one.skuId, name: skuName(one), at: one.nextLifecycleAt, autoRenew: null }],
    ),
    alerts: alerts.map(({ id, title, severity, raisedAt, asOf }) => ({
      id,
      title,
      severity,
      raisedAt: raisedAt ?? asOf,
    })),
  }
  return tenantHealth(facts, at)
}

export const healthColumns = (health: Health, at: number, before: TenantRow) => ({
  healthRank: rankOf[health.level],
  healthReasons: health.reasons as unknown[],
  healthSince:
    health.since === null
      ? before.healthRank === rankOf[health.level]
        ? before.healthSince
        : at
      : Date.parse(health.since),
})

/** The customer's row after one of its tenants changed: the sum of users, and the worst health. */
export const customerSummary = async (
  customer: CustomerScope,
  tenantId: string,
  health: Health,
  counts: { licensedUserCount?: number } | 'removed',
  at: number,
): Promise<Write> => {
  const others = (await customer.list(tenants, { where: sql`${tenants.removedAt} is null` })).filter(
    ({ id }) => id !== tenantId,
  )
  const own = counts === 'removed' ? undefined : await customer.first(tenants, eq(tenants.id, tenantId))
  const worst = customerHealth([
    ...others.map((row) => ({
      level: levelOf(row.healthRank),
      since: null,
      reasons: row.healthReasons as Health['reasons'],
    })),
    ...(own === undefined ? [] : [health]),
  ])
  const licensed =
    others.reduce((sum, row) => sum + row.licensedUserCount, 0) +
    (own === undefined || counts === 'removed' ? 0 : (counts.licensedUserCount ?? own.licensedUserCount))
  return customer.changeAll(customers, undefined, {
    licensedUserCount: licensed,
    healthRank: rankOf[worst.level],
    healthReasons: worst.reasons as unknown[],
    healthSince: worst.since === null ? null : Date.parse(worst.since),
    healthAsOf: at,
  })
}

const levelOf = (rank: number): Health['level'] => {
  const level = (['red', 'amber', 'green', 'grey'] as const)[rank]
  if (level === undefined) throw new Error(`There is no health level of rank ${rank}.`)
  return level
}
