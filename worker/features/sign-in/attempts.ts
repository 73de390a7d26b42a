import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem } from '../../http/problem.ts'
import type { DirectoryQuestion, Place } from '../../tenancy/directory.ts'
import { hmacOf } from '../../tenancy/ids.ts'
import { networkOf } from './network.ts'

/** From which failure on an account, or an address, has to wait. An office shares one address: it may fail more often. */
export const freeFailureCount = { account: 5, address: 40 } as const
export const FIRST_WAIT_SECONDS = 15
export const WAIT_SECONDS_MAX = 900
/** An account's failures are forgotten together, when the last is this old. */
const FORGET_MS = 24 * 3_600_000
/** An address's are forgotten one after the other: as often as the longest wait lets somebody guess again. */
export const FORGET_ONE_MS = WAIT_SECONDS_MAX * 1000

/** Seconds to wait after so many failures: none at first, then 15 s, doubling, at most 15 minutes. Never for good. */
export const waitAfter = (failureCount: number, freeCount: number): number =>
  failureCount < freeCount
    ? 0
    : Math.min(FIRST_WAIT_SECONDS * 2 ** Math.min(failureCount - freeCount, 16), WAIT_SECONDS_MAX)

/** What is attempted. Each is counted by itself for an account, so that failing at one keeps nobody from another. */
export type Attempted =
  | 'sign in'
  | 'change password'
  | 'reset password'
  | 'two-step code'
  | 'sign up'
  | 'test mail'
  | 'sample report'
  | 'mail address'
  | 'staff address'

/** What whoever has to wait is told of it first. */
const tooMany = (attempted: Attempted): string => {
  switch (attempted) {
    case 'test mail':
      return 'Many test mails were sent.'
    case 'sample report':
      return 'Many sample reports were sent.'
    case 'mail address':
      return 'Many links were mailed.'
    case 'staff address':
      return 'Many addresses were tried that belong to other teams.'
    case 'sign in':
    case 'change password':
    case 'reset password':
    case 'two-step code':
    case 'sign up':
      return 'Too many attempts.'
  }
}

export type AttemptKeys = { account: string; address: string; attempted: Attempted }

/** What is guessed at: the admin area, or one customer's portal, at whatever name. */
export const doorOf = (place: Place): string => (place.kind === 'portal' ? place.customerId : place.host)

/**
 * The keys attempts are counted under: hashes, so that the table names nobody.
 */
export const attemptKeys = async (
  environment: Environment,
  door: string,
  account: string,
  address: string,
  attempted: Attempted = 'sign in',
): Promise<AttemptKeys> => ({
  account: await accountKey(environment, door, account, attempted),
  ...(await addressKey(environment, address, attempted)),
})

/** The key of an account alone, for what is held against nobody's network. */
export const accountKey = (
  environment: Environment,
  door: string,
  account: string,
  attempted: Attempted,
): Promise<string> => hmacOf(environment.TOKEN_KEY, `account\n${door}\n${account}\n${attempted}`)

/** The key of an address alone, for what is not held against the account it names. */
export const addressKey = async (
  environment: Environment,
  address: string,
  attempted: Attempted,
): Promise<Omit<AttemptKeys, 'account'>> => ({
  address: await hmacOf(environment.TOKEN_KEY, `network\n${networkOf(address)}`),
  attempted,
})

/**
 * Counts an attempt before any password is hashed, so that a hundred at once are a hundred. Throws Problem
 * `throttled` with the seconds to wait; the answer is the same whether the account exists or not. What the caller
 * asks of the directory next may come along in the same round trip; what it writes there, it writes `where changes() = 1`,
 * so that an attempt that has to wait writes nothing.
 */
export const countAttempt = async <Row>(
  environment: Environment,
  keys: Omit<AttemptKeys, 'account'> & { account?: string },
  alongside: DirectoryQuestion[] = [],
): Promise<Row[][]> => {
  const at = now()
  const waiting = environment.directory
    .prepare(`select max(blocked_until) as until from sign_in_attempts where key in (?, ?)`)
    .bind(keys.account ?? '', keys.address)
  const counted = [
    counting(environment, keys.address, 'address', at),
    ...(keys.account === undefined ? [] : [counting(environment, keys.account, 'account', at)]),
  ]
  const answers = await environment.directory.batch<unknown>([...counted, waiting, ...alongside])
  const [blocked, ...more] = answers.slice(counted.length)
  if (answers.slice(0, counted.length).every(({ results }) => results.length === 1))
    return more.map(({ results }) => results as Row[])
  throw throttled(keys.attempted, (blocked?.results as { until: number }[] | undefined)?.[0]?.until ?? at, at)
}

/** What holds in the directory unless whoever is counted under a key has to wait; the numbers of the parameters for both. */
export const isFree = (key: number, at: number): string =>
  `not exists (select 1 from sign_in_attempts where key = ?${key} and blocked_until > ?${at})`

/**
 * For a deed in the directory that is an attempt only where its outcome tells something: the deed, which does nothing unless
 * `isFree`, and the count, if `tells` holds after it, are one step, so that a hundred at once are a hundred. Nothing forgives
 * these. `tells` has its parameters from ?4 on. Throws Problem `throttled`.
 */
export const countIfTold = async <Row>(
  environment: Environment,
  { account, attempted }: { account: string; attempted: Attempted },
  deed: DirectoryQuestion[],
  tells: { condition: string; params: string[] },
): Promise<Row[][]> => {
  const at = now()
  const [waiting, ...answers] = await environment.directory.batch<unknown>([
    environment.directory
      .prepare(`select blocked_until as until from sign_in_attempts where key = ? and blocked_until > ?`)
      .bind(account, at),
    ...deed,
    counting(environment, account, 'account', at, tells),
  ])
  const [blocked] = (waiting?.results ?? []) as { until: number }[]
  if (blocked !== undefined) throw throttled(attempted, blocked.until, at)
  return answers.slice(0, deed.length).map(({ results }) => results as Row[])
}

const throttled = (attempted: Attempted, until: number, at: number): Problem => {
  const retryAfterSeconds = Math.max(1, Math.ceil((until - at) / 1000))
  return new Problem('throttled', `${tooMany(attempted)} Try again in ${wordsFor(retryAfterSeconds)}.`, {
    retryAfterSeconds,
  })
}

/** A right password clears the account; the address gets the one attempt back. */
export const forgiveAttempts = async (environment: Environment, keys: AttemptKeys): Promise<void> => {
  await environment.directory.batch([
    environment.directory.prepare(`delete from sign_in_attempts where key = ?`).bind(keys.account),
    environment.directory
      .prepare(
        `update sign_in_attempts set failure_count = max(0, failure_count - 1), blocked_until = 0, forget_at = forget_at - ? where key = ?`,
      )
      .bind(FORGET_ONE_MS, keys.address),
  ])
}

export const forgetOldAttempts = (environment: Environment): Promise<unknown> =>
  environment.directory.prepare(`delete from sign_in_attempts where forget_at < ?`).bind(now()).run()

/**
 * An address comes first; when it has to wait, the attempt is not held against the account it names: else it could
 * keep that account's owner waiting. An account's failures are forgotten together; an address's one by one, so that
 * what many people mistype in the course of time never adds up: its `forget_at` moves on by one portion with each.
 */
const counting = (
  environment: Environment,
  key: string,
  kind: keyof typeof freeFailureCount,
  at: number,
  { condition, params }: { condition: string; params: string[] } = {
    condition: kind === 'address' ? 'true' : 'changes() = 1',
    params: [],
  },
) => {
  const freeCount = freeFailureCount[kind]
  const [forgetAt, next] =
    kind === 'account'
      ? [`?2 + ${FORGET_MS}`, `case when forget_at < ?2 then 1 else failure_count + 1 end`]
      : [
          `max(forget_at, ?2) + ${FORGET_ONE_MS}`,
          `1 + cast(max(forget_at - ?2, 0) + ${FORGET_ONE_MS - 1} as integer) / ${FORGET_ONE_MS}`,
        ]
  // waitAfter() in SQL, so that counting and deciding are one step.
  const wait = (count: string) =>
    `case when ${count} < ${freeCount} then 0 else ?2 + min(${FIRST_WAIT_SECONDS} * (1 << min(${count} - ${freeCount}, 16)), ${WAIT_SECONDS_MAX}) * 1000 end`
  return environment.directory
    .prepare(
      `insert into sign_in_attempts (key, failure_count, blocked_until, forget_at) select ?1, 1, 0, ?3 where ${condition}
       on conflict (key) do update set failure_count = ${next}, blocked_until = ${wait(`(${next})`)}, forget_at = ${forgetAt}
       where blocked_until <= ?2 returning failure_count`,
    )
    .bind(key, at, at + (kind === 'account' ? FORGET_MS : FORGET_ONE_MS), ...params)
}

const wordsFor = (seconds: number): string =>
  seconds < 60
    ? `${seconds} second${seconds === 1 ? '' : 's'}`
    : `${Math.ceil(seconds / 60)} minute${seconds <= 60 ? '' : 's'}`
