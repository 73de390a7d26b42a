import { afterEach, describe, expect, it } from 'vitest'
import { moveClock } from '../../clock.ts'
import { Problem } from '../../http/problem.ts'
import { ADMIN, environment } from '../../test/stage.ts'
import { newSecret } from '../../tenancy/ids.ts'
import {
  attemptKeys,
  countAttempt,
  doorOf,
  FIRST_WAIT_SECONDS,
  FORGET_ONE_MS,
  forgetOldAttempts,
  forgiveAttempts,
  freeFailureCount,
  WAIT_SECONDS_MAX,
  waitAfter,
} from './attempts.ts'
import type { AttemptKeys } from './attempts.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')
const HOUR = 3_600_000

afterEach(() => moveClock(undefined))

const newKeys = (): Promise<AttemptKeys> =>
  attemptKeys(environment, 'admin.portal.test', `${newSecret()}@staff.example`, newSecret())

const countOf = async (key: string): Promise<{ failure_count: number; blocked_until: number } | null> =>
  environment.directory
    .prepare(`select failure_count, blocked_until from sign_in_attempts where key = ?`)
    .bind(key)
    .first()

/** Seconds to wait, or "counted" when the attempt may go on to the password. */
const attempt = async (keys: AttemptKeys): Promise<number | 'counted'> => {
  try {
    await countAttempt(environment, keys)
    return 'counted'
  } catch (error) {
    if (error instanceof Problem && error.code === 'throttled') return error.retryAfterSeconds ?? Number.NaN
    throw error
  }
}

describe('The wait after failures', () => {
  it.each([
    [0, 0],
    [1, 0],
    [4, 0],
    [5, 15],
    [6, 30],
    [7, 60],
    [8, 120],
    [9, 240],
    [10, 480],
    [11, 900],
    [12, 900],
    [21, 900],
    [22, 900],
    [1_000_000, 900],
  ])('is after %i failures of an account %i s', (failureCount, seconds) => {
    expect(waitAfter(failureCount, freeFailureCount.account)).toBe(seconds)
  })

  it('begins for an address where a whole office may have mistyped', () => {
    const { address } = freeFailureCount
    expect([waitAfter(address - 1, address), waitAfter(address, address)]).toEqual([0, FIRST_WAIT_SECONDS])
    expect(waitAfter(10_000, address)).toBe(WAIT_SECONDS_MAX)
  })

  it.each([
    ['account', 25],
    // One more, and the waits until then are as long as it takes to forget one.
    ['address', 45],
  ] as const)('is kept for an %s exactly as it was decided', async (kind, failureCountMax) => {
    const keys = await newKeys()
    const freeCount = freeFailureCount[kind]
    let at = noon
    for (let failureCount = 1; failureCount <= failureCountMax; failureCount += 1) {
      const moment = at
      moveClock(() => moment)
      // The other key is a fresh one each time, so that only this one's wait is seen.
      const other = await newKeys()
      expect(await attempt({ ...other, [kind]: keys[kind] })).toBe('counted')
      const seconds = waitAfter(failureCount, freeCount)
      const row = await countOf(keys[kind])
      expect(row).toEqual({ failure_count: failureCount, blocked_until: seconds === 0 ? 0 : at + seconds * 1000 })
      at += seconds * 1000
    }
  })
})

describe('Attempts to sign in', () => {
  it('that come while one has to wait neither count nor prolong the wait', async () => {
    const keys = await newKeys()
    moveClock(() => noon)
    for (let count = 0; count < 5; count += 1) expect(await attempt(keys)).toBe('counted')
    expect(await attempt(keys)).toBe(15)
    moveClock(() => noon + 14_001)
    expect(await attempt(keys)).toBe(1)
    expect(await countOf(keys.account)).toEqual({ failure_count: 5, blocked_until: noon + 15_000 })
    moveClock(() => noon + 15_000)
    expect(await attempt(keys)).toBe('counted')
    expect(await attempt(keys)).toBe(30)
  })

  it('count one by one when they come at once', async () => {
    const keys = await newKeys()
    moveClock(() => noon)
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => attempt(keys)))
    expect(outcomes.filter((outcome) => outcome === 'counted')).toHaveLength(5)
    expect(outcomes.filter((outcome) => outcome === 15)).toHaveLength(15)
    expect(await countOf(keys.address)).toMatchObject({ failure_count: 20 })
  })

  it('from an address that has to wait are not held against the accounts they name', async () => {
    const keys = await newKeys()
    moveClock(() => noon)
    for (let count = 0; count < freeFailureCount.address; count += 1) {
      const other = await newKeys()
      await attempt({ ...other, address: keys.address })
    }
    expect(await attempt(keys)).toBe(15)
    expect(await countOf(keys.account)).toBeNull()
  })

  it('never lock anybody out for good: after the longest wait one may try again', async () => {
    const keys = await newKeys()
    let at = noon
    for (let count = 0; count < 60; count += 1) {
      const moment = at
      moveClock(() => moment)
      expect(await attempt(keys)).toBe('counted')
      at += WAIT_SECONDS_MAX * 1000
    }
  })

  it('are forgiven after the right password: the account wholly, the address once', async () => {
    const keys = await newKeys()
    moveClock(() => noon)
    for (let count = 0; count < 4; count += 1) await attempt(keys)
    await forgiveAttempts(environment, keys)
    expect([await countOf(keys.account), await countOf(keys.address)]).toEqual([
      null,
      { failure_count: 3, blocked_until: 0 },
    ])
  })

  it('are forgotten after a day, also when nobody swept', async () => {
    const keys = await newKeys()
    moveClock(() => noon)
    for (let count = 0; count < 4; count += 1) await attempt(keys)
    moveClock(() => noon + 24 * HOUR)
    await attempt(keys)
    expect(await countOf(keys.account)).toMatchObject({ failure_count: 5 })
    moveClock(() => noon + 48 * HOUR + 1)
    await attempt(keys)
    expect(await countOf(keys.account)).toMatchObject({ failure_count: 1 })
    moveClock(() => noon + 72 * HOUR + 2)
    await forgetOldAttempts(environment)
    expect(await countOf(keys.account)).toBeNull()
  })

  it('of an address are forgotten one by one, so that what an office mistypes never adds up', async () => {
    const { address } = await newKeys()
    const fail = async () => attempt({ ...(await newKeys()), address })
    const countNow = async () => (await countOf(address))?.failure_count
    for (let count = 0; count < 30; count += 1) {
      moveClock(() => noon + count)
      expect(await fail()).toBe('counted')
    }
    expect(await countNow()).toBe(30)
    moveClock(() => noon + 10 * FORGET_ONE_MS)
    await fail()
    expect(await countNow()).toBe(21)
    // One failure every quarter of an hour, for days: as many as are forgotten.
    for (let quarter = 11; quarter < 300; quarter += 1) {
      moveClock(() => noon + quarter * FORGET_ONE_MS)
      expect(await fail()).toBe('counted')
    }
    expect(await countNow()).toBe(21)
    moveClock(() => noon + 321 * FORGET_ONE_MS)
    await forgetOldAttempts(environment)
    expect(await countNow()).toBeUndefined()
  })

  it('of an address that goes on guessing are let through no faster than they are forgotten', async () => {
    const { address } = await newKeys()
    let at = noon
    const counted: number[] = []
    while (at < noon + 48 * HOUR) {
      const moment = at
      moveClock(() => moment)
      const outcome = await attempt({ ...(await newKeys()), address })
      if (outcome === 'counted') counted.push(at)
      else at += outcome * 1000
    }
    const free = freeFailureCount.address + 7
    expect(counted.length).toBeGreaterThan(free)
    expect(counted.length).toBeLessThanOrEqual(free + (48 * HOUR) / FORGET_ONE_MS)
  })

  it('from one IPv6 network are counted together, and those of its neighbour apart', async () => {
    const keysOf = (address: string) => attemptKeys(environment, ADMIN, 'dana@staff.example', address)
    const [one, same, neighbour] = await Promise.all(
      ['2001:db8:1:2::1', '2001:db8:1:2:ffff:1:2:3', '2001:db8:1:3::1'].map(keysOf),
    )
    expect(same?.address).toBe(one?.address)
    expect(neighbour?.address).not.toBe(one?.address)
  })

  it('are counted together for a portal, however many names it answers to, and apart for each portal', () => {
    const portal = { kind: 'portal', mspId: 'm', customerId: 'c', shard: 'shard-1', isCustom: false } as const
    const ownName = doorOf({ ...portal, host: 'it.fabrikam.example', isCustom: true })
    expect(ownName).toBe(doorOf({ ...portal, host: 'fabrikam.portal.test' }))
    expect(ownName).not.toBe(doorOf({ ...portal, customerId: 'd', host: 'fabrikam.portal.test' }))
    expect(doorOf({ kind: 'admin', host: 'admin.portal.test' })).toBe('admin.portal.test')
  })

  it('are counted under keys that name nobody', async () => {
    const keys = await attemptKeys(environment, 'admin.portal.test', 'dana@staff.example', '203.0.113.7')
    expect(keys.account).toMatch(/^[\w-]{43}$/)
    expect(keys.address).toMatch(/^[\w-]{43}$/)
    expect(keys.account).not.toBe(keys.address)
    const elsewhere = await attemptKeys(environment, 'fabrikam.portal.test', 'dana@staff.example', '203.0.113.7')
    expect(elsewhere.account).not.toBe(keys.account)
    expect(elsewhere.address).toBe(keys.address)
  })
})
