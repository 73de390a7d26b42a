import { setTimeout as wait } from 'node:timers/promises'
import type { SandboxEndpoints } from '../bin/lib/sandbox.mjs'
import { atMost, told } from './budget.ts'
import type { Part } from './budget.ts'
import { median } from './client.ts'
import type { Count } from './metered-worker.ts'
import { takeQueueCost } from './metered.ts'
import { plantMsp, rows, run } from './population.ts'
import type { Msp } from './population.ts'
import type { Runtime } from './runtime.ts'

const fullUserCount = 10_000
const fullSecondsMax = 60
const deltaUserCounts = { small: 1_000, large: 100_000 }
const deltaRatioMax = 1.5
const deltaRounds = 3
const secondsMax = 240

type Tenant = { tenantId: string; entraTenantId: string; userCount: number }
type Sync = { seconds: number; cost: Count; userCount: number; changeCount: number }

/** A whole read of a large tenant, and what ten changes cost in a small and in a very large one. */
export const syncs = async (
  runtime: Runtime,
  sandbox: SandboxEndpoints,
  say: (line: string) => void,
): Promise<Part> => {
  const msp = await plantMsp(runtime, 'sync', 3)
  const connected = async (number: number, userCount: number) => connect(runtime, sandbox, msp, number, userCount)
  const full = await connected(1, fullUserCount)
  const first = await syncOnce(runtime, full)
  // Counted in the table: Graph may tell of the same person twice.
  const [kept] = await rows(
    await runtime.database('SHARD_1'),
    `select count(*) as found from tenant_users where tenant_id = ?`,
    full.tenantId,
  )
  if (kept?.['found'] !== fullUserCount)
    throw new Error(`The full sync kept ${String(kept?.['found'])} people instead of ${fullUserCount}.`)
  say(`full sync of ${fullUserCount} people: ${first.seconds.toFixed(1)} s`)

  const beside = await besideOnce(runtime, full)
  say(`groups, sign-ins and managers of ${fullUserCount} people: ${beside.seconds.toFixed(1)} s`)

  const small = await connected(2, deltaUserCounts.small)
  await syncOnce(runtime, small)
  const large = await connected(3, deltaUserCounts.large)
  const whole = await syncOnce(runtime, large)
  say(`full sync of ${deltaUserCounts.large} people: ${whole.seconds.toFixed(1)} s`)

  const deltas: { small: Sync[]; large: Sync[] } = { small: [], large: [] }
  for (let round = 0; round < deltaRounds; round += 1) {
    deltas.small.push(await deltaOf(runtime, sandbox, small))
    deltas.large.push(await deltaOf(runtime, sandbox, large))
  }
  const [before, after] = [typicalOf(deltas.small), typicalOf(deltas.large)]
  const figure = (what: string, pick: (cost: typeof before) => number) =>
    atMost(
      `delta of 10 changes, ${deltaUserCounts.large} people against ${deltaUserCounts.small}: ${what}`,
      pick(after) / pick(before),
      deltaRatioMax,
      '×',
      `${format(pick(after))} against ${format(pick(before))}`,
    )
  return {
    lines: [
      atMost(`full sync of a ${fullUserCount}-user tenant`, first.seconds, fullSecondsMax, 's'),
      atMost('… D1 statements', first.cost.statements, fullUserCount / 100, '', `${first.cost.calls} round trips`),
      told('… rows written per person', (first.cost.rowsWritten / fullUserCount).toFixed(2)),
      told(
        '… groups, sign-ins and managers, beside it',
        `${beside.seconds.toFixed(1)} s`,
        `${beside.cost.statements} statements, ${beside.cost.rowsWritten} rows written`,
      ),
      told(
        `full sync of a ${deltaUserCounts.large}-user tenant`,
        `${whole.seconds.toFixed(1)} s`,
        `${whole.cost.statements} statements`,
      ),
      figure('rows read and written', ({ rowCount }) => rowCount),
      figure('statements', ({ statements }) => statements),
      told('… seconds, with the wire', `${after.seconds.toFixed(2)} against ${before.seconds.toFixed(2)}`),
    ],
    figures: { first, beside, whole, deltas },
  }
}

/** A tenant of the outside world, connected to a customer as the product leaves it: due, and never read. */
const connect = async (
  runtime: Runtime,
  sandbox: SandboxEndpoints,
  msp: Msp,
  number: number,
  userCount: number,
): Promise<Tenant> => {
  const domain = `people-${userCount}.example`
  const { tenantId: entraTenantId } = await control<{ tenantId: string }>(sandbox, '/tenants', {
    domain,
    name: `People ${userCount}`,
    userCount,
    consented: true,
  })
  const { customerId } = msp.customer(number)
  const tenantId = `tenant-of-${userCount}-people`
  const now = Date.now()
  await run(
    await runtime.database('SHARD_1'),
    `insert into tenants (msp_id, customer_id, id, entra_tenant_id, name, domain, state, connected_at, connected_by, next_sync_at, parts_due_at)
     values (?, ?, ?, ?, ?, ?, 'connected', ?, 'Olivia Bench', ?, ?)`,
    msp.mspId,
    customerId,
    tenantId,
    entraTenantId,
    domain,
    domain,
    now,
    now + 86_400_000,
    // Measured by itself, never beside a sync.
    now + 86_400_000,
  )
  return { tenantId, entraTenantId, userCount }
}

const deltaOf = async (runtime: Runtime, sandbox: SandboxEndpoints, tenant: Tenant): Promise<Sync> => {
  await control(sandbox, `/tenants/${tenant.entraTenantId}/changes`, { rename: 4, block: 2, add: 2, remove: 2 })
  const sync = await syncOnce(runtime, tenant)
  // Ten changes touch nine or ten people: one may be renamed and removed.
  if (sync.userCount < 5 || sync.userCount > 10)
    throw new Error(`A delta of 10 changes touched ${sync.userCount} people of ${tenant.userCount}.`)
  return sync
}

/** Makes a tenant due, ticks cron and waits until its sync is done; the cost is that of the queue's handler. */
const syncOnce = async (runtime: Runtime, { tenantId }: Tenant): Promise<Sync> => {
  const database = await runtime.database('SHARD_1')
  await takeQueueCost(runtime)
  await run(database, `update tenants set next_sync_at = ? where id = ?`, Date.now(), tenantId)
  const startedAt = Date.now()
  await runtime.tick()
  for (;;) {
    const [latest] = await rows(
      database,
      `select state, user_count, change_count, trouble, started_at, finished_at from sync_runs where tenant_id = ? order by started_at desc limit 1`,
      tenantId,
    )
    const [job] = await rows(
      database,
      `select state, trouble from jobs where natural_key = ? order by id desc limit 1`,
      `sync:${tenantId}`,
    )
    const isDone =
      latest?.['state'] === 'done' && Number(latest['started_at']) >= startedAt && job?.['state'] === 'done'
    if (latest !== undefined && isDone) {
      if (latest['trouble'] !== '[]') throw new Error(`The sync had trouble: ${String(latest['trouble'])}`)
      return {
        seconds: (Number(latest['finished_at']) - startedAt) / 1000,
        cost: await takeQueueCost(runtime),
        userCount: Number(latest['user_count']),
        changeCount: Number(latest['change_count']),
      }
    }
    if (job?.['state'] === 'parked' || Date.now() - startedAt > secondsMax * 1000)
      throw new Error(`The sync of ${tenantId} did not finish: ${JSON.stringify({ latest, job })}`)
    await wait(100)
  }
}

/** Makes the passes beside the sync due, ticks cron and waits until they are over. */
const besideOnce = async (runtime: Runtime, { tenantId }: Tenant): Promise<Pick<Sync, 'seconds' | 'cost'>> => {
  const database = await runtime.database('SHARD_1')
  await takeQueueCost(runtime)
  await run(database, `update tenants set parts_due_at = ? where id = ?`, Date.now(), tenantId)
  const startedAt = Date.now()
  await runtime.tick()
  for (;;) {
    const [job] = await rows(
      database,
      `select state, trouble from jobs where natural_key = ? order by id desc limit 1`,
      `parts:${tenantId}`,
    )
    if (job?.['state'] === 'done') {
      const [tenant] = await rows(
        database,
        `select sign_ins_as_of, groups_as_of from tenants where id = ? and sign_ins_as_of > 0 and groups_as_of > 0`,
        tenantId,
      )
      if (tenant === undefined) throw new Error('The passes beside the sync ended without having read anything.')
      return { seconds: (Date.now() - startedAt) / 1000, cost: await takeQueueCost(runtime) }
    }
    if (job?.['state'] === 'parked' || Date.now() - startedAt > secondsMax * 1000)
      throw new Error(`The passes beside the sync of ${tenantId} did not finish: ${JSON.stringify(job)}`)
    await wait(100)
  }
}

const control = async <T>(sandbox: SandboxEndpoints, path: string, body: unknown): Promise<T> => {
  const response = await fetch(`${sandbox.http}/control${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`The sandbox refused ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

const typicalOf = (syncs: Sync[]) => ({
  seconds: median(syncs.map(({ seconds }) => seconds)),
  statements: median(syncs.map(({ cost }) => cost.statements)),
  rowCount: median(syncs.map(({ cost }) => cost.rowsRead + cost.rowsWritten)),
})

const format = (value: number): string => value.toLocaleString('en-GB')
