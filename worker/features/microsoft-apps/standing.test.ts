import { describe, expect, it } from 'vitest'
import { secretStandingOf, stateUnder, statesLeft } from './standing.ts'

const A = 'aaaaaaaa-0000-4000-8000-00000000000a'
const B = 'bbbbbbbb-0000-4000-8000-00000000000b'

describe('How a tenant stands', () => {
  it.each([
    ['connected', null, [], 'connected'],
    ['connected', null, [A], 'connected'],
    ['connected', A, [A], 'connected'],
    ['connected', A, [A, B], 'connected'],
    ['connected', A, [B], 'app_removed'],
    ['connected', A, [], 'app_removed'],
    ['consent_lost', null, [A], 'consent_lost'],
    ['consent_lost', A, [A], 'consent_lost'],
    ['consent_lost', A, [B], 'app_removed'],
    ['app_removed', A, [], 'app_removed'],
    ['app_removed', A, [B], 'app_removed'],
    ['app_removed', A, [A], 'connected'],
    ['removed', null, [], 'removed'],
    ['removed', A, [], 'removed'],
    ['removed', A, [A], 'removed'],
  ] as const)('%s, connected with %s, is with %j kept: %s', (state, clientId, kept, expected) => {
    expect(stateUnder({ state, clientId }, new Set(kept))).toBe(expected)
  })
})

it('Removing an app changes what can be read or could be again; having it back changes what its removal did', () => {
  expect(statesLeft(A, new Set([B]))).toEqual(['connected', 'consent_lost'])
  expect(statesLeft(A, new Set([A, B]))).toEqual(['app_removed'])
})

describe('A client secret', () => {
  it.each([
    [null, 'unknown'],
    ['2027-06-01', 'good'],
    ['2026-12-31', 'good'],
    ['2026-12-30', 'expires_soon'],
    ['2026-12-01', 'expires_soon'],
    ['2026-11-30', 'expires_soon'],
    ['2026-11-29', 'expired'],
    ['2025-01-01', 'expired'],
  ] as const)('that expires on %s stands on 30 November 2026: %s', (expiresOn, expected) => {
    expect(secretStandingOf(expiresOn, '2026-11-30')).toBe(expected)
  })
})
