import { asc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  activities,
  customers,
  seatCounts,
  securityAlerts,
  securityScores,
  serviceHealth,
  syncRuns,
  tenantDays,
  tenantUsers,
  userChanges,
} from '../../../db/shard/schema.ts'
import { BUSINESS_PREMIUM, daysAgo, people, person } from '../../test/microsoft.ts'
import type { MicrosoftTenant } from '../../test/microsoft.ts'
import {
  connectedTenant,
  customerScope,
  deliver,
  dyingShard,
  environmentWith,
  queueSync,
  stageMicrosoft,
  sync,
  syncJob,
  tenantRow,
  tenantScope,
} from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'

const { microsoft, clock } = stageMicrosoft({ troubled: true })

const LEASE_MS = 60_000
const NOON = '2026-11-18T12:00:00Z'

/** Everything a sync leaves behind, without the ids and moments that differ from run to run. */
const remains = async (connected: Connected) => {
  const tenant = tenantScope(connected)
  const row = await tenantRow(connected)
  const summary = await customerScope(connected).find(customers, connected.customer.customerId, 'customer')
  return {
    people: (await tenant.list(tenantUsers, { orderBy: [asc(tenantUsers.id)] })).map(
      ({ id, displayName, signInAllowed, isLicensed }) => [id, displayName, signInAllowed, isLicensed],
    ),
    changes: (await tenant.list(userChanges))
      .map(({ kind, name, day }) => `${kind} ${name} ${day}`)
      .toSorted((one, other) => one.localeCompare(other)),
    counts: [row.activeUserCount, row.guestCount, row.blockedUserCount, row.licensedUserCount, row.healthRank],
    summary: [summary.licensedUserCount, summary.healthRank, summary.healthReasons.length],
    seats: (await tenant.list(seatCounts)).length,
    scores: (await tenant.list(securityScores)).length,
    alerts: (await tenant.list(securityAlerts)).length,
    services: (await tenant.list(serviceHealth)).length,
    days: (await tenant.list(tenantDays)).map(({ id, activeUserCount }) => [id, activeUserCount]),
    runs: (await tenant.list(syncRuns)).map(({ kind, state, userCount, changeCount }) => [
      kind,
      state,
      userCount,
      changeCount,
    ]),
    entries: (await customerScope(connected).list(activities, { where: eq(activities.action, 'tenant.synced') }))
      .length,
  }
}

type Story = { setUp: () => Promise<Connected> }

/** A tenant of which nothing is known yet: two commits of pages, and everything else. */
const firstSync: Story = {
  setUp: () => connectedTenant(newTenant()),
}

/** A tenant known already, whose delta token has expired: some pages of changes, then everybody, then who is gone. */
const resync: Story = {
  setUp: async () => {
    const connected = await connectedTenant(newTenant())
    await sync(connected)
    clock.forward(3_600_000)
    const { microsoftTenant } = connected
    microsoftTenant.change(person(1).id, { accountEnabled: false })
    microsoftTenant.join(person(26))
    microsoftTenant.leave(person(5).id, person(6).id)
    microsoftTenant.expireTokens()
    return connected
  },
}

/** A tenant known already, in which somebody joined, left and was blocked. */
const changes: Story = {
  setUp: async () => {
    const connected = await connectedTenant(newTenant())
    await sync(connected)
    clock.forward(3_600_000)
    const { microsoftTenant } = connected
    for (const { id } of people(22)) microsoftTenant.change(id, { jobTitle: 'Joiner' })
    microsoftTenant.change(person(1).id, { accountEnabled: false, assignedLicenses: [] })
    microsoftTenant.join(person(26))
    microsoftTenant.leave(person(25).id)
    return connected
  },
}

const newTenant = (): MicrosoftTenant =>
  microsoft.tenant({
    people: people(25, { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] }),
    pageSize: 2,
    scores: [{ createdDateTime: daysAgo(1), currentScore: 5, maxScore: 10 }],
    alerts: [{ id: 'a1', title: 'Odd', severity: 'medium', status: 'new', createdDateTime: daysAgo(1) }],
  })

describe('A Worker that is killed between any two of its writes', () => {
  it.each([
    ['a first sync', firstSync],
    ['a sync of changes', changes],
    ['a sync that has to read everybody again', resync],
  ])(
    'of %s leaves one that ends as though nothing had happened',
    async (_name, { setUp }) => {
      const undisturbed = await setUp()
      await queueSync(undisturbed)
      await deliver(undisturbed)
      const expected = await remains(undisturbed)
      expect(expected.runs.at(-1)).toContain('done')

      let deathCount = 0
      for (let hasDied = true; hasDied;) {
        clock.setTo(NOON)
        const connected = await setUp()
        await queueSync(connected)
        const seen = { died: false }
        const dying = dyingShard(deathCount + 1, seen)
        await deliver(connected, environmentWith(connected, dying)).catch(() => undefined)
        hasDied = seen.died
        if (hasDied) deathCount += 1
        clock.forward(LEASE_MS + 1_000)
        for (let turn = 0; turn < 3; turn += 1) await deliver(connected)
        expect(await syncJob(connected), `killed at write ${deathCount}`).toMatchObject({ state: 'done' })
        expect(await remains(connected), `killed at write ${deathCount}`).toEqual(expected)
      }
      expect(deathCount, 'there were enough places to die at').toBeGreaterThanOrEqual(8)
    },
    60_000,
  )
})

describe('Two Workers', () => {
  it('that are given the same job at once do it once', async () => {
    const connected = await firstSync.setUp()
    await queueSync(connected)
    const asked = microsoft.askedFor('/subscribedSkus').length
    await Promise.all([deliver(connected), deliver(connected), deliver(connected)])
    await deliver(connected)
    expect(microsoft.askedFor('/subscribedSkus').length - asked).toBe(1)
    expect((await remains(connected)).runs).toHaveLength(1)
    expect((await remains(connected)).entries).toBe(1)
  })

  it('do not both work on a sync whose calls are slow, however many of them there are', async () => {
    const undisturbed = await firstSync.setUp()
    await sync(undisturbed)
    const expected = await remains(undisturbed)

    clock.setTo(NOON)
    const connected = await firstSync.setUp()
    await queueSync(connected)
    const asked = microsoft.askedFor('/subscribedSkus').length
    let callCount = 0
    const slowly: Parameters<typeof microsoft.interrupt>[1] = async (_asked, ordinary) => {
      callCount += 1
      // Almost as long as a call may take before it is given up; and then the sweep's hint comes.
      clock.forward(29_000)
      await deliver(connected)
      return ordinary()
    }
    for (const place of ['/token', '/subscribedSkus', '/subscriptions', '/users/delta', '/security', '/organization'])
      microsoft.interrupt(place, slowly, 100)
    for (let turn = 0; turn < 3; turn += 1) await deliver(connected)
    microsoft.calm()
    expect(callCount, 'the stage is slow').toBeGreaterThan(15)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', trouble: null })
    expect(microsoft.askedFor('/subscribedSkus').length - asked, 'by one Worker').toBe(1)
    expect(await remains(connected)).toEqual(expected)
  })

  it.each([
    ['people', '/users/delta'],
    ['security', '/alerts_v2'],
    ['the organisation', '/organization'],
  ])('of which one was thought dead while it waited for %s: what it does then is rolled back', async (_name, place) => {
    const undisturbed = await firstSync.setUp()
    await sync(undisturbed)
    const expected = await remains(undisturbed)

    const connected = await firstSync.setUp()
    await queueSync(connected)
    microsoft.interrupt(place, async (_asked, ordinary) => {
      const late = await ordinary()
      clock.forward(LEASE_MS + 1_000)
      await deliver(connected)
      expect(await syncJob(connected)).toMatchObject({ state: 'done', attemptCount: 2 })
      return late
    })
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', attemptCount: 2, trouble: null })
    expect(await remains(connected)).toEqual(expected)
  })
})
