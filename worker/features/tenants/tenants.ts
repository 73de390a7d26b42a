import { and, asc, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { customers, jobs, msps, seatCounts, securityScores, syncRuns, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { Problem, missing } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { changeWords } from '../customers/index.ts'
import { customerSummary } from './summary.ts'
import { syncKeyOf, syncOf, syncTenant } from './sync.jobs.ts'
import type { TenantRow } from './sync-run.ts'
import type { TenantView } from './tenants.schema.ts'

/**
 * A customer's tenants as they stand: figures, the newest sync and the job behind it; and those it had earlier, the last
 * removed first. One round trip. Problem `missing`.
 */
export const listTenants = async (
  msp: MspScope,
  customerId: string,
): Promise<{ current: TenantView[]; earlier: TenantRow[] }> => {
  const customer = msp.forCustomer(customerId)
  const isPresent = customer.mine(tenants, isNull(tenants.removedAt))
  // Of each tenant the newest alone, by an index, however many there are.
  const newest = <T extends typeof syncRuns | typeof securityScores>(table: T, order: SQLiteColumn) => {
    const id = customer
      .select({ id: table.id })
      .from(table as typeof syncRuns)
      .where(customer.mine(table, eq(table.tenantId, tenants.id)))
      .orderBy(desc(order))
      .limit(1)
    return sql`json_each((select json_group_array(newest.id) from ${id} as newest)) as entry`
  }
  const [itself, [house], rows, runs, seats, scores, work] = await customer.readAll([
    customer.select({ id: customers.id }).from(customers).where(customer.mine(customers)),
    customer.select({ microsoftClientId: msps.microsoftClientId }).from(msps).where(customer.mine(msps)),
    customer.select().from(tenants).where(customer.mine(tenants)).orderBy(asc(tenants.connectedAt)),
    customer
      .select(getTableColumns(syncRuns))
      .from(tenants)
      .crossJoin(newest(syncRuns, syncRuns.startedAt))
      .crossJoin(syncRuns)
      .where(and(isPresent, customer.mine(syncRuns, eq(syncRuns.id, sql`entry.value`)))),
    customer
      .select({
        tenantId: seatCounts.tenantId,
        boughtCount: sql<number>`sum(${seatCounts.boughtCount})`.as('bought'),
        assignedCount: sql<number>`sum(${seatCounts.assignedCount})`.as('assigned'),
      })
      .from(seatCounts)
      .where(customer.mine(seatCounts, eq(seatCounts.hidden, false)))
      .groupBy(seatCounts.tenantId),
    customer
      .select({
        tenantId: securityScores.tenantId,
        day: securityScores.id,
        currentHundredths: securityScores.currentHundredths,
        maxHundredths: securityScores.maxHundredths,
      })
      .from(tenants)
      .crossJoin(newest(securityScores, securityScores.id))
      .crossJoin(securityScores)
      .where(
        and(
          isPresent,
          customer.mine(
            securityScores,
            and(eq(securityScores.tenantId, tenants.id), eq(securityScores.id, sql`entry.value`)),
          ),
        ),
      ),
    customer
      .select()
      .from(jobs)
      .where(
        // Literally as the index has it, or it is not used.
        customer.mine(jobs, and(eq(jobs.kind, syncTenant.kind), sql`state in ('waiting', 'running', 'parked')`)),
      ),
  ])
  if (itself.length === 0) throw missing('customer')
  const current = rows.filter(({ removedAt }) => removedAt === null)
  const earlier = rows
    .filter(({ removedAt }) => removedAt !== null)
    .toSorted((one, other) => (other.removedAt ?? 0) - (one.removedAt ?? 0))
  const views = current.map((tenant) => ({
    tenant,
    isWithAppInForce: tenant.clientId === (house?.microsoftClientId ?? null),
    run: runs.find(({ tenantId }) => tenantId === tenant.id),
    job: work
      .filter(({ naturalKey }) => naturalKey === syncKeyOf(tenant.id))
      .toSorted((one, other) => other.id.localeCompare(one.id))[0],
    score: scores.find(({ tenantId }) => tenantId === tenant.id),
    seats: seats.find(({ tenantId }) => tenantId === tenant.id) ?? { boughtCount: 0, assignedCount: 0 },
  }))
  return { current: views, earlier }
}

/** Asks for a sync now; while one waits or runs, that one is it. Problems: `missing`, `conflict` without consent. */
export const requestSync = async (msp: MspScope, customerId: string, tenantId: string): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const isWaiting = and(eq(jobs.naturalKey, syncKeyOf(tenantId)), eq(jobs.state, 'waiting'))
  const [[itself], [tenant], [waiting]] = await customer.readAll([
    customer.select({ state: customers.state }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(tenants)
      .where(customer.mine(tenants, and(eq(tenants.id, tenantId), isNull(tenants.removedAt)))),
    customer.select().from(jobs).where(customer.mine(jobs, isWaiting)),
  ])
  if (itself === undefined || tenant === undefined) throw missing('tenant')
  if (itself.state === 'archived') throw new Problem('conflict', 'This customer is archived. Restore it first.')
  if (tenant.state !== 'connected')
    throw new Problem('conflict', 'This tenant is not connected, so there is nothing to read from.')
  await customer.commit(
    {
      action: 'tenant.sync_requested',
      subject: { kind: 'tenant', id: tenant.id, name: tenant.name },
      answer: { status: 202, body: null },
    },
    customer.changeAll(jobs, isWaiting, { dueAt: now() }),
    customer.later(syncOf(customerId, tenantId, tenant.domain)),
  )
  // The commit hints at the job it adds; one that waited already was not added, only made due.
  if (waiting !== undefined) msp.hintJob(waiting.id)
}

/**
 * Believes that the people who are missing from Microsoft's list have left, and reads the tenant again at once. Problems:
 * `missing`; `conflict` when nobody is missing, or another number; `stale`.
 */
export const confirmDepartures = async (
  msp: MspScope,
  customerId: string,
  tenantId: string,
  missingCount: number,
  wanted: Expected,
): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const before = await presentTenantRow(customer, tenantId)
  refuseUnexpected(before, wanted)
  const { departures } = before
  if (departures === null)
    throw new Problem('conflict', 'Nobody is missing from this tenant, so there is nothing to confirm.')
  if (departures.missingCount !== missingCount)
    throw new Problem('conflict', `Meanwhile ${departures.missingCount} people are missing. Look at them first.`)
  if (departures.confirmedAt !== null) return
  const isWaiting = and(eq(jobs.naturalKey, syncKeyOf(tenantId)), eq(jobs.state, 'waiting'))
  await customer.commit(
    {
      action: 'tenant.departures_confirmed',
      subject: { kind: 'tenant', id: before.id, name: before.name },
    },
    customer.change(tenants, before, { departures: { ...departures, confirmedAt: now() } }),
    customer.telling({ table: 'tenants', field: 'departures', before: null, after: missingCount }),
    customer.changeAll(jobs, isWaiting, { dueAt: now() }),
    customer.later(syncOf(customerId, tenantId, before.domain)),
  )
}

/**
 * Ends the association of a tenant with its customer, and a sync that is reading it; the row and its history stay
 * with this customer, and another customer may connect the tenant afresh. Problem `missing`, also for one that was
 * removed before; `stale`.
 */
export const removeTenant = async (
  msp: MspScope,
  customerId: string,
  tenantId: string,
  wanted: Expected,
): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const tenant = customer.forTenant(tenantId)
  const before = await presentTenantRow(customer, tenantId)
  refuseUnexpected(before, wanted)
  await tenant.commit(
    // Else nobody could delete an archived customer without opening its portal again.
    { action: 'tenant.removed', subject: { kind: 'tenant', id: before.id, name: before.name }, alsoArchived: true },
    customer.change(tenants, before, { state: 'removed', removedAt: now(), nextSyncAt: null }),
    customer.changeAll(customers, undefined, { tenantCount: sql`tenant_count - 1` }),
    customerSummary(customer, now()),
    ...changeWords(customer, before.id, []),
    tenant.changeAll(syncRuns, eq(syncRuns.state, 'running'), {
      state: 'failed',
      finishedAt: now(),
      trouble: [{ part: 'removed', message: 'The tenant was disconnected while it was being read.' }],
    }),
  )
}

const presentTenantRow = async (customer: CustomerScope, tenantId: string): Promise<TenantRow> => {
  const row = await customer.find(tenants, tenantId, 'tenant')
  if (row.removedAt !== null) throw missing('tenant')
  return row
}
