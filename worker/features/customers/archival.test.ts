import { desc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { activities, contacts, invitations, jobs, syncRuns } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { now } from '../../clock.ts'
import { Problem } from '../../http/problem.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { people } from '../../test/microsoft.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newDocument,
  newMsp,
  newPortal,
  newStaff,
  newTenant,
} from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import {
  aliveJobs,
  connectedTenant,
  deliver,
  queueSync,
  stageMicrosoft,
  sync,
  syncJob,
  tenantRow,
  tenantScope,
} from '../../test/tenants.ts'
import { mailFor } from '../mail/mail.jobs.ts'
import { failSync } from '../tenants/sync-end.ts'

const all = '/api/msp-portal/customers'
const archivalOf = (customerId: string) => `${all}/${customerId}/archival`

const { microsoft, clock } = stageMicrosoft()

const listed = async (as: { cookie: string }, query = '') =>
  (await bodyOf<{ items: { name: string }[] }>(await call(ADMIN, 'GET', `${all}${query}`, { as }))).items.map(
    ({ name }) => name,
  )

const bulk = (as: { cookie: string }, customerIds: string[], archived: boolean, headers = {}) =>
  call(ADMIN, 'POST', '/api/msp-portal/customer-archivals', { as, body: { customerIds, archived }, headers })

const deedsOf = async ({ scope }: StagedMsp, customerId: string) =>
  (
    await scope.list(activities, { where: eq(activities.customerId, customerId), orderBy: [desc(activities.id)] })
  ).filter(({ action }) => /archived|restored/.test(action))

describe('An archived customer', () => {
  it('stands in the list of the archived alone, until it is restored', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    await newCustomer(msp, 'Tailspin')
    expect((await call(ADMIN, 'PUT', archivalOf(customerId), { as: technician })).status).toBe(204)
    expect(await listed(technician)).toEqual(['Tailspin'])
    expect(await listed(technician, '?state=archived')).toEqual(['Fabrikam'])
    const path = `${all}/${customerId}`
    expect(await bodyOf(await call(ADMIN, 'GET', path, { as: technician }))).toMatchObject({ state: 'archived' })
    expect((await call(ADMIN, 'DELETE', archivalOf(customerId), { as: technician })).status).toBe(204)
    expect(await listed(technician)).toEqual(['Fabrikam', 'Tailspin'])
  })

  it('is archived once, however often that is asked, and each deed says before and after', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp)
    for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE'])
      expect((await call(ADMIN, method, archivalOf(customerId), { as: technician })).status).toBe(204)
    expect((await deedsOf(msp, customerId)).map(({ action, changes }) => [action, changes])).toEqual([
      ['customer.restored', [{ table: 'customers', field: 'state', before: 'archived', after: 'active' }]],
      ['customer.archived', [{ table: 'customers', field: 'state', before: 'active', after: 'archived' }]],
    ])
  })

  it('is not overwritten by who opened it before it was archived', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp)
    await call(ADMIN, 'PUT', archivalOf(customerId), { as: technician })
    const put = { as: technician, body: { name: 'Renamed' }, headers: { 'if-match': '"v1"' } }
    expect((await call(ADMIN, 'PUT', `${all}/${customerId}`, put)).status).toBe(412)
  })

  it('is restored first, whatever else staff would change of it; it can be read, disconnected and deleted', async () => {
    const msp = await newMsp()
    const owner = await newStaff(msp, 'owner')
    const portal = await newPortal(await newCustomer(msp, 'Fabrikam'))
    const [one, blocked] = [await newContact(portal), await newContact(portal, ['portal_user'], { access: 'disabled' })]
    const gone = await newDocument(portal, { deletedAt: now() })
    const documentId = await newDocument(portal)
    const tenant = await newTenant(portal)
    const path = `${all}/${portal.customerId}`
    const contact = { name: 'Dana Whitfield', email: 'dana@fabrikam.example', roles: ['portal_user'] }
    const file = { raw: 'text', headers: { 'content-type': 'application/octet-stream', 'content-length': '4' } }
    const changes: [string, string, object?][] = [
      ['PUT', '', { body: { name: 'Fabrikam Dental' } }],
      ['PUT', '/portal', { body: { prefix: 'another' } }],
      ['PUT', '/portal/closure'],
      ['DELETE', '/portal/closure'],
      ['POST', '/contacts', { body: contact }],
      ['PUT', `/contacts/${one.id}`, { body: contact }],
      ['PUT', '/escalation', { body: { contactIds: [blocked.id, one.id] } }],
      ['PUT', `/contacts/${one.id}/block`],
      ['DELETE', `/contacts/${blocked.id}/block`],
      ['DELETE', `/contacts/${one.id}`],
      ['PUT', '/documents/uploads/key?name=Contract.txt', file],
      ['PUT', `/documents/${documentId}`, { body: { name: 'A', category: 'other', sharedWithCustomer: false } }],
      ['DELETE', `/documents/${documentId}`],
      ['PUT', `/documents/${gone}/restoration`],
    ]
    await call(ADMIN, 'PUT', archivalOf(portal.customerId), { as: owner })
    const told = () => msp.scope.list(activities, { where: eq(activities.customerId, portal.customerId) })
    const before = await told()
    for (const [method, place, more] of changes) {
      const answer = await call(ADMIN, method, `${path}${place}`, { as: owner, ...more })
      expect([answer.status, (await bodyOf(answer)).detail], `${method} ${place}`).toEqual([
        409,
        'This customer is archived. Restore it first.',
      ])
    }
    expect(await told()).toEqual(before)
    for (const place of ['', '/portal', '/contacts', '/documents', '/tenants', '/activity', `/documents/${documentId}`])
      expect((await call(ADMIN, 'GET', `${path}${place}`, { as: owner })).status, place).toBe(200)

    expect((await call(ADMIN, 'DELETE', `${path}/tenants/${tenant.id}`, { as: owner })).status).toBe(204)
    const other = await newCustomer(msp, 'Tailspin')
    await call(ADMIN, 'PUT', archivalOf(other.customerId), { as: owner })
    expect((await call(ADMIN, 'DELETE', `${all}/${other.customerId}`, { as: owner })).status).toBe(204)

    await call(ADMIN, 'DELETE', archivalOf(portal.customerId), { as: owner })
    for (const [method, place, more] of changes.slice(2, 5)) {
      const answer = await call(ADMIN, method, `${path}${place}`, { as: owner, ...more })
      expect(answer.ok, `${method} ${place}: ${await answer.clone().text()}`).toBe(true)
    }
  })

  it('has its portal closed at the next click, for who is signed in, comes by an invitation or knocks', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const portal = await newPortal(await newCustomer(msp))
    const contact = await newContact(portal)
    const invited = await newContact(portal, ['portal_user'], { access: 'invited' })
    const customer = msp.scope.forCustomer(portal.customerId)
    const token = 'a-token-of-an-invitation-that-was-sent-12345'
    await customer.commit(
      { action: 'stage.invitation', subject: { kind: 'contact', id: invited.id, name: invited.name } },
      customer.add(invitations, {
        id: 'invitation',
        contactId: invited.id,
        tokenHash: await hashOf(token),
        createdAt: now(),
        expiresAt: now() + 3_600_000,
      }),
    )
    const session = () => call(portal.host, 'GET', '/api/auth/session', { as: contact })
    const invitation = () => call(portal.host, 'POST', '/api/auth/invitation/lookup', { body: { token } })
    const page = () => call(portal.host, 'GET', '/favicon.svg')
    const mail = () =>
      mailFor(
        environment,
        msp.scope,
        { about: 'invitation', contactId: invited.id, invitationId: 'invitation' },
        'job',
        now(),
      )
    const open = [(await session()).status, (await invitation()).status, (await page()).status]
    expect(open).toEqual([200, 200, 200])
    expect(await mail()).toBeDefined()

    await call(ADMIN, 'PUT', archivalOf(portal.customerId), { as: technician })
    expect([(await session()).status, (await invitation()).status, (await page()).status]).toEqual([401, 410, 404])
    expect(await mail(), 'a link that leads nowhere is not sent').toBeUndefined()

    await call(ADMIN, 'DELETE', archivalOf(portal.customerId), { as: technician })
    // Sessions ended with it: whoever was in signs in again.
    expect([(await session()).status, (await invitation()).status, (await page()).status]).toEqual([401, 200, 200])
    expect(await customer.list(contacts)).toHaveLength(2)
  })

  it('is not read from Microsoft, and is due again once restored', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(3) }))
    const { msp, customerId } = connected.customer
    const technician = await newStaff(msp)
    await sync(connected)
    await call(ADMIN, 'PUT', archivalOf(customerId), { as: technician })
    clock.forward(7 * 86_400_000)
    await sweep(environment)
    expect(await aliveJobs(msp)).toEqual([])
    const later = await newStaff(msp)
    const asked = await call(ADMIN, 'POST', `${all}/${customerId}/tenants/${connected.tenantId}/sync`, { as: later })
    expect([asked.status, (await bodyOf(asked)).detail]).toEqual([409, 'This customer is archived. Restore it first.'])
    await call(ADMIN, 'DELETE', archivalOf(customerId), { as: later })
    await sweep(environment)
    expect(await aliveJobs(msp)).toHaveLength(1)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done' })
    expect((await tenantRow(connected)).activeUserCount).toBe(3)
  })

  it.each([
    ['people are', '/users/delta'],
    ['the last step is', '/organization'],
  ])('whose sync runs when %s read, ends it cleanly and sets no next one', async (_name, place) => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(3) }))
    const { msp, customerId } = connected.customer
    await sync(connected)
    const technician = await newStaff(msp)
    microsoft.interrupt(place, async (_asked, ordinary) => {
      expect((await call(ADMIN, 'PUT', archivalOf(customerId), { as: technician })).status).toBe(204)
      return ordinary()
    })
    await queueSync(connected)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', attemptCount: 1 })
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', nextSyncAt: null })
    const [run] = await tenantScope(connected).list(syncRuns, { orderBy: [desc(syncRuns.startedAt)], limit: 1 })
    expect(run).toMatchObject({ state: 'failed', trouble: [{ part: 'archived' }] })
  })

  it('whose sync gives up at that very moment has no next one', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(3) }))
    const { msp, customerId } = connected.customer
    await sync(connected)
    const before = await tenantRow(connected)
    await call(ADMIN, 'PUT', archivalOf(customerId), { as: await newStaff(msp) })
    await expect(failSync(msp.scope.forCustomer(customerId), before, 'Down.', now())).rejects.toThrow(Problem)
    expect(await tenantRow(connected)).toMatchObject({ nextSyncAt: null, healthDueAt: null })
  })

  it('whose sync waits lets it pass without asking Microsoft anything', async () => {
    const connected = await connectedTenant(microsoft.tenant({ people: people(3) }))
    const { msp, customerId } = connected.customer
    await queueSync(connected)
    await call(ADMIN, 'PUT', archivalOf(customerId), { as: await newStaff(msp) })
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done' })
    expect(await tenantScope(connected).list(syncRuns)).toEqual([])
  })
})

describe('Many customers', () => {
  it('are archived in one commit, with what became of each and an entry for each that changed', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const [one, two, three] = [await newCustomer(msp), await newCustomer(msp), await newCustomer(msp)]
    const stranger = await newCustomer(await newMsp(undefined, msp.shard))
    await bulk(technician, [three.customerId], true)
    const ids = [one.customerId, two.customerId, three.customerId, stranger.customerId, one.customerId]
    const answer = await bulk(technician, ids, true)
    expect(answer.status).toBe(200)
    expect((await bodyOf<{ items: { result: string }[] }>(answer)).items.map(({ result }) => result)).toEqual([
      'archived',
      'archived',
      'unchanged',
      'missing',
    ])
    for (const { customerId } of [one, two, three]) expect(await deedsOf(msp, customerId)).toHaveLength(1)
    expect(await deedsOf(stranger.msp, stranger.customerId)).toEqual([])
    expect(await bodyOf(await bulk(technician, [one.customerId], false))).toEqual({
      items: [{ customerId: one.customerId, result: 'restored' }],
    })
  })

  it('tell in the activity of no archival that never happened, however many put one away and bring it back at once', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp)
    const one = Array.from({ length: 8 }, (_, at) => () => {
      const method = at % 2 === 0 ? 'PUT' : 'DELETE'
      return call(ADMIN, method, archivalOf(customerId), { as: technician })
    })
    const many = Array.from({ length: 8 }, (_, at) => () => bulk(technician, [customerId], at % 2 === 0))
    const answers = await Promise.all([...one, ...many].map((ask) => ask()))
    expect(answers.filter(({ ok }) => !ok)).toEqual([])
    const steps = (await deedsOf(msp, customerId)).toReversed().map(({ changes }) => changes?.[0])
    expect(steps.length).toBeGreaterThan(0)
    const states = ['active', ...steps.map((step) => step?.after)]
    expect(steps.map((step) => step?.before)).toEqual(states.slice(0, -1))
    expect(new Set(steps.map((step) => step?.before === step?.after))).toEqual(new Set([false]))
    const path = `${all}/${customerId}`
    expect(await bodyOf(await call(ADMIN, 'GET', path, { as: technician }))).toMatchObject({ state: states.at(-1) })
  })

  it('are archived once when the same request comes twice', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp)
    const ask = () => bulk(technician, [customerId], true, { 'idempotency-key': 'once' })
    const [first, second] = [await ask(), await ask()]
    expect(await bodyOf(second)).toEqual(await bodyOf(first))
    expect(await deedsOf(msp, customerId)).toHaveLength(1)
  })

  it('are at most 200 at once, and at least one', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    for (const count of [0, 201]) {
      const ids = Array.from({ length: count }, (_, at) => `c${at}`)
      expect((await bulk(technician, ids, true)).status, String(count)).toBe(422)
    }
    const ids = (await Promise.all(Array.from({ length: 200 }, () => newCustomer(msp)))).map((one) => one.customerId)
    expect((await bulk(technician, ids, true)).status).toBe(200)
    expect(await listed(technician)).toEqual([])
  })

  it('are archived by technicians and above', async () => {
    const msp = await newMsp()
    const { customerId } = await newCustomer(msp)
    expect((await bulk(await newStaff(msp, 'viewer'), [customerId], true)).status).toBe(403)
    expect((await bulk(await newStaff(msp, 'technician'), [customerId], true)).status).toBe(200)
    expect(await msp.scope.list(jobs)).toEqual([])
  })
})
