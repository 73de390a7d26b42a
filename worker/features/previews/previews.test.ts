import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, customers, handOvers, msps, portals, previews, staff } from '../../../db/shard/schema.ts'
import { moveClock } from '../../clock.ts'
import { newSecret } from '../../tenancy/ids.ts'
import type { StaffRole } from '../../tenancy/permissions.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newContact,
  newCustomer,
  newDocument,
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedContact, StagedPortal } from '../../test/stage.ts'
import { follow, standingClock, whereTo } from '../../test/tenants.ts'

holdQueue()
fakeAssets({ 'portal.html': '<html><head><!--head--></head><body><!--boot--></body></html>' })
afterEach(() => moveClock(undefined))

/** A technician, and a portal with a contact whom they view it as. */
const newCast = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam'))
  return { msp, portal, technician: await newStaff(msp, 'technician'), contact: await newContact(portal) }
}

const pathOf = ({ portal, id }: StagedContact) =>
  `/api/msp-portal/customers/${portal.customerId}/contacts/${id}/preview`
const begin = (as: { cookie: string }, contact: StagedContact) => call(ADMIN, 'POST', pathOf(contact), { as })
const begun = async (as: { cookie: string }, contact: StagedContact): Promise<string> => {
  const answer = await begin(as, contact)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return (await bodyOf<{ url: string }>(answer)).url
}
/** Follows the address; answers the cookie that the browser keeps then. */
const arrive = async (url: string): Promise<{ cookie: string }> => {
  const answer = await follow(url)
  expect([answer.status, whereTo(answer)]).toEqual([303, '/'])
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}
const viewing = async ({ technician, contact }: Awaited<ReturnType<typeof newCast>>) =>
  arrive(await begun(technician, contact))

const dashboard = ({ host, customerId }: StagedPortal, as: { cookie: string }) =>
  call(host, 'GET', `/api/portal/customers/${customerId}/dashboard`, { as })
const bootOf = async ({ host }: StagedPortal, as: { cookie: string }) => {
  const answer = await call(host, 'GET', '/', { as, site: null })
  const html = await answer.text()
  const data = /id="boot"[^>]*>(.*?)<\/script>/s.exec(html)?.[1]
  return { status: answer.status, boot: JSON.parse(data ?? 'null') as { person: unknown; preview: unknown } | null }
}
const commit = (
  { msp, customerId }: StagedPortal,
  change: (scope: ReturnType<typeof msp.scope.forCustomer>) => Parameters<typeof scope.commit>[1],
) => {
  const scope = msp.scope.forCustomer(customerId)
  return scope.commit(
    { action: 'stage.change', subject: { kind: 'customer', id: customerId, name: '' } },
    change(scope),
  )
}
const at20 = <T>(run: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, run))

describe('Viewing a portal as a contact', () => {
  it('checks a request that is being filled in, which keeps nothing, and sends none', async () => {
    const cast = await newCast()
    const as = await viewing(cast)
    const { host, customerId } = cast.portal
    const asked = async (path: string) =>
      (await call(host, 'POST', `/api/portal/customers/${customerId}/${path}`, { as, body: { type: 'new_user' } }))
        .status
    expect([await asked('request-checks'), await asked('requests')]).toEqual([200, 403])
  })

  it('shows the portal as that contact sees it, says who looks, and is written down', async () => {
    const cast = await newCast()
    const { portal, contact, technician, msp } = cast
    const as = await viewing(cast)
    expect((await dashboard(portal, as)).status).toBe(200)
    const { boot } = await bootOf(portal, as)
    expect(boot).toMatchObject({
      person: { id: contact.id, roles: ['portal_user'] },
      preview: {
        staffName: technician.name,
        contactName: contact.name,
        endUrl: `https://${ADMIN}/customers/${portal.customerId}/contacts`,
      },
    })
    const [entry] = await msp.scope.list(activities, { where: eq(activities.action, 'portal.viewed_as') })
    expect(entry).toMatchObject({ actorId: technician.id, subjectId: contact.id, customerId: portal.customerId })
  })

  it('sees no more than that contact may', async () => {
    const cast = await newCast()
    const admin = await newContact(cast.portal, ['portal_admin'])
    const asUser = await bodyOf<{ security: unknown }>(await dashboard(cast.portal, await viewing(cast)))
    const asAdmin = await bodyOf<{ security: unknown }>(
      await dashboard(cast.portal, await arrive(await begun(cast.technician, admin))),
    )
    const own = async (contact: StagedContact) => bodyOf<{ security: unknown }>(await dashboard(cast.portal, contact))
    expect(asUser).toEqual(await own(cast.contact))
    expect(asAdmin).toEqual(await own(admin))
  })

  it('works while the portal is closed, and while the customer is disabled, for whoever looks and for nobody else', async () => {
    const cast = await newCast()
    const { portal, contact } = cast
    const as = await viewing(cast)
    await commit(portal, (scope) => scope.changeAll(portals, undefined, { state: 'disabled' }))
    expect((await dashboard(portal, as)).status).toBe(200)
    expect((await bootOf(portal, as)).status).toBe(200)
    expect((await dashboard(portal, contact)).status).toBe(401)
    expect((await bootOf(portal, contact)).status).toBe(404)
    await commit(portal, (scope) => scope.changeAll(customers, undefined, { state: 'disabled' }))
    expect((await dashboard(portal, as)).status).toBe(200)
    // Another one can be begun, too.
    expect((await dashboard(portal, await viewing(cast))).status).toBe(200)
  })

  it('ends when the customer is archived', async () => {
    const cast = await newCast()
    const as = await viewing(cast)
    await commit(cast.portal, (scope) => scope.changeAll(customers, undefined, { state: 'archived' }))
    expect((await dashboard(cast.portal, as)).status).toBe(401)
    expect((await begin(cast.technician, cast.contact)).status).toBe(409)
  })

  it.each<[string, Partial<typeof staff.$inferInsert>]>([
    ['is disabled', { disabled: true }],
    ['becomes a viewer', { role: 'viewer' }],
  ])('ends at the next click when whoever looks %s', async (_, set) => {
    const cast = await newCast()
    const as = await viewing(cast)
    const { scope } = cast.msp
    await scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: cast.technician.id, name: '' } },
      scope.changeAll(staff, eq(staff.id, cast.technician.id), set),
    )
    expect((await dashboard(cast.portal, as)).status).toBe(401)
    expect((await bootOf(cast.portal, as)).boot).toMatchObject({ person: null, preview: null })
  })

  it('ends when whoever looks signs out', async () => {
    const cast = await newCast()
    const as = await viewing(cast)
    expect((await dashboard(cast.portal, as)).status).toBe(200)
    expect((await call(ADMIN, 'DELETE', '/api/auth/session', { as: cast.technician })).status).toBe(204)
    expect((await dashboard(cast.portal, as)).status).toBe(401)
  })

  it('ends when two-step verification is required of whoever looks, until they have set it up', async () => {
    const cast = await newCast()
    const { scope } = cast.msp
    const admin = await newStaff(cast.msp, 'admin')
    const as = await viewing({ ...cast, technician: admin })
    expect((await dashboard(cast.portal, as)).status).toBe(200)
    await scope.commit(
      { action: 'stage.msp', subject: { kind: 'organisation', id: cast.msp.mspId, name: '' } },
      scope.changeAll(msps, undefined, { twoStepRequired: true }),
    )
    expect((await dashboard(cast.portal, as)).status).toBe(401)
  })

  it('ends after half an hour, however much is looked at', async () => {
    const clock = standingClock()
    const cast = await newCast()
    const as = await viewing(cast)
    clock.forward(29 * 60_000)
    expect((await dashboard(cast.portal, as)).status).toBe(200)
    clock.forward(60_000)
    expect((await dashboard(cast.portal, as)).status).toBe(401)
  })

  it('ends when it is ended, and gives the browser back to who was signed in there', async () => {
    const cast = await newCast()
    const as = await viewing(cast)
    const both = { cookie: `${cast.contact.cookie}; ${as.cookie}` }
    const ended = await call(cast.portal.host, 'DELETE', '/api/auth/preview', { as: both })
    expect([ended.status, ended.headers.getSetCookie()[0]?.startsWith('__Host-preview=;')]).toEqual([204, true])
    expect((await dashboard(cast.portal, as)).status).toBe(401)
    expect((await dashboard(cast.portal, cast.contact)).status).toBe(200)
    expect(await cast.msp.scope.list(previews)).toEqual([])
  })

  it.each([
    ['PUT', '/api/auth/session', { email: 'a@b.example', password: 'guess' }],
    ['DELETE', '/api/auth/session', undefined],
    ['PUT', '/api/auth/password', { currentPassword: 'a', newPassword: 'b' }],
    ['GET', '/api/auth/sessions', undefined],
    ['DELETE', '/api/auth/sessions', undefined],
    ['POST', '/api/auth/microsoft', {}],
    ['POST', '/api/auth/microsoft/link', {}],
    ['POST', '/api/auth/invitation/lookup', { token: newSecret() }],
  ] as const)(
    'changes nothing, and looks at nothing of their own: %s %s is refused in words',
    async (method, path, body) => {
      const cast = await newCast()
      const as = await viewing(cast)
      // Even where the contact is signed in in the same browser.
      const both = { cookie: `${cast.contact.cookie}; ${as.cookie}` }
      const answer = await call(cast.portal.host, method, path, { as: both, ...(body === undefined ? {} : { body }) })
      expect(answer.status).toBe(403)
      expect((await bodyOf<{ detail: string }>(answer)).detail).toContain(`as ${cast.contact.name}`)
    },
  )

  it('opens what is shared with the customer', async () => {
    const cast = await newCast()
    await newDocument(cast.portal)
    const as = await viewing(cast)
    const { host, customerId } = cast.portal
    expect((await call(host, 'GET', `/api/portal/customers/${customerId}/documents`, { as })).status).toBe(200)
  })
})

describe('The address it begins with', () => {
  it('works once, and for one of 20 at once', async () => {
    const { technician, contact, msp } = await newCast()
    const url = await begun(technician, contact)
    const statuses = (await at20(() => follow(url))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(19)
    expect((await follow(url)).status).toBe(410)
    expect(await msp.scope.list(previews)).toHaveLength(1)
  })

  it('works for a minute', async () => {
    const clock = standingClock()
    const { technician, contact } = await newCast()
    const url = await begun(technician, contact)
    clock.forward(60_000)
    expect((await follow(url)).status).toBe(410)
  })

  it('works at no other portal, not even of the same MSP, and is no code of a sign-in', async () => {
    const { technician, contact, msp, portal } = await newCast()
    const sibling = await newPortal(await newCustomer(msp))
    const { search } = new URL(await begun(technician, contact))
    expect((await call(sibling.host, 'GET', `/preview${search}`)).status).toBe(410)
    const flow = { as: { cookie: '__Host-microsoft=' } }
    const signedIn = await call(portal.host, 'GET', `/microsoft/signed-in${search}`, flow)
    expect(whereTo(signedIn)).toBe('/?microsoft=out_of_date')
    expect((await call(portal.host, 'HEAD', `/preview${search}`)).status).toBe(405)
    expect((await call(portal.host, 'GET', `/preview${search}`)).status).toBe(303)
  })

  it('is not what a sign-in waits for', async () => {
    const { portal, msp, contact } = await newCast()
    const secret = newSecret()
    const { hashOf } = await import('../../tenancy/ids.ts')
    const scope = msp.scope.forCustomer(portal.customerId)
    const account = { tenantId: crypto.randomUUID(), objectId: crypto.randomUUID(), name: contact.email }
    await scope.record(
      scope.add(handOvers, {
        id: await hashOf(secret),
        host: portal.host,
        flowHash: '',
        proven: { purpose: 'sign_in', account },
        returnTo: '/',
        createdAt: Date.now(),
        expiresAt: Date.now() + 60_000,
      }),
    )
    const code = [msp.shard, msp.mspId, secret].join('.')
    expect((await call(portal.host, 'GET', `/preview?code=${code}`)).status).toBe(410)
  })
})

describe('Who may view, and as whom', () => {
  it.each<[StaffRole, number]>([
    ['viewer', 403],
    ['technician', 201],
    ['admin', 201],
    ['owner', 201],
  ])('%s: %i', async (role, status) => {
    const { msp, contact } = await newCast()
    expect((await begin(await newStaff(msp, role), contact)).status).toBe(status)
  })

  it('is refused, saying why, where there is no portal, no role, or an address that is not there yet', async () => {
    const { portal, technician, contact } = await newCast()
    const bystander = await newContact(portal, [])
    expect((await bodyOf(await begin(technician, bystander))).detail).toContain('no role')
    await commit(portal, (scope) => scope.changeAll(portals, undefined, { addressState: 'preparing' }))
    expect((await bodyOf(await begin(technician, contact))).detail).toContain('being prepared')
    await commit(portal, (scope) => scope.removeWhere(portals, undefined))
    expect((await bodyOf(await begin(technician, contact))).detail).toContain('no portal')
  })

  it('does not mind whether the contact may sign in at the moment', async () => {
    const cast = await newCast()
    await commit(cast.portal, (scope) => scope.changeAll(contacts, undefined, { access: 'disabled' }))
    expect((await dashboard(cast.portal, await viewing(cast))).status).toBe(200)
  })

  it('opens nothing at another portal, nor in place of a session, nor a session in its place', async () => {
    const cast = await newCast()
    const sibling = await newPortal(await newCustomer(cast.msp))
    const as = await viewing(cast)
    expect((await dashboard(sibling, as)).status).toBe(401)
    const token = as.cookie.split('=')[1] ?? ''
    expect((await dashboard(cast.portal, { cookie: `__Host-session=${token}` })).status).toBe(401)
    const session = cast.contact.cookie.split('=')[1] ?? ''
    expect((await dashboard(cast.portal, { cookie: `__Host-preview=${session}` })).status).toBe(401)
  })
})
