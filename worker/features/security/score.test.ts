import { describe, expect, it } from 'vitest'
import { controlsTogether, scoreOf } from './score.ts'
import type { ScoreRow } from './score.ts'

const asOf = Date.parse('2026-11-18T12:00:00Z')
const row = (
  tenantId: string,
  day: string,
  current: number,
  max: number,
  comparison: number | null = null,
): ScoreRow => ({
  tenantId,
  day,
  currentHundredths: current * 100,
  maxHundredths: max * 100,
  comparisonHundredths: comparison === null ? null : comparison * 100,
  asOf,
})

describe('The score', () => {
  it('of several tenants adds up, each as it was known last, its comparison weighed by what each could reach', () => {
    const score = scoreOf([
      row('a', '2026-11-16', 20, 100, 40),
      row('b', '2026-11-16', 100, 300, 60),
      row('a', '2026-11-17', 50, 100, 40),
    ])
    expect(score).toMatchObject({ current: 150, max: 400, percent: 37.5, comparison: 55 })
    expect(score?.days.map(({ day, current, max }) => [day, current, max])).toEqual([
      ['2026-11-16', 120, 400],
      ['2026-11-17', 150, 400],
    ])
    expect(score?.tenants.map(({ tenantId, percent }) => [tenantId, percent])).toEqual([
      ['a', 50],
      ['b', 33.3],
    ])
    expect(score?.asOf, 'the older of both').toBe('2026-11-16T23:59:59.000Z')
  })

  it.each([
    ['none where nothing was read', [], null],
    ['nought where nothing can be reached', [row('a', '2026-11-17', 0, 0)], { percent: 0, comparison: null, days: [] }],
    [
      'compared by those alone that Microsoft compares',
      [row('a', '2026-11-17', 10, 100, 40), row('b', '2026-11-17', 10, 900)],
      { percent: 2, comparison: 40 },
    ],
  ])('is %s', (_, rows, expected) => {
    if (expected === null) expect(scoreOf(rows)).toBeNull()
    else expect(scoreOf(rows)).toMatchObject(expected)
  })
})

it('What would raise the score in several tenants is one thing to do, by what it adds in all of them', () => {
  const control = (tenantId: string, id: string, points: number, max: number) => ({
    tenantId,
    id,
    title: `Do ${id}`,
    category: null,
    remediation: '',
    pointsHundredths: points * 100,
    maxHundredths: max * 100,
    asOf,
  })
  expect(
    controlsTogether([control('a', 'mfa', 4, 9), control('a', 'legacy', 0, 6), control('b', 'mfa', 0, 2)]),
  ).toMatchObject([
    { id: 'mfa', gain: 7, tenantIds: ['a', 'b'] },
    { id: 'legacy', gain: 6, tenantIds: ['a'] },
  ])
})
