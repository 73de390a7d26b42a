import { desc, lt } from 'drizzle-orm'
import { activities, customers } from '../../../db/shard/schema.ts'
import { decodeCursor } from '../../http/paging.ts'
import { missing } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'

export type ActivityRow = typeof activities.$inferSelect
export const ACTIVITY_SORT = '-id'

/** What was done to a customer, newest first; one row more than asked for when there is another page. Problem `missing`. */
export const listActivity = async (
  msp: MspScope,
  customerId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ActivityRow[]> => {
  const customer = msp.forCustomer(customerId)
  const after = cursor === undefined ? undefined : lt(activities.id, decodeCursor(cursor, ACTIVITY_SORT).id)
  const [itself, rows] = await customer.readAll([
    customer.select({ id: customers.id }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(activities)
      .where(customer.mine(activities, after))
      .orderBy(desc(activities.id))
      .limit(limit + 1),
  ])
  if (itself.length === 0) throw missing('customer')
  return rows
}
