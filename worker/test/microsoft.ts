import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { now } from '../clock.ts'
import { environment, isForShard } from './stage.ts'

/**
 * Microsoft for feature tests, inside the test's own isolate: Entra (discovery, consent, sign-in, tokens, keys) and
 * Graph (what a sync reads) for as many tenants as a test makes. It takes the place of the global fetch, answers only
 * what was asked of ENTRA_URL and GRAPH_URL, and lets nothing else out.
 */

export type Person = {
  id: string
  displayName: string
  userPrincipalName: string
  jobTitle: string | null
  mail?: string | null
  department?: string | null
  userType: 'Member' | 'Guest'
  accountEnabled: boolean
  assignedLicenses: { skuId: string }[]
  /** When they last signed in; undefined: Microsoft says nothing of it. */
  lastSignInDateTime?: string
  /** By id; undefined: nobody. */
  managerId?: string
  /** What the mailbox is for; undefined: there is none. */
  userPurpose?: string
}

/** A group as Graph lists it; `members` by id. */
export type Group = {
  id: string
  displayName: string
  mail: string | null
  mailEnabled: boolean
  securityEnabled: boolean
  groupTypes: string[]
  members: string[]
}

export type Sku = { skuId: string; skuPartNumber: string; consumedUnits: number; enabled: number }

/** What a sign-in at Microsoft turns into; each part can be made to lie. */
export type SignIn = {
  /** Of which tenant somebody is who chooses their account at the address for all of them. */
  tenantId?: string
  claims?: Record<string, unknown>
  alg?: 'RS256' | 'HS256' | 'none'
  signedBy?: 'microsoft' | 'somebody else'
  lifetimeSeconds?: number
}

export type Asked = { method: string; url: URL; body: URLSearchParams; headers: Headers }
/** Answers in Microsoft's place; `ordinary` is what it would have answered itself. */
export type Answerer = (asked: Asked, ordinary: () => Promise<Response>) => Response | Promise<Response>

export type MicrosoftTenant = {
  tenantId: string
  domain: string
  name: string
  /** To the deployment's own application. */
  consented: boolean
  /** The client ids of MSPs' own applications that an administrator consented to. */
  consentedTo: Set<string>
  people: Map<string, Person>
  pageSize: number
  /** Ends a full list of people with neither a next page nor an end. */
  breaksOff: boolean
  /** Takes the place of the pages of a full read: ids of people, who may stand there twice, or nobody. */
  fullPages: string[][] | undefined
  skus: Sku[]
  subscriptions: unknown[]
  scores: unknown[]
  alerts: unknown[]
  services: unknown[]
  issues: unknown[]
  controls: unknown[]
  /** The groups that a full read lists, so many links to members a page. */
  groups: Group[]
  linksPerPage: number
  /** What the next delta of groups lists, as Graph writes it. */
  groupChanges: unknown[]
  /** Without Entra ID P1 there is no sign-in activity. */
  hasEntraP1: boolean
  join: (...people: Person[]) => void
  change: (id: string, set: Partial<Person>) => void
  leave: (...ids: string[]) => void
  /** Every delta and page token given out so far is answered with 410 from now on. */
  expireTokens: () => void
}

export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
export const BUSINESS_PREMIUM = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46'
export const POWER_AUTOMATE_FREE = 'f30db892-07e9-47e9-837c-80727f46fd3d'

/** Somebody whose name, address and id all say which one: `person(7)`. */
export const person = (number: number, more: Partial<Person> = {}): Person => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  displayName: `Person ${number}`,
  userPrincipalName: `person${number}@tenant.example`,
  jobTitle: 'Carpenter',
  userType: 'Member',
  accountEnabled: true,
  assignedLicenses: [],
  ...more,
})

/** A distribution list of these people. */
export const distributionList = (number: number, members: string[], more: Partial<Group> = {}): Group => ({
  id: `99999999-0000-4000-8000-${String(number).padStart(12, '0')}`,
  displayName: `List ${number}`,
  mail: `list${number}@tenant.example`,
  mailEnabled: true,
  securityEnabled: false,
  groupTypes: [],
  members,
  ...more,
})

export const people = (count: number, more: Partial<Person> = {}): Person[] =>
  Array.from({ length: count }, (_, position) => person(position + 1, more))

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers })

export const throttled = (retryAfterSeconds: number): Response =>
  json({ error: { code: 'TooManyRequests' } }, 429, { 'retry-after': String(retryAfterSeconds) })
export const unavailable = (): Response => json({ error: { code: 'serviceNotAvailable' } }, 503)
export const notAllowed = (): Response => json({ error: { code: 'Authorization_RequestDenied' } }, 403)
export const brokenJson = (): Response => new Response('{"value":[{"id":"', { status: 200 })
export const dropped = (): never => {
  throw new TypeError('Network connection lost.')
}

const signing = await generateKeyPair('RS256', { extractable: true })
const strangersKey = await generateKeyPair('RS256', { extractable: true })

/** An application that an MSP registered. `expired`: its secret is right, and too old. */
export type RegisteredApp = { clientId: string; clientSecret: string; expired: boolean }

type Grant = {
  tenantId: string
  clientId: string
  nonce: string
  challenge: string
  redirectUri: string
  signIn: SignIn
}
type Interruption = { match: (asked: Asked) => boolean; answer: Answerer; timesLeft: number }

/** Takes the place of the global fetch for the rest of the file, since storage and isolate are the file's own too. */
export const startMicrosoft = () => {
  const tenants = new Map<string, MicrosoftTenant & { epoch: number; log: string[] }>()
  const grants = new Map<string, Grant>()
  const neutral = { clientId: environment.MICROSOFT_CLIENT_ID, clientSecret: environment.MICROSOFT_CLIENT_SECRET }
  const apps = new Map<string, RegisteredApp>([[neutral.clientId, { ...neutral, expired: false }]])
  const asked: Asked[] = []
  let interruptions: Interruption[] = []
  const entra = new URL(environment.ENTRA_URL)
  const graph = new URL(environment.GRAPH_URL)

  const tenantNamed = (name: string) =>
    [...tenants.values()].find(({ tenantId, domain }) => tenantId === name || domain === name)

  const answer = async (one: Asked): Promise<Response> => {
    asked.push(one)
    const interruption = interruptions.find(({ match }) => match(one))
    if (interruption !== undefined) {
      interruption.timesLeft -= 1
      interruptions = interruptions.filter(({ timesLeft }) => timesLeft > 0)
      return interruption.answer(one, () => ordinarily(one))
    }
    return ordinarily(one)
  }

  const ordinarily = async (one: Asked): Promise<Response> => {
    if (one.url.origin === entra.origin) return answerOfEntra(one)
    if (one.url.origin === graph.origin) return answerOfGraph(one)
    throw new Error(`A test reached for ${one.url.origin}.`)
  }

  const answerOfEntra = async ({ url, body }: Asked): Promise<Response> => {
    const [, name = '', ...path] = url.pathname.split('/')
    if (name === 'organizations' && path.join('/') === 'oauth2/v2.0/token') return redeemed(body)
    const tenant = tenantNamed(name)
    if (tenant === undefined) return json({ error: 'invalid_tenant', error_codes: [90002] }, 400)
    switch (path.join('/')) {
      case 'v2.0/.well-known/openid-configuration':
        return json({ issuer: `${entra.origin}/${tenant.tenantId}/v2.0` })
      case 'discovery/v2.0/keys':
        return json({ keys: [{ ...(await exportJWK(signing.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }] })
      case 'oauth2/v2.0/token':
        return body.get('grant_type') === 'client_credentials' ? appToken(tenant, body) : redeemed(body)
      default:
        return json({ error: 'not_found' }, 404)
    }
  }

  const hasConsent = (tenant: MicrosoftTenant, clientId: string) =>
    clientId === neutral.clientId ? tenant.consented : tenant.consentedTo.has(clientId)

  /** Undefined for an application that shows the secret it has. */
  const refusedClient = (body: URLSearchParams): Response | undefined => {
    const app = apps.get(body.get('client_id') ?? '')
    if (app === undefined)
      return json({ error: 'unauthorized_client', error_description: 'AADSTS700016: Not found.' }, 400)
    if (app.clientSecret !== body.get('client_secret'))
      return json({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' }, 401)
    return app.expired
      ? json({ error: 'invalid_client', error_description: 'AADSTS7000222: The client secret expired.' }, 401)
      : undefined
  }

  const appToken = (tenant: MicrosoftTenant, body: URLSearchParams): Response => {
    const refused = refusedClient(body)
    if (refused !== undefined) return refused
    const clientId = body.get('client_id') ?? ''
    return hasConsent(tenant, clientId)
      ? json({ token_type: 'Bearer', expires_in: 3599, access_token: `app-token-of-${tenant.tenantId}.${clientId}` })
      : json({ error: 'unauthorized_client', error_description: 'AADSTS700016: Not found.' }, 400)
  }

  const redeemed = async (body: URLSearchParams): Promise<Response> => {
    const refused = refusedClient(body)
    if (refused !== undefined) return refused
    const grant = grants.get(body.get('code') ?? '')
    grants.delete(body.get('code') ?? '')
    const isHis =
      grant !== undefined &&
      grant.redirectUri === body.get('redirect_uri') &&
      grant.clientId === body.get('client_id') &&
      grant.challenge === (await challengeOf(body.get('code_verifier') ?? ''))
    if (!isHis) return json({ error: 'invalid_grant' }, 400)
    return json({ token_type: 'Bearer', expires_in: 3599, access_token: 'user-token', id_token: await idToken(grant) })
  }

  const idToken = async ({ tenantId, clientId, nonce, signIn }: Grant): Promise<string> => {
    const issuedAt = Math.floor(Date.now() / 1000)
    const claims = {
      iss: `${entra.origin}/${tenantId}/v2.0`,
      aud: clientId,
      sub: 'subject',
      iat: issuedAt,
      exp: issuedAt + (signIn.lifetimeSeconds ?? 3600),
      nonce,
      tid: tenantId,
      oid: '99999999-0000-4000-8000-000000000001',
      name: 'Ada Admin',
      wids: [GLOBAL_ADMINISTRATOR],
      ...signIn.claims,
    }
    if (signIn.alg === 'none') return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`
    // Signed with what anybody can fetch, for a reader who lets a token choose how it is read.
    if (signIn.alg === 'HS256') {
      const published = new TextEncoder().encode(JSON.stringify(await exportJWK(signing.publicKey)))
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key-1' }).sign(published)
    }
    const { privateKey } = signIn.signedBy === 'somebody else' ? strangersKey : signing
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(privateKey)
  }

  const answerOfGraph = ({ url, headers }: Asked): Response => {
    const [tenantId = '', clientId = ''] = (headers.get('authorization') ?? '')
      .replace('Bearer app-token-of-', '')
      .split('.')
    const tenant = tenants.get(tenantId)
    if (tenant === undefined || !hasConsent(tenant, clientId))
      return json({ error: { code: 'InvalidAuthenticationToken' } }, 401)
    switch (url.pathname.slice(graph.pathname.length)) {
      case '/users/delta':
        return peoplePage(tenant, url)
      case '/users':
        return url.searchParams.has('$expand') ? managerPage(tenant, url) : signInPage(tenant, url)
      case '/groups/delta':
        return groupPage(tenant, url)
      case '/security/secureScoreControlProfiles':
        return json({ value: tenant.controls })
      case '/admin/serviceAnnouncement/issues':
        return json({ value: tenant.issues })
      case '/subscribedSkus':
        return json({ value: tenant.skus.map(wireSku) })
      case '/directory/subscriptions':
        return json({ value: tenant.subscriptions })
      case '/security/secureScores':
        return json({ value: tenant.scores })
      case '/security/alerts_v2':
        return json({ value: tenant.alerts })
      case '/admin/serviceAnnouncement/healthOverviews':
        return json({ value: tenant.services })
      case '/organization':
        return json({
          value: [{ displayName: tenant.name, verifiedDomains: [{ name: tenant.domain, isDefault: true }] }],
        })
      default:
        return mailbox(tenant, url)
    }
  }

  const mailbox = (tenant: MicrosoftTenant, url: URL): Response => {
    const { id, userPurpose } = tenant.people.get(url.pathname.split('/users/')[1] ?? '') ?? {}
    return userPurpose === undefined
      ? json({ error: { code: 'Request_ResourceNotFound' } }, 404)
      : json({ id, mailboxSettings: { userPurpose } })
  }

  /** A token says which epoch it is of, since when changes are wanted (`full`: everybody), and where its page begins. */
  const peoplePage = (tenant: MicrosoftTenant & { epoch: number; log: string[] }, url: URL): Response => {
    const token = url.searchParams.get('$skiptoken') ?? url.searchParams.get('$deltatoken')
    const [epoch, since = 'full', until, page = '0'] = token?.split('.') ?? [String(tenant.epoch)]
    if (epoch !== String(tenant.epoch)) return json({ error: { code: 'syncStateNotFound' } }, 410)
    const end = until === undefined || until === '' ? String(tenant.log.length) : until
    const pages = since === 'full' ? fullPagesOf(tenant) : inPages(changedSince(tenant, Number(since)), tenant.pageSize)
    const address = `${environment.GRAPH_URL}/users/delta`
    const isLast = Number(page) + 1 >= pages.length
    if (isLast && since === 'full' && tenant.breaksOff) return json({ value: pages[Number(page)] ?? [] })
    const link = isLast
      ? { '@odata.deltaLink': `${address}?$deltatoken=${epoch}.${end}` }
      : { '@odata.nextLink': `${address}?$skiptoken=${epoch}.${since}.${end}.${Number(page) + 1}` }
    return json({ value: pages[Number(page)] ?? [], ...link })
  }

  const signInPage = (tenant: MicrosoftTenant, url: URL): Response => {
    if (!tenant.hasEntraP1)
      return json({ error: { code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant' } }, 403)
    return everybodyPage(tenant, url, '$select=id,signInActivity', ({ id, lastSignInDateTime }) => ({
      id,
      ...(lastSignInDateTime === undefined ? {} : { signInActivity: { lastSignInDateTime } }),
    }))
  }

  const managerPage = (tenant: MicrosoftTenant, url: URL): Response =>
    everybodyPage(tenant, url, '$select=id&$expand=manager($select=id)', ({ id, managerId }) => ({
      id,
      ...(managerId === undefined ? {} : { manager: { '@odata.type': '#microsoft.graph.user', id: managerId } }),
    }))

  const everybodyPage = (
    tenant: MicrosoftTenant,
    url: URL,
    query: string,
    rowOf: (person: Person) => object,
  ): Response => {
    const from = Number(url.searchParams.get('$skiptoken') ?? 0)
    const next = from + tenant.pageSize
    const link = `${environment.GRAPH_URL}/users?${query}&$skiptoken=${next}`
    const value = [...tenant.people.values()].slice(from, next).map(rowOf)
    return json({ value, ...(next < tenant.people.size ? { '@odata.nextLink': link } : {}) })
  }

  /** Of a group that does not fit on a page, the next ones name nothing but its id and further members. */
  const groupPage = (tenant: MicrosoftTenant & { epoch: number }, url: URL): Response => {
    const token = url.searchParams.get('$skiptoken') ?? url.searchParams.get('$deltatoken')
    const [epoch, at = '0'] = token?.split('.') ?? [String(tenant.epoch)]
    if (epoch !== String(tenant.epoch)) return json({ error: { code: 'syncStateNotFound' } }, 410)
    const address = `${environment.GRAPH_URL}/groups/delta`
    const end = { '@odata.deltaLink': `${address}?$deltatoken=${epoch}.end` }
    if (at === 'end') return json({ value: tenant.groupChanges, ...end })
    const pages = tenant.groups.flatMap(({ members, ...group }) =>
      inPages(members, tenant.linksPerPage).map((links, page) => ({
        ...(page === 0 ? group : { id: group.id }),
        'members@delta': links.map((id) => ({ '@odata.type': '#microsoft.graph.user', id })),
      })),
    )
    const isLast = Number(at) + 1 >= pages.length
    const link = isLast ? end : { '@odata.nextLink': `${address}?$skiptoken=${epoch}.${Number(at) + 1}` }
    return json({ value: pages.slice(Number(at), Number(at) + 1), ...link })
  }

  const outside = globalThis.fetch
  globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    if (isForShard(input)) return outside(input, init)
    const { url, method, headers } = new Request(input, init)
    const form = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams()
    return answer({ method, url: new URL(url), body: form, headers })
  }

  return {
    asked,
    askedFor: (path: string) => asked.filter(({ url }) => url.pathname.includes(path)),

    /** A tenant whose administrator has consented, and in which nothing is wrong. */
    tenant: (given: { people?: Person[] } & Partial<Omit<MicrosoftTenant, 'people'>> = {}): MicrosoftTenant => {
      const tenantId = crypto.randomUUID()
      const { people: first = people(3), ...more } = given
      const tenant = {
        tenantId,
        domain: `t${tenantId.slice(0, 8)}.example`,
        name: 'Lindqvist Timber AB',
        consented: true,
        consentedTo: new Set<string>(),
        pageSize: 100,
        breaksOff: false,
        fullPages: undefined,
        skus: [
          { skuId: BUSINESS_PREMIUM, skuPartNumber: 'SPB', consumedUnits: 3, enabled: 5 },
          { skuId: POWER_AUTOMATE_FREE, skuPartNumber: 'FLOW_FREE', consumedUnits: 7, enabled: 10_000 },
        ],
        subscriptions: [],
        scores: [],
        alerts: [],
        services: [{ id: 'Exchange', service: 'Exchange Online', status: 'serviceOperational', issues: [] }],
        issues: [],
        controls: [],
        groups: [],
        linksPerPage: 500,
        groupChanges: [],
        hasEntraP1: true,
        ...more,
        people: new Map(first.map((one) => [one.id, one])),
        epoch: 1,
        log: [] as string[],
        join: (...joining: Person[]) => {
          for (const one of joining) tenant.people.set(one.id, one)
          tenant.log.push(...joining.map(({ id }) => id))
        },
        change: (id: string, set: Partial<Person>) => {
          const before = tenant.people.get(id)
          if (before === undefined) throw new Error(`There is nobody ${id} in this tenant.`)
          tenant.people.set(id, { ...before, ...set })
          tenant.log.push(id)
        },
        leave: (...ids: string[]) => {
          for (const id of ids) tenant.people.delete(id)
          tenant.log.push(...ids)
        },
        expireTokens: () => {
          tenant.epoch += 1
        },
      }
      tenants.set(tenantId, tenant)
      return tenant
    },

    /** An application that an MSP has registered in its own tenant, with a secret that is good until it is told to expire. */
    register: (): RegisteredApp => {
      const clientId = crypto.randomUUID()
      const app = { clientId, clientSecret: `value~of~${clientId.slice(0, 8)}`, expired: false }
      apps.set(clientId, app)
      return app
    },

    /** The next requests whose path (with its query) contains `path` are answered by `reply` instead. */
    interrupt: (path: string, reply: Answerer, times = 1): void => {
      const match = ({ url }: Asked) => `${url.pathname}${url.search}`.includes(path)
      interruptions.push({ match, answer: reply, timesLeft: times })
    },
    calm: (): void => {
      interruptions = []
    },

    /** An administrator signs in at the address the Worker sent the browser to; answers where the browser goes next. */
    signIn: (address: string, signIn: SignIn = {}): string => {
      const url = new URL(address)
      const parameter = (name: string) => url.searchParams.get(name) ?? ''
      const code = crypto.randomUUID()
      grants.set(code, {
        clientId: parameter('client_id'),
        tenantId: signIn.tenantId ?? url.pathname.split('/')[1] ?? '',
        nonce: parameter('nonce'),
        challenge: parameter('code_challenge'),
        redirectUri: parameter('redirect_uri'),
        signIn,
      })
      return `${parameter('redirect_uri')}?${new URLSearchParams({ code, state: parameter('state') }).toString()}`
    },
  }
}

export type Microsoft = ReturnType<typeof startMicrosoft>

/** A moment as Microsoft writes it, so many days before now. */
export const daysAgo = (days: number): string => new Date(now() - days * 86_400_000).toISOString()

const fullPagesOf = (tenant: MicrosoftTenant): unknown[][] =>
  tenant.fullPages === undefined
    ? inPages([...tenant.people.values()], tenant.pageSize)
    : tenant.fullPages.map((ids) => ids.map((id) => tenant.people.get(id) ?? { id, '@removed': { reason: 'changed' } }))

const changedSince = (tenant: { people: Map<string, Person>; log: string[] }, since: number): unknown[] =>
  [...new Set(tenant.log.slice(since))].map((id) => tenant.people.get(id) ?? { id, '@removed': { reason: 'changed' } })

const inPages = (rows: unknown[], size: number): unknown[][] =>
  Array.from({ length: Math.max(1, Math.ceil(rows.length / size)) }, (_, page) =>
    rows.slice(page * size, (page + 1) * size),
  )

const wireSku = ({ skuId, skuPartNumber, consumedUnits, enabled }: Sku) => ({
  skuId,
  skuPartNumber,
  consumedUnits,
  appliesTo: 'User',
  capabilityStatus: 'Enabled',
  prepaidUnits: { enabled, warning: 0, suspended: 0 },
})

const part = (value: unknown): string => base64url(new TextEncoder().encode(JSON.stringify(value)))

const challengeOf = async (verifier: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
