import type { z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { customers, portals, serviceIssues, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { daysAgo, notAllowed, unavailable } from '../../test/microsoft.ts'
import { ADMIN, bodyOf, call, newCompany, newContact, newStaff } from '../../test/stage.ts'
import type { StagedContact, StagedPortal } from '../../test/stage.ts'
import {
  connectedTenant,
  queueSync,
  runUntilOver,
  stageMicrosoft,
  sync,
  tenantRow,
  tenantScope,
} from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import type { IssueList, ServiceHealth } from '../service-health/service-health.schema.ts'
import type { Security } from './security.schema.ts'

type Secure = z.infer<typeof Security>
type Services = z.infer<typeof ServiceHealth>
type Issues = z.infer<typeof IssueList>

const DAY = 86_400_000
const { microsoft, clock } = stageMicrosoft({ troubled: true })

const newCast = async () => {
  const company = await newCompany()
  return { ...company, viewer: await newStaff(company.msp, 'viewer') }
}
const tenantOf = (portal: StagedPortal, given: Parameters<typeof microsoft.tenant>[0] = {}): Promise<Connected> =>
  connectedTenant(microsoft.tenant(given), { customer: portal })
const inPortal = (contact: StagedContact, rest: string, customerId = contact.portal.customerId) =>
  call(contact.portal.host, 'GET', `/api/portal/customers/${customerId}/${rest}`, { as: contact })
const ofStaff = ({ viewer, portal }: Awaited<ReturnType<typeof newCast>>, rest: string) =>
  call(ADMIN, 'GET', `/api/msp-portal/customers/${portal.customerId}/${rest}`, { as: viewer })
const read = async <T>(asking: Promise<Response>): Promise<T> => {
  const answer = await asking
  expect(answer.status, await answer.clone().text()).toBe(200)
  return bodyOf<T>(answer)
}

const alert = (id: string, severity: string, more = {}) => ({
  id,
  title: `Alert ${id}`,
  severity,
  status: 'new',
  createdDateTime: daysAgo(1),
  ...more,
})
const issue = (id: string, startedDaysAgo: number, more = {}) => ({
  id,
  title: `Trouble ${id}`,
  service: 'Exchange Online',
  classification: 'incident',
  status: 'serviceDegradation',
  isResolved: false,
  startDateTime: daysAgo(startedDaysAgo),
  posts: [{ createdDateTime: daysAgo(0), description: { contentType: 'html', content: '<p>We look into it.</p>' } }],
  ...more,
})
const troubled = () => ({
  scores: [
    {
      createdDateTime: daysAgo(0),
      currentScore: 30,
      maxScore: 100,
      averageComparativeScores: [{ basis: 'AllTenants', averageScore: 40 }],
      controlScores: [{ controlName: 'mfa', score: 2 }],
    },
    { createdDateTime: daysAgo(1), currentScore: 20, maxScore: 100 },
  ],
  controls: [{ id: 'mfa', title: 'Ask for a second step', maxScore: 10, remediation: '<p>Do it.</p>' }],
  alerts: [
    alert('a', 'low'),
    alert('b', 'high', { createdDateTime: daysAgo(3) }),
    alert('c', 'high', { status: 'resolved' }),
    alert('d', 'informational'),
    alert('e', 'medium', { status: 'inProgress', title: null }),
  ],
  services: [
    { id: 'Exchange', service: 'Exchange Online', status: 'serviceDegradation', issues: [] },
    { id: 'Teams', service: 'Microsoft Teams', status: 'serviceOperational', issues: [] },
  ],
  issues: [
    issue('EX1', 1),
    issue('EX2', 20, { isResolved: true, status: 'serviceRestored', endDateTime: daysAgo(19) }),
  ],
})

describe('Security', () => {
  it('shows a portal admin and staff the score, what would raise it, and open alerts, the gravest first', async () => {
    const cast = await newCast()
    await sync(await tenantOf(cast.portal, troubled()))
    const seen = await read<Secure>(inPortal(cast.admin, 'security'))
    expect(seen.score).toMatchObject({ percent: 30, comparison: 40, current: 30, max: 100 })
    expect(seen.score?.days.map(({ percent }) => percent)).toEqual([20, 30])
    expect(seen.controls.items).toMatchObject([{ title: 'Ask for a second step', gain: 8, remediation: 'Do it.' }])
    expect(seen.alerts.items.map(({ id, isInProgress }) => [id, isInProgress])).toEqual([
      ['b', false],
      ['e', true],
      ['a', false],
      ['d', false],
    ])
    expect(seen.alerts.items.find(({ id }) => id === 'e')?.title, 'one without a title').not.toBe('')
    for (const moment of [seen.score?.asOf, seen.controls.asOf, seen.alerts.asOf])
      expect(moment).toMatch(/^2026-11-18T/)
    expect(seen.notTold).toEqual([])
    expect(await read<Secure>(ofStaff(cast, 'security'))).toEqual(seen)
  })

  it('is refused to a portal user, and another customer’s is nobody’s', async () => {
    const cast = await newCast()
    const other = await newCast()
    await sync(await tenantOf(cast.portal, troubled()))
    expect((await inPortal(cast.user, 'security')).status).toBe(403)
    expect((await inPortal(other.admin, 'security', cast.portal.customerId)).status).toBe(404)
    expect(
      (await call(ADMIN, 'GET', `/api/msp-portal/customers/${cast.portal.customerId}/security`, { as: other.viewer }))
        .status,
    ).toBe(404)
    expect(await read<Secure>(inPortal(other.admin, 'security'))).toMatchObject({ tenants: [], score: null })
  })

  it('says what Microsoft does not tell, since when and why, and tells the rest', async () => {
    const cast = await newCast()
    const connected = await tenantOf(cast.portal, troubled())
    microsoft.interrupt('/alerts_v2', notAllowed)
    microsoft.interrupt('/healthOverviews', notAllowed)
    await sync(connected)
    const first = await read<Secure>(inPortal(cast.admin, 'security'))
    expect(first.score).toMatchObject({ percent: 30 })
    expect(first.alerts).toEqual({ asOf: null, items: [], truncated: false })
    expect(first.notTold).toMatchObject([{ tenantId: connected.tenantId, part: 'alerts', why: 'permission' }])
    const health = await read<Services>(inPortal(cast.user, 'service-health'))
    expect(health).toMatchObject({ services: [], asOf: null, notTold: [{ part: 'services', why: 'permission' }] })
    expect(health.issues).toHaveLength(1)

    clock.forward(60_000)
    microsoft.interrupt('/alerts_v2', notAllowed)
    await sync(connected)
    const again = await read<Secure>(inPortal(cast.admin, 'security'))
    expect(
      again.notTold.map(({ since }) => since),
      'since it began',
    ).toEqual(first.notTold.map(({ since }) => since))

    clock.forward(60_000)
    await sync(connected)
    expect(await read<Secure>(inPortal(cast.admin, 'security'))).toMatchObject({
      notTold: [],
      alerts: { truncated: false },
    })
    expect((await tenantRow(connected)).partsUnread).toEqual({})
    expect((await read<Services>(inPortal(cast.user, 'service-health'))).notTold).toEqual([])
  })

  it('of several tenants is seen together and apart, and one that fails hides no other', async () => {
    const cast = await newCast()
    const [north, south] = [
      await tenantOf(cast.portal, { ...troubled(), name: 'North' }),
      await tenantOf(cast.portal, {
        ...troubled(),
        name: 'South',
        scores: [{ createdDateTime: daysAgo(0), currentScore: 270, maxScore: 300 }],
        controls: [],
        alerts: [alert('z', 'medium')],
      }),
    ]
    await sync(north)
    await sync(south)
    const scope = cast.msp.scope.forCustomer(cast.portal.customerId)
    const turnsTo = (set: Partial<typeof tenants.$inferInsert>) =>
      scope.commit(
        { action: 'stage.tenant', subject: { kind: 'tenant', id: south.tenantId, name: '' } },
        scope.changeAll(tenants, eq(tenants.id, south.tenantId), set),
      )
    await turnsTo({ state: 'consent_lost', consentLostAt: now() })
    const all = await read<Secure>(inPortal(cast.admin, 'security'))
    expect(all.tenants.map(({ name, state }) => [name, state])).toEqual([
      ['North', 'connected'],
      ['South', 'consent_lost'],
    ])
    expect(all.score).toMatchObject({ current: 300, max: 400, percent: 75 })
    expect(all.score?.tenants.map(({ percent }) => percent).toSorted()).toEqual([30, 90])
    expect(all.alerts.items.map(({ id }) => id)).toEqual(['b', 'z', 'e', 'a', 'd'])
    const apart = await read<Secure>(ofStaff(cast, `security?tenantId=${south.tenantId}`))
    expect(apart).toMatchObject({ score: { percent: 90 }, alerts: { items: [{ id: 'z' }] } })
    expect(apart.tenants, 'the others can still be chosen').toHaveLength(2)
    expect(await read<Secure>(ofStaff(cast, 'security?tenantId=made-up'))).toMatchObject({ score: null })

    const health = await read<Services>(inPortal(cast.user, 'service-health'))
    expect(health.services.map(({ service, state, tenantIds }) => [service, state, tenantIds.length])).toEqual([
      ['Exchange Online', 'degraded', 2],
      ['Microsoft Teams', 'works', 2],
    ])
    expect(health.issues, 'Microsoft tells both of the same issue').toMatchObject([
      { id: 'EX1', latestPost: 'We look into it.', tenantIds: [north.tenantId, south.tenantId].toSorted() },
    ])
    await turnsTo({ removedAt: now(), state: 'removed' })
    const left = await read<Secure>(inPortal(cast.admin, 'security'))
    expect(left).toMatchObject({ tenants: [{ name: 'North' }], score: { percent: 30 } })
    expect((await read<Services>(inPortal(cast.user, 'service-health'))).issues[0]?.tenantIds).toEqual([north.tenantId])
  })

  it('and health are out of reach while the portal is closed, or its customer archived, but not for staff', async () => {
    for (const close of [
      (scope: ReturnType<StagedPortal['msp']['scope']['forCustomer']>) =>
        scope.changeAll(portals, undefined, { state: 'disabled' }),
      (scope: ReturnType<StagedPortal['msp']['scope']['forCustomer']>) =>
        scope.changeAll(customers, undefined, { state: 'archived' }),
    ]) {
      const cast = await newCast()
      const scope = cast.msp.scope.forCustomer(cast.portal.customerId)
      await scope.commit(
        {
          action: 'stage.closed',
          subject: { kind: 'customer', id: cast.portal.customerId, name: '' },
          alsoArchived: true,
        },
        close(scope),
      )
      for (const path of ['security', 'service-health', 'service-issues', 'changes']) {
        expect((await inPortal(cast.admin, path)).status, path).toBe(401)
        expect((await ofStaff(cast, path)).status, path).toBe(200)
      }
    }
  })
})

describe('The history of incidents', () => {
  const everyId = async (asking: (rest: string) => Promise<Response>, limit: number): Promise<string[]> => {
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page: Issues = await read(
        asking(`service-issues?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`),
      )
      expect(page.items.length).toBeLessThanOrEqual(limit)
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    return ids
  }

  it('comes page by page over several tenants, each issue once, the newest first', async () => {
    const cast = await newCast()
    const issues = Array.from({ length: 7 }, (_, place) => issue(`I${place}`, place + 1, { isResolved: place > 1 }))
    await sync(await tenantOf(cast.portal, { issues }))
    const other = await tenantOf(cast.portal, { issues: [...issues.slice(2, 5), issue('OWN', 30)] })
    await sync(other)
    const expected = [...issues.map(({ id }) => id), 'OWN']
    expect(await everyId((rest) => inPortal(cast.user, rest), 2)).toEqual(expected)
    expect(await everyId((rest) => ofStaff(cast, rest), 200)).toEqual(expected)
    const apart = await read<Issues>(inPortal(cast.user, `service-issues?tenantId=${other.tenantId}`))
    expect(apart.items.map(({ id }) => id)).toEqual(['I2', 'I3', 'I4', 'OWN'])
    expect((await inPortal(cast.user, 'service-issues?cursor=bm9wZQ')).status).toBe(422)
  })

  it('leaves out none of those of which Microsoft does not say when they began, however small the page', async () => {
    const cast = await newCast()
    const undated = ['U1', 'U2', 'U3', 'U4', 'U5'].map((id, place) =>
      issue(id, 1, { startDateTime: null, isResolved: place % 2 === 0 }),
    )
    await sync(await tenantOf(cast.portal, { issues: [issue('DATED', 3), ...undated] }))
    const expected = ['DATED', 'U5', 'U4', 'U3', 'U2', 'U1']
    for (const limit of [1, 2, 200]) expect(await everyId((rest) => inPortal(cast.user, rest), limit)).toEqual(expected)
  })

  it('costs a page, however much is kept, and what is open as much as is open', async () => {
    const cast = await newCast()
    const connected = await tenantOf(cast.portal)
    const kept = (count: number, from: number) =>
      Array.from({ length: count }, (_, place) => ({
        id: `K${from + place}`,
        service: 'Exchange Online',
        title: 'Late',
        classification: 'incident' as const,
        state: 'works' as const,
        isResolved: true,
        startedAt: now() - (from + place) * 60_000 - DAY,
        endedAt: null,
        latestPost: null,
        latestPostAt: null,
        asOf: now(),
      }))
    const tenant = tenantScope(connected)
    const cost = async (rest: string) =>
      rowsReadBy(cast.msp.shard, async () => void (await read(inPortal(cast.user, rest))))
    await tenant.record(tenant.putAll(serviceIssues, kept(40, 0)))
    const before = [await cost('service-issues?limit=10'), await cost('service-health')]
    await tenant.record(tenant.putAll(serviceIssues, kept(400, 40)))
    expect([await cost('service-issues?limit=10'), await cost('service-health')]).toEqual(before)
  })
})

it('What was asked for and not answered is told as trouble, not as a refusal', async () => {
  const cast = await newCast()
  const connected = await tenantOf(cast.portal, troubled())
  microsoft.interrupt('/secureScores', unavailable, 50)
  await queueSync(connected)
  await runUntilOver(connected, clock)
  const admin = await newContact(cast.portal, ['portal_admin'])
  expect((await read<Secure>(inPortal(admin, 'security'))).notTold).toMatchObject([{ part: 'score', why: 'trouble' }])
})
