import { asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import {
  seatCounts,
  securityAlerts,
  securityScores,
  serviceHealth,
  subscriptions,
  syncRuns,
  tenantDays,
  tenantUsers,
  tenants,
} from '../../../db/shard/schema.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import type { Directory } from '../../connectors/directory.ts'
import { graphDirectory } from '../../connectors/graph/index.ts'
import type { Environment } from '../../env.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { Outcome, Work } from '../../jobs/job.ts'
import { newId } from '../../tenancy/ids.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { isHiddenByDefault } from '../licences/index.ts'
import { customerSummary, healthAfter, healthColumns } from './summary.ts'
import { readPeople } from './sync-people.ts'
import { advance, dayFor } from './sync-run.ts'
import type { RunRow, Sync, TenantRow } from './sync-run.ts'

/** How long a good sync lasts before the next one. */
export const SYNC_EVERY_MS = 3_600_000
/** After a sync that gave up, the next try by itself. */
const SYNC_AFTER_FAILURE_MS = 6 * 3_600_000
const SCORE_DAYS = 90

const Payload = z.object({ customerId: z.string(), tenantId: z.string() })

/**
 * Reads one Microsoft 365 tenant: licences, people, security, service health. Each step's rows are committed with the
 * place it has reached, so a Worker that dies leaves nothing to redo but the last pages; nothing is removed because
 * an answer was empty or broken off.
 */
export const syncTenant = defineJob({
  kind: 'tenant.sync',
  title: 'Sync Microsoft 365',
  payload: Payload,
  async run(msp, { customerId, tenantId }, work) {
    const customer = msp.forCustomer(customerId)
    const tenantRow = await customer.first(tenants, eq(tenants.id, tenantId))
    if (tenantRow === undefined || tenantRow.state !== 'connected') return finished
    const tenant = customer.forTenant(tenantId)
    const run = await currentRun(tenant, tenantRow, work)
    const sync: Sync = {
      msp,
      customer,
      tenant,
      tenantRow,
      run,
      work,
      directory: directoryOf(work.environment, tenantRow),
      day: await dayFor(tenant, work.now()),
    }
    try {
      return await goOn(sync)
    } catch (error) {
      if (isConsentLost(error, sync.run)) return loseConsent(sync, (error as ConnectorFault).message)
      throw error
    }
  },
  async parked(msp, { customerId, tenantId }, trouble, work) {
    const customer = msp.forCustomer(customerId)
    const tenantRow = await customer.first(tenants, eq(tenants.id, tenantId))
    if (tenantRow === undefined) return
    const tenant = customer.forTenant(tenantId)
    const health = await healthAfter(tenant, tenantRow, work.now())
    await tenant.commit(
      { action: 'tenant.sync_failed', subject: { kind: 'tenant', id: tenantId, name: tenantRow.name } },
      customer.change(tenants, tenantRow, {
        nextSyncAt: work.now() + SYNC_AFTER_FAILURE_MS,
        ...healthColumns(health, work.now(), tenantRow),
      }),
      ...(await endRunningRun(tenant, 'failed', trouble, work.now())),
      await customerSummary(customer, tenantId, health, {}, work.now()),
    )
  },
})

/** The job that syncs one tenant; while one is alive there is no second. */
export const syncOf = (customerId: string, tenantId: string, subjectName = 'Microsoft 365') =>
  syncTenant.described({ customerId, tenantId }, { naturalKey: syncKeyOf(tenantId), subjectName, customerId })

export const syncKeyOf = (tenantId: string): string => `sync:${tenantId}`

const directoryOf = (environment: Environment, row: TenantRow): Directory => {
  let kept: { value: string; goodUntil: number } | undefined
  return graphDirectory({
    entraUrl: environment.ENTRA_URL,
    graphUrl: environment.GRAPH_URL,
    clientId: environment.MICROSOFT_CLIENT_ID,
    clientSecret: environment.MICROSOFT_CLIENT_SECRET,
    tenantId: row.entraTenantId,
    fetch: (address, request) => fetch(address, request),
    now: Date.now,
    tokenCache: {
      read: () => Promise.resolve(kept),
      write: (token) => {
        kept = token
        return Promise.resolve()
      },
    },
  })
}

/** The run that a Worker before us left, or a new one: full when there is no cursor to go on from. */
const currentRun = async (tenant: TenantScope, row: TenantRow, work: Work): Promise<RunRow> => {
  const running = await tenant.first(syncRuns, eq(syncRuns.state, 'running'))
  if (running !== undefined) return running
  const id = newId(work.now())
  await tenant.record(
    work.stillMine(),
    tenant.add(syncRuns, {
      id,
      kind: row.userCursor === null ? 'full' : 'delta',
      state: 'running',
      step: 'licences',
      cursor: row.userCursor,
      userCountExpected:
        row.lastGoodSyncAt === null ? null : row.activeUserCount + row.guestCount + row.blockedUserCount,
      startedAt: work.now(),
    }),
  )
  return tenant.find(syncRuns, id, 'sync')
}

const goOn = async (sync: Sync): Promise<Outcome> => {
  for (;;) {
    switch (sync.run.step) {
      case 'licences':
        await readLicences(sync)
        break
      case 'people':
        if ((await readPeople(sync)) === 'turn over') return { kind: 'again', at: sync.work.now() }
        break
      case 'security':
        await readSecurity(sync)
        break
      case 'health':
        await readHealth(sync)
        break
      case 'finishing':
        await finish(sync)
        return finished
    }
  }
}

const readLicences = async (sync: Sync): Promise<void> => {
  const { tenant, directory, work } = sync
  const [seats, bought, kept] = [
    await directory.seats(),
    await directory.subscriptions(),
    await tenant.list(seatCounts),
  ]
  const at = work.now()
  const before = new Map(kept.map((row) => [row.id, row]))
  // An empty list where there were seats is no proof that they are gone.
  const isBelievable = seats.length > 0 || kept.length === 0
  const rows = seats
    .filter(({ appliesTo }) => appliesTo !== 'company')
    .map((seat) => ({
      id: seat.skuId,
      skuPartNumber: seat.skuPartNumber,
      boughtCount: seat.boughtCount,
      assignedCount: seat.assignedCount,
      suspendedCount: seat.suspendedCount,
      status: seat.status,
      hidden: isHiddenByDefault(seat),
      overSince: seat.assignedCount > seat.boughtCount ? (before.get(seat.skuId)?.overSince ?? at) : null,
      asOf: at,
    }))
  await advance(
    sync,
    {
      step: 'people',
      trouble: isBelievable
        ? sync.run.trouble
        : [
            ...sync.run.trouble,
            { part: 'licences', message: 'Microsoft listed no licences at all. The last known ones are kept.' },
          ],
    },
    tenant.putAll(seatCounts, rows),
    ...(isBelievable ? [tenant.removeWhere(seatCounts, sql`as_of < ${at}`)] : []),
    tenant.putAll(
      subscriptions,
      bought.map((subscription) => ({
        id: subscription.id,
        skuId: subscription.skuId,
        skuPartNumber: subscription.skuPartNumber,
        status: subscription.status,
        seatCount: subscription.seatCount,
        isTrial: subscription.isTrial,
        nextLifecycleAt: subscription.nextLifecycleAt === null ? null : Date.parse(subscription.nextLifecycleAt),
        asOf: at,
      })),
    ),
    ...(bought.length > 0 ? [tenant.removeWhere(subscriptions, sql`as_of < ${at}`)] : []),
  )
}

const readSecurity = async (sync: Sync): Promise<void> => {
  const { tenant, directory, work } = sync
  const at = work.now()
  const [scores, alerts, trouble] = await besides(
    sync,
    'security',
    async () => [await directory.securityScores(SCORE_DAYS), await directory.securityAlerts()] as const,
  )
  await advance(
    sync,
    { step: 'health', trouble },
    tenant.putAll(
      securityScores,
      (scores ?? []).map((score) => ({
        id: score.day,
        currentHundredths: Math.round(score.current * 100),
        maxHundredths: Math.round(score.max * 100),
        comparisonHundredths: score.comparison === null ? null : Math.round(score.comparison * 100),
        asOf: at,
      })),
    ),
    tenant.putAll(
      securityAlerts,
      (alerts ?? []).map(({ id, title, severity, status, raisedAt }) => ({
        id,
        title,
        severity,
        status,
        raisedAt: raisedAt === null ? null : Date.parse(raisedAt),
        asOf: at,
      })),
    ),
  )
}

const readHealth = async (sync: Sync): Promise<void> => {
  const { tenant, directory, work } = sync
  const at = work.now()
  const [services, , trouble] = await besides(
    sync,
    'health',
    async () => [await directory.serviceHealth(), undefined] as const,
  )
  await advance(
    sync,
    { step: 'finishing', trouble },
    tenant.putAll(
      serviceHealth,
      (services ?? []).map(({ serviceId, service, state, issueTitle, issueStartedAt }) => ({
        id: serviceId,
        service,
        state,
        issueTitle,
        since: issueStartedAt === null ? null : Date.parse(issueStartedAt),
        asOf: at,
      })),
    ),
    ...(services === undefined || services.length === 0 ? [] : [tenant.removeWhere(serviceHealth, sql`as_of < ${at}`)]),
  )
}

/**
 * A part that a sync can do without: when Microsoft refuses it, or keeps failing to answer it, the run goes on and says
 * so. A passing failure is the job's to try again.
 */
const besides = async <A, B>(
  sync: Sync,
  part: string,
  read: () => Promise<readonly [A, B]>,
): Promise<[A | undefined, B | undefined, RunRow['trouble']]> => {
  try {
    const [a, b] = await read()
    return [a, b, sync.run.trouble]
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    const isPassing = error.kind === 'throttled' || error.kind === 'down' || error.kind === 'rejected'
    if (isPassing && sync.work.attempt < 4) throw error
    return [undefined, undefined, [...sync.run.trouble, { part, message: error.message }]]
  }
}

/** The last commit of a run: the tenant's and the customer's figures, the day's snapshot, and the one activity entry. */
const finish = async (sync: Sync): Promise<void> => {
  const { customer, tenant, run, work, directory } = sync
  const at = work.now()
  const tenantRow = await customer.find(tenants, tenant.tenantId, 'tenant')
  const counts = run.kind === 'full' ? await countPeople(tenant) : countsAfter(tenantRow, run)
  const [organisation] = await besides(
    sync,
    'organisation',
    async () => [await directory.organisation(), undefined] as const,
  )
  const health = await healthAfter(tenant, { ...tenantRow, lastGoodSyncAt: at }, at)
  const seats = await tenant.list(seatCounts, { where: eq(seatCounts.hidden, false), orderBy: [asc(seatCounts.id)] })
  await tenant.commit(
    {
      action: 'tenant.synced',
      subject: { kind: 'tenant', id: tenantRow.id, name: organisation?.name ?? tenantRow.name },
    },
    customer.change(tenants, tenantRow, {
      ...counts,
      name: organisation?.name ?? tenantRow.name,
      userCursor: run.cursor,
      lastGoodSyncAt: at,
      nextSyncAt: at + SYNC_EVERY_MS,
      ...healthColumns(health, at, tenantRow),
    }),
    tenant.changeWhere(syncRuns, run.id, eq(syncRuns.state, 'running'), { state: 'done', finishedAt: at }),
    tenant.putAll(tenantDays, [
      {
        id: sync.day,
        activeUserCount: counts.activeUserCount,
        licensedUserCount: counts.licensedUserCount,
        seats: seats.map(({ id, boughtCount, assignedCount }) => ({
          skuId: id,
          bought: boughtCount,
          assigned: assignedCount,
        })),
      },
    ]),
    await customerSummary(customer, tenantRow.id, health, counts, at),
    work.stillMine(),
  )
}

const countsAfter = (row: TenantRow, run: RunRow) => ({
  activeUserCount: row.activeUserCount + run.activeUserDelta,
  guestCount: row.guestCount + run.guestDelta,
  blockedUserCount: row.blockedUserCount + run.blockedUserDelta,
  licensedUserCount: row.licensedUserCount + run.licensedUserDelta,
})

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

/** Refused on what every sync needs: the administrator has withdrawn consent, or never gave all of it. */
const isConsentLost = (error: unknown, run: RunRow): boolean =>
  error instanceof ConnectorFault && error.kind === 'unauthorized' && (run.step === 'licences' || run.step === 'people')

const loseConsent = async ({ customer, tenant, work, run }: Sync, message: string): Promise<Outcome> => {
  const at = work.now()
  const before = await customer.find(tenants, tenant.tenantId, 'tenant')
  const lost = { state: 'consent_lost' as const, consentLostAt: at, nextSyncAt: null }
  const health = await healthAfter(tenant, { ...before, ...lost }, at)
  await tenant.commit(
    { action: 'tenant.consent_lost', subject: { kind: 'tenant', id: before.id, name: before.name } },
    customer.change(tenants, before, { ...lost, ...healthColumns(health, at, before) }),
    tenant.changeWhere(syncRuns, run.id, eq(syncRuns.state, 'running'), {
      state: 'failed',
      finishedAt: at,
      trouble: [...run.trouble, { part: 'consent', message }],
    }),
    await customerSummary(customer, before.id, health, {}, at),
    work.stillMine(),
  )
  return finished
}

const endRunningRun = async (tenant: TenantScope, state: 'failed', message: string, at: number): Promise<Write[]> => {
  const running = await tenant.first(syncRuns, eq(syncRuns.state, 'running'))
  if (running === undefined) return []
  return [
    tenant.changeWhere(syncRuns, running.id, eq(syncRuns.state, 'running'), {
      state,
      finishedAt: at,
      trouble: [...running.trouble, { part: running.step, message }],
    }),
  ]
}
