import { and, desc, eq, isNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { holdQueue } from '../../test/held-queue.ts'
import { activities, connectionAttempts, customers, jobs, tenantUsers, tenants } from '../../../db/shard/schema.ts'
import { moveClock } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { dropped, startMicrosoft, unavailable } from '../../test/microsoft.ts'
import type { SignIn } from '../../test/microsoft.ts'
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
import type { StagedCustomer, StagedMsp } from '../../test/stage.ts'
import {
  begin,
  begun,
  comeFromConsent,
  connect,
  deliver,
  follow,
  loseConsent,
  standingClock,
  sync,
  upToTheCode,
  whereTo,
} from '../../test/tenants.ts'
import { removeTenant } from './tenants.ts'

const microsoft = startMicrosoft()
const queue = holdQueue()

beforeEach(() => microsoft.calm())
afterEach(() => moveClock(undefined))

/** An MSP with a technician and a customer, who want to connect one tenant. */
const cast = async () => {
  const msp = await newMsp()
  const [technician, customer] = [await newStaff(msp), await newCustomer(msp, 'Fabrikam Dental')]
  return { msp, technician, customer, tenant: microsoft.tenant() }
}

const tenantsOf = ({ scope }: StagedMsp) => scope.list(tenants)
const outcomeIn = (address: string) => new URL(address, `https://${ADMIN}`).searchParams.get('connection')
const found = async (as: { cookie: string }, q: string) => {
  const response = await call(ADMIN, 'GET', `/api/msp-portal/customers?q=${encodeURIComponent(q)}`, { as })
  return (await bodyOf<{ items: { id: string }[] }>(response)).items.map(({ id }) => id)
}
const rowOf = async ({ msp, customerId }: StagedCustomer) => msp.scope.find(customers, customerId, 'customer')

describe('Connecting a tenant', () => {
  it('needs the consent and the sign-in of an administrator, and then queues the first sync', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const response = await begin(technician, customer, tenant.domain.toUpperCase())
    expect(response.status, await response.clone().text()).toBe(201)
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-flow=\S+; Path=\/; Secure; HttpOnly; SameSite=Lax/)
    const { url } = await bodyOf<{ url: string }>(response)
    expect(url).toContain(`https://entra.test/${tenant.tenantId}/adminconsent?`)
    const state = new URL(url).searchParams.get('state') ?? ''
    const flow = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''

    const consented = await comeFromConsent({ admin_consent: 'True', tenant: tenant.tenantId, state })
    expect(whereTo(consented)).toContain(`https://entra.test/${tenant.tenantId}/oauth2/v2.0/authorize?`)
    expect(await tenantsOf(msp), 'consent alone connects nothing').toEqual([])

    const signedIn = await follow(microsoft.signIn(whereTo(consented)))
    expect(whereTo(signedIn)).toContain(`https://${ADMIN}/microsoft/connected?code=`)
    expect(await tenantsOf(msp), 'only the browser that began may finish').toEqual([])

    const finished = await follow(whereTo(signedIn), { cookie: `${technician.cookie}; ${flow}` })
    expect(whereTo(finished)).toBe(`/customers/${customer.customerId}/tenants?connection=connected`)
    expect(finished.headers.getSetCookie()[0]).toContain('__Host-flow=; ')
    const [row, ...more] = await tenantsOf(msp)
    expect(more).toEqual([])
    expect(row).toMatchObject({
      customerId: customer.customerId,
      entraTenantId: tenant.tenantId,
      domain: tenant.domain,
      state: 'connected',
      connectedBy: 'Ada Admin',
    })
    expect(await rowOf(customer)).toMatchObject({ tenantCount: 1, healthRank: 3 })
    const [job] = await msp.scope.list(jobs)
    expect(job).toMatchObject({ kind: 'tenant.sync', state: 'waiting', subjectName: tenant.domain })
    expect(queue.take().some(({ hint }) => hint.jobId === job?.id)).toBe(true)
    const told = await msp.scope.list(activities, { orderBy: [desc(activities.id)], limit: 2 })
    expect(told.map(({ action, actorKind }) => [action, actorKind])).toEqual([
      ['tenant.connected', 'staff'],
      ['tenant.connection_begun', 'staff'],
    ])
  })

  it('has its customer found by its domain, and no longer once it is removed', async () => {
    const { msp, technician, customer, tenant } = await cast()
    await connect(microsoft, technician, customer, tenant)
    expect(await found(technician, tenant.domain)).toEqual([customer.customerId])
    const [row] = await tenantsOf(msp)
    await removeTenant(msp.scope, customer.customerId, row?.id ?? '', undefined)
    expect(await found(technician, tenant.domain)).toEqual([])
    const path = `/api/msp-portal/customers/${customer.customerId}`
    await call(ADMIN, 'PUT', path, { as: technician, body: { name: 'Fabrikam Smiles' } })
    expect([await found(technician, tenant.domain), await found(technician, 'smiles')]).toEqual([
      [],
      [customer.customerId],
    ])
  })

  it('has its customer found by the name that Microsoft knows it by', async () => {
    const { msp, technician, customer, tenant } = await cast()
    await connect(microsoft, technician, customer, tenant)
    const [row] = await tenantsOf(msp)
    await sync({ customer, tenantId: row?.id ?? '', microsoftTenant: tenant })
    const name = (await tenantsOf(msp))[0]?.name ?? ''
    expect(name).not.toBe(tenant.domain)
    expect(await found(technician, name)).toEqual([customer.customerId])
  })

  it('at the same moment as a contact comes: the customer is found by both', async () => {
    const { technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant)
    const path = `/api/msp-portal/customers/${customer.customerId}/contacts`
    const [finished, added] = await Promise.all([
      follow(address, { cookie: `${technician.cookie}; ${flow}` }),
      call(ADMIN, 'POST', path, { as: technician, body: { name: 'Wilhelmina Oak' } }),
    ])
    expect([outcomeIn(whereTo(finished)), added.status]).toEqual(['connected', 201])
    for (const q of [tenant.domain, 'wilhelmina oak'])
      expect(await found(technician, q), q).toEqual([customer.customerId])
  })

  it('leaves no secret in the activity, in a job, in the log or in an address of ours', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const said: string[] = []
    const spies = (['log', 'warn', 'error', 'info'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void said.push(JSON.stringify(words))),
    )
    const { address, flow, consentUrl } = await upToTheCode(microsoft, technician, customer, tenant)
    await follow(address, { cookie: `${technician.cookie}; ${flow}` })
    const other = await upToTheCode(microsoft, technician, await newCustomer(msp), microsoft.tenant(), {
      signedBy: 'somebody else',
    })
    for (const spy of spies) spy.mockRestore()
    expect(said.join(), 'the stage refuses one sign-in, which is logged').toContain('could not be verified')
    const secrets = [
      flow.split('=')[1],
      new URL(consentUrl).searchParams.get('state'),
      new URL(address).searchParams.get('code')?.split('.')[1],
      'test-secret',
      'user-token',
      ...microsoft.askedFor('/token').flatMap(({ body }) => [body.get('code_verifier'), body.get('code')]),
    ].filter((secret) => typeof secret === 'string')
    expect(secrets.length).toBeGreaterThan(6)
    const kept = JSON.stringify([
      await msp.scope.list(activities),
      await msp.scope.list(jobs),
      await msp.scope.list(connectionAttempts),
      said,
      other.address,
    ])
    for (const secret of secrets) expect(kept).not.toContain(secret)
  })
})

describe('A connection is refused', () => {
  it('to a viewer, with 403, and to nobody signed in, with 401', async () => {
    const { msp, customer, tenant } = await cast()
    expect((await begin(await newStaff(msp, 'viewer'), customer, tenant.domain)).status).toBe(403)
    expect((await begin({ cookie: '' }, customer, tenant.domain)).status).toBe(401)
  })

  it('for the customer of another MSP, as for one that does not exist', async () => {
    const { customer, tenant } = await cast()
    const stranger = await newStaff(await newMsp('Contoso IT'), 'owner')
    expect((await begin(stranger, customer, tenant.domain)).status).toBe(404)
    expect((await begin(stranger, { ...customer, customerId: 'made-up' }, tenant.domain)).status).toBe(404)
  })

  it.each(['nowhere.example', 'no domain', 'common', '../x', ''])(
    'for "%s", which Microsoft does not know',
    async (text) => {
      const { msp, technician, customer } = await cast()
      const response = await begin(technician, customer, text)
      expect(response.status).toBe(422)
      const { errors } = await bodyOf<{ errors: { pointer: string }[] }>(response)
      expect(errors.map(({ pointer }) => pointer)).toEqual(['/tenant'])
      expect(await msp.scope.list(connectionAttempts)).toEqual([])
    },
  )

  it('for personal accounts, which are nobody’s organisation', async () => {
    const { technician, customer } = await cast()
    const personal = microsoft.tenant({ tenantId: '9188040d-6c67-4c5b-b112-36a304b66dad', domain: 'personal.example' })
    microsoft.interrupt('/personal.example/v2.0', () =>
      Response.json({ issuer: 'https://entra.test/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0' }),
    )
    expect((await begin(technician, customer, personal.domain)).status).toBe(422)
  })

  it.each([
    ['answers 503', unavailable],
    ['cannot be reached', dropped],
    ['answers with something else', () => new Response('<html>')],
  ])('with 503 and words while Microsoft %s', async (_name, answer) => {
    const { technician, customer, tenant } = await cast()
    microsoft.interrupt('/v2.0/.well-known', answer)
    const response = await begin(technician, customer, tenant.domain)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('60')
    expect((await bodyOf<{ detail: string }>(response)).detail).toMatch(/Microsoft.+Try again in a minute/)
  })

  it('for an archived customer, also when it was archived on the way', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant)
    await msp.scope.commit(
      { action: 'stage.archived', subject: { kind: 'customer', id: customer.customerId, name: '' } },
      msp.scope.change(customers, await rowOf(customer), { state: 'archived' }),
    )
    expect(outcomeIn(whereTo(await follow(address, { cookie: `${technician.cookie}; ${flow}` })))).toBe('out_of_date')
    expect((await begin(technician, customer, tenant.domain)).status).toBe(409)
    expect(await tenantsOf(msp)).toEqual([])
  })

  it('for a customer who is archived at the last moment', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant)
    const shard = shardNamed(environment, msp.shard)
    const batch = shard.batch.bind(shard)
    vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
      if (statements.some(({ sql }) => sql.startsWith('insert into "tenants"'))) {
        vi.restoreAllMocks()
        const path = `/api/msp-portal/customers/${customer.customerId}/archival`
        expect((await call(ADMIN, 'PUT', path, { as: technician })).status).toBe(204)
      }
      return batch(statements)
    })
    expect(outcomeIn(whereTo(await follow(address, { cookie: `${technician.cookie}; ${flow}` })))).toBe('out_of_date')
    expect(await tenantsOf(msp)).toEqual([])
  })
})

it('Beginning twice with one Idempotency-Key begins once, and the address with its secret is told once', async () => {
  const { msp, technician, customer, tenant } = await cast()
  const once = () =>
    call(ADMIN, 'POST', `/api/msp-portal/customers/${customer.customerId}/tenants`, {
      as: technician,
      body: { tenant: tenant.domain },
      headers: { 'idempotency-key': 'once' },
    })
  expect((await once()).status).toBe(201)
  expect((await once()).status).toBe(409)
  expect(await msp.scope.list(connectionAttempts)).toHaveLength(1)
})

describe('The way back from Microsoft', () => {
  it('leads nowhere with a made-up state', async () => {
    const { tenant } = await cast()
    const forged = { admin_consent: 'True', tenant: tenant.tenantId, state: 'made-up' }
    expect((await comeFromConsent(forged)).status).toBe(410)
    expect((await comeFromConsent({ ...forged, state: 'x'.repeat(5000) })).status).toBe(410)
    expect((await call('auth.portal.test', 'GET', '/microsoft/consent')).status).toBe(410)
    expect((await call('auth.portal.test', 'GET', '/microsoft/callback?code=x&state=made-up')).status).toBe(410)
  })

  it('exists on the sign-in host only, and the landing place on the admin host only', async () => {
    const portal = await newPortal((await cast()).customer)
    for (const host of [ADMIN, portal.host]) {
      expect((await call(host, 'GET', '/microsoft/callback?code=x&state=y')).status).not.toBe(410)
    }
    for (const host of [portal.host, 'auth.portal.test']) {
      expect((await call(host, 'GET', '/microsoft/connected?code=x')).status).not.toBe(303)
    }
  })

  it('takes a state once', async () => {
    const { technician, customer, tenant } = await cast()
    const { state } = await begun(technician, customer, tenant.domain)
    const back = { admin_consent: 'True', tenant: tenant.tenantId, state }
    const [one, other] = await Promise.all([comeFromConsent(back), comeFromConsent(back)])
    expect([one.status, other.status].toSorted((a, b) => a - b)).toEqual([303, 410])
    expect((await comeFromConsent(back)).status).toBe(410)
    const signedIn = microsoft.signIn(whereTo(one.status === 303 ? one : other))
    expect((await follow(signedIn)).status).toBe(303)
    expect((await follow(signedIn)).status).toBe(410)
  })

  it('takes the state of the consent for nothing else, so that a sign-in cannot be skipped to', async () => {
    const { technician, customer, tenant } = await cast()
    const { state } = await begun(technician, customer, tenant.domain)
    expect((await call('auth.portal.test', 'GET', `/microsoft/callback?code=x&state=${state}`)).status).toBe(410)
  })

  it('uses nothing up when only its head is asked for', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const look = async (address: string, cookie = '') => {
      const { hostname, pathname, search } = new URL(address)
      const { status, headers } = await call(hostname, 'HEAD', pathname + search, { as: { cookie } })
      expect([status, headers.get('allow'), headers.get('set-cookie')]).toEqual([405, 'GET', null])
    }
    const { state, flow } = await begun(technician, customer, tenant.domain)
    const cookie = `${technician.cookie}; ${flow}`
    const back = { admin_consent: 'True', tenant: tenant.tenantId, state }
    await look(`https://auth.portal.test/microsoft/consent?${new URLSearchParams(back).toString()}`)
    const signedIn = microsoft.signIn(whereTo(await comeFromConsent(back)))
    await look(signedIn)
    const address = whereTo(await follow(signedIn))
    await look(address, cookie)
    expect(await tenantsOf(msp)).toEqual([])
    expect(outcomeIn(whereTo(await follow(address, { cookie })))).toBe('connected')
  })

  it('takes a state for half an hour', async () => {
    const clock = standingClock()
    const { technician, customer, tenant } = await cast()
    const { state } = await begun(technician, customer, tenant.domain)
    clock.forward(30 * 60_000)
    expect((await comeFromConsent({ admin_consent: 'True', tenant: tenant.tenantId, state })).status).toBe(410)
  })

  it.each([
    ['of another tenant', { tenant: crypto.randomUUID() }, 'other_tenant'],
    ['without a tenant', { tenant: '' }, 'other_tenant'],
    ['that was declined', { error: 'access_denied' }, 'declined'],
    ['that was not given', { admin_consent: 'False' }, 'declined'],
  ])('refuses a consent %s, and spends the state', async (_name, twist, reason) => {
    const { msp, technician, customer, tenant } = await cast()
    const { state } = await begun(technician, customer, tenant.domain)
    const back = { admin_consent: 'True', tenant: tenant.tenantId, state }
    expect(outcomeIn(whereTo(await comeFromConsent({ ...back, ...twist })))).toBe(reason)
    expect((await comeFromConsent(back)).status).toBe(410)
    expect(await tenantsOf(msp)).toEqual([])
  })

  it.each<[string, SignIn, string]>([
    ['for another tenant', { claims: { tid: crypto.randomUUID() } }, 'unverified'],
    ['from another issuer', { claims: { iss: 'https://entra.test/other/v2.0' } }, 'unverified'],
    ['with another nonce', { claims: { nonce: 'another' } }, 'unverified'],
    ['without a nonce', { claims: { nonce: undefined } }, 'unverified'],
    ['for another application', { claims: { aud: crypto.randomUUID() } }, 'unverified'],
    ['signed by somebody else', { signedBy: 'somebody else' }, 'unverified'],
    ['not signed at all', { alg: 'none' }, 'unverified'],
    ['that has expired', { lifetimeSeconds: -600 }, 'unverified'],
    ['of nobody', { claims: { oid: undefined } }, 'unverified'],
    ['of somebody without a role', { claims: { wids: undefined } }, 'not_an_administrator'],
    ['of a user administrator', { claims: { wids: ['fe930be7-5e62-47db-91af-98c3a49a38b1'] } }, 'not_an_administrator'],
  ])('refuses an id token %s', async (_name, signIn, reason) => {
    const { msp, technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant, signIn)
    expect(address).toBe(`https://${ADMIN}/customers/${customer.customerId}/tenants?connection=${reason}`)
    await follow(address, { cookie: `${technician.cookie}; ${flow}` })
    expect(await tenantsOf(msp)).toEqual([])
    expect((await msp.scope.list(connectionAttempts)).map(({ step }) => step)).toEqual(['refused'])
  })

  it('says that it could not reach Microsoft when its keys or tokens do not come, instead of doubting the administrator', async () => {
    for (const [path, answer] of [
      ['/discovery/v2.0/keys', unavailable],
      ['/oauth2/v2.0/token', unavailable],
      ['/oauth2/v2.0/token', dropped],
    ] as const) {
      const { technician, customer, tenant } = await cast()
      microsoft.interrupt(path, answer)
      const { address } = await upToTheCode(microsoft, technician, customer, tenant)
      expect(outcomeIn(address), path).toBe('unreachable')
    }
  })

  it('is refused when the administrator cancels the sign-in', async () => {
    const { technician, customer, tenant } = await cast()
    const { state } = await begun(technician, customer, tenant.domain)
    const consented = await comeFromConsent({ admin_consent: 'True', tenant: tenant.tenantId, state })
    const next = new URL(whereTo(consented)).searchParams.get('state') ?? ''
    const cancelled = await follow(`https://auth.portal.test/microsoft/callback?error=access_denied&state=${next}`)
    expect(outcomeIn(whereTo(cancelled))).toBe('declined')
  })
})

describe('The one-time code', () => {
  it('is worth nothing without the flow cookie, with another’s, or in another person’s session', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant)
    const colleague = await newStaff(msp, 'owner')
    const stranger = await newStaff(await newMsp('Contoso IT'), 'owner')
    const hers = await begun(colleague, await newCustomer(msp), microsoft.tenant().domain)
    for (const cookie of [
      technician.cookie,
      `${technician.cookie}; ${hers.flow}`,
      `${technician.cookie}; __Host-flow=`,
      `${colleague.cookie}; ${flow}`,
      `${stranger.cookie}; ${flow}`,
      flow,
    ]) {
      expect(outcomeIn(whereTo(await follow(address, { cookie })))).toBe('out_of_date')
      expect(await tenantsOf(msp), cookie).toEqual([])
    }
    const guessed = address.replace(/(code=[^.&]+\.)[^&]+/, '$1guessed')
    expect(outcomeIn(whereTo(await follow(guessed, { cookie: `${technician.cookie}; ${flow}` })))).toBe('out_of_date')
    expect(outcomeIn(whereTo(await follow(address, { cookie: `${technician.cookie}; ${flow}` })))).toBe('connected')
  })

  it('is worth nothing to somebody who has become a viewer meanwhile', async () => {
    const { msp, customer, tenant } = await cast()
    const viewer = await newStaff(msp, 'viewer')
    const { address, flow } = await upToTheCode(microsoft, await newStaff(msp), customer, tenant)
    expect(outcomeIn(whereTo(await follow(address, { cookie: `${viewer.cookie}; ${flow}` })))).toBe('not_allowed')
  })

  it('is good for 60 seconds', async () => {
    const clock = standingClock()
    const { msp, technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant)
    clock.forward(60_000)
    expect(outcomeIn(whereTo(await follow(address, { cookie: `${technician.cookie}; ${flow}` })))).toBe('out_of_date')
    expect(await tenantsOf(msp)).toEqual([])
  })

  it('connects once when it comes twice at once', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const { address, flow } = await upToTheCode(microsoft, technician, customer, tenant)
    const cookie = `${technician.cookie}; ${flow}`
    const ends = await Promise.all([follow(address, { cookie }), follow(address, { cookie })])
    expect(new Set(ends.map((end) => outcomeIn(whereTo(end))))).toEqual(new Set(['connected', 'out_of_date']))
    expect(await tenantsOf(msp)).toHaveLength(1)
    expect(await rowOf(customer)).toMatchObject({ tenantCount: 1 })
    expect(outcomeIn(whereTo(await follow(address, { cookie })))).toBe('out_of_date')
  })
})

describe('Who holds a tenant', () => {
  it('is said when another customer of the same MSP does', async () => {
    const { msp, technician, customer, tenant } = await cast()
    await connect(microsoft, technician, customer, tenant)
    const response = await begin(technician, await newCustomer(msp, 'Another'), tenant.domain)
    expect(response.status).toBe(409)
    expect((await bodyOf<{ detail: string }>(response)).detail).toBe(
      'This tenant belongs to Fabrikam Dental. Disconnect it there first.',
    )
    expect((await begin(technician, customer, tenant.domain)).status).toBe(409)
  })

  it('is whoever finished first when two customers were on the way at once', async () => {
    const { msp, technician, customer, tenant } = await cast()
    const other = await newCustomer(msp, 'Another')
    const late = await upToTheCode(microsoft, technician, other, tenant)
    expect(outcomeIn(await connect(microsoft, technician, customer, tenant))).toBe('connected')
    const end = await follow(late.address, { cookie: `${technician.cookie}; ${late.flow}` })
    expect(outcomeIn(whereTo(end))).toBe('held')
    expect((await tenantsOf(msp)).map(({ customerId }) => customerId)).toEqual([customer.customerId])
    expect(await rowOf(other)).toMatchObject({ tenantCount: 0 })
  })

  it('is nobody’s business of another MSP, which has to prove it for itself', async () => {
    const { technician, customer, tenant } = await cast()
    await connect(microsoft, technician, customer, tenant)
    const rival = await newMsp('Contoso IT')
    const [hers, theirs] = [await newStaff(rival, 'owner'), await newCustomer(rival)]
    const { state, flow } = await begun(hers, theirs, tenant.domain)
    // The tenant has consented to the shared app already, so its admin need not be asked: forging the way back is easy.
    const consented = await comeFromConsent({ admin_consent: 'True', tenant: tenant.tenantId, state })
    expect(await rival.scope.list(tenants)).toEqual([])
    const rivalsOwn = { claims: { tid: crypto.randomUUID() } }
    const signedIn = await follow(microsoft.signIn(whereTo(consented), rivalsOwn))
    await follow(whereTo(signedIn), { cookie: `${hers.cookie}; ${flow}` })
    expect(await rival.scope.list(tenants)).toEqual([])
    expect(await rival.scope.list(jobs)).toEqual([])
    expect(outcomeIn(await connect(microsoft, hers, theirs, tenant)), 'with a proof of its own it may').toBe(
      'connected',
    )
  })
})

describe('A tenant that was lost', () => {
  it('keeps its row and history when consent is given again', async () => {
    const clock = standingClock()
    const { msp, technician, customer, tenant } = await cast()
    await connect(microsoft, technician, customer, tenant)
    const [first] = await tenantsOf(msp)
    const connected = { customer, tenantId: first?.id ?? '', microsoftTenant: tenant }
    await sync(connected)
    tenant.consented = false
    await loseConsent(connected, clock)
    expect(await rowOf(customer)).toMatchObject({ healthRank: 0 })
    tenant.consented = true
    expect(outcomeIn(await connect(microsoft, technician, customer, tenant))).toBe('connected')
    const [again, ...more] = await tenantsOf(msp)
    expect(more).toEqual([])
    expect(again).toMatchObject({ id: connected.tenantId, state: 'connected', consentLostAt: null, activeUserCount: 3 })
    expect(again?.healthRank, 'what was lost is back').not.toBe(0)
    expect(await rowOf(customer)).toMatchObject({ tenantCount: 1 })
    expect((await rowOf(customer)).healthRank).not.toBe(0)
    await deliver(connected)
    expect(
      await msp.scope.forCustomer(customer.customerId).forTenant(connected.tenantId).list(tenantUsers),
    ).toHaveLength(3)
  })

  it('begins afresh with another customer, who never sees what was before', async () => {
    const { msp, technician, customer, tenant } = await cast()
    await connect(microsoft, technician, customer, tenant)
    const [old] = await tenantsOf(msp)
    await sync({ customer, tenantId: old?.id ?? '', microsoftTenant: tenant })
    const one = `/api/msp-portal/customers/${customer.customerId}/tenants/${old?.id}`
    expect((await call(ADMIN, 'DELETE', one, { as: technician })).status).toBe(204)
    expect((await call(ADMIN, 'DELETE', one, { as: technician })).status).toBe(404)
    expect((await call(ADMIN, 'POST', `${one}/sync`, { as: technician })).status).toBe(404)
    expect(await rowOf(customer)).toMatchObject({
      tenantCount: 0,
      licensedUserCount: 0,
      healthRank: 3,
      healthReasons: [],
    })

    const listed = await bodyOf(
      await call(ADMIN, 'GET', `/api/msp-portal/customers/${customer.customerId}/tenants`, { as: technician }),
    )
    expect(listed).toMatchObject({ items: [], earlier: [{ id: old?.id, domain: old?.domain }] })

    const heir = await newCustomer(msp, 'The heir')
    const portal = await newPortal(heir)
    const contact = await newContact(portal, ['portal_admin'])
    expect(outcomeIn(await connect(microsoft, technician, heir, tenant))).toBe('connected')
    const dashboard = await bodyOf<Record<string, unknown>>(
      await call(portal.host, 'GET', `/api/portal/customers/${heir.customerId}/dashboard`, { as: contact }),
    )
    expect(dashboard).toMatchObject({ asOf: null, people: null, licences: null, security: null, health: null })
    const [fresh] = await msp.scope.list(tenants, { where: isNull(tenants.removedAt) })
    expect(fresh).toMatchObject({ customerId: heir.customerId, lastGoodSyncAt: null, activeUserCount: 0 })
    expect(fresh?.id).not.toBe(old?.id)
    const kept = await msp.scope.list(tenants, { where: and(eq(tenants.id, old?.id ?? '')) })
    expect(kept[0]).toMatchObject({ customerId: customer.customerId, state: 'removed', activeUserCount: 3 })
  })
})
