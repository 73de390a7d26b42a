import { desc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { activities, contacts, customers, invitations, jobs, portals } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'

holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })

const all = '/api/msp-portal/customers'
const newPrefix = () => `p${newId(now()).slice(-12)}`
type Admin = {
  contactId: string
  name: string
  email: string
  access: string
  isPending: boolean
  formerEmail: string | null
}
type Shown = {
  id: string
  email: string | null
  state: string
  version: number
  portalAdmin: Admin | null
  portal: { state: string; host: string | null }
  contactCount: number
  primaryContactName: string | null
}
type Refusal = { detail: string; errors?: { pointer: string; detail: string }[] }

/** An MSP with a technician; `add` adds a customer as they do, `peopleOf` are its contacts in the order of calling. */
const newScene = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp)
  const add = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
    call(ADMIN, 'POST', all, { as: technician, body: { name: 'Fabrikam Dental', ...body }, headers })
  const put = (id: string, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
    call(ADMIN, 'PUT', `${all}/${id}`, { as: technician, body: { name: 'Fabrikam Dental', ...body }, headers })
  const read = async (id: string) => bodyOf<Shown>(await call(ADMIN, 'GET', `${all}/${id}`, { as: technician }))
  const peopleOf = (id: string) =>
    msp.scope.list(contacts, { where: eq(contacts.customerId, id), orderBy: [contacts.escalationPosition] })
  const put204 = async (method: 'PUT' | 'DELETE', path: string) =>
    expect((await call(ADMIN, method, `${all}/${path}`, { as: technician })).status).toBe(204)
  return { msp, technician, add, put, read, peopleOf, put204 }
}

/** A customer with an open portal whose admin, Dana, has confirmed; and Tom, a portal user who has, too. */
const newOffice = async () => {
  const scene = await newScene()
  const portal = await newPortal(await newCustomer(scene.msp, 'Fabrikam Dental'))
  const dana = await newContact(portal, ['portal_admin'])
  const tom = await newContact(portal, ['portal_user'])
  const customer = scene.msp.scope.forCustomer(portal.customerId)
  await customer.commit(
    { action: 'stage.admin', subject: { kind: 'contact', id: dana.id, name: dana.name } },
    customer.changeAll(contacts, eq(contacts.id, dana.id), { isTheAdmin: true }),
    customer.changeAll(customers, undefined, { email: dana.email }),
  )
  const id = portal.customerId
  return { ...scene, portal, dana, tom, id }
}

/** The links that were made for somebody, newest first. */
const linksOf = async (msp: StagedMsp, contactId: string) => {
  const rows = await msp.scope.list(invitations, {
    where: eq(invitations.contactId, contactId),
    orderBy: [desc(invitations.id)],
  })
  return Promise.all(
    rows.map(async ({ id, revokedAt }) => ({
      token: await mailToken(environment, 'invitation', msp.mspId, id),
      isWithdrawn: revokedAt !== null,
    })),
  )
}

const accept = (host: string, token: string) =>
  call(host, 'POST', '/api/auth/invitation/acceptance', { body: { token, password: 'copper-meadow-quarry-77' } })

describe('A customer added with its portal', () => {
  it('has it open at once, and its e-mail becomes the portal admin, who is invited', async () => {
    const { msp, add, read, peopleOf } = await newScene()
    const prefix = newPrefix()
    const answer = await add({ email: 'dana.whitfield@fabrikam.example', portalPrefix: ` ${prefix.toUpperCase()} ` })
    expect(answer.status, await answer.clone().text()).toBe(201)
    const created = await bodyOf<Shown>(answer)
    expect(created).toMatchObject({
      portal: { state: 'enabled', host: `${prefix}.portal.test` },
      portalAdmin: { name: 'Dana Whitfield', access: 'invited', isPending: true, formerEmail: null },
      contactCount: 1,
      primaryContactName: 'Dana Whitfield',
    })
    expect(await read(created.id)).toEqual(created)
    const [dana, ...others] = await peopleOf(created.id)
    expect(others).toEqual([])
    expect(dana).toMatchObject({ isTheAdmin: true, isPortalAdmin: true, isPortalUser: true, access: 'invited' })
    const due = await msp.scope.list(jobs, { where: eq(jobs.customerId, created.id) })
    expect(due.map(({ kind }) => kind).toSorted()).toEqual(['mail.send', 'portal.activate_address'])
  })

  it('calls its admin as it is told', async () => {
    const { add } = await newScene()
    const answer = await add({ email: 'info@fabrikam.example', portalPrefix: newPrefix(), portalAdminName: 'Dana W.' })
    expect((await bodyOf<Shown>(answer)).portalAdmin).toMatchObject({ name: 'Dana W.' })
  })

  it.each([
    [{ portalPrefix: 'admin', email: 'dana@fabrikam.example' }, '/portalPrefix'],
    [{ portalPrefix: '', email: 'dana@fabrikam.example' }, '/portalPrefix'],
    [{ portalPrefix: 'a.b', email: 'dana@fabrikam.example' }, '/portalPrefix'],
    [{ portalPrefix: 'fabrikam-dental-of-nobody' }, '/email'],
  ])('is not added with %j, and says why at %s', async (body, pointer) => {
    const { msp, add } = await newScene()
    const answer = await add(body)
    expect(answer.status).toBe(422)
    expect((await bodyOf<Refusal>(answer)).errors).toEqual([expect.objectContaining({ pointer })])
    expect(await msp.scope.list(customers)).toEqual([])
  })

  it('is not added at an address that somebody has, and leaves nothing behind', async () => {
    const { msp, add } = await newScene()
    const { host } = await newPortal(await newCustomer(await newMsp()))
    const answer = await add({ email: 'dana@fabrikam.example', portalPrefix: host.split('.')[0] })
    expect(answer.status).toBe(422)
    expect((await bodyOf<Refusal>(answer)).errors).toMatchObject([{ pointer: '/portalPrefix' }])
    expect(await msp.scope.list(customers)).toEqual([])
    expect(await msp.scope.list(contacts)).toEqual([])
  })

  it('twenty times at once at one address is added once, and a repeated request is answered as the first', async () => {
    const { msp, add } = await newScene()
    const body = { email: 'dana@fabrikam.example', portalPrefix: newPrefix() }
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => add(body)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 422)).toHaveLength(19)
    expect(await msp.scope.list(customers)).toHaveLength(1)
    const again = { email: 'dana@fabrikam.example', portalPrefix: newPrefix() }
    const key = { 'idempotency-key': 'twice' }
    const [first, second] = [await add(again, key), await add(again, key)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect((await bodyOf<Shown>(second)).id).toBe((await bodyOf<Shown>(first)).id)
  })
})

describe('Enabling a portal that never existed', () => {
  it('creates it, open, with the customer’s e-mail as its admin', async () => {
    const { technician, add, read } = await newScene()
    const { id } = await bodyOf<Shown>(await add({ email: 'dana@fabrikam.example' }))
    const prefix = newPrefix()
    const enable = () => call(ADMIN, 'POST', `${all}/${id}/portal`, { as: technician, body: { portalPrefix: prefix } })
    const answer = await enable()
    expect(answer.status, await answer.clone().text()).toBe(201)
    expect(await read(id)).toEqual(await bodyOf<Shown>(answer))
    expect(await read(id)).toMatchObject({
      portal: { state: 'enabled', host: `${prefix}.portal.test` },
      portalAdmin: { email: 'dana@fabrikam.example', isPending: true },
    })
    expect((await enable()).status).toBe(409)
  })

  it('makes the contact who has that e-mail its admin, and nobody where the customer has none', async () => {
    const { msp, technician, add, read } = await newScene()
    const { id } = await bodyOf<Shown>(await add({ email: 'dana@fabrikam.example' }))
    const contact = { name: 'Dana', email: 'dana@fabrikam.example' }
    await call(ADMIN, 'POST', `${all}/${id}/contacts`, { as: technician, body: contact })
    await call(ADMIN, 'POST', `${all}/${id}/portal`, { as: technician, body: { portalPrefix: newPrefix() } })
    expect(await read(id)).toMatchObject({ contactCount: 1, portalAdmin: { name: 'Dana', access: 'invited' } })
    const other = await newCustomer(msp)
    const answer = await call(ADMIN, 'POST', `${all}/${other.customerId}/portal`, {
      as: technician,
      body: { portalPrefix: newPrefix() },
    })
    expect([answer.status, (await bodyOf<Shown>(answer)).portalAdmin]).toEqual([201, null])
  })

  it('is refused for a customer that is disabled or archived', async () => {
    const { msp, technician, put204 } = await newScene()
    for (const deed of ['disablement', 'archival']) {
      const { customerId } = await newCustomer(msp)
      await put204('PUT', `${customerId}/${deed}`)
      const body = { portalPrefix: newPrefix() }
      expect((await call(ADMIN, 'POST', `${all}/${customerId}/portal`, { as: technician, body })).status).toBe(409)
    }
  })

  it('by twenty people at once creates one', async () => {
    const { msp, technician, add } = await newScene()
    const { id } = await bodyOf<Shown>(await add({ email: 'dana@fabrikam.example' }))
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        call(ADMIN, 'POST', `${all}/${id}/portal`, { as: technician, body: { portalPrefix: newPrefix() } }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409 || status === 412)).toHaveLength(19)
    expect(await msp.scope.list(portals)).toHaveLength(1)
    expect(await msp.scope.list(contacts)).toHaveLength(1)
  })
})

describe('Disabling a customer', () => {
  it('signs everybody in its portal out at their next click, and keeps them out until it is enabled', async () => {
    const { portal, dana, id, put204, read, technician } = await newOffice()
    const inside = async () => (await call(portal.host, 'GET', '/api/auth/session', { as: dana })).status
    const page = async () => (await call(portal.host, 'GET', '/favicon.svg')).status
    expect([await inside(), await page()]).toEqual([200, 200])
    for (let count = 0; count < 2; count += 1) await put204('PUT', `${id}/disablement`)
    expect([await inside(), await page(), (await read(id)).state]).toEqual([401, 404, 'disabled'])
    const opening = await call(ADMIN, 'DELETE', `${all}/${id}/portal/closure`, { as: technician })
    expect(opening.status, 'opening the portal of a disabled customer').toBe(409)
    for (let count = 0; count < 2; count += 1) await put204('DELETE', `${id}/disablement`)
    // Their sessions ended: they sign in again.
    expect([await inside(), await page(), (await read(id)).state]).toEqual([401, 200, 'active'])
  })

  it('leaves it in the list, and survives being archived and restored', async () => {
    const { id, put204, read, technician } = await newOffice()
    await put204('PUT', `${id}/disablement`)
    const list = await bodyOf<{ items: Shown[] }>(await call(ADMIN, 'GET', all, { as: technician }))
    expect(list.items).toMatchObject([{ id, state: 'disabled' }])
    await put204('PUT', `${id}/archival`)
    expect((await call(ADMIN, 'DELETE', `${all}/${id}/disablement`, { as: technician })).status).toBe(409)
    await put204('DELETE', `${id}/archival`)
    expect((await read(id)).state).toBe('disabled')
  })

  it('is refused to who has not seen the newest, and done once by twenty at once', async () => {
    const { msp, id, technician } = await newOffice()
    const disable = (tag: string) =>
      call(ADMIN, 'PUT', `${all}/${id}/disablement`, { as: technician, headers: { 'if-match': tag } })
    expect((await disable('"v9"')).status).toBe(412)
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => disable('"v1"')))).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([204, 412]))
    const told = await msp.scope.list(activities, { where: eq(activities.action, 'customer.disabled') })
    expect(told).toHaveLength(1)
    expect(told).toMatchObject([{ changes: [{ field: 'state', before: 'active', after: 'disabled' }] }])
  })
})

describe('Another e-mail of a customer', () => {
  it('names another portal admin, who is pending until they confirm; the one before becomes a portal user', async () => {
    const { msp, put, read, portal, dana, id, peopleOf } = await newOffice()
    const inside = async () => (await call(portal.host, 'GET', '/api/auth/session', { as: dana })).status
    const answer = await put(id, { email: 'pia@fabrikam.example' })
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect((await bodyOf<Shown>(answer)).portalAdmin).toMatchObject({ name: 'Pia', isPending: true })
    const shown = await read(id)
    expect(shown).toMatchObject({
      email: 'pia@fabrikam.example',
      portalAdmin: { email: 'pia@fabrikam.example', access: 'invited', isPending: true, formerEmail: dana.email },
    })
    const before = (await peopleOf(id)).find((one) => one.id === dana.id)
    expect(before).toMatchObject({ isTheAdmin: false, isPortalAdmin: false, isPortalUser: true, access: 'active' })
    expect(await inside(), 'the one before is not thrown out').toBe(200)

    const [link] = await linksOf(msp, shown.portalAdmin?.contactId ?? '')
    expect((await accept(portal.host, link?.token ?? '')).status).toBe(200)
    expect((await read(id)).portalAdmin).toMatchObject({ access: 'active', isPending: false, formerEmail: null })
  })

  it('that is a contact’s who has access makes them the admin at once, without a mail', async () => {
    const { msp, put, read, tom, id } = await newOffice()
    expect((await put(id, { email: tom.email })).status).toBe(200)
    expect((await read(id)).portalAdmin).toMatchObject({ contactId: tom.id, isPending: false, formerEmail: null })
    expect(await msp.scope.list(jobs)).toEqual([])
  })

  it('is refused at the field while the portal is closed, and when it is left out', async () => {
    const { put, put204, read, dana, id } = await newOffice()
    for (const [close, open] of [
      ['portal/closure', 'portal/closure'],
      ['disablement', 'disablement'],
    ]) {
      await put204('PUT', `${id}/${close}`)
      const answer = await put(id, { email: 'pia@fabrikam.example' })
      expect(answer.status).toBe(422)
      expect((await bodyOf<Refusal>(answer)).errors).toMatchObject([{ pointer: '/email' }])
      expect((await put(id, { email: dana.email, phone: '1' })).status, 'anything else may change').toBe(200)
      await put204('DELETE', `${id}/${open}`)
    }
    expect((await put(id, { email: null })).status).toBe(422)
    expect((await read(id)).portalAdmin).toMatchObject({ contactId: dana.id, isPending: false })
  })

  it('by twenty people at once names one admin, and the other contacts stay as they were', async () => {
    const { put, read, peopleOf, id } = await newOffice()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => put(id, { email: `admin${number}@fabrikam.example` })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const people = await peopleOf(id)
    expect(people).toHaveLength(3)
    expect(people.filter(({ isTheAdmin }) => isTheAdmin).map(({ email }) => email)).toEqual([(await read(id)).email])
  })

  it('is taken back before it is confirmed: the one before is admin again, and the link leads nowhere', async () => {
    const { msp, put, put204, read, portal, dana, id } = await newOffice()
    await put(id, { email: 'pia@fabrikam.example' })
    const pia = (await read(id)).portalAdmin?.contactId ?? ''
    // A second thought does not forget whom undoing brings back.
    await put(id, { email: 'pia.new@fabrikam.example' })
    expect((await read(id)).portalAdmin).toMatchObject({ formerEmail: dana.email })
    const second = (await read(id)).portalAdmin?.contactId ?? ''
    const [link] = await linksOf(msp, second)
    await put204('DELETE', `${id}/portal/admin-change`)
    expect(await read(id)).toMatchObject({ email: dana.email, portalAdmin: { contactId: dana.id, isPending: false } })
    expect((await accept(portal.host, link?.token ?? '')).status).toBe(410)
    expect(await msp.scope.find(contacts, second, 'contact')).toMatchObject({ access: 'none', isPortalAdmin: false })
    expect(await msp.scope.find(contacts, pia, 'contact')).toMatchObject({ isPortalAdmin: false, isPortalUser: true })
  })

  it('cannot be taken back once it was confirmed, or when nothing waits', async () => {
    const { put, tom, id, technician } = await newOffice()
    const undo = () => call(ADMIN, 'DELETE', `${all}/${id}/portal/admin-change`, { as: technician })
    expect((await undo()).status).toBe(409)
    await put(id, { email: tom.email })
    expect((await undo()).status).toBe(409)
  })

  it('is the only way to change the admin’s: the contact itself keeps its address and its role', async () => {
    const { technician, dana, id } = await newOffice()
    const replace = (body: Record<string, unknown>) =>
      call(ADMIN, 'PUT', `${all}/${id}/contacts/${dana.id}`, { as: technician, body: { name: 'Dana', ...body } })
    for (const [body, pointer] of [
      [{ email: 'other@fabrikam.example', roles: ['portal_admin'] }, '/email'],
      [{ email: dana.email, roles: ['portal_user'] }, '/roles'],
    ] as const) {
      const answer = await replace(body)
      expect(answer.status).toBe(422)
      expect((await bodyOf<Refusal>(answer)).errors).toMatchObject([{ pointer }])
    }
    expect((await replace({ email: dana.email, roles: ['portal_admin'] })).status).toBe(200)
  })
})
