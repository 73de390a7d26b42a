import { describe, expect, it } from 'vitest'
import { bySku, inOrder, seatsIn, together, toldApart } from './add-up.ts'

const seats = (boughtCount: number, assignedCount: number) => seatsIn({ boughtCount, assignedCount, suspendedCount: 0 })

describe('Seats of one tenant', () => {
  it.each([
    [10, 4, 6, 0],
    [10, 10, 0, 0],
    [10, 13, 0, 3],
    [0, 0, 0, 0],
    [0, 2, 0, 2],
  ])('of %d with %d assigned leave %d available and %d over', (bought, assigned, availableCount, overCount) => {
    expect(seats(bought, assigned)).toMatchObject({ availableCount, overCount })
  })
})

describe('Seats of several tenants', () => {
  it('add up once each, and free ones in one do not mend what is over in another', () => {
    expect(together([seats(10, 4), seats(5, 7)])).toEqual({
      boughtCount: 15,
      assignedCount: 11,
      availableCount: 6,
      overCount: 2,
      suspendedCount: 0,
    })
  })

  it('are of one licence whatever the case of its id', () => {
    expect(
      [...bySku([{ skuId: 'ABC' }, { skuId: 'abc' }, { skuId: 'd' }])].map(([id, rows]) => [id, rows.length]),
    ).toEqual([
      ['abc', 2],
      ['d', 1],
    ])
  })

  it('come with the over-used first, then the most, then by name', () => {
    const named = [
      { name: 'B', ...seats(5, 0) },
      { name: 'A', ...seats(5, 0) },
      { name: 'Large', ...seats(50, 0) },
      { name: 'Over', ...seats(1, 2) },
    ]
    expect(inOrder(named).map(({ name }) => name)).toEqual(['Over', 'Large', 'A', 'B'])
  })
})

describe('Licences of one name', () => {
  it('are told apart by their part numbers, and nothing else is touched', () => {
    const named = (name: string, skuPartNumber: string) => ({ name, skuPartNumber })
    expect(
      toldApart([named('E3', 'SPE_E3'), named('E5', 'SPE_E5'), named('E3', 'SPE_E3_HUB')]).map(({ name }) => name),
    ).toEqual(['E3 (SPE_E3)', 'E5', 'E3 (SPE_E3_HUB)'])
  })
})
