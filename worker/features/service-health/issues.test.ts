import { expect, it } from 'vitest'
import { issuesTogether, placeOf } from './issues.ts'

const issue = (tenantId: string, id: string, startedAt: number | null, asOf = 0) => ({ tenantId, id, startedAt, asOf })
const three = [
  issue('a', 'EX1', 10),
  issue('b', 'EX1', 10, 5),
  issue('a', 'TM2', 30),
  issue('a', 'SP3', null),
  issue('b', 'MO4', 10),
]

it('Issues of several tenants stand once each, the newest first, what began at no known moment last', () => {
  expect(issuesTogether(three, undefined).map(({ id, tenantId, tenantIds }) => [id, tenantId, tenantIds])).toEqual([
    ['TM2', 'a', ['a']],
    ['MO4', 'b', ['b']],
    ['EX1', 'b', ['a', 'b']],
    ['SP3', 'a', ['a']],
  ])
})

it.each([
  ['TM2', 30, ['MO4', 'EX1', 'SP3']],
  ['MO4', 10, ['EX1', 'SP3']],
  ['EX1', 10, ['SP3']],
  ['SP3', null, []],
])('After %s come the others', (id, startedAt, after) => {
  expect(issuesTogether(three, placeOf({ id, startedAt })).map((one) => one.id)).toEqual(after)
})
