import { describe, expect, it } from 'vitest'
import { asNewUser } from '../../connectors/directory.ts'
import type { DirectoryUserChange } from '../../connectors/directory.ts'
import { applyPages, changesBetween, countsOf, departed, isLicensed, maySweep } from './apply-page.ts'
import type { KeptUser } from './apply-page.ts'

const member = (more: Partial<KeptUser> = {}): KeptUser => ({
  ...asNewUser({ id: 'a', displayName: 'Ada', jobTitle: 'Carpenter' }),
  isLicensed: false,
  ...more,
})
const guest = (more: Partial<KeptUser> = {}) => member({ isGuest: true, ...more })
const blocked = (more: Partial<KeptUser> = {}) => member({ signInAllowed: false, ...more })

const counted = new Set(['x', 'paid'])
const LICENCE_EXCHANGED = ['licence_given', 'licence_taken']

describe('What is worth telling of one person', () => {
  it.each([
    ['somebody new', undefined, member(), ['joined']],
    ['somebody new who may not sign in', undefined, blocked(), ['joined']],
    ['somebody gone', member(), undefined, ['left']],
    ['somebody blocked', member(), blocked(), ['blocked']],
    ['somebody unblocked', blocked(), member(), ['unblocked']],
    ['somebody renamed', member(), member({ displayName: 'Ada L.' }), []],
    ['somebody blocked and gone', blocked(), undefined, ['left']],
    ['a new guest', undefined, guest(), []],
    ['a guest gone', guest(), undefined, []],
    ['a guest blocked', guest(), guest({ signInAllowed: false }), []],
    ['nobody', undefined, undefined, []],
    ['a licence given', member(), member({ skuIds: ['paid'] }), ['licence_given']],
    ['a licence taken', member({ skuIds: ['paid'] }), member(), ['licence_taken']],
    ['one licence for another', member({ skuIds: ['x'] }), member({ skuIds: ['paid'] }), LICENCE_EXCHANGED],
    ['licences in another order', member({ skuIds: ['x', 'paid'] }), member({ skuIds: ['paid', 'x'] }), []],
    ['a free licence given', member(), member({ skuIds: ['free'] }), []],
    ['a licence given to a guest', guest(), guest({ skuIds: ['paid'] }), []],
    ['somebody new with a licence', undefined, member({ skuIds: ['paid'] }), ['joined']],
    ['somebody gone with a licence', member({ skuIds: ['paid'] }), undefined, ['left']],
    ['somebody blocked whose licence is taken', member({ skuIds: ['x'] }), blocked(), ['blocked', 'licence_taken']],
  ])('%s', (_name, before, after, kinds) => {
    expect(changesBetween(before, after, counted).map(({ kind }) => kind)).toEqual(kinds)
  })

  it('names the licence that was given or taken', () => {
    const told = changesBetween(member({ skuIds: ['x'] }), member({ skuIds: ['paid'] }), counted)
    expect(told.map(({ kind, skuId }) => [kind, skuId])).toEqual([
      ['licence_given', 'paid'],
      ['licence_taken', 'x'],
    ])
    expect(changesBetween(member(), blocked(), counted)[0]?.skuId).toBeNull()
  })

  it('names the job, or else the department', () => {
    const detailOf = (somebody: KeptUser) => changesBetween(undefined, somebody, counted)[0]?.detail
    expect(detailOf(member())).toBe('Carpenter')
    expect(detailOf(member({ jobTitle: null, department: 'Joinery' }))).toBe('Joinery')
    expect(detailOf(member({ jobTitle: null }))).toBeNull()
  })
})

it.each([
  [member(), { active: 1, guests: 0, blocked: 0, licensed: 0 }],
  [member({ isLicensed: true }), { active: 1, guests: 0, blocked: 0, licensed: 1 }],
  [blocked({ isLicensed: true }), { active: 0, guests: 0, blocked: 1, licensed: 1 }],
  [guest(), { active: 0, guests: 1, blocked: 0, licensed: 0 }],
  [guest({ signInAllowed: false }), { active: 0, guests: 1, blocked: 0, licensed: 0 }],
  [undefined, { active: 0, guests: 0, blocked: 0, licensed: 0 }],
])('Counts of one person, case %#', (user, counts) => {
  expect(countsOf(user)).toEqual(counts)
})

it.each([
  [0, 0, true],
  [0, 10, true],
  [2, 10, true],
  [3, 10, false],
  [1, 4, false],
  [10, 10, false],
])('Of %i missing of %i, all may be removed: %s', (missing, known, expected) => {
  expect(maySweep(missing, known)).toBe(expected)
})

it.each([
  ['as many as were confirmed', 5, { missingCount: 5, confirmedAt: 1 }, true],
  ['fewer than were confirmed', 4, { missingCount: 5, confirmedAt: 1 }, true],
  ['more than were confirmed', 6, { missingCount: 5, confirmedAt: 1 }, false],
  ['what was asked and not confirmed', 5, { missingCount: 5, confirmedAt: null }, false],
  ['what was never asked', 5, null, false],
])('Of ten people, %s may be removed or not', (_name, missing, asked, expected) => {
  expect(maySweep(missing, 10, asked)).toBe(expected)
})

it.each([
  ['no seat', [], ['paid'], false],
  ['a seat that counts', ['paid'], ['paid'], true],
  ['a hidden seat', ['free'], ['paid'], false],
  ['a hidden seat and one that counts', ['free', 'paid'], ['paid'], true],
  ['a seat of what the tenant no longer has', ['gone'], ['paid'], false],
  ['a seat where nothing counts', ['paid'], [], false],
])('Whoever has %s is licensed or not', (_name, skuIds, counted, expected) => {
  expect(isLicensed({ skuIds }, new Set(counted))).toBe(expected)
})

describe('Pages of people', () => {
  const apply = (
    kept: KeptUser[],
    pages: { users?: DirectoryUserChange[]; removedIds?: string[] }[],
    { counted = ['x', 'paid'], isFirstSync = false }: { counted?: string[]; isFirstSync?: boolean } = {},
  ) =>
    applyPages(
      new Map(kept.map((user) => [user.id, user])),
      pages.map(({ users = [], removedIds = [] }) => ({ users, removedIds })),
      { countedSkuIds: new Set(counted), isFirstSync },
    )

  it('apply in order, the last word on somebody being what counts', () => {
    const { puts, removedIds, changes, deltas } = apply(
      [member()],
      [{ users: [{ id: 'a', signInAllowed: false }] }, { users: [{ id: 'a', signInAllowed: true, jobTitle: 'Boss' }] }],
    )
    expect(puts).toMatchObject([{ id: 'a', displayName: 'Ada', jobTitle: 'Boss', signInAllowed: true }])
    expect([removedIds, changes]).toEqual([[], []])
    expect(deltas).toEqual({ active: 0, guests: 0, blocked: 0, licensed: 0 })
  })

  it('leave alone what they do not mention', () => {
    const { puts } = apply(
      [member({ department: 'Joinery', skuIds: ['x'] })],
      [{ users: [{ id: 'a', mail: 'a@b.example' }] }],
    )
    expect(puts).toMatchObject([{ department: 'Joinery', skuIds: ['x'], isLicensed: true, mail: 'a@b.example' }])
  })

  it('take somebody away, and bring them back', () => {
    const gone = apply([member({ isLicensed: true })], [{ removedIds: ['a'] }])
    expect(gone).toMatchObject({ puts: [], removedIds: ['a'], deltas: { active: -1, licensed: -1 } })
    expect(gone.changes.map(({ kind }) => kind)).toEqual(['left'])
    const back = apply([member()], [{ removedIds: ['a'] }, { users: [{ id: 'a', displayName: 'Ada' }] }])
    expect(back).toMatchObject({ puts: [{ id: 'a' }], removedIds: [], changes: [], deltas: { active: 0 } })
  })

  it('do not remove whom nobody knew', () => {
    expect(apply([], [{ removedIds: ['x'] }])).toMatchObject({ puts: [], removedIds: [], changes: [] })
    const cameAndWent = apply([], [{ users: [{ id: 'x' }] }, { removedIds: ['x'] }])
    expect(cameAndWent).toMatchObject({ puts: [], removedIds: [], changes: [], deltas: { active: 0 } })
  })

  it('count as licensed who has a seat of anything that is not hidden', () => {
    const licensed = (skuIds: string[]) => apply([], [{ users: [{ id: 'x', skuIds }] }]).puts[0]
    expect(licensed(['free'])?.isLicensed).toBe(false)
    expect(licensed(['free', 'paid'])?.isLicensed).toBe(true)
    expect(licensed([])?.isLicensed).toBe(false)
  })

  it('tell nothing when they are the first, but count', () => {
    const first = apply([], [{ users: [{ id: 'x' }, { id: 'y', isGuest: true }] }], { isFirstSync: true })
    expect(first).toMatchObject({ changes: [], deltas: { active: 1, guests: 1 } })
    expect(departed([member()], { isFirstSync: true })).toMatchObject({ changes: [], deltas: { active: -1 } })
  })
})
