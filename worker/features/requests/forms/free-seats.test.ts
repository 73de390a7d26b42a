import { describe, expect, it } from 'vitest'
import { claimsInForce, freeOn, missingFor } from './free-seats.ts'

const TODAY = '2026-11-18'
const claim = (takenCount: number, fromOn: string | null, untilOn: string | null = null) => ({
  takenCount,
  fromOn,
  untilOn,
})

describe('Seats that are free on a day', () => {
  const starter = claim(1, '2026-12-01')
  const temporary = claim(2, '2026-12-01', '2026-12-31')
  // Somebody whose last day is the 30th of November gives their seat from the day after.
  const leaver = claim(-1, '2026-12-01')
  const more = claim(-5, '2027-01-01')

  it.each([
    ['without anything under way', [], TODAY, 3],
    ['before a starter is there', [starter], '2026-11-30', 3],
    ['from a starter’s first day on', [starter], '2026-12-01', 2],
    ['while somebody is there for a time', [temporary], '2026-12-31', 1],
    ['after somebody was there for a time', [temporary], '2027-01-01', 3],
    ['on a leaver’s last day', [leaver], '2026-11-30', 3],
    ['from the day after a leaver’s last day on', [leaver], '2026-12-01', 4],
    ['with seats that are to be bought', [more], '2027-01-01', 8],
    ['with all of them', [starter, temporary, leaver, more], '2026-12-15', 1],
    ['with a change that takes effect at once', [claim(4, null)], TODAY, -1],
  ])('%s', (_, claims, day, free) => {
    expect(freeOn({ boughtCount: 10, assignedCount: 7 }, claims, day)).toBe(free)
  })
})

describe('Seats that a request is short of', () => {
  const seats = { boughtCount: 10, assignedCount: 9 }

  it.each([
    ['none where one is free', [claim(1, '2026-12-01')], [], 0, null],
    ['one where two are needed', [claim(2, '2026-12-01')], [], 1, '2026-12-01'],
    [
      'one where an earlier starter takes the last',
      [claim(1, '2026-12-01')],
      [claim(1, '2026-11-20')],
      1,
      '2026-12-01',
    ],
    ['none where a leaver gives one in time', [claim(2, '2026-12-01')], [claim(-1, '2026-12-01')], 0, null],
    ['one where a leaver gives one too late', [claim(2, '2026-12-01')], [claim(-1, '2026-12-02')], 1, '2026-12-01'],
    ['one from when a scheduled change takes it', [claim(1, '2026-12-01')], [claim(1, '2027-01-04')], 1, '2027-01-04'],
    ['none where that is after it ended', [claim(1, '2026-12-01', '2026-12-31')], [claim(1, '2027-01-04')], 0, null],
    ['its own, not what was promised twice before', [claim(1, '2026-12-01')], [claim(5, null)], 1, '2026-12-01'],
    ['one today where it should have begun', [claim(2, '2026-11-01')], [], 1, TODAY],
    ['none where it gives seats', [claim(-3, null)], [claim(5, null)], 0, null],
    [
      'one from the day after more were there for a time',
      [claim(1, '2027-01-10')],
      [claim(1, null), claim(-5, '2027-01-01', '2027-01-31')],
      1,
      '2027-02-01',
    ],
    [
      'none where it ends with those that were there for a time',
      [claim(1, '2027-01-10', '2027-01-31')],
      [claim(1, null), claim(-5, '2027-01-01', '2027-01-31')],
      0,
      null,
    ],
    ['the worst of two periods', [claim(1, '2026-12-01'), claim(3, '2027-02-01')], [], 3, '2027-02-01'],
  ])('%s', (_, own, others, count, on) => {
    expect(missingFor(seats, own, others, TODAY)).toEqual({ count, on })
  })
})

describe('What requests take and give for others', () => {
  const of = (
    requestId: string,
    takenCount: number,
    more: { isApproved?: boolean; doneAt?: number; asOf?: number; fromOn?: string; untilOn?: string } = {},
  ) => ({
    requestId,
    tenantId: 'fabrikam',
    skuId: 'e3',
    takenCount,
    fromOn: null,
    untilOn: null,
    isOfHoldings: false,
    stepPlace: 0,
    isApproved: true,
    doneAt: null,
    asOf: 100,
    ...more,
  })
  const isWaiting = { isApproved: false }
  const january = { fromOn: '2027-01-01', untilOn: '2027-01-31' }

  it.each([
    ['nothing of a wish for more seats that nobody approved', [of('a', -20, isWaiting)], []],
    ['what somebody new takes who waits for an approval', [of('a', 1, isWaiting)], [[1, null, null]]],
    [
      'nothing of seats that are to be bought for those who take them',
      [of('a', -3, isWaiting), of('a', 2, isWaiting)],
      [],
    ],
    ['what is left of them', [of('a', -1, isWaiting), of('a', 2, isWaiting)], [[1, null, null]]],
    ['no wish against what another takes', [of('a', -1, isWaiting), of('b', 1, isWaiting)], [[1, null, null]]],
    ['seats that were approved', [of('a', -5)], [[-5, null, null]]],
    ['what is done, until figures are read after it', [of('a', 1, { doneAt: 101 })], [[1, null, null]]],
    ['a starter who has their seat no more', [of('a', 1, { doneAt: 90 })], []],
    ['a leaver whose seat was taken no more', [of('a', -1, { doneAt: 90 })], []],
    ['seats that were bought no more', [of('a', -5, { doneAt: 90 })], []],
    [
      'the end of somebody who is there for a while',
      [of('a', 1, { doneAt: 90, ...january })],
      [[-1, '2027-02-01', null]],
    ],
    [
      'the end of seats that were bought for a while',
      [of('a', -5, { doneAt: 90, ...january })],
      [[5, '2027-02-01', null]],
    ],
    ['no end that is over', [of('a', 1, { doneAt: 90, untilOn: '2026-11-17' })], []],
  ])('%s', (_, kept, inForce) => {
    expect(claimsInForce(kept, TODAY).map(({ takenCount, fromOn, untilOn }) => [takenCount, fromOn, untilOn])).toEqual(
      inForce,
    )
  })
})
