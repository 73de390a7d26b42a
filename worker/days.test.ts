import { describe, expect, it } from 'vitest'
import { dayOf, daysAfter, daysBetween, startOfDay } from './days.ts'

describe('A day', () => {
  it.each([
    ['2027-06-18T23:30:00Z', 'Europe/London', '2027-06-19'],
    ['2027-01-18T23:30:00Z', 'Europe/London', '2027-01-18'],
    ['2027-06-19T03:59:59Z', 'America/New_York', '2027-06-18'],
    ['2027-06-18T14:00:00Z', 'Pacific/Auckland', '2027-06-19'],
  ])('at %s in %s is %s', (moment, timeZone, day) => {
    expect(dayOf(Date.parse(moment), timeZone)).toBe(day)
  })

  it.each([
    ['2027-06-19', 'Europe/London', '2027-06-18T23:00:00.000Z'],
    ['2027-01-19', 'Europe/London', '2027-01-19T00:00:00.000Z'],
    // The days on which clocks go forward and back.
    ['2027-03-28', 'Europe/London', '2027-03-28T00:00:00.000Z'],
    ['2027-03-29', 'Europe/London', '2027-03-28T23:00:00.000Z'],
    ['2027-11-01', 'Europe/London', '2027-11-01T00:00:00.000Z'],
    ['2027-03-14', 'America/New_York', '2027-03-14T05:00:00.000Z'],
    ['2027-03-15', 'America/New_York', '2027-03-15T04:00:00.000Z'],
    ['2027-06-19', 'Pacific/Auckland', '2027-06-18T12:00:00.000Z'],
    // There is no midnight on this day: clocks go from 23:59:59 to 01:00.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s in %s begins at %s', (day, timeZone, moment) => {
    const start = startOfDay(day, timeZone)
    expect(new Date(start).toISOString()).toBe(moment)
    expect([dayOf(start - 1, timeZone), dayOf(start, timeZone)]).toEqual([daysAfter(day, -1), day])
  })

  it('is so many days before another', () => {
    expect(daysAfter('2028-02-28', 2)).toBe('2028-03-01')
    expect(daysBetween('2027-03-27', '2027-03-29')).toBe(2)
    expect(daysBetween('2027-03-29', '2027-03-27')).toBe(-2)
  })
})
