import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { activities, customers, jobs, portals } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { LEASE_MS } from '../../jobs/job.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, environment, newCustomer, newMsp, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { newId } from '../../tenancy/ids.ts'
import {
  activateHost,
  dropReservation,
  releaseOtherHosts,
  reserveHost,
  RESERVED_MS,
  REST_MS,
  RESTING_COUNT_MAX,
} from './hostnames.ts'

const queue = holdQueue()

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

/** A prefix that no other test uses. */
const newPrefix = () => `p${newId(now()).slice(-12)}`
const hostOf = (prefix: string) => `${prefix}.portal.test`

const nameOf = (host: string) =>
  environment.directory
    .prepare(`select state, customer_id as customerId from hostnames where hostname = ?`)
    .bind(host)
    .first<{ state: string; customerId: string }>()

/** Whether the address answers, asked past what is remembered of it for a few seconds. */
const answers = async (host: string): Promise<boolean> => {
  const at = now() + 60_000
  moveClock(() => at)
  return (await call(host, 'GET', '/api/auth/session')).status === 401
}

const wait = (ms: number) => {
  const at = now() + ms
  moveClock(() => at)
}

/** A customer of a fresh MSP (or of a given one), and a technician who saves its portal. */
const newSeeker = async (of?: StagedMsp) => {
  const msp = of ?? (await newMsp())
  const { customerId } = await newCustomer(msp)
  const technician = await newStaff(msp)
  const owner = { mspId: msp.mspId, customerId, shard: msp.shard }
  const scope = msp.scope.forCustomer(customerId)
  const save = (prefix: string, version?: string) =>
    call(ADMIN, 'PUT', `/api/msp-portal/customers/${customerId}/portal`, {
      as: technician,
      body: { prefix },
      ...(version === undefined ? {} : { headers: { 'if-match': version } }),
    })
  const portal = () => scope.first(portals, eq(portals.customerId, customerId))
  /** A portal that answers at a new address. */
  const open = async (prefix = newPrefix()) => {
    expect((await save(prefix)).status).toBe(200)
    await queue.deliver()
    expect((await portal())?.addressState).toBe('active')
    return prefix
  }
  return { msp, customerId, technician, owner, scope, save, portal, open }
}

describe('A portal’s address', () => {
  it('is reserved, then kept with the portal, then answers', async () => {
    const { save, portal, customerId } = await newSeeker()
    const prefix = newPrefix()
    const saved = await save(prefix)
    expect(saved.status).toBe(200)
    expect(await bodyOf(saved)).toMatchObject({
      prefix,
      host: hostOf(prefix),
      url: `https://${hostOf(prefix)}`,
      state: 'enabled',
      addressState: 'preparing',
      version: 1,
    })
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'reserved', customerId })
    expect(await answers(hostOf(prefix))).toBe(false)
    await queue.deliver()
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'active', customerId })
    expect(await portal()).toMatchObject({ host: hostOf(prefix), addressState: 'active' })
    expect(await answers(hostOf(prefix))).toBe(true)
  })

  it('cannot be had while another MSP, on another shard, has it', async () => {
    const [holder, seeker] = [await newSeeker(), await newSeeker()]
    expect(holder.msp.shard).not.toBe(seeker.msp.shard)
    const prefix = await holder.open()
    const refused = await seeker.save(prefix.toUpperCase())
    expect(refused.status).toBe(422)
    expect((await bodyOf<{ errors: unknown }>(refused)).errors).toEqual([
      { pointer: '/prefix', detail: `${hostOf(prefix)} is taken. Choose another.` },
    ])
    expect(await seeker.portal()).toBeUndefined()
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'active', customerId: holder.customerId })
  })

  it.each([
    ['reserved', 'admin', '“admin” is kept for the service itself. Choose another.'],
    ['of a host of ours', 'AUTH', '“auth” is kept for the service itself. Choose another.'],
    ['too long', 'a'.repeat(64), 'Use at most 63 characters. This has 64.'],
    ['far too long', 'a'.repeat(201), ''],
    ['too short', 'a', 'Use at least 2 characters.'],
    ['empty', '  ', 'Choose the first part of the address, such as “fabrikam”.'],
    ['no DNS label', 'fabrikam_dental', 'Use only the letters a to z, digits and hyphens.'],
    [
      'a whole address',
      'fabrikam.portal.test',
      'Only the first part of the address goes here, without dots or slashes.',
    ],
    ['in another script', 'фабрикам', 'Use only the letters a to z, digits and hyphens.'],
    ['with an accent', 'müller', 'Use only the letters a to z, digits and hyphens.'],
    ['an encoded name', 'xn--mller-kva', 'Two hyphens after the second character have a meaning of their own.'],
    ['edged by a hyphen', '-fabrikam', 'Begin and end with a letter or a digit, not with a hyphen.'],
  ])('is refused when it is %s', async (_, prefix, detail) => {
    const { save, portal } = await newSeeker()
    const refused = await save(prefix)
    expect(refused.status).toBe(422)
    const { errors } = await bodyOf<{ errors: { pointer: string; detail: string }[] }>(refused)
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/prefix'])
    expect(errors[0]?.detail).toContain(detail)
    expect(await portal()).toBeUndefined()
  })

  it('is lower-cased and trimmed, and its first owner’s however it is written', async () => {
    const { save, portal } = await newSeeker()
    const prefix = newPrefix()
    expect((await save(`  ${prefix.toUpperCase()} `)).status).toBe(200)
    expect((await portal())?.host).toBe(hostOf(prefix))
  })

  it('is not sought for an archived customer', async () => {
    const { msp, save, portal, customerId } = await newSeeker()
    await msp.scope.commit(
      { action: 'stage.archive', subject: { kind: 'customer', id: customerId, name: 'Archived' } },
      msp.scope.changeAll(customers, eq(customers.id, customerId), { state: 'archived' }),
    )
    const prefix = newPrefix()
    expect((await save(prefix)).status).toBe(409)
    expect([await portal(), await nameOf(hostOf(prefix))]).toEqual([undefined, null])
  })

  it('that was given up rests: nobody else may have it for a year, but its last owner may come back', async () => {
    const [owner, other] = [await newSeeker(), await newSeeker()]
    const old = await owner.open()
    const renamed = await owner.open()
    expect(await nameOf(hostOf(old))).toEqual({ state: 'released', customerId: owner.customerId })
    expect([await answers(hostOf(old)), await answers(hostOf(renamed))]).toEqual([false, true])
    expect((await other.save(old)).status).toBe(422)

    await owner.open(old)
    expect([await answers(hostOf(old)), await answers(hostOf(renamed))]).toEqual([true, false])

    wait(REST_MS - 120_000)
    expect((await (await newSeeker()).save(renamed)).status).toBe(422)
    wait(240_000)
    expect((await (await newSeeker()).save(old)).status).toBe(422)
    expect((await (await newSeeker()).save(renamed)).status).toBe(200)
  })

  it('is not changed for another new one while five rest, only back to one of them', async () => {
    moveClock(() => Date.parse('2026-11-20T12:00:00Z'))
    const { owner, open, save, portal } = await newSeeker()
    const first = await open()
    for (let count = 0; count < RESTING_COUNT_MAX; count += 1) await open()
    const kept = (await portal())?.prefix
    const sixth = newPrefix()
    const refused = await save(sixth)
    expect(refused.status).toBe(422)
    expect((await bodyOf<{ errors: unknown }>(refused)).errors).toEqual([
      {
        pointer: '/prefix',
        detail:
          'This portal has given up 5 addresses within a year. It may go back to one of them, or have another new one after 20 November 2027.',
      },
    ])
    expect([(await portal())?.prefix, await nameOf(hostOf(sixth))]).toEqual([kept, null])

    await open(first)
    expect((await save(sixth)).status).toBe(422)
    moveClock(() => Date.parse('2026-11-20T12:00:00Z') + REST_MS + 1)
    expect(await reserveHost(environment, hostOf(sixth), owner)).toBe('reserved')
  })

  it('that rests goes back to rest when nothing came of taking it back', async () => {
    const [{ owner, open, save, portal }, other] = [await newSeeker(), await newSeeker()]
    const old = await open()
    await open()
    expect(await reserveHost(environment, hostOf(old), owner)).toBe('reserved')
    await dropReservation(environment, hostOf(old), owner)
    expect((await other.save(old)).status).toBe(422)

    expect(await reserveHost(environment, hostOf(old), owner)).toBe('reserved')
    wait(RESERVED_MS + 1)
    await sweep(environment)
    expect(await nameOf(hostOf(old))).toEqual({ state: 'released', customerId: owner.customerId })
    expect((await other.save(old)).status).toBe(422)
    expect((await save(old, `"v${(await portal())?.version}"`)).status).toBe(200)
  })

  it('keeps answering where it was until the new one does', async () => {
    const { open, save } = await newSeeker()
    const old = await open()
    const renamed = newPrefix()
    expect((await save(renamed)).status).toBe(200)
    expect([await answers(hostOf(old)), await answers(hostOf(renamed))]).toEqual([true, false])
    await queue.deliver()
    expect([await answers(hostOf(old)), await answers(hostOf(renamed))]).toEqual([false, true])
  })

  it('is left alone when something else of the portal is saved', async () => {
    const { open, save, portal, scope } = await newSeeker()
    const prefix = await open()
    const before = await scope.list(jobs)
    expect((await save(prefix, `"v${(await portal())?.version}"`)).status).toBe(200)
    expect(await portal()).toMatchObject({ host: hostOf(prefix), addressState: 'active' })
    expect(await scope.list(jobs)).toEqual(before)
  })
})

describe('A portal that is saved while its customer is deleted', () => {
  it('is not there, and the address it had reserved is free again', async () => {
    const { msp, owner, save } = await newSeeker()
    const admin = await newStaff(msp, 'admin')
    const shard = shardNamed(environment, msp.shard)
    const batch = shard.batch.bind(shard)
    vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
      if (statements.some(({ sql }) => sql.startsWith('insert into "portals"'))) {
        vi.restoreAllMocks()
        const path = `/api/msp-portal/customers/${owner.customerId}`
        expect((await call(ADMIN, 'DELETE', path, { as: admin })).status).toBe(204)
      }
      return batch(statements)
    })
    const prefix = newPrefix()
    expect((await save(prefix)).status).toBe(404)
    expect(await nameOf(hostOf(prefix))).toBeNull()
  })
})

describe('Two who want one address', () => {
  it('at the same moment: one has it, the other is told, and nothing of the other’s is left', async () => {
    const [one, other] = [await newSeeker(), await newSeeker()]
    const prefix = newPrefix()
    const responses = await Promise.all([one.save(prefix), other.save(prefix)])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 422]))
    const [winner, loser] = responses[0]?.status === 200 ? [one, other] : [other, one]
    await queue.deliver()
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'active', customerId: winner.customerId })
    expect(await winner.portal()).toMatchObject({ host: hostOf(prefix), addressState: 'active' })
    expect(await loser.portal()).toBeUndefined()
    expect(await loser.scope.list(jobs)).toEqual([])
    await loser.open()
  })

  it('of one MSP are no different', async () => {
    const one = await newSeeker()
    const other = await newSeeker(one.msp)
    const prefix = newPrefix()
    const responses = await Promise.all([one.save(prefix), other.save(prefix)])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 422]))
    expect([await one.portal(), await other.portal()].filter((portal) => portal !== undefined)).toHaveLength(1)
  })
})

describe('Two saves of one portal', () => {
  it('from the same version: one is told, and the address it had reserved is free again', async () => {
    const { open, save, portal, customerId } = await newSeeker()
    await open()
    const version = `"v${(await portal())?.version}"`
    const [first, second] = [newPrefix(), newPrefix()]
    const responses = await Promise.all([save(first, version), save(second, version)])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
    const [kept, lost] = responses[0]?.status === 200 ? [first, second] : [second, first]
    expect([await nameOf(hostOf(kept)), await nameOf(hostOf(lost))]).toEqual([{ state: 'reserved', customerId }, null])
    await queue.deliver()
    expect(await answers(hostOf(kept))).toBe(true)
  })

  it('to the same new address: the one that is told does not take it from the other', async () => {
    const { open, save, portal, customerId } = await newSeeker()
    await open()
    const version = `"v${(await portal())?.version}"`
    const prefix = newPrefix()
    const responses = await Promise.all([save(prefix, version), save(prefix, version)])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'reserved', customerId })
    await queue.deliver()
    expect(await answers(hostOf(prefix))).toBe(true)
  })

  it('that both would create it: one is told that somebody was quicker', async () => {
    const { save, portal, customerId } = await newSeeker()
    const [first, second] = [newPrefix(), newPrefix()]
    const responses = await Promise.all([save(first), save(second)])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
    const kept = responses[0]?.status === 200 ? first : second
    expect((await portal())?.prefix).toBe(kept)
    expect(await nameOf(hostOf(kept))).toEqual({ state: 'reserved', customerId })
    expect(await nameOf(hostOf(kept === first ? second : first))).toBeNull()
  })

  it('that both would create at one address: one is told, and the other’s answers', async () => {
    const { save, portal, customerId } = await newSeeker()
    const prefix = newPrefix()
    const responses = await Promise.all([save(prefix), save(prefix)])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
    await queue.deliver()
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'active', customerId })
    expect((await portal())?.addressState).toBe('active')
  })

  it('is not spoilt by the address becoming active in between, which nobody did', async () => {
    const { open, save } = await newSeeker()
    const prefix = await open()
    expect((await save(prefix, '"v1"')).status).toBe(200)
  })

  it('with an old version changes and reserves nothing', async () => {
    const { open, save, portal } = await newSeeker()
    const prefix = await open()
    const other = newPrefix()
    expect((await save(other, '"v9"')).status).toBe(412)
    expect((await save(other, 'rubbish')).status).toBe(412)
    expect([(await portal())?.prefix, await nameOf(hostOf(other))]).toEqual([prefix, null])
  })
})

describe('Killed', () => {
  it('after reserving: the name comes back to everybody when its time is up, and not before', async () => {
    const [dead, other] = [await newSeeker(), await newSeeker()]
    const prefix = newPrefix()
    expect(await reserveHost(environment, hostOf(prefix), dead.owner)).toBe('reserved')
    expect(await answers(hostOf(prefix))).toBe(false)
    await sweep(environment)
    expect((await other.save(prefix)).status).toBe(422)
    wait(RESERVED_MS)
    await sweep(environment)
    expect(await nameOf(hostOf(prefix))).toBeNull()
    await other.open(prefix)
    expect(await answers(hostOf(prefix))).toBe(true)
  })

  it('after reserving: whoever reserved it goes on at once', async () => {
    const { owner, open } = await newSeeker()
    const prefix = newPrefix()
    await reserveHost(environment, hostOf(prefix), owner)
    await open(prefix)
    expect(await answers(hostOf(prefix))).toBe(true)
  })

  it('after reserving a second name: the first goes on answering', async () => {
    const { owner, open, portal } = await newSeeker()
    const prefix = await open()
    const second = newPrefix()
    await reserveHost(environment, hostOf(second), owner)
    wait(RESERVED_MS + 1)
    await sweep(environment)
    await queue.deliver()
    expect(await nameOf(hostOf(second))).toBeNull()
    expect((await portal())?.prefix).toBe(prefix)
    expect(await answers(hostOf(prefix))).toBe(true)
  })

  it('after the portal was kept, its hint lost: the minute’s sweep has the name answer', async () => {
    const { save, portal } = await newSeeker()
    const prefix = newPrefix()
    await save(prefix)
    queue.take()
    expect(await answers(hostOf(prefix))).toBe(false)
    await sweep(environment)
    await queue.deliver()
    expect(await answers(hostOf(prefix))).toBe(true)
    expect((await portal())?.addressState).toBe('active')
  })

  it('after the portal was kept, and everything down for hours: nobody else gets the name meanwhile', async () => {
    const [owner, other] = [await newSeeker(), await newSeeker()]
    const prefix = newPrefix()
    await owner.save(prefix)
    queue.take()
    wait(5 * RESERVED_MS)
    expect((await other.save(prefix)).status).toBe(422)
    await sweep(environment)
    await queue.deliver()
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'active', customerId: owner.customerId })
    expect((await owner.portal())?.addressState).toBe('active')
  })

  it('after the portal was kept, its job lost as well: the sweep finds the reservation and begins anew', async () => {
    const { save, scope, portal } = await newSeeker()
    const prefix = newPrefix()
    await save(prefix)
    queue.take()
    await scope.record(scope.changeAll(jobs, undefined, { state: 'parked' }))
    wait(RESERVED_MS + 1)
    await sweep(environment)
    await sweep(environment)
    await queue.deliver()
    expect(await answers(hostOf(prefix))).toBe(true)
    expect((await portal())?.addressState).toBe('active')
  })

  it('after the name was made to answer: the job finishes the rest', async () => {
    const { owner, open, save, portal } = await newSeeker()
    const old = await open()
    const prefix = newPrefix()
    await save(prefix)
    expect(await activateHost(environment, hostOf(prefix), owner)).toBe(true)
    expect([await answers(hostOf(old)), await answers(hostOf(prefix))]).toEqual([true, true])
    await queue.deliver()
    expect([await answers(hostOf(old)), await answers(hostOf(prefix))]).toEqual([false, true])
    expect((await portal())?.addressState).toBe('active')
  })

  it('after the old name was laid to rest: the job finishes the rest', async () => {
    const { owner, open, save, portal } = await newSeeker()
    const old = await open()
    const prefix = newPrefix()
    await save(prefix)
    await activateHost(environment, hostOf(prefix), owner)
    await releaseOtherHosts(environment, hostOf(prefix), owner)
    await queue.deliver()
    expect([await answers(hostOf(old)), await answers(hostOf(prefix))]).toEqual([false, true])
    expect((await portal())?.addressState).toBe('active')
  })

  it('after everything but the job’s own end: doing it again changes nothing', async () => {
    const { open, portal, scope } = await newSeeker()
    const prefix = await open()
    const entries = await scope.list(activities)
    const before = await portal()
    await scope.record(scope.changeAll(jobs, undefined, { state: 'running', leaseUntil: now() }))
    wait(LEASE_MS)
    await sweep(environment)
    await queue.deliver()
    expect((await scope.list(jobs)).map(({ state, attemptCount }) => [state, attemptCount])).toEqual([['done', 2]])
    expect([await portal(), await scope.list(activities)]).toEqual([before, entries])
    expect(await answers(hostOf(prefix))).toBe(true)
  })

  it('and come back too late, after a rename back: the address of now answers, not the one of then', async () => {
    const { owner, open, save, scope, portal } = await newSeeker()
    const first = await open()
    const second = newPrefix()
    await save(second)
    const [slow] = queue.take()
    await save(first)
    await queue.deliver()
    expect(await answers(hostOf(first))).toBe(true)
    // What the slow Worker had decided to do before the address was changed back.
    await activateHost(environment, hostOf(second), owner)
    await releaseOtherHosts(environment, hostOf(second), owner)
    expect(slow).toBeDefined()
    await sweep(environment)
    await queue.deliver()
    expect([await answers(hostOf(first)), await answers(hostOf(second))]).toEqual([true, false])
    expect((await portal())?.host).toBe(hostOf(first))
    expect((await scope.list(jobs)).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  })
})

describe('A reservation that was lost before its job ran', () => {
  it('is taken again', async () => {
    const { owner, save, portal } = await newSeeker()
    const prefix = newPrefix()
    await save(prefix)
    await dropReservation(environment, hostOf(prefix), owner)
    await queue.deliver()
    expect(await answers(hostOf(prefix))).toBe(true)
    expect((await portal())?.addressState).toBe('active')
  })

  it('to somebody else is told to staff in words, and the other keeps it', async () => {
    const [late, quick] = [await newSeeker(), await newSeeker()]
    const prefix = newPrefix()
    await late.save(prefix)
    const hints = queue.take()
    await dropReservation(environment, hostOf(prefix), late.owner)
    await quick.open(prefix)
    expect(hints).toHaveLength(1)
    await sweep(environment)
    await queue.deliver()
    expect(await late.scope.list(jobs)).toMatchObject([
      {
        state: 'parked',
        trouble: `${hostOf(prefix)} was taken by somebody else before it could be prepared. Choose another prefix.`,
      },
    ])
    expect(await nameOf(hostOf(prefix))).toEqual({ state: 'active', customerId: quick.customerId })
    await late.open()
  })
})
