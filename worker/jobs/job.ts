import type { SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { Environment } from '../env.ts'
import type { Actor, DescribedJob, MspScope, Write } from '../tenancy/scope.ts'

/** What a job is given beside its payload. */
export type Work = {
  environment: Environment
  jobId: string
  /** Whose the job was when it was claimed; null for the MSP's own. */
  customerId: string | null
  /** 1 for the first try. */
  attempt: number
  /**
   * Proof that this Worker still holds the job, to be committed with what it does: a Worker that was thought dead
   * and comes back rolls back. It also prolongs the lease.
   */
  stillMine: () => Write
  /** The same proof as a condition, for a guarded change that is made anyway; then `prolonged` goes beside it. */
  isStillMine: () => SQL
  prolonged: () => Write
  /**
   * Before each call to somebody else's system: sees to it that the lease outlives the call, or throws `stale` when
   * the job is in other hands. No call may last longer than CALL_MS_MAX.
   */
  keep: () => Promise<void>
  /** The job's own MSP, written to in the name of whoever asked for the work. */
  onBehalfOf: (actor: Actor) => MspScope
  now: () => number
}

/** A job either is done, or asks to be run again at a moment (milliseconds since 1970) without that being a failure. */
export type Outcome = { kind: 'done' } | { kind: 'again'; at: number }
export const finished: Outcome = { kind: 'done' }

/** What it does are methods, so that a job of any payload is a `Job`: its own `payload` reads what it is then given. */
export type Job<P = unknown> = {
  kind: string
  /** What staff read on the Jobs page: "Sync fabrikam.example". */
  title: string
  payload: z.ZodType<P>
  run(msp: MspScope, payload: P, work: Work): Promise<Outcome>
  /** What else must be true once the job has given up; runs in a commit of its own. */
  parked?(msp: MspScope, payload: P, trouble: string, work: Work): Promise<void>
}

/** A job is a name, the shape of what it needs, and what it does for one MSP. */
export const defineJob = <P>(
  job: Job<P>,
): Job<P> & { described: (payload: P, more: Omit<DescribedJob, 'kind' | 'payload'>) => DescribedJob } => ({
  ...job,
  described: (payload, more) => ({ kind: job.kind, payload, ...more }),
})

/** With the waits below about six hours: long enough for a mail server's grey list and for most outages. */
export const ATTEMPT_COUNT_MAX = 20
/** Even for a job that is always asked to wait, or that never lives to say how it went. */
export const ATTEMPT_COUNT_EVER = 60
export const LEASE_MS = 60_000
/** The longest that a job may wait for somebody else before it looks after its lease again. */
export const CALL_MS_MAX = 45_000
const WAIT_MS_MAX = 3_600_000
/** Whoever asks for more is not believed: a slip of theirs would stop a job for years. */
const ASKED_WAIT_MS_MAX = 6 * 3_600_000

/** What is to happen after a failure. Pure: `random` is between 0 and 1. */
export type Verdict = { kind: 'retry'; atMs: number } | { kind: 'park' }

/**
 * Full jitter (a random moment within a window that doubles, 5 s to 1 h), but not before the other side asked for, within reason.
 * What cannot succeed by waiting is parked at once.
 */
export const afterFailure = (
  failure: { hopeless: boolean; retryAfterSeconds: number | undefined },
  attempt: number,
  nowMs: number,
  random: number,
): Verdict => {
  // Being asked to wait is no failure of ours: only an attempt that was not told when to come back counts to the end.
  if (failure.hopeless || (attempt >= ATTEMPT_COUNT_MAX && failure.retryAfterSeconds === undefined))
    return { kind: 'park' }
  if (attempt >= ATTEMPT_COUNT_EVER) return { kind: 'park' }
  const windowMs = Math.min(5_000 * 2 ** (attempt - 1), WAIT_MS_MAX)
  const askedMs = Math.min((failure.retryAfterSeconds ?? 0) * 1_000, ASKED_WAIT_MS_MAX)
  const waitMs = Math.max(1_000 + random * windowMs, askedMs)
  return { kind: 'retry', atMs: nowMs + Math.round(waitMs) }
}
