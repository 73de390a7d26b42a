import { describe, expect, it } from 'vitest'
import { describeReason, tenantHealth } from './health.ts'
import { levelOf, rankOf } from './index.ts'
import type { HealthLevel, TenantFacts } from './health.ts'

const now = Date.parse('2026-11-21T09:00:00Z')
const hour = 3_600_000
const day = 24 * hour

/** A tenant with everything in order, but for what a test says. */
const tenant = (differing: Partial<TenantFacts> = {}): TenantFacts => ({
  tenantId: 't1',
  name: 'fabrikam.example',
  timeZone: 'Europe/London',
  state: 'connected',
  stateSince: now - 30 * day,
  lastGoodSyncAt: now - hour,
  services: [],
  seats: [],
  renewals: [],
  alerts: [],
  ...differing,
})

const service = (state: TenantFacts['services'][number]['state'], inUse = true, name = 'Teams') => ({
  service: name,
  state,
  since: now - 2 * hour,
  inUse,
})
const seats = (assignedCount: number, boughtCount: number, name = 'Business Premium') => ({
  skuId: name,
  name,
  boughtCount,
  assignedCount,
  since: now - day,
})
const renewal = (inMs: number, autoRenew: boolean | null) => ({
  skuId: 's',
  name: 'Visio Plan 2',
  at: now + inMs,
  autoRenew,
})
const alert = (severity: TenantFacts['alerts'][number]['severity'], title = 'Odd sign-in') => ({
  id: 'a1',
  title,
  severity,
  raisedAt: now - 3 * hour,
})

const cases: [string, Partial<TenantFacts>, HealthLevel, string[]][] = [
  ['everything in order', {}, 'green', []],
  ['a service that works', { services: [service('works')] }, 'green', []],
  ['a service down', { services: [service('interrupted')] }, 'red', ['service_interrupted']],
  ['a service down that it does not use', { services: [service('interrupted', false)] }, 'green', []],
  ['a service degraded', { services: [service('degraded')] }, 'amber', ['service_degraded']],
  ['a service degraded that it does not use', { services: [service('degraded', false)] }, 'green', []],
  ['a service still recovering', { services: [service('recovering')] }, 'amber', ['service_recovering']],
  ['a service recovering that it does not use', { services: [service('recovering', false)] }, 'green', []],
  ['a service whose state is not known', { services: [service('unknown')] }, 'green', []],
  ['a high alert', { alerts: [alert('high')] }, 'red', ['alert_high']],
  ['a medium alert', { alerts: [alert('medium')] }, 'amber', ['alert_medium']],
  ['a low alert', { alerts: [alert('low')] }, 'green', []],
  ['an informational alert', { alerts: [alert('informational')] }, 'green', []],
  ['an alert of unknown weight', { alerts: [alert('unknown')] }, 'green', []],
  ['as many seats assigned as bought', { seats: [seats(25, 25)] }, 'green', []],
  ['idle seats', { seats: [seats(3, 25)] }, 'green', []],
  ['one seat over', { seats: [seats(26, 25)] }, 'amber', ['seats_over']],
  ['seats assigned of a licence that lapsed', { seats: [seats(4, 0)] }, 'amber', ['seats_over']],
  ['no seats at all', { seats: [seats(0, 0)] }, 'green', []],
  ['a renewal in exactly 14 days, auto-renew off', { renewals: [renewal(14 * day, false)] }, 'amber', ['renewal_due']],
  ['a renewal late on that day', { renewals: [renewal(14 * day + 14 * hour, false)] }, 'amber', ['renewal_due']],
  ['a renewal on the day after it', { renewals: [renewal(14 * day + 15 * hour, false)] }, 'green', []],
  ['a renewal tomorrow, auto-renew on', { renewals: [renewal(day, true)] }, 'green', []],
  ['a renewal tomorrow, auto-renew unknown', { renewals: [renewal(day, null)] }, 'green', []],
  ['a renewal this very moment', { renewals: [renewal(0, false)] }, 'amber', ['renewal_due']],
  ['a renewal that was missed', { renewals: [renewal(-day, false)] }, 'amber', ['renewal_due']],
  ['a sync exactly 24 hours old', { lastGoodSyncAt: now - day }, 'green', []],
  ['a sync a moment older', { lastGoodSyncAt: now - day - 1 }, 'amber', ['sync_stale']],
  ['a sync from a clock that runs ahead', { lastGoodSyncAt: now + hour }, 'green', []],
  ['no sync ever', { state: 'never_synced', lastGoodSyncAt: null }, 'grey', ['never_synced']],
  ['a connection whose first sync runs', { lastGoodSyncAt: null }, 'grey', ['never_synced']],
  [
    'a first sync that already saw an alert',
    { lastGoodSyncAt: null, alerts: [alert('high')] },
    'grey',
    ['never_synced'],
  ],
  ['consent lost', { state: 'consent_lost' }, 'red', ['consent_lost']],
  ['its app registration removed', { state: 'app_removed' }, 'red', ['app_removed']],
  [
    'its app registration removed before the first sync',
    { state: 'app_removed', lastGoodSyncAt: null },
    'red',
    ['app_removed'],
  ],
  ['consent lost before the first sync', { state: 'consent_lost', lastGoodSyncAt: null }, 'red', ['consent_lost']],
  [
    'consent lost, with figures that are no longer current',
    { state: 'consent_lost', lastGoodSyncAt: now - 9 * day, services: [service('interrupted')] },
    'red',
    ['consent_lost'],
  ],
  ['disconnected on purpose', { state: 'disconnected', lastGoodSyncAt: now - 9 * day }, 'grey', ['disconnected']],
  [
    'everything at once',
    {
      lastGoodSyncAt: now - 2 * day,
      alerts: [alert('medium'), alert('high')],
      renewals: [renewal(day, false)],
      seats: [seats(2, 1)],
      services: [service('recovering'), service('degraded'), service('interrupted')],
    },
    'red',
    [
      'service_interrupted',
      'alert_high',
      'service_degraded',
      'seats_over',
      'renewal_due',
      'sync_stale',
      'alert_medium',
      'service_recovering',
    ],
  ],
]

describe('the health of a tenant', () => {
  it.each(cases)('with %s is as decided', (_, differing, level, codes) => {
    const health = tenantHealth(tenant(differing), now)
    expect(health.level).toBe(level)
    expect(health.reasons.map((reason) => reason.code)).toEqual(codes)
  })

  it('dates from the earliest reason for its level', () => {
    const health = tenantHealth(
      tenant({ alerts: [alert('high')], services: [service('interrupted')], seats: [seats(2, 1)] }),
      now,
    )
    expect(health).toMatchObject({ level: 'red', since: '2026-11-21T06:00:00.000Z' })
    expect(tenantHealth(tenant({ lastGoodSyncAt: now - 30 * hour }), now).since).toBe('2026-11-21T03:00:00.000Z')
    expect(tenantHealth(tenant({ renewals: [renewal(9 * day, false)] }), now).since).toBe('2026-11-16T00:00:00.000Z')
    expect(tenantHealth(tenant(), now).since).toBeNull()
    expect(tenantHealth(tenant({ alerts: [{ ...alert('high'), raisedAt: null }] }), now).since).toBeNull()
  })

  it('tells the most seats over and the soonest renewal first', () => {
    const { reasons } = tenantHealth(
      tenant({
        seats: [seats(2, 1, 'one over'), seats(9, 1, 'eight over')],
        renewals: [renewal(9 * day, false), renewal(2 * day, false)],
      }),
      now,
    )
    expect(reasons.map((reason) => describeReason(reason, now).text)).toEqual([
      '8 seats over',
      '1 seat over',
      'Renewal in 2 days',
      'Renewal in 9 days',
    ])
  })

  it('does not depend on the order facts come in, nor change them', () => {
    const facts = tenant({ seats: [seats(2, 1, 'a'), seats(9, 1, 'b')], alerts: [alert('medium'), alert('high')] })
    const copy = structuredClone(facts)
    const turned = { ...facts, seats: facts.seats.toReversed(), alerts: facts.alerts.toReversed() }
    expect(tenantHealth(facts, now)).toEqual(tenantHealth(turned, now))
    expect(facts).toEqual(copy)
  })

  it('survives being stored as JSON', () => {
    const health = tenantHealth(tenant({ seats: [seats(27, 25)], renewals: [renewal(day, false)] }), now)
    expect(JSON.parse(JSON.stringify(health))).toEqual(health)
  })
})

describe('the moment at which time alone changes health', () => {
  const renewsAt = Date.parse('2026-12-10T15:00:00Z')
  const untilRenewal = renewsAt - now
  it.each<[string, Partial<TenantFacts>, string | null]>([
    ['a day after the last good sync', {}, '2026-11-22T08:00:00.001Z'],
    ['none once that has passed', { lastGoodSyncAt: now - 25 * hour }, null],
    ['none before the first sync', { lastGoodSyncAt: null }, null],
    ['none without consent', { state: 'consent_lost' }, null],
    ['none without the app it was connected with', { state: 'app_removed' }, null],
    [
      'midnight of the fourteenth day before a renewal',
      { lastGoodSyncAt: now - 25 * hour, renewals: [renewal(untilRenewal, false)] },
      '2026-11-26T00:00:00.000Z',
    ],
    [
      'midnight where the MSP is',
      {
        lastGoodSyncAt: now - 25 * hour,
        renewals: [renewal(untilRenewal, false)],
        timeZone: 'Pacific/Auckland',
      },
      '2026-11-26T11:00:00.000Z',
    ],
    ['whichever comes first', { renewals: [renewal(untilRenewal, false)] }, '2026-11-22T08:00:00.001Z'],
    [
      'none for what renews by itself',
      { lastGoodSyncAt: now - 25 * hour, renewals: [renewal(untilRenewal, true)] },
      null,
    ],
    ['none for what may do so', { lastGoodSyncAt: now - 25 * hour, renewals: [renewal(untilRenewal, null)] }, null],
  ])('is %s', (_, differing, expected) => {
    const facts = tenant(differing)
    const { dueAt } = tenantHealth(facts, now)
    expect(dueAt === null ? null : new Date(dueAt).toISOString()).toBe(expected)
    if (dueAt === null) return
    const codesAt = (moment: number) => tenantHealth(facts, moment).reasons.map(({ code }) => code)
    expect(codesAt(dueAt - 1), 'not a millisecond before').toEqual(codesAt(now))
    expect(codesAt(dueAt)).not.toEqual(codesAt(now))
  })
})

describe('a reason in words', () => {
  it.each<[Partial<TenantFacts>, string]>([
    [{ state: 'consent_lost' }, 'Consent lost'],
    [{ state: 'app_removed' }, 'App registration removed'],
    [{ state: 'disconnected' }, 'Disconnected'],
    [{ lastGoodSyncAt: null }, 'Not synced yet'],
    [{ services: [service('interrupted')] }, 'Teams is down'],
    [{ services: [service('degraded')] }, 'Teams is degraded'],
    [{ services: [service('recovering')] }, 'Teams is recovering'],
    [{ seats: [seats(27, 25)] }, '2 seats over'],
    [{ seats: [seats(26, 25)] }, '1 seat over'],
    [{ renewals: [renewal(9 * day, false)] }, 'Renewal in 9 days'],
    [{ renewals: [renewal(8.5 * day, false)] }, 'Renewal in 8 days'],
    [{ renewals: [renewal(20 * hour, false)] }, 'Renewal in 1 day'],
    [{ renewals: [renewal(hour, false)] }, 'Renewal is today'],
    [{ renewals: [renewal(-day, false)] }, 'Renewal is overdue'],
    [{ lastGoodSyncAt: now - 30 * hour }, 'Last good sync is 30 hours old'],
    [{ lastGoodSyncAt: now - 24.5 * hour }, 'Last good sync is 24 hours old'],
    [{ lastGoodSyncAt: now - 71.9 * hour }, 'Last good sync is 71 hours old'],
    [{ lastGoodSyncAt: now - 72 * hour }, 'Last good sync is 3 days old'],
    [{ alerts: [alert('high')] }, 'High alert is open: Odd sign-in'],
    [{ alerts: [alert('medium')] }, 'Medium alert is open: Odd sign-in'],
  ])('%j reads %j', (differing, text) => {
    const [reason] = tenantHealth(tenant(differing), now).reasons
    if (reason === undefined) throw new Error('the stage is wrong: there is no reason')
    const words = describeReason(reason, now)
    expect(words.text).toBe(text)
    expect(words.detail).not.toBe('')
    expect(words.remedy).toMatch(/^[A-Z].+\.$/)
  })

  it('counts from the moment it is shown, not from when it was stored', () => {
    const [reason] = tenantHealth(tenant({ renewals: [renewal(9 * day, false)] }), now).reasons
    if (reason === undefined) throw new Error('the stage is wrong: there is no reason')
    expect(describeReason(reason, now + 4 * day).text).toBe('Renewal in 5 days')
  })

  it('says the figures behind seats that are over', () => {
    const [reason] = tenantHealth(tenant({ seats: [seats(27, 25)] }), now).reasons
    if (reason === undefined) throw new Error('the stage is wrong: there is no reason')
    expect(describeReason(reason, now).detail).toBe('Business Premium: 27 assigned, 25 bought.')
  })
})

it('A rank that no health has is an error, and is not shown as unknown', () => {
  for (const [level, rank] of Object.entries(rankOf)) expect(levelOf(rank)).toBe(level)
  for (const rank of [-1, 4, 1.5]) expect(() => levelOf(rank)).toThrow('No health has the rank')
})
