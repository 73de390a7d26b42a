import { eq, isNull, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { tenantCounts, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newCustomer, newMsp, newTenant } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'

const [OWN, NEXT] = ['own-app', 'next-app']

const kept = async ({ scope }: StagedMsp) =>
  Object.fromEntries((await scope.list(tenantCounts)).map(({ id, tenantCount }) => [id, tenantCount]))

/** What there is when every tenant is looked at. */
const counted = async ({ scope }: StagedMsp) => {
  const rows = await scope
    .select({ id: sql<string>`coalesce(${tenants.clientId}, '')`.as('app'), count: sql<number>`count(*)`.as('count') })
    .from(tenants)
    .where(scope.mine(tenants, isNull(tenants.removedAt)))
    .groupBy(tenants.clientId)
  return Object.fromEntries(rows.map(({ id, count }) => [id, count]))
}

describe('How many tenants are read with an app registration', () => {
  it('is kept as they come, move to another app, are removed, come back, and go', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp)
    const scope = msp.scope.forCustomer(customer.customerId)
    const change = (id: string, set: Partial<typeof tenants.$inferInsert>) =>
      scope.commit(
        { action: 'stage.tenant', subject: { kind: 'tenant', id, name: 'Tenant' } },
        scope.changeWhere(tenants, id, undefined, set),
      )
    const [first, second] = [await newTenant(customer), await newTenant(customer, { clientId: OWN })]
    await newTenant(customer, { clientId: OWN })
    await newTenant(customer, { clientId: OWN, state: 'removed', removedAt: now() })
    expect(await kept(msp)).toEqual({ '': 1, [OWN]: 2 })

    await change(first.id, { clientId: OWN })
    await change(second.id, { clientId: NEXT })
    await change(second.id, { clientId: NEXT, name: 'Called otherwise' })
    expect(await kept(msp)).toEqual({ '': 0, [OWN]: 2, [NEXT]: 1 })

    await change(first.id, { removedAt: now() })
    expect(await kept(msp)).toEqual({ '': 0, [OWN]: 1, [NEXT]: 1 })
    await change(first.id, { removedAt: null, clientId: null })
    expect(await kept(msp)).toEqual({ '': 1, [OWN]: 1, [NEXT]: 1 })

    await scope.commit(
      { action: 'stage.tenant', subject: { kind: 'tenant', id: second.id, name: 'Tenant' } },
      scope.removeWhere(tenants, eq(tenants.id, second.id)),
    )
    expect(await kept(msp)).toEqual({ ...(await counted(msp)), [NEXT]: 0 })
  })

  it('is that of one MSP alone', async () => {
    const [msp, other] = [await newMsp(), await newMsp()]
    await newTenant(await newCustomer(msp), { clientId: OWN })
    await newTenant(await newCustomer(other), { clientId: OWN })
    expect([await kept(msp), await kept(other)]).toEqual([{ [OWN]: 1 }, { [OWN]: 1 }])
  })
})
