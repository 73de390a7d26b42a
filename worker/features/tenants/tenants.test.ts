import { expect, it } from 'vitest'
import type { Environment } from '../../env.ts'
import { groundFor } from '../../http/session.ts'
import { forMsp } from '../../tenancy/scope.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { people, startMicrosoft } from '../../test/microsoft.ts'
import { newCustomer, newMsp } from '../../test/stage.ts'
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

it('The tenants of a customer that is not there are missing, not none', async () => {
  const { scope } = await newMsp()
  await expect(listTenants(scope, 'made-up')).rejects.toMatchObject({ code: 'missing' })
})
