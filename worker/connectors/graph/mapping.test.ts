import { describe, expect, it } from 'vitest'
import { asNewUser, withChange } from '../directory.ts'
import {
  alertStatusOf,
  healthStateOf,
  instantOf,
  licenceStatusOf,
  mailboxPurposeOf,
  organisationOf,
  seatsOf,
  securityScoresOf,
  serviceHealthOf,
  severityOf,
  subscriptionsOf,
  userChangeOf,
  usersOf,
} from './mapping.ts'

describe('what a mailbox is for', () => {
  it.each([
    ['shared', 'shared'],
    ['Room', 'room'],
    ['equipment', 'equipment'],
    ['user', 'user'],
    ['linked', 'user'],
    ['others', 'other'],
    ['unknownFutureValue', 'unknown'],
    [null, 'unknown'],
  ])('%s means %s', (userPurpose, expected) => {
    expect(mailboxPurposeOf({ id: 'a', mailboxSettings: { userPurpose } })).toBe(expected)
  })

  it('is not known where nothing is said of it', () => {
    expect(mailboxPurposeOf({ id: 'a' })).toBe('unknown')
    expect(mailboxPurposeOf({ id: 'a', mailboxSettings: null })).toBe('unknown')
  })
})

describe('what a missing property of a person means', () => {
  it('is "empty" in a full read, but never that they may not sign in', () => {
    expect(userChangeOf({ id: 'a' }, 'full')).toEqual({
      id: 'a',
      mail: null,
      jobTitle: null,
      department: null,
      businessPhone: null,
      mobilePhone: null,
      isGuest: false,
      createdAt: null,
      skuIds: [],
    })
  })

  it('is "unchanged" in a read of changes', () => {
    expect(userChangeOf({ id: 'a' }, 'changes')).toEqual({ id: 'a' })
  })

  it.each(['full', 'changes'] as const)('is not what null means, which empties the property (%s)', (read) => {
    const change = userChangeOf(
      { id: 'a', jobTitle: null, mobilePhone: null, assignedLicenses: [], businessPhones: [] },
      read,
    )
    expect(change).toMatchObject({ jobTitle: null, mobilePhone: null, skuIds: [], businessPhone: null })
  })

  it('is all that null means for what Entra never clears', () => {
    expect(
      userChangeOf({ id: 'a', displayName: null, userPrincipalName: null, accountEnabled: null }, 'changes'),
    ).toEqual({ id: 'a' })
  })

  it('lets a known person keep what a change does not tell', () => {
    const known = asNewUser({ id: 'a', displayName: 'Adele', skuIds: ['x'], signInAllowed: true })
    expect(withChange(known, userChangeOf({ id: 'a', jobTitle: 'Head of Sales' }, 'changes'))).toEqual({
      ...known,
      jobTitle: 'Head of Sales',
    })
  })

  it('leaves a new person without a name the next best one', () => {
    expect(asNewUser({ id: 'a' }).displayName).toBe('a')
    expect(asNewUser({ id: 'a', mail: 'a@x.example' }).displayName).toBe('a@x.example')
    expect(asNewUser({ id: 'a', mail: 'a@x.example', userPrincipalName: 'upn@x.example' }).displayName).toBe(
      'upn@x.example',
    )
    expect(asNewUser({ id: 'a' })).toMatchObject({ userPrincipalName: '', signInAllowed: true, skuIds: [] })
  })
})

describe('one page of people', () => {
  const removed = (id: string) => ({ id, '@removed': { reason: 'changed' } })
  it.each([
    [
      'the last of two wins, property by property',
      [
        { id: 'a', jobTitle: 'x', mail: 'm' },
        { id: 'a', jobTitle: 'y' },
      ],
      [{ id: 'a', jobTitle: 'y', mail: 'm' }],
      [],
    ],
    ['somebody changed and then removed is gone', [{ id: 'a', jobTitle: 'x' }, removed('a')], [], ['a']],
    [
      'somebody removed and then restored is there',
      [removed('a'), { id: 'a', jobTitle: 'x' }],
      [{ id: 'a', jobTitle: 'x' }],
      [],
    ],
    ['somebody removed twice is gone once', [removed('a'), removed('a')], [], ['a']],
  ])('%s', (_promise, entries, users, removedIds) => {
    expect(usersOf(entries, 'changes')).toEqual({ users, removedIds })
  })
})

describe('enumerations, compared without case', () => {
  it.each([
    ['ServiceOperational', 'works'],
    ['serviceRestored', 'works'],
    ['postIncidentReviewPublished', 'works'],
    ['falsePositive', 'works'],
    ['resolved', 'works'],
    ['resolvedExternal', 'works'],
    ['serviceDegradation', 'degraded'],
    ['investigating', 'degraded'],
    ['investigationSuspended', 'degraded'],
    ['confirmed', 'degraded'],
    ['reported', 'degraded'],
    ['SERVICEINTERRUPTION', 'interrupted'],
    ['restoringService', 'recovering'],
    ['verifyingService', 'recovering'],
    ['extendedRecovery', 'recovering'],
    ['mitigated', 'recovering'],
    ['mitigatedExternal', 'recovering'],
    ['unknownFutureValue', 'unknown'],
    ['something new', 'unknown'],
    [null, 'unknown'],
  ])('health %s is %s', (status, state) => {
    expect(healthStateOf(status)).toBe(state)
  })

  it.each([
    ['Enabled', 'enabled'],
    ['warning', 'warning'],
    ['Suspended', 'suspended'],
    ['Deleted', 'deleted'],
    ['LockedOut', 'locked_out'],
    ['lockedout', 'locked_out'],
    ['unknownFutureValue', 'unknown'],
    [undefined, 'unknown'],
  ])('licence %s is %s', (status, expected) => {
    expect(licenceStatusOf(status)).toBe(expected)
  })

  it.each([
    ['High', 'high'],
    ['medium', 'medium'],
    ['low', 'low'],
    ['informational', 'informational'],
    ['unknownFutureValue', 'unknown'],
  ])('severity %s is %s', (severity, expected) => {
    expect(severityOf(severity)).toBe(expected)
  })

  it.each([
    ['new', 'new'],
    ['InProgress', 'in_progress'],
    ['resolved', 'resolved'],
    ['unknownFutureValue', 'unknown'],
  ])('alert %s is %s', (status, expected) => {
    expect(alertStatusOf(status)).toBe(expected)
  })
})

describe('moments', () => {
  it.each([
    ['2026-11-18T09:12:44.1234567Z', '2026-11-18T09:12:44.123Z'],
    ['2026-11-18T10:00:00+01:00', '2026-11-18T09:00:00.000Z'],
    ['0001-01-01T00:00:00Z', null],
    ['no date', null],
    ['', null],
    [null, null],
  ])('%s is %s', (value, expected) => {
    expect(instantOf(value)).toBe(expected)
  })
})

describe('rows that say nothing', () => {
  it('are left out where nothing names them', () => {
    expect(seatsOf([{ skuPartNumber: 'SPB', consumedUnits: 3 }])).toEqual([])
    expect(subscriptionsOf([{ id: 's' }, { skuId: 'k' }])).toEqual([])
    expect(serviceHealthOf([{ status: 'serviceOperational' }])).toEqual([])
  })

  it('are left out of the scores where there is no day or no scale', () => {
    const createdDateTime = '2026-11-20T00:00:00Z'
    expect(
      securityScoresOf(
        [
          { currentScore: 1, maxScore: 2 },
          { createdDateTime, currentScore: 1, maxScore: 0 },
          { createdDateTime, currentScore: null, maxScore: 2 },
        ],
        90,
      ),
    ).toEqual([])
  })
})

it('adds up the seats of a SKU that is listed once for each commerce account', () => {
  const row = { skuId: 'K', skuPartNumber: 'SPB', appliesTo: 'User' }
  expect(
    seatsOf([
      { ...row, capabilityStatus: 'Suspended', consumedUnits: 0, prepaidUnits: { suspended: 5 } },
      { ...row, capabilityStatus: 'Enabled', consumedUnits: 4, prepaidUnits: { enabled: 10 } },
    ]),
  ).toEqual([
    {
      skuId: 'k',
      skuPartNumber: 'SPB',
      appliesTo: 'user',
      boughtCount: 10,
      assignedCount: 4,
      suspendedCount: 5,
      status: 'enabled',
    },
  ])
})

it('never counts fewer than no seats', () => {
  expect(seatsOf([{ skuId: 'k', consumedUnits: -3, prepaidUnits: { enabled: -1, warning: 2 } }])).toMatchObject([
    { boughtCount: 2, assignedCount: 0 },
  ])
})

it('keeps the newer of two scores of one day', () => {
  const scores = securityScoresOf(
    [
      { createdDateTime: '2026-11-20T01:00:00Z', currentScore: 1, maxScore: 10 },
      { createdDateTime: '2026-11-20T23:00:00Z', currentScore: 2, maxScore: 10 },
    ],
    90,
  )
  expect(scores).toEqual([{ day: '2026-11-20', current: 2, max: 10, comparison: null, controls: [] }])
})

it('falls back from the default domain to the first one, and from the name to the domain', () => {
  const initial = { name: 'x.onmicrosoft.com', isInitial: true }
  expect(organisationOf({ displayName: '', verifiedDomains: [initial] }, 't')).toEqual({
    name: 'x.onmicrosoft.com',
    defaultDomain: 'x.onmicrosoft.com',
  })
})
