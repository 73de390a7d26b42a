import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account, CastTenant } from './cast.ts'
import { applicationPermissions } from './entra/permissions.ts'

/** Facts about a person that a change may overwrite. */
export type PersonFacts = {
  displayName?: string
  givenName?: string
  surname?: string
  jobTitle?: string | null
  accountEnabled?: boolean
  skuIds?: string[]
  /** By id; null: nobody. */
  managerId?: string | null
}

export type PersonChange = {
  /** Counts up by one per change in a tenant; delta tokens point between two of them. */
  sequence: number
  index: number
} & ({ kind: 'added' } | { kind: 'set'; facts: PersonFacts } | { kind: 'removed'; reason: 'changed' | 'deleted' })

/** What happened to a group; who joins or leaves is named by their place. */
export type GroupEvent = { name: string } & (
  | { kind: 'joined' | 'left'; place: number }
  | { kind: 'created'; groupKind: 'distribution' | 'microsoft_365' | 'security' | 'mail_enabled_security' }
  | { kind: 'deleted' }
)

export type AddedAlert = { id: string; title: string; severity: string; createdAt: string }
export type ServiceIncident = { id: string; serviceId: string; status: string; title: string; startedAt: string }

/** Consent belongs to app × tenant. */
export type Consent = {
  /** The application permissions an administrator granted; undefined while the app is no part of the tenant. */
  permissions: string[] | undefined
  /** People (by id) who agreed for themselves to sign in. */
  userIds: string[]
}

export function consentTo(tenant: Tenant, clientId: string): Consent {
  return (tenant.consents[clientId] ??= { permissions: undefined, userIds: [] })
}

/** The apps that tenants know from the start: the neutral one, and each MSP's own in the tenant it is registered in. */
export type KnownApps = { neutralClientId: string; own: { clientId: string; directoryId: string }[] }

/** One Microsoft tenant as the sandbox remembers it. People are generated; only what differs is kept. */
export type Tenant = {
  tenantId: string
  name: string
  domain: string
  userCount: number
  createdAt: string
  /** What was consented to which app, by client id. */
  consents: Record<string, Consent>
  accounts: Account[]
  /** Raised to make every delta token of the tenant too old. */
  deltaEpoch: number
  changes: PersonChange[]
  /** In the order in which they happened. */
  groupEvents?: GroupEvent[]
  /** Bought seats added or taken away, by SKU part number. */
  seatChanges: Record<string, number>
  addedAlerts: AddedAlert[]
  resolvedAlertIds: string[]
  /** The state of a service set by hand, by service id; overrides the generated one. */
  incidents: Record<string, ServiceIncident>
}

/** Records of the DNS that were set here, by name and type. */
export type DnsRecord = { name: string; type: 'TXT' | 'CNAME' | 'A' | 'AAAA'; values: string[] }
/** A name at Cloudflare; what is not set by hand follows from the DNS. */
export type CustomHostname = {
  id: string
  hostname: string
  createdAt: string
  status: string | undefined
  sslStatus: string | undefined
  errors: string[]
}

/** How consent was kept while there was one app only. */
type FormerTenant = { grantedPermissions?: string[]; consentedUserIds?: string[] }

type StateFile = {
  version: 1
  bornAt: string
  tenants: (Omit<Tenant, 'consents'> & { consents?: Tenant['consents'] } & FormerTenant)[]
  dnsRecords?: DnsRecord[]
  brokenZones?: string[]
  customHostnames?: CustomHostname[]
}

/** What the outside world remembers: kept in one JSON file, written a moment after a change and on close. */
export class State {
  readonly folder: string
  readonly now: () => Date
  readonly #path: string
  readonly #cast: CastTenant[]
  readonly #apps: KnownApps
  #bornAt: string
  #tenants = new Map<string, Tenant>()
  /** By `TYPE name`. */
  readonly dnsRecords = new Map<string, DnsRecord>()
  /** Names whose own servers fail. */
  readonly brokenZones = new Set<string>()
  /** By name. */
  readonly customHostnames = new Map<string, CustomHostname>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  private constructor(folder: string, cast: CastTenant[], apps: KnownApps, now: () => Date) {
    this.folder = folder
    this.now = now
    this.#path = join(folder, 'world.json')
    this.#cast = cast
    this.#apps = apps
    this.#bornAt = now().toISOString()
  }

  static async open(folder: string, cast: CastTenant[], apps: KnownApps, now: () => Date): Promise<State> {
    await mkdir(folder, { recursive: true })
    const state = new State(folder, cast, apps, now)
    const stored = await readJson<StateFile>(state.#path)
    if (stored !== undefined) {
      state.#bornAt = stored.bornAt
      for (const record of stored.dnsRecords ?? []) state.dnsRecords.set(`${record.type} ${record.name}`, record)
      for (const name of stored.brokenZones ?? []) state.brokenZones.add(name)
      for (const one of stored.customHostnames ?? []) state.customHostnames.set(one.hostname, one)
      for (const tenant of stored.tenants)
        state.#tenants.set(tenant.tenantId, withConsents(tenant, apps.neutralClientId))
    }
    state.#followCast()
    state.changed()
    return state
  }

  /** When this world began; generated dates hang on it, so that they stay put between restarts. */
  get bornAt(): Date {
    return new Date(this.#bornAt)
  }

  tenants(): Tenant[] {
    return [...this.#tenants.values()]
  }

  /** Finds a tenant by its id or by its domain, in any casing. */
  tenant(idOrDomain: string): Tenant | undefined {
    const wanted = idOrDomain.toLowerCase()
    return this.#tenants.get(wanted) ?? this.tenants().find((tenant) => tenant.domain === wanted)
  }

  addTenant(tenant: CastTenant): Tenant {
    const added = freshTenant(tenant, this.#apps, this.now())
    this.#tenants.set(added.tenantId, added)
    this.changed()
    return added
  }

  /** Forgets every change and every made-up tenant; the cast is as it was on the first day. */
  reset(): void {
    this.#tenants.clear()
    this.dnsRecords.clear()
    this.brokenZones.clear()
    this.customHostnames.clear()
    this.#bornAt = this.now().toISOString()
    this.#followCast()
    this.changed()
  }

  /** Says that something was changed; it reaches the disk shortly after. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => console.error(error))
    }, 200).unref()
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const file: StateFile = {
      version: 1,
      bornAt: this.#bornAt,
      tenants: this.tenants(),
      dnsRecords: [...this.dnsRecords.values()],
      brokenZones: [...this.brokenZones],
      customHostnames: [...this.customHostnames.values()],
    }
    const content = JSON.stringify(file)
    this.#writing = this.#writing.then(() => writeAtomically(this.#path, content))
    await this.#writing
  }

  /** New tenants of the cast appear; the names and passwords of known ones follow the cast. */
  #followCast(): void {
    for (const tenant of this.#cast) {
      const known = this.#tenants.get(tenant.tenantId)
      if (known === undefined) this.#tenants.set(tenant.tenantId, freshTenant(tenant, this.#apps, this.now()))
      else Object.assign(known, { name: tenant.name, domain: tenant.domain, accounts: tenant.accounts })
    }
    for (const { clientId, directoryId } of this.#apps.own) {
      const home = this.#tenants.get(directoryId)
      // Part of its own tenant, but allowed nothing there yet.
      if (home !== undefined) consentTo(home, clientId).permissions ??= []
    }
  }
}

function withConsents(
  { grantedPermissions, consentedUserIds, ...tenant }: StateFile['tenants'][number],
  neutralClientId: string,
): Tenant {
  const former = { permissions: grantedPermissions, userIds: consentedUserIds ?? [] }
  return { ...tenant, consents: tenant.consents ?? { [neutralClientId]: former } }
}

function freshTenant(tenant: CastTenant, { neutralClientId }: KnownApps, now: Date): Tenant {
  return {
    tenantId: tenant.tenantId.toLowerCase(),
    name: tenant.name,
    domain: tenant.domain.toLowerCase(),
    userCount: tenant.userCount,
    createdAt: now.toISOString(),
    consents: tenant.consented
      ? { [neutralClientId]: { permissions: applicationPermissions.map(({ name }) => name), userIds: [] } }
      : {},
    accounts: tenant.accounts,
    deltaEpoch: 0,
    changes: [],
    seatChanges: {},
    addedAlerts: [],
    resolvedAlertIds: [],
    incidents: {},
  }
}

export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** A reader sees the old content or the new, never half of it. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`
  try {
    await writeFile(temporary, content, { mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
