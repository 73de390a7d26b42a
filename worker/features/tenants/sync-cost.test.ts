import { expect, it } from 'vitest'
import { meteredShard } from '../../test/meter.ts'
import { BUSINESS_PREMIUM, people, person } from '../../test/microsoft.ts'
import {
  connectedTenant,
  countingShard,
  deliver,
  environmentWith,
  queueSync,
  stageMicrosoft,
  sync,
  syncJob,
  tenantRow,
} from '../../test/tenants.ts'
import { portionsOf } from './portions.ts'

const { microsoft, clock } = stageMicrosoft()

const premium = { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] }

/** A tenant as large as that, with Graph's usual pages. */
const tenantOf = (count: number, pageSize = 200) =>
  connectedTenant(microsoft.tenant({ people: people(count, premium), pageSize }))

it.each([
  { userCount: 1_200, pageSize: 200, statementCountMax: 55 },
  { userCount: 10_000, pageSize: 200, statementCountMax: 75 },
  // Graph may send fewer of them at once.
  { userCount: 10_000, pageSize: 100, statementCountMax: 100 },
])(
  'A full sync of $userCount people, $pageSize to a page, takes at most $statementCountMax statements however slowly they come',
  async ({ userCount, pageSize, statementCountMax }) => {
    const connected = await tenantOf(userCount, pageSize)
    const count = { calls: 0, statements: 0 }
    microsoft.interrupt('/users/delta', (_asked, ordinary) => (clock.forward(1_000), ordinary()), 1_000)
    await queueSync(connected)
    await deliver(connected, environmentWith(connected, countingShard(count)))
    microsoft.calm()
    expect(await syncJob(connected)).toMatchObject({ state: 'done' })
    expect(await tenantRow(connected)).toMatchObject({ activeUserCount: userCount, licensedUserCount: userCount })
    console.info(`${userCount} people: ${count.statements} statements in ${count.calls} round trips`)
    expect(count.statements).toBeLessThanOrEqual(statementCountMax)
  },
  60_000,
)

it('A sync of ten changes reads and writes as many rows in a large tenant as in a small one', async () => {
  const [small, large] = [await costOfTenChanges(50), await costOfTenChanges(5_000)]
  console.info(`ten changes: ${JSON.stringify({ small, large })}`)
  expect(large.rowsRead).toBeLessThanOrEqual(small.rowsRead * 1.1 + 10)
  expect(large.rowsWritten).toBeLessThanOrEqual(small.rowsWritten + 5)
  expect(large.rowsWritten).toBeGreaterThan(10)
}, 60_000)

const costOfTenChanges = async (count: number) => {
  const connected = await tenantOf(count)
  await sync(connected)
  clock.forward(3_600_000)
  const { microsoftTenant } = connected
  for (const { id } of people(8)) microsoftTenant.change(id, { accountEnabled: false })
  microsoftTenant.leave(person(9).id)
  microsoftTenant.join(person(count + 1))
  const meter = { rowsRead: 0, rowsWritten: 0 }
  await queueSync(connected)
  await deliver(
    connected,
    environmentWith(connected, ({ name }) => meteredShard(name, meter)),
  )
  expect(await syncJob(connected)).toMatchObject({ state: 'done' })
  expect(await tenantRow(connected)).toMatchObject({ activeUserCount: count - 8, blockedUserCount: 8 })
  return meter
}

it.each([
  ['nothing', [], []],
  ['what fits together', [10, 10, 10], [3]],
  ['as few portions as fit', [40, 40, 40], [2, 1]],
  ['a row that is too large by itself, alone', [10, 400, 10], [1, 1, 1]],
])('Rows travel in portions: %s', (_name, sizes, portions) => {
  // A quoted text takes two bytes more than it has letters.
  const rows = sizes.map((size) => 'x'.repeat(size - 2))
  expect(portionsOf(rows, 100).map(({ length }) => length)).toEqual(portions)
  expect(portionsOf(rows, 100).flat()).toEqual(rows)
})

it('The size of a portion is in bytes, not in letters', () => {
  expect(portionsOf(['山'.repeat(20), '山'.repeat(20)], 100)).toHaveLength(2)
})
