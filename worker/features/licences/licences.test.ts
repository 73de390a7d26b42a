import type { z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  contacts,
  licenceTerms,
  portals,
  sessions,
  skus,
  tenantDays,
  tenants,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { BUSINESS_PREMIUM, POWER_AUTOMATE_FREE, daysAgo, people, person } from '../../test/microsoft.ts'
import { ADMIN, bodyOf, call, environment, newCompany, newOwnPolicy, newStaff } from '../../test/stage.ts'
import type { Session, StagedContact, StagedPortal } from '../../test/stage.ts'
import { connectedTenant, readBeside, stageMicrosoft, sync, tenantScope } from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import type { CustomerLicences, HolderList, KnownSkus, LicenceTerms, PortalLicences, Usage } from './licences.schema.ts'

type Seen = z.infer<typeof PortalLicences>
type Staffs = z.infer<typeof CustomerLicences>
type Holders = z.infer<typeof HolderList>

const { microsoft, clock } = stageMicrosoft()

const premium = (number: number, name = `Person ${number}`) =>
  person(number, { displayName: name, assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] })
const sku = (enabled: number, consumedUnits: number, more = {}) => ({
  skuId: BUSINESS_PREMIUM,
  skuPartNumber: 'SPB',
  enabled,
  consumedUnits,
  ...more,
})

const newCast = async (shard?: string) => {
  const company = await newCompany(shard)
  return { ...company, staff: await newStaff(company.msp, 'admin') }
}
type Cast = Awaited<ReturnType<typeof newCast>>

const tenantOf = (portal: StagedPortal, given: Parameters<typeof microsoft.tenant>[0] = {}): Promise<Connected> =>
  connectedTenant(microsoft.tenant(given), { customer: portal })

const inPortal = (contact: StagedContact, rest = '') =>
  call(contact.portal.host, 'GET', `/api/portal/customers/${contact.portal.customerId}/licences${rest}`, {
    as: contact,
  })
const ofStaff = ({ staff, portal }: Cast, rest = '') =>
  call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}${rest}`, { as: staff })
const read = async <T>(asking: Promise<Response>): Promise<T> => {
  const answer = await asking
  expect(answer.status, await answer.clone().text()).toBe(200)
  return bodyOf<T>(answer)
}
const save = async ({ staff, portal }: Cast, terms: object) => {
  const path = `/api/msp-portal/customers/${portal.customerId}/licence-terms`
  const body = { costsShown: false, prices: [], ...terms }
  const answer = await call(ADMIN, 'PUT', path, { as: staff, body })
  expect(answer.status, await answer.clone().text()).toBe(200)
}
const saveSku = async ({ staff }: { staff: Session }, body: object, skuId = BUSINESS_PREMIUM) => {
  const answer = await call(ADMIN, 'PUT', `/api/msp-portal/settings/licences/${skuId}`, { as: staff, body })
  expect(answer.status, await answer.clone().text()).toBe(200)
}

describe('Licences', () => {
  it('show what is bought, assigned and available, and leave free ones out unless they are asked for', async () => {
    const { portal, admin } = await newCast()
    await sync(await tenantOf(portal))
    const seen = await read<Seen>(inPortal(admin))
    expect(seen).toMatchObject({
      items: [
        {
          skuId: BUSINESS_PREMIUM,
          name: 'Microsoft 365 Business Premium',
          boughtCount: 5,
          assignedCount: 3,
          availableCount: 2,
          overCount: 0,
          isFree: false,
        },
      ],
      hiddenCount: 1,
      tenants: [{ name: 'Lindqvist Timber AB', state: 'connected' }],
      seesHolders: true,
      mayRequest: true,
      renewals: [],
    })
    expect(seen.asOf).toMatch(/^2026-11-18T/)
    const all = await read<Seen>(inPortal(admin, '?free=true'))
    expect(all.hiddenCount).toBe(0)
    expect(all.items.map(({ skuId, isFree }) => [skuId, isFree])).toEqual([
      [POWER_AUTOMATE_FREE, true],
      [BUSINESS_PREMIUM, false],
    ])
  })

  it('of several tenants add up once each, and are shown apart', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal, { name: 'North', skus: [sku(10, 4)] }))
    await sync(await tenantOf(cast.portal, { name: 'South', skus: [sku(5, 7)] }))
    const [item] = (await read<Staffs>(ofStaff(cast, '/licences'))).items
    expect(item).toMatchObject({ boughtCount: 15, assignedCount: 11, availableCount: 6, overCount: 2 })
    expect(item?.tenants.map(({ name, overCount, availableCount }) => [name, overCount, availableCount])).toEqual([
      ['North', 0, 6],
      ['South', 2, 0],
    ])
  })

  it('of a tenant that was removed are not among them', async () => {
    const cast = await newCast()
    const gone = await tenantOf(cast.portal, { people: [premium(1)] })
    await sync(gone)
    const scope = cast.msp.scope.forCustomer(cast.portal.customerId)
    await scope.commit(
      { action: 'stage.tenant', subject: { kind: 'tenant', id: gone.tenantId, name: '' } },
      scope.changeAll(tenants, eq(tenants.id, gone.tenantId), { removedAt: now(), state: 'removed' }),
    )
    expect(await read<Seen>(inPortal(cast.admin))).toMatchObject({ items: [], tenants: [], hiddenCount: 0 })
    expect((await inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders`)).status).toBe(404)
    expect((await inPortal(cast.admin, `/${BUSINESS_PREMIUM}/usage`)).status).toBe(404)
  })

  it.each([
    [
      'of which nothing was bought and two are assigned',
      sku(0, 2),
      { boughtCount: 0, overCount: 2, availableCount: 0 },
    ],
    [
      'that nobody knows, by its part number',
      sku(1, 0, { skuId: crypto.randomUUID(), skuPartNumber: 'BRAND_NEW' }),
      { name: 'BRAND_NEW' },
    ],
    [
      'without even a part number',
      sku(1, 0, { skuId: crypto.randomUUID(), skuPartNumber: '' }),
      { name: 'Licence without a name' },
    ],
  ])('include one %s', async (_, one, expected) => {
    const { portal, user } = await newCast()
    await sync(await tenantOf(portal, { skus: [one] }))
    expect((await read<Seen>(inPortal(user))).items).toMatchObject([expected])
  })

  it('say since when a tenant cannot be read, and keep its figures', async () => {
    const { portal, user } = await newCast()
    const tenant = await tenantOf(portal)
    await sync(tenant)
    const scope = portal.msp.scope.forCustomer(portal.customerId)
    await scope.commit(
      { action: 'stage.tenant', subject: { kind: 'tenant', id: tenant.tenantId, name: '' } },
      scope.changeAll(tenants, undefined, { state: 'consent_lost', consentLostAt: Date.parse('2026-11-18T12:30:00Z') }),
    )
    const seen = await read<Seen>(inPortal(user))
    expect(seen.tenants).toMatchObject([{ state: 'consent_lost', stateSince: '2026-11-18T12:30:00.000Z' }])
    expect(seen.items).toHaveLength(1)
  })

  it('show renewals and holders to portal admins alone', async () => {
    const { portal, admin, user } = await newCast()
    const renewal = (id: string, inDays: number, more = {}) => ({
      id,
      skuId: BUSINESS_PREMIUM,
      skuPartNumber: 'SPB',
      status: 'Enabled',
      totalLicenses: 5,
      nextLifecycleDateTime: daysAgo(-inDays),
      ...more,
    })
    await sync(
      await tenantOf(portal, {
        people: [premium(1)],
        subscriptions: [
          renewal('late', 200),
          renewal('soon', 10),
          renewal('over', -3),
          renewal('gone', 20, { status: 'Deleted' }),
          renewal('free', 15, { skuId: POWER_AUTOMATE_FREE, skuPartNumber: 'FLOW_FREE' }),
        ],
      }),
    )
    const seen = await read<Seen>(inPortal(admin))
    expect(seen.renewals?.map(({ name, at }) => [name, at.slice(0, 10)])).toEqual([
      ['Microsoft 365 Business Premium', '2026-11-15'],
      ['Microsoft 365 Business Premium', '2026-11-28'],
      ['Microsoft 365 Business Premium', '2027-06-06'],
    ])
    const theirs = await read<Seen>(inPortal(user))
    expect([theirs.renewals, theirs.seesHolders]).toEqual([null, false])
    expect((await inPortal(user, `/${BUSINESS_PREMIUM}/holders`)).status).toBe(403)
    expect((await read<Holders>(inPortal(admin, `/${BUSINESS_PREMIUM}/holders`))).items).toHaveLength(1)
  })

  it('show them to who has a licence permission, in a session begun with Microsoft', async () => {
    const { portal, user } = await newCast()
    await sync(await tenantOf(portal, { people: [premium(1)] }))
    const scope = portal.msp.scope.forCustomer(portal.customerId)
    const holders = async () => (await inPortal(user, `/${BUSINESS_PREMIUM}/holders`)).status
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: user.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, user.id), {
        licencePermission: 'view',
        microsoftTenantId: 't',
        microsoftObjectId: 'o',
      }),
    )
    expect(await holders()).toBe(403)
    await scope.record(scope.changeAll(sessions, eq(sessions.contactId, user.id), { method: 'microsoft' }))
    expect(await holders()).toBe(200)
    expect((await read<Seen>(inPortal(user))).renewals).toEqual([])
  })

  it('are hidden from portal users where the MSP says so, also on the dashboard', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal))
    const dashboard = async (contact: StagedContact) => {
      const path = `/api/portal/customers/${cast.portal.customerId}/dashboard`
      return (await read<{ licences: unknown }>(call(cast.portal.host, 'GET', path, { as: contact }))).licences
    }
    expect(await dashboard(cast.user)).not.toBeNull()
    await newOwnPolicy(cast.portal, { reads: { see_licences: false } })
    expect((await inPortal(cast.user)).status).toBe(403)
    expect((await inPortal(cast.user, `/${BUSINESS_PREMIUM}/usage`)).status).toBe(403)
    expect(await dashboard(cast.user)).toBeNull()
    expect((await inPortal(cast.admin)).status).toBe(200)
    expect(await dashboard(cast.admin)).not.toBeNull()
  })
})

describe('Who holds a seat', () => {
  const names = ({ items }: Holders) => items.map(({ name }) => name)

  it('is listed by name, page after page, tenant after tenant, each person once', async () => {
    const cast = await newCast()
    const north = ['Zoe', 'anna', 'Bert', 'Änne'].map((name, place) => premium(place + 1, name))
    await sync(await tenantOf(cast.portal, { name: 'North', people: [...north, person(9, { displayName: 'Nobody' })] }))
    await sync(await tenantOf(cast.portal, { name: 'South', people: [premium(1, 'Carl'), premium(2, 'Dora')] }))
    await sync(await tenantOf(cast.portal, { name: 'Empty', people: [person(1)] }))
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page: Holders = await read<Holders>(inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders?limit=2${more}`))
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...names(page))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(['anna', 'Bert', 'Zoe', 'Änne', 'Carl', 'Dora'])
    const [, south] = (await read<Staffs>(ofStaff(cast, '/licences'))).items[0]?.tenants ?? []
    const ofSouth = await read<Holders>(
      ofStaff(cast, `/licences/${BUSINESS_PREMIUM}/holders?tenantId=${south?.tenantId ?? ''}`),
    )
    expect([names(ofSouth), ofSouth.nextCursor]).toEqual([['Carl', 'Dora'], null])
  })

  it('follows who is given a seat, loses one, is renamed, blocked or leaves', async () => {
    const cast = await newCast()
    const tenant = await tenantOf(cast.portal, { people: [premium(1), premium(2), premium(3), person(4)] })
    await sync(tenant)
    tenant.microsoftTenant.change(person(1).id, { displayName: 'Aaron' })
    tenant.microsoftTenant.change(person(2).id, { assignedLicenses: [] })
    tenant.microsoftTenant.change(person(4).id, {
      assignedLicenses: [{ skuId: BUSINESS_PREMIUM }, { skuId: POWER_AUTOMATE_FREE }],
      accountEnabled: false,
    })
    tenant.microsoftTenant.leave(person(3).id)
    clock.forward(60_000)
    await sync(tenant)
    const { items } = await read<Holders>(inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders`))
    expect(items.map(({ name, signInAllowed }) => [name, signInAllowed])).toEqual([
      ['Aaron', true],
      ['Person 4', false],
    ])
    expect(names(await read<Holders>(inPortal(cast.admin, `/${POWER_AUTOMATE_FREE}/holders`)))).toEqual(['Person 4'])
  })

  it('is found by the id in any case, and of a licence that nobody has there is nothing', async () => {
    const { portal, admin } = await newCast()
    await sync(await tenantOf(portal, { people: [premium(1)] }))
    expect((await inPortal(admin, `/${BUSINESS_PREMIUM.toUpperCase()}/holders`)).status).toBe(200)
    expect((await inPortal(admin, `/${crypto.randomUUID()}/holders`)).status).toBe(404)
    expect((await inPortal(admin, `/${BUSINESS_PREMIUM}/holders?cursor=bogus`)).status).toBe(422)
    expect((await inPortal(admin, `/${BUSINESS_PREMIUM}/holders?tenantId=nobodys`)).status).toBe(404)
  })

  it('costs its page, however many people there are', async () => {
    // In one shard, and nobody's at the end of its indexes: a look for the last row there reads one less.
    const heldBy = async (count: number) => {
      const { msp, portal, admin } = await newCast('shard-1')
      const everybody = people(count, { assignedLicenses: [{ skuId: POWER_AUTOMATE_FREE }] })
      await sync(
        await tenantOf(portal, {
          people: [...everybody.slice(0, -2), premium(count - 1), premium(count)],
        }),
      )
      const look = () => read(inPortal(admin, `/${BUSINESS_PREMIUM}/holders`))
      return async () => {
        // Once before, so that nothing is counted that comes with a first look.
        await look()
        return rowsReadBy(msp.shard, look)
      }
    }
    const [many, few] = [await heldBy(600), await heldBy(10)]
    await heldBy(5)
    expect(await many()).toBe(await few())
  })
})

describe('Seats that nobody seems to use', () => {
  const at = (days: number) => new Date(now() - days * 86_400_000).toISOString()
  const idlePeople = () => [
    premium(1, 'Active'),
    premium(2, 'Bea'),
    premium(3, 'Cid'),
    premium(4, 'Dee'),
    premium(5, 'Eve'),
  ]
  const stage = async () => {
    const cast = await newCast()
    const [active, bea, cid, dee, eve] = idlePeople()
    const told = await tenantOf(cast.portal, {
      name: 'North',
      skus: [sku(9, 5)],
      people: [
        { ...active, lastSignInDateTime: at(1) },
        { ...bea, lastSignInDateTime: at(40) },
        { ...cid, lastSignInDateTime: at(95) },
        { ...dee, lastSignInDateTime: at(2), accountEnabled: false },
        { ...eve },
      ] as ReturnType<typeof people>,
    })
    await sync(told)
    clock.forward(60_000)
    await readBeside(told)
    return { cast, told }
  }

  it('are counted by how long, with those of the blocked, for who may see the holders and nobody else', async () => {
    const { cast } = await stage()
    const idle = { days30Count: 4, days60Count: 3, days90Count: 3, blockedCount: 1, unknownCount: 0 }
    expect((await read<Seen>(inPortal(cast.admin))).items[0]?.idle).toEqual(idle)
    const staffs = await read<Staffs>(ofStaff(cast, '/licences'))
    expect(staffs.items[0]?.idle).toEqual(idle)
    expect(staffs.tenants[0]).toMatchObject({ signInsAsOf: expect.any(String) as string, signInsUnknown: null })
    const user = await inPortal(cast.user)
    expect((await bodyOf<Seen>(user)).items[0]?.idle).toBeNull()
    expect((await inPortal(cast.user, `/${BUSINESS_PREMIUM}/holders?idleDays=30`)).status).toBe(403)
  })

  const show = ({ msp, portal }: Cast, set: Partial<typeof portals.$inferInsert>) => {
    const scope = msp.scope.forCustomer(portal.customerId)
    return scope.commit(
      { action: 'stage.portal', subject: { kind: 'portal', id: 'portal', name: '' } },
      scope.changeAll(portals, undefined, set),
    )
  }

  it('are listed with when their holders last signed in, where the directory shows it', async () => {
    const { cast } = await stage()
    await show(cast, { directoryAttributes: ['mail', 'signInAllowed', 'lastSignIn'] })
    const listed = async (days: string) =>
      (await read<Holders>(inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders${days}`))).items.map(
        ({ name, lastSignInAt, signInKnown, idleDays, signInAllowed }) => [
          name,
          signInKnown &&
            (lastSignInAt === null ? 'never' : Math.round((now() - Date.parse(lastSignInAt ?? '')) / 86_400_000)),
          idleDays,
          signInAllowed,
        ],
      )
    const [bea, cid, dee, eve] = [
      ['Bea', 40, 30, true],
      ['Cid', 95, 90, true],
      ['Dee', 2, null, false],
      ['Eve', 'never', 90, true],
    ]
    expect(await listed('')).toEqual([['Active', 1, null, true], bea, cid, dee, eve])
    expect(await listed('?idleDays=30')).toEqual([bea, cid, dee, eve])
    expect(await listed('?idleDays=60')).toEqual([cid, dee, eve])
    expect(await listed('?idleDays=90')).toEqual([cid, dee, eve])
    expect((await inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders?idleDays=31`)).status).toBe(422)
  })

  it('tell of their holders’ accounts what the directory shows of them, and no more', async () => {
    const { cast } = await stage()
    const cid = async () =>
      (await read<Holders>(inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders?idleDays=60`))).items[0]
    await show(cast, { directoryAttributes: ['jobTitle'] })
    expect(await cid()).toMatchObject({ name: 'Cid', userPrincipalName: null, signInAllowed: null, idleDays: 90 })
    expect(await cid()).not.toHaveProperty('lastSignInAt')
    await show(cast, { directoryAttributes: ['signInAllowed'] })
    expect(await cid()).toMatchObject({ userPrincipalName: null, signInAllowed: true })
    expect(await cid()).not.toHaveProperty('signInKnown')
    await show(cast, { directoryAttributes: ['mail', 'lastSignIn'] })
    expect(await cid()).toMatchObject({
      userPrincipalName: expect.any(String) as string,
      signInAllowed: null,
      signInKnown: true,
    })
  })

  it('call a mailbox that is nobody’s own what it is, and list guests where the directory shows them', async () => {
    const { cast, told } = await stage()
    const rows = tenantScope(told)
    const named = async () =>
      (await read<Holders>(inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders`))).items.map(({ name, mailbox }) => [
        name,
        mailbox,
      ])
    await rows.record(
      rows.changeAll(tenantUsers, eq(tenantUsers.displayName, 'Dee'), { mailboxPurpose: 'shared' }),
      rows.changeAll(tenantUsers, eq(tenantUsers.displayName, 'Bea'), { isGuest: true }),
    )
    const others = [
      ['Cid', undefined],
      ['Dee', 'shared'],
      ['Eve', undefined],
    ]
    expect(await named()).toEqual([['Active', undefined], ...others])
    await show(cast, { directoryGuestsShown: true })
    expect(await named()).toEqual([['Active', undefined], ['Bea', undefined], ...others])
  })

  it('say how many guests hold a seat and are not listed, of all and of the idle, so that the figures agree', async () => {
    const { cast, told } = await stage()
    const rows = tenantScope(told)
    const guests = [eq(tenantUsers.displayName, 'Bea'), eq(tenantUsers.displayName, 'Dee')]
    await rows.record(...guests.map((who) => rows.changeAll(tenantUsers, who, { isGuest: true })))
    const notListed = async (asking: Promise<Response>) => (await read<Holders>(asking)).notListedCount
    const listed = (query = '') => inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders${query}`)
    expect(await notListed(listed())).toBe(2)
    expect(await notListed(listed('?limit=1')), 'of all pages, on each').toBe(2)
    expect(await notListed(listed(`?tenantId=${told.tenantId}`))).toBe(2)
    expect(await notListed(listed('?idleDays=30'))).toBe(2)
    expect(await notListed(listed('?idleDays=60')), 'Dee, who cannot sign in').toBe(1)
    expect(await notListed(ofStaff(cast, `/licences/${BUSINESS_PREMIUM}/holders`))).toBe(0)
    await show(cast, { directoryGuestsShown: true })
    expect(await notListed(listed())).toBe(0)
  })

  it('cost their page, however many guests hold a seat and are not listed', async () => {
    // In one shard, and nobody's at the end of its indexes: a look for the last row there reads one less.
    const heldBy = async (guestCount: number) => {
      const { msp, portal, admin } = await newCast('shard-1')
      const seats = { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }, { skuId: POWER_AUTOMATE_FREE }] }
      const guests = people(guestCount, { userType: 'Guest', accountEnabled: false, ...seats })
      const member = { ...premium(guestCount + 1, 'Member'), accountEnabled: false, ...seats }
      const flow = { skuId: POWER_AUTOMATE_FREE, skuPartNumber: 'FLOW_FREE', enabled: 10_000, consumedUnits: 2 }
      await sync(await tenantOf(portal, { people: [...guests, member], skus: [sku(900, 900), flow] }))
      const costs = async (path: string) => {
        const look = () => read<Holders>(inPortal(admin, path))
        const { items, notListedCount } = await look()
        expect([items.map(({ name }) => name), notListedCount], path).toEqual([['Member'], guestCount])
        return rowsReadBy(msp.shard, look)
      }
      return async () => {
        const rows: number[] = []
        for (const skuId of [BUSINESS_PREMIUM, POWER_AUTOMATE_FREE])
          for (const query of ['', '?idleDays=30', '?idleDays=60', '?idleDays=90'])
            rows.push(await costs(`/${skuId}/holders${query}`))
        return rows
      }
    }
    const [many, few] = [await heldBy(600), await heldBy(10)]
    await heldBy(5)
    expect(await many()).toEqual(await few())
  })

  it('count guests who are not listed among the holders of a free licence, too', async () => {
    const cast = await newCast()
    const holders = [1, 2].map((number) => person(number, { assignedLicenses: [{ skuId: POWER_AUTOMATE_FREE }] }))
    const flow = { skuId: POWER_AUTOMATE_FREE, skuPartNumber: 'FLOW_FREE', enabled: 10_000, consumedUnits: 2 }
    const tenant = await tenantOf(cast.portal, {
      people: holders.map((who) => ({ ...who, userType: 'Guest' })),
      skus: [flow],
    })
    await sync(tenant)
    const { items, notListedCount } = await read<Holders>(inPortal(cast.admin, `/${POWER_AUTOMATE_FREE}/holders`))
    expect([items.length, notListedCount]).toEqual([0, 2])
  })

  it('name their holders, and no more of them, where the company is shown no directory', async () => {
    const { cast } = await stage()
    await newOwnPolicy(cast.portal, { reads: { see_directory: false } })
    const path = `/${BUSINESS_PREMIUM}/holders?idleDays=60`
    const { items } = await read<Holders>(inPortal(cast.admin, path))
    const [cid] = items
    expect(cid).toEqual({ ...cid, name: 'Cid', userPrincipalName: null, signInAllowed: null, idleDays: 90 })
    for (const field of ['lastSignInAt', 'signInKnown']) expect(cid).not.toHaveProperty(field)
    expect((await read<Holders>(ofStaff(cast, `/licences${path}`))).items[0]).toMatchObject({
      userPrincipalName: expect.any(String) as string,
      signInKnown: true,
    })
    const report = await bodyOf<{ rows: unknown[][] }>(
      await call(cast.portal.host, 'GET', `/api/portal/customers/${cast.portal.customerId}/reports?report=seats`, {
        as: cast.admin,
      }),
    )
    expect(report.rows).toContainEqual(['Microsoft 365 Business Premium', 'Cid', 'North'])
  })

  it('are said not to be known where Microsoft does not tell, and never to be used or idle', async () => {
    const { cast } = await stage()
    const untold = await tenantOf(cast.portal, { name: 'South', people: idlePeople(), skus: [sku(9, 5)] })
    untold.microsoftTenant.hasEntraP1 = false
    await sync(untold)
    clock.forward(60_000)
    await readBeside(untold)
    const seen = await read<Seen>(inPortal(cast.admin))
    expect(seen.items[0]?.idle).toMatchObject({ days30Count: 4, unknownCount: 5 })
    expect(
      seen.tenants.map(({ name, signInsAsOf, signInsUnknown }) => [name, signInsAsOf === null, signInsUnknown]),
    ).toEqual([
      ['North', false, null],
      ['South', true, 'licence'],
    ])
    const { items } = await read<Holders>(
      inPortal(cast.admin, `/${BUSINESS_PREMIUM}/holders?tenantId=${untold.tenantId}`),
    )
    expect(items.filter(({ signInKnown, idleDays }) => signInKnown || idleDays !== null)).toEqual([])
  })

  it('cost their page, however many others there are', async () => {
    const readFor = async (count: number) => {
      // In one shard, since SQLite plans by what else is there.
      const { msp, portal, admin } = await newCast('shard-1')
      const active = people(count, {
        assignedLicenses: [{ skuId: BUSINESS_PREMIUM }],
        lastSignInDateTime: at(1),
      })
      const tenant = await tenantOf(portal, {
        people: [...active, { ...premium(count + 1, 'Idle'), lastSignInDateTime: at(99) }],
      })
      await sync(tenant)
      await readBeside(tenant)
      const listed = `/${BUSINESS_PREMIUM}/holders?idleDays=60`
      expect((await read<Holders>(inPortal(admin, listed))).items.map(({ name }) => name)).toEqual(['Idle'])
      return rowsReadBy(msp.shard, () => read(inPortal(admin, listed)))
    }
    expect(await readFor(600)).toBeLessThan((await readFor(10)) + 20)
  })
})

describe('Usage over time', () => {
  it('is one figure a day over all tenants, at most 365, of that licence alone', async () => {
    const { portal, user } = await newCast()
    const [north, south] = [await tenantOf(portal), await tenantOf(portal)]
    await sync(north)
    await sync(south)
    const day = (id: string, bought: number, assigned: number) => ({
      id,
      activeUserCount: 1,
      licensedUserCount: 1,
      seats: [
        { skuId: 'another', bought: 900, assigned: 900 },
        { skuId: BUSINESS_PREMIUM.toUpperCase(), bought, assigned },
      ],
    })
    const ofNorth = tenantScope(north)
    const ofSouth = tenantScope(south)
    await ofNorth.record(
      ofNorth.putAll(tenantDays, [day('2025-11-18', 1, 1), day('2026-11-15', 4, 1), day('2026-11-17', 6, 2)]),
    )
    await ofSouth.record(
      ofSouth.putAll(tenantDays, [
        day('2026-11-16', 10, 9),
        // Did not have it on that day.
        { id: '2026-11-17', activeUserCount: 1, licensedUserCount: 1, seats: [] },
      ]),
    )
    const usage = await read<z.infer<typeof Usage>>(inPortal(user, `/${BUSINESS_PREMIUM}/usage`))
    expect(usage.name).toBe('Microsoft 365 Business Premium')
    expect(usage.days.map((one) => [one.day, one.boughtCount, one.assignedCount])).toEqual([
      ['2026-11-15', 4, 1],
      ['2026-11-16', 14, 10],
      ['2026-11-17', 6, 2],
      ['2026-11-18', 10, 6],
    ])
  })
})

describe('The name of a licence', () => {
  it('is the MSP’s own, for all its customers and nobody else’s', async () => {
    const cast = await newCast()
    const other = await newCast()
    await sync(await tenantOf(cast.portal))
    await sync(await tenantOf(other.portal))
    await saveSku(cast, { name: 'Office for the practice', price: null })
    expect((await read<Seen>(inPortal(cast.user))).items[0]?.name).toBe('Office for the practice')
    expect((await read<Seen>(inPortal(other.user))).items[0]?.name).toBe('Microsoft 365 Business Premium')
    await saveSku(cast, { name: null, price: null })
    expect((await read<Seen>(inPortal(cast.user))).items[0]?.name).toBe('Microsoft 365 Business Premium')
  })

  it('is Microsoft’s newest at the next sync, before the bundled one', async () => {
    const cast = await newCast()
    const tenant = await tenantOf(cast.portal)
    await sync(tenant)
    await environment.directory
      .prepare(`insert or replace into sku_names values (?, 'SPB', 'Business Premium, renamed', 1)`)
      .bind(BUSINESS_PREMIUM)
      .run()
    clock.forward(60_000)
    await sync(tenant)
    await environment.directory.prepare(`delete from sku_names where sku_id = ?`).bind(BUSINESS_PREMIUM).run()
    expect((await read<Seen>(inPortal(cast.user))).items[0]?.name).toBe('Business Premium, renamed')
    const known = await read<z.infer<typeof KnownSkus>>(
      call(ADMIN, 'GET', '/api/msp-portal/settings/licences', { as: cast.staff }),
    )
    expect(known.items.find(({ skuId }) => skuId === BUSINESS_PREMIUM)).toMatchObject({
      name: 'Business Premium, renamed',
      partNumber: 'SPB',
      ownName: null,
      isFree: false,
      version: 1,
    })
  })

  it('can be given to what customers have, and to nothing else', async () => {
    const { staff } = await newCast()
    const path = `/api/msp-portal/settings/licences/${BUSINESS_PREMIUM}`
    const answer = await call(ADMIN, 'PUT', path, { as: staff, body: { name: 'Mine', price: null } })
    expect(answer.status).toBe(404)
  })
})

describe('What licences cost', () => {
  const priced = { name: null, price: { amountMinor: 1890, per: 'month' } }

  it('is left out of the portal unless the MSP shows it to this customer, and to portal users ever', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal, { people: [premium(1), premium(2)] }))
    await saveSku(cast, priced)
    const hidden = await read<Seen>(inPortal(cast.admin))
    expect('costs' in hidden || 'price' in (hidden.items[0] ?? {})).toBe(false)
    await save(cast, { costsShown: true })
    const shown = await read<Seen>(inPortal(cast.admin))
    expect(shown.costs).toEqual({
      currency: 'GBP',
      perYearMinor: 5 * 1890 * 12,
      perMonthMinor: 5 * 1890,
      perPersonPerMonthMinor: Math.round((5 * 1890) / 2),
      unpricedCount: 0,
    })
    expect(shown.items[0]?.price).toEqual({ amountMinor: 1890, per: 'month', isOwn: false })
    const users = await read<Seen>(inPortal(cast.user))
    expect('costs' in users || 'price' in (users.items[0] ?? {})).toBe(false)
    const body = await (await inPortal(cast.user, '?free=true')).text()
    expect(body).not.toMatch(/1890|amountMinor/)
  })

  it('goes by the customer’s own price where it has one, and is always told to staff', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal))
    await saveSku(cast, priced)
    await save(cast, { prices: [{ skuId: BUSINESS_PREMIUM, amountMinor: 20_000, per: 'year' }] })
    const seen = await read<Staffs>(ofStaff(cast, '/licences'))
    expect([seen.costsShown, seen.costs.perYearMinor]).toEqual([false, 100_000])
    expect(seen.items[0]?.price).toEqual({ amountMinor: 20_000, per: 'year', isOwn: true })
  })

  it('is told whole when a part of it changes, since an amount without its currency says nothing', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal))
    await saveSku(cast, { name: null, price: { amountMinor: 1890, per: 'month' } })
    await saveSku(cast, { name: null, price: { amountMinor: 2050, per: 'month' } })
    await saveSku(cast, { name: 'Premium', price: { amountMinor: 2050, per: 'month' } })
    const log = call(ADMIN, 'GET', '/api/msp-portal/activity?limit=2', { as: cast.staff })
    const { items } = await read<{ items: { changes: { field: string }[] }[] }>(log)
    const [renamed, priced] = items.map(({ changes }) =>
      changes.toSorted((one, other) => one.field.localeCompare(other.field)),
    )
    expect(priced).toMatchObject([
      { field: 'priceCurrency', before: 'GBP', after: 'GBP' },
      { field: 'priceMinor', before: 1890, after: 2050 },
      { field: 'pricePer', before: 'month', after: 'month' },
    ])
    expect(renamed).toMatchObject([{ field: 'ownName', after: 'Premium' }])
  })

  it('is not known any more when the MSP reckons in another currency', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal))
    await saveSku(cast, priced)
    const { scope, mspId, name } = cast.msp
    await scope.commit(
      { action: 'stage.currency', subject: { kind: 'organisation', id: mspId, name } },
      scope.changeAll(skus, undefined, { priceCurrency: 'EUR' }),
    )
    const seen = await read<Staffs>(ofStaff(cast, '/licences'))
    expect(seen.costs).toMatchObject({ perYearMinor: 0, unpricedCount: 1 })
  })

  it.each([
    ['a fraction of a penny', { amountMinor: 18.9, per: 'month' }],
    ['less than nothing', { amountMinor: -1, per: 'month' }],
    ['a slip of the keyboard', { amountMinor: 1e12, per: 'month' }],
    ['a price for each week', { amountMinor: 1, per: 'week' }],
  ])('is never %s', async (_, price) => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal))
    const path = `/api/msp-portal/settings/licences/${BUSINESS_PREMIUM}`
    expect((await call(ADMIN, 'PUT', path, { as: cast.staff, body: { name: null, price } })).status).toBe(422)
  })
})

describe('What a customer sees of its licences', () => {
  const path = ({ portal }: Cast) => `/api/msp-portal/customers/${portal.customerId}/licence-terms`
  const terms = { costsShown: true, prices: [] }

  it('is read in version 0 until somebody says something, and changes by version', async () => {
    const cast = await newCast()
    const first = await ofStaff(cast, '/licence-terms')
    expect(first.headers.get('etag')).toBe('"v0"')
    expect(await bodyOf<z.infer<typeof LicenceTerms>>(first)).toMatchObject({ costsShown: false })
    const saving = (version: string) =>
      call(ADMIN, 'PUT', path(cast), { as: cast.staff, body: terms, headers: { 'if-match': version } })
    expect((await saving('"v0"')).headers.get('etag')).toBe('"v1"')
    expect((await saving('"v0"')).status).toBe(412)
    expect((await saving('"v1"')).headers.get('etag')).toBe('"v1"')
  })

  it('is told with the names of licences, since nobody knows them by their ids', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal))
    const own = (amountMinor: number) => ({ prices: [{ skuId: BUSINESS_PREMIUM, amountMinor, per: 'month' }] })
    await save(cast, own(1750))
    await save(cast, { ...own(1800), costsShown: true })
    expect(await read<z.infer<typeof LicenceTerms>>(ofStaff(cast, '/licence-terms'))).toMatchObject({
      prices: [{ amountMinor: 1800 }],
      version: 2,
    })
    const { items } = await read<{ items: { changes: { field: string }[] }[] }>(ofStaff(cast, '/activity?limit=2'))
    const price = (amountMinor: number) => [
      { licence: 'Microsoft 365 Business Premium', amountMinor, per: 'month', currency: 'GBP' },
    ]
    expect(items[0]?.changes.toSorted((one, other) => one.field.localeCompare(other.field))).toMatchObject([
      { field: 'costsShown', before: false, after: true },
      { field: 'prices', before: price(1750), after: price(1800) },
    ])
    expect(JSON.stringify(items)).not.toContain(BUSINESS_PREMIUM)
  })

  it('names each licence once', async () => {
    const cast = await newCast()
    const price = { amountMinor: 1, per: 'month' }
    const prices = [
      { skuId: 'abc', ...price },
      { skuId: 'ABC', ...price },
    ]
    const answer = await call(ADMIN, 'PUT', path(cast), { as: cast.staff, body: { ...terms, prices } })
    expect(answer.status).toBe(422)
  })

  it('is not what a customer was told who is merged into it', async () => {
    const cast = await newCast()
    const { scope } = cast.msp
    const customer = scope.forCustomer(cast.portal.customerId)
    await customer.commit(
      { action: 'stage.terms', subject: { kind: 'customer', id: cast.portal.customerId, name: '' } },
      customer.add(licenceTerms, { id: 'the one that was merged', costsShown: true }),
    )
    await sync(await tenantOf(cast.portal))
    expect((await inPortal(cast.user)).status).toBe(200)
    expect(await read<z.infer<typeof LicenceTerms>>(ofStaff(cast, '/licence-terms'))).toMatchObject({ version: 0 })
  })
})
