import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { day, relative } from './format.ts'

describe('Dates in words', () => {
  const at = (hour: number, dayOfMonth = 1) => new Date(2026, 11, dayOfMonth, hour)

  it('count days from midnight to midnight, so that they agree with the date beside them all day', () => {
    const renewal = at(0, 29).toISOString()
    assert.deepEqual(
      [1, 11, 13, 23].map((hour) => relative(renewal, at(hour))),
      Array(4).fill('in 28 days'),
    )
    assert.equal(relative(at(9, 1).toISOString(), at(21, 4)), '3 days ago')
  })

  it('count hours within a day of now, whatever the calendar says', () => {
    assert.equal(relative(at(1, 2).toISOString(), at(22, 1)), 'in 3 hours')
  })

  it('have their year where it is another one', () => {
    assert.equal(day('2026-12-01', at(12)), '1 Dec')
    assert.equal(day('2025-12-02', at(12)), '2 Dec 2025')
  })
})
