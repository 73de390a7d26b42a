import { and, asc, eq, ne } from 'drizzle-orm'
import { groupMembers, tenantGroups } from '../../../db/shard/schema.ts'
import { ConnectorFault, NotTold } from '../../connectors/connector.ts'
import type { GroupPage } from '../../connectors/directory.ts'
import { among } from '../../tenancy/among.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { applyGroupPages } from './apply-groups.ts'
import type { AppliedGroups, KeptGroup } from './apply-groups.ts'
import { gatherPages } from './gather.ts'
import { advancePass, COMMITS_PER_TURN, newPass, passOf, told } from './part-read.ts'
import type { PartGround, PartRead } from './part-read.ts'
import { portionsOf } from './portions.ts'

/** A page of groups holds about 500 links to members. */
const PAGES_PER_COMMIT = 10
const SWEEP_PER_COMMIT = 100

type GroupsRead = Extract<GroupPage, { kind: 'page' }>

/** Reads groups and who is in them, page by page: all of them at first, then what changed. */
export const readGroups = async (ground: PartGround): Promise<'done' | 'turn over'> => {
  const { tenant, directory, work } = ground
  const before = await passOf(tenant, 'groups')
  const read: PartRead = {
    ...ground,
    pass: before?.isOver === false ? before : newPass(ground, 'groups', before?.cursor ?? null),
  }
  let hasExpired = false
  try {
    for (let commits = 0; commits < COMMITS_PER_TURN; commits += 1) {
      const gathered = await gatherPages(
        (cursor) => directory.groups(cursor),
        read.pass.cursor ?? undefined,
        PAGES_PER_COMMIT,
      )
      if (gathered === 'expired') {
        if (hasExpired) throw unreadable('Microsoft’s list of groups expired again while it was being read.')
        hasExpired = true
        read.pass = newPass(ground, 'groups', null)
        continue
      }
      const { pages, next, fault } = gathered
      const kept = await keptGroups(tenant, [...new Set(pages.flatMap(idsIn))])
      const applied = applyGroupPages(kept, pages, read.pass.mark)
      const writes = writesOf(tenant, applied)
      const foundCount = read.pass.foundCount + pages.reduce((sum, { groups }) => sum + groups.length, 0)
      if (next.kind === 'more') {
        await advancePass(read, { cursor: next.cursor, foundCount }, ...writes)
        if (fault !== undefined) throw fault
        continue
      }
      if (next.kind === 'broken_off') {
        // Whatever came stays; the next pass reads all of them.
        await advancePass(read, { isOver: true, cursor: null, foundCount }, ...writes)
        throw fault ?? unreadable('Microsoft’s list of groups broke off.')
      }
      await advancePass(read, { cursor: next.cursor, foundCount }, ...writes)
      // An empty list is no proof that there are none.
      if (read.pass.isFull && foundCount > 0) await sweep(read)
      await advancePass(
        read,
        { isOver: true },
        told(ground, { groupsAsOf: read.pass.startedAt, groupsUnknownSince: null }),
      )
      return 'done'
    }
    return 'turn over'
  } catch (error) {
    if (!(error instanceof NotTold)) throw error
    const since = ground.tenantRow.groupsUnknownSince ?? work.now()
    await advancePass(read, { isOver: true, cursor: null }, told(ground, { groupsUnknownSince: since }))
    return 'done'
  }
}

const unreadable = (message: string) => new ConnectorFault('rejected', 'Microsoft 365', message)

const idsIn = ({ groups, removedIds }: GroupsRead): string[] => [...groups.map(({ id }) => id), ...removedIds]

const keptGroups = async (tenant: TenantScope, ids: string[]): Promise<Map<string, KeptGroup>> => {
  if (ids.length === 0) return new Map()
  const rows = await tenant.list(tenantGroups, { where: among(tenantGroups.id, ids) })
  return new Map(rows.map(({ mspId: _, tenantId: __, ...group }) => [group.id, group]))
}

const writesOf = (tenant: TenantScope, { puts, removedIds, emptiedIds, members }: AppliedGroups): Write[] => [
  ...removeGroups(tenant, removedIds),
  ...(emptiedIds.length === 0 ? [] : [tenant.removeWhere(groupMembers, among(groupMembers.groupId, emptiedIds))]),
  ...portionsOf(puts).map((rows) => tenant.putAll(tenantGroups, rows)),
  ...members.flatMap(({ groupId, leftIds }) =>
    leftIds.length === 0
      ? []
      : [tenant.removeWhere(groupMembers, and(eq(groupMembers.groupId, groupId), among(groupMembers.id, leftIds)))],
  ),
  ...portionsOf(members.flatMap(({ groupId, joined }) => joined.map(({ id, kind }) => ({ id, groupId, kind })))).map(
    (rows) => tenant.putAll(groupMembers, rows),
  ),
]

const removeGroups = (tenant: TenantScope, ids: string[]): Write[] =>
  ids.length === 0
    ? []
    : [
        tenant.removeWhere(groupMembers, among(groupMembers.groupId, ids)),
        tenant.removeWhere(tenantGroups, among(tenantGroups.id, ids)),
      ]

/** After a whole read, a group that was not in it is gone. */
const sweep = async (read: PartRead): Promise<void> => {
  for (;;) {
    const gone = await read.tenant.list(tenantGroups, {
      where: ne(tenantGroups.seenInRead, read.pass.mark),
      orderBy: [asc(tenantGroups.id)],
      limit: SWEEP_PER_COMMIT,
    })
    if (gone.length === 0) return
    await advancePass(
      read,
      {},
      ...removeGroups(
        read.tenant,
        gone.map(({ id }) => id),
      ),
    )
  }
}
