import { and, desc, eq, getTableColumns, isNull, lt, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { activities, customerMerges, customers } from '../../../db/shard/schema.ts'
import { decodeCursor } from '../../http/paging.ts'
import { missing } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'

/** An entry, and whose it was if that customer has been merged into this one since. */
export type ActivityRow = typeof activities.$inferSelect & { mergedFrom: string | null }
export const ACTIVITY_SORT = '-id'

/** What was done to a customer, newest first; one row more than asked for when there is another page. Problem `missing`. */
export const listActivity = async (
  msp: MspScope,
  customerId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ActivityRow[]> => {
  const after = cursor === undefined ? undefined : lt(activities.id, decodeCursor(cursor, ACTIVITY_SORT).id)
  const newest = (whose: SQL) =>
    msp
      .select()
      .from(activities)
      .where(msp.mine(activities, and(whose, after)))
      .orderBy(desc(activities.id))
      .limit(limit + 1)
  const isMergedHere = and(eq(customerMerges.customerId, customerId), isNull(customerMerges.undoneAt))
  // Of each customer that was merged into this one no more than a page: the cost is the page's, however old they were.
  const ids = sql`json_each((select json_group_array(newest.id) from ${newest(sql`${activities.customerId} = ${customerMerges.mergedId} and ${ne(activities.action, 'customer.merged_into')}`)} as newest)) as entry`
  const [itself, own, merged] = await msp.readAll([
    msp
      .select({ id: customers.id })
      .from(customers)
      .where(msp.mine(customers, eq(customers.id, customerId))),
    newest(eq(activities.customerId, customerId)),
    msp
      .select({ ...getTableColumns(activities), mergedFrom: customerMerges.mergedName })
      .from(customerMerges)
      .innerJoin(ids, sql`true`)
      .innerJoin(activities, and(eq(activities.mspId, customerMerges.mspId), eq(activities.id, sql`entry.value`)))
      .where(msp.mine(customerMerges, isMergedHere))
      .orderBy(desc(activities.id))
      .limit(limit + 1),
  ])
  if (itself.length === 0) throw missing('customer')
  return [...own.map((row) => ({ ...row, mergedFrom: null })), ...merged]
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, limit + 1)
}
