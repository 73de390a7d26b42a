import { describe, expect, it } from 'vitest'
import type { RequestFacts } from '../../../../db/shard/schema.ts'
import { differencesOf } from './facts.ts'

const pounds = (amountMinor: number) => ({ amountMinor, per: 'month' as const, currency: 'GBP' })
const facts: RequestFacts = {
  people: { tom: { name: 'Tom Okafor', state: 'there' } },
  groups: { all: { name: 'All staff', state: 'there' } },
  licences: { e3: { name: 'Microsoft 365 E3', state: 'there', missingSeatCount: 0, price: pounds(3120) } },
  addresses: { 'anna@fabrikam.example': 'free' },
}
const person = (state: 'there' | 'blocked' | 'gone') => ({ people: { tom: { name: 'Tom Okafor', state } } })
const licence = (more: Partial<RequestFacts['licences'][string]>) => ({
  licences: {
    e3: { name: 'Microsoft 365 E3', state: 'there' as const, missingSeatCount: 0, price: pounds(3120), ...more },
  },
})

describe('What differs from when a request was made', () => {
  it.each([
    ['nothing', {}, {}, []],
    ['a person left', {}, person('gone'), [{ about: 'Tom Okafor', was: 'Has an account', is: 'Has left' }]],
    [
      'a person was blocked',
      {},
      person('blocked'),
      [{ about: 'Tom Okafor', was: 'Has an account', is: 'Cannot sign in' }],
    ],
    [
      'a blocked person left',
      person('blocked'),
      person('gone'),
      [{ about: 'Tom Okafor', was: 'Cannot sign in', is: 'Has left' }],
    ],
    ['a person may sign in again, which is no matter', person('blocked'), person('there'), []],
    [
      'a group is gone',
      {},
      { groups: { all: { name: 'All staff', state: 'gone' as const } } },
      [{ about: 'All staff', was: 'A group', is: 'Gone' }],
    ],
    [
      'the seat is gone',
      {},
      licence({ missingSeatCount: 1 }),
      [{ about: 'Microsoft 365 E3', was: 'Enough seats', is: '1 seat is missing' }],
    ],
    [
      'more seats are missing',
      licence({ missingSeatCount: 1 }),
      licence({ missingSeatCount: 3 }),
      [{ about: 'Microsoft 365 E3', was: '1 seat is missing', is: '3 seats are missing' }],
    ],
    ['a seat came free, which is no matter', licence({ missingSeatCount: 2 }), licence({ missingSeatCount: 1 }), []],
    [
      'the licence is gone',
      {},
      licence({ state: 'gone', price: null }),
      [{ about: 'Microsoft 365 E3', was: 'A licence of the company', is: 'Gone' }],
    ],
    [
      'the price moved',
      {},
      licence({ price: pounds(3350) }),
      [{ about: 'A seat of Microsoft 365 E3', was: '£31.20 a month', is: '£33.50 a month', isPrice: true as const }],
    ],
    ['a price is known from now on, which is no matter', licence({ price: null }), licence({}), []],
    ['a price is known no more, which is no matter', {}, licence({ price: null }), []],
    [
      'the address is somebody’s now',
      {},
      { addresses: { 'anna@fabrikam.example': 'taken' as const } },
      [{ about: 'anna@fabrikam.example', was: 'Free', is: 'Somebody has it' }],
    ],
  ])('%s', (_, before, now, differences) => {
    expect(differencesOf({ ...facts, ...before }, { ...facts, ...now })).toEqual(differences)
  })
})
