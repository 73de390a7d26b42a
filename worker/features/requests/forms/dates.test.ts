import { describe, expect, it } from 'vitest'
import { faultOfDay, faultsOfPeriod, lastDayFrom } from './dates.ts'

const TODAY = '2026-11-18'

describe('A day that something is asked for', () => {
  it.each([
    ['today', '2026-11-18', undefined],
    ['tomorrow', '2026-11-19', undefined],
    ['two years from now', '2028-11-18', undefined],
    ['yesterday', '2026-11-17', 'This day is over. Choose today or a later one.'],
    ['in 1970', '1970-01-01', 'This day is over. Choose today or a later one.'],
    ['a day more than two years from now', '2028-11-19', 'At most 2 years ahead.'],
    ['in 9999', '9999-12-31', 'At most 2 years ahead.'],
  ])('%s', (_, day, fault) => {
    expect(faultOfDay(day, TODAY)).toBe(fault)
  })

  it('is two years from a leap day at most, on the last of February', () => {
    expect(lastDayFrom('2028-02-29')).toBe('2030-02-28')
  })
})

describe('A period', () => {
  it.each([
    ['from now on, for good', null, null, []],
    ['of one day', '2026-12-01', '2026-12-01', []],
    ['of some days', '2026-12-01', '2026-12-24', []],
    ['from now until a day', null, '2026-12-24', []],
    [
      'that ends before it begins',
      '2026-12-24',
      '2026-12-01',
      [{ field: 'endsOn', detail: 'This is before it begins, on 24 December 2026.' }],
    ],
    [
      'that is over, and begins too late',
      '9999-01-01',
      '1970-01-01',
      [
        { field: 'startsOn', detail: 'At most 2 years ahead.' },
        { field: 'endsOn', detail: 'This day is over. Choose today or a later one.' },
      ],
    ],
  ])('%s', (_, startsOn, endsOn, faults) => {
    expect(faultsOfPeriod(startsOn, endsOn, TODAY)).toEqual(faults)
  })
})
