import { sql } from 'drizzle-orm'
import { tenantUsers } from '../../../db/shard/schema.ts'
import { NotTold } from '../../connectors/connector.ts'
import type { Managed } from '../../connectors/directory.ts'
import { among } from '../../tenancy/among.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { gatherPages } from './gather.ts'
import { advancePass, COMMITS_PER_TURN, newPass, passOf, told } from './part-read.ts'
import type { PartGround, PartRead } from './part-read.ts'
import { REQUESTS_PER_HOUR_MAX, requestsUsed } from './request-budget.ts'
import type { TenantRow } from './sync-run.ts'

/** A page holds 100 people, so few people are read with each pass over the parts and many once a day. */
const FEW_PEOPLE = 2_000
const PASS_OF_MANY_EVERY_MS = 86_400_000
const PAGES_PER_COMMIT = 20

/**
 * Reads page by page who is whose manager. A pass over a large tenant is left to the next ones once half of the hour's requests are
 * gone: the others are the sync's.
 */
export const readManagers = async (ground: PartGround): Promise<'done' | 'turn over'> => {
  const { tenant, tenantRow, directory, work } = ground
  const before = await passOf(tenant, 'managers')
  if (before?.isOver === true && before.startedAt > work.now() - waitOf(tenantRow)) return 'done'
  if (requestsUsed(tenantRow, work.now()) >= REQUESTS_PER_HOUR_MAX / 2) return 'done'
  const read: PartRead = { ...ground, pass: before?.isOver === false ? before : newPass(ground, 'managers', null) }
  try {
    for (let commits = 0; commits < COMMITS_PER_TURN; commits += 1) {
      const gathered = await gatherPages(
        (cursor) => directory.managers(cursor),
        read.pass.cursor ?? undefined,
        PAGES_PER_COMMIT,
      )
      if (gathered === 'expired') {
        read.pass = newPass(ground, 'managers', null)
        continue
      }
      const { pages, next, fault } = gathered
      const managed = pages.flatMap((page) => page.managed)
      const writes = await rememberManagers(tenant, managed)
      const foundCount = read.pass.foundCount + managed.filter(({ managerId }) => managerId !== null).length
      if (next.kind === 'more') {
        await advancePass(read, { cursor: next.cursor, foundCount }, ...writes)
        if (fault !== undefined) throw fault
        continue
      }
      if (fault !== undefined) throw fault
      const known = { managersAsOf: read.pass.startedAt, managersUnknownSince: null }
      await advancePass(read, { isOver: true, cursor: null, foundCount }, ...writes, told(ground, known))
      return 'done'
    }
    return 'turn over'
  } catch (error) {
    if (!(error instanceof NotTold)) throw error
    const since = tenantRow.managersUnknownSince ?? work.now()
    await advancePass(read, { isOver: true, cursor: null }, told(ground, { managersUnknownSince: since }))
    return 'done'
  }
}

const waitOf = ({ activeUserCount, blockedUserCount, guestCount }: TenantRow): number =>
  activeUserCount + blockedUserCount + guestCount > FEW_PEOPLE ? PASS_OF_MANY_EVERY_MS : 0

/** Touches only people who are known, and of whom another was told before. */
const rememberManagers = async (tenant: TenantScope, managed: Managed[]): Promise<Write[]> => {
  const managers = new Map(managed.map(({ userId, managerId }) => [userId, managerId]))
  if (managers.size === 0) return []
  const kept = await tenant
    .select({ id: tenantUsers.id, managerId: tenantUsers.managerId })
    .from(tenantUsers)
    .where(tenant.mine(tenantUsers, among(tenantUsers.id, [...managers.keys()])))
  const changed = kept.flatMap(({ id, managerId }) => (managerId === managers.get(id) ? [] : [id]))
  if (changed.length === 0) return []
  const byId = JSON.stringify(Object.fromEntries(changed.map((id) => [id, managers.get(id) ?? null])))
  return [
    tenant.changeAll(tenantUsers, among(tenantUsers.id, changed), { managerId: sql`${byId} ->> ${tenantUsers.id}` }),
  ]
}
