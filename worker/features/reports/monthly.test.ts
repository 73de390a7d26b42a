import { eq, like } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  activities,
  contacts,
  jobs,
  portals,
  securityAlerts,
  securityScores,
  seatCounts,
  userChanges,
} from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { acrossMsps } from '../../tenancy/across.ts'
import { shardNamed } from '../../env.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newLicence,
  newMsp,
  newOwnPolicy,
  newPortal,
  newStaff,
  newTenant,
} from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import { consume, sweep } from '../../work.ts'
import { freeFailureCount } from '../sign-in/attempts.ts'
import { newSecret } from '../../tenancy/ids.ts'
import { monthlyMail, monthlyReportsOf, sampleMail } from './monthly.jobs.ts'

const MID_NOVEMBER = Date.parse('2026-11-18T12:00:00Z')
const FIRST = '2026-12-01T06:01:00Z'
const BEFORE_FIRST = '2026-12-01T05:58:00Z'

holdQueue()
afterEach(() => moveClock(undefined))

type Settings = { parts: string[] | null; contacts: { id: string; getsReport: boolean }[]; nextAt: string | null }

/** Fabrikam, read this morning, with an admin and a user of its portal, in the middle of November. */
const newCast = async () => {
  const clock = standingClock(MID_NOVEMBER)
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const tenant = await newTenant(portal, { lastGoodSyncAt: MID_NOVEMBER, activeUserCount: 48 })
  return {
    clock,
    msp,
    portal,
    tenant,
    customer: msp.scope.forCustomer(portal.customerId),
    rows: msp.scope.forCustomer(portal.customerId).forTenant(tenant.id),
    admin: await newContact(portal, ['portal_admin']),
    user: await newContact(portal, ['portal_user']),
    technician: await newStaff(msp),
  }
}
type Cast = Awaited<ReturnType<typeof newCast>>

const path = ({ portal }: Cast) => `/api/msp-portal/customers/${portal.customerId}/portal/reports`
const choose = async (cast: Cast, contactIds: string[], more: Record<string, unknown> = {}) => {
  const body = { contactIds, ...more }
  return call(ADMIN, 'PUT', path(cast), { as: cast.technician, body })
}
const settingsOf = async (cast: Cast) => bodyOf<Settings>(await call(ADMIN, 'GET', path(cast), { as: cast.technician }))

const jobsLike = ({ msp }: Cast, key: string) =>
  msp.scope.list(jobs, { where: like(jobs.naturalKey, key), orderBy: [jobs.naturalKey] })
/** What is waiting of a kind, run until nothing is, or until this holds. */
const runTo = async (cast: Cast, key: string, isThere: () => boolean) => {
  while (!isThere()) {
    const [due] = (await jobsLike(cast, key)).filter(({ state }) => state === 'waiting')
    if (due === undefined) return
    await consume(environment, { shard: cast.msp.shard, mspId: cast.msp.mspId, jobId: due.id }, () => {})
  }
}
const runAll = (cast: Cast, key: string) => runTo(cast, key, () => false)
const monthCame = async (cast: Cast) => {
  cast.clock.setTo(FIRST)
  await cast.msp.scope.record(cast.msp.scope.later(monthlyReportsOf()))
  await runAll(cast, 'reports:start')
}
const mailTo = async ({ msp }: Cast, { id }: { id: string }) =>
  (await monthlyMail(environment, msp.scope, { contactId: id, month: '2026-11' }, 'job', now())) ?? null

describe('Who gets the monthly report', () => {
  it('is chosen by staff, as is what it tells, and stands in the activity by name', async () => {
    const cast = await newCast()
    expect(await settingsOf(cast)).toMatchObject({
      nextAt: null,
      parts: null,
      usual: { sent: true, day: 1, parts: { length: 4 } },
    })
    const saved = await choose(cast, [cast.admin.id], { parts: ['security', 'people'] })
    expect(saved.status, await saved.clone().text()).toBe(200)
    expect(await settingsOf(cast)).toMatchObject({
      parts: ['people', 'security'],
      nextAt: '2026-12-01T06:00:00.000Z',
      contacts: [
        { id: cast.admin.id, getsReport: true },
        { id: cast.user.id, getsReport: false },
      ],
    })
    const [entry] = await cast.msp.scope.list(activities, { where: eq(activities.action, 'portal.reports_changed') })
    expect(entry?.changes.find(({ field }) => field === 'monthlyReportFor')).toMatchObject({
      before: [],
      after: [cast.admin.name],
    })
    await choose(cast, [])
    expect((await settingsOf(cast)).nextAt).toBeNull()
  })

  it('is nobody of another customer, nobody without an address, and nobody where there is no portal', async () => {
    const cast = await newCast()
    const other = await newContact(await newPortal(await newCustomer(cast.msp)))
    expect((await choose(cast, [other.id])).status).toBe(422)
    await cast.customer.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: cast.user.id, name: 'User' } },
      cast.customer.changeAll(contacts, eq(contacts.id, cast.user.id), { email: null }),
    )
    expect((await choose(cast, [cast.user.id])).status).toBe(422)
    const bare = await newCustomer(cast.msp)
    expect(
      (await call(ADMIN, 'GET', `/api/msp-portal/customers/${bare.customerId}/portal/reports`, { as: cast.technician }))
        .status,
    ).toBe(404)
  })
})

/** As an admin of the MSP saves them. */
const byDefault = async (cast: Cast, body: { sent: boolean; parts: string[]; day: number }) => {
  const as = await newStaff(cast.msp, 'admin')
  const saved = await call(ADMIN, 'PUT', '/api/msp-portal/settings/monthly-report', { as, body })
  expect(saved.status, await saved.clone().text()).toBe(200)
}
const allParts = ['people', 'licences', 'renewals', 'security']
const nextOf = async (cast: Cast) => (await settingsOf(cast)).nextAt

describe('What an MSP chose for monthly reports', () => {
  it('holds for every customer who has it not otherwise', async () => {
    const cast = await newCast()
    await choose(cast, [cast.admin.id])
    await byDefault(cast, { sent: true, parts: ['people'], day: 15 })
    expect(await settingsOf(cast)).toMatchObject({
      parts: null,
      usual: { sent: true, parts: ['people'], day: 15 },
      nextAt: '2026-12-15T06:00:00.000Z',
    })
    expect((await mailTo(cast, cast.admin))?.text).not.toContain('Renewals')
    await choose(cast, [cast.admin.id], { parts: ['renewals'], day: 3 })
    expect(await nextOf(cast)).toBe('2026-12-03T06:00:00.000Z')
    await byDefault(cast, { sent: true, parts: ['people'], day: 20 })
    expect(await nextOf(cast)).toBe('2026-12-03T06:00:00.000Z')
    const text = (await mailTo(cast, cast.admin))?.text
    expect(text).toContain('Renewals')
    expect(text).not.toContain('People:')
  })

  it('mails nobody where it says so, but whose customer has it otherwise, and the month after it begins anew', async () => {
    const cast = await newCast()
    await choose(cast, [cast.admin.id])
    await byDefault(cast, { sent: false, parts: allParts, day: 1 })
    expect(await nextOf(cast)).toBeNull()
    await monthCame(cast)
    expect(await jobsLike(cast, 'report:%')).toEqual([])
    const later = { ...cast, technician: await newStaff(cast.msp) }
    await choose(later, [cast.admin.id], { sent: true })
    expect(await nextOf(later)).toBe('2027-01-01T06:00:00.000Z')
  })

  it('tells each month once, whichever day it is moved to', async () => {
    const cast = await newCast()
    await choose(cast, [cast.admin.id])
    await monthCame(cast)
    expect(await jobsLike(cast, 'report:%')).toHaveLength(1)
    const later = { ...cast, technician: await newStaff(cast.msp) }
    // November was told, so what comes next is December.
    await byDefault(later, { sent: true, parts: allParts, day: 20 })
    expect(await nextOf(later)).toBe('2027-01-20T06:00:00.000Z')
    await byDefault(later, { sent: true, parts: allParts, day: 2 })
    expect(await nextOf(later)).toBe('2027-01-02T06:00:00.000Z')
  })
})

describe('A preview of the monthly report', () => {
  type Preview = {
    reader: { id: string } | null
    mail: { heading: string; parts: { part: string; text: string }[] } | null
  }
  const previewOf = async (cast: Cast) =>
    bodyOf<Preview>(await call(ADMIN, 'GET', `${path(cast)}/preview`, { as: cast.technician }))

  it('is the very mail that its reader would be sent, with all that it could tell', async () => {
    const cast = await newCast()
    await choose(cast, [cast.admin.id], { parts: ['people'] })
    const { reader, mail } = await previewOf(cast)
    const own = await monthlyMail(
      environment,
      cast.msp.scope,
      { contactId: cast.admin.id, month: '2026-10' },
      'job',
      now(),
    )
    expect(reader?.id).toBe(cast.admin.id)
    expect(mail?.heading).toBe(own?.subject)
    expect(mail?.parts.map(({ part }) => part)).toEqual(['people', 'renewals'])
    expect(own?.text).toContain(mail?.parts[0]?.text)
  })

  it('says that there is nobody to read it, and of an MSP’s own choice shows figures that are nobody’s', async () => {
    const cast = await newCast()
    await cast.customer.commit(
      { action: 'stage.portal', subject: { kind: 'portal', id: 'portal', name: 'Portal' } },
      cast.customer.changeAll(portals, undefined, { state: 'disabled' }),
    )
    expect(await previewOf(cast)).toMatchObject({ reader: null, mail: null })
    const example = await bodyOf<Preview>(
      await call(ADMIN, 'GET', '/api/msp-portal/settings/monthly-report/preview', { as: cast.technician }),
    )
    expect(example.mail?.heading).toBe('Example Company in October 2026')
    expect(example.mail?.parts.map(({ part }) => part)).toEqual(allParts)
  })
})

describe('A sample of the monthly report', () => {
  // From a network of its own each time: what is counted here is how many an MSP asks for.
  const ask = (cast: Cast, as = cast.technician) =>
    call(ADMIN, 'POST', `${path(cast)}/sample`, { as, headers: { 'cf-connecting-ip': newSecret() } })
  const sampleOf = async (cast: Cast) => {
    const [job] = await cast.msp.scope.list(jobs, { where: eq(jobs.kind, 'reports.sample') })
    const payload = job?.payload as Parameters<typeof sampleMail>[2]
    return sampleMail(environment, cast.msp.scope, payload, 'job', now())
  }

  it('goes to whoever asks and to nobody else, and tells what a reader would be told', async () => {
    const cast = await newCast()
    const answer = await ask(cast)
    expect(answer.status, await answer.clone().text()).toBe(202)
    const reader = { id: cast.admin.id, name: cast.admin.name }
    expect(await bodyOf(answer)).toEqual({ to: cast.technician.email, reader, month: '2026-10' })
    const sample = await sampleOf(cast)
    const own = await monthlyMail(
      environment,
      cast.msp.scope,
      { contactId: cast.admin.id, month: '2026-10' },
      'job',
      now(),
    )
    expect(sample).toEqual({
      ...own,
      to: { name: cast.technician.name, address: cast.technician.email },
      subject: `Sample: ${own?.subject}`,
    })
    expect(
      await cast.msp.scope.list(activities, { where: eq(activities.action, 'portal.report_sampled') }),
    ).toHaveLength(1)
  })

  it('is not sent by the dozen: its number is limited, whoever it is asked of', async () => {
    const cast = await newCast()
    for (let number = 0; number < freeFailureCount.account; number += 1) expect((await ask(cast)).status).toBe(202)
    expect((await ask(cast)).status).toBe(429)
  })

  it('is read as somebody would who gets the report, before anybody else', async () => {
    const cast = await newCast()
    await choose(cast, [cast.user.id])
    expect(await bodyOf(await ask(cast))).toMatchObject({ reader: { id: cast.user.id } })
  })

  it('says so where nobody would be mailed one, and where there is nothing to tell', async () => {
    const cast = await newCast()
    await call(ADMIN, 'DELETE', `/api/msp-portal/customers/${cast.portal.customerId}/tenants/${cast.tenant.id}`, {
      as: cast.technician,
    })
    expect((await ask(cast)).status).toBe(202)
    await expect(sampleOf(cast)).rejects.toThrow('There is nothing to tell yet')
    await cast.customer.commit(
      { action: 'stage.portal', subject: { kind: 'portal', id: 'portal', name: 'Portal' } },
      cast.customer.changeAll(portals, undefined, { state: 'disabled' }),
    )
    expect((await ask(cast)).status).toBe(409)
  })
})

describe('On the first of a month', () => {
  it('a report is queued once for each, by the minute’s sweep, in the morning of the MSP’s time zone', async () => {
    const cast = await newCast()
    await choose(cast, [cast.admin.id, cast.user.id])
    const shard = shardNamed(environment, cast.msp.shard)
    const isDue = async () =>
      (await acrossMsps.mspsWithReportsDue(shard, now())).some(({ mspId }) => mspId === cast.msp.mspId)
    cast.clock.setTo(BEFORE_FIRST)
    expect(await isDue()).toBe(false)
    cast.clock.setTo(FIRST)
    expect(await isDue()).toBe(true)
    await sweep(environment)
    await sweep(environment)
    expect(await jobsLike(cast, 'reports:start')).toHaveLength(1)
    expect(await isDue()).toBe(false)
    await runAll(cast, 'reports:start')
    const keys = [cast.admin.id, cast.user.id].map((id) => `report:${id}:2026-11`).toSorted()
    expect((await jobsLike(cast, 'report:%')).map(({ naturalKey }) => naturalKey)).toEqual(keys)
    // Tried again, it finds that all of it is done; a month later comes the next one.
    await monthCame(cast)
    expect(await jobsLike(cast, 'report:%')).toHaveLength(2)
    const dueAt = (await cast.customer.list(contacts)).map(({ reportDueAt }) => reportDueAt)
    expect(dueAt).toEqual([Date.parse('2027-01-01T06:00:00Z'), Date.parse('2027-01-01T06:00:00Z')])
  })

  it('goes on where it was killed, and queues nobody twice', async () => {
    const cast = await newCast()
    const more = await Promise.all(Array.from({ length: 55 }, () => newContact(cast.portal)))
    await choose(
      cast,
      more.map(({ id }) => id),
    )
    const shard = shardNamed(environment, cast.msp.shard)
    const batch = shard.batch.bind(shard)
    let turns = 0
    const spy = vi.spyOn(shard, 'batch').mockImplementation((statements) => {
      const isQueueing = statements.some(({ sql }) => sql.startsWith('update "contacts"'))
      // The first commit, of 50, stands; the second is where it dies.
      return isQueueing && ++turns === 2 ? Promise.reject(new Error('Killed.')) : batch(statements)
    })
    cast.clock.setTo(FIRST)
    await cast.msp.scope.record(cast.msp.scope.later(monthlyReportsOf()))
    await runTo(cast, 'reports:start', () => turns === 2)
    expect(await jobsLike(cast, 'report:%')).toHaveLength(50)
    cast.clock.forward(3_600_000)
    await runAll(cast, 'reports:start')
    spy.mockRestore()
    const keys = (await jobsLike(cast, 'report:%')).map(({ naturalKey }) => naturalKey)
    expect(keys).toEqual(more.map(({ id }) => `report:${id}:2026-11`).toSorted())
  })
})

describe('The mail of a monthly report', () => {
  it('tells an admin everything, and a user what users see', async () => {
    const cast = await newCast()
    const skuId = await newLicence(cast.portal, { tenantId: cast.tenant.id, boughtCount: 2, assignedCount: 5 })
    const change = (id: string, more: Partial<typeof userChanges.$inferInsert>) => ({
      id,
      day: '2026-11-17',
      kind: 'joined' as const,
      userId: id,
      name: id,
      at: MID_NOVEMBER - 86_400_000,
      detail: null,
      skuId: null,
      ...more,
    })
    await cast.rows.record(
      cast.rows.putAll(userChanges, [
        change('a', {}),
        change('b', { kind: 'licence_given', skuId }),
        change('c', { day: '2026-10-31', at: MID_NOVEMBER - 18 * 86_400_000 }),
      ]),
      cast.rows.putAll(securityScores, [
        { id: '2026-10-30', currentHundredths: 5_000, maxHundredths: 10_000, comparisonHundredths: 6_000, asOf: 1 },
        { id: '2026-11-17', currentHundredths: 5_400, maxHundredths: 10_000, comparisonHundredths: 6_100, asOf: 1 },
      ]),
    )
    const forAdmin = await mailTo(cast, cast.admin)
    expect(forAdmin).toMatchObject({
      subject: 'Fabrikam Dental in November 2026',
      to: { address: cast.admin.email },
      from: { name: 'Northwind IT' },
    })
    for (const line of [
      'People: 48 people can sign in.',
      'In this month: 1 joined.',
      '1 licence was given.',
      '3 more people use Microsoft 365 Business Premium than you bought.',
      'Renewals: none in the next 90 days.',
      'Security score: 54 of 100 points (54%), 4 more than a month ago.',
      'Figures as of 18 November 2026',
      `https://${cast.portal.host}/reports`,
    ])
      expect(forAdmin?.text).toContain(line)
    const forUser = await mailTo(cast, cast.user)
    expect(forUser?.text).toContain('In this month: 1 joined.')
    expect(forUser?.text).toContain('3 more people use')
    for (const word of ['given', 'Renewals', 'Security', '/reports']) expect(forUser?.text).not.toContain(word)
    await newOwnPolicy(cast.portal, { reads: { see_licences: false, download_reports: false } })
    expect((await mailTo(cast, cast.admin))?.text).not.toContain('/reports')
    expect((await mailTo(cast, cast.user))?.text).not.toContain('Licences')
    await cast.rows.record(cast.rows.removeWhere(seatCounts, undefined))
  })

  it('counts alerts of no known day, says where Microsoft does not tell of all, and holds no score against half of itself', async () => {
    const cast = await newCast()
    const open = { title: '', severity: 'high' as const, status: 'new' as const, asOf: 1 }
    await cast.rows.record(cast.rows.add(securityAlerts, { ...open, id: 'undated', raisedAt: null }))
    expect((await mailTo(cast, cast.admin))?.text).toContain('Security: Microsoft gives no score.\n1 alert is open.')
    expect((await mailTo(cast, cast.user))?.text).not.toContain('Security')
    const joined = await newTenant(cast.portal, {
      name: 'Joined',
      lastGoodSyncAt: MID_NOVEMBER,
      partsUnread: { alerts: { since: 1, why: 'permission' } },
    })
    const joinedRows = cast.customer.forTenant(joined.id)
    const score = { currentHundredths: 5_000, maxHundredths: 10_000, asOf: 1 }
    await cast.rows.record(
      cast.rows.putAll(securityScores, [
        { ...score, id: '2026-10-30' },
        { ...score, id: '2026-11-17' },
      ]),
    )
    await joinedRows.record(joinedRows.add(securityScores, { ...score, id: '2026-11-17' }))
    expect((await mailTo(cast, cast.admin))?.text).toContain(
      'Security score: 100 of 200 points (50%).\n1 alert is open, and Microsoft does not tell of all.',
    )
  })

  it('is in the portal’s brand, with its logo', async () => {
    const cast = await newCast()
    await cast.customer.commit(
      { action: 'stage.portal', subject: { kind: 'portal', id: 'portal', name: 'Portal' } },
      cast.customer.changeAll(portals, undefined, {
        displayName: 'Fabrikam & Sons',
        primaryColour: '#7a1f5c',
        logoKey: 'logo-of-fabrikam',
      }),
    )
    const html = (await mailTo(cast, cast.admin))?.html ?? ''
    expect(html).toContain(`https://${cast.portal.host}/logo/logo-of-fabrikam`)
    expect(html).toContain('alt="Fabrikam &amp; Sons"')
    expect(html.toLowerCase()).toContain('#7a1f5c')
    expect(html).not.toContain('Portico')
  })

  it.each<[string, (cast: Cast) => Promise<unknown>]>([
    [
      'a contact who was disabled',
      ({ customer, admin }) =>
        customer.commit(
          { action: 'stage.contact', subject: { kind: 'contact', id: admin.id, name: 'Admin' } },
          customer.changeAll(contacts, eq(contacts.id, admin.id), { access: 'disabled' }),
        ),
    ],
    [
      'anybody of a portal that is disabled',
      ({ customer }) =>
        customer.commit(
          { action: 'stage.portal', subject: { kind: 'portal', id: 'portal', name: 'Portal' } },
          customer.changeAll(portals, undefined, { state: 'disabled' }),
        ),
    ],
    [
      'anybody of an archived customer',
      ({ portal, technician }) =>
        call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/archival`, { as: technician }),
    ],
    [
      'anybody while nothing was read',
      ({ portal, technician, tenant }) =>
        call(ADMIN, 'DELETE', `/api/msp-portal/customers/${portal.customerId}/tenants/${tenant.id}`, {
          as: technician,
        }),
    ],
  ])('goes not to %s', async (_, happens) => {
    const cast = await newCast()
    expect(await mailTo(cast, cast.admin)).not.toBeNull()
    await happens(cast)
    expect(await mailTo(cast, cast.admin)).toBeNull()
    const due = await cast.msp.scope.list(jobs, { where: eq(jobs.kind, 'reports.send') })
    expect(due).toEqual([])
  })
})
