import { expect, it, vi } from 'vitest'
import { mailAddresses, portals } from '../../db/shard/schema.ts'
import { shardNamed } from '../env.ts'
import { plan } from '../tenancy/plan.ts'
import type { Select } from '../tenancy/plan.ts'
import type { MspReads } from '../tenancy/scope.ts'
import { ADMIN, call, environment, newCustomer, newMsp, newPortal, newStaff } from '../test/stage.ts'
import type { StagedMsp } from '../test/stage.ts'

/** How many round trips a shard is asked for by what happens meanwhile. */
const tripsOf = async ({ shard: name }: StagedMsp, work: () => Promise<Response>) => {
  const shard = shardNamed(environment, name)
  const spies = [vi.spyOn(shard, 'read'), vi.spyOn(shard, 'batch')]
  const answer = await work()
  const trips = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  for (const spy of spies) spy.mockRestore()
  return { status: answer.status, trips }
}

const newScene = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp))
  const as = await newStaff(msp)
  const path = `/api/msp-portal/customers/${portal.customerId}/portal`
  const body = { prefix: portal.host.split('.')[0], displayName: 'Called otherwise' }
  return { msp, portal, as, path, body }
}

it('What a write starts from comes with the session, in one round trip, and the commit is the second', async () => {
  const { msp, as, path, body } = await newScene()
  expect(await tripsOf(msp, () => call(ADMIN, 'PUT', path, { as, body }))).toEqual({ status: 200, trips: 2 })
})

it('What came with a session that is none, or may not, is told to nobody', async () => {
  const { msp, as, path, body } = await newScene()
  const madeUp = { cookie: as.cookie.replace(/[^.]{43}$/, 'x'.repeat(43)) }
  expect(await tripsOf(msp, () => call(ADMIN, 'PUT', path, { as: madeUp, body }))).toEqual({ status: 401, trips: 1 })
  const viewer = await newStaff(msp, 'viewer')
  expect(await tripsOf(msp, () => call(ADMIN, 'PUT', path, { as: viewer, body }))).toEqual({ status: 403, trips: 1 })
})

it('What comes with the session of one MSP is nothing of another’s', async () => {
  const { path, body } = await newScene()
  const msp = await newMsp()
  const as = await newStaff(msp)
  expect(await tripsOf(msp, () => call(ADMIN, 'PUT', path, { as, body }))).toEqual({ status: 404, trips: 1 })
})

it('What comes along where the address names a customer is held to that customer by the fence', async () => {
  const { msp, portal } = await newScene()
  const other = await newCustomer(msp)
  const nothing = plan((_: MspReads) => [])
  const read = (customerId: string) => {
    const customer = msp.scope.forCustomer(portal.customerId)
    const selects = [customer.select({ host: portals.host }).from(portals).where(customer.mine(portals))]
    return msp.scope.followWith(nothing, {}, { selects, customerId })
  }
  expect((await read(portal.customerId)).also).toEqual([[{ host: portal.host }]])
  await expect(read(other.customerId)).rejects.toThrow('"portals" is bound to another customer_id.')
})

it('What is the MSP’s own and no customer’s comes along there too, but no customer’s rows by the MSP alone', async () => {
  const { msp, portal } = await newScene()
  const nothing = plan((_: MspReads) => [])
  const read = (select: Select) =>
    msp.scope.followWith(nothing, {}, { selects: [select], customerId: portal.customerId })
  const addresses = msp.scope.select({ address: mailAddresses.address }).from(mailAddresses)
  expect((await read(addresses.where(msp.scope.mine(mailAddresses)))).also).toEqual([[]])
  const all = msp.scope.select({ host: portals.host }).from(portals).where(msp.scope.mine(portals))
  await expect(read(all)).rejects.toThrow('"portals" is not bound to its customer_id.')
})
