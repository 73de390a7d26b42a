import { and, eq, exists, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { customers, syncRuns, tenantDays, tenantUsers, tenants } from '../../../db/shard/schema.ts'
import { finished } from '../../jobs/job.ts'
import type { Outcome } from '../../jobs/job.ts'
import type { CustomerScope, TenantScope, Write } from '../../tenancy/scope.ts'
import { changeWords, wordsOfTenant } from '../customers/index.ts'
import { customerSummary, findingsOf, healthAfter, healthColumns, healthFrom } from './summary.ts'
import { leftRun, readIfPossible } from './sync-run.ts'
import type { RunRow, Sync, TenantRow, Trouble } from './sync-run.ts'

/** How long a good sync lasts before the next one. */
export const SYNC_EVERY_MS = 3_600_000
/** After a sync that gave up, the next try by itself. */
const SYNC_AFTER_FAILURE_MS = 6 * 3_600_000

/**
 * The last commit of a run: the tenant's and the customer's figures, the day's snapshot, and one activity entry if the
 * run has something to tell. That nothing changed since an hour ago is told by the tenant's own row.
 */
export const finishSync = async (sync: Sync): Promise<void> => {
  const { customer, tenant, run, work, directory } = sync
  const at = work.now()
  const trouble = [...run.trouble]
  const organisation = await readIfPossible(sync, trouble, 'organisation', () => directory.organisation())
  const before = await customer.find(tenants, tenant.tenantId, 'tenant')
  if (before.state !== 'connected') return
  const named = {
    name: organisation?.name ?? before.name,
    // A tenant that was entered by its id has no domain until its organisation tells one.
    domain: before.domain.includes('.') ? before.domain : (organisation?.defaultDomain ?? before.domain),
  }
  const counts = run.kind === 'full' ? await countPeople(tenant) : countsAfter(before, run)
  // People were read whole, or changed from where they were: whatever was asked about them is answered.
  const departures = trouble.some(({ part }) => part === 'people') ? before.departures : null
  const findings = await findingsOf(tenant, at)
  const health = healthFrom(findings, { ...before, ...named, departures, lastGoodSyncAt: at }, at)
  const columns = healthColumns(health, at, before)
  const isNews =
    before.lastGoodSyncAt === null ||
    run.changeCount > 0 ||
    isOther({ ...named, ...counts, healthReasons: columns.healthReasons }, before) ||
    isTroubleOther(sync.lastRun, trouble)
  const writes: [Write, ...Write[]] = [
    customer.change(tenants, before, {
      ...named,
      ...counts,
      departures,
      userCursor: run.cursor,
      lastGoodSyncAt: at,
      nextSyncAt: at + SYNC_EVERY_MS,
      partsDueAt: before.partsDueAt ?? at,
      ...columns,
    }),
    tenant.changeWhere(syncRuns, run.id, and(eq(syncRuns.state, 'running'), work.isStillMine(), isServed(customer)), {
      state: 'done',
      finishedAt: at,
      trouble,
    }),
    tenant.putAll(tenantDays, [
      {
        id: sync.day,
        takenAt: at,
        activeUserCount: counts.activeUserCount,
        licensedUserCount: counts.licensedUserCount,
        seats: findings.seats.map(({ id, boughtCount, assignedCount }) => ({
          skuId: id,
          bought: boughtCount,
          assigned: assignedCount,
        })),
      },
    ]),
    ...(named.name === before.name && named.domain === before.domain
      ? []
      : changeWords(customer, before.id, wordsOfTenant(named))),
    work.prolonged(),
  ]
  if (isNews) {
    const note = { action: 'tenant.synced', subject: { kind: 'tenant', id: before.id, name: named.name } } as const
    await tenant.commit(note, ...writes, customerSummary(customer, at))
  } else await tenant.record(...writes, customer.changeAll(customers, undefined, { healthAsOf: at }))
}

const isOther = (after: Partial<TenantRow>, before: TenantRow): boolean =>
  Object.entries(after).some(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof TenantRow]),
  )

/** A run that goes well after one that failed is worth telling, and so is a part that fails or works again. */
const isTroubleOther = (last: RunRow | undefined, trouble: Trouble): boolean => {
  const parts = (one: Trouble) => JSON.stringify(one.map(({ part }) => part))
  return last !== undefined && (last.state === 'failed' || parts(last.trouble) !== parts(trouble))
}

/** The customer may be archived while a sync ends or a tenant is connected: then no next sync may be set. */
export const isServed = (customer: CustomerScope): SQL =>
  exists(
    customer
      .select({ id: customers.id })
      .from(customers)
      .where(customer.mine(customers, ne(customers.state, 'archived'))),
  )

/** Microsoft no longer lets us in: the tenant says so, what it had is kept, and no sync comes by itself. */
export const loseConsent = async ({ customer, tenant, work, run }: Sync, message: string): Promise<Outcome> => {
  const at = work.now()
  const before = await customer.find(tenants, tenant.tenantId, 'tenant')
  if (before.state !== 'connected') return finished
  const lost = { state: 'consent_lost' as const, consentLostAt: at, nextSyncAt: null }
  const health = await healthAfter(tenant, { ...before, ...lost }, at)
  await tenant.commit(
    { action: 'tenant.consent_lost', subject: { kind: 'tenant', id: before.id, name: before.name } },
    customer.change(tenants, before, { ...lost, ...countsAfter(before, run), ...healthColumns(health, at, before) }),
    endedRun(tenant, run, [...run.trouble, { part: 'consent', message }], at),
    customerSummary(customer, at),
    work.stillMine(),
  )
  return finished
}

/**
 * The app registration that the tenant was connected with has been taken away here: the tenant says so, what it had is kept, and
 * no sync comes until it is connected again. Problem `stale` when the tenant was changed meanwhile.
 */
export const loseApp = async (
  customer: CustomerScope,
  before: TenantRow,
  at: number,
  ...more: Write[]
): Promise<void> => {
  const tenant = customer.forTenant(before.id)
  const run = await leftRun(tenant)
  const lost = { state: 'app_removed' as const, consentLostAt: before.consentLostAt ?? at, nextSyncAt: null }
  const health = await healthAfter(tenant, { ...before, ...lost }, at)
  const message = 'The app registration that this tenant was connected with has been removed.'
  await tenant.commit(
    { action: 'tenant.app_removed', subject: { kind: 'tenant', id: before.id, name: before.name } },
    customer.change(
      tenants,
      { ...before, state: lost.state },
      {
        ...lost,
        ...(run === undefined ? {} : countsAfter(before, run)),
        ...healthColumns(health, at, before),
      },
    ),
    ...(run === undefined ? [] : [endedRun(tenant, run, [...run.trouble, { part: 'consent', message }], at)]),
    // The state may have been set with all the others of that app registration.
    tenant.telling({
      table: 'tenants',
      field: 'state',
      before: before.state === lost.state ? 'connected' : before.state,
      after: lost.state,
    }),
    customerSummary(customer, at),
    ...more,
  )
}

/**
 * The job has given up: its run ends with the words why, and the tenant's health is looked at anew. Problem `stale` when
 * the tenant was changed, or its customer archived, meanwhile.
 */
export const failSync = async (
  customer: CustomerScope,
  before: TenantRow,
  message: string,
  at: number,
): Promise<void> => {
  const tenantId = before.id
  const tenant = customer.forTenant(tenantId)
  const run = await leftRun(tenant)
  const health = await healthAfter(tenant, before, at)
  await tenant.commit(
    { action: 'tenant.sync_failed', subject: { kind: 'tenant', id: tenantId, name: before.name } },
    customer.change(tenants, before, {
      nextSyncAt: at + SYNC_AFTER_FAILURE_MS,
      ...(run === undefined ? {} : countsAfter(before, run)),
      ...healthColumns(health, at, before),
    }),
    ...(run === undefined ? [] : [endedRun(tenant, run, [...run.trouble, { part: run.step, message }], at)]),
    customerSummary(customer, at),
    customer.onlyIf(isServed(customer)),
  )
}

/** Ends a run that did not get to its end. */
const endedRun = (tenant: TenantScope, run: RunRow, trouble: Trouble, at: number): Write =>
  tenant.changeWhere(syncRuns, run.id, eq(syncRuns.state, 'running'), { state: 'failed', finishedAt: at, trouble })

/**
 * The tenant's counts with what a run did to its people, also when the run failed: its pages stay, and the next run
 * finds them done. Before the first good sync there are no counts yet.
 */
const countsAfter = (row: TenantRow, run: RunRow) => {
  const isFirst = row.lastGoodSyncAt === null
  const sum = (count: number, delta: number) => (isFirst ? count : count + delta)
  return {
    activeUserCount: sum(row.activeUserCount, run.activeUserDelta),
    guestCount: sum(row.guestCount, run.guestDelta),
    blockedUserCount: sum(row.blockedUserCount, run.blockedUserDelta),
    licensedUserCount: sum(row.licensedUserCount, run.licensedUserDelta),
  }
}

const countPeople = async (tenant: TenantScope) => {
  const { isGuest, signInAllowed, isLicensed } = tenantUsers
  const sum = (condition: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${condition}), 0)`
  const [row] = await tenant
    .select({
      activeUserCount: sum(sql`${isGuest} = 0 and ${signInAllowed} = 1`),
      guestCount: sum(sql`${isGuest} = 1`),
      blockedUserCount: sum(sql`${isGuest} = 0 and ${signInAllowed} = 0`),
      licensedUserCount: sum(sql`${isLicensed} = 1`),
    })
    .from(tenantUsers)
    .where(tenant.mine(tenantUsers))
  return row ?? { activeUserCount: 0, guestCount: 0, blockedUserCount: 0, licensedUserCount: 0 }
}
