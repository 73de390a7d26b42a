import { desc, lt } from 'drizzle-orm'
import { activities, customers } from '../../../db/shard/schema.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { MspScope } from '../../tenancy/scope.ts'

export type ActivityRow = typeof activities.$inferSelect
export const ACTIVITY_SORT = '-id'

/** What was done to a customer, newest first; one row more than asked for when there is another page. Problem `missing`. */
export const listActivity = async (
  msp: MspScope,
  customerId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ActivityRow[]> => {
  await msp.find(customers, customerId, 'customer')
  const after = cursor === undefined ? undefined : lt(activities.id, decodeCursor(cursor, ACTIVITY_SORT).id)
  return msp
    .forCustomer(customerId)
    .list(activities, { where: after, orderBy: [desc(activities.id)], limit: limit + 1 })
}
