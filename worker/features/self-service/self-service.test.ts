import type { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { activities, selfServiceOverrides, staff } from '../../../db/shard/schema.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { selfService as strict } from '../../test/strangers.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newContact,
  newCustomer,
  newKey,
  newMsp,
  newOwnPolicy,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { Session, StagedContact } from '../../test/stage.ts'
import type { CustomerSelfService, SelfService } from './self-service.schema.ts'

type Standard = z.infer<typeof SelfService>
type Own = z.infer<typeof CustomerSelfService>
type Refused = { errors: { pointer: string; detail: string }[] }

holdQueue()

const usual = {
  actions: {
    see_directory: 'direct',
    see_licences: 'direct',
    download_reports: 'direct',
    create_tickets: 'direct',
    new_user: 'approval',
    offboarding: 'approval',
    password_reset: 'approval',
    licence_change: 'approval',
    group_change: 'approval',
  },
  askers: {
    new_user: 'everybody',
    offboarding: 'everybody',
    password_reset: 'everybody',
    licence_change: 'everybody',
    group_change: 'everybody',
  },
  customerApproves: false,
  approverRole: 'technician',
  approverIds: null,
  waitDays: 14,
}
const nulls = <Given extends object>(given: Given) => Object.fromEntries(Object.keys(given).map((key) => [key, null]))
const nothing = {
  actions: nulls(usual.actions),
  askers: nulls(usual.askers),
  customerApproves: null,
  approverRole: null,
  approverIds: null,
  waitDays: null,
}

/** Fabrikam with an open portal; Dana is portal admin, Tom a portal user, Rosa an admin of the MSP. */
const newCast = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const [dana, tom] = [await newContact(portal, ['portal_admin']), await newContact(portal, ['portal_user'])]
  const rosa = await newStaff(msp, 'admin')
  const all = '/api/msp-portal/self-service'
  const one = `/api/msp-portal/customers/${portal.customerId}/self-service`
  const get = async <T>(path: string) => bodyOf<T>(await call(ADMIN, 'GET', path, { as: rosa }))
  const put = (path: string, body: object, as: Session = rosa, headers: Record<string, string> = {}) =>
    call(ADMIN, 'PUT', path, { as, body, headers })
  return { msp, portal, dana, tom, rosa, all, one, get, put }
}
type Cast = Awaited<ReturnType<typeof newCast>>

const inPortal = (as: StagedContact, rest: string) =>
  call(as.portal.host, 'GET', `/api/portal/customers/${as.portal.customerId}/${rest}`, { as })
const saved = async (answer: Promise<Response>) => {
  const got = await answer
  expect(got.status, await got.clone().text()).toBe(200)
  return got
}
const refusedAt = async (answer: Promise<Response>) => {
  const got = await answer
  expect(got.status).toBe(422)
  return (await bodyOf<Refused>(got)).errors.map(({ pointer }) => pointer)
}
const newestOf = async ({ msp }: Cast) =>
  (await msp.scope.list(activities)).toSorted((one, other) => one.id.localeCompare(other.id)).at(-1)

describe('Self-service', () => {
  it('is what is usual in version 0 until somebody says something', async () => {
    const { all, one, get, rosa } = await newCast()
    const standard = await get<Standard>(all)
    expect(standard).toMatchObject({ ...usual, version: 0 })
    expect(standard.people).toEqual([{ id: rosa.id, name: rosa.name, role: 'admin', isActive: true }])
    expect(await get<Own>(one)).toMatchObject({ own: nothing, standard: usual, inForce: usual, version: 0 })
  })

  it('of a customer follows the default but for what it has otherwise, which outlives a change of the default', async () => {
    const { all, one, get, put } = await newCast()
    const own = { ...nothing, actions: { ...nothing.actions, group_change: 'direct' }, waitDays: 7 }
    await saved(put(one, own))
    await saved(
      put(all, { ...usual, actions: { ...usual.actions, group_change: 'off', new_user: 'off' }, waitDays: 30 }),
    )
    const read = await get<Own>(one)
    expect(read.own).toEqual(own)
    expect(read.standard).toMatchObject({ actions: { group_change: 'off', new_user: 'off' }, waitDays: 30 })
    expect(read.inForce).toMatchObject({ actions: { group_change: 'direct', new_user: 'off' }, waitDays: 7 })
  })

  it('changes by version', async () => {
    const { all, one, put } = await newCast()
    for (const [path, body] of [
      [all, { ...usual, waitDays: 20 }],
      [one, { ...nothing, waitDays: 20 }],
    ] as const) {
      const saving = (version: string, more: object = {}) =>
        put(path, { ...body, ...more }, undefined, { 'if-match': version })
      expect((await saving('"v1"')).status).toBe(412)
      expect((await saving('"v0"')).headers.get('etag')).toBe('"v1"')
      expect((await saving('"v1"')).headers.get('etag')).toBe('"v1"')
      expect((await saving('"v1"', { waitDays: 21 })).headers.get('etag')).toBe('"v2"')
      expect((await saving('"v1"')).status).toBe(412)
    }
  })

  it('is refused at its field where it cannot be so', async () => {
    const { all, one, put } = await newCast()
    const at = (key: string, value: string) => ({ actions: { ...usual.actions, [key]: value } })
    for (const [more, pointer] of [
      [at('offboarding', 'direct'), '/actions/offboarding'],
      [at('see_directory', 'approval'), '/actions/see_directory'],
      [at('download_reports', 'approval'), '/actions/download_reports'],
      [at('new_user', 'sometimes'), '/actions/new_user'],
      [at('delete_everything', 'direct'), '/actions/delete_everything'],
      [{ askers: { ...usual.askers, new_user: 'nobody' } }, '/askers/new_user'],
      [{ approverRole: 'viewer' }, '/approverRole'],
      [{ approverIds: [] }, '/approverIds'],
      [{ waitDays: 0 }, '/waitDays'],
      [{ waitDays: 91 }, '/waitDays'],
      [{ waitDays: 1.5 }, '/waitDays'],
      [{ usersSee: true }, '/usersSee'],
    ] as const) {
      expect(await refusedAt(put(all, { ...usual, ...more })), pointer).toEqual([pointer])
      expect(await refusedAt(put(one, { ...usual, ...more })), pointer).toEqual([pointer])
    }
    expect(await refusedAt(put(all, { ...usual, waitDays: null }))).toEqual(['/waitDays'])
  })

  it('names nobody to approve but active staff who are at least technicians', async () => {
    const { msp, all, one, rosa, dana, put } = await newCast()
    const [viewer, gone] = [await newStaff(msp, 'viewer'), await newStaff(msp, 'technician')]
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: gone.id, name: '' } },
      msp.scope.changeWhere(staff, gone.id, undefined, { disabled: true }),
    )
    const stranger = await newStaff(await newMsp(), 'owner')
    const approverIds = [rosa.id, viewer.id, gone.id, stranger.id, dana.id]
    for (const path of [all, one])
      expect(await refusedAt(put(path, { ...usual, approverIds }))).toEqual(
        [1, 2, 3, 4].map((at) => `/approverIds/${at}`),
      )
    expect(await refusedAt(put(one, { ...nothing, approverIds: [rosa.id] }))).toEqual(['/approverIds'])
  })

  it('lets whoever was named and is blocked since stay named, as somebody who cannot approve', async () => {
    const { msp, all, get, put } = await newCast()
    const marcus = await newStaff(msp, 'technician')
    await saved(put(all, { ...usual, approverIds: [marcus.id] }))
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: marcus.id, name: '' } },
      msp.scope.changeWhere(staff, marcus.id, undefined, { disabled: true }),
    )
    await saved(put(all, { ...usual, approverIds: [marcus.id], waitDays: 5 }))
    const { people, approverIds } = await get<Standard>(all)
    expect(approverIds).toEqual([marcus.id])
    expect(people.find(({ id }) => id === marcus.id)).toMatchObject({ isActive: false })
  })

  it('is written down thing by thing, with people by their names', async () => {
    const cast = await newCast()
    const { all, one, rosa, put } = cast
    await saved(put(all, { ...usual, actions: { ...usual.actions, see_licences: 'off' }, approverIds: [rosa.id] }))
    const first = await newestOf(cast)
    expect(first).toMatchObject({ action: 'settings.self_service_changed', customerId: null })
    expect(first?.changes).toEqual([
      { table: 'self_service', field: 'see_licences', before: 'direct', after: 'off' },
      { table: 'self_service', field: 'approvers', before: 'everybody', after: [rosa.name] },
    ])
    await saved(put(one, { ...nothing, customerApproves: true }))
    const second = await newestOf(cast)
    expect(second).toMatchObject({ action: 'customer.self_service_changed', customerId: cast.portal.customerId })
    expect(second?.changes).toEqual([
      { table: 'self_service', field: 'customerApproves', before: 'standard', after: true },
    ])
  })

  it('is changed by admins, and read by all staff', async () => {
    const { msp, all, one, put } = await newCast()
    const technician = await newStaff(msp, 'technician')
    for (const [path, body] of [
      [all, usual],
      [one, nothing],
    ] as const) {
      expect((await call(ADMIN, 'GET', path, { as: await newStaff(msp, 'viewer') })).status).toBe(200)
      expect((await put(path, body, technician)).status).toBe(403)
    }
  })

  it('of an archived customer is read and not changed', async () => {
    const { one, portal, rosa, put } = await newCast()
    await call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/archival`, { as: rosa })
    expect((await call(ADMIN, 'GET', one, { as: rosa })).status).toBe(200)
    expect((await put(one, { ...nothing, waitDays: 3 })).status).toBe(409)
  })

  it('is not what a customer had who is merged into it', async () => {
    const { msp, portal, tom, one, get } = await newCast()
    const scope = msp.scope.forCustomer(portal.customerId)
    await scope.commit(
      { action: 'stage.policy', subject: { kind: 'customer', id: portal.customerId, name: '' } },
      scope.add(selfServiceOverrides, {
        id: 'the one that was merged',
        choices: { reads: { see_directory: false }, modes: {}, askers: {} },
      }),
    )
    expect((await inPortal(tom, 'users')).status).toBe(200)
    expect(await get<Own>(one)).toMatchObject({ own: nothing, version: 0 })
  })
})

describe('What is off in a portal', () => {
  it('is off for everybody at the next click, by the default as by the customer’s own', async () => {
    const { all, one, tom, dana, put } = await newCast()
    const asked = async () => ({
      directory: [(await inPortal(tom, 'users')).status, (await inPortal(dana, 'users')).status],
      licences: [(await inPortal(tom, 'licences')).status, (await inPortal(dana, 'licences')).status],
      reports: [(await inPortal(dana, 'reports?report=licences')).status],
      requests: [(await inPortal(tom, 'request-forms')).status, (await inPortal(dana, 'request-forms')).status],
    })
    const on = { directory: [200, 200], licences: [200, 200], reports: [200], requests: [200, 200] }
    expect(await asked()).toEqual(on)
    await saved(put(all, strict))
    // Portal admins see licences in any case, and may still ask for what is theirs to ask for.
    expect(await asked()).toEqual({ directory: [404, 404], licences: [403, 200], reports: [403], requests: [403, 200] })
    await saved(put(one, { ...usual, customerApproves: null }))
    expect(await asked()).toEqual(on)
    const off = nothing.actions
    const forms = { new_user: 'off', offboarding: 'off', password_reset: 'off', licence_change: 'off' }
    await saved(put(one, { ...usual, actions: { ...off, ...forms, group_change: 'off' } }))
    expect((await asked()).requests).toEqual([403, 403])
  })

  it('lets nobody write a ticket where that is off, though they read and answer those there are', async () => {
    const { portal, tom, dana } = await newCast()
    const body = { subject: 'The printer', description: 'It prints nothing.', category: 'network' }
    const raise = async (as: StagedContact) =>
      (await call(portal.host, 'POST', `/api/portal/customers/${portal.customerId}/tickets`, { as, body })).status
    expect(await raise(tom)).toBe(201)
    await newOwnPolicy(portal, { reads: { create_tickets: false } })
    expect([await raise(tom), await raise(dana)]).toEqual([403, 403])
    expect((await inPortal(tom, 'tickets')).status).toBe(200)
  })

  it('is off for keys, too', async () => {
    const { msp, portal, rosa } = await newCast()
    const key = await newKey(msp, rosa)
    const byKey = async (rest: string) =>
      (
        await call(ADMIN, 'GET', `/api/portal/customers/${portal.customerId}/${rest}`, {
          bearer: key.bearer,
          site: null,
        })
      ).status
    await newOwnPolicy(portal, { reads: { see_directory: false, download_reports: false } })
    expect([await byKey('users'), await byKey('reports?report=licences'), await byKey('licences')]).toEqual([
      404, 403, 200,
    ])
  })
})
