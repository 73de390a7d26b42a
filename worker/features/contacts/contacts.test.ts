import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, customers, jobs } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { cheapHash } from '../../test/cheap-hash.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedCustomer } from '../../test/stage.ts'
import { CONTACT_COUNT_MAX, INVITATION_PAUSE_MS, obstacleTo } from './contacts.ts'

holdQueue()
afterEach(() => moveClock(undefined))

type Shown = {
  id: string
  name: string
  email: string | null
  roles: string[]
  access: string
  canBeInvited: boolean
  version: number
}
type Refusal = { detail: string; errors: { pointer: string; detail: string }[] }

/** A customer without contacts, and a technician who works on them. */
const newScene = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp)
  const customer = await newCustomer(msp, 'Fabrikam Dental')
  return sceneOf(customer, technician)
}

const sceneOf = (customer: StagedCustomer, technician: { cookie: string; name: string }) => {
  const { msp, customerId } = customer
  const path = `/api/msp-portal/customers/${customerId}/contacts`
  const add = (body: unknown, headers: Record<string, string> = {}) =>
    call(ADMIN, 'POST', path, { as: technician, body, headers })
  const added = async (body: unknown) => {
    const response = await add(body)
    expect(response.status, await response.clone().text()).toBe(201)
    return bodyOf<Shown>(response)
  }
  const replace = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    call(ADMIN, 'PUT', `${path}/${id}`, { as: technician, body, headers })
  const list = async () => (await bodyOf<{ items: Shown[] }>(await call(ADMIN, 'GET', path, { as: technician }))).items
  const order = (contactIds: string[], headers: Record<string, string> = {}) =>
    call(ADMIN, 'PUT', path.replace(/contacts$/, 'escalation'), { as: technician, body: { contactIds }, headers })
  const found = async (q: string) => {
    const response = await call(ADMIN, 'GET', `/api/msp-portal/customers?q=${encodeURIComponent(q)}`, {
      as: technician,
    })
    return (await bodyOf<{ items: { name: string }[] }>(response)).items.map(({ name }) => name)
  }
  const summary = async () => {
    const { contactCount, primaryContactName } = await msp.scope.find(customers, customerId, 'customer')
    return { contactCount, primaryContactName }
  }
  return { msp, customer, technician, customerId, path, add, added, replace, list, order, found, summary }
}

describe('A contact', () => {
  it('is added, last in the order in which one calls them', async () => {
    const { added, list } = await newScene()
    const dana = { name: ' Dana Reyes ', email: 'Dana@Fabrikam.example', phone: '', jobTitle: 'Office manager' }
    expect(await added({ ...dana, roles: ['portal_admin', 'portal_user'] })).toMatchObject({
      name: 'Dana Reyes',
      email: 'dana@fabrikam.example',
      phone: null,
      jobTitle: 'Office manager',
      roles: ['portal_user', 'portal_admin'],
      isTheAdmin: false,
      access: 'none',
      invitedAt: null,
      version: 1,
    })
    for (const name of ['Bo', 'Ann']) await added({ name })
    expect((await list()).map(({ name }) => name)).toEqual(['Dana Reyes', 'Bo', 'Ann'])
  })

  it('is counted and, when the first, named in the customer’s row at once', async () => {
    const { added, replace, summary } = await newScene()
    expect(await summary()).toEqual({ contactCount: 0, primaryContactName: null })
    const dana = await added({ name: 'Dana Reyes' })
    const bo = await added({ name: 'Bo' })
    expect(await summary()).toEqual({ contactCount: 2, primaryContactName: 'Dana Reyes' })
    await replace(bo.id, { name: 'Bo Li' })
    expect(await summary()).toEqual({ contactCount: 2, primaryContactName: 'Dana Reyes' })
    await replace(dana.id, { name: 'Dana Reyes-Li' })
    expect(await summary()).toEqual({ contactCount: 2, primaryContactName: 'Dana Reyes-Li' })
  })

  it('added at the same moment as another is counted, named and found like the other', async () => {
    const { added, list, summary, found } = await newScene()
    await Promise.all(['Dana', 'Bolette', 'Anselm'].map((name) => added({ name, email: `${name}@fabrikam.example` })))
    const people = await list()
    expect(people).toHaveLength(3)
    expect(await summary()).toEqual({ contactCount: 3, primaryContactName: people[0]?.name })
    for (const { name } of people) expect(await found(name), name).toEqual(['Fabrikam Dental'])
  })

  it('leads to its customer by name and e-mail, from when it is there and no longer', async () => {
    const { added, replace, found } = await newScene()
    const { id } = await added({ name: 'Dana Reyes', email: 'dana.reyes@outlook.example' })
    for (const q of ['dana', 'rey', 'outlook']) expect(await found(q), q).toEqual(['Fabrikam Dental'])
    await replace(id, { name: 'Dana Lindqvist', email: 'dana.l@fabrikam.example' })
    for (const q of ['dana', 'lindq', 'fabrikam']) expect(await found(q), q).toEqual(['Fabrikam Dental'])
    for (const q of ['reyes', 'outlook']) expect(await found(q), q).toEqual([])
  })

  it('leaves the words that somebody else of the customer is found by', async () => {
    const { added, replace, found } = await newScene()
    const { id } = await added({ name: 'Dana Reyes', email: 'dana@fabrikam.example' })
    await added({ name: 'Dana Smith', email: 'smith@fabrikam.example' })
    await replace(id, { name: 'Robin', email: 'robin@elsewhere.example' })
    for (const q of ['dana', 'fabrikam', 'smith', 'robin', 'elsewhere'])
      expect(await found(q), q).toEqual(['Fabrikam Dental'])
    expect(await found('reyes')).toEqual([])
  })

  it('gains a word for its customer that another loses at the same moment', async () => {
    const { added, replace, found } = await newScene()
    const { id } = await added({ name: 'Dana Reyes' })
    const [lost, gained] = await Promise.all([replace(id, { name: 'Robin' }), added({ name: 'Dana Smith' })])
    expect([lost.status, gained.name]).toEqual([200, 'Dana Smith'])
    for (const q of ['dana', 'smith', 'robin']) expect(await found(q), q).toEqual(['Fabrikam Dental'])
    expect(await found('reyes')).toEqual([])
  })

  it('is kept once per e-mail and customer', async () => {
    const scene = await newScene()
    const { added, add, replace, list, summary } = scene
    await added({ name: 'Dana', email: 'dana@fabrikam.example' })
    const bo = await added({ name: 'Bo', email: 'bo@fabrikam.example' })
    const errors = [{ pointer: '/email', detail: 'Another contact of this customer has this e-mail address.' }]
    for (const response of [
      await add({ name: 'Dana again', email: ' DANA@fabrikam.example ' }),
      await replace(bo.id, { name: 'Bo', email: 'dana@fabrikam.example' }),
    ]) {
      expect(response.status).toBe(422)
      expect((await bodyOf<Refusal>(response)).errors).toEqual(errors)
    }
    expect([(await list()).length, (await summary()).contactCount]).toEqual([2, 2])

    const elsewhere = sceneOf(await newCustomer(scene.msp), scene.technician)
    await elsewhere.added({ name: 'Dana', email: 'dana@fabrikam.example' })
    for (let count = 0; count < 2; count += 1) await elsewhere.added({ name: 'Nobody in particular', email: '' })
  })

  it('with one e-mail twice at the same moment is added once', async () => {
    const { add, summary } = await newScene()
    const body = { name: 'Dana', email: 'dana@fabrikam.example' }
    const statuses = (await Promise.all([add(body), add(body)])).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([201, 422]))
    expect((await summary()).contactCount).toBe(1)
  })

  it('is added once when the same request comes twice', async () => {
    const { add, list, summary } = await newScene()
    const key = { 'idempotency-key': 'once' }
    const responses = [await add({ name: 'Dana' }, key), await add({ name: 'Dana' }, key)]
    expect(responses.map(({ status }) => status)).toEqual([201, 201])
    expect(responses[1]?.headers.get('idempotency-replayed')).toBe('true')
    expect([(await list()).length, (await summary()).contactCount]).toEqual([1, 1])
    expect((await add({ name: 'Bo' }, key)).status).toBe(422)
  })

  it('is not one too many', async () => {
    const { msp, customerId, add, list } = await newScene()
    await msp.scope.commit(
      { action: 'stage.change', subject: { kind: 'customer', id: customerId, name: '' } },
      msp.scope.changeAll(customers, eq(customers.id, customerId), { contactCount: CONTACT_COUNT_MAX }),
    )
    const response = await add({ name: 'Dana' })
    expect([response.status, (await bodyOf<Refusal>(response)).detail]).toEqual([
      409,
      'A customer has at most 200 contacts.',
    ])
    expect(await list()).toEqual([])
  })

  it('is not one too many either when many come at once, and each has a place of its own', async () => {
    const { msp, customerId, add } = await newScene()
    const roomLeft = 3
    await msp.scope.commit(
      { action: 'stage.change', subject: { kind: 'customer', id: customerId, name: '' } },
      msp.scope.changeAll(customers, eq(customers.id, customerId), { contactCount: CONTACT_COUNT_MAX - roomLeft }),
    )
    const names = Array.from({ length: 8 }, (_, number) => `Person ${number}`)
    const statuses = (await Promise.all(names.map((name) => add({ name })))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(roomLeft)
    expect(statuses.filter((status) => status === 409)).toHaveLength(names.length - roomLeft)
    const rows = await msp.scope.forCustomer(customerId).list(contacts)
    expect(rows).toHaveLength(roomLeft)
    expect(new Set(rows.map(({ escalationPosition }) => escalationPosition))).toEqual(new Set([0, 1, 2]))
    expect((await msp.scope.find(customers, customerId, 'customer')).contactCount).toBe(CONTACT_COUNT_MAX)
  })

  it('is added to no customer that is not there', async () => {
    const { technician } = await newScene()
    const response = await call(ADMIN, 'POST', '/api/msp-portal/customers/made-up/contacts', {
      as: technician,
      body: { name: 'Dana' },
    })
    expect(response.status).toBe(404)
  })

  it.each([
    [{ name: '  ' }, '/name', 'Enter the person’s name.'],
    [{}, '/name', ''],
    [{ name: 'a'.repeat(121) }, '/name', 'At most 120 characters.'],
    [{ name: 'Dana', email: 'dana' }, '/email', 'Enter an e-mail address such as name@company.com.'],
    [
      { name: 'Dana', email: `${'d'.repeat(250)}@x.example` },
      '/email',
      'Enter an e-mail address such as name@company.com.',
    ],
    [{ name: 'Dana', email: 'dana@x.example\r\nBcc: all@x.example' }, '/email', 'Enter an e-mail address'],
    [{ name: 'Dana', phone: '1'.repeat(41) }, '/phone', 'At most 40 characters.'],
    [{ name: 'Dana', roles: ['owner'] }, '/roles/0', ''],
    [{ name: 'Dana', roles: ['portal_user', 'portal_admin', 'portal_user'] }, '/roles', ''],
    [{ name: 'Dana', access: 'active' }, '/access', 'This field is not known here.'],
    [{ name: 'Dana', passwordHash: 'x' }, '/passwordHash', 'This field is not known here.'],
    [{ name: 'Dana', customerId: 'x' }, '/customerId', 'This field is not known here.'],
  ])('is refused as %j, at %s', async (body, pointer, detail) => {
    const { add, list } = await newScene()
    const response = await add(body)
    expect(response.status).toBe(422)
    const { errors } = await bodyOf<Refusal>(response)
    expect(errors.map((error) => error.pointer)).toEqual([pointer])
    expect(errors[0]?.detail).toContain(detail)
    expect(await list()).toEqual([])
  })

  it('is not overwritten by somebody who read an older version', async () => {
    const { added, replace, list } = await newScene()
    const { id } = await added({ name: 'Dana' })
    const first = await replace(id, { name: 'Dana Reyes' }, { 'if-match': '"v1"' })
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"v2"'])
    expect((await replace(id, { name: 'Diana' }, { 'if-match': '"v1"' })).status).toBe(412)
    const statuses = (
      await Promise.all(['One', 'Other'].map((name) => replace(id, { name }, { 'if-match': '"v2"' })))
    ).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200, 412]))
    expect((await list())[0]?.version).toBe(3)
  })

  it('loses what a replacement leaves out, except an e-mail that lets them in', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const person = await newContact(portal)
    const { replace, list } = sceneOf(portal, technician)
    const response = await replace(person.id, { name: person.name })
    expect([response.status, (await bodyOf<Refusal>(response)).errors]).toEqual([
      422,
      [{ pointer: '/email', detail: 'Somebody with portal access needs an e-mail address.' }],
    ])
    expect((await replace(person.id, { name: person.name, email: person.email })).status).toBe(200)
    expect(await list()).toMatchObject([{ id: person.id, email: person.email, roles: [], access: 'active' }])
  })

  it('gains and loses rights with its roles at the next click, for which it signs in anew', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const password = 'marble otter window seven'
    const person = await newContact(portal, [], { passwordHash: cheapHash(password) })
    const { replace } = sceneOf(portal, technician)
    const path = `/api/portal/customers/${portal.customerId}/dashboard`
    const dashboard = async (as: { cookie: string }) => (await call(portal.host, 'GET', path, { as })).status
    const signIn = async () => {
      const body = { email: person.email, password }
      const answer = await call(portal.host, 'PUT', '/api/auth/session', { body })
      return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
    }
    expect(await dashboard(person)).toBe(403)
    await replace(person.id, { name: person.name, email: person.email, roles: ['portal_user'] })
    const user = await signIn()
    expect([await dashboard(person), await dashboard(user)]).toEqual([401, 200])
    await replace(person.id, { name: person.name, email: person.email })
    expect([await dashboard(user), await dashboard(await signIn())]).toEqual([401, 403])
  })

  it('leaves an entry of what changed', async () => {
    const { msp, technician, customerId, added, replace } = await newScene()
    const { id } = await added({ name: 'Dana', phone: '01632 960 101' })
    await replace(id, { name: 'Dana Reyes', phone: '01632 960 101' })
    expect(await msp.scope.list(activities, { where: eq(activities.action, 'contact.changed') })).toMatchObject([
      {
        actorName: technician.name,
        customerId,
        subjectId: id,
        changes: [{ table: 'contacts', field: 'name', before: 'Dana', after: 'Dana Reyes' }],
      },
    ])
  })

  it('is not touched for a viewer', async () => {
    const { msp, path, added } = await newScene()
    const { id } = await added({ name: 'Dana', email: 'dana@fabrikam.example', roles: ['portal_user'] })
    const viewer = await newStaff(msp, 'viewer')
    expect((await call(ADMIN, 'GET', path, { as: viewer })).status).toBe(200)
    for (const [method, address, body] of [
      ['POST', path, { name: 'Bo' }],
      ['PUT', `${path}/${id}`, { name: 'Bo' }],
      ['POST', `${path}/${id}/invitation`, undefined],
      ['PUT', `${path}/${id}/block`, undefined],
      ['DELETE', `${path}/${id}/block`, undefined],
    ] as const)
      expect((await call(ADMIN, method, address, { as: viewer, body })).status, `${method} ${address}`).toBe(403)
  })

  it('is not reached through another customer of the same MSP', async () => {
    const { msp, technician, added } = await newScene()
    const { id } = await added({ name: 'Dana' })
    const sibling = sceneOf(await newCustomer(msp), technician)
    expect((await sibling.replace(id, { name: 'Bo' })).status).toBe(404)
    expect((await call(ADMIN, 'PUT', `${sibling.path}/${id}/block`, { as: technician })).status).toBe(404)
    expect((await call(ADMIN, 'POST', `${sibling.path}/${id}/invitation`, { as: technician })).status).toBe(404)
    expect(await sibling.list()).toEqual([])
  })
})

describe('Inviting', () => {
  const person = {
    name: 'Dana',
    email: 'dana@x.example',
    access: 'none',
    isPortalUser: true,
    isPortalAdmin: false,
  } as const
  const place = { state: 'active', portalState: 'enabled' } as const

  it.each([
    ['somebody new', {}, {}, undefined],
    ['somebody again', { access: 'invited' }, {}, undefined],
    ['a portal admin', { isPortalUser: false, isPortalAdmin: true }, {}, undefined],
    ['without a portal', {}, { portalState: 'none' }, 'This customer has no portal yet. Set one up first.'],
    ['to a closed portal', {}, { portalState: 'disabled' }, 'This customer’s portal is closed. Open it first.'],
    ['for an archived customer', {}, { state: 'archived' }, 'This customer is archived. Restore it first.'],
    ['for a disabled customer', {}, { state: 'disabled' }, 'This customer is disabled. Enable it first.'],
    ['without an e-mail', { email: null }, {}, 'Dana has no e-mail address to send the invitation to.'],
    [
      'without a role',
      { isPortalUser: false },
      {},
      'Choose first what Dana may see: portal user, portal admin, or both.',
    ],
    ['who is in', { access: 'active' }, {}, 'Dana has access already.'],
    ['who is blocked', { access: 'disabled' }, {}, 'Dana is blocked. Let them in again first.'],
  ] as const)('%s: %j %j', (_, contact, customer, obstacle) => {
    expect(obstacleTo({ ...person, ...contact }, { ...place, ...customer })).toBe(obstacle)
  })

  it('is offered for those it can go to', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const { added, list, path } = sceneOf(portal, technician)
    const email = 'dana@fabrikam.example'
    const dana = await added({ name: 'Dana', email, roles: ['portal_user'] })
    await added({ name: 'Without a role', email: 'bo@fabrikam.example' })
    await added({ name: 'Without an e-mail', roles: ['portal_user'] })
    await newContact(portal)
    expect((await list()).filter(({ canBeInvited }) => canBeInvited)).toEqual([dana])
    const invited = await call(ADMIN, 'POST', `${path}/${dana.id}/invitation`, { as: technician })
    expect(await bodyOf<Shown>(invited)).toMatchObject({ access: 'invited', canBeInvited: true })
  })

  it('says what is in the way, and sends nothing', async () => {
    const { msp, path, added, technician } = await newScene()
    const { id } = await added({ name: 'Dana', email: 'dana@fabrikam.example', roles: ['portal_user'] })
    const response = await call(ADMIN, 'POST', `${path}/${id}/invitation`, { as: technician })
    expect([response.status, (await bodyOf<Refusal>(response)).detail]).toEqual([
      409,
      'This customer has no portal yet. Set one up first.',
    ])
    expect(await msp.scope.list(jobs)).toEqual([])
  })

  it('twice by the same request sends one mail, and by another one a few minutes later', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const { id } = await newContact(portal, ['portal_user'], { access: 'none' })
    const { path } = sceneOf(portal, technician)
    const invite = (headers: Record<string, string> = {}) =>
      call(ADMIN, 'POST', `${path}/${id}/invitation`, { as: technician, headers })
    const key = { 'idempotency-key': 'once' }
    const responses = [await invite(key), await invite(key)]
    expect(responses.map(({ status }) => status)).toEqual([202, 202])
    expect(await msp.scope.list(jobs)).toHaveLength(1)
    expect((await invite()).status).toBe(429)
    const later = now() + INVITATION_PAUSE_MS
    moveClock(() => later)
    expect((await invite()).status).toBe(202)
    expect(await msp.scope.list(jobs)).toHaveLength(2)
  })

  it('at another address waits for nothing, since that mailbox got no mail yet', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const { id } = await newContact(portal, ['portal_user'], { access: 'none' })
    const { path } = sceneOf(portal, technician)
    const invite = () => call(ADMIN, 'POST', `${path}/${id}/invitation`, { as: technician })
    expect((await invite()).status).toBe(202)
    const body = { name: 'Dana', email: `${id}@right.example`, roles: ['portal_user'] }
    expect((await call(ADMIN, 'PUT', `${path}/${id}`, { as: technician, body })).status).toBe(200)
    expect((await invite()).status).toBe(202)
  })
})

describe('Blocking', () => {
  it('keeps a person out at their next click until they are let in, as before', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const person = await newContact(portal)
    const block = `${sceneOf(portal, technician).path}/${person.id}/block`
    const enter = async () => (await call(portal.host, 'GET', '/api/auth/session', { as: person })).status
    const accessOf = async () => (await msp.scope.find(contacts, person.id, 'contact')).access
    expect(await enter()).toBe(200)
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'PUT', block, { as: technician })).status).toBe(204)
    expect([await enter(), await accessOf()]).toEqual([401, 'disabled'])
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'DELETE', block, { as: technician })).status).toBe(204)
    // The sessions of then are gone: they sign in again.
    expect([await enter(), await accessOf()]).toEqual([401, 'active'])
    const actions = (await msp.scope.list(activities)).map(({ action }) => action)
    expect(actions.filter((action) => action === 'contact.blocked')).toHaveLength(1)
    expect(actions.filter((action) => action === 'contact.unblocked')).toHaveLength(1)
  })

  it('of somebody who never confirmed ends with a new invitation, not with access', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const { id } = await newContact(portal, ['portal_user'], { access: 'invited' })
    const block = `${sceneOf(portal, technician).path}/${id}/block`
    await msp.scope.commit(
      { action: 'stage.change', subject: { kind: 'contact', id, name: '' } },
      msp.scope.changeAll(contacts, eq(contacts.id, id), { confirmedAt: null }),
    )
    await call(ADMIN, 'PUT', block, { as: technician })
    await call(ADMIN, 'DELETE', block, { as: technician })
    expect((await msp.scope.find(contacts, id, 'contact')).access).toBe('none')
  })
})

describe('Another e-mail address', () => {
  it('is another proof: who had access under the old one is signed out and can be invited anew', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const portal = await newPortal(await newCustomer(msp))
    const dana = await newContact(portal, ['portal_admin'])
    const inside = () => call(portal.host, 'GET', '/api/auth/session', { as: dana })
    expect((await inside()).status).toBe(200)
    const answer = await call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/contacts/${dana.id}`, {
      as: technician,
      body: { name: dana.name, email: 'somebody.else@fabrikam.example', roles: ['portal_admin'] },
    })
    expect(await bodyOf<Shown>(answer)).toMatchObject({ access: 'none', confirmedAt: null })
    expect((await inside()).status).toBe(401)
  })
})

describe('The order in which one calls contacts', () => {
  const threeOf = async () => {
    const scene = await newScene()
    const people = [
      await scene.added({ name: 'Dana' }),
      await scene.added({ name: 'Tom' }),
      await scene.added({ name: 'Lucy' }),
    ]
    const [dana = '', tom = '', lucy = ''] = people.map(({ id }) => id)
    const tagNow = async () =>
      (await call(ADMIN, 'GET', scene.path, { as: scene.technician })).headers.get('etag') ?? ''
    const names = async () => (await scene.list()).map(({ name }) => name)
    return { ...scene, dana, tom, lucy, tagNow, names }
  }

  it('is what one says it is, the first being the primary contact, and the log says what it was', async () => {
    const { msp, technician, dana, tom, lucy, order, names, summary, customerId } = await threeOf()
    const answer = await order([lucy, dana, tom])
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect((await bodyOf<{ items: Shown[] }>(answer)).items.map(({ name }) => name)).toEqual(['Lucy', 'Dana', 'Tom'])
    expect(await names()).toEqual(['Lucy', 'Dana', 'Tom'])
    expect(await summary()).toEqual({ contactCount: 3, primaryContactName: 'Lucy' })
    expect(await msp.scope.list(activities)).toContainEqual(
      expect.objectContaining({
        action: 'contacts.ordered',
        customerId,
        actorName: technician.name,
        changes: [{ table: 'contacts', field: 'escalationOrder', before: 'Dana, Tom, Lucy', after: 'Lucy, Dana, Tom' }],
      }),
    )
  })

  it('names everybody once and nobody else', async () => {
    const { msp, dana, tom, lucy, order, names } = await threeOf()
    const stranger = (await sceneOf(await newCustomer(msp), await newStaff(msp)).added({ name: 'Stranger' })).id
    for (const ids of [
      [dana, tom],
      [dana, tom, tom],
      [dana, tom, lucy, lucy],
      [dana, tom, lucy, stranger],
      [dana, tom, stranger],
      [],
    ]) {
      const answer = await order(ids)
      expect(answer.status).toBe(422)
      expect(await bodyOf<Refusal>(answer)).toMatchObject({ errors: [{ pointer: '/contactIds' }] })
    }
    expect(await names()).toEqual(['Dana', 'Tom', 'Lucy'])
  })

  it('is not overwritten by somebody who has not seen the newest, and not when there is somebody new', async () => {
    const { dana, tom, lucy, order, tagNow, names, added } = await threeOf()
    const seen = await tagNow()
    expect((await order([tom, dana, lucy], { 'if-match': seen })).status).toBe(200)
    expect((await order([lucy, dana, tom], { 'if-match': seen })).status).toBe(412)
    expect(await names()).toEqual(['Tom', 'Dana', 'Lucy'])
    const again = await tagNow()
    await added({ name: 'Mina' })
    expect((await order([lucy, dana, tom], { 'if-match': again })).status).toBe(412)
    expect(await names()).toEqual(['Tom', 'Dana', 'Lucy', 'Mina'])
  })

  it('given by twenty people at once is won by one of those who saw the same', async () => {
    const { dana, tom, lucy, order, tagNow, names } = await threeOf()
    const orders = [
      [tom, dana, lucy],
      [lucy, tom, dana],
    ]
    const seen = await tagNow()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => order(orders[number % 2] ?? [], { 'if-match': seen })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 412)).toHaveLength(19)
    const won = await bodyOf<{ items: Shown[] }>(answers[statuses.indexOf(200)] ?? Response.error())
    expect(await names()).toEqual(won.items.map(({ name }) => name))
  })
})
