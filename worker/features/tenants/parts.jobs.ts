import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { tenants } from '../../../db/shard/schema.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { appOf } from '../microsoft-apps/index.ts'
import { readGroups } from './groups.ts'
import { readManagers } from './managers.ts'
import { readMailboxes } from './mailboxes.ts'
import { told } from './part-read.ts'
import type { PartGround } from './part-read.ts'
import { requestBudget } from './request-budget.ts'
import { readSignIns } from './sign-ins.ts'
import { directoryOf, soonAgain, syncableRow } from './tenant-reading.ts'

const PARTS_EVERY_MS = 2 * 3_600_000
const PARTS_AFTER_FAILURE_MS = 6 * 3_600_000

/**
 * Reads what a sync does without: groups, when people last signed in, whose mailbox is nobody's own, and who is whose manager. A job of its own, so that what is slow there, or not
 * allowed, holds up nothing else.
 */
export const readPartsJob = defineJob({
  kind: 'tenant.parts',
  title: 'Read groups, sign-ins, mailboxes and managers',
  payload: z.object({ tenantId: z.string() }),
  async run(msp, { tenantId }, work) {
    const tenantRow = await syncableRow(msp, tenantId)
    if (tenantRow === undefined) {
      // Its next sync, if there is one, makes it due again.
      await msp.record(msp.changeAll(tenants, eq(tenants.id, tenantId), { partsDueAt: null }))
      return finished
    }
    if (work.customerId !== tenantRow.customerId) return soonAgain(work)
    const app = await appOf(work.environment, msp, tenantRow.clientId)
    const customer = msp.forCustomer(tenantRow.customerId)
    const requests = requestBudget(tenantRow, work.now)
    if (app !== undefined) {
      const ground: PartGround = {
        customer,
        tenant: customer.forTenant(tenantId),
        tenantRow,
        directory: directoryOf(tenantRow, app, work, requests),
        work,
      }
      const isTurnOver = await readAll(ground).finally(() => customer.record(requests.counted(customer)))
      if (isTurnOver) return { kind: 'again', at: work.now() }
    }
    await customer.record(work.stillMine(), told({ customer, tenantRow }, { partsDueAt: work.now() + PARTS_EVERY_MS }))
    return finished
  },
  async parked(msp, { tenantId }, _trouble, work) {
    const later = { partsDueAt: work.now() + PARTS_AFTER_FAILURE_MS }
    await msp.record(msp.changeAll(tenants, eq(tenants.id, tenantId), later))
  },
})

const readAll = async (ground: PartGround): Promise<boolean> => {
  for (const read of [readGroups, readSignIns, readMailboxes, readManagers])
    if ((await read(ground)) === 'turn over') return true
  return false
}

/** While one of a tenant's is alive there is no second. */
export const partsOf = (customerId: string, tenantId: string) =>
  readPartsJob.described({ tenantId }, { naturalKey: `parts:${tenantId}`, subjectName: 'Microsoft 365', customerId })
