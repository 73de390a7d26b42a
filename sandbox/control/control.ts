import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { SignInStore } from '../entra/sign-in-store.ts'
import { applicationPermissions } from '../entra/permissions.ts'
import { tokenLies, type TokenLies } from '../entra/token-lies.ts'
import type { Registrations } from '../entra/registration.ts'
import type { TenantDirectories } from '../graph/tenant-directory.ts'
import type { Inbox } from '../mail/inbox.ts'
import type { MailServer } from '../mail/smtp.ts'
import { consentTo, type CustomHostname, type DnsRecord, type State, type Tenant } from '../state.ts'
import { applyChanges, changesSchema, ImpossibleChange } from './changes.ts'
import type { Faults } from './faults.ts'
import { controlPage } from './pages.ts'
import type { RequestLedger } from './request-ledger.ts'

export type ControlWorld = {
  state: State
  directories: TenantDirectories
  faults: Faults
  ledger: RequestLedger
  inbox: Inbox
  mailServer: MailServer
  signIns: SignInStore
  lies: TokenLies
  registrations: Registrations
  base: () => string
  smtp: string
}

const faultSchema = z.strictObject({
  tenantId: z.guid().toLowerCase().optional(),
  match: z.string().default(''),
  kind: z.enum(['status', 'broken-json', 'empty-page', 'hang', 'drop']).default('status'),
  status: z.int().min(400).max(599).default(503),
  retryAfterSeconds: z.int().min(0).optional(),
  times: z.int().min(1).default(1),
})
const lieSchema = z.strictObject({ lie: z.enum(tokenLies) })
const consentSchema = z.strictObject({
  granted: z.boolean(),
  without: z.array(z.string()).default([]),
  /** The neutral app where it is given, every app where it is withdrawn. */
  clientId: z.guid().toLowerCase().optional(),
})
const tenantSchema = z.strictObject({
  tenantId: z.guid().toLowerCase().optional(),
  domain: z.string().min(3).toLowerCase(),
  name: z.string().min(1),
  userCount: z.int().min(2).max(1_000_000),
  consented: z.boolean().default(false),
})
const smtpSchema = z.strictObject({
  reject: z.int().min(0),
  status: z.union([z.literal(421), z.literal(450), z.literal(451), z.literal(550), z.literal(552)]).default(421),
})

const dnsSchema = z.strictObject({
  name: z.string().min(1).toLowerCase(),
  type: z.enum(['TXT', 'CNAME', 'A', 'AAAA']),
  /** None takes the records away. */
  values: z.array(z.string()),
})
const brokenZoneSchema = z.strictObject({ name: z.string().min(1).toLowerCase(), broken: z.boolean() })
const hostnameSchema = z.strictObject({
  hostname: z.string().min(1).toLowerCase(),
  /** Null lets it follow from the DNS again. */
  status: z.string().nullable().default(null),
  sslStatus: z.string().nullable().default(null),
  errors: z.array(z.string()).default([]),
})

/** The switches behind the scenes: what the outside world does next, and what was asked of it. */
export function control(world: ControlWorld): Hono {
  const app = new Hono()

  app.get('/', (context) => context.html(controlPage(describe(world))))
  app.get('/state', (context) => context.json(describe(world)))
  app.post('/reset', async (context) => {
    await reset(world)
    return context.json(describe(world))
  })

  app.post('/faults', async (context) => {
    const { tenantId, retryAfterSeconds, ...fault } = faultSchema.parse(await context.req.json())
    world.faults.add({ ...fault, tenantId, retryAfterSeconds })
    return context.json({ faults: world.faults.list() }, 201)
  })
  app.delete('/faults', (context) => {
    world.faults.clear()
    return context.body(null, 204)
  })

  // The next sign-in's id token lies about this.
  app.post('/sign-ins', async (context) => {
    const { lie } = lieSchema.parse(await context.req.json())
    world.lies.add(lie)
    return context.json({ lie }, 201)
  })

  app.get('/requests', (context) => context.json(world.ledger.list(context.req.query('tenantId'))))
  app.delete('/requests', (context) => {
    world.ledger.clear()
    return context.body(null, 204)
  })

  app.post('/smtp', async (context) => {
    const { reject, status } = smtpSchema.parse(await context.req.json())
    world.mailServer.refuse({ times: reject, status })
    return context.json({ reject, status })
  })

  app.post('/dns', async (context) => {
    const record = dnsSchema.parse(await context.req.json())
    setRecord(world, record)
    return context.json(record)
  })
  app.post('/dns/broken', async (context) => {
    const { name, broken } = brokenZoneSchema.parse(await context.req.json())
    if (broken) world.state.brokenZones.add(name)
    else world.state.brokenZones.delete(name)
    world.state.changed()
    return context.json({ name, broken })
  })
  app.post('/custom-hostnames', async (context) => {
    const { hostname, status, sslStatus, errors } = hostnameSchema.parse(await context.req.json())
    const known = world.state.customHostnames.get(hostname)
    if (known === undefined) return context.json({ error: `Cloudflare was not told of ${hostname}.` }, 404)
    Object.assign(known, { status: status ?? undefined, sslStatus: sslStatus ?? undefined, errors })
    world.state.changed()
    return context.json(known)
  })

  app.post('/tenants', async (context) => {
    const wanted = tenantSchema.parse(await context.req.json())
    const tenantId = wanted.tenantId ?? randomUUID()
    if (world.state.tenant(tenantId) !== undefined || world.state.tenant(wanted.domain) !== undefined) {
      return context.json({ error: 'A tenant with this id or domain exists already.' }, 409)
    }
    const tenant = world.state.addTenant({ ...wanted, tenantId, accounts: madeUpAccounts(wanted.name, wanted.domain) })
    return context.json(describeTenant(world, tenant), 201)
  })
  app.post('/tenants/:tenantId/expire-delta-tokens', (context) => {
    const tenant = oneTenant(world, context)
    tenant.deltaEpoch += 1
    world.state.changed()
    return context.json(describeTenant(world, tenant))
  })
  app.post('/tenants/:tenantId/consent', async (context) => {
    const tenant = oneTenant(world, context)
    setConsent(world, tenant, consentSchema.parse(await context.req.json()))
    return context.json(describeTenant(world, tenant))
  })
  app.post('/tenants/:tenantId/changes', async (context) => {
    const tenant = oneTenant(world, context)
    const changes = changesSchema.parse(await context.req.json())
    const users = applyChanges(world.directories.of(tenant), changes, world.state)
    return context.json({ ...describeTenant(world, tenant), users })
  })

  app.post('/form', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    if (form.get('do') === 'set-dns') {
      const values = (form.get('value') ?? '').trim() === '' ? [] : [(form.get('value') ?? '').trim()]
      setRecord(world, dnsSchema.parse({ name: (form.get('name') ?? '').trim(), type: form.get('type'), values }))
    } else if (form.get('do') === 'set-hostname') setHostname(world, form)
    else await press(world, form.get('do') ?? '', form.get('tenantId') ?? '')
    return context.redirect('/control', 303)
  })

  app.onError((error, context) => {
    if (error instanceof z.ZodError) return context.json({ error: z.prettifyError(error) }, 400)
    if (error instanceof ImpossibleChange) return context.json({ error: error.message }, 400)
    if (error instanceof SyntaxError) return context.json({ error: 'The body must be JSON.' }, 400)
    if (error instanceof NoSuchTenant) return context.json({ error: error.message }, 404)
    console.error(error)
    return context.json({ error: 'The sandbox failed.' }, 500)
  })
  return app
}

export type Description = {
  http: string
  smtp: string
  clientId: string
  apps: {
    clientId: string
    appName: string
    directoryId: string | null
    secrets: { value: string; expired: boolean }[]
  }[]
  bornAt: string
  mailCount: number
  requestCount: number
  faults: ReturnType<Faults['list']>
  smtpRefusals: { times: number; status: number }
  dnsRecords: DnsRecord[]
  customHostnames: CustomHostname[]
  tenants: TenantDescription[]
}
export type TenantDescription = {
  tenantId: string
  name: string
  domain: string
  userCount: number
  consented: boolean
  /** Of the neutral app, as `consented`. */
  grantedPermissions: string[]
  consentedClientIds: string[]
  changeCount: number
  deltaEpoch: number
  accounts: Tenant['accounts']
}

export function describe(world: ControlWorld): Description {
  return {
    http: world.base(),
    smtp: world.smtp,
    clientId: world.registrations.neutral.clientId,
    apps: world.registrations.all().map(({ clientId, appName, directoryId, secrets }) => ({
      clientId,
      appName,
      directoryId: directoryId ?? null,
      secrets,
    })),
    bornAt: world.state.bornAt.toISOString(),
    mailCount: world.inbox.list({}).length,
    requestCount: world.ledger.list(undefined).total,
    faults: world.faults.list(),
    smtpRefusals: world.mailServer.refusals,
    dnsRecords: [...world.state.dnsRecords.values()],
    customHostnames: [...world.state.customHostnames.values()],
    tenants: world.state.tenants().map((tenant) => describeTenant(world, tenant)),
  }
}

function setRecord(world: ControlWorld, record: DnsRecord): void {
  const key = `${record.type} ${record.name}`
  if (record.values.length === 0) world.state.dnsRecords.delete(key)
  else world.state.dnsRecords.set(key, record)
  world.state.changed()
}

function setHostname(world: ControlWorld, form: URLSearchParams): void {
  const known = world.state.customHostnames.get(form.get('hostname') ?? '')
  if (known === undefined) throw new ImpossibleChange('Cloudflare was not told of this name.')
  known.status = form.get('status') || undefined
  known.sslStatus = form.get('sslStatus') || undefined
  world.state.changed()
}

class NoSuchTenant extends Error {}

function oneTenant(world: ControlWorld, context: Context): Tenant {
  const id = context.req.param('tenantId') ?? ''
  const tenant = world.state.tenant(id)
  if (tenant === undefined) throw new NoSuchTenant(`There is no tenant ${id}.`)
  return tenant
}

function describeTenant(world: ControlWorld, tenant: Tenant): TenantDescription {
  const { permissions } = consentTo(tenant, world.registrations.neutral.clientId)
  return {
    tenantId: tenant.tenantId,
    name: tenant.name,
    domain: tenant.domain,
    userCount: tenant.userCount,
    consented: permissions !== undefined,
    grantedPermissions: permissions ?? [],
    consentedClientIds: Object.keys(tenant.consents).filter((id) => tenant.consents[id]?.permissions !== undefined),
    changeCount: tenant.changes.length,
    deltaEpoch: tenant.deltaEpoch,
    accounts: tenant.accounts,
  }
}

function setConsent(
  world: ControlWorld,
  tenant: Tenant,
  { granted, without, clientId }: { granted: boolean; without: string[]; clientId?: string | undefined },
): void {
  if (granted) {
    const names = applicationPermissions.map(({ name }) => name)
    const consent = consentTo(tenant, clientId ?? world.registrations.neutral.clientId)
    consent.permissions = names.filter((name) => !without.includes(name))
  } else if (clientId === undefined) tenant.consents = {}
  else delete tenant.consents[clientId]
  world.state.changed()
}

async function reset(world: ControlWorld): Promise<void> {
  world.state.reset()
  world.faults.clear()
  world.ledger.clear()
  world.signIns.clear()
  world.lies.clear()
  world.mailServer.refuse({ times: 0, status: 550 })
  await world.inbox.empty()
}

function madeUpAccounts(name: string, domain: string): Tenant['accounts'] {
  return [
    {
      name: `${name} Admin`,
      email: `admin@${domain}`,
      password: 'demo-admin',
      isAdmin: true,
      jobTitle: 'Administrator',
    },
    { name: `${name} Reader`, email: `reader@${domain}`, password: 'demo-reader', isAdmin: false, jobTitle: null },
  ]
}

/** The buttons of the control page. */
async function press(world: ControlWorld, button: string, tenantId: string): Promise<void> {
  if (button === 'reset') return reset(world)
  if (button === 'clear-faults') return world.faults.clear()
  if (button === 'throttle' || button === 'break') {
    const isThrottle = button === 'throttle'
    return world.faults.add({
      tenantId: undefined,
      match: '/graph/',
      kind: 'status',
      status: isThrottle ? 429 : 503,
      retryAfterSeconds: isThrottle ? 5 : undefined,
      times: 5,
    })
  }
  if (button === 'refuse-mail') return world.mailServer.refuse({ times: 1, status: 421 })
  const tenant = world.state.tenant(tenantId)
  if (tenant === undefined) throw new NoSuchTenant(`There is no tenant ${tenantId}.`)
  const directory = world.directories.of(tenant)
  switch (button) {
    case 'grant':
      return setConsent(world, tenant, { granted: true, without: [] })
    case 'withdraw':
      return setConsent(world, tenant, { granted: false, without: [] })
    case 'expire':
      tenant.deltaEpoch += 1
      return world.state.changed()
    case 'add':
      return void applyChanges(directory, { add: 1 }, world.state)
    case 'remove':
      return void applyChanges(directory, { remove: 1 }, world.state)
    case 'degrade':
      return void applyChanges(
        directory,
        { health: { serviceId: 'Exchange', status: 'serviceDegradation' } },
        world.state,
      )
    case 'mend':
      return void applyChanges(
        directory,
        { health: { serviceId: 'Exchange', status: 'serviceOperational' } },
        world.state,
      )
    case 'alert':
      return void applyChanges(
        directory,
        { alert: { title: 'Sign-in from an unfamiliar place', severity: 'high' } },
        world.state,
      )
    default:
      throw new ImpossibleChange(`There is no button ${button}.`)
  }
}
