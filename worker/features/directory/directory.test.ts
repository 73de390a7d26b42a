import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  portals,
  seatCounts,
  tenantDepartments,
  tenants,
  tenantUserWords,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { acrossMsps } from '../../tenancy/across.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { distributionList, people, person, startMicrosoft } from '../../test/microsoft.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newAnnas,
  newContact,
  newCustomer,
  newKey,
  newMsp,
  newOwnPolicy,
  newPortal,
  newStaff,
  newTenant,
  newLicence,
  newUser,
} from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import { aliveJobs, connectedTenant, readBeside, standingClock, sync, tenantScope } from '../../test/tenants.ts'
import { consume, sweep } from '../../work.ts'

type Shown = { id: string; name: string; isGuest: boolean; tenantId: string; mail?: string | null; licences?: string[] }
type Listed = {
  items: Shown[]
  nextCursor: string | null
  truncated: boolean
  shows: string[]
  asOf: string | null
  tenants: { id: string; name: string; state: string; asOf: string | null; unreadableSince: string | null }[]
  departments: string[] | null
}

const BUSINESS_PREMIUM = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46'
const microsoft = startMicrosoft()
holdQueue()

const newCast = async () => {
  const portal = await newPortal(await newCustomer(await newMsp()))
  const tenant = await newTenant(portal)
  const contact = await newContact(portal, ['portal_admin'])
  return { portal, tenant, contact, technician: await newStaff(portal.msp, 'technician') }
}
type Cast = Awaited<ReturnType<typeof newCast>>

const askedBy = (contact: StagedContact, rest = '') =>
  call(contact.portal.host, 'GET', `/api/portal/customers/${contact.portal.customerId}/users${rest}`, { as: contact })
const seenBy = async (contact: StagedContact, rest = ''): Promise<Listed> => {
  const answer = await askedBy(contact, rest)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return bodyOf<Listed>(answer)
}
const namesSeen = async (contact: StagedContact, rest = '') =>
  (await seenBy(contact, rest)).items.map(({ name }) => name)
const askedByStaff = ({ portal, technician }: Cast, rest = '') =>
  call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}/users${rest}`, { as: technician })
const choose = async (
  { portal, technician }: Pick<Cast, 'portal' | 'technician'>,
  body: { guestsShown?: boolean; attributes?: string[] },
) => {
  const answer = await call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/portal/directory`, {
    as: technician,
    body: { guestsShown: false, attributes: ['mail', 'department', 'licences', 'signInAllowed'], ...body },
  })
  expect(answer.status, await answer.clone().text()).toBe(204)
}

/** Every page of a list, as one. */
const everyName = async (contact: StagedContact, query: string): Promise<string[]> => {
  const names: string[] = []
  let cursor: string | null = null
  do {
    const page: Listed = await seenBy(contact, `?${query}${cursor === null ? '' : `&cursor=${cursor}`}`)
    names.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor
  } while (cursor !== null)
  return names
}

describe('The directory in a portal', () => {
  it('shows everybody but guests, in the order of their names, whatever accents and case they have', async () => {
    const { portal, tenant, contact } = await newCast()
    for (const displayName of ['Zoe', 'Ángel', 'adam', 'Łukasz', 'Bea'])
      await newUser(portal, tenant.id, { displayName })
    await newUser(portal, tenant.id, { displayName: 'A guest', isGuest: true })
    expect(await namesSeen(contact)).toEqual(['adam', 'Ángel', 'Bea', 'Łukasz', 'Zoe'])
    expect(await namesSeen(contact, '?sort=-name')).toEqual(['Zoe', 'Łukasz', 'Bea', 'Ángel', 'adam'])
  })

  it('comes page by page over several tenants, each person once', async () => {
    const { portal, tenant, contact } = await newCast()
    const other = await newTenant(portal, { name: 'Other' })
    for (const [at, displayName] of ['A', 'B', 'C', 'C', 'D', 'E', 'F'].entries())
      await newUser(portal, at % 2 === 0 ? tenant.id : other.id, { displayName, isLicensed: at < 3 })
    for (const limit of [1, 2, 3, 7]) {
      expect((await everyName(contact, `limit=${limit}`)).join('')).toBe('ABCCDEF')
      expect((await everyName(contact, `limit=${limit}&sort=-name`)).join('')).toBe('FEDCCBA')
      expect((await everyName(contact, `limit=${limit}&licensed=true`)).join('')).toBe('ABC')
    }
    expect((await everyName(contact, `tenantId=${other.id}`)).join('')).toBe('BCE')
    expect((await seenBy(contact)).tenants.map(({ name }) => name)).toEqual(['Tenant', 'Other'])
  })

  it('can be narrowed by licence, sign-in and department, and by all of them at once', async () => {
    const { portal, tenant, contact } = await newCast()
    const add = (displayName: string, more: Partial<typeof tenantUsers.$inferInsert>) =>
      newUser(portal, tenant.id, { displayName, department: null, ...more })
    await add('Ann', { isLicensed: true })
    await add('Bea', { isLicensed: true, signInAllowed: false, department: 'Sales' })
    await add('Cy', { department: 'Sales' })
    await add('Dee', { signInAllowed: false })
    expect(await namesSeen(contact, '?licensed=true')).toEqual(['Ann', 'Bea'])
    expect(await namesSeen(contact, '?licensed=false')).toEqual(['Cy', 'Dee'])
    expect(await namesSeen(contact, '?blocked=true')).toEqual(['Bea', 'Dee'])
    expect(await namesSeen(contact, '?department=Sales')).toEqual(['Bea', 'Cy'])
    expect(await namesSeen(contact, '?department=Sales&licensed=true&blocked=true')).toEqual(['Bea'])
    expect(await namesSeen(contact, '?department=sales')).toEqual([])
    expect((await seenBy(contact)).departments).toEqual(['Sales'])
  })

  it('tells mailboxes that are nobody’s own from people: they are called so, not blocked, and can be left out', async () => {
    const { portal, tenant, contact } = await newCast()
    const add = (displayName: string, more: Partial<typeof tenantUsers.$inferInsert>) =>
      newUser(portal, tenant.id, { displayName, department: null, ...more })
    await add('Ann Hall', {})
    const bea = await add('Bea Hall', { signInAllowed: false, mailboxPurpose: 'user' })
    const desk = await add('Desk Hall', { signInAllowed: false, isLicensed: true, department: 'Sales' })
    expect((await seenBy(contact)) as object).toMatchObject({ hasMailboxes: false })
    const scope = portal.msp.scope.forCustomer(portal.customerId).forTenant(tenant.id)
    await scope.record(scope.changeAll(tenantUsers, eq(tenantUsers.id, desk), { mailboxPurpose: 'shared' }))
    const seen = await seenBy(contact)
    expect(seen as object).toMatchObject({ hasMailboxes: true })
    expect(seen.items).toMatchObject([{ name: 'Ann Hall' }, { id: bea }, { id: desk, mailbox: 'shared' }])
    expect('mailbox' in (seen.items[1] ?? {})).toBe(false)
    expect(await bodyOf(await askedBy(contact, `/${desk}`))).toMatchObject({ mailbox: 'shared' })
    for (const search of ['', '&q=hall']) {
      const names = (filter: string) => namesSeen(contact, `?${filter}${search}`)
      expect(await names('blocked=true')).toEqual(['Bea Hall'])
      expect(await names('blocked=false')).toEqual(['Ann Hall', 'Desk Hall'])
      expect(await names('mailbox=true')).toEqual(['Desk Hall'])
      expect(await names('mailbox=false')).toEqual(['Ann Hall', 'Bea Hall'])
      expect(await names('mailbox=true&blocked=true')).toEqual([])
      expect(await names('mailbox=true&licensed=true&department=Sales')).toEqual(['Desk Hall'])
    }
  })

  it('never tells a portal user who holds which licence, whatever it shows to others', async () => {
    const { portal, tenant, contact } = await newCast()
    const user = await newContact(portal, ['portal_user'])
    const skuId = await newLicence(portal, { tenantId: tenant.id })
    const id = await newUser(portal, tenant.id, { displayName: 'Bea', isLicensed: true, skuIds: [skuId] })
    expect((await seenBy(contact)).items[0]).toMatchObject({ licences: ['Microsoft 365 Business Premium'] })
    const seen = await seenBy(user)
    expect(seen.shows).not.toContain('licences')
    expect('licences' in (seen.items[0] ?? {})).toBe(false)
    expect((await askedBy(user, '?licensed=true')).status).toBe(422)
    const entry = await (await askedBy(user, `/${id}`)).text()
    expect(entry).toContain('Bea')
    expect(entry).not.toMatch(/Premium|[lL]icences/)
  })

  it('shows each person by exactly the attributes that were chosen', async () => {
    const cast = await newCast()
    const id = await newUser(cast.portal, cast.tenant.id, {
      mail: 'dana@fabrikam.example',
      businessPhone: '1',
      mobilePhone: '2',
    })
    const attributes = async () => {
      const [list, entry] = [await seenBy(cast.contact), await bodyOf<object>(await askedBy(cast.contact, `/${id}`))]
      const about = new Set(['asOf', 'shows', 'tenantName'])
      const keys = Object.keys(entry).filter((key) => !about.has(key))
      expect(keys.toSorted()).toEqual(Object.keys(list.items[0] ?? {}).toSorted())
      return keys.filter((key) => !['id', 'tenantId', 'name', 'isGuest'].includes(key))
    }
    expect(await attributes()).toEqual(['mail', 'jobTitle', 'department', 'businessPhone', 'licences', 'signInAllowed'])
    await choose(cast, { attributes: ['mobilePhone', 'mail'] })
    expect(await attributes()).toEqual(['mail', 'mobilePhone'])
    await choose(cast, { attributes: [] })
    expect(await attributes()).toEqual([])
  })

  it('is nowhere once it is switched off, for people and for keys, at the next click', async () => {
    const cast = await newCast()
    const id = await newUser(cast.portal, cast.tenant.id)
    const key = await newKey(cast.portal.msp, await newStaff(cast.portal.msp, 'owner'))
    const byKey = (rest = '') =>
      call(ADMIN, 'GET', `/api/portal/customers/${cast.portal.customerId}/users${rest}`, {
        bearer: key.bearer,
        site: null,
      })
    expect([(await askedBy(cast.contact)).status, (await byKey()).status]).toEqual([200, 200])
    await newOwnPolicy(cast.portal, { reads: { see_directory: false } })
    for (const rest of ['', `/${id}`, '?q=dana', '/made-up'])
      expect([(await askedBy(cast.contact, rest)).status, (await byKey(rest)).status], rest).toEqual([404, 404])
    expect((await askedByStaff(cast)).status).toBe(200)
  })

  it('shows guests only where the MSP says so, and tells nothing of them otherwise', async () => {
    const cast = await newCast()
    const id = await newUser(cast.portal, cast.tenant.id, {
      displayName: 'Gustav Guest',
      isGuest: true,
      department: 'Visitors',
    })
    expect(await namesSeen(cast.contact)).toEqual([])
    expect((await seenBy(cast.contact)).departments).toEqual([])
    for (const q of ['gustav', 'visit']) expect(await namesSeen(cast.contact, `?q=${q}`)).toEqual([])
    expect((await askedBy(cast.contact, `/${id}`)).status).toBe(404)
    expect((await askedBy(cast.contact, '?guest=true')).status).toBe(422)
    await choose(cast, { guestsShown: true })
    expect(await namesSeen(cast.contact, '?guest=true')).toEqual(['Gustav Guest'])
    expect(await namesSeen(cast.contact, '?guest=false')).toEqual([])
    expect(await namesSeen(cast.contact, '?q=gust')).toEqual(['Gustav Guest'])
    expect((await seenBy(cast.contact)).departments).toEqual(['Visitors'])
  })

  it('neither finds nor narrows by what is hidden', async () => {
    const cast = await newCast()
    await newUser(cast.portal, cast.tenant.id, {
      displayName: 'Dana',
      mail: 'secretive@fabrikam.example',
      department: 'Mergers',
    })
    expect(await namesSeen(cast.contact, '?q=secretive')).toEqual(['Dana'])
    expect(await namesSeen(cast.contact, '?q=mergers')).toEqual(['Dana'])
    await choose(cast, { attributes: ['jobTitle'] })
    for (const q of ['secretive', 'secretive@fabrikam', 'mergers']) {
      const { items, truncated } = await seenBy(cast.contact, `?q=${q}`)
      expect({ items, truncated }, q).toEqual({ items: [], truncated: false })
    }
    for (const filter of ['licensed=true', 'blocked=false', 'department=Mergers'])
      expect((await askedBy(cast.contact, `?${filter}`)).status, filter).toBe(422)
    expect((await seenBy(cast.contact)).departments).toEqual([])
  })

  it('names licences as people know them, leaves free ones out, and never shows a bare id', async () => {
    const cast = await newCast()
    const tenant = cast.portal.msp.scope.forCustomer(cast.portal.customerId).forTenant(cast.tenant.id)
    const seat = { boughtCount: 1, assignedCount: 1, suspendedCount: 0, status: 'enabled', asOf: now() }
    await tenant.record(
      tenant.putAll(seatCounts, [
        { id: BUSINESS_PREMIUM, skuPartNumber: 'SPB', hidden: false, overSince: null, ...seat },
        { id: 'unknown-sku', skuPartNumber: 'BRAND_NEW', hidden: false, overSince: null, ...seat },
        { id: 'free-sku', skuPartNumber: 'FLOW_FREE', hidden: true, overSince: null, ...seat },
      ]),
    )
    const id = await newUser(cast.portal, cast.tenant.id, {
      skuIds: [BUSINESS_PREMIUM, 'unknown-sku', 'free-sku', '11111111-2222-4333-8444-555555555555'],
    })
    const licences = ['Microsoft 365 Business Premium', 'BRAND_NEW']
    expect((await seenBy(cast.contact)).items).toMatchObject([{ licences }])
    expect(await bodyOf(await askedByStaff(cast, `/${id}`))).toMatchObject({
      licences,
      otherLicences: ['Power Automate Free', 'Licence without a name'],
    })
  })

  it('copes with people without a mail, with very long names and with names from right to left', async () => {
    const { portal, tenant, contact } = await newCast()
    const long = 'Ann '.repeat(75).trim()
    await newUser(portal, tenant.id, { displayName: long, mail: null, department: null })
    await newUser(portal, tenant.id, { displayName: 'דנה כהן' })
    await newUser(portal, tenant.id, { displayName: '🎉' })
    expect(new Set(await everyName(contact, 'limit=1'))).toEqual(new Set([long, 'דנה כהן', '🎉']))
    expect(await namesSeen(contact, `?q=${encodeURIComponent('כהן')}`)).toEqual(['דנה כהן'])
    expect(await namesSeen(contact, '?q=ann')).toEqual([long])
  })

  it('is empty, and says so without fail, for a customer without any tenant', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const seen = await seenBy(await newContact(portal))
    expect(seen).toMatchObject({ items: [], tenants: [], departments: [], asOf: null, nextCursor: null })
  })

  it('says since when a tenant cannot be read, and forgets one that was removed', async () => {
    const { portal, tenant, contact } = await newCast()
    await newUser(portal, tenant.id)
    const scope = portal.msp.scope.forCustomer(portal.customerId)
    const set = (values: Partial<typeof tenants.$inferInsert>) =>
      scope.commit(
        { action: 'stage.tenant', subject: { kind: 'tenant', id: tenant.id, name: '' } },
        scope.changeAll(tenants, eq(tenants.id, tenant.id), values),
      )
    expect((await seenBy(contact)).tenants).toMatchObject([{ state: 'syncing', asOf: null }])
    const [read, lost] = [Date.parse('2026-11-20T08:00:00Z'), Date.parse('2026-11-21T08:00:00Z')]
    await set({ lastGoodSyncAt: read, state: 'consent_lost', consentLostAt: lost })
    expect(await seenBy(contact)).toMatchObject({
      asOf: '2026-11-20T08:00:00.000Z',
      items: [{ name: 'Dana Whitfield' }],
      tenants: [{ state: 'consent_lost', unreadableSince: '2026-11-21T08:00:00.000Z' }],
    })
    await set({ state: 'removed', removedAt: lost })
    expect(await seenBy(contact)).toMatchObject({ items: [], tenants: [], departments: [] })
    expect(await namesSeen(contact, '?q=dana')).toEqual([])
  })

  it('refuses a page marker of another list', async () => {
    const { portal, tenant, contact } = await newCast()
    for (const displayName of ['Ann', 'Anna']) await newUser(portal, tenant.id, { displayName })
    const { nextCursor } = await seenBy(contact, '?limit=1')
    for (const [query, status] of [
      ['', 200],
      ['sort=-name&', 422],
      ['licensed=true&', 422],
      ['q=ann&', 422],
      [`tenantId=${tenant.id}&`, 422],
    ] as const)
      expect((await askedBy(contact, `?${query}cursor=${nextCursor ?? ''}`)).status, query).toBe(status)
  })
})

describe('A search in the directory', () => {
  it('finds beginnings of words, all of them, the best first', async () => {
    const { portal, tenant, contact } = await newCast()
    await newUser(portal, tenant.id, { displayName: 'Marta Dann', department: 'Sales' })
    await newUser(portal, tenant.id, { displayName: 'Dan Smith', department: 'Front desk' })
    await newUser(portal, tenant.id, { displayName: 'Zoë Müller', mail: 'dan.the.man@fabrikam.example' })
    expect(await namesSeen(contact, '?q=dan')).toEqual(['Dan Smith', 'Marta Dann', 'Zoë Müller'])
    expect(await namesSeen(contact, '?q=mull')).toEqual(['Zoë Müller'])
    expect(await namesSeen(contact, '?q=sales%20mar')).toEqual(['Marta Dann'])
    expect(await namesSeen(contact, '?q=dan.the.man@fab')).toEqual(['Zoë Müller'])
    expect(await namesSeen(contact, '?q=dan%20nobody')).toEqual([])
    expect(await namesSeen(contact, '?q=dan&department=Sales')).toEqual(['Marta Dann'])
    expect((await askedBy(contact, '?q=d')).status).toBe(422)
  })

  it('comes page by page, each once, over several tenants', async () => {
    const { portal, tenant, contact } = await newCast()
    const other = await newTenant(portal)
    for (let at = 0; at < 12; at += 1)
      await newUser(portal, at % 2 === 0 ? tenant.id : other.id, { displayName: `Ann ${String(at).padStart(2, '0')}` })
    const all = Array.from({ length: 12 }, (_, at) => `Ann ${String(at).padStart(2, '0')}`)
    for (const limit of [1, 5, 12]) expect(await everyName(contact, `q=ann&limit=${limit}`)).toEqual(all)
    expect(await everyName(contact, `q=ann&tenantId=${other.id}`)).toEqual(all.filter((_, at) => at % 2 === 1))
  })

  it('says when there are more than it looked at, and still finds whose whole name is typed', async () => {
    const { portal, tenant, contact } = await newCast()
    await newAnnas(portal, tenant.id, 0, 210)
    expect(await seenBy(contact, '?q=anna')).toMatchObject({ truncated: true })
    expect(await seenBy(contact, '?q=anna%20smith')).toMatchObject({ truncated: true })
    expect(await namesSeen(contact, '?q=anna%20smith%20209')).toEqual(['Anna Smith 209'])
    expect(await seenBy(contact, '?q=anna%20nobody')).toMatchObject({ items: [], truncated: false })
  })
})

describe('Staff', () => {
  it('see everything of everybody, guests and sign-in names among it, tenant by tenant', async () => {
    const cast = await newCast()
    const other = await newTenant(cast.portal)
    await newUser(cast.portal, cast.tenant.id, {
      displayName: 'Ann',
      userPrincipalName: 'ann@x.example',
      mobilePhone: '1',
    })
    await newUser(cast.portal, other.id, { displayName: 'Gus', isGuest: true })
    await choose(cast, { attributes: [] })
    await newOwnPolicy(cast.portal, { reads: { see_directory: false } })
    const all = await bodyOf<Listed>(await askedByStaff(cast))
    expect(all.items).toMatchObject([
      { name: 'Ann', userPrincipalName: 'ann@x.example', mobilePhone: '1' },
      { name: 'Gus' },
    ])
    expect(all.shows).toContain('mobilePhone')
    const ofOther = await bodyOf<Listed>(await askedByStaff(cast, `?tenantId=${other.id}`))
    expect(ofOther.items.map(({ name }) => name)).toEqual(['Gus'])
  })

  it('see when somebody last signed in and which groups they are in; a portal where its MSP says so, and never of a stranger', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const cast = { portal, contact: await newContact(portal), technician: await newStaff(portal.msp, 'technician') }
    const lists = Array.from({ length: 14 }, (_, place) =>
      distributionList(place + 10, place === 0 ? [person(1).id, person(2).id] : [person(1).id]),
    )
    const connected = await connectedTenant(
      microsoft.tenant({
        people: [person(1, { lastSignInDateTime: '2026-11-17T08:00:00Z' }), person(2), person(3)],
        groups: lists,
      }),
      { customer: portal },
    )
    await sync(connected)
    type Entry = { lastSignIn?: unknown; groups?: { isKnown: boolean; count: number; items: { name: string }[] } }
    const byStaff = async (number: number) =>
      bodyOf<Entry>(
        await call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}/users/${person(number).id}`, {
          as: cast.technician,
        }),
      )
    const here = async (number: number) => bodyOf<Entry>(await askedBy(cast.contact, `/${person(number).id}`))
    expect(await byStaff(1), 'before Microsoft was asked').toMatchObject({
      lastSignIn: { isKnown: false, at: null },
      groups: { isKnown: false, count: 0 },
    })
    await readBeside(connected)
    const first = await byStaff(1)
    expect(first).toMatchObject({
      lastSignIn: { isKnown: true, at: '2026-11-17T08:00:00.000Z' },
      groups: { isKnown: true, count: 14 },
    })
    expect(first.groups?.items).toHaveLength(12)
    expect(first.groups?.items[0]).toEqual({ name: 'List 10', mail: 'list10@tenant.example', kind: 'distribution' })
    expect(await byStaff(2)).toMatchObject({ lastSignIn: { isKnown: true, at: null }, groups: { count: 1 } })
    expect(await byStaff(3)).toMatchObject({ groups: { isKnown: true, count: 0, items: [] } })

    expect(Object.keys(await here(1))).not.toEqual(expect.arrayContaining(['groups']))
    expect(Object.keys(await here(1))).not.toEqual(expect.arrayContaining(['lastSignIn']))
    await choose(cast, { attributes: ['groups', 'lastSignIn'] })
    expect(await here(1)).toMatchObject({ lastSignIn: first.lastSignIn, groups: { count: 14 } })
    const other = await newContact(await newPortal(await newCustomer(portal.msp)))
    expect((await askedBy(other, `/${person(1).id}`)).status).toBe(404)
  })

  it('see who somebody’s manager is and whom they manage; a portal where its MSP says so, and of nobody it does not show', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const cast = { portal, contact: await newContact(portal), technician: await newStaff(portal.msp, 'technician') }
    const led = (number: number, by: number, more: Partial<Parameters<typeof person>[1]> = {}) =>
      person(number, { managerId: person(by).id, ...more })
    const many = Array.from({ length: 14 }, (_, place) => led(place + 10, 1))
    const everybody = [person(1), led(2, 1, { userType: 'Guest' }), led(3, 2), led(4, 99), led(5, 5), ...many]
    const connected = await connectedTenant(microsoft.tenant({ people: everybody }), { customer: portal })
    await sync(connected)
    type Named = { id: string; name: string }
    type Entry = { manager?: { person: Named | null }; manages?: { items: Named[]; count: number } }
    const byStaff = async (number: number) =>
      bodyOf<Entry>(
        await call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}/users/${person(number).id}`, {
          as: cast.technician,
        }),
      )
    const here = async (number: number) => bodyOf<Entry>(await askedBy(cast.contact, `/${person(number).id}`))
    expect(await byStaff(10), 'before Microsoft was asked').toMatchObject({
      manager: { isKnown: false, asOf: null, isNamed: false, person: null },
      manages: { items: [], count: 0 },
    })
    await readBeside(connected)
    const boss = { id: person(1).id, name: 'Person 1' }
    const nobody = { isKnown: true, isNamed: false, person: null }
    expect(await byStaff(10)).toMatchObject({ manager: { isKnown: true, isNamed: true, person: boss } })
    const first = await byStaff(1)
    expect(first).toMatchObject({ manager: nobody, manages: { count: 15 } })
    expect(first.manages?.items.map(({ name }) => name).slice(0, 3)).toEqual(['Person 10', 'Person 11', 'Person 12'])
    expect(first.manages?.items).toHaveLength(12)
    expect(await byStaff(2), 'a guest').toMatchObject({ manager: { person: boss }, manages: { count: 1 } })
    expect(await byStaff(4), 'by nobody we know').toMatchObject({ manager: { isNamed: true, person: null } })
    expect(await byStaff(5), 'by themselves').toMatchObject({ manager: nobody, manages: { count: 0 } })

    for (const part of ['manager', 'manages']) expect(Object.keys(await here(10))).not.toContain(part)
    await choose(cast, { attributes: ['manager'] })
    expect(await here(10)).toMatchObject({ manager: { person: boss } })
    expect(await here(1)).toMatchObject({ manages: { count: 14 } })
    expect(await here(3), 'by a guest').toMatchObject({ manager: { isKnown: true, isNamed: true, person: null } })
    await choose(cast, { attributes: ['manager'], guestsShown: true })
    expect(await here(3)).toMatchObject({ manager: { person: { name: 'Person 2' } } })

    connected.microsoftTenant.leave(person(1).id)
    await sync(connected)
    expect(await here(10), 'until it is read again').toMatchObject({ manager: { isNamed: true, person: null } })
  })

  it('are not told that somebody who came after it was last read has no manager', async () => {
    const { portal, tenant, contact, technician } = await newCast()
    await choose({ portal, technician }, { attributes: ['manager'] })
    const asked = Date.parse('2026-11-18T12:00:00Z')
    const other = await newTenant(portal, { name: 'Read', managersAsOf: asked })
    const came = async (accountCreatedAt: string | null, tenantId = other.id) => {
      const id = await newUser(portal, tenantId, { accountCreatedAt })
      return (await bodyOf<{ manager: { isKnown: boolean } }>(await askedBy(contact, `/${id}`))).manager.isKnown
    }
    expect(await came('2026-11-18T11:00:00Z')).toBe(true)
    expect(await came(null)).toBe(true)
    expect(await came('2026-11-18T13:00:00Z')).toBe(false)
    expect(await came('2026-11-18T11:00:00Z', tenant.id), 'never read').toBe(false)
  })

  it('are not told that somebody never signed in where Microsoft knows of no sign-in of a whole tenant', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal)
    const technician = await newStaff(portal.msp, 'technician')
    await choose({ portal, technician }, { attributes: ['lastSignIn'] })
    const connected = await connectedTenant(microsoft.tenant({ people: [person(1), person(2)] }), { customer: portal })
    await sync(connected)
    await readBeside(connected)
    const notKnown = { lastSignIn: { isKnown: false, at: null } }
    expect((await bodyOf<{ items: unknown[] }>(await askedBy(contact))).items).toMatchObject([notKnown, notKnown])
    expect(await bodyOf(await askedBy(contact, `/${person(1).id}`))).toMatchObject(notKnown)
  })

  it('read in the history of a customer what its portal shows since when', async () => {
    const cast = await newCast()
    await choose(cast, { guestsShown: true })
    const [row] = await cast.portal.msp.scope.forCustomer(cast.portal.customerId).list(portals)
    expect(row).toMatchObject({ directoryGuestsShown: true })
    const history = await bodyOf<{ items: { action: string }[] }>(
      await call(ADMIN, 'GET', `/api/msp-portal/customers/${cast.portal.customerId}/activity`, { as: cast.technician }),
    )
    expect(history.items[0]).toMatchObject({ action: 'portal.directory_changed' })
  })
})

describe('What a sync reads can be found', () => {
  beforeEach(() => {
    microsoft.calm()
    standingClock()
  })
  afterEach(() => moveClock(undefined))

  const wordsOf = async (connected: Awaited<ReturnType<typeof connectedTenant>>) =>
    (await tenantScope(connected).list(tenantUserWords)).map(({ word }) => word).toSorted()

  it('from the same commit on, under its new name once it has one, and leaves no word when it is gone', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal)
    const [ann, bob] = [
      person(1, { displayName: 'Ann Lee', mail: 'ann@x.example', department: 'Sales' }),
      person(2, { displayName: 'Bob Ray', mail: null, department: 'Sales' }),
    ]
    const connected = await connectedTenant(microsoft.tenant({ people: [ann, bob] }), { customer: portal })
    await sync(connected)
    expect(await namesSeen(contact, '?q=ann')).toEqual(['Ann Lee'])
    expect(await namesSeen(contact, '?department=Sales')).toEqual(['Ann Lee', 'Bob Ray'])
    connected.microsoftTenant.change(ann.id, { displayName: 'Ann Cohen', department: 'Board' })
    connected.microsoftTenant.leave(bob.id)
    await sync(connected)
    expect(await namesSeen(contact, '?q=lee')).toEqual([])
    expect(await namesSeen(contact, '?q=cohen')).toEqual(['Ann Cohen'])
    expect((await seenBy(contact)).departments).toEqual(['Board'])
    expect(await wordsOf(connected)).toEqual(['@ann@x.example', 'ann', 'board', 'cohen'])
    expect(await tenantScope(connected).list(tenantDepartments)).toMatchObject([{ id: 'Board', memberCount: 1 }])
  })

  it('and writes no words again for whoever is as they were', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(3) }))
    await sync(connected)
    const before = await wordsOf(connected)
    expect(before.length).toBeGreaterThan(0)
    const scope = tenantScope(connected)
    await scope.record(scope.removeWhere(tenantUserWords, undefined))
    await connected.customer.msp.scope.commit(
      { action: 'stage.tenant', subject: { kind: 'tenant', id: connected.tenantId, name: '' } },
      connected.customer.msp.scope.changeAll(tenants, eq(tenants.id, connected.tenantId), { userCursor: null }),
    )
    await sync(connected)
    expect(await wordsOf(connected)).toEqual([])
  })
})

describe('Whoever was read before there was a search', () => {
  it('is put in order and found after the next sweep, also in a tenant that can be read no more', async () => {
    const { portal, tenant, contact } = await newCast()
    const other = await newTenant(portal, { state: 'consent_lost', consentLostAt: now() })
    const old = { sortName: '', foundBy: null }
    for (const displayName of ['Zoe', 'Ann']) await newUser(portal, other.id, { displayName, ...old })
    await newUser(portal, tenant.id, { displayName: 'Bea', ...old })
    expect(await namesSeen(contact, '?q=zoe')).toEqual([])
    const shard = shardNamed(environment, portal.msp.shard)
    expect(await acrossMsps.mspsNotIndexed(shard)).toContainEqual({ mspId: portal.msp.mspId })
    await sweep(environment)
    const [job] = (await aliveJobs(portal.msp)).filter(({ kind }) => kind === 'directory.index_users')
    const { mspId, shard: name } = portal.msp
    await consume(environment, { shard: name, mspId, jobId: job?.id }, () => {})
    expect(await namesSeen(contact)).toEqual(['Ann', 'Bea', 'Zoe'])
    expect(await namesSeen(contact, '?q=zoe')).toEqual(['Zoe'])
    expect(await acrossMsps.mspsNotIndexed(shard)).not.toContainEqual({ mspId })
  })
})
