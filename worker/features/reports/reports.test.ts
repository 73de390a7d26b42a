import { eq } from 'drizzle-orm'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, describe, expect, it } from 'vitest'
import {
  activities,
  licenceTerms,
  msps,
  portals,
  scoreControls,
  seatHolders,
  securityAlerts,
  securityScores,
  serviceHealth,
  skus,
  subscriptions,
  tenantUsers,
  tickets,
  userChanges,
} from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newContact,
  newCustomer,
  newKey,
  newLicence,
  newMsp,
  newOwnPolicy,
  newPortal,
  newStaff,
  newTenant,
  newTicket,
  newUser,
} from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import { sentBy } from '../../test/sent-statements.ts'
import { standingClock } from '../../test/tenants.ts'
import { sortNameOf } from '../directory/index.ts'
import { reportKinds } from './report-tables.ts'

type Page = {
  asOf: string | null
  columns: { title: string; isNumber: boolean }[]
  rows: (string | number | null)[][]
  nextCursor: string | null
}
const NOON = Date.parse('2026-11-18T12:00:00Z')
const SYNCED = NOON - 60_000
const DAY_MS = 86_400_000

afterEach(() => moveClock(undefined))

/** Fabrikam with two tenants, each with people, licences, renewals, changes and what security there is. */
const newCast = async () => {
  standingClock(NOON)
  const portal = await newPortal(await newCustomer(await newMsp(), 'Fabrikam Dental'))
  const tenant = await newTenant(portal, { name: 'Fabrikam', lastGoodSyncAt: SYNCED })
  const skuId = await newLicence(portal, { tenantId: tenant.id, boughtCount: 2, assignedCount: 5 })
  return {
    portal,
    tenant,
    skuId,
    customer: portal.msp.scope.forCustomer(portal.customerId),
    rows: portal.msp.scope.forCustomer(portal.customerId).forTenant(tenant.id),
    dana: await newContact(portal, ['portal_admin']),
    technician: await newStaff(portal.msp, 'technician'),
  }
}
type Cast = Awaited<ReturnType<typeof newCast>>

const asked = (contact: StagedContact, query: string) =>
  call(contact.portal.host, 'GET', `/api/portal/customers/${contact.portal.customerId}/reports?${query}`, {
    as: contact,
  })
const seen = async (contact: StagedContact, query: string): Promise<Page> => {
  const answer = await asked(contact, query)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return bodyOf<Page>(answer)
}
const ofStaff = ({ portal }: Cast, as: { cookie: string }, query: string) =>
  call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}/reports?${query}`, { as })
const taken = (contact: StagedContact, body: object) =>
  call(contact.portal.host, 'POST', `/api/portal/customers/${contact.portal.customerId}/report-downloads`, {
    as: contact,
    body: { format: 'csv', ...body },
  })
const takenByStaff = ({ portal }: Cast, as: { cookie: string }, body: object) =>
  call(ADMIN, 'POST', `/api/msp-portal/customers/${portal.customerId}/report-downloads`, {
    as,
    body: { format: 'csv', ...body },
  })
const show = ({ customer, portal }: Cast, set: Partial<typeof portals.$inferInsert>) =>
  customer.commit(
    { action: 'stage.portal', subject: { kind: 'portal', id: 'portal', name: portal.host } },
    customer.changeAll(portals, undefined, set),
  )
const downloadsOf = async ({ portal }: Cast) =>
  (
    await portal.msp.scope.list(activities, {
      where: eq(activities.action, 'report.downloaded'),
      orderBy: [activities.id],
    })
  ).map(({ actorName, customerId, subjectName, changes }) => ({
    actorName,
    customerId,
    subjectName,
    changes: changes.map(({ field, after }) => [field, after]),
  }))

describe('A report', () => {
  it.each(reportKinds)('of %s can be taken by a portal admin and by staff, and by no portal user', async (report) => {
    const cast = await newCast()
    const user = await newContact(cast.portal, ['portal_user'])
    expect((await asked(cast.dana, `report=${report}`)).status).toBe(200)
    expect((await asked(user, `report=${report}`)).status).toBe(403)
    expect((await taken(user, { report })).status).toBe(403)
    const viewer = await newStaff(cast.portal.msp, 'viewer')
    expect((await ofStaff(cast, viewer, `report=${report}`)).status).toBe(200)
    expect((await takenByStaff(cast, viewer, { report })).status).toBe(403)
    expect((await takenByStaff(cast, cast.technician, { report })).status).toBe(200)
    const key = await newKey(cast.portal.msp, cast.technician)
    const byKey = await call(ADMIN, 'GET', `/api/portal/customers/${cast.portal.customerId}/reports?report=${report}`, {
      bearer: key.bearer,
    })
    expect(byKey.status).toBe(200)
    expect(await downloadsOf(cast)).toHaveLength(1)
  })

  it('is not there while its MSP has switched reports off for the portal, the customer is put away or another’s', async () => {
    const cast = await newCast()
    const { dana, portal } = cast
    await newOwnPolicy(portal, { reads: { download_reports: false } })
    expect([(await asked(dana, 'report=users')).status, (await taken(dana, { report: 'users' })).status]).toEqual([
      403, 403,
    ])
    await newOwnPolicy(portal, {})
    expect((await asked(dana, 'report=users')).status).toBe(200)
    await show(cast, { state: 'disabled' })
    expect((await asked(dana, 'report=users')).status).toBe(401)
    await show(cast, { state: 'enabled' })
    const other = await newPortal(await newCustomer(portal.msp))
    const path = `/api/portal/customers/${other.customerId}/reports?report=users`
    expect((await call(portal.host, 'GET', path, { as: dana })).status).toBe(404)
    await call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/archival`, { as: cast.technician })
    expect((await asked(dana, 'report=users')).status).toBe(401)
  })

  it.each([
    ['none', ''],
    ['one that there is not', 'report=rumours'],
    ['days backwards', 'report=changes&from=2026-11-18&to=2026-11-01'],
    ['no day', 'report=changes&from=yesterday'],
    ['a place in another report', `report=changes&cursor=${btoa('["users",["x"],"y"]')}`],
  ])('is refused for %s', async (_, query) => {
    const cast = await newCast()
    expect((await asked(cast.dana, query)).status).toBe(422)
  })

  it('is written down before it is given: who took which, in which form', async () => {
    const cast = await newCast()
    await taken(cast.dana, { report: 'changes', format: 'xlsx', from: '2026-11-01' })
    await takenByStaff(cast, cast.technician, { report: 'users' })
    const common = { customerId: cast.portal.customerId }
    expect(await downloadsOf(cast)).toEqual([
      {
        ...common,
        actorName: cast.dana.name,
        subjectName: 'changes-2026-11-18.xlsx',
        changes: [
          ['report', 'changes'],
          ['from', '2026-11-01'],
          ['format', 'xlsx'],
        ],
      },
      {
        ...common,
        actorName: cast.technician.name,
        subjectName: 'fabrikam-dental-users-2026-11-18.csv',
        changes: [
          ['report', 'users'],
          ['format', 'csv'],
        ],
      },
    ])
  })
})

describe('The report of users', () => {
  it('has what the directory shows and no more, and is not there without it', async () => {
    const cast = await newCast()
    const { portal, tenant, dana } = cast
    await newUser(portal, tenant.id, { displayName: 'Lucy', mobilePhone: '+44 7700 900 123', skuIds: [cast.skuId] })
    await newUser(portal, tenant.id, { displayName: 'A guest', isGuest: true })
    await show(cast, { directoryAttributes: ['department', 'licences'] })
    const page = await seen(dana, 'report=users')
    expect(page.columns.map(({ title }) => title)).toEqual(['Name', 'Department', 'Licences', 'Organisation'])
    expect(page.rows).toEqual([['Lucy', 'Reception', 'Microsoft 365 Business Premium', 'Fabrikam']])
    expect(page.asOf).toBe(new Date(SYNCED).toISOString())
    const all = await bodyOf<Page>(await ofStaff(cast, cast.technician, 'report=users'))
    expect(all.rows.map(([name]) => name)).toEqual(['A guest', 'Lucy'])
    expect(all.rows[1]).toContain('+44 7700 900 123')
    await newOwnPolicy(portal, { reads: { see_directory: false } })
    expect([(await asked(dana, 'report=users')).status, (await taken(dana, { report: 'users' })).status]).toEqual([
      404, 404,
    ])
    expect((await asked(dana, 'report=licences')).status).toBe(200)
    expect(await downloadsOf(cast)).toEqual([])
  })

  it('says on which day of the MSP’s somebody last signed in, and where that is not known', async () => {
    const cast = await newCast()
    const told = await newTenant(cast.portal, { name: 'Told', lastGoodSyncAt: SYNCED, signInsAsOf: SYNCED })
    const { scope, mspId, name } = cast.portal.msp
    await scope.commit(
      { action: 'stage.house', subject: { kind: 'organisation', id: mspId, name } },
      scope.changeAll(msps, undefined, { timeZone: 'Pacific/Auckland' }),
    )
    await newUser(cast.portal, cast.tenant.id, { displayName: 'Ann', signInKnown: true })
    await newUser(cast.portal, told.id, { displayName: 'Bea', signInKnown: true, lastSignInAt: NOON })
    await newUser(cast.portal, told.id, { displayName: 'Cid', signInKnown: true })
    await show(cast, { directoryAttributes: ['lastSignIn'] })
    expect((await seen(cast.dana, 'report=users')).rows.map(([, signedIn]) => signedIn)).toEqual([
      'Not known',
      '2026-11-19',
      'Never',
    ])
  })

  it('holds whatever people are called, and no cell that a spreadsheet would calculate', async () => {
    const cast = await newCast()
    const names = [
      '=cmd|/C calc!A0',
      'x'.repeat(300),
      'A\u0007bell',
      '<b>&amp;',
      'Ada "the first", Countess',
      '@here',
      'Zoë 👩‍⚕️',
    ]
    for (const displayName of names) await newUser(cast.portal, cast.tenant.id, { displayName })
    const text = await (await taken(cast.dana, { report: 'users' })).text()
    expect(text.startsWith('Name,') || text.startsWith('\ufeffName,')).toBe(true)
    expect(text.split(/[,\r\n]/).filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([])
    const workbook = await taken(cast.dana, { report: 'users', format: 'xlsx' })
    const [sheet] = (await readXlsx(new Uint8Array(await workbook.arrayBuffer()))).sheets
    expect((sheet?.rows ?? []).slice(1).map(([name]) => name)).toEqual(expect.arrayContaining(names))
  })

  it('of 10,000 is read in ten pages, each person once', async () => {
    const cast = await newCast()
    const people = Array.from({ length: 10_000 }, (_, at) => {
      const displayName = `Person ${String(at).padStart(5, '0')}`
      return {
        id: `u${at}`,
        displayName,
        sortName: sortNameOf(displayName),
        userPrincipalName: `u${at}@fabrikam.example`,
        mail: `u${at}@fabrikam.example`,
        isGuest: false,
        isLicensed: false,
        signInAllowed: true,
        skuIds: [],
        seenInRun: 'run',
        foundBy: [],
      }
    })
    for (let at = 0; at < people.length; at += 2_500)
      await cast.rows.record(cast.rows.putAll(tenantUsers, people.slice(at, at + 2_500)))
    let text = ''
    const sent = await sentBy(async () => {
      text = await (await taken(cast.dana, { report: 'users' })).text()
    })
    const names = [...text.matchAll(/^Person \d{5}/gm)].map(([name]) => name)
    expect(names).toEqual(people.map(({ displayName }) => displayName))
    expect(sent.filter((statement) => statement.includes('"tenant_users"')).length).toBeLessThanOrEqual(10)
    expect(sent.length).toBeLessThan(70)
  }, 20_000)
})

describe('The reports of licences', () => {
  it('say what is bought and used, and what it costs only where the company is shown that', async () => {
    const cast = await newCast()
    await cast.portal.msp.scope.commit(
      { action: 'stage.price', subject: { kind: 'sku', id: cast.skuId, name: 'Premium' } },
      cast.portal.msp.scope.changeAll(skus, eq(skus.id, cast.skuId), {
        ownName: '=Premium',
        priceMinor: 1_890,
        pricePer: 'month',
        priceCurrency: 'GBP',
      }),
    )
    const plain = await seen(cast.dana, 'report=licences')
    expect(plain.columns.map(({ title }) => title)).toEqual([
      'Licence',
      'Bought',
      'In use',
      'Free',
      'Too many',
      'As of',
    ])
    expect(plain.rows.map((row) => row.slice(0, 5))).toEqual([['=Premium', 2, 5, 0, 3]])
    await cast.customer.commit(
      { action: 'stage.terms', subject: { kind: 'customer', id: cast.portal.customerId, name: 'Fabrikam' } },
      cast.customer.add(licenceTerms, { id: cast.portal.customerId, costsShown: true }),
    )
    const priced = await seen(cast.dana, 'report=licences')
    expect(priced.rows.map((row) => row.slice(5, 8))).toEqual([[18.9, 'month', 453.6]])
    expect(priced.columns.slice(4, 8)).toEqual([
      { title: 'Too many', isNumber: true },
      { title: 'Price (GBP)', isNumber: true, decimals: 2 },
      { title: 'Per', isNumber: false },
      { title: 'A year (GBP)', isNumber: true, decimals: 2 },
    ])
    expect(await (await taken(cast.dana, { report: 'licences' })).text()).toContain(
      "'=Premium,2,5,0,3,18.9,month,453.6",
    )
  })

  it('name holders as the directory does: guests where it shows them, else how many, a shared mailbox as one, accounts where shown', async () => {
    const cast = await newCast()
    const add = (displayName: string, more: Partial<typeof tenantUsers.$inferInsert>) =>
      newUser(cast.portal, cast.tenant.id, { displayName, skuIds: [cast.skuId], signInAllowed: false, ...more })
    await add('Ann', {})
    await add('Desk', { mailboxPurpose: 'shared' })
    await add('Gus', { isGuest: true, isLicensed: true })
    await add('Hal', { isGuest: true, isLicensed: true })
    const rowsOf = async () => (await seen(cast.dana, 'report=seats')).rows.map((row) => row.slice(1))
    await show(cast, { directoryAttributes: ['signInAllowed'] })
    expect(await rowsOf()).toEqual([
      ['Ann', 'Blocked', 'Fabrikam'],
      ['Desk', 'Shared mailbox', 'Fabrikam'],
      ['2 guests, not listed', null, 'Fabrikam'],
    ])
    await show(cast, { directoryAttributes: ['jobTitle'], directoryGuestsShown: true })
    expect(await rowsOf()).toEqual([
      ['Ann', 'Fabrikam'],
      ['Desk', 'Fabrikam'],
      ['Gus', 'Fabrikam'],
      ['Hal', 'Fabrikam'],
    ])
  })

  it('name who holds a seat, tenant after tenant, page by page, and when what renews', async () => {
    const cast = await newCast()
    const other = await newTenant(cast.portal, { name: 'Other', lastGoodSyncAt: SYNCED })
    const ids = [cast.tenant.id, other.id].toSorted()
    const holders = Array.from({ length: 1_005 }, (_, at) => ({
      id: `u${at}`,
      skuId: cast.skuId,
      displayName: `Person ${String(at).padStart(5, '0')}`,
    }))
    for (const id of ids) {
      const rows = cast.customer.forTenant(id)
      await rows.commit(
        { action: 'stage.holders', subject: { kind: 'tenant', id, name: 'Tenant' } },
        rows.putAll(seatHolders, id === ids[0] ? holders : holders.slice(0, 3)),
      )
    }
    const names: unknown[] = []
    let pages = 0
    for (let cursor: string | null = ''; cursor !== null; pages += 1) {
      const page: Page = await seen(cast.dana, `report=seats${cursor === '' ? '' : `&cursor=${cursor}`}`)
      names.push(...page.rows.map((row) => row[1]))
      cursor = page.nextCursor
    }
    const called = holders.map(({ displayName }) => displayName)
    expect(names).toEqual([...called, ...called.slice(0, 3)])
    expect(pages).toBe(3)
    await cast.rows.record(
      cast.rows.add(subscriptions, {
        id: 'subscription',
        skuId: cast.skuId,
        skuPartNumber: 'SPB',
        status: 'enabled',
        seatCount: 25,
        isTrial: false,
        nextLifecycleAt: NOON + 10 * 86_400_000,
        asOf: SYNCED,
      }),
    )
    expect((await seen(cast.dana, 'report=renewals')).rows).toEqual([
      ['2026-11-28', 'Microsoft 365 Business Premium', 25, 'Paid', 'Fabrikam'],
    ])
  })

  it('tell two licences of one name apart, in every one of them', async () => {
    const cast = await newCast()
    const like = await newLicence(cast.portal, { tenantId: cast.tenant.id, boughtCount: 9, skuPartNumber: 'LIKE' })
    await cast.portal.msp.scope.commit(
      { action: 'stage.name', subject: { kind: 'sku', id: like, name: 'Like' } },
      cast.portal.msp.scope.changeAll(skus, eq(skus.id, like), { ownName: 'Microsoft 365 Business Premium' }),
    )
    for (const [at, skuId] of [like, cast.skuId].entries()) {
      await newUser(cast.portal, cast.tenant.id, { displayName: `Person ${at}`, skuIds: [skuId] })
      await cast.rows.record(
        cast.rows.add(subscriptions, {
          id: `subscription ${at}`,
          skuId,
          skuPartNumber: 'ANY',
          status: 'enabled',
          seatCount: 1,
          isTrial: false,
          nextLifecycleAt: NOON + (at + 1) * DAY_MS,
          asOf: SYNCED,
        }),
      )
    }
    const names = ['Microsoft 365 Business Premium (LIKE)', 'Microsoft 365 Business Premium (SPB)']
    const column = async (report: string, place: number) =>
      (await seen(cast.dana, `report=${report}`)).rows.map((row) => row[place])
    expect(await column('licences', 0)).toEqual([names[1], names[0]])
    expect(new Set(await column('seats', 0))).toEqual(new Set(names))
    expect(await column('renewals', 1)).toEqual(names)
    expect(
      await column(
        'users',
        (await seen(cast.dana, 'report=users')).columns.findIndex(({ title }) => title === 'Licences'),
      ),
    ).toEqual(names)
  })
})

describe('The report of changes', () => {
  it('tells what happened in the days asked for, newest first, thirty of them unless said otherwise', async () => {
    const cast = await newCast()
    const changed = (day: string, more: Partial<typeof userChanges.$inferInsert> = {}) => ({
      id: `${day} ${more.kind ?? 'joined'}`,
      day,
      kind: 'joined' as const,
      userId: 'u1',
      name: `Joined ${day}`,
      at: Date.parse(`${day}T12:00:00Z`),
      ...more,
    })
    const days = ['2026-11-18', '2026-11-17', '2026-10-20', '2026-10-19']
    await cast.rows.record(
      cast.rows.putAll(
        userChanges,
        days.map((day) => ({ ...changed(day), detail: null, skuId: null })),
      ),
      cast.rows.putAll(userChanges, [
        { ...changed('2026-11-17', { kind: 'licence_given', name: 'Lucy', skuId: cast.skuId }), detail: null },
      ]),
    )
    expect(
      (await seen(cast.dana, 'report=changes')).rows.map(([day, name, what, licence]) => [day, name, what, licence]),
    ).toEqual([
      ['2026-11-18', 'Joined 2026-11-18', 'Joined', null],
      ['2026-11-17', 'Lucy', 'Licence given', 'Microsoft 365 Business Premium'],
      ['2026-11-17', 'Joined 2026-11-17', 'Joined', null],
      ['2026-10-20', 'Joined 2026-10-20', 'Joined', null],
    ])
    const within = await seen(cast.dana, 'report=changes&from=2026-10-01&to=2026-10-19')
    expect(within.rows.map(([day]) => day)).toEqual(['2026-10-19'])
  })

  it('comes in pages that hold each change once, also of one moment in several tenants', async () => {
    const cast = await newCast()
    const other = await newTenant(cast.portal, { name: 'Other', lastGoodSyncAt: SYNCED })
    for (const [letter, id] of [
      ['a', cast.tenant.id],
      ['b', other.id],
    ] as const) {
      const rows = cast.customer.forTenant(id)
      const changes = Array.from({ length: 700 }, (_, at) => ({
        id: `${letter}${String(at).padStart(4, '0')}`,
        day: '2026-11-17',
        kind: 'left' as const,
        userId: `u${at}`,
        name: `${letter}${at}`,
        detail: null,
        skuId: null,
        at: NOON - 86_400_000 - (at % 3),
      }))
      await rows.record(rows.putAll(userChanges, changes))
    }
    const text = await (await taken(cast.dana, { report: 'changes' })).text()
    const names = [...text.matchAll(/^2026-11-17,([ab]\d+),Left/gm)].map(([, name]) => name)
    expect(names).toHaveLength(1_400)
    expect(new Set(names).size).toBe(1_400)
  })
})

describe('The security summary', () => {
  it('adds up the tenants, and has open alerts, what would help most and how services are', async () => {
    const cast = await newCast()
    const other = await newTenant(cast.portal, { name: 'Other', lastGoodSyncAt: SYNCED })
    const rows = cast.customer.forTenant(other.id)
    const score = (more: object) => ({
      id: '2026-11-17',
      asOf: SYNCED,
      currentHundredths: 5_000,
      maxHundredths: 10_000,
      ...more,
    })
    await cast.rows.record(
      cast.rows.add(securityScores, score({ comparisonHundredths: 6_150 })),
      cast.rows.add(securityAlerts, {
        id: 'a1',
        title: '',
        severity: 'low',
        status: 'new',
        raisedAt: now(),
        asOf: SYNCED,
      }),
      cast.rows.add(securityAlerts, {
        id: 'a2',
        title: '=Leak',
        severity: 'high',
        status: 'new',
        raisedAt: NOON,
        asOf: SYNCED,
      }),
      cast.rows.add(securityAlerts, {
        id: 'a3',
        title: 'Over',
        severity: 'high',
        status: 'resolved',
        raisedAt: NOON,
        asOf: SYNCED,
      }),
      cast.rows.add(scoreControls, {
        id: 'c1',
        title: 'Small',
        pointsHundredths: 0,
        maxHundredths: 100,
        remediation: '',
        asOf: SYNCED,
      }),
      cast.rows.add(scoreControls, {
        id: 'c2',
        title: 'Large',
        category: 'Identity',
        pointsHundredths: 100,
        maxHundredths: 900,
        remediation: '',
        asOf: SYNCED,
      }),
      cast.rows.add(scoreControls, {
        id: 'c3',
        title: 'Done',
        pointsHundredths: 900,
        maxHundredths: 900,
        remediation: '',
        asOf: SYNCED,
      }),
      cast.rows.add(serviceHealth, { id: 's1', service: 'Exchange', state: 'works', asOf: SYNCED }),
    )
    await rows.record(
      rows.add(securityScores, score({ currentHundredths: 2_050, maxHundredths: 5_000 })),
      rows.add(serviceHealth, { id: 's2', service: 'Exchange', state: 'degraded', since: NOON, asOf: SYNCED }),
    )
    expect((await seen(cast.dana, 'report=security')).rows).toEqual([
      ['Security score', 'Reached', '47%', 70.5, 150, '2026-11-17'],
      ['Security score', 'Similar organisations', '61.5%', null, null, '2026-11-17'],
      ['Open alerts', '=Leak', 'High', null, null, '2026-11-18'],
      ['Open alerts', 'Without a title', 'Low', null, null, '2026-11-18'],
      ['What would raise the score', 'Large', 'Identity', 1, 9, null],
      ['What would raise the score', 'Small', null, 0, 1, null],
      ['Microsoft services', 'Exchange', 'Has problems', null, null, '2026-11-18'],
    ])
  })

  it('counts what is to be done in several tenants once, and says what Microsoft does not tell instead of that there is none', async () => {
    const cast = await newCast()
    const other = await newTenant(cast.portal, {
      name: 'Other',
      lastGoodSyncAt: SYNCED,
      partsUnread: { alerts: { since: NOON, why: 'permission' }, score: { since: NOON, why: 'trouble' } },
    })
    const left = await newTenant(cast.portal, { name: 'Left', removedAt: NOON, state: 'removed' })
    const control = { id: 'mfa', title: 'A second step', pointsHundredths: 100, maxHundredths: 900, remediation: '' }
    for (const id of [cast.tenant.id, other.id, left.id]) {
      const rows = cast.customer.forTenant(id)
      await rows.record(rows.add(scoreControls, { ...control, asOf: SYNCED }))
    }
    expect((await seen(cast.dana, 'report=security')).rows).toEqual([
      ['Security score', 'Microsoft does not tell it of Other', null, null, null, '2026-11-18'],
      ['Open alerts', 'Microsoft does not tell it of Other', null, null, null, '2026-11-18'],
      ['What would raise the score', 'A second step', null, 2, 18, null],
    ])
  })
})

describe('The report of tickets', () => {
  it('tells of those written in the days asked for, the newest first, in the words of whoever reads it', async () => {
    const cast = await newCast()
    moveClock(() => Date.parse('2026-10-01T09:00:00Z'))
    const tom = await newContact(cast.portal)
    const old = await newTicket(tom, { subject: 'Long ago' })
    moveClock(() => NOON)
    const user = await newContact(cast.portal)
    const first = await newTicket(user, { subject: '=cmd|calc', priority: 'high' })
    moveClock(() => NOON + 1)
    const second = await newTicket(cast.dana, { subject: 'The <b>second</b>', requester: user.id })
    const path = `/api/portal/customers/${cast.portal.customerId}/tickets/${first.id}`
    expect((await call(cast.portal.host, 'PUT', `${path}/closure`, { as: user })).status).toBe(200)
    expect(
      (await call(cast.portal.host, 'PUT', `${path}/rating`, { as: user, body: { rating: 'satisfied' } })).status,
    ).toBe(200)
    const theirs = await seen(cast.dana, 'report=tickets')
    expect(theirs.rows).toEqual([
      [
        `#${second.number}`,
        'The <b>second</b>',
        'Received',
        'I can work, but it is in the way',
        'Internet, Wi-Fi and printing',
        user.name,
        null,
        '2026-11-18 12:00',
        null,
        null,
      ],
      [
        `#${first.number}`,
        '=cmd|calc',
        'Closed',
        'I cannot do my work',
        'Internet, Wi-Fi and printing',
        user.name,
        null,
        '2026-11-18 12:00',
        '2026-11-18 12:00',
        'Satisfied',
      ],
    ])
    const earlier = await seen(cast.dana, 'report=tickets&from=2026-10-01&to=2026-10-01')
    expect(earlier.rows.map(([number]) => number)).toEqual([`#${old.number}`])
    const ofMsp = await bodyOf<Page>(await ofStaff(cast, cast.technician, 'report=tickets'))
    expect(ofMsp.columns.map(({ title }) => title)).toEqual([
      ...theirs.columns.map(({ title }) => title),
      'Last change',
      'First answer',
      'Answer due',
      'Solution due',
    ])
    expect(ofMsp.rows.map(([, , state, priority]) => [state, priority])).toEqual([
      ['New', 'Normal'],
      ['Closed', 'High'],
    ])
    expect(await (await taken(cast.dana, { report: 'tickets' })).text()).toContain("'=cmd|calc")
  })

  it('comes a thousand at a time, each ticket once', async () => {
    const cast = await newCast()
    const user = await newContact(cast.portal)
    const pattern = await newTicket(user)
    const known = await cast.customer.find(tickets, pattern.id, 'ticket')
    const { mspId: _, customerId: __, ...row } = known
    const many = Array.from({ length: 1_500 }, (___, at) => {
      const id = `${pattern.id.slice(0, 10)}${String(at).padStart(26, '0')}`
      return { ...row, id, number: 5_000 + at, replyHash: id }
    })
    await cast.customer.commit(
      { action: 'stage.tickets', subject: { kind: 'ticket', id: '', name: '' } },
      cast.customer.addAll(tickets, many),
    )
    const first = await seen(cast.dana, 'report=tickets')
    const second = await seen(cast.dana, `report=tickets&cursor=${first.nextCursor}`)
    expect([first.rows.length, second.rows.length, second.nextCursor]).toEqual([1_000, 501, null])
    expect(new Set([...first.rows, ...second.rows].map(([number]) => number)).size).toBe(1_501)
  })
})
