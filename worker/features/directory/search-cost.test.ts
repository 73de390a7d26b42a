import { expect, it } from 'vitest'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { call, newAnnas, newContact, newCustomer, newMsp, newPortal, newTenant } from '../../test/stage.ts'

holdQueue()

it('A search reads as much for words that everybody has, however many they are', async () => {
  const portal = await newPortal(await newCustomer(await newMsp()))
  const [tenant, contact] = [await newTenant(portal), await newContact(portal)]
  const search = async (words: string) => {
    const path = `/api/portal/customers/${portal.customerId}/users?q=${encodeURIComponent(words)}`
    expect((await call(portal.host, 'GET', path, { as: contact })).status).toBe(200)
  }
  const rows = async () => {
    const costs: number[] = []
    for (const words of ['anna', 'ann smi', 'anna smith 12'])
      costs.push(await rowsReadBy(portal.msp.shard, () => search(words)))
    return costs
  }
  await newAnnas(portal, tenant.id, 0, 300)
  const few = await rows()
  await newAnnas(portal, tenant.id, 300, 900)
  expect(await rows()).toEqual(few)
})
