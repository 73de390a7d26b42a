import { eq } from 'drizzle-orm'
import { now } from '../../clock.ts'
import { customers, selfServiceDefaults, selfServiceOverrides, serviceRequests } from '../../../db/shard/schema.ts'
import type { CustomerScope } from '../../tenancy/scope.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import { moving, subjectOf } from './moving.ts'
import { approversRead } from './request-reads.ts'
import { notWaiting, stateAfter, waitingAfterReminder, waitingFrom } from './standing.ts'
import { requestMail } from './tell.job.ts'

/**
 * Looks after a request that has waited for an approval: reminds whoever is to give it, or lets it expire. Where nobody of the company
 * can approve any more, the MSP is asked instead, also of what would expire: the trigger `contacts_leave_requests` makes it due.
 */
export const attendTo = async (customer: CustomerScope, requestId: string): Promise<void> => {
  const [[before], approvers, [said]] = await customer.readAll([
    customer
      .select()
      .from(serviceRequests)
      .where(customer.mine(serviceRequests, eq(serviceRequests.id, requestId))),
    approversRead(customer),
    customer
      .select(policyColumns())
      .from(customers)
      .leftJoin(selfServiceOverrides, ownPolicyOf(customers.mspId, customers.id))
      .leftJoin(selfServiceDefaults, standardPolicyOf(customers.mspId))
      .where(customer.mine(customers)),
  ])
  const at = now()
  if (before === undefined || said === undefined || before.attendAt === null || before.attendAt > at) return
  const subject = subjectOf(before)
  if (before.state === 'awaiting_customer' && !approvers.some(({ id }) => id !== before.requestedBy)) {
    const { waitDays } = policyIn(said)
    const set = { state: 'awaiting_msp' as const, needsCustomer: false, ...waitingFrom(at, waitDays) }
    const { after, writes } = moving(customer, before, set, [{ type: 'customer_skipped' }], at)
    return customer.commit(
      { action: 'request.customer_skipped', subject },
      ...writes,
      customer.later(requestMail(after, 'asked')),
    )
  }
  if (before.expiresAt !== null && before.expiresAt <= at) {
    const next = stateAfter(before, { by: 'time', does: 'expire' })
    if ('refused' in next) return
    const set = { state: next.state, ...notWaiting, endedAt: at }
    const { after, writes } = moving(customer, before, set, [{ type: 'expired' }], at)
    return customer.commit(
      { action: 'request.expired', subject },
      ...writes,
      customer.later(requestMail(after, 'outcome')),
    )
  }
  const { after, writes } = moving(customer, before, waitingAfterReminder(before, at), [{ type: 'reminded' }], at)
  return customer.commit(
    { action: 'request.reminded', subject },
    ...writes,
    customer.later(requestMail(after, 'reminded')),
  )
}
