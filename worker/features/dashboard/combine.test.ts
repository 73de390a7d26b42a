import { describe, expect, it } from 'vitest'
import { oldest, sumByDay, worstOfServices } from './combine.ts'
import { serviceName } from './service-names.ts'

describe('Services of several tenants', () => {
  const states = ['works', 'unknown', 'recovering', 'degraded', 'interrupted'] as const

  it.each(
    states.flatMap((worse, place) =>
      states.slice(0, place).map((better) => [worse, better] as [typeof worse, typeof better]),
    ),
  )('are %s when one of them is, whatever else is %s', (worse, better) => {
    const rows = [
      { service: 'Exchange Online', state: better },
      { service: 'Exchange Online', state: worse },
    ]
    for (const order of [rows, rows.toReversed()]) {
      expect(worstOfServices(order)).toEqual([{ service: 'Exchange Online', state: worse }])
    }
  })

  it('come with what needs attention first, then what people know, then by name', () => {
    const named = worstOfServices([
      { service: 'Yammer', state: 'works' },
      { service: 'Microsoft Teams', state: 'works' },
      { service: 'Microsoft Intune', state: 'degraded' },
      { service: 'Bookings', state: 'works' },
      { service: 'Exchange Online', state: 'works' },
      { service: 'Microsoft Forms', state: 'interrupted' },
    ])
    expect(named.map(({ service }) => serviceName(service))).toEqual([
      'Microsoft Forms',
      'Device management',
      'Outlook and e-mail',
      'Teams',
      'Bookings',
      'Yammer',
    ])
  })
})

describe('A figure a day over several tenants', () => {
  it.each([
    ['is nothing where there is nothing', [], []],
    ['is that of the one tenant', [['a', '01', 5]], [['01', 5]]],
    [
      'adds up',
      [
        ['a', '01', 5],
        ['b', '01', 7],
      ],
      [['01', 12]],
    ],
    [
      'carries a tenant over a day it was not read on',
      [
        ['a', '01', 5],
        ['b', '01', 7],
        ['a', '02', 6],
      ],
      [
        ['01', 12],
        ['02', 13],
      ],
    ],
    [
      'grows when a tenant comes later, without inventing it before',
      [
        ['b', '02', 7],
        ['a', '01', 5],
      ],
      [
        ['01', 5],
        ['02', 12],
      ],
    ],
  ] as const)('%s', (_name, rows, expected) => {
    const read = rows.map(([tenantId, day, count]) => ({ tenantId, day, count }))
    expect(sumByDay(read).map(({ day, count }) => [day, count])).toEqual(expected)
  })
})

it.each([
  [[], null],
  [[null], null],
  [[null, 86_400_000], '1970-01-02T00:00:00.000Z'],
  [[172_800_000, 86_400_000], '1970-01-02T00:00:00.000Z'],
])('What %j is good for is as of %s', (moments, expected) => {
  expect(oldest(moments)).toBe(expected)
})
