import type { z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { activities, seatCounts, skus, subscriptions } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { rowsReadBy } from '../../test/meter.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
  newTenant,
} from '../../test/stage.ts'
import type { StagedCustomer, StagedMsp } from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import type { MatterKind, MatterList, Matters } from './account-matters.schema.ts'

type Seen = z.infer<typeof Matters>
type Listed = z.infer<typeof MatterList>
const DAY = 86_400_000

beforeEach(() => void standingClock())
afterEach(() => moveClock(undefined))

const newDesk = async () => {
  const msp = await newMsp()
  const viewer = await newStaff(msp, 'viewer')
  const seen = async () => bodyOf<Seen>(await call(ADMIN, 'GET', '/api/msp-portal/account-matters', { as: viewer }))
  const listed = async (kind: MatterKind, rest = '') => {
    const answer = await call(ADMIN, 'GET', `/api/msp-portal/account-matters/all?kind=${kind}${rest}`, { as: viewer })
    expect(answer.status, await answer.clone().text()).toBe(200)
    return bodyOf<Listed>(answer)
  }
  return { msp, viewer, seen, listed }
}

/** A customer with a tenant that has seats of licences, and subscriptions that are due in so many days. */
const withSeats = async (
  msp: StagedMsp,
  seats: Partial<typeof seatCounts.$inferInsert>[],
  dueInDays: number[] = [],
  more: { tenant?: Parameters<typeof newTenant>[1]; customer?: StagedCustomer } = {},
) => {
  const customer = more.customer ?? (await newCustomer(msp))
  const row = await newTenant(customer, more.tenant)
  const tenant = msp.scope.forCustomer(customer.customerId).forTenant(row.id)
  const sku = { skuPartNumber: 'SPB', boughtCount: 10, assignedCount: 5, suspendedCount: 0, status: 'enabled' }
  const put = () =>
    tenant.putAll(
      seatCounts,
      seats.map((seat) => ({ id: 'sku', hidden: false, asOf: now(), ...sku, ...seat })),
    )
  await tenant.record(
    put(),
    // Of a licence that comes the database counts the holders itself.
    put(),
    tenant.putAll(
      subscriptions,
      dueInDays.map((days) => ({
        id: `due in ${days}`,
        skuId: seats[0]?.id ?? 'sku',
        skuPartNumber: 'SPB',
        status: 'enabled',
        seatCount: 10,
        isTrial: false,
        nextLifecycleAt: now() + days * DAY,
        asOf: now(),
      })),
    ),
  )
  return customer
}

const price = async ({ scope, mspId, name }: StagedMsp, priceMinor: number, pricePer: 'month' | 'year', id = 'sku') => {
  const before = await scope.find(skus, id, 'licence')
  await scope.commit(
    { action: 'stage.price', subject: { kind: 'organisation', id: mspId, name } },
    scope.change(skus, before, { priceMinor, pricePer, priceCurrency: 'GBP' }),
  )
}

describe('What an account manager looks at', () => {
  it('are renewals of the next 90 days, soonest first, without those of free licences and trials', async () => {
    const { msp, seen } = await newDesk()
    await withSeats(msp, [{}], [80, 91, -1])
    const soon = await withSeats(msp, [{}], [3])
    await withSeats(msp, [{ id: 'free', hidden: true }], [5])
    const { renewals } = await seen()
    expect(renewals.items.map(({ at }) => Math.round((Date.parse(at ?? '') - now()) / DAY))).toEqual([3, 80])
    expect(renewals.items[0]).toMatchObject({
      customer: { id: soon.customerId },
      licence: { name: 'Microsoft 365 Business Premium' },
      seatCount: 10,
    })
  })

  it('tell two licences of one name apart where one customer has both, and nowhere else', async () => {
    const { msp, seen } = await newDesk()
    const [older, newer] = [
      { id: 'older', skuPartNumber: 'O365_BUSINESS_ESSENTIALS' },
      { id: 'newer', skuPartNumber: 'SMB_BUSINESS_ESSENTIALS' },
    ]
    await withSeats(msp, [
      { ...older, assignedCount: 30 },
      { ...newer, assignedCount: 40 },
    ])
    await withSeats(msp, [{ ...older, assignedCount: 20 }])
    expect((await seen()).overUsed.items.map(({ licence }) => licence?.name)).toEqual([
      'Microsoft 365 Business Basic (SMB_BUSINESS_ESSENTIALS)',
      'Microsoft 365 Business Basic (O365_BUSINESS_ESSENTIALS)',
      'Microsoft 365 Business Basic',
    ])
  })

  it('are over-used licences, the most first, and follow what is bought', async () => {
    const { msp, seen } = await newDesk()
    await withSeats(msp, [{ assignedCount: 12 }, { id: 'free', hidden: true, assignedCount: 900 }])
    await withSeats(msp, [{ assignedCount: 30 }])
    await withSeats(msp, [{ assignedCount: 10 }])
    expect((await seen()).overUsed.items.map(({ seatCount }) => seatCount)).toEqual([20, 2])
  })

  it('are tenants that lost their consent, the newest first', async () => {
    const { msp, seen } = await newDesk()
    const lost = { state: 'consent_lost' as const, consentLostAt: now() - 9 * DAY }
    await withSeats(msp, [], [], { tenant: { name: 'Older', ...lost } })
    await withSeats(msp, [], [], { tenant: { name: 'Newer', state: 'app_removed', consentLostAt: now() - DAY } })
    await withSeats(msp, [], [], { tenant: { name: 'Gone', ...lost, state: 'removed', removedAt: now() } })
    expect((await seen()).lostConsents.items.map(({ tenant, reason }) => [tenant.name, reason])).toEqual([
      ['Newer', 'app_removed'],
      ['Older', 'consent_lost'],
    ])
  })

  it('are idle seats by what they cost in a year, and those without a price by how many they are', async () => {
    const { msp, seen } = await newDesk()
    const idle = (id: string, idle90Count: number) => ({ id, idle90Count, idle30Count: 900 })
    await withSeats(msp, [idle('cheap', 50), idle('dear', 5), idle('unpriced', 7)])
    await withSeats(msp, [idle('cheap', 40), idle('dear', 0)])
    expect((await seen()).idle.items, 'nothing has a price yet').toEqual([])
    await price(msp, 100, 'month', 'cheap')
    await price(msp, 90_000, 'year', 'dear')
    const worth = async () =>
      (await seen()).idle.items.map(({ seatCount, year }) => [seatCount, year?.amountMinor ?? null])
    expect(await worth()).toEqual([
      [5, 450_000],
      [50, 60_000],
      [40, 48_000],
    ])
    expect(
      (await seen()).idleUnpriced.items.map(({ seatCount, year }) => [seatCount, year?.amountMinor ?? null]),
    ).toEqual([[7, null]])
    await withSeats(msp, [idle('dear', 6)])
    expect((await worth())[0], 'a tenant that comes later').toEqual([6, 540_000])
  })

  it('count no price that is in another currency than the MSP reckons in', async () => {
    const { msp, seen } = await newDesk()
    const owner = await newStaff(msp, 'owner')
    await withSeats(msp, [{ idle90Count: 3 }])
    await price(msp, 100, 'month')
    const organisation = '/api/msp-portal/settings/organisation'
    const before = await bodyOf<Record<string, unknown>>(await call(ADMIN, 'GET', organisation, { as: owner }))
    const reckonIn = async (currency: string) => {
      const { name, supportEmail, supportPhone, timeZone, locale } = before
      const body = { name, supportEmail, supportPhone, timeZone, locale, currency }
      const answer = await call(ADMIN, 'PUT', organisation, { as: owner, body })
      expect(answer.status, await answer.clone().text()).toBe(200)
      const { idle, idleUnpriced } = await seen()
      return [idle.items.length, idleUnpriced.items.length]
    }
    expect(await reckonIn('EUR')).toEqual([0, 1])
    expect(await reckonIn('GBP')).toEqual([1, 0])
  })

  it('are listed whole, page after page, each once, and not of another MSP or an archived customer', async () => {
    const { msp, listed, seen } = await newDesk()
    const other = await newDesk()
    await withSeats(other.msp, [{ assignedCount: 500 }])
    for (let over = 1; over <= 7; over += 1) await withSeats(msp, [{ assignedCount: 10 + Math.ceil(over / 2) }])
    const archived = await withSeats(msp, [{ assignedCount: 99 }])
    const staff = await newStaff(msp, 'admin')
    const answer = await call(ADMIN, 'PUT', `/api/msp-portal/customers/${archived.customerId}/archival`, { as: staff })
    expect(answer.status).toBeLessThan(300)
    const first = await seen()
    expect([first.overUsed.items.length, first.overUsed.hasMore]).toEqual([6, true])
    const found: { customer: string; over: number | null }[] = []
    let cursor = ''
    for (;;) {
      const page = await listed('over_used', `&limit=2${cursor}`)
      found.push(...page.items.map(({ customer, seatCount }) => ({ customer: customer.id, over: seatCount })))
      if (page.nextCursor === null) break
      cursor = `&cursor=${page.nextCursor}`
    }
    expect(found.map(({ over }) => over)).toEqual([4, 3, 3, 2, 2, 1, 1])
    expect(new Set(found.map(({ customer }) => customer)).size).toBe(7)
    expect((await listed('renewals')).items).toEqual([])
  })

  it('belong to one list each: another one’s page marker is refused', async () => {
    const { msp, viewer, listed } = await newDesk()
    await withSeats(msp, [{ assignedCount: 12 }])
    await withSeats(msp, [{ assignedCount: 13 }])
    const { nextCursor } = await listed('over_used', '&limit=1')
    const path = `/api/msp-portal/account-matters/all?kind=idle&cursor=${nextCursor ?? ''}`
    expect((await call(ADMIN, 'GET', path, { as: viewer })).status).toBe(422)
  })

  it('are the staff’s own affair', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const admin = await newContact(portal, ['portal_admin'])
    const path = '/api/msp-portal/account-matters'
    expect((await call(portal.host, 'GET', path, { as: admin })).status).toBe(404)
    expect((await call(ADMIN, 'GET', path)).status).toBe(401)
  })

  it('cost what is shown, however many customers there are', async () => {
    const readFor = async (count: number) => {
      const { msp, seen } = await newDesk()
      const customer = await newCustomer(msp)
      for (let each = 0; each < count; each += 1)
        await withSeats(msp, [{ assignedCount: 10 + each, idle90Count: each }], [1], { customer })
      await seen()
      return rowsReadBy(msp.shard, seen)
    }
    expect(await readFor(60)).toBeLessThanOrEqual((await readFor(15)) + 10)
  })
})

describe('A list across customers as a file', () => {
  const take = async (msp: StagedMsp, role: 'viewer' | 'technician', body: object) =>
    call(ADMIN, 'POST', '/api/msp-portal/account-matter-downloads', { as: await newStaff(msp, role), body })

  it('holds all of one kind, in its order, and is written down before it is given out', async () => {
    const { msp } = await newDesk()
    const many = Array.from({ length: 205 }, (_, at) => ({ id: `sku ${at}`, boughtCount: 10, assignedCount: 11 + at }))
    await withSeats(msp, many)
    const answer = await take(msp, 'technician', { kind: 'over_used', format: 'csv' })
    expect(answer.status, await answer.clone().text()).toBe(200)
    const lines = (await answer.text()).trimEnd().split('\r\n')
    expect(lines[0]).toBe('Customer,Environment,Licence,Seats,Date,A year,Currency,Why it cannot be read,Customer id')
    expect(lines).toHaveLength(206)
    expect(lines.slice(1).map((line) => Number(line.split(',')[3]))).toEqual(many.map((_, at) => 205 - at))
    const told = await msp.scope.list(activities, { where: eq(activities.action, 'matters.downloaded') })
    expect(told).toMatchObject([
      { subjectName: answer.headers.get('content-disposition')?.match(/filename="([^"]+)"/)?.[1] },
    ])
  })

  it('says of a lost consent when and why, and is nothing a viewer may take', async () => {
    const { msp } = await newDesk()
    await withSeats(msp, [], [], { tenant: { name: 'Fabrikam', state: 'app_removed', consentLostAt: now() - DAY } })
    const answer = await take(msp, 'technician', { kind: 'lost_consents', format: 'csv' })
    const [, line = ''] = (await answer.text()).trimEnd().split('\r\n')
    expect(line.split(',').slice(1, -1)).toEqual(['Fabrikam', '', '', '2026-11-17', '', '', 'App registration removed'])
    expect((await take(msp, 'viewer', { kind: 'lost_consents', format: 'csv' })).status).toBe(403)
    expect((await take(msp, 'technician', { kind: 'everything', format: 'csv' })).status).toBe(422)
  })
})
