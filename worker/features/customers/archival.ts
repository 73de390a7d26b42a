import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import { customers, syncRuns, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, missing } from '../../http/problem.ts'
import type { MspScope, ToldNote, Write } from '../../tenancy/scope.ts'
import { lifeOf, stepOf } from '../../tenancy/portal-life.ts'
import { sessionsEnd } from '../portals/index.ts'
import { among } from '../../tenancy/among.ts'
import type { CustomerRow } from './customers.ts'

/** What became of one customer: it was put away, brought back, stood so already, or is not there. */
export type ArchivalResult = { customerId: string; result: 'archived' | 'restored' | 'unchanged' | 'missing' }

/**
 * Puts customers away or brings them back, all that are there in one commit: an archived one's portal is closed from
 * the next click on and nothing is read from Microsoft for it; nothing is lost. What stands so already is left alone,
 * also where it came to stand so since it was read: then all are read again. Problem `stale`.
 */
export const setArchived = async (
  msp: MspScope,
  customerIds: string[],
  archived: boolean,
  answer: (results: ArchivalResult[]) => unknown,
  wanted?: Expected,
): Promise<ArchivalResult[]> => {
  const ids = [...new Set(customerIds)]
  for (let tried = 1; ; tried++) {
    try {
      return await setAsRead(msp, ids, archived, answer, wanted)
    } catch (error) {
      // Whoever named a version has been told of the change; nobody else is to read the same twice.
      const isStale = error instanceof Problem && error.code === 'stale'
      if (!isStale || wanted !== undefined || tried === TRIES) throw error
    }
  }
}

/** Of those who change the same customers at once one gets through each time. */
const TRIES = 20

/** The same for one, by its id. Problems: `missing`, `stale`. */
export const archiveCustomer = (msp: MspScope, customerId: string, wanted: Expected) =>
  setOneArchived(msp, customerId, true, wanted)
export const restoreCustomer = (msp: MspScope, customerId: string, wanted: Expected) =>
  setOneArchived(msp, customerId, false, wanted)

const setOneArchived = async (
  msp: MspScope,
  customerId: string,
  archived: boolean,
  wanted: Expected,
): Promise<void> => {
  const [one] = await setArchived(msp, [customerId], archived, () => null, wanted)
  if (one?.result === 'missing') throw missing('customer')
}

/** One reading and one commit, which is `stale` as a whole when one of those that it changes is not as it was read. */
const setAsRead = async (
  msp: MspScope,
  ids: string[],
  archived: boolean,
  answer: (results: ArchivalResult[]) => unknown,
  wanted: Expected,
): Promise<ArchivalResult[]> => {
  const rows = await msp.list(customers, { where: among(customers.id, ids) })
  for (const row of rows) refuseUnexpected(row, wanted)
  const deed = archived ? 'archive' : 'restore'
  const changing = rows.filter((row) => stepOf(lifeOf(row), deed).kind === 'moved')
  const results = ids.map((customerId): ArchivalResult => {
    if (changing.some(({ id }) => id === customerId)) return { customerId, result: archived ? 'archived' : 'restored' }
    return { customerId, result: rows.some(({ id }) => id === customerId) ? 'unchanged' : 'missing' }
  })
  const [first, ...others] = changing.map((row) => noteOf(row, archived))
  if (first === undefined) return results
  await msp.commitEach(
    [{ ...first, answer: { status: 200, body: answer(results) } }, ...others],
    msp.unchanged(customers, changing),
    ...writesOf(
      msp,
      changing.map(({ id }) => id),
      archived,
    ),
  )
  return results
}

const writesOf = (msp: MspScope, ids: string[], archived: boolean): [Write, ...Write[]] => {
  const connected = and(among(tenants.customerId, ids), eq(tenants.state, 'connected'))
  if (!archived)
    return [
      msp.changeAll(customers, and(among(customers.id, ids), eq(customers.state, 'archived')), {
        state: sql`restores_to`,
        version: sql`version + 1`,
      }),
      msp.changeAll(tenants, connected, { nextSyncAt: now() }),
    ]
  const theirs = msp
    .select({ id: tenants.id })
    .from(tenants)
    .where(msp.mine(tenants, among(tenants.customerId, ids)))
  return [
    msp.changeAll(customers, and(among(customers.id, ids), ne(customers.state, 'archived')), {
      state: 'archived',
      // Read before the update, as every column of one statement is.
      restoresTo: sql`state`,
      version: sql`version + 1`,
    }),
    sessionsEnd(msp, ids),
    msp.changeAll(tenants, connected, { nextSyncAt: null, healthDueAt: null, partsDueAt: null }),
    msp.changeAll(syncRuns, and(eq(syncRuns.state, 'running'), inArray(syncRuns.tenantId, theirs)), {
      state: 'failed',
      finishedAt: now(),
      trouble: [{ part: 'archived', message: 'The customer was archived while its tenant was being read.' }],
    }),
  ]
}

const noteOf = (row: CustomerRow, archived: boolean): ToldNote => ({
  action: archived ? 'customer.archived' : 'customer.restored',
  subject: { kind: 'customer', id: row.id, name: row.name },
  customerId: row.id,
  changes: [{ table: 'customers', field: 'state', before: row.state, after: archived ? 'archived' : row.restoresTo }],
})
