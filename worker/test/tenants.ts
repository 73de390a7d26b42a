import { and, asc, eq, inArray } from 'drizzle-orm'
import { afterEach, beforeEach, vi } from 'vitest'
import type { Shard } from '../../db/connect.ts'
import { jobs, tenants } from '../../db/shard/schema.ts'
import { consume } from '../work.ts'
import { moveClock, now } from '../clock.ts'
import type { Environment } from '../env.ts'
import { partsOf, syncOf } from '../features/tenants/index.ts'
import { holdQueue } from './held-queue.ts'
import { startMicrosoft } from './microsoft.ts'
import type { Microsoft, MicrosoftTenant, SignIn } from './microsoft.ts'
import { ADMIN, bodyOf, call, environment, newCustomer, newMsp, newTenant } from './stage.ts'
import type { Session, StagedCustomer, StagedMsp } from './stage.ts'

/** A customer with one connected tenant, and the Microsoft tenant behind it. */
export type Connected = { customer: StagedCustomer; tenantId: string; microsoftTenant: MicrosoftTenant }

const SIGN_IN = 'auth.portal.test'

/** A clock at noon in London on a working day, that goes on by a millisecond a look until it is moved. */
export const standingClock = (at = Date.parse('2026-11-18T12:00:00Z')) => {
  let moment = at
  moveClock(() => (moment += 1))
  return {
    forward: (milliseconds: number) => {
      moment += milliseconds
    },
    setTo: (text: string) => {
      moment = Date.parse(text)
    },
  }
}

export type Clock = ReturnType<typeof standingClock>

/**
 * What a file of tests about tenants begins with: Microsoft, which answers each test calmly at first; a queue that holds
 * what it is given; and a clock, which stands at noon as each test begins. `troubled`: what these tests make go wrong is
 * kept out of the log.
 */
export const stageMicrosoft = ({ troubled = false } = {}) => {
  const microsoft = startMicrosoft()
  const queue = holdQueue()
  let standing: Clock | undefined
  const clock: Clock = {
    forward: (milliseconds) => standing?.forward(milliseconds),
    setTo: (text) => standing?.setTo(text),
  }
  beforeEach(() => {
    microsoft.calm()
    standing = standingClock()
    if (troubled) vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => {
    moveClock(undefined)
    if (troubled) vi.restoreAllMocks()
  })
  return { microsoft, queue, clock }
}

/** A tenant that was connected without walking through it, and never synced. */
export const connectedTenant = async (
  microsoftTenant: MicrosoftTenant,
  given: { customer?: StagedCustomer; msp?: StagedMsp } = {},
): Promise<Connected> => {
  const customer = given.customer ?? (await newCustomer(given.msp ?? (await newMsp())))
  const row = await newTenant(customer, {
    entraTenantId: microsoftTenant.tenantId,
    name: microsoftTenant.domain,
    domain: microsoftTenant.domain,
    nextSyncAt: now(),
  })
  return { customer, tenantId: row.id, microsoftTenant }
}

export const customerScope = ({ customer }: Connected) => customer.msp.scope.forCustomer(customer.customerId)
export const tenantScope = (connected: Connected) => customerScope(connected).forTenant(connected.tenantId)
export const tenantRow = (connected: Connected) => customerScope(connected).find(tenants, connected.tenantId, 'tenant')

/** Queues the tenant's sync, unless one is alive. */
export const queueSync = async (connected: Connected): Promise<void> => {
  const scope = customerScope(connected)
  await scope.record(
    scope.later(syncOf(connected.customer.customerId, connected.tenantId, connected.microsoftTenant.domain)),
  )
}

/** The newest sync job of the tenant. */
export const syncJob = async ({ customer, tenantId }: Connected) => {
  const rows = await customer.msp.scope.list(jobs, {
    where: eq(jobs.naturalKey, `sync:${tenantId}`),
    orderBy: [asc(jobs.id)],
  })
  const job = rows.at(-1)
  if (job === undefined) throw new Error('This tenant has no sync job.')
  return job
}

/** Delivers one hint at the tenant's job, as the queue would. */
export const deliver = async (connected: Connected, on: Environment = environment): Promise<void> => {
  const { id } = await syncJob(connected)
  const { mspId, shard } = connected.customer.msp
  await consume(on, { shard, mspId, jobId: id }, () => {})
}

/** Queues a sync and runs it to its end, however many turns that takes; fails when it does not get there. */
export const sync = async (connected: Connected): Promise<void> => {
  await queueSync(connected)
  for (let turn = 0; turn < 10; turn += 1) {
    await deliver(connected)
    const job = await syncJob(connected)
    if (job.state === 'done') return
    if (job.state !== 'waiting' || job.dueAt > now())
      throw new Error(`The sync did not finish: ${job.state}, ${job.trouble ?? 'no trouble'}`)
  }
  throw new Error('The sync goes on and on.')
}

/** Queues what is read beside the sync, and delivers it once. */
export const readBeside = async (connected: Connected, on: Environment = environment): Promise<void> => {
  const scope = customerScope(connected)
  await scope.record(scope.later(partsOf(connected.customer.customerId, connected.tenantId)))
  const { mspId, shard } = connected.customer.msp
  const { id } = await partsJob(connected)
  await consume(on, { shard, mspId, jobId: id }, () => {})
}

/** The newest job that reads what is read beside the sync. */
export const partsJob = async ({ customer, tenantId }: Connected) => {
  const rows = await customer.msp.scope.list(jobs, {
    where: eq(jobs.naturalKey, `parts:${tenantId}`),
    orderBy: [asc(jobs.id)],
  })
  const job = rows.at(-1)
  if (job === undefined) throw new Error('Nothing is read beside the sync of this tenant.')
  return job
}

/** The environment with another shard in place of this customer's own. */
export const environmentWith = ({ customer }: Connected, wrap: (shard: Shard) => Shard): Environment => ({
  ...environment,
  shards: new Map(
    [...environment.shards].map(([name, shard]) => [name, name === customer.msp.shard ? wrap(shard) : shard]),
  ),
})

/** Counts what goes to the database: calls are round trips, statements are what they carry. */
export const countingShard =
  (count: { calls: number; statements: number }) =>
  (shard: Shard): Shard => ({
    name: shard.name,
    read: (statement) => {
      count.calls += 1
      count.statements += 1
      return shard.read(statement)
    },
    batch: (statements) => {
      count.calls += 1
      count.statements += statements.length
      return shard.batch(statements)
    },
  })

/**
 * A Worker that is killed just before the database hears its n-th write, and says nothing from then on. That stands for
 * every moment since the write before: nothing that lasts happens between two writes.
 */
export const dyingShard = (deathAtWrite: number, seen: { died: boolean }) => {
  let writeCount = 0
  const unlessDead = <T>(isWrite: boolean, run: () => Promise<T>): Promise<T> => {
    if (isWrite) writeCount += 1
    if (writeCount < deathAtWrite) return run()
    seen.died = true
    return Promise.reject(new Error('This Worker was killed.'))
  }
  return (shard: Shard): Shard => ({
    name: shard.name,
    read: (statement) => unlessDead(false, () => shard.read(statement)),
    batch: (statements) =>
      unlessDead(
        statements.some(({ sql }) => !/^select/i.test(sql)),
        () => shard.batch(statements),
      ),
  })
}

/** Runs the waiting sync as often as Microsoft has to refuse it before we believe that consent is gone. */
export const loseConsent = async (connected: Connected, clock: Clock): Promise<void> => {
  await queueSync(connected)
  await runUntilOver(connected, clock)
  const { state } = await tenantRow(connected)
  if (state !== 'consent_lost') throw new Error(`Consent was not lost: ${state}`)
}

/** Delivers the tenant's job whenever it is due, until it is done or has given up; answers the job. */
export const runUntilOver = async (connected: Connected, clock: Clock) => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    await deliver(connected)
    const job = await syncJob(connected)
    if (job.state === 'done' || job.state === 'parked') return job
    clock.forward(Math.max(0, job.dueAt - now()))
  }
  throw new Error('The sync neither ends nor gives up.')
}

/** Every job that is alive for this MSP. */
export const aliveJobs = ({ scope }: StagedMsp) =>
  scope.list(jobs, { where: and(inArray(jobs.state, ['waiting', 'running'])) })

// The walk through Microsoft, as one browser takes it.

export const begin = (staff: Session | { cookie: string }, { customerId }: StagedCustomer, tenant: string) =>
  call(ADMIN, 'POST', `/api/msp-portal/customers/${customerId}/tenants`, { as: staff, body: { tenant } })

/** Begins, and keeps what the browser keeps: where to go, and the flow cookie. */
export const begun = async (staff: Session | { cookie: string }, customer: StagedCustomer, tenant: string) => {
  const response = await begin(staff, customer, tenant)
  if (response.status !== 201) throw new Error(`Not begun: ${await response.text()}`)
  const { url } = await bodyOf<{ url: string }>(response)
  const flow = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { url, flow, state: new URL(url).searchParams.get('state') ?? '' }
}

/** Microsoft's consent page sends the browser back; answers what we say to that. */
export const comeFromConsent = (parameters: Record<string, string>): Promise<Response> =>
  call(SIGN_IN, 'GET', `/microsoft/consent?${new URLSearchParams(parameters).toString()}`)

/** Follows a redirect to one of our own hosts. */
export const follow = (address: string, as?: { cookie: string }): Promise<Response> => {
  const url = new URL(address)
  return call(url.hostname, 'GET', url.pathname + url.search, as === undefined ? {} : { as })
}

export const whereTo = (response: Response): string => response.headers.get('location') ?? ''

/** Begins, consents and signs in: as far as the address with the one-time code. */
export const upToTheCode = async (
  microsoft: Microsoft,
  staff: Session | { cookie: string },
  customer: StagedCustomer,
  tenant: MicrosoftTenant,
  signIn: SignIn = {},
) => {
  const { url, flow, state } = await begun(staff, customer, tenant.domain)
  const consented = await comeFromConsent({ admin_consent: 'True', tenant: tenant.tenantId, state })
  const signedIn = await follow(microsoft.signIn(whereTo(consented), signIn))
  return { address: whereTo(signedIn), flow, consentUrl: url }
}

/** The whole walk; answers where the browser ends up. */
export const connect = async (
  microsoft: Microsoft,
  staff: { cookie: string },
  customer: StagedCustomer,
  tenant: MicrosoftTenant,
): Promise<string> => {
  const { address, flow } = await upToTheCode(microsoft, staff, customer, tenant)
  return whereTo(await follow(address, { cookie: `${staff.cookie}; ${flow}` }))
}
