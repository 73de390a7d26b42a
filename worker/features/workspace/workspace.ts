import { eq } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { workspaces } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { stale } from '../../http/problem.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'

type WorkspaceRow = typeof workspaces.$inferSelect
export type Workspace = Pick<WorkspaceRow, 'widgets' | 'version'>

/** What stands there before anybody has changed it. */
const FIRST: Workspace = { widgets: ['attention', 'contacts', 'activity'], version: 0 }

/** What somebody of the staff has on their workspace. */
export const readWorkspace = async (msp: MspScope, staffId: string): Promise<Workspace> =>
  (await msp.first(workspaces, eq(workspaces.id, staffId))) ?? FIRST

/** Puts widgets on somebody's workspace, in this order. Their own affair: it is no news to anybody. Problem `stale`. */
export const saveWorkspace = async (
  msp: MspScope,
  staffId: string,
  widgets: Workspace['widgets'],
  wanted: Expected,
): Promise<Workspace> => {
  const before = await msp.first(workspaces, eq(workspaces.id, staffId))
  refuseUnexpected(before ?? FIRST, wanted)
  const { version } = before === undefined ? { version: 1 } : revised(before, { widgets })
  if (version === before?.version) return { widgets, version }
  try {
    await msp.record(
      before === undefined
        ? msp.add(workspaces, { id: staffId, widgets })
        : msp.change(workspaces, before, { widgets }),
    )
  } catch (error) {
    // Both windows of one person began.
    if (error instanceof Refused && error.kind === 'unique') throw stale()
    throw error
  }
  return { widgets, version }
}
