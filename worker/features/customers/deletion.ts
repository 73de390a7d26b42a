import { and, desc, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { Refused } from '../../../db/connect.ts'
import {
  customHostnames,
  customerImportKeys,
  customerImportRows,
  customerImports,
  customerMerges,
  customers,
  tenants,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, missing, stale } from '../../http/problem.ts'
import { tablesBelowCustomer } from '../../tenancy/ownership.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { removalOf } from '../custom-hostnames/index.ts'
import { settlingOf } from '../portals/index.ts'

/**
 * Deletes a customer with everything below it, in one commit; what was done to it stays in the MSP's activity. Its host
 * names go to rest by a job of the same commit, and its files by the walk over the store, which finds them nobody's.
 * What was merged into it goes for good too, which whoever deletes it has to want: `endsMerges`. Problems: `missing`,
 * `stale`, `conflict` naming the tenants that are still associated, or the merges that could still be undone.
 */
export const deleteCustomer = async (
  msp: MspScope,
  customerId: string,
  endsMerges: boolean,
  wanted: Expected,
): Promise<void> => {
  const { row, names } = await deletable(msp, customerId, endsMerges, wanted)
  try {
    await msp.commit(
      {
        action: 'customer.deleted',
        subject: { kind: 'customer', id: customerId, name: row.name },
        customerId,
        alsoArchived: true,
      },
      msp.later(settlingOf([customerId], `deleted:${customerId}`, row.name)),
      ...forgottenByImports(msp, customerId),
      ...names.map((name) => msp.later(removalOf(name))),
      ...tablesBelowCustomer().map(({ table, by }) => emptied(msp, table, by, customerId)),
      msp.remove(customers, row),
    )
  } catch (error) {
    // A tenant that was connected meanwhile is not swept away: its row keeps the customer's there.
    if (error instanceof Refused && error.kind === 'foreign_key') {
      await deletable(msp, customerId, endsMerges, wanted)
      throw stale()
    }
    throw error
  }
}

const deletable = async (msp: MspScope, customerId: string, endsMerges: boolean, wanted: Expected) => {
  const [[row], associated, names, merges] = await msp.readAll([
    msp
      .select()
      .from(customers)
      .where(msp.mine(customers, eq(customers.id, customerId))),
    msp
      .select({ name: tenants.name })
      .from(tenants)
      .where(msp.mine(tenants, and(eq(tenants.customerId, customerId), isNull(tenants.removedAt)))),
    msp
      .select({ id: customHostnames.id, hostname: customHostnames.hostname })
      .from(customHostnames)
      .where(msp.mine(customHostnames, eq(customHostnames.customerId, customerId))),
    msp
      .select({ mergedName: customerMerges.mergedName })
      .from(customerMerges)
      .where(
        msp.mine(
          customerMerges,
          and(
            eq(customerMerges.customerId, customerId),
            isNull(customerMerges.undoneAt),
            gt(customerMerges.undoEndsAt, now()),
          ),
        ),
      )
      .orderBy(desc(customerMerges.id)),
  ])
  if (row === undefined) throw missing('customer')
  refuseUnexpected(row, wanted)
  if (associated.length > 0)
    throw new Problem(
      'conflict',
      `${row.name} still has ${associated.length === 1 ? 'a tenant' : 'tenants'}: ${associated.map(({ name }) => name).join(', ')}. Disconnect ${associated.length === 1 ? 'it' : 'them'} first.`,
    )
  if (merges.length > 0 && !endsMerges)
    throw new Problem(
      'conflict',
      `${merges.map(({ mergedName }) => mergedName).join(', ')} ${merges.length === 1 ? 'was' : 'were'} merged into ${row.name} and would be deleted with it, though that can still be undone. Undo the merge first, or confirm that it goes too.`,
    )
  return { row, names }
}

/** Of what imports brought or changed of a customer the lines and their decisions stay, so that their counts hold, and no word. */
const forgottenByImports = (msp: MspScope, customerId: string): Write[] => {
  // One that has not been run may still bring it in anew.
  const finished = msp
    .select({ id: customerImports.id })
    .from(customerImports)
    .where(msp.mine(customerImports, inArray(customerImports.state, ['done', 'undoing', 'undone'])))
  const isOfTheirs = and(eq(customerImportRows.customerId, customerId), inArray(customerImportRows.importId, finished))
  const theirs = msp
    .select({ id: customerImportRows.id })
    .from(customerImportRows)
    .where(msp.mine(customerImportRows, isOfTheirs))
  return [
    msp.removeWhere(
      customerImportKeys,
      and(inArray(customerImportKeys.importId, finished), inArray(customerImportKeys.rowId, theirs)),
    ),
    msp.changeAll(customerImportRows, isOfTheirs, { cells: {}, customerName: null, changes: [], faults: [] }),
  ]
}

type Below = SQLiteTable & { id: SQLiteColumn; mspId: SQLiteColumn; customerId: SQLiteColumn; tenantId: SQLiteColumn }

const emptied = (msp: MspScope, table: SQLiteTable, by: 'customer_id' | 'tenant_id', customerId: string): Write => {
  const below = table as Below
  if (by === 'customer_id')
    return msp.removeWhere(
      below,
      and(eq(below.customerId, customerId), table === tenants ? isNotNull(tenants.removedAt) : undefined),
    )
  return msp.removeWhere(below, ofRemovedTenants(msp, below.tenantId, customerId))
}

const ofRemovedTenants = (msp: MspScope, tenantId: SQLiteColumn, customerId: string): SQL => {
  const removed = msp
    .select({ id: tenants.id })
    .from(tenants)
    .where(msp.mine(tenants, and(eq(tenants.customerId, customerId), isNotNull(tenants.removedAt))))
  return sql`${tenantId} in ${removed}`
}
