import type { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { msps, skus, tenantDays, tickets as ticketRows, userChanges } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { contactSession } from '../../http/session.ts'
import { BUSINESS_PREMIUM, daysAgo, people, person } from '../../test/microsoft.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newCompany,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
  newTicket,
} from '../../test/stage.ts'
import type { StagedContact, StagedPortal } from '../../test/stage.ts'
import {
  connectedTenant,
  countingShard,
  environmentWith,
  loseConsent,
  queueSync,
  runUntilOver,
  stageMicrosoft,
  sync,
  tenantScope,
} from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { attentionOf } from '../tickets/standing.ts'
import { plantTickets } from '../../test/tickets.ts'
import type { Dashboard } from './dashboard.schema.ts'
import { readDashboard } from './dashboard.ts'

type Seen = z.infer<typeof Dashboard>

const DAY = 86_400_000
const { microsoft, clock } = stageMicrosoft()

const pathOf = (customerId: string) => `/api/portal/customers/${customerId}/dashboard`
const seenBy = async (contact: StagedContact): Promise<Seen> => {
  const response = await call(contact.portal.host, 'GET', pathOf(contact.portal.customerId), { as: contact })
  expect(response.status, await response.clone().text()).toBe(200)
  return bodyOf<Seen>(response)
}
const tenantOf = (portal: StagedPortal, given: Parameters<typeof microsoft.tenant>[0] = {}): Promise<Connected> =>
  connectedTenant(microsoft.tenant(given), { customer: portal })

const everything = () => ({
  people: people(4, { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] }),
  subscriptions: [
    subscription('due', 40),
    subscription('far off', 120),
    { ...subscription('a trial', 20), isTrial: true },
  ],
  scores: [
    {
      createdDateTime: daysAgo(1),
      currentScore: 50,
      maxScore: 200,
      averageComparativeScores: [{ basis: 'AllTenants', averageScore: 40 }],
    },
    { createdDateTime: daysAgo(2), currentScore: 40, maxScore: 200 },
  ],
  alerts: [
    { id: 'a1', title: 'Odd sign-in', severity: 'high', status: 'new', createdDateTime: daysAgo(1) },
    { id: 'a2', title: 'Closed', severity: 'high', status: 'resolved', createdDateTime: daysAgo(1) },
    { id: 'a3', title: 'By the way', severity: 'informational', status: 'new', createdDateTime: daysAgo(1) },
  ],
})
const subscription = (id: string, inDays: number) => ({
  id,
  skuId: BUSINESS_PREMIUM,
  skuPartNumber: 'SPB',
  status: 'Enabled',
  totalLicenses: 5,
  nextLifecycleDateTime: daysAgo(-inDays),
})

describe('The dashboard', () => {
  it('shows a portal admin everything, each with its as-of', async () => {
    const { portal, admin } = await newCompany()
    await sync(await tenantOf(portal, everything()))
    const seen = await seenBy(admin)
    expect(seen.tenants).toMatchObject([{ name: 'Lindqvist Timber AB', state: 'connected' }])
    expect(seen.people).toMatchObject({
      activeCount: 4,
      guestCount: 0,
      blockedCount: 0,
      trend: [{ day: '2026-11-18', count: 4 }],
      changes: [],
      changesTruncated: false,
    })
    expect(seen.licences).toMatchObject({
      items: [{ name: 'Microsoft 365 Business Premium', boughtCount: 5, assignedCount: 3, overCount: 0, freeCount: 2 }],
      renewals: [{ name: 'Microsoft 365 Business Premium', seatCount: 5 }],
      idle: { days30Count: 0, blockedCount: 0, unknownCount: 3 },
    })
    expect(seen.security).toMatchObject({
      current: 50,
      max: 200,
      comparison: 40,
      trend: [
        { day: '2026-11-16', percent: 20 },
        { day: '2026-11-17', percent: 25 },
      ],
      alerts: [{ title: 'Odd sign-in', severity: 'high' }],
    })
    expect(seen.health).toMatchObject({ services: [{ service: 'Exchange Online', state: 'works' }] })
    const moments = [seen.asOf, seen.people?.asOf, seen.licences?.asOf, seen.security?.asOf, seen.health?.asOf]
    for (const moment of moments) expect(moment).toMatch(/^2026-11-1[78]T/)
  })

  it('shows a portal user people, seats and services, but neither security nor renewals', async () => {
    const { portal, user } = await newCompany()
    await sync(await tenantOf(portal, everything()))
    const seen = await seenBy(user)
    expect(seen.people).toMatchObject({ activeCount: 4 })
    expect(seen.licences?.items).toHaveLength(1)
    expect(seen.licences).toMatchObject({ renewals: null, idle: null })
    expect(seen.security).toBeNull()
    expect(seen.health).not.toBeNull()
  })

  it('shows two licences of one name as two, told apart by what Microsoft calls them', async () => {
    const { portal, admin } = await newCompany()
    const seats = { enabled: 5, consumedUnits: 1 }
    const other = crypto.randomUUID()
    await sync(
      await tenantOf(portal, {
        skus: [
          { skuId: BUSINESS_PREMIUM, skuPartNumber: 'SPB', ...seats },
          { skuId: other, skuPartNumber: 'SPB_HUB', ...seats },
        ],
        subscriptions: [
          {
            id: 'hub',
            skuId: other,
            skuPartNumber: 'SPB_HUB',
            status: 'Enabled',
            totalLicenses: 5,
            nextLifecycleDateTime: daysAgo(-10),
          },
        ],
      }),
    )
    const { scope, mspId, name } = portal.msp
    await scope.commit(
      { action: 'stage.names', subject: { kind: 'organisation', id: mspId, name } },
      scope.changeAll(skus, undefined, { ownName: 'Office' }),
    )
    const { licences } = await seenBy(admin)
    expect(licences?.items.map((item) => item.name).toSorted()).toEqual(['Office (SPB)', 'Office (SPB_HUB)'])
    expect(licences?.renewals).toMatchObject([{ name: 'Office (SPB_HUB)' }])
  })

  it('tells of alerts where Microsoft gives no score', async () => {
    const { portal, admin } = await newCompany()
    await sync(await tenantOf(portal, { ...everything(), scores: [] }))
    const { security } = await seenBy(admin)
    expect(security).toMatchObject({ current: null, max: null, comparison: null, trend: [] })
    expect(security?.alerts).toHaveLength(1)
    expect(security?.asOf, 'as fresh as the sync').toEqual(expect.any(String))
  })

  it('adds two tenants up without counting anything twice', async () => {
    const { portal, admin } = await newCompany()
    await sync(await tenantOf(portal, everything()))
    await sync(
      await tenantOf(portal, {
        ...everything(),
        name: 'Lindqvist Logistics AB',
        people: [...people(2), person(3, { accountEnabled: false }), person(4, { userType: 'Guest' })],
        scores: [{ createdDateTime: daysAgo(1), currentScore: 90, maxScore: 100 }],
        services: [{ id: 'Exchange', service: 'Exchange Online', status: 'serviceInterruption', issues: [] }],
      }),
    )
    const seen = await seenBy(admin)
    expect(seen.tenants.map(({ name }) => name)).toEqual(['Lindqvist Timber AB', 'Lindqvist Logistics AB'])
    expect(seen.people).toMatchObject({ activeCount: 6, guestCount: 1, blockedCount: 1 })
    expect(seen.people?.trend).toEqual([{ day: '2026-11-18', count: 6 }])
    expect(seen.licences?.items).toMatchObject([{ boughtCount: 10, assignedCount: 6, freeCount: 4 }])
    expect(seen.licences?.renewals).toHaveLength(2)
    expect(seen.security).toMatchObject({ current: 140, max: 300, comparison: 40 })
    expect(seen.security?.alerts).toHaveLength(2)
    expect(seen.health?.services, 'each service once, as bad as it is anywhere').toMatchObject([
      { service: 'Exchange Online', state: 'interrupted' },
    ])
  })

  it('says which day it is where the days of the MSP begin', async () => {
    const { portal, user } = await newCompany()
    await sync(await tenantOf(portal, { people: people(3) }))
    expect((await seenBy(user)).people?.today).toBe('2026-11-18')
    const { scope, mspId, name } = portal.msp
    await scope.commit(
      { action: 'stage.house', subject: { kind: 'organisation', id: mspId, name } },
      scope.changeAll(msps, undefined, { timeZone: 'Pacific/Auckland' }),
    )
    expect((await seenBy(user)).people?.today).toBe('2026-11-19')
  })

  it('tells what changed, newest first, and says when there was more', async () => {
    const { portal, user } = await newCompany()
    const connected = await tenantOf(portal, { people: people(3) })
    await sync(connected)
    const tenant = tenantScope(connected)
    const changed = (count: number, at: number) =>
      tenant.putAll(
        userChanges,
        Array.from({ length: count }, (_, position) => ({
          id: `${at}-${String(position).padStart(3, '0')}`,
          day: new Date(at).toISOString().slice(0, 10),
          kind: 'joined' as const,
          userId: 'somebody',
          name: `Joiner of ${at}`,
          detail: null,
          at: at + position,
        })),
      )
    await tenant.record(changed(1, now() - 31 * DAY), changed(2, now() - 29 * DAY), changed(98, now() - DAY))
    const some = await seenBy(user)
    expect(some.people?.changes).toHaveLength(100)
    expect(some.people?.changesTruncated, 'what is older than 30 days is no longer told').toBe(false)
    expect(some.people?.changes[0]?.day).toBe('2026-11-17')
    await tenant.record(changed(1, now()))
    expect((await seenBy(user)).people).toMatchObject({ changesTruncated: true })
  })

  it('names the licence that somebody was given to whoever sees who holds it, by the name people know it by', async () => {
    const { portal, admin, user } = await newCompany()
    const connected = await tenantOf(portal, { people: people(2) })
    await sync(connected)
    connected.microsoftTenant.change(person(1).id, { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] })
    connected.microsoftTenant.change(person(2).id, { accountEnabled: false })
    clock.forward(60_000)
    await sync(connected)
    const told = async (who: typeof user) =>
      ((await seenBy(who)).people?.changes ?? [])
        .map(({ name, kind, licence }) => [name, kind, licence])
        .toSorted(([a = ''], [b = '']) => String(a).localeCompare(String(b)))
    const given = ['Person 1', 'licence_given', 'Microsoft 365 Business Premium']
    const blocked = ['Person 2', 'blocked', null]
    expect(await told(admin)).toEqual([given, blocked])
    expect(await told(user)).toEqual([blocked])
  })

  it('shows a portal admin the company’s open tickets and a portal user their own, what waits for them first', async () => {
    const { portal, admin, user } = await newCompany()
    const [own, other] = [await newTicket(user), await newTicket(admin)]
    const closed = await newTicket(user)
    const tickets = `/api/portal/customers/${portal.customerId}/tickets`
    expect((await call(portal.host, 'PUT', `${tickets}/${closed.id}/closure`, { as: user })).status).toBe(200)
    expect((await seenBy(user)).tickets).toEqual({
      openCount: 1,
      hasMoreOpen: false,
      waitingCount: 0,
      items: [
        {
          id: own.id,
          number: own.number,
          subject: 'The printer prints nothing',
          state: 'new',
          waitsOnYou: false,
          isMine: true,
          requesterName: user.name,
          changedAt: own.changedAt,
        },
      ],
    })
    const scope = portal.msp.scope.forCustomer(portal.customerId)
    await scope.commit(
      { action: 'stage.ticket', subject: { kind: 'ticket', id: own.id, name: '' } },
      scope.changeAll(ticketRows, eq(ticketRows.id, own.id), {
        state: 'waiting_on_customer',
        waitingSince: now(),
        attention: attentionOf('waiting_on_customer', now()),
      }),
    )
    const { items, ...counts } = (await seenBy(admin)).tickets
    expect(items.map(({ id, waitsOnYou, isMine }) => [id, waitsOnYou, isMine])).toEqual([
      [own.id, true, false],
      [other.id, false, true],
    ])
    expect(counts).toEqual({ openCount: 2, hasMoreOpen: false, waitingCount: 1 })
    expect((await seenBy(user)).tickets).toMatchObject({ openCount: 1, waitingCount: 1 })
  })

  it('lists five of many open tickets, and counts no more than a hundred', async () => {
    const { portal, admin, user } = await newCompany()
    await plantTickets(portal.msp, portal, user, 300, 'Printer')
    for (const contact of [user, admin]) {
      const { items, openCount, hasMoreOpen } = (await seenBy(contact)).tickets
      expect([openCount, hasMoreOpen]).toEqual([100, true])
      expect(items.map(({ waitsOnYou }) => waitsOnYou)).toEqual([true, true, true, true, true])
    }
    const read = async () => [
      await rowsReadBy(portal.msp.shard, () => seenBy(user)),
      await rowsReadBy(portal.msp.shard, () => seenBy(admin)),
    ]
    const few = await read()
    await plantTickets(portal.msp, portal, user, 1_000, 'Printer')
    expect(await read()).toEqual(few)
  })

  it('draws at most 30 days', async () => {
    const { portal, user } = await newCompany()
    const connected = await tenantOf(portal)
    await sync(connected)
    const tenant = tenantScope(connected)
    const earlier = Array.from({ length: 40 }, (_, position) => ({
      id: new Date(now() - (position + 1) * DAY).toISOString().slice(0, 10),
      activeUserCount: position,
      licensedUserCount: 0,
      seats: [],
    }))
    await tenant.record(tenant.putAll(tenantDays, earlier))
    const trend = (await seenBy(user)).people?.trend ?? []
    expect(trend).toHaveLength(30)
    expect(trend.at(-1)).toEqual({ day: '2026-11-18', count: 3 })
    expect(trend[0]?.day).toBe('2026-10-20')
  })

  it('knows nothing before the first sync, and says whose turn it is', async () => {
    const { portal, admin } = await newCompany()
    expect(await seenBy(admin)).toEqual({
      asOf: null,
      tenants: [],
      people: null,
      licences: null,
      security: null,
      health: null,
      notices: [],
      tickets: { openCount: 0, hasMoreOpen: false, waitingCount: 0, items: [] },
      requests: { awaitingYouCount: 0, openCount: 0, items: [] },
    })
    await tenantOf(portal)
    expect(await seenBy(admin)).toMatchObject({
      asOf: null,
      tenants: [{ state: 'syncing', asOf: null }],
      people: null,
      licences: null,
    })
  })

  it('keeps old figures with their age when consent is lost', async () => {
    const { portal } = await newCompany()
    const connected = await tenantOf(portal, everything())
    await sync(connected)
    const before = await seenBy(await newContact(portal, ['portal_admin']))
    connected.microsoftTenant.consented = false
    clock.forward(3 * DAY)
    await loseConsent(connected, clock)
    const seen = await seenBy(await newContact(portal, ['portal_admin']))
    expect(seen.asOf).toBe(before.asOf)
    expect(seen.tenants).toMatchObject([{ state: 'consent_lost', asOf: before.asOf }])
    expect(seen.people).toMatchObject({ activeCount: 4, asOf: before.asOf })
  })

  it('is as old as the older of two tenants', async () => {
    const { portal, admin } = await newCompany()
    const [one, other] = [await tenantOf(portal), await tenantOf(portal)]
    await sync(one)
    const first = await seenBy(admin)
    clock.forward(30 * 60_000)
    await sync(other)
    expect((await seenBy(admin)).asOf).toBe(first.asOf)
    await queueSync(one)
    await runUntilOver(one, clock)
    expect(Date.parse((await seenBy(admin)).asOf ?? '')).toBeGreaterThan(Date.parse(first.asOf ?? ''))
  })

  it('shows nothing of a tenant that was removed, not even in lists that have room for few', async () => {
    const { portal, admin } = await newCompany()
    const connected = await tenantOf(portal, everything())
    await sync(connected)
    const tenant = tenantScope(connected)
    await tenant.record(
      tenant.putAll(
        userChanges,
        Array.from({ length: 150 }, (_, position) => ({
          id: `gone-${position}`,
          day: '2026-11-18',
          kind: 'left' as const,
          userId: 'somebody',
          name: 'Of the removed tenant',
          detail: null,
          at: now(),
        })),
      ),
    )
    const technician = await newStaff(portal.msp)
    const path = `/api/msp-portal/customers/${portal.customerId}/tenants/${connected.tenantId}`
    expect((await call(ADMIN, 'DELETE', path, { as: technician })).status).toBe(204)
    expect(await seenBy(admin)).toEqual({
      asOf: null,
      tenants: [],
      people: null,
      licences: null,
      security: null,
      health: null,
      notices: [],
      tickets: { openCount: 0, hasMoreOpen: false, waitingCount: 0, items: [] },
      requests: { awaitingYouCount: 0, openCount: 0, items: [] },
    })

    const next = await tenantOf(portal, { people: people(2) })
    await sync(next)
    next.microsoftTenant.leave(person(1).id)
    clock.forward(60_000)
    await sync(next)
    const seen = await seenBy(admin)
    expect(seen.people).toMatchObject({ activeCount: 1, changesTruncated: false })
    expect(seen.people?.changes.map(({ name }) => name)).toEqual(['Person 1'])
    expect(seen.security).toBeNull()
  })
})

describe('Who may see a dashboard', () => {
  it('is nobody of another customer, of another MSP or of nowhere', async () => {
    const { portal, admin } = await newCompany()
    const sibling = await newContact(await newPortal(await newCustomer(portal.msp)), ['portal_admin'])
    const stranger = await newContact(await newPortal(await newCustomer(await newMsp())), ['portal_admin'])
    for (const other of [sibling, stranger]) {
      expect((await call(other.portal.host, 'GET', pathOf(portal.customerId), { as: other })).status).toBe(404)
      expect((await call(portal.host, 'GET', pathOf(portal.customerId), { as: other })).status).toBe(401)
    }
    expect((await call(portal.host, 'GET', pathOf('made-up'), { as: admin })).status).toBe(404)
    expect((await call(portal.host, 'GET', pathOf(portal.customerId))).status).toBe(401)
  })

  it('is nobody signed in there any more, when the portal has been switched off', async () => {
    const { portal, user } = await newCompany()
    const disabled = await newContact(portal, ['portal_user'], { access: 'disabled' })
    expect((await call(portal.host, 'GET', pathOf(portal.customerId), { as: disabled })).status).toBe(401)
    expect((await call(portal.host, 'GET', pathOf(portal.customerId), { as: user })).status).toBe(200)
  })
})

it('A dashboard costs two round trips, that of the session included', async () => {
  const { portal, admin } = await newCompany()
  const connected = await tenantOf(portal, everything())
  await sync(connected)
  const count = { calls: 0, statements: 0 }
  const watched = environmentWith(connected, countingShard(count))
  const [shard, mspId, secret] = admin.cookie.split('=')[1]?.split('.') ?? []
  const session = await contactSession(
    { environment: watched, requestId: 'test', later: (work) => void work() },
    {
      kind: 'portal',
      host: portal.host,
      mspId: portal.msp.mspId,
      customerId: portal.customerId,
      shard: portal.msp.shard,
      isCustom: false,
    },
    { shard: shard ?? '', mspId: mspId ?? '', secret: secret ?? '' },
  )
  if (session === undefined) throw new Error('The admin is not signed in.')
  expect((await readDashboard(session.contact, session.person)).people).toMatchObject({ activeCount: 4 })
  expect(count.calls).toBe(2)
  expect(environment.shards.size, 'the stage has another shard, which nobody asked').toBeGreaterThan(1)
})
