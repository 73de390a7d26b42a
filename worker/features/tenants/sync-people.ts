import { asc, eq, ne, sql } from 'drizzle-orm'
import { seatCounts, tenantUsers, tenants, userChanges } from '../../../db/shard/schema.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import type { Directory } from '../../connectors/directory.ts'
import { among } from '../../tenancy/among.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { sortNameOf, wordsOfUser } from '../directory/index.ts'
import { applyPages, departed, maySweep } from './apply-page.ts'
import type { CountDeltas, KeptUser, PersonChange } from './apply-page.ts'
import { advance } from './sync-run.ts'
import type { RunRow, Sync } from './sync-run.ts'
import { gatherPages } from './gather.ts'
import { portionsOf } from './portions.ts'

/** Graph's delta pages hold about 200 people; this many are gathered into one commit, however slowly they come. */
const PAGES_PER_COMMIT = 10
/** A Worker's turn ends after so many commits or so long, well before the quarter of an hour that a queue gives it. */
const COMMITS_PER_TURN = 25
const TURN_MS = 5 * 60_000
const SWEEP_PER_COMMIT = 1_000
/** Enough for staff to see whether they know of it. */
const NAMES_TOLD = 20

type GatheredPage = Extract<Awaited<ReturnType<Directory['users']>>, { kind: 'page' }>
type UserRow = typeof tenantUsers.$inferSelect

/** Reads people page by page; each commit holds the pages' rows and the place they reached. */
export const readPeople = async (sync: Sync): Promise<'done' | 'turn over'> => {
  const { tenant, directory, work } = sync
  const countedSkuIds = new Set(
    (await tenant.list(seatCounts, { where: eq(seatCounts.hidden, false) })).map(({ id }) => id),
  )
  const isFirstSync = sync.tenantRow.lastGoodSyncAt === null
  const turnOverAt = work.now() + TURN_MS
  let hasExpired = false
  for (let commits = 0; commits < COMMITS_PER_TURN && work.now() < turnOverAt; commits += 1) {
    const gathered = await gatherPages(
      (cursor) => directory.users(cursor),
      sync.run.cursor ?? undefined,
      PAGES_PER_COMMIT,
    )
    if (gathered === 'expired') {
      if (hasExpired) throw unreadable('Microsoft’s list of people expired again while it was being read.')
      hasExpired = true
      await advance(sync, fromTheStart, unmarked(sync))
      continue
    }
    const { pages, next, fault } = gathered
    const kept = await keptUsers(tenant, [...new Set(pages.flatMap(idsIn))])
    const applied = applyPages(kept, pages, { countedSkuIds, isFirstSync })
    const writes = [
      ...putUsers(tenant, applied.puts, sync.run.id),
      ...removeUsers(tenant, applied.removedIds),
      ...putChanges(sync, applied.changes),
    ]
    const progress = {
      pageCount: sync.run.pageCount + pages.length,
      // Somebody may come again on a later page, and is counted once.
      userCount: sync.run.userCount + applied.puts.filter(({ id }) => kept.get(id)?.seenInRun !== sync.run.id).length,
      changeCount: sync.run.changeCount + applied.changes.length,
      ...deltasAfter(sync.run, applied.deltas),
    }
    if (next.kind === 'more') {
      await advance(sync, { ...progress, cursor: next.cursor }, ...writes)
      if (fault !== undefined) throw fault
      continue
    }
    const isNobody = next.kind === 'done' && sync.run.kind === 'full' && progress.userCount === 0
    if (isFirstSync && (next.kind === 'broken_off' || isNobody)) {
      // Who is missing from the first list would be told as having joined by the second.
      await advance(sync, { ...progress, ...fromTheStart }, ...writes, unmarked(sync))
      throw unreadable(isNobody ? 'Microsoft listed nobody at all.' : 'Microsoft’s list of people broke off.')
    }
    if (next.kind === 'broken_off') {
      const message = 'Microsoft’s list of people broke off. Nobody was removed; the next sync reads it whole.'
      const trouble = [...sync.run.trouble, { part: 'people', message }]
      await advance(sync, { ...progress, trouble, cursor: null, step: 'security' }, ...writes)
      return 'done'
    }
    // The step stays until the sweep is over: a Worker that dies in between comes back to it.
    const isSwept = sync.run.kind === 'delta'
    await advance(sync, { ...progress, cursor: next.cursor, step: isSwept ? 'security' : 'people' }, ...writes)
    if (!isSwept) await sweep(sync, isFirstSync)
    return 'done'
  }
  return 'turn over'
}

const unreadable = (message: string) => new ConnectorFault('rejected', 'Microsoft 365', message)

const fromTheStart = { kind: 'full', cursor: null, pageCount: 0, userCount: 0 } as const

/** Whoever was seen so far counts as unseen again: they may be gone from the list that is read next. */
const unmarked = ({ tenant, run }: Sync): Write =>
  tenant.changeAll(tenantUsers, eq(tenantUsers.seenInRun, run.id), { seenInRun: '' })

const idsIn = ({ users, removedIds }: GatheredPage): string[] => [...users.map(({ id }) => id), ...removedIds]

/** Those of these people who are kept already, and which run saw them last. */
const keptUsers = async (
  tenant: TenantScope,
  ids: string[],
): Promise<Map<string, KeptUser & { seenInRun: string }>> => {
  if (ids.length === 0) return new Map()
  const rows = await tenant.list(tenantUsers, { where: among(tenantUsers.id, ids) })
  return new Map(rows.map((row) => [row.id, { ...keptUser(row), seenInRun: row.seenInRun }]))
}

const keptUser = (row: UserRow): KeptUser => ({
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
})

const putUsers = (tenant: TenantScope, users: KeptUser[], runId: string): Write[] =>
  portionsOf(
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
      sortName: sortNameOf(user.displayName),
      foundBy: wordsOfUser(user),
    })),
  ).map((rows) => tenant.putAll(tenantUsers, rows))

const putChanges = ({ tenant, run, day, work }: Sync, changes: PersonChange[]): Write[] =>
  portionsOf(
    changes.map(({ kind, userId, name, detail, skuId }) => ({
      // The id is what happened, so that a page read twice tells it once.
      id: `${run.id}:${kind}:${userId}${skuId === null ? '' : `:${skuId}`}`,
      day,
      kind,
      userId,
      name,
      detail,
      skuId,
      at: work.now(),
    })),
  ).map((rows) => tenant.putAll(userChanges, rows))

const removeUsers = (tenant: TenantScope, ids: string[]): Write[] =>
  ids.length === 0 ? [] : [tenant.removeWhere(tenantUsers, among(tenantUsers.id, ids))]

const deltasAfter = (run: RunRow, { active, guests, blocked, licensed }: CountDeltas) => ({
  activeUserDelta: run.activeUserDelta + active,
  guestDelta: run.guestDelta + guests,
  blockedUserDelta: run.blockedUserDelta + blocked,
  licensedUserDelta: run.licensedUserDelta + licensed,
})

/** After a whole read, who was not in it has left; unless so many are missing that staff are asked first. */
const sweep = async (sync: Sync, isFirstSync: boolean): Promise<void> => {
  const { tenant, run } = sync
  const { knownCount, missingCount } = await countUnseen(tenant, run.id)
  if (!maySweep(missingCount, knownCount, sync.tenantRow.departures)) {
    const message = `${missingCount} of ${knownCount} people were missing from Microsoft’s answer. Nobody was removed: confirm that they have left, or wait for a sync that finds them.`
    await advance(
      sync,
      { cursor: null, step: 'security', trouble: [...run.trouble, { part: 'people', message }] },
      await askAboutDepartures(sync, missingCount, knownCount),
    )
    return
  }
  // Nobody to remove, so nothing to commit: the next step's own commit says that this one is over.
  if (missingCount === 0) {
    sync.run = { ...run, step: 'security' }
    return
  }
  for (let leftCount = missingCount; ; leftCount -= SWEEP_PER_COMMIT) {
    const gone = await unseenUsers(tenant, run.id)
    const isOver = leftCount <= SWEEP_PER_COMMIT
    const { changes, deltas } = departed(gone, { isFirstSync })
    await advance(
      sync,
      {
        ...deltasAfter(sync.run, deltas),
        changeCount: sync.run.changeCount + changes.length,
        step: isOver ? 'security' : 'people',
      },
      ...removeUsers(
        tenant,
        gone.map(({ id }) => id),
      ),
      ...putChanges(sync, changes),
    )
    if (isOver) return
  }
}

const askAboutDepartures = async (sync: Sync, missingCount: number, knownCount: number): Promise<Write> => {
  const { customer, tenant, tenantRow, run, work } = sync
  const missing = await tenant.list(tenantUsers, {
    where: ne(tenantUsers.seenInRun, run.id),
    orderBy: [asc(tenantUsers.displayName), asc(tenantUsers.id)],
    limit: NAMES_TOLD,
  })
  return customer.changeAll(tenants, eq(tenants.id, tenantRow.id), {
    departures: {
      askedAt: tenantRow.departures?.askedAt ?? work.now(),
      missingCount,
      knownCount,
      names: missing.map(({ displayName }) => displayName),
      confirmedAt: null,
    },
  })
}

const countUnseen = async (
  tenant: TenantScope,
  runId: string,
): Promise<{ knownCount: number; missingCount: number }> => {
  const [counted] = await tenant
    .select({
      knownCount: sql<number>`count(*)`,
      missingCount: sql<number>`coalesce(sum(${tenantUsers.seenInRun} <> ${runId}), 0)`,
    })
    .from(tenantUsers)
    .where(tenant.mine(tenantUsers))
  return counted ?? { knownCount: 0, missingCount: 0 }
}

const unseenUsers = async (tenant: TenantScope, runId: string): Promise<KeptUser[]> =>
  (
    await tenant.list(tenantUsers, {
      where: ne(tenantUsers.seenInRun, runId),
      orderBy: [asc(tenantUsers.id)],
      limit: SWEEP_PER_COMMIT,
    })
  ).map(keptUser)
