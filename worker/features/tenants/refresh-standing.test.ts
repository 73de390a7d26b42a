import { describe, expect, it } from 'vitest'
import { mayAskAgainAt, refreshState, standingOf } from './refresh-standing.ts'
import type { RefreshedTenant, RefreshRun, RefreshState, TenantStanding } from './refresh-standing.ts'

const tenant = (more: Partial<RefreshedTenant>): RefreshedTenant => ({
  id: 'tenant',
  name: 'Tenant',
  state: 'connected',
  lastGoodSyncAt: 50,
  refreshAskedAt: 100,
  ...more,
})
const run = (state: RefreshRun['state'], startedAt: number): RefreshRun => ({
  tenantId: 'tenant',
  state,
  userCount: 0,
  userCountExpected: null,
  startedAt,
})

describe('A tenant that somebody asked to be read', () => {
  it.each<[TenantStanding, string, Partial<RefreshedTenant>, RefreshRun | undefined]>([
    ['not asked', 'nobody ever did', { refreshAskedAt: null }, run('done', 40)],
    ['waiting', 'nothing was begun since', {}, run('done', 40)],
    ['waiting', 'only an earlier run failed', {}, run('failed', 40)],
    ['waiting', 'it was never read before', { lastGoodSyncAt: null }, undefined],
    ['reading', 'a run goes on', {}, run('running', 110)],
    ['reading', 'a run goes on that began before', {}, run('running', 90)],
    ['done', 'it went well since', { lastGoodSyncAt: 120 }, run('done', 110)],
    ['failed', 'the run since then failed', {}, run('failed', 110)],
    ['lost', 'its consent is gone', { state: 'consent_lost' }, run('failed', 110)],
    ['lost', 'its app is gone', { state: 'app_removed' }, undefined],
  ])('is %s when %s', (standing, _, more, newest) => {
    expect(standingOf(tenant(more), newest)).toBe(standing)
  })
})

describe('A customer that somebody asked to be read', () => {
  it.each<[RefreshState, TenantStanding[]]>([
    ['idle', []],
    ['idle', ['not asked', 'lost']],
    ['reading', ['done', 'waiting', 'failed']],
    ['reading', ['reading']],
    ['failed', ['done', 'failed', 'lost']],
    ['done', ['done', 'lost', 'not asked']],
  ])('is %s where its tenants are %j', (state, standings) => {
    expect(refreshState(standings)).toBe(state)
  })

  it.each([
    ['at once where nobody ever did', [null, null], null],
    ['at once where that is long enough ago', [100, null], null],
    ['when the budget of the newest is over', [100, 950, null], 1950],
    ['not a moment before', [1], null],
  ])('is asked for again %s', (_, asked, again) => {
    const held = asked.map((refreshAskedAt) => ({ refreshAskedAt }))
    expect(mayAskAgainAt(held, 1000, 1100)).toBe(again)
  })
})
