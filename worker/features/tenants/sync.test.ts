import type { z } from '@hono/zod-openapi'
import { asc, desc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { ATTEMPT_COUNT_MAX } from '../../jobs/job.ts'
import { deliverOne } from '../../test/held-queue.ts'
import {
  activities,
  customers,
  scoreControls,
  seatCounts,
  securityAlerts,
  securityScores,
  serviceHealth,
  serviceIssues,
  subscriptions,
  syncRuns,
  tenantDays,
  tenantUsers,
  tenants,
  userChanges,
} from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { now } from '../../clock.ts'
import {
  BUSINESS_PREMIUM,
  POWER_AUTOMATE_FREE,
  brokenJson,
  daysAgo,
  dropped,
  json,
  notAllowed,
  people,
  person,
  throttled,
  unavailable,
} from '../../test/microsoft.ts'
import { ADMIN, call, environment, newCustomer, newMsp, newStaff } from '../../test/stage.ts'
import {
  aliveJobs,
  connectedTenant,
  customerScope,
  deliver,
  queueSync,
  runUntilOver,
  stageMicrosoft,
  sync,
  syncJob,
  tenantRow,
  tenantScope,
} from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import { REQUESTS_PER_HOUR_MAX } from './request-budget.ts'
import type { Tenant } from './tenants.schema.ts'

type Shown = z.infer<typeof Tenant>

const HOUR = 3_600_000
const premium = { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] }
const free = { assignedLicenses: [{ skuId: POWER_AUTOMATE_FREE }] }

const { microsoft, clock } = stageMicrosoft()

const namesOf = async (connected: Connected) =>
  (await tenantScope(connected).list(tenantUsers, { orderBy: [asc(tenantUsers.id)] })).map(
    ({ displayName }) => displayName,
  )
const changesOf = async (connected: Connected) =>
  (await tenantScope(connected).list(userChanges, { orderBy: [asc(userChanges.at), asc(userChanges.id)] })).map(
    ({ kind, name, day }) => `${name} ${kind} on ${day}`,
  )
const newestRun = async (connected: Connected) => {
  const [run] = await tenantScope(connected).list(syncRuns, { orderBy: [desc(syncRuns.startedAt)], limit: 1 })
  if (run === undefined) throw new Error('Nothing was synced yet.')
  return run
}
const troubleOf = async (connected: Connected) =>
  (await newestRun(connected)).trouble.map(({ part, message }) => `${part}: ${message}`)
const summaryOf = (connected: Connected) =>
  customerScope(connected).find(customers, connected.customer.customerId, 'customer')
const deedsOf = async (connected: Connected) =>
  (await customerScope(connected).list(activities, { orderBy: [asc(activities.id)] }))
    .map(({ action }) => action)
    .filter((action) => action.startsWith('tenant.'))

/** A tenant of so many people, synced once. */
const synced = async (count = 4, more: Parameters<typeof microsoft.tenant>[0] = {}) => {
  const connected = await connectedTenant(microsoft.tenant({ people: people(count), ...more }))
  await sync(connected)
  clock.forward(HOUR)
  return connected
}

describe('The first sync', () => {
  it('knows everybody, and tells of nobody as having joined', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({
        pageSize: 2,
        people: [
          person(1, premium),
          person(2, { ...premium, accountEnabled: false }),
          person(3, free),
          person(4, { userType: 'Guest' }),
          person(5),
        ],
      }),
    )
    await sync(connected)
    expect(await namesOf(connected)).toEqual(['Person 1', 'Person 2', 'Person 3', 'Person 4', 'Person 5'])
    expect(await changesOf(connected)).toEqual([])
    expect(await tenantRow(connected)).toMatchObject({
      name: 'Lindqvist Timber AB',
      activeUserCount: 3,
      guestCount: 1,
      blockedUserCount: 1,
      licensedUserCount: 2,
      healthRank: 2,
    })
    expect(await newestRun(connected)).toMatchObject({ kind: 'full', state: 'done', userCount: 5, trouble: [] })
    expect(await deedsOf(connected)).toEqual(['tenant.synced'])
    expect(await tenantScope(connected).list(tenantDays)).toMatchObject([
      { id: '2026-11-18', activeUserCount: 3, licensedUserCount: 2, seats: [{ bought: 5, assigned: 3 }] },
    ])
  })

  it('keeps what Microsoft says of licences, security and services', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({
        subscriptions: [
          {
            id: 's1',
            skuId: BUSINESS_PREMIUM.toUpperCase(),
            skuPartNumber: 'SPB',
            status: 'Enabled',
            totalLicenses: 5,
            nextLifecycleDateTime: '2026-12-24T00:00:00Z',
          },
        ],
        scores: [{ createdDateTime: daysAgo(1), currentScore: 50.25, maxScore: 100 }],
        alerts: [
          {
            id: 'a1',
            title: 'Odd sign-in',
            description: 'From <b>afar</b>.',
            category: 'InitialAccess',
            severity: 'high',
            status: 'new',
            createdDateTime: daysAgo(2),
          },
        ],
        services: [{ id: 'Exchange', service: 'Exchange Online', status: 'serviceDegradation', issues: [] }],
      }),
    )
    await sync(connected)
    const tenant = tenantScope(connected)
    expect(await tenant.list(seatCounts, { orderBy: [asc(seatCounts.id)] })).toMatchObject([
      { id: BUSINESS_PREMIUM, boughtCount: 5, assignedCount: 3, hidden: false },
      { id: POWER_AUTOMATE_FREE, hidden: true },
    ])
    expect(await tenant.list(subscriptions)).toMatchObject([
      { skuId: BUSINESS_PREMIUM, seatCount: 5, nextLifecycleAt: Date.parse('2026-12-24T00:00:00Z') },
    ])
    expect(await tenant.list(securityScores)).toMatchObject([
      { id: '2026-11-17', currentHundredths: 5025, maxHundredths: 10_000, comparisonHundredths: null },
    ])
    expect(await tenant.list(securityAlerts)).toMatchObject([
      { id: 'a1', severity: 'high', status: 'new', description: 'From afar.', category: 'InitialAccess' },
    ])
    expect(await tenant.list(serviceHealth)).toMatchObject([{ id: 'Exchange', state: 'degraded' }])
    expect(await tenantRow(connected)).toMatchObject({ healthRank: 0 })
    expect(await summaryOf(connected)).toMatchObject({ healthRank: 0, licensedUserCount: 0 })
  })

  it('that finds nobody at all, or half a list, is no first sync: nobody is told as having joined by the next', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(8), fullPages: [[]] }))
    const { microsoftTenant } = connected
    await queueSync(connected)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'waiting', trouble: 'Microsoft listed nobody at all.' })
    microsoftTenant.fullPages = [[person(1).id, person(2).id]]
    microsoftTenant.breaksOff = true
    clock.forward(60_000)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ trouble: 'Microsoft’s list of people broke off.' })
    expect(await namesOf(connected)).toEqual(['Person 1', 'Person 2'])
    expect(await tenantRow(connected)).toMatchObject({ lastGoodSyncAt: null })
    microsoftTenant.fullPages = undefined
    microsoftTenant.breaksOff = false
    microsoftTenant.leave(person(2).id)
    clock.forward(60_000)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'done' })
    expect(await namesOf(connected), 'who left between the two lists is gone').not.toContain('Person 2')
    expect(await namesOf(connected)).toHaveLength(7)
    expect(await changesOf(connected)).toEqual([])
  })

  it('of a tenant that was entered by its id learns its domain', async () => {
    const microsoftTenant = microsoft.tenant()
    const connected = await connectedTenant({ ...microsoftTenant, domain: microsoftTenant.tenantId })
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ domain: microsoftTenant.domain })
  })
})

describe('The next sync', () => {
  it('tells who joined, left, was blocked and unblocked, by name and by the MSP’s day', async () => {
    const connected = await synced(6, { people: [...people(5), person(6, { accountEnabled: false })] })
    const { microsoftTenant } = connected
    // Half past midnight in London, where it is summer; still the 18th in UTC.
    clock.setTo('2027-06-18T23:30:00Z')
    microsoftTenant.join(person(7), person(8, { userType: 'Guest' }))
    microsoftTenant.leave(person(1).id)
    microsoftTenant.change(person(2).id, { accountEnabled: false })
    microsoftTenant.change(person(6).id, { accountEnabled: true })
    microsoftTenant.change(person(3).id, { displayName: 'Person 3 Married' })
    await sync(connected)
    expect((await changesOf(connected)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'Person 1 left on 2027-06-19',
      'Person 2 blocked on 2027-06-19',
      'Person 6 unblocked on 2027-06-19',
      'Person 7 joined on 2027-06-19',
    ])
    expect(await namesOf(connected)).toContain('Person 3 Married')
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 5, guestCount: 1, blockedUserCount: 1 })
    expect(await newestRun(connected)).toMatchObject({ kind: 'delta', userCount: 5, changeCount: 4 })
    expect((await tenantScope(connected).list(tenantDays)).map(({ id }) => id)).toEqual(['2026-11-18', '2027-06-19'])
    expect(await deedsOf(connected), 'one entry a run').toEqual(['tenant.synced', 'tenant.synced'])
  })

  it('tells which licences were given and taken, but nothing of free ones nor of what people came with', async () => {
    const connected = await synced(4, { people: [person(1), person(2, premium), person(3), person(4, premium)] })
    const { microsoftTenant } = connected
    microsoftTenant.change(person(1).id, premium)
    microsoftTenant.change(person(2).id, { assignedLicenses: [] })
    microsoftTenant.change(person(3).id, free)
    microsoftTenant.leave(person(4).id)
    microsoftTenant.join(person(5, premium))
    await sync(connected)
    const told = await tenantScope(connected).list(userChanges, { orderBy: [asc(userChanges.name)] })
    expect(told.map(({ name, kind, skuId }) => [name, kind, skuId])).toEqual([
      ['Person 1', 'licence_given', BUSINESS_PREMIUM],
      ['Person 2', 'licence_taken', BUSINESS_PREMIUM],
      ['Person 4', 'left', null],
      ['Person 5', 'joined', null],
    ])
    expect(await newestRun(connected)).toMatchObject({ changeCount: 4 })
  })

  it('writes no entry when it finds nothing new, and still says when it was', async () => {
    const connected = await synced(3)
    const [tenantBefore, customerBefore] = [await tenantRow(connected), await summaryOf(connected)]
    await sync(connected)
    expect(await deedsOf(connected)).toEqual(['tenant.synced'])
    expect((await tenantRow(connected)).lastGoodSyncAt).toBeGreaterThan(tenantBefore.lastGoodSyncAt ?? Infinity)
    expect((await summaryOf(connected)).healthAsOf).toBeGreaterThan(customerBefore.healthAsOf ?? Infinity)
    expect(await newestRun(connected)).toMatchObject({ state: 'done' })
  })

  it.each<[string, (tenant: Connected['microsoftTenant']) => void]>([
    ['somebody joins', (tenant) => tenant.join(person(9))],
    ['one joins and one leaves', (tenant) => (tenant.join(person(9)), tenant.leave(person(1).id))],
    ['a seat is given', (tenant) => tenant.change(person(1).id, premium)],
    ['the tenant has another name', (tenant) => (tenant.name = 'Lindqvist Wood AB')],
    [
      'a service is down',
      (tenant) => (tenant.services = [{ id: 'E', service: 'E', status: 'serviceInterruption', issues: [] }]),
    ],
  ])('writes an entry when %s', async (_name, happens) => {
    const connected = await synced(3)
    happens(connected.microsoftTenant)
    await sync(connected)
    expect(await deedsOf(connected)).toEqual(['tenant.synced', 'tenant.synced'])
  })

  it('writes an entry when it goes well after one that did not, and when a part fails or works again', async () => {
    const connected = await synced(3)
    microsoft.interrupt('/subscribedSkus', unavailable, ATTEMPT_COUNT_MAX)
    await queueSync(connected)
    await runUntilOver(connected, clock)
    for (const answer of [undefined, undefined, notAllowed, notAllowed, undefined]) {
      clock.forward(HOUR)
      if (answer !== undefined) microsoft.interrupt('/alerts_v2', answer)
      await sync(connected)
    }
    const deeds = ['synced', 'sync_failed', 'synced', 'synced', 'synced'].map((deed) => `tenant.${deed}`)
    expect(await deedsOf(connected)).toEqual(deeds)
  })

  it('counts who is licensed by what is not hidden', async () => {
    const connected = await synced(3)
    expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: 0 })
    connected.microsoftTenant.change(person(1).id, premium)
    connected.microsoftTenant.change(person(2).id, free)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: 1 })
    expect(await summaryOf(connected)).toMatchObject({ licensedUserCount: 1 })
    connected.microsoftTenant.change(person(1).id, free)
    clock.forward(HOUR)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: 0 })
  })

  describe('decides anew who is licensed, without reading everybody again, when a licence', () => {
    const odd = {
      skuId: '11111111-aaaa-4000-8000-000000000001',
      skuPartNumber: 'PROJECT_PREVIEW_IW',
      consumedUnits: 2,
      enabled: 10,
    }
    const oddButHidden = { ...odd, enabled: 10_000 }
    const paid = { skuId: BUSINESS_PREMIUM, skuPartNumber: 'SPB', consumedUnits: 1, enabled: 5 }
    const withOdd = { assignedLicenses: [{ skuId: odd.skuId }] }
    const withBoth = { assignedLicenses: [{ skuId: odd.skuId }, { skuId: BUSINESS_PREMIUM }] }

    it.each([
      ['turns out to be one of the hidden', [paid, odd], [paid, oddButHidden], 3, 1],
      ['is hidden no longer', [paid, oddButHidden], [paid, odd], 1, 3],
      ['that was hidden disappears', [paid, oddButHidden], [paid], 1, 1],
      ['that counted disappears', [paid, odd], [paid], 3, 1],
      ['appears, and is hidden', [paid], [paid, oddButHidden], 1, 1],
      ['appears, and counts', [paid], [paid, odd], 1, 3],
      ['takes the place of another', [paid], [odd], 1, 3],
    ])('%s', async (_name, before, after, countBefore, countAfter) => {
      const staff = [person(1, withBoth), person(2, withOdd), person(3, withOdd), person(4)]
      const connected = await synced(4, { people: staff, skus: before })
      expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: countBefore })
      connected.microsoftTenant.skus = after
      await sync(connected)
      expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: countAfter })
      expect(await summaryOf(connected)).toMatchObject({ licensedUserCount: countAfter })
      const flags = (await tenantScope(connected).list(tenantUsers)).filter((one) => one.isLicensed)
      expect(flags).toHaveLength(countAfter)
      expect(await newestRun(connected)).toMatchObject({ kind: 'delta', userCount: 0 })
      expect(await changesOf(connected)).toEqual([])
    })

    it('changes at once with a seat that somebody is given', async () => {
      const connected = await synced(3, { people: people(3, withOdd), skus: [paid, oddButHidden] })
      connected.microsoftTenant.skus = [paid, odd]
      connected.microsoftTenant.change(person(1).id, { assignedLicenses: [] })
      connected.microsoftTenant.join(person(4, premium))
      await sync(connected)
      expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: 3 })
    })

    it('is listed no longer because nothing is, which is not believed', async () => {
      const connected = await synced(2, { people: people(2, premium) })
      connected.microsoftTenant.skus = []
      await sync(connected)
      expect(await tenantRow(connected)).toMatchObject({ licensedUserCount: 2 })
    })
  })

  it('keeps what would raise the score most, and asks for its words once a day', async () => {
    const control = (id: string, maxScore: number) => ({
      id,
      title: `Do ${id}`,
      maxScore,
      remediation: `<p>How ${id}</p>`,
    })
    const scoreOf = (day: number, ...scores: [string, number][]) => ({
      createdDateTime: daysAgo(day),
      currentScore: 10,
      maxScore: 100,
      controlScores: scores.map(([controlName, score]) => ({ controlName, score })),
    })
    const connected = await synced(2, {
      scores: [scoreOf(0, ['mfa', 2], ['legacy', 0], ['done', 5]), scoreOf(1, ['mfa', 0])],
      controls: [control('mfa', 10), control('legacy', 9), control('done', 5), control('elsewhere', 50)],
    })
    const kept = async () =>
      (await tenantScope(connected).list(scoreControls, { orderBy: [asc(scoreControls.id)] })).map(
        ({ id, pointsHundredths, maxHundredths }) => [id, pointsHundredths, maxHundredths],
      )
    expect(await kept()).toEqual([
      ['legacy', 0, 900],
      ['mfa', 200, 1000],
    ])
    connected.microsoftTenant.scores = [scoreOf(0, ['mfa', 10], ['legacy', 3])]
    const asked = () => microsoft.askedFor('/secureScoreControlProfiles').length
    const before = asked()
    await sync(connected)
    expect(asked()).toBe(before)
    clock.forward(24 * HOUR)
    await sync(connected)
    expect(await kept()).toEqual([['legacy', 300, 900]])
  })

  it('keeps the history of incidents with what Microsoft wrote last, and asks for what changed since', async () => {
    const issue = { id: 'EX1', title: 'Mail is late', service: 'Exchange Online', classification: 'advisory' }
    const post = (content: string) => ({ createdDateTime: daysAgo(0), description: { contentType: 'html', content } })
    const connected = await synced(2, {
      issues: [
        { ...issue, status: 'serviceDegradation', startDateTime: daysAgo(0), posts: [post('<p>We look into it.</p>')] },
      ],
    })
    const kept = () => tenantScope(connected).list(serviceIssues)
    expect(await kept()).toMatchObject([
      { id: 'EX1', classification: 'advisory', state: 'degraded', isResolved: false, latestPost: 'We look into it.' },
    ])
    const firstAsked = microsoft.askedFor('/issues').at(-1)?.url.searchParams.get('$filter') ?? ''
    expect(now() - Date.parse(firstAsked.replace('lastModifiedDateTime ge ', ''))).toBeGreaterThan(364 * 24 * HOUR)
    connected.microsoftTenant.issues = [
      { ...issue, status: 'serviceRestored', isResolved: true, startDateTime: daysAgo(0), endDateTime: daysAgo(0) },
    ]
    await sync(connected)
    expect(await kept()).toMatchObject([{ id: 'EX1', state: 'works', isResolved: true }])
    const lastAsked = microsoft.askedFor('/issues').at(-1)?.url.searchParams.get('$filter') ?? ''
    expect(now() - Date.parse(lastAsked.replace('lastModifiedDateTime ge ', ''))).toBeLessThan(3 * HOUR)
    connected.microsoftTenant.issues = []
    clock.forward(HOUR)
    await sync(connected)
    expect(await kept(), 'what is not told again is still what happened').toHaveLength(1)
  })

  it('asks for the scores of the last days only', async () => {
    const connected = await synced(2, { scores: [{ createdDateTime: daysAgo(0), currentScore: 1, maxScore: 2 }] })
    const asked = microsoft.askedFor('/secureScores').length
    await sync(connected)
    expect(
      microsoft
        .askedFor('/secureScores')
        .slice(asked)
        .map(({ url }) => url.searchParams.get('$top')),
    ).toEqual(['3'])
  })
})

describe('Pages of people', () => {
  it('may repeat somebody, who is then one person with what came last', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(4) }))
    const [one = '', two = '', three = '', four = ''] = people(4).map(({ id }) => id)
    connected.microsoftTenant.fullPages = [[one, two], [two, three], [], [one, four]]
    await sync(connected)
    expect(await namesOf(connected)).toEqual(['Person 1', 'Person 2', 'Person 3', 'Person 4'])
    expect(await newestRun(connected)).toMatchObject({ userCount: 4, pageCount: 4 })
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 4 })
  })

  it('may repeat somebody across commits without counting them twice', async () => {
    const ids = people(30).map(({ id }) => id)
    const pages = ids.map((id, position) => [id, ids[Math.max(0, position - 12)] ?? id])
    const connected = await connectedTenant(microsoft.tenant({ people: people(30), fullPages: pages }))
    await sync(connected)
    expect(await newestRun(connected)).toMatchObject({ userCount: 30, pageCount: 30 })
    expect(await namesOf(connected)).toHaveLength(30)
  })

  it('with an empty one in the middle go on to the end', async () => {
    const ids = people(4).map(({ id }) => id)
    const connected = await connectedTenant(
      microsoft.tenant({ people: people(4), fullPages: [ids.slice(0, 2), [], [], ids.slice(2)] }),
    )
    await sync(connected)
    expect(await namesOf(connected)).toHaveLength(4)
  })
})

describe('When Microsoft is in trouble, a sync', () => {
  it('that is throttled on the third page waits as long as it is told, and goes on from there', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(6), pageSize: 1 }))
    microsoft.interrupt('full.0.2', () => throttled(90))
    await queueSync(connected)
    const before = now()
    await deliver(connected)
    const job = await syncJob(connected)
    expect(job).toMatchObject({ state: 'waiting', trouble: expect.stringContaining('slow down') as string })
    expect(job.dueAt).toBeGreaterThanOrEqual(before + 90_000)
    expect(job.dueAt).toBeLessThan(before + 95_000)
    expect(await namesOf(connected)).toEqual(['Person 1', 'Person 2'])
    await deliver(connected)
    expect(await namesOf(connected), 'not before its time').toEqual(['Person 1', 'Person 2'])
    const asked = microsoft.askedFor('/users/delta').length
    clock.forward(95_000)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', trouble: null })
    expect(await namesOf(connected)).toHaveLength(6)
    const addresses = microsoft.askedFor('/users/delta').slice(asked)
    expect(addresses[0]?.url.search, 'from the saved cursor').toContain('full.0.2')
    expect(addresses).toHaveLength(4)
    expect(await newestRun(connected)).toMatchObject({ userCount: 6, pageCount: 6 })
    expect(await changesOf(connected)).toEqual([])
  })

  it.each([
    ['503', unavailable, 'does not work at the moment'],
    ['broken JSON', brokenJson, 'not JSON'],
    ['an answer of another shape', () => json({ value: 'fine' }), 'shape'],
    ['a dropped connection', dropped, 'could not be reached'],
  ])('tries again after %s, and gives up with words, with nobody deleted', async (_name, answer, words) => {
    const connected = await synced(4)
    microsoft.interrupt('/users/delta', answer, 2)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'done' })

    clock.forward(HOUR)
    microsoft.interrupt('/users/delta', answer, 100)
    await queueSync(connected)
    const parked = await runUntilOver(connected, clock)
    expect(parked).toMatchObject({
      state: 'parked',
      attemptCount: ATTEMPT_COUNT_MAX,
      trouble: expect.stringContaining(words) as string,
    })
    expect(await troubleOf(connected)).toEqual([expect.stringContaining(words)])
    expect(await newestRun(connected)).toMatchObject({ state: 'failed', finishedAt: expect.any(Number) as number })
    expect(await namesOf(connected)).toHaveLength(4)
    const row = await tenantRow(connected)
    expect(row).toMatchObject({ state: 'connected', activeUserCount: 4, healthRank: 2 })
    expect(row.nextSyncAt).toBeGreaterThan(now())
    expect((await deedsOf(connected)).at(-1)).toBe('tenant.sync_failed')

    clock.forward(24 * HOUR)
    await queueSync(connected)
    await runUntilOver(connected, clock)
    expect(await tenantRow(connected), 'after a day without a good sync').toMatchObject({ healthRank: 1 })
    expect(await summaryOf(connected)).toMatchObject({ healthRank: 1, healthReasons: [{ code: 'sync_stale' }] })
  })

  it('keeps the counts right when it fails after some pages', async () => {
    const connected = await synced(6, { pageSize: 1 })
    const { microsoftTenant } = connected
    microsoftTenant.change(person(1).id, { accountEnabled: false })
    microsoftTenant.change(person(2).id, premium)
    microsoftTenant.leave(person(3).id)
    microsoft.interrupt('0.3.1', unavailable, 100)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'parked' })
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 5, blockedUserCount: 1 })
    microsoft.calm()
    clock.forward(6 * HOUR)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 4, blockedUserCount: 1, licensedUserCount: 1 })
    expect(await changesOf(connected), 'each told once').toHaveLength(3)
  })

  it('keeps its licences when none are listed, and says so', async () => {
    const connected = await synced(2)
    connected.microsoftTenant.skus = []
    await sync(connected)
    expect(await tenantScope(connected).list(seatCounts)).toHaveLength(2)
    expect(await troubleOf(connected)).toEqual([expect.stringMatching(/^licences: .*no licences at all/)])
  })

  it('does without the parts that Microsoft does not let it read, and says which', async () => {
    const connected = await connectedTenant(
      microsoft.tenant({
        alerts: [{ id: 'a1', title: 'Odd', severity: 'medium', status: 'new', createdDateTime: daysAgo(1) }],
      }),
    )
    microsoft.interrupt('/secureScores', notAllowed)
    microsoft.interrupt('/directory/subscriptions', notAllowed)
    microsoft.interrupt('/healthOverviews', notAllowed)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', activeUserCount: 3, healthRank: 1 })
    expect(await troubleOf(connected)).toEqual([
      expect.stringMatching(/^renewals: .*Organization\.Read\.All/),
      expect.stringMatching(/^security: .*SecurityEvents\.Read\.All/),
      expect.stringMatching(/^health: .*ServiceHealth\.Read\.All/),
    ])
    expect(await tenantScope(connected).list(securityAlerts), 'alerts do not depend on scores').toHaveLength(1)
  })

  it('tries a part again a few times before it goes on without it', async () => {
    const connected = await connectedTenant(microsoft.tenant())
    microsoft.interrupt('/healthOverviews', unavailable, 100)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'done', attemptCount: 4 })
    expect(await troubleOf(connected)).toEqual([expect.stringMatching(/^health: /)])
    expect(microsoft.askedFor('/healthOverviews').length).toBeGreaterThanOrEqual(4)
  })
})

describe('A delta token that has expired', () => {
  it('means that everybody is read again, with nobody told as having joined', async () => {
    const connected = await synced(5)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.leave(person(5).id)
    connected.microsoftTenant.join(person(6))
    await sync(connected)
    expect(await newestRun(connected)).toMatchObject({ kind: 'full', trouble: [], userCount: 5 })
    expect((await changesOf(connected)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'Person 5 left on 2026-11-18',
      'Person 6 joined on 2026-11-18',
    ])
    expect(await namesOf(connected)).toEqual(['Person 1', 'Person 2', 'Person 3', 'Person 4', 'Person 6'])
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 5 })
  })

  it('in the middle of a sync does the same, and forgets nobody who left in between', async () => {
    const connected = await synced(30, { pageSize: 1 })
    const { microsoftTenant } = connected
    for (const { id } of people(15)) microsoftTenant.change(id, { jobTitle: 'Joiner' })
    // Seen on an early page of the changes, and gone by the time that everybody is read again.
    microsoft.interrupt('0.15.12', async (_asked, ordinary) => {
      microsoftTenant.leave(person(1).id)
      microsoftTenant.expireTokens()
      return ordinary()
    })
    await sync(connected)
    expect(await newestRun(connected)).toMatchObject({ kind: 'full', state: 'done', userCount: 29 })
    expect(await changesOf(connected)).toEqual(['Person 1 left on 2026-11-18'])
    expect(await namesOf(connected)).toHaveLength(29)
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 29 })
  })

  it('that expires again and again gives up instead of turning for ever', async () => {
    const connected = await synced(30, { pageSize: 1 })
    const { microsoftTenant } = connected
    microsoftTenant.expireTokens()
    microsoft.interrupt('$skiptoken', () => json({ error: { code: 'syncStateNotFound' } }, 410), 1_000)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({
      state: 'parked',
      trouble: expect.stringContaining('expired again') as string,
    })
    expect(await namesOf(connected)).toHaveLength(30)
  })
})

const tenantPath = ({ customer, tenantId }: Connected) =>
  `/api/msp-portal/customers/${customer.customerId}/tenants/${tenantId}`
const shownTo = async (connected: Connected, staff: { cookie: string }) => {
  const answer = await call(ADMIN, 'GET', `/api/msp-portal/customers/${connected.customer.customerId}/tenants`, {
    as: staff,
  })
  const { items } = await answer.json<{ items: Shown[] }>()
  return items.find(({ id }) => id === connected.tenantId)
}
const departuresOf = async (connected: Connected, staff: { cookie: string }) =>
  (await shownTo(connected, staff))?.departures
const confirmed = (connected: Connected, staff: { cookie: string }, missingCount: number) =>
  call(ADMIN, 'PUT', `${tenantPath(connected)}/departures-confirmation`, {
    as: staff,
    body: { departures: { missingCount } },
  })

describe('The requests of a tenant', () => {
  const usedUp = (connected: Connected, requestCount: number) =>
    customerScope(connected).record(
      customerScope(connected).changeAll(tenants, eq(tenants.id, connected.tenantId), {
        requestHour: Math.floor(now() / HOUR),
        requestCount,
      }),
    )

  it('are counted, and what needs more of them waits for the next hour and goes on from there', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(6), pageSize: 1 }))
    const technician = await newStaff(connected.customer.msp)
    await usedUp(connected, REQUESTS_PER_HOUR_MAX - 5)
    await queueSync(connected)
    const asked = microsoft.asked.length
    await deliver(connected)
    expect(microsoft.asked.length - asked, 'no request more than there were').toBe(5)
    const job = await syncJob(connected)
    expect(job).toMatchObject({ state: 'waiting', trouble: expect.stringContaining('2000 requests') as string })
    expect(job.dueAt % HOUR, 'the hour has begun').toBeLessThan(60_000)
    expect(await namesOf(connected)).toEqual(['Person 1', 'Person 2'])
    expect(await shownTo(connected, technician)).toMatchObject({
      requests: { usedCount: REQUESTS_PER_HOUR_MAX, perHourMax: REQUESTS_PER_HOUR_MAX },
      job: { trouble: expect.stringContaining('read in the next') as string },
    })
    clock.forward(HOUR + 2_000)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done' })
    expect(await namesOf(connected)).toHaveLength(6)
    const later = await newStaff(connected.customer.msp)
    expect((await shownTo(connected, later))?.requests.usedCount).toBeLessThan(20)
  })

  it('are waited for also where a sync could do without what it asks for', async () => {
    const connected = await connectedTenant(microsoft.tenant())
    const needed = await synced(1)
    await queueSync(needed)
    await deliver(needed)
    const { requestCount } = await tenantRow(needed)
    await usedUp(connected, REQUESTS_PER_HOUR_MAX - requestCount + 1)
    await queueSync(connected)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'waiting' })
    expect(await troubleOf(connected)).toEqual([])
  })
})

describe('A full answer that cannot be believed removes nobody', () => {
  it.each([
    ['is empty', [[]], 10],
    ['misses more than a fifth', [people(7).map(({ id }) => id)], 10],
  ])('when it %s', async (_name, fullPages, count) => {
    const connected = await synced(count)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.fullPages = fullPages
    await sync(connected)
    expect(await namesOf(connected)).toHaveLength(count)
    expect(await changesOf(connected)).toEqual([])
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: count })
    expect(await troubleOf(connected)).toEqual([expect.stringMatching(/people: \d+ of 10 .*Nobody was removed/)])

    connected.microsoftTenant.fullPages = undefined
    clock.forward(HOUR)
    await sync(connected)
    expect(await newestRun(connected), 'the next one reads it whole').toMatchObject({ kind: 'full', trouble: [] })
  })

  it('asks staff, by number and name, and removes those who are missing once they are confirmed to have left', async () => {
    const connected = await synced(10)
    const technician = await newStaff(connected.customer.msp)
    connected.microsoftTenant.leave(...people(3).map(({ id }) => id))
    connected.microsoftTenant.expireTokens()
    await sync(connected)
    const asked = await departuresOf(connected, technician)
    expect(asked).toMatchObject({
      missingCount: 3,
      knownCount: 10,
      names: ['Person 1', 'Person 2', 'Person 3'],
      confirmedAt: null,
    })
    expect(await tenantRow(connected)).toMatchObject({ healthRank: 1, healthReasons: [{ code: 'departures_asked' }] })
    expect((await confirmed(connected, await newStaff(connected.customer.msp, 'viewer'), 3)).status).toBe(403)
    expect((await confirmed(connected, technician, 2)).status, 'nobody told them of two').toBe(409)
    expect((await confirmed(connected, technician, 3)).status).toBe(204)
    expect(await deedsOf(connected)).toContain('tenant.departures_confirmed')
    expect(await aliveJobs(connected.customer.msp), 'read again at once').toMatchObject([{ kind: 'tenant.sync' }])
    clock.forward(60_000)
    await sync(connected)
    expect(await namesOf(connected)).toHaveLength(7)
    expect(await changesOf(connected)).toHaveLength(3)
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 7, departures: null, healthRank: 2 })
    expect(await troubleOf(connected)).toEqual([])
    expect((await confirmed(connected, technician, 3)).status, 'there is nothing left to confirm').toBe(409)
  })

  it('asks again when more are missing than were confirmed', async () => {
    const connected = await synced(10)
    const technician = await newStaff(connected.customer.msp)
    connected.microsoftTenant.leave(...people(3).map(({ id }) => id))
    connected.microsoftTenant.expireTokens()
    await sync(connected)
    await confirmed(connected, technician, 3)
    connected.microsoftTenant.leave(person(4).id)
    clock.forward(60_000)
    await sync(connected)
    expect(await namesOf(connected)).toHaveLength(10)
    expect(await departuresOf(connected, technician)).toMatchObject({ missingCount: 4, confirmedAt: null })
  })

  it('asks no more once a sync finds everybody', async () => {
    const connected = await synced(10)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.fullPages = [people(7).map(({ id }) => id)]
    await sync(connected)
    expect((await tenantRow(connected)).departures).toMatchObject({ missingCount: 3 })
    connected.microsoftTenant.fullPages = undefined
    clock.forward(HOUR)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ departures: null, healthRank: 2 })
    expect(await namesOf(connected)).toHaveLength(10)
  })

  it('when it breaks off', async () => {
    const connected = await synced(10)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.fullPages = [people(9).map(({ id }) => id)]
    connected.microsoftTenant.breaksOff = true
    await sync(connected)
    expect(await namesOf(connected)).toHaveLength(10)
    expect(await troubleOf(connected)).toEqual([expect.stringContaining('broke off')])
  })

  it('but a fifth may leave at once', async () => {
    const connected = await synced(10)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.leave(person(1).id, person(2).id)
    await sync(connected)
    expect(await namesOf(connected)).toHaveLength(8)
    expect(await changesOf(connected)).toHaveLength(2)
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: 8 })
  })
})

describe('Consent that was withdrawn', () => {
  it('shows as lost, keeps the figures, and stops the syncs', async () => {
    const connected = await synced(4)
    connected.microsoftTenant.consented = false
    await queueSync(connected)
    const job = await runUntilOver(connected, clock)
    expect(job).toMatchObject({ state: 'done', attemptCount: 3 })
    expect(await tenantRow(connected)).toMatchObject({
      state: 'consent_lost',
      consentLostAt: expect.any(Number) as number,
      nextSyncAt: null,
      activeUserCount: 4,
      healthRank: 0,
    })
    expect(await summaryOf(connected)).toMatchObject({ healthRank: 0, healthReasons: [{ code: 'consent_lost' }] })
    expect(await troubleOf(connected)).toEqual([expect.stringMatching(/^consent: .*AADSTS700016/)])
    expect((await deedsOf(connected)).at(-1)).toBe('tenant.consent_lost')
    expect(await namesOf(connected)).toHaveLength(4)

    clock.forward(24 * HOUR)
    await sweep(environment)
    expect(await aliveJobs(connected.customer.msp)).toEqual([])
    const technician = await newStaff(connected.customer.msp)
    const path = `/api/msp-portal/customers/${connected.customer.customerId}/tenants/${connected.tenantId}/sync`
    expect((await call(ADMIN, 'POST', path, { as: technician })).status).toBe(409)
  })

  it('is not concluded from a refusal that passes', async () => {
    const connected = await synced(4)
    microsoft.interrupt('/users/delta', () => json({ error: { code: 'InvalidAuthenticationToken' } }, 401), 3)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'done' })
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected' })
  })

  it('is not concluded from a refusal that says nothing of consent after an outage', async () => {
    const connected = await synced(4)
    microsoft.interrupt('/subscribedSkus', () => json({ error: { code: 'serviceNotAvailable' } }, 503), 3)
    microsoft.interrupt('/directory/subscriptions', () => json({ error: { code: 'serviceNotAvailable' } }, 503), 1)
    microsoft.interrupt('/users/delta', notAllowed, 1)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'done' })
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected' })
  })

  it('is waited for longer right after it was given, since not all of Microsoft has heard of it yet', async () => {
    const connected = await connectedTenant(microsoft.tenant())
    microsoft.interrupt('/subscribedSkus', notAllowed, 5)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'done', attemptCount: 6 })
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', activeUserCount: 3 })
  })

  it.each([
    ['their sign-in rules keep us out', 'AADSTS53003: Access has been blocked.', 'Conditional Access'],
    ['the tenant is not known any more', 'AADSTS90002: Tenant not found.', 'does not know this tenant'],
  ])('is not concluded when %s, however long that goes on', async (_name, description, words) => {
    const connected = await synced(4)
    const refusal = { error: 'invalid_grant', error_description: description }
    microsoft.interrupt('/oauth2/v2.0/token', () => json(refusal, 400), 100)
    await queueSync(connected)
    const parked = await runUntilOver(connected, clock)
    expect(parked).toMatchObject({ state: 'parked', trouble: expect.stringContaining(words) as string })
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', activeUserCount: 4 })
  })

  it('is not concluded from our own secret being refused, which is ours to mend', async () => {
    const connected = await synced(4)
    const refusal = { error: 'invalid_client', error_description: 'AADSTS7000222: The secret has expired.' }
    microsoft.interrupt('/oauth2/v2.0/token', () => json(refusal, 401), 100)
    await queueSync(connected)
    expect(await runUntilOver(connected, clock)).toMatchObject({ state: 'parked' })
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', activeUserCount: 4 })
  })
})

describe('A tenant that is removed while it is read', () => {
  it.each([
    ['people are', '/users/delta'],
    ['the last step is', '/organization'],
  ])('when %s read, ends the sync and stays removed', async (_name, place) => {
    const connected = await synced(4, { people: people(4, premium) })
    const technician = await newStaff(connected.customer.msp)
    const { customerId } = connected.customer
    microsoft.interrupt(place, async (_asked, ordinary) => {
      const path = `/api/msp-portal/customers/${customerId}/tenants/${connected.tenantId}`
      expect((await call(ADMIN, 'DELETE', path, { as: technician })).status).toBe(204)
      return ordinary()
    })
    await queueSync(connected)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', attemptCount: 1 })
    expect(await tenantRow(connected)).toMatchObject({ state: 'removed', nextSyncAt: null })
    expect(await summaryOf(connected)).toMatchObject({ licensedUserCount: 0, healthRank: 3, healthReasons: [] })
    expect(await newestRun(connected)).toMatchObject({ state: 'failed' })
    expect(await deedsOf(connected)).toEqual(['tenant.synced', 'tenant.removed'])
  })

  it('is not brought back by a sync that gives up', async () => {
    const connected = await synced(2)
    microsoft.interrupt('/subscribedSkus', unavailable, ATTEMPT_COUNT_MAX - 1)
    microsoft.interrupt('/subscribedSkus', async () => {
      const technician = await newStaff(connected.customer.msp)
      const path = `/api/msp-portal/customers/${connected.customer.customerId}/tenants/${connected.tenantId}`
      await call(ADMIN, 'DELETE', path, { as: technician })
      return unavailable()
    })
    await queueSync(connected)
    await runUntilOver(connected, clock)
    expect(await tenantRow(connected)).toMatchObject({ state: 'removed', nextSyncAt: null })
    expect(await summaryOf(connected)).toMatchObject({ healthRank: 3, healthReasons: [] })
  })
})

describe('A customer with two tenants', () => {
  it('adds up their users, and is as bad as the worse of them', async () => {
    const customer = await newCustomer(await newMsp())
    const one = await connectedTenant(microsoft.tenant({ people: people(3, premium) }), { customer })
    const other = await connectedTenant(
      microsoft.tenant({
        people: people(2, premium),
        services: [{ id: 'Exchange', service: 'Exchange Online', status: 'serviceInterruption', issues: [] }],
      }),
      { customer },
    )
    await sync(one)
    expect(await summaryOf(one)).toMatchObject({ licensedUserCount: 3, healthRank: 2 })
    await sync(other)
    expect(await summaryOf(one)).toMatchObject({ licensedUserCount: 5, healthRank: 0 })
    expect((await summaryOf(one)).healthReasons).toMatchObject([
      { code: 'service_interrupted', tenantId: other.tenantId },
    ])

    const technician = await newStaff(customer.msp)
    const path = `/api/msp-portal/customers/${customer.customerId}/tenants/${other.tenantId}`
    expect((await call(ADMIN, 'DELETE', path, { as: technician })).status).toBe(204)
    expect(await summaryOf(one)).toMatchObject({ licensedUserCount: 3, healthRank: 2, healthReasons: [] })
  })

  it('does not lose the one’s figures when both finish at once', async () => {
    const customer = await newCustomer(await newMsp())
    const [one, other] = [
      await connectedTenant(microsoft.tenant({ people: people(3, premium) }), { customer }),
      await connectedTenant(microsoft.tenant({ people: people(2, premium) }), { customer }),
    ]
    await Promise.all([sync(one), sync(other)])
    expect(await summaryOf(one)).toMatchObject({ licensedUserCount: 5 })
  })
})

describe('The sweep', () => {
  it('queues a tenant that is due, once', async () => {
    const connected = await synced(2)
    const alive = async () => (await aliveJobs(connected.customer.msp)).filter(({ kind }) => kind === 'tenant.sync')
    clock.forward(-HOUR)
    await sweep(environment)
    expect(await alive(), 'not before its time').toEqual([])
    clock.forward(HOUR + 1_000)
    await sweep(environment)
    await sweep(environment)
    expect(await alive()).toHaveLength(1)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done' })
    await sweep(environment)
    expect(await alive()).toEqual([])
    expect((await tenantRow(connected)).nextSyncAt).toBeGreaterThan(now() + HOUR - 60_000)
  })

  it('does not hold an old failure against a tenant that was read since', async () => {
    const connected = await synced(2)
    const { msp, customerId } = connected.customer
    const jobShown = async () => {
      const technician = await newStaff(msp)
      const answer = await call(ADMIN, 'GET', `/api/msp-portal/customers/${customerId}/tenants`, { as: technician })
      const { items } = await answer.json<{ items: { job: { state: string } | null }[] }>()
      return items[0]?.job?.state ?? null
    }
    microsoft.interrupt('/subscribedSkus', unavailable, ATTEMPT_COUNT_MAX)
    await queueSync(connected)
    await runUntilOver(connected, clock)
    expect(await jobShown()).toBe('parked')
    clock.forward(HOUR)
    await sync(connected)
    expect(await jobShown()).toBeNull()
  })

  it('is not needed by somebody who asks for a sync, which is then one and the same', async () => {
    const connected = await synced(2)
    const { msp, customerId } = connected.customer
    const technician = await newStaff(msp)
    const path = `/api/msp-portal/customers/${customerId}/tenants/${connected.tenantId}/sync`
    for (const headers of [{}, { 'idempotency-key': 'k' }, { 'idempotency-key': 'k' }]) {
      expect((await call(ADMIN, 'POST', path, { as: technician, headers })).status).toBe(202)
    }
    expect(await aliveJobs(msp)).toHaveLength(1)
    expect((await call(ADMIN, 'POST', path, { as: await newStaff(msp, 'viewer') })).status).toBe(403)
  })
})

it('Health turns amber when the last good sync is a day old, without anybody reading anything, and green with the next', async () => {
  const connected = await connectedTenant(microsoft.tenant())
  await sync(connected)
  const { lastGoodSyncAt, healthDueAt } = await tenantRow(connected)
  const { msp } = connected.customer
  const looks = async () => {
    await sweep(environment)
    const due = (await aliveJobs(msp)).filter(({ kind }) => kind === 'tenant.health')
    for (const { id } of due) await deliverOne({ shard: msp.shard, mspId: msp.mspId, jobId: id })
    return due.length
  }
  expect(healthDueAt).toBe((lastGoodSyncAt ?? 0) + 24 * HOUR + 1)
  clock.forward(23 * HOUR)
  expect(await looks(), 'not before its time').toBe(0)
  clock.forward(HOUR + 1_000)
  expect(await looks()).toBe(1)
  expect(await tenantRow(connected)).toMatchObject({ healthRank: 1, healthDueAt: null, lastGoodSyncAt })
  expect(await summaryOf(connected)).toMatchObject({ healthRank: 1, healthReasons: [{ code: 'sync_stale' }] })
  expect(await looks(), 'once').toBe(0)
  expect(await deedsOf(connected)).toEqual(['tenant.synced', 'tenant.health_aged'])
  await sync(connected)
  expect(await summaryOf(connected)).toMatchObject({ healthRank: 2, healthReasons: [] })
  expect((await tenantRow(connected)).healthDueAt).toBeGreaterThan(now() + 23 * HOUR)
})

it('Health that was due is left to a sync which came first', async () => {
  const connected = await connectedTenant(microsoft.tenant())
  await sync(connected)
  clock.forward(24 * HOUR + 1_000)
  await sweep(environment)
  await sync(connected)
  const { msp } = connected.customer
  for (const { id } of await aliveJobs(msp)) await deliverOne({ shard: msp.shard, mspId: msp.mspId, jobId: id })
  expect(await aliveJobs(msp)).toEqual([])
  expect(await tenantRow(connected)).toMatchObject({ healthRank: 2 })
  expect(await deedsOf(connected)).not.toContain('tenant.health_aged')
})

it('An alert that Microsoft has not told of for three months no longer makes a tenant red', async () => {
  const connected = await synced(2, {
    alerts: [{ id: 'a1', title: 'Odd', severity: 'high', status: 'new', createdDateTime: daysAgo(1) }],
  })
  expect(await tenantRow(connected)).toMatchObject({ healthRank: 0 })
  connected.microsoftTenant.alerts = []
  await sync(connected)
  expect(await tenantRow(connected), 'not heard of is not resolved').toMatchObject({ healthRank: 0 })
  clock.forward(91 * 24 * HOUR)
  await sync(connected)
  expect(await tenantRow(connected)).toMatchObject({ healthRank: 2 })
})

it('A sync says nothing of people or tokens in its activity', async () => {
  const connected = await synced(3)
  connected.microsoftTenant.change(person(1).id, { accountEnabled: false })
  await sync(connected)
  const told = await customerScope(connected).list(activities, { where: eq(activities.action, 'tenant.synced') })
  expect(told).toHaveLength(2)
  expect(JSON.stringify(told)).not.toMatch(/Person 1|deltatoken|skiptoken|app-token/)
})
