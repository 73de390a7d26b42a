import { describe, expect, it } from 'vitest'
import { costsOf, priceInForce } from './price.ts'

const list = { amountMinor: 1890, per: 'month', currency: 'GBP' } as const
const own = { amountMinor: 20_000, per: 'year', currency: 'GBP' } as const

describe('The price of a seat', () => {
  it.each([
    ['is the list’s where the customer has none of its own', {}, list, { ...list, isOwn: false }],
    ['is the customer’s own before the list’s', { sku: own }, list, { ...own, isOwn: true }],
    ['is the customer’s own where there is no list price', { sku: own }, null, { ...own, isOwn: true }],
    ['is not known where there is none', {}, null, null],
    ['is not known where the list’s is in another currency', {}, { ...list, currency: 'EUR' }, null],
    [
      'is the list’s where the customer’s own is in another currency',
      { sku: { ...own, currency: 'EUR' } },
      list,
      { ...list, isOwn: false },
    ],
  ])('%s', (_, prices, listed, expected) => {
    expect(priceInForce('sku', prices, listed, 'GBP')).toEqual(expected)
  })
})

describe('What licences cost', () => {
  it('is exact for a year, and rounded once for a month', () => {
    const costs = costsOf('GBP', [{ boughtCount: 3, price: { amountMinor: 100, per: 'year', currency: 'GBP' } }], 7)
    expect(costs).toEqual({
      currency: 'GBP',
      perYearMinor: 300,
      perMonthMinor: 25,
      perPersonPerMonthMinor: 4,
      unpricedCount: 0,
    })
  })

  it('adds months and years up, and says how many licences have no price', () => {
    const costs = costsOf(
      'GBP',
      [
        { boughtCount: 10, price: list },
        { boughtCount: 2, price: own },
        { boughtCount: 5, price: null },
        // Nothing of it was bought, so that no price of it is missed.
        { boughtCount: 0, price: null },
      ],
      0,
    )
    expect(costs).toMatchObject({
      perYearMinor: 10 * 1890 * 12 + 40_000,
      unpricedCount: 1,
      perPersonPerMonthMinor: null,
    })
  })
})
