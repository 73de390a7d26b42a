import { asc, eq, ne, sql } from 'drizzle-orm'
import { seatCounts, tenantUsers, userChanges } from '../../../db/shard/schema.ts'
import type { Directory } from '../../connectors/directory.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { applyPages, maySweep } from './apply-page.ts'
import type { KeptUser, PersonChange } from './apply-page.ts'
import { advance } from './sync-run.ts'
import type { Sync } from './sync-run.ts'

/** Graph's delta pages hold about 200 people; this many are gathered into one commit, or what comes in this time. */
const PAGES_PER_COMMIT = 10
const GATHER_MS = 2_000
/** A Worker's turn ends after so many commits; the job goes on from the saved cursor. */
const COMMITS_PER_TURN = 25
const SWEEP_PER_COMMIT = 1_000

type GatheredPage = Extract<Awaited<ReturnType<Directory['users']>>, { kind: 'page' }>

/** Reads people page by page; each commit holds the pages' rows and the place they reached. */
export const readPeople = async (sync: Sync): Promise<'done' | 'turn over'> => {
  const { tenant, directory, work } = sync
  const hiddenSkuIds = new Set(
    (await tenant.list(seatCounts, { where: eq(seatCounts.hidden, true) })).map(({ id }) => id),
  )
  const isFirstSync = sync.tenantRow.lastGoodSyncAt === null
  for (let commits = 0; commits < COMMITS_PER_TURN; commits += 1) {
    const gathered = await gatherPages(directory, sync.run.cursor ?? undefined, work.now)
    if (gathered === 'expired') {
      await advance(sync, { kind: 'full', cursor: null, pageCount: 0, userCount: 0 })
      continue
    }
    const { pages, next } = gathered
    const ids = [...new Set(pages.flatMap(({ users, removedIds }) => [...users.map(({ id }) => id), ...removedIds]))]
    const kept = await keptUsers(tenant, ids)
    const applied = applyPages(kept, pages, { hiddenSkuIds, isFirstSync })
    const isWhole = next.kind === 'done'
    await advance(
      sync,
      {
        cursor: next.kind === 'broken_off' ? null : next.cursor,
        step: next.kind === 'more' ? 'people' : 'security',
        pageCount: sync.run.pageCount + pages.length,
        userCount: sync.run.userCount + applied.puts.length,
        changeCount: sync.run.changeCount + applied.changes.length,
        activeUserDelta: sync.run.activeUserDelta + applied.deltas.active,
        guestDelta: sync.run.guestDelta + applied.deltas.guests,
        blockedUserDelta: sync.run.blockedUserDelta + applied.deltas.blocked,
        licensedUserDelta: sync.run.licensedUserDelta + applied.deltas.licensed,
        ...(next.kind === 'broken_off'
          ? {
              trouble: [
                ...sync.run.trouble,
                {
                  part: 'people',
                  message: 'Microsoft’s list of people broke off. Nobody was removed; the next sync reads it whole.',
                },
              ],
            }
          : {}),
      },
      ...userWrites(tenant, applied.puts, sync.run.id),
      ...(applied.removedIds.length === 0 ? [] : [removeUsers(tenant, applied.removedIds)]),
      ...changeWrites(tenant, applied.changes, sync.run.id, sync.day, work.now()),
    )
    if (next.kind === 'more') continue
    if (isWhole && sync.run.kind === 'full') await sweep(sync)
    return 'done'
  }
  return 'turn over'
}

/** Pages until there are enough for a commit, or the list ends. */
const gatherPages = async (
  directory: Directory,
  from: string | undefined,
  now: () => number,
): Promise<'expired' | { pages: GatheredPage[]; next: GatheredPage['next'] }> => {
  const pages: GatheredPage[] = []
  const startedAt = now()
  let cursor = from
  for (;;) {
    const page = await directory.users(cursor)
    if (page.kind === 'expired') {
      // What was gathered before it is committed first; the next turn meets the same answer.
      const last = pages.at(-1)
      return last === undefined ? 'expired' : { pages, next: last.next }
    }
    pages.push(page)
    if (page.next.kind !== 'more' || pages.length >= PAGES_PER_COMMIT || now() - startedAt > GATHER_MS)
      return { pages, next: page.next }
    cursor = page.next.cursor
  }
}

const keptUsers = async (tenant: TenantScope, ids: string[]): Promise<Map<string, KeptUser>> => {
  if (ids.length === 0) return new Map()
  const rows = await tenant.list(tenantUsers, {
    where: sql`${tenantUsers.id} in (select value from json_each(${JSON.stringify(ids)}))`,
  })
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        displayName: row.displayName,
        userPrincipalName: row.userPrincipalName,
        mail: row.mail,
        jobTitle: row.jobTitle,
        department: row.department,
        businessPhone: row.businessPhone,
        mobilePhone: row.mobilePhone,
        isGuest: row.isGuest,
        signInAllowed: row.signInAllowed,
        createdAt: row.accountCreatedAt,
        skuIds: row.skuIds,
        isLicensed: row.isLicensed,
      },
    ]),
  )
}

const userWrites = (tenant: TenantScope, users: KeptUser[], runId: string): Write[] =>
  users.length === 0
    ? []
    : [
        tenant.putAll(
          tenantUsers,
          users.map((user) => ({
            id: user.id,
            displayName: user.displayName,
            userPrincipalName: user.userPrincipalName,
            mail: user.mail,
            jobTitle: user.jobTitle,
            department: user.department,
            businessPhone: user.businessPhone,
            mobilePhone: user.mobilePhone,
            accountCreatedAt: user.createdAt,
            isGuest: user.isGuest,
            signInAllowed: user.signInAllowed,
            isLicensed: user.isLicensed,
            skuIds: user.skuIds,
            seenInRun: runId,
          })),
        ),
      ]

const changeWrites = (tenant: TenantScope, changes: PersonChange[], runId: string, day: string, at: number): Write[] =>
  changes.length === 0
    ? []
    : [
        tenant.putAll(
          userChanges,
          // The id is what happened, so that a page read twice tells it once.
          changes.map(({ kind, userId, name, detail }) => ({
            id: `${runId}:${kind}:${userId}`,
            day,
            kind,
            userId,
            name,
            detail,
            at,
          })),
        ),
      ]

const removeUsers = (tenant: TenantScope, ids: string[]): Write =>
  tenant.removeWhere(tenantUsers, sql`${tenantUsers.id} in (select value from json_each(${JSON.stringify(ids)}))`)

/** After a whole read, who was not in it has left; unless so many are missing that the answer is to be doubted. */
const sweep = async (sync: Sync): Promise<void> => {
  const { tenant, work } = sync
  const unseen = ne(tenantUsers.seenInRun, sync.run.id)
  const [counted] = await tenant
    .select({
      known: sql<number>`count(*)`,
      missing: sql<number>`coalesce(sum(${tenantUsers.seenInRun} <> ${sync.run.id}), 0)`,
    })
    .from(tenantUsers)
    .where(tenant.mine(tenantUsers))
  const { known, missing } = counted ?? { known: 0, missing: 0 }
  if (missing === 0) return
  if (!maySweep(missing, known)) {
    const message = `${missing} of ${known} people were missing from Microsoft’s answer. Nobody was removed; the next sync reads it whole.`
    await advance(sync, { cursor: null, trouble: [...sync.run.trouble, { part: 'people', message }] })
    return
  }
  for (;;) {
    const gone = await tenant.list(tenantUsers, {
      where: unseen,
      orderBy: [asc(tenantUsers.id)],
      limit: SWEEP_PER_COMMIT,
    })
    if (gone.length === 0) return
    const left = gone
      .filter(({ isGuest }) => !isGuest)
      .map((row): PersonChange => ({
        kind: 'left',
        userId: row.id,
        name: row.displayName,
        detail: row.jobTitle ?? row.department,
      }))
    await advance(
      sync,
      { changeCount: sync.run.changeCount + left.length },
      removeUsers(
        tenant,
        gone.map(({ id }) => id),
      ),
      ...changeWrites(tenant, left, sync.run.id, sync.day, work.now()),
    )
  }
}
