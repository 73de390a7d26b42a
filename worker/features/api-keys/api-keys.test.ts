import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, apiKeyUses, staff as staffTable } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newKey, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'

holdQueue()
afterEach(() => moveClock(undefined))

const KEYS = '/api/msp-portal/settings/api-keys'
const CUSTOMERS = '/api/msp-portal/customers'
const DAY_MS = 86_400_000

type Key = {
  id: string
  handle: string
  token?: string
  state: string
  scopes: string[]
  creator: { name: string; role: string }
  expiresAt: string
  lastUsedAt: string | null
}

const newScene = async () => {
  const msp = await newMsp()
  const admin = await newStaff(msp, 'admin')
  const create = async (body: object) => call(ADMIN, 'POST', KEYS, { as: admin, body })
  const created = async (body: object) => {
    const answer = await create(body)
    expect(answer.status, await answer.clone().text()).toBe(201)
    return bodyOf<Key & { token: string }>(answer)
  }
  const listed = async () => (await bodyOf<{ items: Key[] }>(await call(ADMIN, 'GET', KEYS, { as: admin }))).items
  return { msp, admin, create, created, listed }
}

/** A program says nothing about where it comes from. */
const ask = (
  token: string,
  method: string,
  path: string,
  more: { body?: unknown; headers?: Record<string, string> } = {},
) => call(ADMIN, method, path, { bearer: `Bearer ${token}`, site: null, ...more })

const setStaff = (msp: StagedMsp, staffId: string, set: { role?: 'viewer' | 'technician'; disabled?: boolean }) =>
  msp.scope.commit(
    { action: 'stage.staff', subject: { kind: 'staff', id: staffId, name: 'Admin' } },
    msp.scope.changeAll(staffTable, eq(staffTable.id, staffId), set),
  )

describe('An API key', () => {
  it('is shown once, and then only how it begins', async () => {
    const { admin, created, listed } = await newScene()
    const key = await created({ name: ' Reporting ', scopes: ['customers:write', 'customers:read', 'customers:read'] })
    expect(key).toMatchObject({ name: 'Reporting', state: 'active', scopes: ['customers:read', 'customers:write'] })
    expect(key.token.startsWith(`${key.handle}.`)).toBe(true)
    expect(key.handle).toMatch(/^key_[0-9a-z]{6}$/)
    expect(key.token).not.toMatch(/portico/i)
    const { token: _, ...shown } = key
    expect(await listed()).toEqual([shown])
    const one = await call(ADMIN, 'GET', `${KEYS}/${key.id}`, { as: admin })
    expect(await bodyOf(one)).toEqual(shown)
    expect(shown.creator).toEqual({ name: admin.name, role: 'admin' })
  })

  it('lets a program read and change, without cookie or origin, under its own name', async () => {
    const { msp, created } = await newScene()
    const { token, id } = await created({ name: 'PSA bridge', scopes: ['customers:read', 'customers:write'] })
    const made = await ask(token, 'POST', CUSTOMERS, { body: { name: 'Fabrikam' } })
    expect(made.status, await made.clone().text()).toBe(201)
    const { id: customerId } = await bodyOf<{ id: string }>(made)
    const [entry] = await msp.scope.list(activities, { where: eq(activities.customerId, customerId) })
    expect(entry).toMatchObject({
      actorKind: 'api_key',
      actorId: id,
      actorName: 'PSA bridge',
      action: 'customer.created',
    })
    expect((await ask(token, 'GET', `${CUSTOMERS}/${customerId}`)).status).toBe(200)
    expect((await ask(token, 'GET', `${CUSTOMERS}/${customerId}/activity`)).status).toBe(403)
  })

  it('ends after a year unless told, never later than after two, and always', async () => {
    const { create, created } = await newScene()
    const noon = now()
    moveClock(() => noon)
    const scopes = ['customers:read']
    const key = await created({ name: 'Default', scopes })
    expect(Date.parse(key.expiresAt) - noon).toBe(365 * DAY_MS)
    expect((await create({ name: 'Two years', scopes, expiresInDays: 730 })).status).toBe(201)
    for (const expiresInDays of [0, 731, null, 1.5])
      expect((await create({ name: 'Longer', scopes, expiresInDays })).status, String(expiresInDays)).toBe(422)
    moveClock(() => noon + 365 * DAY_MS - 1)
    expect((await ask(key.token, 'GET', CUSTOMERS)).status).toBe(200)
    moveClock(() => noon + 365 * DAY_MS)
    expect((await ask(key.token, 'GET', CUSTOMERS)).status).toBe(401)
  })

  it('needs a name and at least one scope that there is', async () => {
    const { create } = await newScene()
    for (const body of [
      { name: '', scopes: ['customers:read'] },
      { name: 'A', scopes: [] },
      { name: 'A', scopes: ['staff:write'] },
      { name: 'A', scopes: ['api_keys:manage'] },
    ])
      expect((await create(body)).status, JSON.stringify(body)).toBe(422)
  })

  it('may never more than whoever made it may now', async () => {
    const { msp, admin, created } = await newScene()
    const { token, id } = await created({
      name: 'All',
      scopes: ['customers:read', 'customers:write', 'settings:write'],
    })
    const brand = { primaryColour: '#3a5488', accentColour: '#8a6d1f' }
    const saveBrand = () => ask(token, 'PUT', '/api/msp-portal/settings/brand', { body: brand })
    expect((await saveBrand()).status).toBe(200)
    await setStaff(msp, admin.id, { role: 'technician' })
    expect((await saveBrand()).status).toBe(403)
    expect((await ask(token, 'POST', CUSTOMERS, { body: { name: 'Fabrikam' } })).status).toBe(201)
    await setStaff(msp, admin.id, { role: 'viewer' })
    expect((await ask(token, 'POST', CUSTOMERS, { body: { name: 'Tailspin' } })).status).toBe(403)
    expect((await ask(token, 'GET', CUSTOMERS)).status).toBe(200)
    await setStaff(msp, admin.id, { disabled: true })
    expect((await ask(token, 'GET', CUSTOMERS)).status).toBe(401)
    const other = await newStaff(msp, 'owner')
    expect(await bodyOf(await call(ADMIN, 'GET', `${KEYS}/${id}`, { as: other }))).toMatchObject({
      state: 'suspended',
      creator: { role: 'viewer' },
    })
  })

  it('is refused alike whether it is made up, cut short, revoked or out of date, and whatever cookie comes with it', async () => {
    const { msp, admin, created } = await newScene()
    const { token, id } = await created({ name: 'Reporting', scopes: ['customers:read'] })
    const old = await newKey(msp, admin, ['customers:read'], { expiresAt: now() - 1 })
    expect((await call(ADMIN, 'PUT', `${KEYS}/${id}/revocation`, { as: admin })).status).toBe(204)
    const other = token.endsWith('A') ? 'B' : 'A'
    const told = async (bearer: string) => {
      const answer = await call(ADMIN, 'GET', CUSTOMERS, { bearer, as: admin })
      const { requestId: _, ...body } = await bodyOf(answer)
      return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body }
    }
    const first = await told(`Bearer ${token}`)
    expect(first).toMatchObject({ status: 401, challenge: 'Bearer error="invalid_token"' })
    for (const bearer of [
      'Bearer',
      'Bearer nonsense',
      `bearer ${token}`,
      `Bearer ${token.slice(0, -1)}${other}`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token} ${token}`,
      `Bearer ${old.token}`,
      `Bearer ${token.replace('shard-', 'nowhere-')}`,
    ])
      expect(await told(bearer), bearer).toEqual(first)
  })

  it('is revoked at once and for good, also twice', async () => {
    const { msp, admin, created, listed } = await newScene()
    const { token, id } = await created({ name: 'Reporting', scopes: ['customers:read'] })
    expect((await ask(token, 'GET', CUSTOMERS)).status).toBe(200)
    for (let time = 0; time < 2; time += 1)
      expect((await call(ADMIN, 'PUT', `${KEYS}/${id}/revocation`, { as: admin })).status).toBe(204)
    expect((await ask(token, 'GET', CUSTOMERS)).status).toBe(401)
    expect((await listed()).map(({ state }) => state)).toEqual(['revoked'])
    const entries = await msp.scope.list(activities, { where: eq(activities.subjectId, id) })
    expect(entries.map(({ action }) => action).toSorted()).toEqual(['api_key.created', 'api_key.revoked'])
    expect(JSON.stringify(entries)).not.toContain(token)
  })

  it('remembers when it was last used, without writing at every request', async () => {
    const { msp, created, listed } = await newScene()
    const { token, id } = await created({ name: 'Reporting', scopes: ['customers:read'] })
    const noon = now()
    const lastUse = () => msp.scope.first(apiKeyUses, eq(apiKeyUses.id, id))
    const used = async (at: number) => {
      moveClock(() => at)
      await ask(token, 'GET', CUSTOMERS)
      await expect.poll(async () => (await lastUse())?.lastUsedAt).toBeDefined()
      return (await lastUse())?.lastUsedAt
    }
    expect(await used(noon)).toBe(noon)
    expect(await used(noon + 5 * 60_000 - 1)).toBe(noon)
    moveClock(() => noon + 5 * 60_000)
    await ask(token, 'GET', CUSTOMERS)
    await expect.poll(async () => (await lastUse())?.lastUsedAt).toBe(noon + 5 * 60_000)
    expect((await listed())[0]?.lastUsedAt).toBe(new Date(noon + 5 * 60_000).toISOString())
  })

  it('repeats a POST safely, each key by itself', async () => {
    const { created } = await newScene()
    const scopes = ['customers:write']
    const [one, other] = [await created({ name: 'One', scopes }), await created({ name: 'Other', scopes })]
    const add = (token: string) =>
      ask(token, 'POST', CUSTOMERS, { body: { name: 'Fabrikam' }, headers: { 'idempotency-key': 'same' } })
    const idOf = async (answer: Response) => (await bodyOf<{ id: string }>(answer)).id
    const first = await idOf(await add(one.token))
    expect(await idOf(await add(one.token))).toBe(first)
    expect(await idOf(await add(other.token))).not.toBe(first)
  })

  it('cannot make, see or revoke keys', async () => {
    const { msp, admin } = await newScene()
    const key = await newKey(msp, admin)
    expect((await ask(key.token, 'GET', KEYS)).status).toBe(403)
    expect((await ask(key.token, 'POST', KEYS, { body: { name: 'A', scopes: ['customers:read'] } })).status).toBe(403)
    expect((await ask(key.token, 'PUT', `${KEYS}/${key.id}/revocation`)).status).toBe(403)
  })
})

describe('A key for portals', () => {
  it('reads what a portal admin sees, for any customer of its MSP, at the admin host', async () => {
    const { msp, admin } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const person = await newContact(portal, ['portal_admin'])
    const key = await newKey(msp, admin, ['portal:read'])
    const path = `/api/portal/customers/${portal.customerId}/dashboard`
    const seen = await bodyOf(await call(portal.host, 'GET', path, { as: person }))
    const byKey = await ask(key.token, 'GET', path)
    expect(byKey.status, await byKey.clone().text()).toBe(200)
    expect(await bodyOf(byKey)).toEqual(seen)
  })

  it('is nobody at the portal itself, and sees nothing of another MSP', async () => {
    const { msp, admin } = await newScene()
    const [own, others] = [await newPortal(await newCustomer(msp)), await newPortal(await newCustomer(await newMsp()))]
    const key = await newKey(msp, admin, ['portal:read'])
    const pathOf = (portal: { customerId: string }) => `/api/portal/customers/${portal.customerId}/dashboard`
    expect((await call(own.host, 'GET', pathOf(own), { bearer: key.bearer })).status).toBe(401)
    expect((await ask(key.token, 'GET', pathOf(others))).status).toBe(404)
    expect((await call(ADMIN, 'GET', pathOf(own), { as: admin })).status).toBe(404)
  })

  it('previews as staff do: a portal that is closed, and not one of a customer who is archived', async () => {
    const { msp, admin } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const key = await newKey(msp, admin, ['portal:read'])
    const read = () => ask(key.token, 'GET', `/api/portal/customers/${portal.customerId}/dashboard`)
    const path = `${CUSTOMERS}/${portal.customerId}`
    expect((await call(ADMIN, 'PUT', `${path}/portal/closure`, { as: admin })).status).toBe(204)
    expect((await read()).status).toBe(200)
    expect((await call(ADMIN, 'PUT', `${path}/archival`, { as: admin })).status).toBe(204)
    const refused = await read()
    const madeUp = await ask(key.token, 'GET', '/api/portal/customers/made-up/dashboard')
    const told = async (answer: Response) => ({ ...(await bodyOf(answer)), requestId: null, status: answer.status })
    expect(await told(refused)).toEqual(await told(madeUp))
    expect(refused.status).toBe(404)
    expect((await call(ADMIN, 'DELETE', `${path}/archival`, { as: admin })).status).toBe(204)
    expect((await read()).status).toBe(200)
  })

  it('ends for whoever can no longer look at portals', async () => {
    const { msp, admin } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const key = await newKey(msp, admin, ['portal:read'])
    await setStaff(msp, admin.id, { role: 'viewer' })
    const path = `/api/portal/customers/${portal.customerId}/dashboard`
    expect((await ask(key.token, 'GET', path)).status).toBe(403)
  })
})
