import type { z } from '@hono/zod-openapi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userChanges } from '../../../db/shard/schema.ts'
import type { UserChangeKind } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { ADMIN, bodyOf, call, newCompany, newLicence, newOwnPolicy, newStaff, newTenant } from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import type { Dashboard } from '../dashboard/dashboard.schema.ts'
import type { UserChangeList } from './user-changes.schema.ts'

type Listed = z.infer<typeof UserChangeList>

const DAY = 86_400_000
holdQueue()
beforeEach(() => void standingClock())
afterEach(() => moveClock(undefined))

const newCast = async () => {
  const company = await newCompany()
  const tenant = await newTenant(company.portal, { lastGoodSyncAt: now() })
  return { ...company, tenant, staff: await newStaff(company.msp, 'technician') }
}
type Cast = Awaited<ReturnType<typeof newCast>>
type Happened = { kind?: UserChangeKind; name: string; daysAgo?: number; skuId?: string }

const happens = async ({ msp, portal }: Cast, tenantId: string, ...changes: Happened[]) => {
  const tenant = msp.scope.forCustomer(portal.customerId).forTenant(tenantId)
  const rows = changes.map(({ kind = 'joined', name, daysAgo = 0, skuId }) => {
    const at = Date.parse('2026-11-18T10:00:00Z') - daysAgo * DAY
    return {
      id: crypto.randomUUID(),
      day: new Date(at).toISOString().slice(0, 10),
      kind,
      userId: `of ${name}`,
      name,
      detail: 'Carpenter',
      at,
      skuId: skuId ?? null,
    }
  })
  await tenant.record(tenant.putAll(userChanges, rows))
}
const inPortal = (contact: StagedContact, query = '', customerId = contact.portal.customerId) =>
  call(contact.portal.host, 'GET', `/api/portal/customers/${customerId}/changes${query}`, { as: contact })
const ofStaff = ({ staff, portal }: Cast, query = '') =>
  call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}/changes${query}`, { as: staff })
const read = async <T = Listed>(asking: Promise<Response>): Promise<T> => {
  const answer = await asking
  expect(answer.status, await answer.clone().text()).toBe(200)
  return bodyOf<T>(answer)
}
const shows = async ({ staff, portal }: Cast, body: object) => {
  const answer = await call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/portal/directory`, {
    as: staff,
    body: { guestsShown: false, attributes: ['jobTitle', 'department', 'signInAllowed'], ...body },
  })
  expect(answer.status, await answer.clone().text()).toBe(204)
}
const told = ({ items }: Listed) => items.map(({ kind, name }) => [kind, name])
const sortedNames = ({ items }: Listed) => items.map(({ name }) => name ?? 'nobody').toSorted()
const dashboardOf = (contact: StagedContact) =>
  read<z.infer<typeof Dashboard>>(
    call(contact.portal.host, 'GET', `/api/portal/customers/${contact.portal.customerId}/dashboard`, { as: contact }),
  )

describe('What happened to people', () => {
  it('is told with names and licences as far as each may see them, the newest first', async () => {
    const cast = await newCast()
    const skuId = await newLicence(cast.portal, { tenantId: cast.tenant.id })
    await happens(
      cast,
      cast.tenant.id,
      { name: 'Ann' },
      { name: 'Bo', kind: 'licence_given', skuId, daysAgo: 1 },
      { name: 'Cy', kind: 'blocked', daysAgo: 2 },
    )
    const all = [
      ['joined', 'Ann'],
      ['licence_given', 'Bo'],
      ['blocked', 'Cy'],
    ]
    const seen = await read(inPortal(cast.admin))
    expect(told(seen)).toEqual(all)
    expect(seen.items[1]).toMatchObject({ licence: 'Microsoft 365 Business Premium', detail: 'Carpenter' })
    expect(seen).toMatchObject({ from: '2026-10-19', nextCursor: null, tenants: [{ id: cast.tenant.id }] })
    expect(told(await read(ofStaff(cast)))).toEqual(all)
    expect(told(await read(inPortal(cast.user))), 'who holds what is not theirs to know').toEqual([all[0], all[2]])
  })

  it('comes without names where the directory is off, also on the home page, also to a portal admin', async () => {
    const cast = await newCast()
    await happens(cast, cast.tenant.id, { name: 'Ann' }, { name: 'Cy', kind: 'blocked' })
    await shows(cast, { attributes: ['mail'] })
    const partly = await inPortal(cast.user)
    expect(told(await bodyOf<Listed>(partly)), 'who is blocked is not shown').toEqual(
      expect.arrayContaining([
        ['blocked', null],
        ['joined', 'Ann'],
      ]),
    )
    await newOwnPolicy(cast.portal, { reads: { see_directory: false } })
    for (const contact of [cast.user, cast.admin]) {
      const text = await (await inPortal(contact)).text()
      expect(text).not.toMatch(/Ann|Cy|Carpenter|of Ann/)
      expect(told(JSON.parse(text) as Listed)).toHaveLength(2)
      const { people } = await dashboardOf(contact)
      expect(people?.changes.map(({ name, detail }) => [name, detail])).toEqual([
        [null, null],
        [null, null],
      ])
    }
    expect(sortedNames(await read(ofStaff(cast)))).toEqual(['Ann', 'Cy'])
    await newOwnPolicy(cast.portal, {})
    await shows(cast, {})
    expect((await dashboardOf(cast.user)).people?.changes.map(({ name }) => name).toSorted()).toEqual(['Ann', 'Cy'])
  })

  it('goes back as many days as are asked for, a year at most', async () => {
    const cast = await newCast()
    const days = [0, 1, 2, 7, 8, 30, 31, 365, 366]
    await happens(cast, cast.tenant.id, ...days.map((daysAgo) => ({ name: `${daysAgo} ago`, daysAgo })))
    const ago = async (query: string) => (await read(inPortal(cast.user, query))).items.map(({ name }) => name)
    expect(await ago('?days=1')).toEqual(['0 ago', '1 ago'])
    expect(await ago('?days=7')).toEqual(['0 ago', '1 ago', '2 ago', '7 ago'])
    expect(await ago('')).toEqual(['0 ago', '1 ago', '2 ago', '7 ago', '8 ago', '30 ago'])
    expect(await ago('?days=365')).toHaveLength(8)
    for (const query of ['?days=0', '?days=366', '?days=x', '?cursor=bm9wZQ'])
      expect((await inPortal(cast.user, query)).status, query).toBe(422)
  })

  it('comes page by page over several tenants, each once, also what a sync saw at one moment; or of one alone', async () => {
    const cast = await newCast()
    const other = await newTenant(cast.portal, { name: 'Other', lastGoodSyncAt: now() - DAY })
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, place) => ({ name: `${prefix}${place}`, daysAgo: place % 2 }))
    await happens(cast, cast.tenant.id, ...many('a', 7))
    await happens(cast, other.id, ...many('b', 4))
    const names: string[] = []
    let cursor: string | null = null
    do {
      const page: Listed = await read(inPortal(cast.user, `?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`))
      expect(page.items.length).toBeLessThanOrEqual(3)
      names.push(...sortedNames(page))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(names.toSorted()).toEqual([...many('a', 7), ...many('b', 4)].map(({ name }) => name).toSorted())
    expect(new Set(names).size).toBe(11)
    const apart = await read(inPortal(cast.user, `?tenantId=${other.id}&limit=2`))
    expect(apart.items.every(({ tenantId }) => tenantId === other.id)).toBe(true)
    expect(apart.tenants).toHaveLength(2)
    expect((await inPortal(cast.user, `?cursor=${apart.nextCursor}`)).status, 'of another list').toBe(422)
  })

  it('of another customer is nobody’s', async () => {
    const [cast, other] = [await newCast(), await newCast()]
    await happens(cast, cast.tenant.id, { name: 'Ann' })
    expect((await inPortal(other.admin, '', cast.portal.customerId)).status).toBe(404)
    expect((await ofStaff({ ...cast, staff: other.staff })).status).toBe(404)
    expect((await read(inPortal(other.admin, `?tenantId=${cast.tenant.id}`))).items).toEqual([])
  })

  it('costs a page, however much happened', async () => {
    const cast = await newCast()
    const cost = () => rowsReadBy(cast.msp.shard, async () => void (await read(inPortal(cast.admin, '?limit=10'))))
    const many = (count: number) =>
      Array.from({ length: count }, (_, place) => ({ name: `n${place}`, daysAgo: place % 20 }))
    await happens(cast, cast.tenant.id, ...many(40))
    const before = await cost()
    await happens(cast, cast.tenant.id, ...many(600))
    expect(await cost()).toBe(before)
  })
})
