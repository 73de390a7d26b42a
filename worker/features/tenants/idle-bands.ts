import { ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { seatCounts, seatHolders, tenantUsers } from '../../../db/shard/schema.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'

const DAY_MS = 86_400_000

/**
 * How long somebody has not signed in at a moment, as `tenant_users.idle_band` says it. Whoever never did is as idle as their
 * account is old; of whom nothing is known it is null. In SQL, so that a tenant of 100,000 is not carried here and back.
 */
export const idleBandAt = (at: number): SQL<number | null> => {
  const lastSeen = sql`coalesce(${tenantUsers.lastSignInAt}, unixepoch(${tenantUsers.accountCreatedAt}) * 1000, 0)`
  return sql<
    number | null
  >`case when ${tenantUsers.signInKnown} = 0 then null when ${lastSeen} > ${at - 30 * DAY_MS} then 0 when ${lastSeen} > ${at - 60 * DAY_MS} then 1 when ${lastSeen} > ${at - 90 * DAY_MS} then 2 else 3 end`
}

/**
 * Says anew of everybody who holds a seat how idle they are, as of when sign-ins were read. Once a day, with that pass: it reads
 * a whole tenant, and writes only what has become other. The counts of idle seats follow by triggers.
 */
export const ageSeats = (tenant: TenantScope, at: number): [Write, ...Write[]] => {
  const unknown = tenant
    .select({ count: sql`count(*)` })
    .from(seatHolders)
    .where(tenant.mine(seatHolders, sql`${seatHolders.skuId} = ${seatCounts.id} and ${seatHolders.idleBand} is null`))
  return [
    tenant.changeAll(
      tenantUsers,
      // Who holds nothing keeps no seat idle, and is looked at once they do.
      sql`${ne(tenantUsers.skuIds, sql`'[]'`)} and ${tenantUsers.idleBand} is not ${idleBandAt(at)}`,
      { idleBand: idleBandAt(at) },
    ),
    tenant.changeAll(seatCounts, undefined, { signInUnknownCount: sql`${unknown}`, idleAsOf: at }),
  ]
}
