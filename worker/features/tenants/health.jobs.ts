import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { tenants } from '../../../db/shard/schema.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { customerSummary, healthAfter, healthColumns } from './summary.ts'
import { soonAgain } from './tenant-reading.ts'

/**
 * Looks at a tenant's health when the moment has come at which it changes by time alone: nothing was read meanwhile, and
 * that is what there is to say.
 */
export const ageHealth = defineJob({
  kind: 'tenant.health',
  title: 'Look at health',
  payload: z.object({ tenantId: z.string() }),
  async run(msp, { tenantId }, work) {
    const at = work.now()
    const before = await msp.first(tenants, eq(tenants.id, tenantId))
    // A sync may have come first, or the tenant may be gone.
    if (before?.state !== 'connected' || before.healthDueAt === null || before.healthDueAt > at) return finished
    // A merge took the tenant and this job elsewhere since the job was claimed: it is claimed anew, as it is now.
    if (work.customerId !== before.customerId) return soonAgain(work)
    const customer = msp.forCustomer(before.customerId)
    const health = await healthAfter(customer.forTenant(tenantId), before, at)
    await customer.commit(
      { action: 'tenant.health_aged', subject: { kind: 'tenant', id: before.id, name: before.name } },
      customer.change(tenants, before, healthColumns(health, at, before)),
      customerSummary(customer, at),
      work.stillMine(),
    )
    return finished
  },
})

/** While one of a tenant's is alive there is no second. */
export const healthOf = (customerId: string, tenantId: string) =>
  ageHealth.described({ tenantId }, { naturalKey: `health:${tenantId}`, subjectName: 'Microsoft 365', customerId })
