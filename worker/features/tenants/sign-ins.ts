import { sql } from 'drizzle-orm'
import { tenantUsers } from '../../../db/shard/schema.ts'
import { NotTold } from '../../connectors/connector.ts'
import type { SignIn } from '../../connectors/directory.ts'
import { among } from '../../tenancy/among.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { gatherPages } from './gather.ts'
import { ageSeats } from './idle-bands.ts'
import { advancePass, COMMITS_PER_TURN, newPass, passOf, told } from './part-read.ts'
import type { PartGround, PartRead } from './part-read.ts'

/** Each page holds up to 500 people, and Microsoft takes its time over it: once a day is enough for who is idle. */
const PASS_EVERY_MS = 86_400_000
const PAGES_PER_COMMIT = 4

/** Reads page by page when people last signed in, unless that was done within a day. */
export const readSignIns = async (ground: PartGround): Promise<'done' | 'turn over'> => {
  const { tenant, directory, work } = ground
  const before = await passOf(tenant, 'sign_ins')
  const isWithinTheDay = before !== undefined && before.startedAt > work.now() - PASS_EVERY_MS
  if (before?.isOver === true && isWithinTheDay) return 'done'
  const read: PartRead = {
    ...ground,
    pass: before === undefined || before.isOver ? newPass(ground, 'sign_ins', null) : before,
  }
  try {
    for (let commits = 0; commits < COMMITS_PER_TURN; commits += 1) {
      const gathered = await gatherPages(
        (cursor) => directory.signIns(cursor),
        read.pass.cursor ?? undefined,
        PAGES_PER_COMMIT,
      )
      if (gathered === 'expired') {
        read.pass = newPass(ground, 'sign_ins', null)
        continue
      }
      const { pages, next, fault } = gathered
      const signIns = pages.flatMap((page) => page.signIns)
      const write = await rememberSignIns(tenant, signIns)
      const foundCount = read.pass.foundCount + signIns.filter(({ at }) => at !== null).length
      const writes = write === undefined ? [] : [write]
      if (next.kind === 'more') {
        await advancePass(read, { cursor: next.cursor, foundCount }, ...writes)
        if (fault !== undefined) throw fault
        continue
      }
      if (fault !== undefined) throw fault
      // The administrator who consented has signed in, so of a whole tenant without a single sign-in nothing is told.
      const known =
        foundCount > 0
          ? { signInsAsOf: read.pass.startedAt, signInsUnknownSince: null, signInsUnknownWhy: null }
          : notTold(read, 'licence')
      const aged = foundCount > 0 ? ageSeats(tenant, read.pass.startedAt) : []
      await advancePass(read, { isOver: true, cursor: null, foundCount }, ...writes, ...aged, told(ground, known))
      return 'done'
    }
    return 'turn over'
  } catch (error) {
    if (!(error instanceof NotTold)) throw error
    await advancePass(read, { isOver: true, cursor: null }, told(ground, notTold(read, error.why)))
    return 'done'
  }
}

const notTold = ({ tenantRow, work }: PartRead, why: NotTold['why']) => ({
  signInsUnknownSince: tenantRow.signInsUnknownSince ?? work.now(),
  signInsUnknownWhy: why,
})

/** Touches only people who are known, and of whom something else was known. */
const rememberSignIns = async (tenant: TenantScope, signIns: SignIn[]): Promise<Write | undefined> => {
  const moments = new Map(signIns.map(({ userId, at }) => [userId, at === null ? null : Date.parse(at)]))
  if (moments.size === 0) return undefined
  const kept = await tenant
    .select({ id: tenantUsers.id, lastSignInAt: tenantUsers.lastSignInAt, signInKnown: tenantUsers.signInKnown })
    .from(tenantUsers)
    .where(tenant.mine(tenantUsers, among(tenantUsers.id, [...moments.keys()])))
  const changed = kept.filter(({ id, lastSignInAt, signInKnown }) => !signInKnown || lastSignInAt !== moments.get(id))
  if (changed.length === 0) return undefined
  const byId = JSON.stringify(Object.fromEntries(changed.map(({ id }) => [id, moments.get(id) ?? null])))
  return tenant.changeAll(
    tenantUsers,
    among(
      tenantUsers.id,
      changed.map(({ id }) => id),
    ),
    { lastSignInAt: sql`${byId} ->> ${tenantUsers.id}`, signInKnown: true },
  )
}
