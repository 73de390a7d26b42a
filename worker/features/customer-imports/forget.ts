import { and, asc, eq } from 'drizzle-orm'
import { customerImportKeys, customerImportRows, customerImports } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { among } from '../../tenancy/among.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { filesOf } from './imports.ts'

/** How many rows go in one turn of the sweep, so that nobody waits for it. */
const ROWS_PER_TURN = 2_000

/**
 * Forgets an import whose time is over: its file, then some of its rows, and itself once none is left. What it did
 * stays in the activity of its customers.
 */
export const forgetImport = async (environment: Environment, msp: MspScope, importId: string): Promise<void> => {
  const { objects } = await environment.files.list({ prefix: filesOf(msp.mspId, importId) })
  if (objects.length > 0) await environment.files.delete(objects.map(({ key }) => key))
  const rows = await msp.list(customerImportRows, {
    where: eq(customerImportRows.importId, importId),
    orderBy: [asc(customerImportRows.id)],
    limit: ROWS_PER_TURN,
  })
  const ids = rows.map(({ id }) => id)
  await msp.record(
    msp.removeWhere(
      customerImportKeys,
      and(eq(customerImportKeys.importId, importId), among(customerImportKeys.rowId, ids)),
    ),
    msp.removeWhere(customerImportRows, among(customerImportRows.id, ids)),
    ...(rows.length < ROWS_PER_TURN ? [msp.removeWhere(customerImports, eq(customerImports.id, importId))] : []),
  )
}
