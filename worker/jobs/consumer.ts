import { and, eq, exists, lt, lte, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import { jobs } from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import { ConnectorFault } from '../connectors/connector.ts'
import { shardNamed } from '../env.ts'
import type { Environment, Later } from '../env.ts'
import { Problem } from '../http/problem.ts'
import { described } from '../log.ts'
import { hintQueue } from '../http/session.ts'
import { newSecret } from '../tenancy/ids.ts'
import { forMsp } from '../tenancy/scope.ts'
import type { Actor, JobHint, MspScope } from '../tenancy/scope.ts'
import { afterFailure, ATTEMPT_COUNT_EVER, CALL_MS_MAX, LEASE_MS } from './job.ts'
import type { Errand } from './errand.ts'
import type { Job, Work } from './job.ts'

const Hint = z.object({ shard: z.string(), mspId: z.string(), jobId: z.string() })
const ErrandHint = z.object({ errand: z.string(), id: z.string() })
const machine: Actor = { kind: 'system', id: 'jobs', name: 'Portal' }

type JobRow = typeof jobs.$inferSelect

/** Runs the jobs and errands that messages hint at. A message is always used up: the row says what is still to be done. */
export const consumerOf = (known: readonly Job[], errands: readonly Errand[] = []) => {
  const byKind = new Map(known.map((job) => [job.kind, job]))

  return async (environment: Environment, body: unknown, later: Later): Promise<void> => {
    const errandHint = ErrandHint.safeParse(body)
    const errand = errands.find(({ kind }) => kind === errandHint.data?.errand)
    if (errandHint.success && errand !== undefined) return errand.run(environment, errandHint.data.id, later)
    const hint = Hint.safeParse(body)
    if (!hint.success || !environment.shards.has(hint.data.shard)) {
      console.error('A queue message hints at nothing.', JSON.stringify(body).slice(0, 200))
      return
    }
    await runJob(environment, hint.data, byKind, later)
  }
}

const runJob = async (
  environment: Environment,
  hint: JobHint,
  byKind: ReadonlyMap<string, Job>,
  later: Later,
): Promise<void> => {
  const msp = scopeOf(environment, hint, later)
  const token = newSecret()
  const row = await claim(msp, hint.jobId, token)
  if (row === undefined) return
  const job = byKind.get(row.kind)
  const held = eq(jobs.leaseToken, token)
  const work: Work = {
    environment,
    jobId: row.id,
    customerId: row.customerId,
    attempt: row.attemptCount,
    now,
    ...leaseOf(msp, row, held),
    onBehalfOf: (actor) => scopeOf(environment, hint, later, actor),
  }
  try {
    if (job === undefined) throw new HopelessJob(`Nothing here knows how to do "${row.kind}".`)
    // Whatever takes its Worker down never gets to fail; without this it would come back every minute for good.
    if (row.attemptCount > ATTEMPT_COUNT_EVER)
      throw new HopelessJob(`This was begun ${ATTEMPT_COUNT_EVER} times and never came to an end.`)
    const payload = job.payload.safeParse(row.payload)
    if (!payload.success) throw new HopelessJob('What this job was given does not have the shape it needs.')
    const outcome = await job.run(msp, payload.data, work)
    if (outcome.kind === 'again')
      await release(environment, msp, hint, held, { dueAt: outcome.at, attemptCount: 0, trouble: null }, later)
    else
      await msp.record(
        msp.changeWhere(jobs, row.id, held, { state: 'done', finishedAt: now(), leaseToken: null, trouble: null }),
        // What gave up on the same before needs nobody's attention any more.
        msp.changeAll(jobs, and(eq(jobs.naturalKey, row.naturalKey), eq(jobs.state, 'parked')), { state: 'done' }),
      )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale' && !(await stillHeld(msp, row.id, token))) return
    await fail(environment, msp, hint, row, job, held, error, work, later)
  }
}

type JobScope = Pick<MspScope, 'changeWhere' | 'changeAll' | 'select' | 'mine'>

/**
 * The scope that a job's row belongs to, so that its writes may stand in a commit of its customer or tenant. A job
 * names its customer if it has one, and a customer's scope takes whatever names its customer: so both take it.
 */
const scopeOfRow = (msp: MspScope, { customerId }: JobRow): JobScope =>
  customerId === null ? msp : msp.forCustomer(customerId)

/** What keeps a job in this Worker's hands. */
const leaseOf = (
  msp: MspScope,
  row: JobRow,
  held: SQL,
): Pick<Work, 'stillMine' | 'isStillMine' | 'prolonged' | 'keep'> => {
  const scope = scopeOfRow(msp, row)
  const isRow = and(eq(jobs.id, row.id), held)
  let leaseUntil = row.leaseUntil ?? 0
  // Known when it is described, not when it is committed: a commit that fails ends the job's run.
  const prolonged = () => ({ leaseUntil: (leaseUntil = now() + LEASE_MS) })
  const stillMine = () => scope.changeWhere(jobs, row.id, held, prolonged())
  return {
    stillMine,
    isStillMine: () => exists(scope.select({ id: jobs.id }).from(jobs).where(scope.mine(jobs, isRow))),
    prolonged: () => scope.changeAll(jobs, isRow, prolonged()),
    keep: async () => {
      if (leaseUntil - now() < CALL_MS_MAX) await msp.record(stillMine())
    },
  }
}

const scopeOf = (environment: Environment, hint: JobHint, later: Later, actor = machine): MspScope =>
  forMsp(
    {
      shard: shardNamed(environment, hint.shard),
      actor,
      now,
      hint: (hints) => later(() => hintQueue(environment, hints)),
    },
    hint.mspId,
  )

/** Takes the lease, or answers undefined when the job is not due, done, or in other hands. */
const claim = async (msp: MspScope, jobId: string, token: string): Promise<JobRow | undefined> => {
  const free = or(
    and(eq(jobs.state, 'waiting'), lte(jobs.dueAt, now())),
    and(eq(jobs.state, 'running'), lt(jobs.leaseUntil, now())),
  )
  try {
    await msp.record(
      msp.changeWhere(jobs, jobId, free, {
        state: 'running',
        leaseToken: token,
        leaseUntil: now() + LEASE_MS,
        startedAt: now(),
        attemptCount: sql`attempt_count + 1`,
      }),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') return undefined
    throw error
  }
  return msp.first(jobs, and(eq(jobs.id, jobId), eq(jobs.leaseToken, token)))
}

const stillHeld = async (msp: MspScope, jobId: string, token: string): Promise<boolean> =>
  (await msp.first(jobs, and(eq(jobs.id, jobId), eq(jobs.leaseToken, token)))) !== undefined

const release = async (
  environment: Environment,
  msp: MspScope,
  hint: JobHint,
  held: ReturnType<typeof eq>,
  set: { dueAt: number; attemptCount?: number; trouble: string | null },
  later: Later,
): Promise<void> => {
  await msp.record(
    msp.changeWhere(jobs, hint.jobId, held, { state: 'waiting', leaseToken: null, leaseUntil: null, ...set }),
  )
  // The sweep comes once a minute; what is due sooner (or soon) is hinted at with a delay.
  const delaySeconds = Math.max(0, Math.ceil((set.dueAt - now()) / 1000))
  if (delaySeconds < 43_200) {
    later(() =>
      environment.queue.send(hint, { delaySeconds }).catch((error: unknown) => {
        console.warn('The queue took no hint; the sweep will find the job.', String(error))
      }),
    )
  }
}

const fail = async (
  environment: Environment,
  msp: MspScope,
  hint: JobHint,
  row: JobRow,
  job: Job | undefined,
  held: ReturnType<typeof eq>,
  error: unknown,
  work: Work,
  later: Later,
): Promise<void> => {
  const trouble = troubleOf(error)
  console.error({
    job: row.kind,
    jobId: row.id,
    mspId: hint.mspId,
    attempt: row.attemptCount,
    trouble,
    error: described(error),
  })
  const verdict = afterFailure(
    {
      hopeless: isHopeless(error),
      retryAfterSeconds: error instanceof ConnectorFault ? error.retryAfterSeconds : undefined,
    },
    row.attemptCount,
    now(),
    Math.random(),
  )
  if (verdict.kind === 'retry') {
    await release(environment, msp, hint, held, { dueAt: verdict.atMs, trouble }, later)
    return
  }
  await msp.record(
    msp.changeWhere(jobs, row.id, held, {
      state: 'parked',
      trouble,
      leaseToken: null,
      leaseUntil: null,
      finishedAt: now(),
    }),
  )
  const payload = job?.payload.safeParse(row.payload)
  if (job?.parked !== undefined && payload?.success === true) await job.parked(msp, payload.data, trouble, work)
}

/** A failure that waiting does not mend. Its message is for staff. */
export class HopelessJob extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'HopelessJob'
  }
}

const isHopeless = (error: unknown): boolean => error instanceof HopelessJob

/** What staff read: connectors and our own refusals speak for themselves, a bug does not. */
const troubleOf = (error: unknown): string => {
  if (error instanceof ConnectorFault || error instanceof HopelessJob || error instanceof Problem) return error.message
  return 'Something went wrong on our side. The log has the details under this job’s id.'
}
