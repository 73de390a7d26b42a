import { expect, it } from 'vitest'
import { securityScores, syncRuns } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { groundFor } from '../../http/session.ts'
import { forMsp } from '../../tenancy/scope.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { people, startMicrosoft } from '../../test/microsoft.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { newCustomer, newMsp, newTenant } from '../../test/stage.ts'
import { connectedTenant, countingShard, environmentWith, sync } from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import { listTenants, removeTenant, requestSync } from './tenants.ts'

const microsoft = startMicrosoft()
holdQueue()

/** The round trips that a verb takes beside the one of the session. */
const tripsOf = async (connected: Connected, verb: (msp: ReturnType<typeof forMsp>) => Promise<unknown>) => {
  const count = { calls: 0, statements: 0 }
  const environment: Environment = environmentWith(connected, countingShard(count))
  const { shard, mspId } = connected.customer.msp
  const actor = { kind: 'staff' as const, id: 'somebody', name: 'Somebody' }
  await verb(forMsp(groundFor({ environment, requestId: 'test', later: (work) => void work() }, shard, actor), mspId))
  return count.calls
}

it('A customer’s tenants are listed in one round trip, and changed in two', async () => {
  const customer = await newCustomer(await newMsp())
  const scores = [
    { createdDateTime: '2026-11-17T00:00:00Z', currentScore: 41, maxScore: 100 },
    { createdDateTime: '2026-11-16T00:00:00Z', currentScore: 55.5, maxScore: 110 },
  ]
  const connected = await connectedTenant(microsoft.tenant({ people: people(3), scores }), { customer })
  await connectedTenant(microsoft.tenant(), { customer })
  await sync(connected)
  const { customerId } = customer
  expect(
    await tripsOf(connected, async (msp) => {
      const {
        current: [first, second, ...more],
      } = await listTenants(msp, customerId)
      expect(first).toMatchObject({
        run: { state: 'done' },
        job: undefined,
        seats: { boughtCount: 5, assignedCount: 3 },
        score: { day: '2026-11-17', currentHundredths: 4100, maxHundredths: 10_000 },
      })
      expect(second).toMatchObject({
        score: undefined,
        run: undefined,
        job: undefined,
        seats: { boughtCount: 0, assignedCount: 0 },
      })
      expect(more).toEqual([])
    }),
  ).toBe(1)
  expect(await tripsOf(connected, (msp) => requestSync(msp, customerId, connected.tenantId))).toBe(2)
  expect(await tripsOf(connected, (msp) => removeTenant(msp, customerId, connected.tenantId, undefined))).toBe(2)
})

it('A customer’s tenants are listed at the same cost after a year of syncs and scores', async () => {
  const { scope, shard } = await newMsp()
  const customer = await newCustomer({ scope, shard, mspId: scope.mspId, name: '' })
  const [tenant, other] = [await newTenant(customer), await newTenant(customer)]
  const cost = () =>
    rowsReadBy(shard, async () => {
      const { current } = await listTenants(scope, customer.customerId)
      expect(current.map(({ run, score }) => [run?.id, score?.day])).toEqual([
        [`run-${tenant.id}-999`, '2026-999'],
        [undefined, undefined],
      ])
    })
  const happened = (days: number[]) => {
    const rows = scope.forCustomer(customer.customerId).forTenant(tenant.id)
    const runs = days.map((day) => ({
      id: `run-${tenant.id}-${day}`,
      kind: 'delta' as const,
      state: 'done' as const,
      step: 'finishing' as const,
      startedAt: day,
    }))
    const points = { currentHundredths: 1, maxHundredths: 2, asOf: 1 }
    return rows.record(
      ...runs.map((run) => rows.add(syncRuns, run)),
      rows.putAll(
        securityScores,
        days.map((day) => ({ id: `2026-${day}`, ...points })),
      ),
    )
  }
  await happened([999])
  expect(other.id).not.toBe(tenant.id)
  const before = await cost()
  await happened(Array.from({ length: 365 }, (_, day) => 500 + day))
  expect(await cost()).toBe(before)
})

it('The tenants of a customer that is not there are missing, not none', async () => {
  const { scope } = await newMsp()
  await expect(listTenants(scope, 'made-up')).rejects.toMatchObject({ code: 'missing' })
})
