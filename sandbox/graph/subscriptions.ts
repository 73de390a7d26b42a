import { bits, guidOf, seedOf } from '../random.ts'
import type { Tenant } from '../state.ts'
import type { Sku } from './skus.ts'
import type { BoughtSubscription, Seats } from './tenant-directory.ts'

const day = 86_400_000

/** One record per SKU: seats bought and seats assigned. */
export function subscribedSkus(tenant: Tenant, seats: Seats[]): Record<string, unknown>[] {
  return seats.map((seat) => ({
    accountName: tenant.domain.split('.')[0] ?? tenant.domain,
    accountId: tenant.tenantId,
    appliesTo: 'User',
    capabilityStatus: seat.boughtCount === 0 && seat.inGracePeriodCount > 0 ? 'Warning' : 'Enabled',
    consumedUnits: seat.assignedCount,
    id: `${tenant.tenantId}_${seat.sku.skuId}`,
    skuId: seat.sku.skuId,
    skuPartNumber: seat.sku.partNumber,
    subscriptionIds: seat.subscriptions.map((subscription) => subscription.id),
    prepaidUnits: { enabled: seat.boughtCount, suspended: 0, warning: seat.inGracePeriodCount, lockedOut: 0 },
    servicePlans: servicePlans(seat.sku),
  }))
}

/** One record per purchase: how many seats, until when. */
export function companySubscriptions(
  tenant: Tenant,
  seats: Seats[],
  bornAt: Date,
  now: Date,
): Record<string, unknown>[] {
  return seats.flatMap((seat) =>
    seat.subscriptions.map((subscription) => ({
      createdDateTime: new Date(bornAt.getTime() - 400 * day).toISOString(),
      commerceSubscriptionId: subscription.commerceId,
      id: subscription.id,
      isTrial: false,
      nextLifecycleDateTime: nextLifecycle(subscription, seat.isFree, bornAt, now),
      serviceStatus: servicePlans(seat.sku),
      skuId: seat.sku.skuId,
      skuPartNumber: seat.sku.partNumber,
      status: subscription.isInGracePeriod ? 'Warning' : 'Enabled',
      totalLicenses: subscription.seatCount,
      ownerId: guidOf(`${tenant.tenantId}/owner`),
      ownerTenantId: guidOf('partner'),
      ownerType: 'User',
    })),
  )
}

/** Some day of the coming year; once it has passed, the same day a year on. Free subscriptions have no end. */
function nextLifecycle(subscription: BoughtSubscription, isFree: boolean, bornAt: Date, now: Date): string | null {
  if (isFree) return null
  const spread = bits(seedOf(subscription.id), 0, 81) % (subscription.isInGracePeriod ? 20 : 330)
  const next = new Date(bornAt.getTime() + (6 + spread) * day)
  next.setUTCHours(0, 0, 0, 0)
  while (next.getTime() < now.getTime()) next.setUTCFullYear(next.getUTCFullYear() + 1)
  return next.toISOString().replace('.000Z', 'Z')
}

function servicePlans(sku: Sku): Record<string, unknown>[] {
  return sku.plans.map((plan) => ({
    servicePlanId: plan.id,
    servicePlanName: plan.name,
    provisioningStatus: 'Success',
    appliesTo: plan.appliesTo,
  }))
}
