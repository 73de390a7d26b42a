import { describe, expect, it } from 'vitest'
import { customers } from '../../../db/shard/schema.ts'
import { newCustomer, newMsp } from '../../test/stage.ts'
import { merged, orderOf } from './customer-order.ts'
import type { CustomerSort } from './customer-order.ts'
import type { CustomerRow } from './customers.ts'

/** Names in the order of their bytes, which neither JavaScript's nor any language's own is. */
const names = ['', 'A', 'Zo', 'a', 'ab', 'zo', 'zoe', 'é', '\uff01', '\u{1f600}', '\u{1f600}a']

const aRow = async (): Promise<CustomerRow> => {
  const msp = await newMsp()
  const { customerId } = await newCustomer(msp)
  return msp.scope.find(customers, customerId, 'customer')
}

describe('Lists of customers that are each in order', () => {
  it.each<[CustomerSort, keyof CustomerRow, (string | number | null)[]]>([
    ['name', 'sortName', names],
    ['-name', 'sortName', names.toReversed()],
    ['users', 'licensedUserCount', [0, 2, 9, 10, 11]],
    ['-createdAt', 'createdAt', [11, 10, 9, 2, 0]],
    ['contact', 'primaryContactName', ['Ann', 'bo', 'Cy', 'É', null]],
    ['-contact', 'primaryContactName', ['É', 'Cy', 'bo', 'Ann', null]],
    ['psaId', 'psaId', ['10', '9', 'a', 'B', null]],
    ['health', 'healthRank', [0, 1, 2, 3]],
    ['-health', 'healthRank', [3, 2, 1, 0]],
  ])('are merged into one by %s', async (sort, field, values) => {
    const row = await aRow()
    const rows = values.map((value) => ({ ...row, [field]: value, id: `id ${String(value)}` }))
    const lists = [0, 1, 2].map((list) => rows.filter((_, at) => at % 3 === list))
    expect(merged(orderOf(sort), lists, 100).map((each) => each[field])).toEqual(values)
    expect(merged(orderOf(sort), lists, 2).map((each) => each[field])).toEqual(values.slice(0, 2))
  })

  it('stand by their ids where they are alike, in the direction of the order', async () => {
    const row = await aRow()
    const lists = [['b', 'd'], ['a', 'c'], []].map((ids) => ids.map((id) => ({ ...row, id, primaryContactName: null })))
    const idsBy = (sort: CustomerSort, of = lists) => merged(orderOf(sort), of, 9).map(({ id }) => id)
    expect(idsBy('name')).toEqual(['a', 'b', 'c', 'd'])
    expect(idsBy('contact')).toEqual(['a', 'b', 'c', 'd'])
    expect(
      idsBy(
        '-contact',
        lists.map((list) => list.toReversed()),
      ),
    ).toEqual(['d', 'c', 'b', 'a'])
  })
})
