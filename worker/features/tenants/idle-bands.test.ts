import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { seatCounts, seatHolders, tenantUsers } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { BUSINESS_PREMIUM, POWER_AUTOMATE_FREE, person } from '../../test/microsoft.ts'
import { connectedTenant, readBeside, stageMicrosoft, sync, tenantScope } from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import { ageSeats, idleBandAt } from './idle-bands.ts'

const DAY = 86_400_000
const { microsoft, clock } = stageMicrosoft()

const ago = (days: number, more = 0) => new Date(now() - days * DAY + more).toISOString()
const seat = { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] }
const premium = (number: number, more = {}) => person(number, { ...seat, ...more })

const countsOf = async (connected: Connected) => {
  const row = await tenantScope(connected).first(seatCounts, eq(seatCounts.id, BUSINESS_PREMIUM))
  return [row?.idle30Count, row?.idle60Count, row?.idle90Count, row?.blockedHolderCount, row?.signInUnknownCount]
}
const read = async (connected: Connected) => {
  await sync(connected)
  clock.forward(60_000)
  await readBeside(connected)
}

describe('How idle somebody is', () => {
  it.each([
    ['who signed in a moment ago', 0, { lastSignInAt: 0 }],
    ['who signed in not quite 30 days ago', 0, { lastSignInAt: 30 * DAY - 1 }],
    ['who signed in 30 days ago', 1, { lastSignInAt: 30 * DAY }],
    ['who signed in 60 days ago', 2, { lastSignInAt: 60 * DAY }],
    ['who signed in 90 days ago', 3, { lastSignInAt: 90 * DAY }],
    ['who signed in after that was read', 0, { lastSignInAt: -DAY }],
    ['who never did and whose account is new', 0, { lastSignInAt: null, created: 2 * DAY }],
    ['who never did in an account of 70 days', 2, { lastSignInAt: null, created: 70 * DAY }],
    ['who never did in an account of whose age nothing is known', 3, { lastSignInAt: null }],
    ['of whom nothing is known', null, { lastSignInAt: null, signInKnown: false }],
  ])('%s is %s', async (_who, band, { lastSignInAt, ...more }) => {
    const connected = await connectedTenant(microsoft.tenant({ people: [premium(1)] }))
    await sync(connected)
    const tenant = tenantScope(connected)
    const at = now()
    const created = 'created' in more ? new Date(at - more.created).toISOString() : null
    await tenant.record(
      tenant.changeAll(tenantUsers, undefined, {
        lastSignInAt: lastSignInAt === null ? null : at - lastSignInAt,
        signInKnown: !('signInKnown' in more),
        accountCreatedAt: created,
      }),
    )
    const [found] = await tenant
      .select({ band: idleBandAt(at) })
      .from(tenantUsers)
      .where(tenant.mine(tenantUsers))
    expect(found?.band).toBe(band)
  })
})

describe('Idle seats', () => {
  it('are counted with each pass over sign-ins, with those of the blocked, and of how many it is not known', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({
        people: [
          premium(1, { lastSignInDateTime: ago(1) }),
          premium(2, { lastSignInDateTime: ago(31) }),
          premium(3, { lastSignInDateTime: ago(61) }),
          premium(4, { lastSignInDateTime: ago(91) }),
          premium(5, { lastSignInDateTime: ago(1), accountEnabled: false }),
          person(6, { lastSignInDateTime: ago(200) }),
        ],
      }),
    )
    await sync(connected)
    expect(await countsOf(connected), 'who is blocked is known with the people').toEqual([1, 1, 1, 1, 0])
    await readBeside(connected)
    expect(await countsOf(connected)).toEqual([4, 3, 2, 1, 0])
    connected.microsoftTenant.join(premium(7, { lastSignInDateTime: ago(0) }))
    clock.forward(DAY + 60_000)
    await sync(connected)
    await readBeside(connected)
    expect(await countsOf(connected)).toEqual([4, 3, 2, 1, 0])
  })

  it('follow at once who is blocked, allowed again, renamed, leaves, or has a seat taken away', async () => {
    const idle = { lastSignInDateTime: ago(100) }
    const connected = await connectedTenant(
      microsoft.tenant({ people: [1, 2, 3, 4].map((number) => premium(number, idle)) }),
    )
    await read(connected)
    expect(await countsOf(connected)).toEqual([4, 4, 4, 0, 0])
    const { microsoftTenant } = connected
    microsoftTenant.change(person(1).id, { accountEnabled: false, displayName: 'Renamed' })
    microsoftTenant.change(person(2).id, { assignedLicenses: [{ skuId: POWER_AUTOMATE_FREE }] })
    microsoftTenant.leave(person(3).id)
    microsoftTenant.join(premium(5, { accountEnabled: false }), premium(6))
    clock.forward(60_000)
    await sync(connected)
    expect(await countsOf(connected)).toEqual([3, 3, 3, 2, 0])
    microsoftTenant.change(person(1).id, { accountEnabled: true })
    microsoftTenant.change(person(5).id, { accountEnabled: true })
    clock.forward(60_000)
    await sync(connected)
    expect(await countsOf(connected), 'the first was idle before').toEqual([2, 2, 2, 0, 0])
    const holders = await tenantScope(connected).list(seatHolders, { where: eq(seatHolders.skuId, BUSINESS_PREMIUM) })
    expect(holders.map(({ displayName, idleBand }) => [displayName, idleBand])).toEqual([
      ['Person 4', 3],
      ['Person 5', null],
      ['Person 6', null],
      ['Renamed', 3],
    ])
    const tenant = tenantScope(connected)
    await tenant.record(...ageSeats(tenant, now()))
    expect(await countsOf(connected), 'two came after sign-ins were read').toEqual([2, 2, 2, 0, 2])
  })

  it('become active ones again once their holders sign in, and idle ones by time alone', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({
        people: [premium(1, { lastSignInDateTime: ago(100) }), premium(2, { lastSignInDateTime: ago(29) })],
      }),
    )
    await read(connected)
    expect(await countsOf(connected)).toEqual([1, 1, 1, 0, 0])
    connected.microsoftTenant.change(person(1).id, { lastSignInDateTime: ago(0) })
    clock.forward(2 * DAY)
    await readBeside(connected)
    expect(await countsOf(connected)).toEqual([1, 0, 0, 0, 0])
  })

  it('of a licence that was not listed for a while are counted when it is listed again', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({ people: [premium(1, { lastSignInDateTime: ago(100) })] }),
    )
    await read(connected)
    const { skus } = connected.microsoftTenant
    connected.microsoftTenant.skus = skus.filter(({ skuId }) => skuId !== BUSINESS_PREMIUM)
    await sync(connected)
    expect(await countsOf(connected)).toEqual([undefined, undefined, undefined, undefined, undefined])
    connected.microsoftTenant.skus = skus
    clock.forward(60_000)
    await sync(connected)
    expect(await countsOf(connected)).toEqual([1, 1, 1, 0, 0])
  })
})

describe('Seats of guests', () => {
  const guest = { userType: 'Guest' as const }
  const guestsOf = async (connected: Connected) => {
    const row = await tenantScope(connected).first(seatCounts, eq(seatCounts.id, BUSINESS_PREMIUM))
    return [row?.guestHolderCount, row?.guestIdle30Count, row?.guestIdle60Count, row?.guestIdle90Count]
  }

  it('are counted apart, by how long they are idle', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({
        people: [
          premium(1, { ...guest, lastSignInDateTime: ago(1) }),
          premium(2, { ...guest, lastSignInDateTime: ago(31) }),
          premium(3, { ...guest, lastSignInDateTime: ago(61) }),
          premium(4, { ...guest, lastSignInDateTime: ago(1), accountEnabled: false }),
          premium(5, { lastSignInDateTime: ago(91) }),
          person(6, guest),
        ],
      }),
    )
    await sync(connected)
    expect(await guestsOf(connected), 'who is blocked is known with the people').toEqual([4, 1, 1, 1])
    await readBeside(connected)
    expect(await guestsOf(connected)).toEqual([4, 3, 2, 1])
  })

  it('follow at once who becomes a member, or a guest, is blocked, renamed, leaves, or has a seat taken away', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({ people: [...[1, 2, 3, 4].map((number) => premium(number, guest)), premium(5)] }),
    )
    await sync(connected)
    expect(await guestsOf(connected)).toEqual([4, 0, 0, 0])
    const { microsoftTenant } = connected
    microsoftTenant.change(person(1).id, { userType: 'Member' })
    microsoftTenant.change(person(2).id, { accountEnabled: false, displayName: 'Renamed' })
    microsoftTenant.change(person(3).id, { assignedLicenses: [] })
    microsoftTenant.leave(person(4).id)
    microsoftTenant.change(person(5).id, guest)
    clock.forward(60_000)
    await sync(connected)
    expect(await guestsOf(connected)).toEqual([2, 1, 1, 1])
    const holders = await tenantScope(connected).list(seatHolders)
    expect(holders.map(({ displayName, isGuest }) => [displayName, isGuest])).toEqual([
      ['Person 1', false],
      ['Person 5', true],
      ['Renamed', true],
    ])
  })

  it('of a licence that was not listed for a while are counted when it is listed again', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({ people: [premium(1, guest), premium(2, { ...guest, accountEnabled: false }), premium(3)] }),
    )
    const { skus } = connected.microsoftTenant
    connected.microsoftTenant.skus = []
    await sync(connected)
    expect(await guestsOf(connected)).toEqual([undefined, undefined, undefined, undefined])
    connected.microsoftTenant.skus = skus
    clock.forward(60_000)
    await sync(connected)
    expect(await guestsOf(connected)).toEqual([2, 1, 1, 1])
  })
})
