import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem } from '../../http/problem.ts'
import { hmacOf } from '../../tenancy/ids.ts'

/** From which failure on an account, or an address, has to wait. An office shares one address: it may fail more often. */
export const freeFailureCount = { account: 5, address: 40 } as const
export const FIRST_WAIT_SECONDS = 15
export const WAIT_SECONDS_MAX = 900
const FORGET_MS = 24 * 3_600_000

/** Seconds to wait after so many failures: none at first, then 15 s, doubling, at most 15 minutes. Never for good. */
export const waitAfter = (failureCount: number, freeCount: number): number =>
  failureCount < freeCount
    ? 0
    : Math.min(FIRST_WAIT_SECONDS * 2 ** Math.min(failureCount - freeCount, 16), WAIT_SECONDS_MAX)

export type AttemptKeys = { account: string; address: string }

/** The keys attempts are counted under: hashes, so that the table names nobody. */
export const attemptKeys = async (
  environment: Environment,
  host: string,
  email: string,
  address: string,
): Promise<AttemptKeys> => ({
  account: await hmacOf(environment.TOKEN_KEY, `account\n${host}\n${email}`),
  address: await hmacOf(environment.TOKEN_KEY, `address\n${address}`),
})

/**
 * Counts an attempt before any password is hashed, so that a hundred at once are a hundred. Throws Problem
 * `throttled` with the seconds to wait; the answer is the same whether the account exists or not.
 */
export const countAttempt = async (environment: Environment, keys: AttemptKeys): Promise<void> => {
  const at = now()
  const results = await environment.directory.batch<{ failure_count: number }>([
    counting(environment, keys.address, freeFailureCount.address, at, 'always'),
    counting(environment, keys.account, freeFailureCount.account, at, 'if the one before was counted'),
  ])
  if (results.every(({ results: rows }) => rows.length > 0)) return
  const { results: blocked } = await environment.directory
    .prepare(`select max(blocked_until) as until from sign_in_attempts where key in (?, ?)`)
    .bind(keys.account, keys.address)
    .run<{ until: number }>()
  const retryAfterSeconds = Math.max(1, Math.ceil(((blocked[0]?.until ?? at) - at) / 1000))
  throw new Problem('throttled', `Too many attempts. Try again in ${wordsFor(retryAfterSeconds)}.`, {
    retryAfterSeconds,
  })
}

/** A right password clears the account; the address gets the one attempt back. */
export const forgiveAttempts = async (environment: Environment, keys: AttemptKeys): Promise<void> => {
  await environment.directory.batch([
    environment.directory.prepare(`delete from sign_in_attempts where key = ?`).bind(keys.account),
    environment.directory
      .prepare(`update sign_in_attempts set failure_count = max(0, failure_count - 1), blocked_until = 0 where key = ?`)
      .bind(keys.address),
  ])
}

export const forgetOldAttempts = (environment: Environment): Promise<unknown> =>
  environment.directory.prepare(`delete from sign_in_attempts where forget_at < ?`).bind(now()).run()

/** An address that has to wait is not held against the accounts it names: else it could keep their owners waiting. */
const counting = (
  environment: Environment,
  key: string,
  freeCount: number,
  at: number,
  when: 'always' | 'if the one before was counted',
) => {
  // waitAfter() in SQL, so that counting and deciding are one step.
  const wait = (count: string) =>
    `case when ${count} < ${freeCount} then 0 else ?2 + min(${FIRST_WAIT_SECONDS} * (1 << min(${count} - ${freeCount}, 16)), ${WAIT_SECONDS_MAX}) * 1000 end`
  const next = `(case when forget_at < ?2 then 1 else failure_count + 1 end)`
  return environment.directory
    .prepare(
      `insert into sign_in_attempts (key, failure_count, blocked_until, forget_at) select ?1, 1, 0, ?3 where ${when === 'always' ? 'true' : 'changes() = 1'}
       on conflict (key) do update set failure_count = ${next}, blocked_until = ${wait(next)}, forget_at = ?3
       where blocked_until <= ?2 returning failure_count`,
    )
    .bind(key, at, at + FORGET_MS)
}

const wordsFor = (seconds: number): string =>
  seconds < 60
    ? `${seconds} second${seconds === 1 ? '' : 's'}`
    : `${Math.ceil(seconds / 60)} minute${seconds <= 60 ? '' : 's'}`
