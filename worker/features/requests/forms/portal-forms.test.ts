import { desc, eq } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  activities,
  groupMembers,
  licenceTerms,
  seatCounts,
  selfServiceOverrides,
  serviceRequests,
  tenantGroups,
} from '../../../../db/shard/schema.ts'
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
  newUser,
} from '../../../test/stage.ts'
import type { Session, StagedContact } from '../../../test/stage.ts'
import type {
  RequestCheck,
  RequestForms,
  RequestHoldings,
  RequestOptions,
  RequestPeople,
} from './portal-forms.schema.ts'
import type { RequestFormOverlaySettings, RequestFormSettings } from './form-settings.schema.ts'

type Forms = z.infer<typeof RequestForms>
type Settings = z.infer<typeof RequestFormSettings>
type Overlays = z.infer<typeof RequestFormOverlaySettings>
type Faults = { errors: { pointer: string }[] }

/** Fabrikam with people, a licence with one free seat, a group and a shared mailbox; Dana is portal admin, Tom a portal user. */
const newScene = async () => {
  const msp = await newMsp()
  const owner = await newStaff(msp, 'owner')
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const [dana, tom] = [await newContact(portal, ['portal_admin']), await newContact(portal, ['portal_user'])]
  const customer = msp.scope.forCustomer(portal.customerId)
  const tenantId = (await newTenant(portal, { name: 'Fabrikam' })).id
  const skuId = crypto.randomUUID()
  const priya = await newUser(portal, tenantId, {
    displayName: 'Priya Nair',
    mail: 'priya@fabrikam.example',
    skuIds: [skuId],
  })
  const ben = await newUser(portal, tenantId, { displayName: 'Ben Ito', signInAllowed: false, managerId: priya })
  const mailbox = await newUser(portal, tenantId, {
    displayName: 'Reception',
    signInAllowed: false,
    mailboxPurpose: 'shared',
    mail: 'reception@fabrikam.example',
  })
  await newUser(portal, tenantId, { displayName: 'Gail Guest', isGuest: true })
  const tenant = customer.forTenant(tenantId)
  const groupId = crypto.randomUUID()
  const seats = { suspendedCount: 0, status: 'enabled', hidden: false, asOf: 1 }
  await tenant.record(
    tenant.add(seatCounts, { id: skuId, skuPartNumber: 'SPE_E3', boughtCount: 3, assignedCount: 2, ...seats }),
    tenant.add(tenantGroups, {
      id: groupId,
      kind: 'distribution',
      displayName: 'All staff',
      description: null,
      mail: null,
      seenInRead: 'stage',
    }),
    tenant.add(groupMembers, { id: priya, groupId, kind: 'user' }),
  )
  const base = `/api/portal/customers/${portal.customerId}`
  const get = async <Body>(as: StagedContact, path: string) => {
    const answer = await call(portal.host, 'GET', `${base}/${path}`, { as })
    expect(answer.status, await answer.clone().text()).toBe(200)
    return bodyOf<Body>(answer)
  }
  const check = async (as: StagedContact, body: object) => {
    const answer = await call(portal.host, 'POST', `${base}/request-checks`, { as, body })
    expect(answer.status, await answer.clone().text()).toBe(200)
    return bodyOf<z.infer<typeof RequestCheck>>(answer)
  }
  const settings = (as: Session, method: 'GET' | 'PUT', body?: object, headers?: Record<string, string>) =>
    call(ADMIN, method, '/api/msp-portal/request-forms', {
      as,
      ...(body === undefined ? {} : { body: { forms: body } }),
      ...(headers === undefined ? {} : { headers }),
    })
  const overlay = (as: Session, method: 'GET' | 'PUT', body?: object) =>
    call(ADMIN, method, `/api/msp-portal/customers/${portal.customerId}/request-forms`, {
      as,
      ...(body === undefined ? {} : { body: { forms: body } }),
    })
  return {
    msp,
    owner,
    portal,
    dana,
    tom,
    customer,
    tenantId,
    skuId,
    priya,
    ben,
    mailbox,
    groupId,
    base,
    get,
    check,
    settings,
    overlay,
  }
}

type Scene = Awaited<ReturnType<typeof newScene>>
let scene: Scene
beforeAll(async () => {
  scene = await newScene()
})

describe('The forms of a portal', () => {
  it('are all five, with their fields in order and who checks them first', async () => {
    const { items } = await scene.get<Forms>(scene.tom, 'request-forms')
    expect(items.map(({ type }) => type)).toEqual([
      'new_user',
      'offboarding',
      'password_reset',
      'licence_change',
      'group_change',
    ])
    const [form] = items
    expect(form).toMatchObject({ title: 'New user', check: 'msp', checkWords: 'Your IT provider checks this first.' })
    expect(form?.fields.map(({ key }) => key)).toEqual(['tenantId', 'reason'])
    expect(form?.personFields.slice(0, 3)).toMatchObject([
      { key: 'givenName', kind: 'text', label: 'First name', isRequired: true, lengthMax: 100 },
      { key: 'familyName', isRequired: true },
      { key: 'startsOn', kind: 'date', isRequired: true },
    ])
  })

  it('say of a day which days it may be, also where the MSP asks for it', async () => {
    const { owner, dana, settings, get } = await newScene()
    const asked = [{ kind: 'date', label: 'Day of birth' }]
    expect((await settings(owner, 'PUT', { new_user: { fields: asked } })).status).toBe(200)
    const { today, lastDay } = await get<z.infer<typeof RequestOptions>>(dana, 'request-options')
    const fields = (await get<Forms>(dana, 'request-forms')).items[0]?.personFields
    expect(fields?.at(-1)).toMatchObject({ isOwn: true, firstDay: '1900-01-01', lastDay })
    expect(fields?.find(({ key }) => key === 'startsOn')).toMatchObject({ firstDay: today, lastDay })
    expect(fields?.[0]).toMatchObject({ firstDay: null, lastDay: null })
  })

  it('are those that the policy leaves to somebody', async () => {
    const own = await newScene()
    const { customer, portal, dana, tom } = own
    await customer.commit(
      { action: 'stage.policy', subject: { kind: 'customer', id: portal.customerId, name: 'Fabrikam' } },
      customer.add(selfServiceOverrides, {
        id: portal.customerId,
        choices: {
          reads: {},
          modes: { new_user: 'off', password_reset: 'direct' },
          askers: { offboarding: 'portal_admins' },
        },
        customerApproves: true,
      }),
    )
    const shown = async (as: StagedContact) =>
      (await own.get<Forms>(as, 'request-forms')).items.map(({ type, check }) => [type, check])
    // The only portal admin approves nothing of their own: what they ask for goes straight to the MSP.
    expect(await shown(dana)).toEqual([
      ['offboarding', 'msp'],
      ['password_reset', 'none'],
      ['licence_change', 'msp'],
      ['group_change', 'msp'],
    ])
    expect(await shown(tom)).toEqual([
      ['password_reset', 'none'],
      ['licence_change', 'customer_and_msp'],
      ['group_change', 'customer_and_msp'],
    ])
    const off = await call(portal.host, 'POST', `${own.base}/request-checks`, { as: dana, body: { type: 'new_user' } })
    expect([off.status, (await bodyOf<{ detail: string }>(off)).detail]).toEqual([
      403,
      'This is not asked for here. Tell your IT provider what you need.',
    ])
  })
})

describe('Whom a request can name', () => {
  it('are the people of the company, without mailboxes and guests', async () => {
    const { items } = await scene.get<z.infer<typeof RequestPeople>>(scene.tom, 'request-people')
    expect(items.map(({ name }) => name)).toEqual(['Ben Ito', 'Priya Nair'])
    expect(items[1]).toMatchObject({ address: 'priya@fabrikam.example', isGuest: false })
  })

  it('are found by name', async () => {
    const { items } = await scene.get<z.infer<typeof RequestPeople>>(scene.tom, 'request-people?q=pri')
    expect(items.map(({ name }) => name)).toEqual(['Priya Nair'])
  })

  it('hold licences and groups, which portal admins are told, and nobody else', async () => {
    const { priya, ben, skuId, groupId, mailbox, dana, tom } = scene
    const held = await scene.get<z.infer<typeof RequestHoldings>>(dana, `request-people/${priya}`)
    expect(held).toMatchObject({
      name: 'Priya Nair',
      licences: [{ id: skuId, name: 'Microsoft 365 E3' }],
      groups: [{ id: groupId, name: 'All staff' }],
      sharedMailboxes: [{ id: mailbox, name: 'Reception' }],
      manager: null,
      manages: [{ id: ben, name: 'Ben Ito' }],
    })
    expect(await scene.get(dana, `request-people/${ben}`)).toMatchObject({ manager: { id: priya }, manages: [] })
    expect(await scene.get(tom, `request-people/${priya}`)).toMatchObject({ licences: null, groups: null })
  })

  it('are not told of guests as a manager or below one where the portal shows no guests', async () => {
    const { portal, tenantId, dana, get } = await newScene()
    const guest = await newUser(portal, tenantId, { displayName: 'Vic Visitor', isGuest: true })
    const lena = await newUser(portal, tenantId, { displayName: 'Lena Ode', managerId: guest })
    await newUser(portal, tenantId, { displayName: 'Wim Visitor', isGuest: true, managerId: lena })
    expect(await get(dana, `request-people/${lena}`)).toMatchObject({ manager: null, manages: [] })
  })

  it('have a manager, and are one, only for those who see that in the directory or may say that somebody leaves', async () => {
    const { portal, customer, priya, ben, tom, get } = await newScene()
    const answered = () =>
      Promise.all([priya, ben].map((id) => get<z.infer<typeof RequestHoldings>>(tom, `request-people/${id}`)))
    const says = (modes: object, see_directory: boolean) =>
      customer.commit(
        { action: 'stage.policy', subject: { kind: 'settings', id: portal.customerId, name: '' } },
        customer.removeWhere(selfServiceOverrides, undefined),
        customer.add(selfServiceOverrides, {
          id: portal.customerId,
          choices: { reads: { see_directory }, modes, askers: {} },
        }),
      )
    await says({}, false)
    expect(await answered()).toMatchObject([{ manages: [{ id: ben }] }, { manager: { id: priya } }])
    await says({ offboarding: 'off' }, false)
    expect(await answered()).toMatchObject([
      { manages: [], sharedMailboxes: [] },
      { manager: null, sharedMailboxes: [] },
    ])
  })
})

describe('What can be chosen', () => {
  it('are environments, licences with free seats on a day, and groups', async () => {
    const { dana, tenantId, skuId, groupId } = scene
    const options = await scene.get<z.infer<typeof RequestOptions>>(dana, 'request-options')
    expect(options).toMatchObject({
      tenants: [{ id: tenantId, name: 'Fabrikam' }],
      licences: [{ skuId, name: 'Microsoft 365 E3', boughtCount: 3, assignedCount: 2, freeCount: 1, price: null }],
      groups: [{ id: groupId, name: 'All staff', kind: 'distribution', memberCount: 1 }],
    })
  })

  it('have a price only where costs are shown, and to those who may see them', async () => {
    const { portal, customer, dana, tom, skuId, get } = await newScene()
    await customer.commit(
      { action: 'stage.terms', subject: { kind: 'customer', id: portal.customerId, name: 'Fabrikam' } },
      customer.add(licenceTerms, {
        id: portal.customerId,
        costsShown: true,
        prices: { [skuId]: { amountMinor: 3120, per: 'month', currency: 'GBP' } },
      }),
    )
    const priceFor = async (as: StagedContact) =>
      (await get<z.infer<typeof RequestOptions>>(as, 'request-options')).licences[0]?.price
    expect(await priceFor(dana)).toEqual({ amountMinor: 3120, per: 'month', currency: 'GBP' })
    expect(await priceFor(tom)).toBeNull()
  })

  it('are as free as before to whoever may not see who holds a licence, once somebody like a colleague is asked for', async () => {
    const { portal, base, dana, tom, priya, skuId, get, check } = await newScene()
    const on = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
    const anna = { givenName: 'Anna', familyName: 'Meyer', startsOn: on }
    const freeFor = async (as: StagedContact) =>
      (await get<z.infer<typeof RequestOptions>>(as, `request-options?on=${on}`)).licences[0]?.freeCount
    const missingFor = async (as: StagedContact) =>
      (await check(as, { type: 'new_user', people: [{ ...anna, skuIds: [skuId] }] })).warnings
    const before = [await freeFor(tom), await freeFor(dana), await missingFor(tom), await missingFor(dana)]
    expect(before).toEqual([1, 1, [], []])
    const body = { type: 'new_user', people: [{ ...anna, likeUserId: priya }] }
    expect((await call(portal.host, 'POST', `${base}/requests`, { as: tom, body })).status).toBe(202)
    expect([await freeFor(tom), await missingFor(tom)]).toEqual([1, []])
    expect([await freeFor(dana), (await missingFor(dana)).length]).toEqual([0, 1])
    const leaving = { userId: priya, lastDay: on, mailbox: { does: 'close' }, files: { does: 'keep' } }
    const offboarding = { type: 'offboarding', people: [leaving] }
    const asked = await call(portal.host, 'POST', `${base}/requests`, { as: dana, body: offboarding })
    expect(asked.status).toBe(202)
    const { id } = await bodyOf<{ id: string }>(asked)
    const later = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
    const freeLater = async (as: StagedContact) =>
      (await get<z.infer<typeof RequestOptions>>(as, `request-options?on=${later}`)).licences[0]?.freeCount
    expect([await freeLater(tom), await freeLater(dana)], 'while it waits').toEqual([1, 0])
    const customer = portal.msp.scope.forCustomer(portal.customerId)
    await customer.commit(
      { action: 'stage.approved', subject: { kind: 'request', id, name: 'Offboarding' } },
      customer.changeWhere(serviceRequests, id, undefined, { state: 'approved' }),
    )
    expect([await freeLater(tom), await freeLater(dana)], 'once it is approved').toEqual([1, 1])
    expect((await get<z.infer<typeof RequestOptions>>(tom, `request-options?on=${on}`)).licences[0]?.freeCount).toBe(1)
  })

  it('are no guests where the portal shows none: one who is named by id is told as somebody made up', async () => {
    const { portal, base, owner, dana, priya, tenantId, groupId, settings, check } = await newScene()
    const question = { kind: 'person', label: 'Who shows them round?', isEach: false }
    const saved = await bodyOf<Settings>(await settings(owner, 'PUT', { password_reset: { fields: [question] } }))
    const ownId = saved.items.find(({ type }) => type === 'password_reset')?.fields[0]?.id ?? ''
    const guest = await newUser(portal, tenantId, { displayName: 'Vic Visitor', isGuest: true })
    const asked = (userId: string): object[] => [
      { type: 'group_change', groupId, people: [{ userId, does: 'add' }] },
      { type: 'password_reset', people: [{ userId, reachedBy: 'in_person' }] },
      {
        type: 'password_reset',
        answers: { [ownId]: userId },
        people: [{ userId: priya, reachedBy: 'in_person' }],
      },
      {
        type: 'new_user',
        people: [{ givenName: 'A', familyName: 'B', startsOn: '2027-03-01', managerId: userId, likeUserId: userId }],
      },
    ]
    const faults = async (userId: string) =>
      Promise.all(
        asked(userId).map(async (body) => {
          const answer = await call(portal.host, 'POST', `${base}/requests`, { as: dana, body })
          const { errors } = await bodyOf<{ errors?: object[] }>(answer)
          return { status: answer.status, errors, checked: (await check(dana, body)).errors }
        }),
      )
    const told = await faults(guest)
    expect(told.map(({ status }) => status)).toEqual([422, 422, 422, 422])
    expect(told).toEqual(await faults(crypto.randomUUID()))
    expect(JSON.stringify(told)).not.toContain('Vic')
  })
})

describe('A request that is being filled in', () => {
  const startsOn = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)

  it('says what is missing, and has no summary yet', async () => {
    const { errors, summary } = await scene.check(scene.dana, { type: 'new_user', people: [{ givenName: 'Anna' }] })
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/people/0/familyName', '/people/0/startsOn'])
    expect(summary).toBeNull()
  })

  it('warns that the address is somebody’s and that seats are missing, and says it in words', async () => {
    const { skuId, dana } = scene
    const person = { givenName: 'Anna', familyName: 'Meyer', startsOn, skuIds: [skuId] }
    const { errors, warnings, summary } = await scene.check(dana, {
      type: 'new_user',
      people: [{ ...person, address: 'priya@fabrikam.example' }, person],
    })
    expect(errors).toEqual([])
    expect(warnings.map(({ pointer }) => pointer)).toEqual([
      '/people/0/address',
      '/people/0/skuIds',
      '/people/1/skuIds',
    ])
    expect(warnings[1]?.detail).toMatch(/^1 seat of Microsoft 365 E3 is missing on /)
    expect(summary?.map(({ heading }) => heading)).toEqual([null, 'Anna Meyer', 'Anna Meyer'])
  })

  it('warns before it is complete', async () => {
    const { warnings } = await scene.check(scene.dana, {
      type: 'new_user',
      people: [{ address: 'priya@fabrikam.example' }],
    })
    expect(warnings.map(({ pointer }) => pointer)).toEqual(['/people/0/address'])
  })

  it('warns that somebody is blocked only where the directory shows it', async () => {
    const body = { type: 'password_reset', people: [{ userId: scene.ben, reachedBy: 'in_person' }] }
    const { warnings } = await scene.check(scene.dana, body)
    expect(warnings.every(({ pointer }) => pointer === '/people/0/userId')).toBe(true)
  })

  it.each([
    ['nothing but its type', { type: 'offboarding' }],
    ['people who are none', { type: 'offboarding', people: [null, 3, 'x', { licences: 'x', mailbox: 7 }] }],
    ['people who are no list', { type: 'group_change', people: 'all' }],
    ['answers that are none', { type: 'licence_change', answers: 'x', people: [{ answers: { a: 1 } }] }],
  ])('may hold %s', async (_, body) => {
    const { errors, summary } = await scene.check(scene.dana, body)
    expect(errors.length).toBeGreaterThan(0)
    expect(summary).toBeNull()
  })

  it('tells nobody who holds a licence or is in a group that may not see it, however it is asked', async () => {
    const { portal, tom, dana, check, tenantId, skuId, priya, groupId } = await newScene()
    const cara = await newUser(portal, tenantId, { displayName: 'Cara Doe' })
    const anna = { givenName: 'Anna', familyName: 'Meyer', startsOn }
    const leaving = (userId: string, more: object) => ({
      type: 'offboarding',
      people: [{ userId, lastDay: startsOn, mailbox: { does: 'close' }, files: { does: 'keep' }, ...more }],
    })
    const told = async (as: StagedContact, body: object) => {
      const { errors, warnings } = await check(as, { tenantId, reason: 'Growth', ...body })
      return [...errors, ...warnings].map(({ pointer, detail }) => `${pointer} ${detail}`)
    }
    const asked = (userId: string): object[] => [
      ...['give', 'take'].map((does) => ({ type: 'licence_change', skuId, people: [{ userId, does }] })),
      ...['add', 'remove'].map((does) => ({ type: 'group_change', groupId, people: [{ userId, does }] })),
      leaving(userId, { licences: [{ skuId, does: 'keep' }] }),
      leaving(userId, { groups: [{ groupId, toUserId: null }] }),
      {
        type: 'new_user',
        people: [
          { ...anna, skuIds: [skuId] },
          { ...anna, givenName: 'Bea', likeUserId: userId },
        ],
      },
    ]
    const all = async (as: StagedContact, userId: string) => Promise.all(asked(userId).map((body) => told(as, body)))
    expect(await all(tom, priya)).toEqual(await all(tom, cara))
    expect(await all(dana, priya)).not.toEqual(await all(dana, cara))
  })

  it('tells nobody that an address is a guest’s where the portal shows no guests', async () => {
    const { portal, tenantId, dana, check } = await newScene()
    const mail = 'vic@visitors.example'
    await newUser(portal, tenantId, { displayName: 'Vic Visitor', isGuest: true, mail })
    const { warnings } = await check(dana, { type: 'new_user', people: [{ address: mail }] })
    expect(warnings).toEqual([])
  })

  it.each<[string, object, object[]]>([
    [
      'more answers than there are questions',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, number) => [`q${number}`, 'a'])),
      [{ pointer: '/answers', detail: 'At most 40.' }],
    ],
    [
      'an answer to what would be no key of its own',
      JSON.parse('{"__proto__":"a"}') as object,
      [{ pointer: '/answers/__proto__', detail: 'This is not asked here.' }],
    ],
  ])('is told once of %s', async (_, answers, errors) => {
    const { portal, base, dana, priya, check } = scene
    const body = { type: 'password_reset', answers, people: [{ userId: priya, reachedBy: 'in_person' }] }
    expect((await check(dana, body)).errors).toEqual(errors)
    const sent = await call(portal.host, 'POST', `${base}/requests`, { as: dana, body })
    expect([sent.status, (await bodyOf<{ errors: object[] }>(sent)).errors]).toEqual([422, errors])
  })

  it('is of a form that there is', async () => {
    const answer = await call(scene.portal.host, 'POST', `${scene.base}/request-checks`, {
      as: scene.dana,
      body: { type: 'pizza' },
    })
    expect([answer.status, (await bodyOf<Faults>(answer)).errors[0]?.pointer]).toEqual([422, '/type'])
  })
})

describe('How an MSP wants its forms', () => {
  const desk = { kind: 'choice', label: 'Which desk?', options: ['North', 'South'], isRequired: true }

  it('reaches every customer with one edit, but for what a customer has otherwise', async () => {
    const { owner, dana, settings, overlay, get } = await newScene()
    const saved = await settings(owner, 'PUT', {
      new_user: { fields: [desk], hidden: ['jobTitle', 'phone'], helps: { address: 'First name, dot, last name.' } },
    })
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"v1"'])
    const question = (await bodyOf<Settings>(saved)).items[0]?.fields[0]
    expect(question).toMatchObject({ ...desk, isEach: true, help: '' })
    const form = async () => (await get<Forms>(dana, 'request-forms')).items[0]
    const first = await form()
    expect(first?.personFields.map(({ key }) => key)).not.toContain('jobTitle')
    expect(first?.personFields.find(({ key }) => key === 'address')?.help).toBe('First name, dot, last name.')
    expect(first?.personFields.at(-1)).toMatchObject({
      key: question?.id,
      kind: 'choice',
      isOwn: true,
      isRequired: true,
    })
    const theirs = await overlay(owner, 'PUT', {
      new_user: { hidden: { jobTitle: false, [question?.id ?? '']: true } },
    })
    expect(theirs.status, await theirs.clone().text()).toBe(200)
    const keys = (await form())?.personFields.map(({ key }) => key)
    expect(keys).toContain('jobTitle')
    expect(keys).not.toContain('phone')
    expect(keys).not.toContain(question?.id)
    expect((await bodyOf<Overlays>(await overlay(owner, 'GET'))).items[0]?.master.hidden).toEqual(['jobTitle', 'phone'])
  })

  it.each<[string, object, string]>([
    ['a field that has to be filled in', { new_user: { hidden: ['givenName'] } }, '/forms/new_user/hidden/0'],
    ['a field that there is not', { new_user: { hidden: ['shoeSize'] } }, '/forms/new_user/hidden/0'],
    ['help of no field', { offboarding: { helps: { shoeSize: 'x' } } }, '/forms/offboarding/helps/shoeSize'],
    ['a category that there is not', { new_user: { category: 'pizza' } }, '/forms/new_user/category'],
    [
      'a choice of nothing',
      { new_user: { fields: [{ kind: 'choice', label: 'Which?' }] } },
      '/forms/new_user/fields/0/options',
    ],
    [
      'options of a text',
      { new_user: { fields: [{ kind: 'text', label: 'Which?', options: ['a'] }] } },
      '/forms/new_user/fields/0/options',
    ],
    [
      'a question of somebody else’s',
      { new_user: { fields: [{ id: 'theirs', kind: 'text', label: 'Which?' }] } },
      '/forms/new_user/fields/0/id',
    ],
    ['a form that there is not', { pizza: {} }, '/forms/pizza'],
  ])('is refused at its place: %s', async (_, body, pointer) => {
    const answer = await scene.settings(scene.owner, 'PUT', body)
    expect([answer.status, (await bodyOf<Faults>(answer)).errors[0]?.pointer]).toEqual([422, pointer])
  })

  it('can be saved for a customer that leaves a question out which the MSP asks nobody any more', async () => {
    const { owner, settings, overlay } = await newScene()
    const asked = [{ kind: 'text', label: 'Cost centre' }]
    const { items } = await bodyOf<Settings>(await settings(owner, 'PUT', { new_user: { fields: asked } }))
    const id = items.find(({ type }) => type === 'new_user')?.fields[0]?.id ?? ''
    expect((await overlay(owner, 'PUT', { new_user: { hidden: { [id]: true } } })).status).toBe(200)
    expect((await settings(owner, 'PUT', {})).status).toBe(200)
    const again = await overlay(owner, 'PUT', { new_user: { hidden: { [id]: true, jobTitle: true } } })
    expect(again.status, await again.clone().text()).toBe(200)
    const kept = (await bodyOf<Overlays>(again)).items.find(({ type }) => type === 'new_user')
    expect(kept?.hidden).toEqual({ jobTitle: true })
  })

  it('has for one customer another help at a question that all are asked, and none at a question of another form', async () => {
    const { owner, dana, settings, overlay, get } = await newScene()
    const asked = [{ kind: 'text', label: 'Cost centre', help: 'Four digits.' }]
    const { items } = await bodyOf<Settings>(await settings(owner, 'PUT', { new_user: { fields: asked } }))
    const id = items.find(({ type }) => type === 'new_user')?.fields[0]?.id ?? ''
    const helpShown = async () => {
      const forms = (await get<Forms>(dana, 'request-forms')).items
      return forms.find(({ type }) => type === 'new_user')?.personFields.find(({ key }) => key === id)?.help
    }
    expect(await helpShown()).toBe('Four digits.')
    const theirs = await overlay(owner, 'PUT', { new_user: { helps: { [id]: 'It begins with F.' } } })
    expect(theirs.status, await theirs.clone().text()).toBe(200)
    expect(await helpShown()).toBe('It begins with F.')
    const elsewhere = await overlay(owner, 'PUT', { offboarding: { helps: { [id]: 'x' } } })
    expect((await bodyOf<Faults>(elsewhere)).errors.map(({ pointer }) => pointer)).toEqual([
      `/forms/offboarding/helps/${id}`,
    ])
    expect((await settings(owner, 'PUT', {})).status).toBe(200)
    const again = await overlay(owner, 'PUT', { new_user: { helps: { [id]: 'It begins with F.', phone: 'Mobile.' } } })
    expect(again.status, await again.clone().text()).toBe(200)
    const kept = (await bodyOf<Overlays>(again)).items.find(({ type }) => type === 'new_user')
    expect(kept?.helps).toEqual({ phone: 'Mobile.' })
  })

  it('is told in the activity, each thing that is otherwise now', async () => {
    const { msp, owner, settings } = await newScene()
    const told = async () => {
      const [entry] = await msp.scope.list(activities, {
        where: eq(activities.action, 'settings.request_forms_changed'),
        orderBy: [desc(activities.id)],
        limit: 1,
      })
      return entry?.changes?.map(({ field, before, after }) => [field, before, after])
    }
    const asked = async (fields: object[], more = {}) => {
      const saved = await settings(owner, 'PUT', { new_user: { fields, ...more } })
      return (await bodyOf<Settings>(saved)).items[0]?.fields ?? []
    }
    const [first, second] = await asked([
      { kind: 'text', label: 'Desk' },
      { kind: 'date', label: 'Birthday' },
    ])
    expect(await told()).toEqual([
      [
        'New user',
        '',
        'Desk (a text; may be left out; of each person) · Birthday (a day; may be left out; of each person)',
      ],
    ])
    await asked([
      { ...first, kind: 'choice', options: ['North', 'South'], isRequired: true, isEach: false },
      { ...second },
    ])
    expect(await told()).toEqual([
      ['New user', 'Desk (a text; may be left out; of each person)', 'Desk (one of North, South; needed; once)'],
    ])
    const desk = { ...first, kind: 'choice', options: ['North', 'South'], isRequired: true, isEach: false }
    await asked([{ ...second }, desk])
    expect(await told()).toEqual([['New user', 'in this order: Desk, Birthday', 'in this order: Birthday, Desk']])
    const { categories } = await bodyOf<Settings>(await settings(owner, 'GET'))
    await asked([{ ...second }, desk], { category: categories[0]?.id })
    expect(await told()).toEqual([['New user', '', `tickets in ${categories[0]?.name}`]])
  })

  it('is saved by one at a time', async () => {
    const { owner, settings } = await newScene()
    expect((await settings(owner, 'GET')).headers.get('etag')).toBe('"v0"')
    const header = { 'if-match': '"v0"' }
    expect((await settings(owner, 'PUT', { new_user: { hidden: ['phone'] } }, header)).status).toBe(200)
    expect((await settings(owner, 'PUT', { new_user: { hidden: ['jobTitle'] } }, header)).status).toBe(412)
  })
})
