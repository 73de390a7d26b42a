import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  activities,
  connectionAttempts,
  contacts,
  customers,
  jobs,
  microsoftApps,
  syncRuns,
  tenantUsers,
  tenants,
} from '../../../db/shard/schema.ts'
import { consume } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { forgetExpired } from '../../tenancy/across.ts'
import { newId } from '../../tenancy/ids.ts'
import { staffMay } from '../../tenancy/permissions.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { startMicrosoft } from '../../test/microsoft.ts'
import type { MicrosoftTenant, RegisteredApp, SignIn } from '../../test/microsoft.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import {
  begun,
  comeFromConsent,
  connect,
  connectedTenant,
  follow,
  queueSync,
  runUntilOver,
  standingClock,
  sync,
  syncJob,
  tenantRow,
  tenantScope,
  upToTheCode,
  whereTo,
} from '../../test/tenants.ts'

const microsoft = startMicrosoft()
const queue = holdQueue()
const base = '/api/msp-portal/settings/microsoft'
const DIRECTORY = '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d02'

beforeEach(() => microsoft.calm())
afterEach(() => {
  moveClock(undefined)
  queue.take()
})

type Settings = {
  app: { clientId: string; tenantCount: number; version: number; secretStanding: string } | null
  formerApps: { id: string; clientId: string; tenantCount: number; version: number }[]
  neutralTenantCount: number
  removedAppTenantCount: number
  otherTenants: { customerName: string; connectedWith: string }[]
  redirectUris: string[]
  permissions: string[]
}

const newScene = async () => {
  const msp = await newMsp()
  const admin = await newStaff(msp, 'admin')
  let as = admin
  const ask = (method: string, path = '', body?: unknown, headers: Record<string, string> = {}) =>
    call(ADMIN, method, `${base}${path}`, { as, headers, ...(body === undefined ? {} : { body }) })
  const read = async () => bodyOf<Settings>(await ask('GET'))
  const put = (app: Partial<RegisteredApp>, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    ask(
      'PUT',
      '',
      { clientId: app.clientId, directoryId: DIRECTORY, clientSecret: app.clientSecret ?? null, ...more },
      headers,
    )
  /** Puts an app of its own in force. */
  const use = async (app: RegisteredApp) => {
    const answer = await put(app)
    if (answer.status !== 200) throw new Error(`Not saved: ${await answer.text()}`)
    return app
  }
  /** Much later: whoever was signed in no longer is. */
  const signInAgain = async () => void (as = await newStaff(msp, 'admin'))
  return { msp, admin, ask, read, put, use, signInAgain }
}

/** A customer whose tenant was connected by walking through Microsoft, with whatever app is in force. */
const walked = async (msp: StagedMsp, admin: { cookie: string }, microsoftTenant = microsoft.tenant()) => {
  const customer = await newCustomer(msp)
  const end = await connect(microsoft, admin, customer, microsoftTenant)
  if (!end.includes('connection=connected')) throw new Error(`Not connected: ${end}`)
  const row = await customer.msp.scope.first(tenants, eq(tenants.customerId, customer.customerId))
  if (row === undefined) throw new Error('There is no tenant.')
  return { customer, tenantId: row.id, microsoftTenant }
}

/** A tenant whose administrator consented to these apps, and to no other. */
const tenantOf = (...apps: RegisteredApp[]): MicrosoftTenant =>
  microsoft.tenant({ consented: false, consentedTo: new Set(apps.map(({ clientId }) => clientId)) })

/** The client ids in whose name tokens of a tenant were asked for since this was asked last. */
const askedAs = ({ tenantId }: MicrosoftTenant): (string | null)[] => {
  const asked = microsoft.asked.splice(0)
  return [
    ...new Set(
      asked
        .filter(({ url, body }) => url.pathname.includes(tenantId) && body.get('grant_type') === 'client_credentials')
        .map(({ body }) => body.get('client_id')),
    ),
  ]
}

const runJobs = async (msp: StagedMsp, kind: string) => {
  for (let turn = 0; turn < 20; turn += 1) {
    const [job] = (await msp.scope.list(jobs, { where: eq(jobs.kind, kind) })).filter(({ state }) => state !== 'done')
    if (job === undefined) return
    await consume(environment, { shard: msp.shard, mspId: msp.mspId, jobId: job.id }, () => {})
  }
  throw new Error('The job goes on and on.')
}

const refusedAt = async (response: Response) => {
  const { errors = [] } = await bodyOf<{ errors?: { pointer: string; detail: string }[] }>(response)
  return { status: response.status, at: errors.map(({ pointer }) => pointer), words: errors[0]?.detail ?? '' }
}

const outcomeOf = (response: Response, name = 'connection') =>
  new URL(whereTo(response), 'https://here.test').searchParams.get(name)

describe('An app registration of one’s own', () => {
  it('is in force once it is saved, and its secret is never shown or told', async () => {
    const { msp, ask, read, put } = await newScene()
    expect(await read()).toMatchObject({
      app: null,
      formerApps: [],
      redirectUris: ['https://auth.portal.test/microsoft/consent', 'https://auth.portal.test/microsoft/callback'],
      permissions: expect.arrayContaining(['User.Read.All', 'ServiceHealth.Read.All']) as string[],
    })
    const app = microsoft.register()
    const saved = await put(app, { secretExpiresOn: '2099-01-31' })
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"v1"'])
    const shown = await read()
    expect(shown.app).toMatchObject({ clientId: app.clientId, tenantCount: 0, secretStanding: 'good' })
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'settings.microsoft_app_changed') })
    expect(entries[0]?.changes).toEqual([
      { table: 'microsoft_apps', field: 'clientId', before: null, after: app.clientId },
      { table: 'microsoft_apps', field: 'directoryId', before: null, after: DIRECTORY },
      { table: 'microsoft_apps', field: 'expiresOn', before: null, after: '2099-01-31' },
      { table: 'microsoft_apps', field: 'clientSecretSealed', before: null, after: '•••' },
    ])
    const everywhere = JSON.stringify([
      shown,
      entries,
      await msp.scope.list(microsoftApps),
      await (await ask('GET')).text(),
    ])
    expect(everywhere).not.toContain(app.clientSecret)
  })

  it('tells from what to what it was changed', async () => {
    const { msp, put, use } = await newScene()
    const first = await use(microsoft.register())
    const second = microsoft.register()
    expect((await put(second)).status).toBe(200)
    const entries = await msp.scope.list(activities, { where: eq(activities.subjectName, second.clientId) })
    expect(entries[0]?.changes).toEqual([
      { table: 'microsoft_apps', field: 'clientId', before: first.clientId, after: second.clientId },
      { table: 'microsoft_apps', field: 'clientSecretSealed', before: '•••', after: '•••' },
    ])
  })

  it('keeps its secret when that is left out', async () => {
    const { ask, put, use } = await newScene()
    const directory = microsoft.tenant()
    const app = await use(microsoft.register())
    directory.consentedTo.add(app.clientId)
    expect((await put({ clientId: app.clientId }, { directoryId: directory.tenantId })).status).toBe(200)
    expect(await bodyOf(await ask('POST', '/test'))).toMatchObject({ accepted: true })
  })

  it.each([
    ['not a GUID', { clientId: 'northwind portal' }, '/clientId', /as the app’s Overview page in Entra shows it/],
    ['a directory that is no GUID', { directoryId: 'northwind-it.example' }, '/directoryId', /Directory \(tenant\) ID/],
    [
      'the id of the secret',
      { clientSecret: '0c3de1ab-9e0a-4d9f-8a52-d1e6a5b7f301' },
      '/clientSecret',
      /the secret’s ID/,
    ],
    [
      'its id in capitals',
      { clientSecret: '0C3DE1AB-9E0A-4D9F-8A52-D1E6A5B7F301 ' },
      '/clientSecret',
      /the secret’s ID/,
    ],
    ['no secret at the first time', { clientSecret: null }, '/clientSecret', /none is kept for this application/],
    ['a secret of nothing', { clientSecret: ' ' }, '/clientSecret', /value/],
    ['a day that is none', { secretExpiresOn: '2027-02-30' }, '/secretExpiresOn', /Enter a day/],
    ['the neutral app', { clientId: environment.MICROSOFT_CLIENT_ID }, '/clientId', /neutral app/],
  ])('is refused at its field for %s', async (_, wrong, pointer, words) => {
    const { msp, put } = await newScene()
    const refused = await refusedAt(await put(microsoft.register(), wrong))
    expect(refused).toMatchObject({ status: 422, at: [pointer] })
    expect(refused.words).toMatch(words)
    expect(await msp.scope.list(microsoftApps)).toEqual([])
  })

  it('is refused a kept secret for another application', async () => {
    const { put, use } = await newScene()
    await use(microsoft.register())
    expect(await refusedAt(await put({ clientId: microsoft.register().clientId }))).toMatchObject({
      status: 422,
      at: ['/clientSecret'],
    })
  })

  it('is changed and removed only as it was seen', async () => {
    const { ask, put, use } = await newScene()
    const app = microsoft.register()
    expect((await put(app, {}, { 'if-match': '"v1"' })).status, 'there is none yet').toBe(412)
    await use(app)
    await use(microsoft.register())
    for (const [method, body] of [
      ['PUT', { clientId: app.clientId, directoryId: DIRECTORY, clientSecret: app.clientSecret }],
      ['DELETE', undefined],
    ] as const)
      expect((await ask(method, '', body, { 'if-match': '"v1"' })).status, method).toBe(412)
    expect((await ask('DELETE', '', undefined, { 'if-match': '"v2"' })).status).toBe(204)
  })

  it('is put in force by one of two who add one at once', async () => {
    const { msp, put } = await newScene()
    const statuses = (await Promise.all([put(microsoft.register()), put(microsoft.register())])).map(
      ({ status }) => status,
    )
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 412])
    expect(await msp.scope.list(microsoftApps)).toHaveLength(1)
  })

  it('may be read by all staff, and changed by owners and admins alone', async () => {
    const { msp } = await newScene()
    const app = microsoft.register()
    const body = { clientId: app.clientId, directoryId: DIRECTORY, clientSecret: app.clientSecret }
    for (const role of ['viewer', 'technician', 'admin', 'owner'] as const) {
      const as = await newStaff(msp, role)
      const may = staffMay[role].has('settings.write')
      expect((await call(ADMIN, 'GET', base, { as })).status, role).toBe(200)
      expect((await call(ADMIN, 'PUT', base, { as, body })).status, role).toBe(may ? 200 : 403)
      expect((await call(ADMIN, 'POST', `${base}/test`, { as })).status, role).toBe(may ? 200 : 403)
    }
  })

  it('warns of its secret in the last 30 days, in the MSP’s own time zone', async () => {
    const clock = standingClock()
    const { read, put, signInAgain } = await newScene()
    const app = microsoft.register()
    await put(app, { secretExpiresOn: '2026-12-31' })
    const standing = async () => (await read()).app?.secretStanding
    expect(await standing()).toBe('good')
    clock.setTo('2026-12-01T12:00:00Z')
    await signInAgain()
    expect(await standing()).toBe('expires_soon')
    clock.setTo('2027-01-01T00:30:00Z')
    await signInAgain()
    expect(await standing()).toBe('expired')
  })
})

describe('A test of it', () => {
  it.each([
    [
      'a wrong secret',
      (app: RegisteredApp) => ({ clientSecret: `${app.clientSecret}~mistyped` }),
      'AADSTS7000215',
      /Secret ID/,
    ],
    [
      'an app that is not there',
      () => ({ clientId: crypto.randomUUID() }),
      'AADSTS700016',
      /no application with this ID/,
    ],
    ['a directory that is not there', () => ({ directoryId: DIRECTORY }), 'AADSTS90002', /no directory with this ID/],
  ])('tells what Entra says of %s, and not the secret', async (_, wrong, code, words) => {
    const { ask, put } = await newScene()
    const app = microsoft.register()
    const directory = tenantOf(app)
    expect((await put(app, { directoryId: directory.tenantId, ...wrong(app) })).status).toBe(200)
    const text = await (await ask('POST', '/test')).text()
    const said = JSON.parse(text) as { accepted: boolean; words: string; codes: string[] }
    expect(said).toMatchObject({ accepted: false, codes: [code] })
    expect(said.words).toMatch(words)
    expect(text).not.toContain(app.clientSecret)
  })

  it('tells of an expired secret, and of one that works', async () => {
    const { ask, put } = await newScene()
    const app = microsoft.register()
    await put(app, { directoryId: tenantOf(app).tenantId })
    expect(await bodyOf(await ask('POST', '/test'))).toMatchObject({ accepted: true, codes: [] })
    app.expired = true
    expect(await bodyOf(await ask('POST', '/test'))).toMatchObject({ accepted: false, codes: ['AADSTS7000222'] })
  })

  it('is refused where there is nothing to test', async () => {
    const { ask } = await newScene()
    expect((await ask('POST', '/test')).status).toBe(409)
  })
})

describe('A tenant', () => {
  it('is connected with the app in force, and read with it', async () => {
    const { msp, admin, read, use } = await newScene()
    const app = await use(microsoft.register())
    const microsoftTenant = tenantOf(app)
    const { url } = await begun(admin, await newCustomer(msp), microsoftTenant.domain)
    expect(new URL(url).searchParams.get('client_id')).toBe(app.clientId)
    const connected = await walked(msp, admin, microsoftTenant)
    expect(await tenantRow(connected)).toMatchObject({ clientId: app.clientId })
    microsoft.asked.splice(0)
    await sync(connected)
    expect(askedAs(microsoftTenant)).toEqual([app.clientId])
    expect(await read()).toMatchObject({ app: { tenantCount: 1 }, neutralTenantCount: 0, otherTenants: [] })
  })

  it('goes on with the neutral app when the MSP gets one of its own', async () => {
    const { msp, read, use } = await newScene()
    const microsoftTenant = microsoft.tenant()
    const connected = await connectedTenant(microsoftTenant, { msp })
    await use(microsoft.register())
    microsoft.asked.splice(0)
    await sync(connected)
    expect(askedAs(microsoftTenant)).toEqual([environment.MICROSOFT_CLIENT_ID])
    expect(await read()).toMatchObject({ neutralTenantCount: 1, otherTenants: [{ connectedWith: 'neutral' }] })
  })

  it('goes on with the app it was connected with when the MSP moves to another', async () => {
    const { msp, admin, read, use } = await newScene()
    const first = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(first))
    const second = await use(microsoft.register())
    microsoft.asked.splice(0)
    await sync(connected)
    expect(askedAs(connected.microsoftTenant)).toEqual([first.clientId])
    expect(await read()).toMatchObject({
      app: { clientId: second.clientId, tenantCount: 0 },
      formerApps: [{ clientId: first.clientId, tenantCount: 1 }],
      otherTenants: [{ connectedWith: 'former' }],
    })
  })

  it('can be connected again with the new app, and keeps what was read of it', async () => {
    const { msp, admin, read, use } = await newScene()
    const first = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(first))
    await sync(connected)
    const second = await use(microsoft.register())
    connected.microsoftTenant.consentedTo.add(second.clientId)
    const again = await connect(microsoft, admin, connected.customer, connected.microsoftTenant)
    expect(again).toContain('connection=connected')
    expect(await tenantRow(connected)).toMatchObject({
      clientId: second.clientId,
      activeUserCount: 3,
      userCursor: null,
    })
    microsoft.asked.splice(0)
    await sync(connected)
    expect(askedAs(connected.microsoftTenant)).toEqual([second.clientId])
    expect(await msp.scope.list(tenants)).toHaveLength(1)
    expect((await read()).formerApps, 'nothing is read with it any more').toMatchObject([{ tenantCount: 0 }])
    await forgetExpired(shardNamed(environment, msp.shard), now())
    expect((await msp.scope.list(microsoftApps)).map(({ clientId }) => clientId)).toEqual([second.clientId])
  })

  it('has its former app kept for it by the sweep and by further changes', async () => {
    const { msp, admin, use } = await newScene()
    const first = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(first))
    await use(microsoft.register())
    await use(microsoft.register())
    await forgetExpired(shardNamed(environment, msp.shard), now())
    expect(await msp.scope.list(microsoftApps)).toHaveLength(2)
    await sync(connected)
  })

  it('is not connected again with the very app that reads it', async () => {
    const { msp, admin, use } = await newScene()
    const app = await use(microsoft.register())
    const { customer, microsoftTenant } = await walked(msp, admin, tenantOf(app))
    const path = `/api/msp-portal/customers/${customer.customerId}/tenants`
    expect((await call(ADMIN, 'POST', path, { as: admin, body: { tenant: microsoftTenant.domain } })).status).toBe(409)
  })

  it('is never read with the app of another MSP', async () => {
    const [one, other] = [await newScene(), await newScene()]
    const app = await one.use(microsoft.register())
    const microsoftTenant = microsoft.tenant({ consentedTo: new Set([app.clientId]) })
    const connected = await connectedTenant(microsoftTenant, { msp: other.msp })
    const customer = other.msp.scope.forCustomer(connected.customer.customerId)
    await customer.commit(
      { action: 'stage.tenant', subject: { kind: 'tenant', id: connected.tenantId, name: '' } },
      customer.changeAll(tenants, undefined, { clientId: app.clientId }),
    )
    microsoft.asked.splice(0)
    await queueSync(connected)
    await runUntilOver(connected, standingClock(now()))
    expect(askedAs(microsoftTenant)).toEqual([])
    expect(await tenantRow(connected)).toMatchObject({ state: 'app_removed' })
  })

  it('says so when its app is removed, keeps its people, and is connected again in the same row', async () => {
    const { msp, admin, ask, read, use } = await newScene()
    const app = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(app))
    await sync(connected)
    expect((await ask('DELETE')).status).toBe(204)
    expect(await tenantRow(connected)).toMatchObject({ state: 'app_removed', nextSyncAt: null, activeUserCount: 3 })
    await runJobs(msp, 'tenant.app_removed')
    const { customerId } = connected.customer
    const path = `/api/msp-portal/customers/${customerId}`
    expect(await bodyOf(await call(ADMIN, 'GET', path, { as: admin }))).toMatchObject({
      health: { level: 'red', reasons: [{ text: 'App registration removed' }] },
    })
    const told = await msp.scope.list(activities, { where: eq(activities.action, 'tenant.app_removed') })
    expect(told).toMatchObject([
      { customerId, changes: expect.arrayContaining([expect.objectContaining({ after: 'app_removed' })]) as unknown },
    ])
    expect(await tenantScope(connected).list(tenantUsers)).toHaveLength(3)
    expect((await call(ADMIN, 'POST', `${path}/tenants/${connected.tenantId}/sync`, { as: admin })).status).toBe(409)
    expect(await read()).toMatchObject({
      app: null,
      removedAppTenantCount: 1,
      otherTenants: [{ connectedWith: 'removed' }],
    })

    connected.microsoftTenant.consented = true
    expect(await connect(microsoft, admin, connected.customer, connected.microsoftTenant)).toContain('connected')
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', clientId: null, healthRank: 2 })
  })

  it('ends the sync that is under way when its app is removed', async () => {
    const { msp, admin, ask, use } = await newScene()
    const app = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(app))
    microsoft.interrupt('/users/delta', () => new Response('', { status: 503 }))
    await queueSync(connected)
    const job = await syncJob(connected)
    await consume(environment, { shard: msp.shard, mspId: msp.mspId, jobId: job.id }, () => {})
    expect(await tenantScope(connected).list(syncRuns)).toMatchObject([{ state: 'running' }])
    await ask('DELETE')
    await runJobs(msp, 'tenant.app_removed')
    expect(await tenantScope(connected).list(syncRuns)).toMatchObject([{ state: 'failed' }])
    microsoft.asked.splice(0)
    await runUntilOver(connected, standingClock(now() + 3_600_000))
    expect(askedAs(connected.microsoftTenant)).toEqual([])
  })

  it('comes back by itself when the very app that was removed is saved again', async () => {
    const { msp, admin, ask, use } = await newScene()
    const app = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(app))
    await ask('DELETE')
    await use(app)
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', consentLostAt: null })
    await sync(connected)
  })

  it('loses a former app that is removed, and no other one does', async () => {
    const { msp, admin, ask, read, use } = await newScene()
    const first = await use(microsoft.register())
    const old = await walked(msp, admin, tenantOf(first))
    const second = await use(microsoft.register())
    const young = await walked(msp, admin, tenantOf(second))
    const [former] = (await read()).formerApps
    const [row] = await msp.scope.list(microsoftApps, { where: eq(microsoftApps.clientId, second.clientId) })
    expect((await ask('DELETE', `/former-apps/${row?.id ?? ''}`)).status, 'the one in force').toBe(404)
    expect((await ask('DELETE', `/former-apps/${former?.id ?? ''}`, undefined, { 'if-match': '"v9"' })).status).toBe(
      412,
    )
    expect((await ask('DELETE', `/former-apps/${former?.id ?? ''}`)).status).toBe(204)
    expect([(await tenantRow(old)).state, (await tenantRow(young)).state]).toEqual(['app_removed', 'connected'])
    expect(await read()).toMatchObject({ app: { clientId: second.clientId, tenantCount: 1 }, formerApps: [] })
  })

  it('waits with words while the secret of its app has expired, loses nobody, and goes on with the next secret', async () => {
    const clock = standingClock()
    const { msp, admin, put, use, signInAgain } = await newScene()
    const app = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(app))
    await sync(connected)
    app.expired = true
    await queueSync(connected)
    const job = await syncJob(connected)
    await consume(environment, { shard: msp.shard, mspId: msp.mspId, jobId: job.id }, () => {})
    const waiting = await syncJob(connected)
    expect(waiting).toMatchObject({ state: 'waiting' })
    expect(waiting.trouble).toMatch(/secret of your app registration has expired.*Settings → Microsoft.*AADSTS7000222/)
    expect((await runUntilOver(connected, clock)).state).toBe('parked')
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', activeUserCount: 3 })
    expect(await tenantScope(connected).list(tenantUsers)).toHaveLength(3)

    app.expired = false
    app.clientSecret = 'the~next~secret'
    await signInAgain()
    expect((await put(app)).status).toBe(200)
    expect((await tenantRow(connected)).nextSyncAt, 'it need not wait for its next turn').toBeLessThanOrEqual(now())
    await sync(connected)
  })

  it('goes on with another secret of its app when that is in force no more', async () => {
    const clock = standingClock()
    const { msp, admin, ask, put, read, use, signInAgain } = await newScene()
    const app = microsoft.register()
    expect((await put(app, { directoryId: tenantOf(app).tenantId })).status).toBe(200)
    const connected = await walked(msp, admin, tenantOf(app))
    await sync(connected)
    const second = await use(microsoft.register())
    app.expired = true
    await queueSync(connected)
    expect((await runUntilOver(connected, clock)).state).toBe('parked')
    await signInAgain()
    const [former] = (await read()).formerApps
    const path = `/former-apps/${former?.id ?? ''}`
    const test = async () => bodyOf(await ask('POST', `${path}/test`))
    const renew = (body: object, headers = {}) => ask('PUT', `${path}/secret`, body, headers)
    expect(await test()).toMatchObject({ accepted: false, codes: ['AADSTS7000222'] })

    app.expired = false
    app.clientSecret = 'the~next~secret'
    expect((await renew({ clientSecret: null })).status).toBe(422)
    expect((await renew({ clientSecret: app.clientId })).status, 'the secret’s id').toBe(422)
    expect((await renew({ clientSecret: app.clientSecret }, { 'if-match': '"v99"' })).status).toBe(412)
    const answer = await renew({ clientSecret: app.clientSecret, secretExpiresOn: '2099-01-31' })
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await answer.text()).not.toContain(app.clientSecret)
    expect(await test()).toMatchObject({ accepted: true })
    expect((await tenantRow(connected)).nextSyncAt, 'it need not wait for its next turn').toBeLessThanOrEqual(now())
    await sync(connected)
    expect(await read()).toMatchObject({
      app: { clientId: second.clientId },
      formerApps: [{ clientId: app.clientId, secretStanding: 'good' }],
    })
    const [told] = await msp.scope.list(activities, {
      where: eq(activities.action, 'settings.microsoft_secret_renewed'),
    })
    expect(told?.changes).toContainEqual({
      table: 'microsoft_apps',
      field: 'clientSecretSealed',
      before: '•••',
      after: '•••',
    })
    const [row] = await msp.scope.list(microsoftApps, { where: eq(microsoftApps.clientId, second.clientId) })
    const inForce = `/former-apps/${row?.id ?? ''}`
    expect((await ask('PUT', `${inForce}/secret`, { clientSecret: 'x' })).status, 'the one in force').toBe(404)
    expect((await ask('POST', `${inForce}/test`)).status, 'the one in force').toBe(404)
  })

  it('need not wait for its next try when the secret is renewed', async () => {
    const clock = standingClock()
    const { msp, admin, put, use } = await newScene()
    const app = await use(microsoft.register())
    const connected = await walked(msp, admin, tenantOf(app))
    app.expired = true
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const { id, dueAt } = await syncJob(connected)
      clock.forward(Math.max(0, dueAt - now()))
      await consume(environment, { shard: msp.shard, mspId: msp.mspId, jobId: id }, () => {})
    }
    expect((await syncJob(connected)).dueAt).toBeGreaterThan(now())
    app.expired = false
    app.clientSecret = 'the~next~secret'
    await put(app)
    expect((await syncJob(connected)).dueAt).toBeLessThanOrEqual(now())
  })
})

describe('A connection that is under way when the app changes', () => {
  it.each([
    ['before the consent', 'consent'],
    ['before the sign-in', 'sign-in'],
    ['before it is redeemed', 'code'],
  ])('ends with words: %s', async (_, moment) => {
    const { msp, admin, use } = await newScene()
    const first = await use(microsoft.register())
    const microsoftTenant = tenantOf(first)
    const customer = await newCustomer(msp)
    const change = () => use(microsoft.register())
    if (moment === 'code') {
      const { address, flow } = await upToTheCode(microsoft, admin, customer, microsoftTenant)
      await change()
      expect(outcomeOf(await follow(address, { cookie: `${admin.cookie}; ${flow}` }))).toBe('app_changed')
    } else {
      const { state } = await begun(admin, customer, microsoftTenant.domain)
      if (moment === 'consent') await change()
      const consented = await comeFromConsent({ admin_consent: 'True', tenant: microsoftTenant.tenantId, state })
      if (moment === 'consent') expect(outcomeOf(consented)).toBe('app_changed')
      else {
        await change()
        expect(outcomeOf(await follow(microsoft.signIn(whereTo(consented))))).toBe('app_changed')
      }
    }
    expect(await msp.scope.list(tenants)).toEqual([])
    const [attempt] = await msp.scope.list(connectionAttempts)
    expect(attempt).toMatchObject({ clientId: first.clientId })
  })

  it('ends with words where it began with the neutral one', async () => {
    const { msp, admin, use } = await newScene()
    const microsoftTenant = microsoft.tenant()
    const { state } = await begun(admin, await newCustomer(msp), microsoftTenant.domain)
    await use(microsoft.register())
    const back = { admin_consent: 'True', tenant: microsoftTenant.tenantId, state }
    expect(outcomeOf(await comeFromConsent(back))).toBe('app_changed')
  })

  it('goes on with another secret of the same app', async () => {
    const { msp, admin, put, use } = await newScene()
    const app = await use(microsoft.register())
    const { address, flow } = await upToTheCode(microsoft, admin, await newCustomer(msp), tenantOf(app))
    app.clientSecret = 'the~next~secret'
    await put(app)
    expect(outcomeOf(await follow(address, { cookie: `${admin.cookie}; ${flow}` }))).toBe('connected')
  })

  it('says that Microsoft does not take the app’s own secret', async () => {
    const { msp, admin, put } = await newScene()
    const app = microsoft.register()
    await put({ ...app, clientSecret: 'mistyped' })
    const { address } = await upToTheCode(microsoft, admin, await newCustomer(msp), tenantOf(app))
    expect(new URL(address).searchParams.get('connection')).toBe('app_refused')
  })
})

describe('Signing in with Microsoft', () => {
  const begin = async (host: string, cookie = '') => {
    const answer = await call(host, 'POST', '/api/auth/microsoft', { body: {}, as: { cookie } })
    const { url } = await bodyOf<{ url: string }>(answer)
    const cookies = answer.headers.getSetCookie()
    return { url, clientId: new URL(url).searchParams.get('client_id'), flow: cookies[0]?.split(';')[0] ?? '', cookies }
  }

  /** A portal of the MSP with a contact who signs in with an account of some work tenant. */
  const newDoor = async (msp: StagedMsp) => {
    const portal = await newPortal(await newCustomer(msp))
    const contact = await newContact(portal)
    const account = { tenantId: microsoft.tenant().tenantId, oid: crypto.randomUUID() }
    const scope = msp.scope.forCustomer(portal.customerId)
    await scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: contact.id, name: contact.name } },
      scope.changeAll(contacts, eq(contacts.id, contact.id), {
        microsoftTenantId: account.tenantId,
        microsoftObjectId: account.oid,
        microsoftAccount: 'dana@work.example',
        microsoftLinkedAt: now(),
      }),
    )
    const as: SignIn = { tenantId: account.tenantId, claims: { oid: account.oid } }
    return { portal, as }
  }

  it('asks in a portal with its MSP’s app, and knows the same person again', async () => {
    const { msp, use } = await newScene()
    const { portal, as } = await newDoor(msp)
    expect((await begin(portal.host)).clientId).toBe(environment.MICROSOFT_CLIENT_ID)
    const app = await use(microsoft.register())
    const { url, clientId, flow } = await begin(portal.host)
    expect(clientId).toBe(app.clientId)
    const code = whereTo(await follow(microsoft.signIn(url, as)))
    const arrived = await follow(code, { cookie: flow })
    expect([whereTo(arrived), arrived.headers.getSetCookie().join()]).toEqual([
      '/',
      expect.stringContaining('__Host-session='),
    ])
    const [token] = microsoft.askedFor('/organizations/oauth2/v2.0/token').slice(-1)
    expect(token?.body.get('client_id')).toBe(app.clientId)
  })

  it.each(['another app of its own', 'the neutral one'])(
    'ends with words when %s is in force by then',
    async (which) => {
      const { msp, ask, use } = await newScene()
      const { portal, as } = await newDoor(msp)
      await use(microsoft.register())
      const { url } = await begin(portal.host)
      if (which === 'the neutral one') await ask('DELETE')
      else await use(microsoft.register())
      expect(outcomeOf(await follow(microsoft.signIn(url, as)), 'microsoft')).toBe('app_changed')
    },
  )

  it('ends with words when it began with the neutral one', async () => {
    const { msp, use } = await newScene()
    const { portal, as } = await newDoor(msp)
    const { url } = await begin(portal.host)
    await use(microsoft.register())
    expect(outcomeOf(await follow(microsoft.signIn(url, as)), 'microsoft')).toBe('app_changed')
  })

  it('refuses an id token that is for the app of another MSP', async () => {
    const [one, other] = [await newScene(), await newScene()]
    const { portal, as } = await newDoor(one.msp)
    await one.use(microsoft.register())
    const theirs = await other.use(microsoft.register())
    const { url } = await begin(portal.host)
    const lying = { ...as, claims: { ...as.claims, aud: theirs.clientId } }
    expect(outcomeOf(await follow(microsoft.signIn(url, lying)), 'microsoft')).toBe('unverified')
  })

  it('says that Microsoft does not take the app’s own secret', async () => {
    const { msp, use } = await newScene()
    const { portal, as } = await newDoor(msp)
    const app = await use(microsoft.register())
    const { url } = await begin(portal.host)
    app.expired = true
    expect(outcomeOf(await follow(microsoft.signIn(url, as)), 'microsoft')).toBe('app_refused')
  })

  describe('as staff', () => {
    /** Links an account, and answers the cookie that remembers the house in this browser. */
    const linked = async (admin: { cookie: string }) => {
      const account = { tenantId: microsoft.tenant().tenantId, oid: crypto.randomUUID() }
      const as: SignIn = { tenantId: account.tenantId, claims: { oid: account.oid } }
      const answer = await call(ADMIN, 'POST', '/api/auth/microsoft/link', { as: admin, body: {} })
      const { url } = await bodyOf<{ url: string }>(answer)
      const flow = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      const code = whereTo(await follow(microsoft.signIn(url, as)))
      const arrived = await follow(code, { cookie: `${admin.cookie}; ${flow}` })
      const house = arrived.headers.getSetCookie().find((one) => one.startsWith('__Host-house='))
      return { as, asked: new URL(url).searchParams.get('client_id'), house: house?.split(';')[0] ?? '' }
    }
    const arrive = async (url: string, flow: string, as: SignIn) =>
      follow(whereTo(await follow(microsoft.signIn(url, as))), { cookie: flow })

    it('links with the MSP’s app, and asks with it in a browser that signed in here before', async () => {
      const { admin, use } = await newScene()
      const app = await use(microsoft.register())
      const { as, asked, house } = await linked(admin)
      expect(asked).toBe(app.clientId)
      const { url, clientId, flow } = await begin(ADMIN, house)
      expect(clientId).toBe(app.clientId)
      const cookies = (await arrive(url, flow, as)).headers.getSetCookie().join()
      expect(cookies).toContain('__Host-session=')
      expect(cookies, 'and it is remembered anew').toContain(house)
    })

    it('asks with the neutral one in any other browser, and lets the same person in', async () => {
      const { admin, use } = await newScene()
      await use(microsoft.register())
      const { as } = await linked(admin)
      const { url, clientId, flow } = await begin(ADMIN)
      expect(clientId).toBe(environment.MICROSOFT_CLIENT_ID)
      expect((await arrive(url, flow, as)).headers.getSetCookie().join()).toContain('__Host-session=')
    })

    it('comes in by the neutral one after the MSP’s own app refused, so that nobody is locked out', async () => {
      const { admin, use } = await newScene()
      const app = await use(microsoft.register())
      const { as, house } = await linked(admin)
      app.expired = true
      const first = await begin(ADMIN, house)
      expect(outcomeOf(await follow(microsoft.signIn(first.url, as)), 'microsoft')).toBe('app_refused')
      expect(first.cookies.join(), 'the browser forgets').toContain('__Host-house=; ')
      expect((await begin(ADMIN)).clientId).toBe(environment.MICROSOFT_CLIENT_ID)
    })

    it('lets nobody in by the app of an MSP that is not theirs', async () => {
      const [one, other] = [await newScene(), await newScene()]
      await one.use(microsoft.register())
      await other.use(microsoft.register())
      const { as } = await linked(one.admin)
      const { house } = await linked(other.admin)
      const { url } = await begin(ADMIN, house)
      expect(outcomeOf(await follow(microsoft.signIn(url, as)), 'microsoft')).toBe('not_known')
    })

    it.each([
      '__Host-house=',
      '__Host-house=shard-1.',
      '__Host-house=shard-9.abc',
      '__Host-house=shard-1.made-up',
      '__Host-house=shard-1.abc.x',
      '__Host-house=shard-1.nobody',
    ])('takes the cookie %s for nothing', async (cookie) =>
      expect((await begin(ADMIN, cookie)).clientId).toBe(environment.MICROSOFT_CLIENT_ID),
    )
  })
})

it.each([
  ['with an app of their own', true],
  ['with the neutral one', false],
])('The Microsoft settings, %s, read no more rows of many tenants than they name', async (_, hasOwn) => {
  const { msp, admin, use, read } = await newScene()
  const { clientId } = microsoft.register()
  if (hasOwn) await use({ clientId, clientSecret: 'any', expired: false })
  const customer = await newCustomer(msp)
  const rows = () => rowsReadBy(msp.shard, async () => void (await call(ADMIN, 'GET', base, { as: admin })))
  const scope = msp.scope.forCustomer(customer.customerId)
  const addTenants = (count: number, clientId: string | null) => {
    const common = { name: 'Tenant', domain: 'tenant.example', state: 'connected' as const, connectedBy: 'Admin' }
    const [first, ...rest] = Array.from({ length: count }, () =>
      scope.add(tenants, {
        ...common,
        id: newId(now()),
        entraTenantId: crypto.randomUUID(),
        connectedAt: now(),
        clientId,
      }),
    )
    if (first === undefined) throw new Error('Add at least one.')
    const subject = { kind: 'customer', id: customer.customerId, name: 'Fabrikam' }
    return scope.commit({ action: 'stage.tenants', subject }, first, ...rest)
  }
  const ids = [null, 'gone', clientId]
  for (const clientId of ids) await addTenants(101, clientId)
  const counts = (count: number) => ({
    neutralTenantCount: count,
    removedAppTenantCount: hasOwn ? count : 2 * count,
    app: hasOwn ? { tenantCount: count } : null,
  })
  const few = await rows()
  expect(await read()).toMatchObject(counts(101))
  expect((await read()).otherTenants).toHaveLength(100)
  for (const clientId of ids) await addTenants(400, clientId)
  expect(await read()).toMatchObject(counts(501))
  expect(await rows()).toBe(few)
})

it('An archived customer’s tenant whose app is removed says so, too', async () => {
  const { msp, admin, ask, use } = await newScene()
  const app = await use(microsoft.register())
  const connected = await walked(msp, admin, tenantOf(app))
  await msp.scope.commit(
    { action: 'stage.archived', subject: { kind: 'customer', id: connected.customer.customerId, name: '' } },
    msp.scope.changeAll(customers, eq(customers.id, connected.customer.customerId), { state: 'archived' }),
  )
  await ask('DELETE')
  await runJobs(msp, 'tenant.app_removed')
  expect(await tenantRow(connected)).toMatchObject({ state: 'app_removed', healthRank: 0, healthDueAt: null })
})
