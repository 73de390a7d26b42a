import { Hono, type Context } from 'hono'
import { randomUUID } from 'node:crypto'
import type { Signing } from '../entra/signing.ts'
import { consentTo, type State, type Tenant } from '../state.ts'
import { deltaPage } from './delta.ts'
import { parseFilter } from './filter.ts'
import { GraphError, graphErrorBody } from './graph-error.ts'
import { groupDeltaPage } from './groups.ts'
import { hasEntraP1 } from './licence-plan.ts'
import { organization } from './organization.ts'
import type { Person } from './people.ts'
import { alerts, scoreControlProfiles, secureScores } from './security.ts'
import { serviceHealth } from './service-health.ts'
import { companySubscriptions, subscribedSkus } from './subscriptions.ts'
import type { TenantDirectories, TenantDirectory } from './tenant-directory.ts'
import { deltaResource, parseExpand, parseSelect, userResource } from './user-shape.ts'

type World = { state: State; signing: Signing; directories: TenantDirectories; base: () => string }
type Variables = { tenant: Tenant; permissions: string[]; directory: TenantDirectory }
type GraphContext = Context<{ Variables: Variables }>

const mediaType = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

/** Stands in for https://graph.microsoft.com: the reads that Portico makes, in Graph's wire format. */
export function graph(world: World): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>()
  const root = (): string => `${world.base()}/graph/v1.0`

  app.use(async (context, next) => {
    context.header('request-id', randomUUID())
    context.header('client-request-id', context.req.header('client-request-id') ?? randomUUID())
    context.header('strict-transport-security', 'max-age=31536000')
    context.header('cache-control', 'no-store, no-cache')
    context.header('odata-version', '4.0')
    const { tenant, permissions } = await callerIn(world, context.req.header('authorization'))
    context.set('permissions', permissions)
    context.set('tenant', tenant)
    context.set('directory', world.directories.of(tenant))
    await next()
  })

  app.get('/v1.0/organization', (context) => {
    requires(context, 'Organization.Read.All')
    return collection(context, root(), 'organization', [organization(context.get('tenant'))])
  })

  const usersDelta = (context: GraphContext): Response => {
    requires(context, 'User.Read.All')
    const select = context.req.query('$select') ?? null
    if (select?.split(',').includes('signInActivity') === true) {
      throw new GraphError(
        400,
        'Request_BadRequest',
        'The property signInActivity cannot be selected in a delta query.',
      )
    }
    const token = context.req.query('$deltatoken') ?? context.req.query('$skiptoken')
    const restartAt = `${root()}/users/delta?$deltatoken=`
    const isRestart = token === ''
    const page = deltaPage(
      context.get('directory'),
      isRestart ? undefined : token,
      parseSelect(select),
      world.state.now(),
      restartAt,
    )
    const value = page.items.map((item) =>
      'removed' in item ? { id: item.id, '@removed': { reason: item.removed } } : deltaResource(item, page.select),
    )
    const link = `${root()}/users/delta?$${page.next.kind}=${page.next.token}`
    return json(context, {
      '@odata.context': `${root()}/$metadata#users${selection(page.select)}`,
      [page.next.kind === 'skiptoken' ? '@odata.nextLink' : '@odata.deltaLink']: link,
      value,
    })
  }
  app.get('/v1.0/users/delta', usersDelta)
  app.get('/v1.0/users/delta()', usersDelta)

  const groupsDelta = (context: GraphContext): Response => {
    requires(context, 'GroupMember.Read.All')
    const token = context.req.query('$deltatoken') ?? context.req.query('$skiptoken')
    const restartAt = `${root()}/groups/delta?$deltatoken=`
    const page = groupDeltaPage(
      context.get('directory'),
      token === '' ? undefined : token,
      world.state.now(),
      restartAt,
    )
    const link = `${root()}/groups/delta?$${page.next.kind}=${page.next.token}`
    return json(context, {
      '@odata.context': `${root()}/$metadata#groups`,
      [page.next.kind === 'skiptoken' ? '@odata.nextLink' : '@odata.deltaLink']: link,
      value: page.items,
    })
  }
  app.get('/v1.0/groups/delta', groupsDelta)
  app.get('/v1.0/groups/delta()', groupsDelta)

  app.get('/v1.0/users', (context) => {
    requires(context, 'User.Read.All')
    const select = parseSelect(context.req.query('$select') ?? null)
    const hasActivity = select?.includes('signInActivity') === true
    if (hasActivity) requireSignInActivity(context)
    const expanded = parseExpand(context.req.query('$expand'))
    const asked = pageSize(context, 100, hasActivity ? 500 : 999)
    // However many are asked for ("Known issues with Microsoft Graph", 13635).
    const top = expanded === undefined ? asked : Math.min(asked, 100)
    const filter = parseFilter(context.req.query('$filter'))
    const directory = context.get('directory')
    let place = readSkipToken(context)
    const value: Record<string, unknown>[] = []
    for (; value.length < top && place < directory.placeCount; place += 1) {
      const person = directory.person(place)
      if (person === undefined || !filter(person)) continue
      const manager = expanded === undefined ? undefined : directory.managerOf(person)
      value.push({
        ...userResource(person, select),
        ...(manager === undefined ? {} : { manager: { '@odata.type': '#microsoft.graph.user', id: manager.id } }),
      })
    }
    const properties = expanded === undefined ? select : [...(select ?? []), `${expanded}(id)`]
    return json(context, {
      '@odata.context': `${root()}/$metadata#users${selection(properties)}`,
      ...(place < directory.placeCount ? { '@odata.nextLink': usersLink(context, root(), place) } : {}),
      value,
    })
  })

  app.get('/v1.0/users/:id', (context) => {
    requires(context, 'User.Read.All')
    const asked = context.req.query('$select')?.split(',') ?? []
    const hasSettings = asked.includes('mailboxSettings')
    // Of one person alone: a list of people knows no such property.
    const others = asked.filter((name) => name !== 'mailboxSettings').join(',')
    const select = hasSettings && others === '' ? ['id'] : parseSelect(others)
    if (select?.includes('signInActivity') === true) requireSignInActivity(context)
    const id = context.req.param('id')
    const person = context.get('directory').find(id)
    if (person === undefined) {
      throw new GraphError(
        404,
        'Request_ResourceNotFound',
        `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      )
    }
    if (hasSettings) requireMailbox(context, person)
    return json(context, {
      '@odata.context': `${root()}/$metadata#users${selection(hasSettings ? asked : select)}/$entity`,
      ...userResource(person, select),
      ...(hasSettings ? { mailboxSettings: { userPurpose: person.mailboxPurpose } } : {}),
    })
  })

  app.get('/v1.0/subscribedSkus', (context) => {
    requires(context, 'Organization.Read.All')
    const tenant = context.get('tenant')
    return collection(context, root(), 'subscribedSkus', subscribedSkus(tenant, context.get('directory').seats()))
  })

  app.get('/v1.0/directory/subscriptions', (context) => {
    requires(context, 'Organization.Read.All')
    const seats = context.get('directory').seats()
    const value = companySubscriptions(context.get('tenant'), seats, world.state.bornAt, world.state.now())
    return collection(context, root(), 'directory/subscriptions', value)
  })

  app.get('/v1.0/security/secureScores', (context) => {
    requires(context, 'SecurityEvents.Read.All')
    const seats = context.get('directory').seats()
    const licensed = seats.filter((seat) => !seat.isFree).reduce((sum, seat) => sum + seat.assignedCount, 0)
    const scores = secureScores(context.get('tenant'), licensed, world.state.now())
    return paged(context, root(), 'security/secureScores', 'Security/secureScores', scores)
  })

  app.get('/v1.0/security/secureScoreControlProfiles', (context) => {
    requires(context, 'SecurityEvents.Read.All')
    const profiles = scoreControlProfiles(context.get('tenant'), world.state.bornAt)
    const name = 'Security/secureScoreControlProfiles'
    return paged(context, root(), 'security/secureScoreControlProfiles', name, profiles)
  })

  app.get('/v1.0/security/alerts_v2', (context) => {
    requires(context, 'SecurityAlert.Read.All')
    const filter = parseFilter(context.req.query('$filter'))
    const found = alerts(context.get('tenant'), world.state.bornAt, world.state.now()).filter(filter)
    return paged(context, root(), 'security/alerts_v2', 'security/alerts_v2', found)
  })

  app.get('/v1.0/admin/serviceAnnouncement/healthOverviews', (context) => {
    requires(context, 'ServiceHealth.Read.All')
    const { overviews, issues } = serviceHealth(context.get('tenant'), world.state.bornAt)
    const isExpanded = context.req.query('$expand')?.startsWith('issues') === true
    const value = isExpanded
      ? overviews.map((overview) => ({
          ...overview,
          issues: issues.filter((issue) => issue.service === overview.service),
        }))
      : overviews
    const name = `admin/serviceAnnouncement/healthOverviews${isExpanded ? '(issues())' : ''}`
    return collection(context, root(), name, value)
  })

  app.get('/v1.0/admin/serviceAnnouncement/issues', (context) => {
    requires(context, 'ServiceHealth.Read.All')
    const filter = parseFilter(context.req.query('$filter'))
    const { issues } = serviceHealth(context.get('tenant'), world.state.bornAt)
    return paged(
      context,
      root(),
      'admin/serviceAnnouncement/issues',
      'admin/serviceAnnouncement/issues',
      issues.filter(filter),
    )
  })

  app.all('*', (context) => {
    const segment = new URL(context.req.url).pathname.split('/').at(-1) ?? ''
    throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`)
  })
  app.onError((error, context) => {
    if (error instanceof GraphError) return failure(context, error, world.state.now())
    console.error(error)
    return failure(context, new GraphError(500, 'InternalServerError', 'The sandbox failed.'), world.state.now())
  })
  return app
}

/** The tenant that a token is for, and what its app may there at this moment. */
async function callerIn(
  world: World,
  authorization: string | undefined,
): Promise<{ tenant: Tenant; permissions: string[] }> {
  const unauthenticated = (message: string): GraphError =>
    new GraphError(401, 'InvalidAuthenticationToken', message, {
      'www-authenticate':
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
    })
  if (authorization === undefined) throw unauthenticated('Access token is empty.')
  const [scheme, token] = authorization.split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) throw unauthenticated('Access token is empty.')
  const caller = await world.signing.readAppToken(token, world.state.now())
  if (caller === undefined) throw unauthenticated('Lifetime validation failed, the token is expired or not valid.')
  const tenant = world.state.tenant(caller.tenantId)
  const permissions = tenant === undefined ? undefined : consentTo(tenant, caller.clientId).permissions
  if (tenant === undefined || permissions === undefined) {
    throw new GraphError(
      401,
      'Authorization_IdentityNotFound',
      'The identity of the calling application could not be established.',
    )
  }
  return { tenant, permissions }
}

function requires(context: GraphContext, permission: string): void {
  if (context.get('permissions').includes(permission)) return
  throw new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
}

function requireSignInActivity(context: GraphContext): void {
  requires(context, 'AuditLog.Read.All')
  if (hasEntraP1(context.get('tenant'))) return
  throw new GraphError(
    403,
    'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    'Neither tenant is B2C or tenant doesn’t have premium license',
  )
}

/** Exchange answers for mailboxes, in words of its own. */
function requireMailbox(context: GraphContext, { mail }: Person): void {
  if (!context.get('permissions').includes('MailboxSettings.Read')) {
    throw new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
  }
  if (mail === null) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    )
  }
}

function pageSize(context: GraphContext, otherwise: number, max: number): number {
  const text = context.req.query('$top')
  if (text === undefined) return otherwise
  const top = Number(text)
  if (!Number.isInteger(top) || top < 1 || top > max) {
    throw new GraphError(
      400,
      'Request_BadRequest',
      `Invalid page size specified: '${text}'. Must be between 1 and ${max} inclusive.`,
    )
  }
  return top
}

function readSkipToken(context: GraphContext): number {
  const token = context.req.query('$skiptoken')
  if (token === undefined) return 0
  const place = Number(Buffer.from(token, 'base64url').toString('utf8'))
  if (!Number.isInteger(place) || place < 0) {
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    )
  }
  return place
}

function usersLink(context: GraphContext, root: string, place: number): string {
  const parameters = ['$select', '$expand', '$top', '$filter']
    .map((name) => ({ name, value: context.req.query(name) }))
    .filter((parameter) => parameter.value !== undefined)
    .map((parameter) => `${parameter.name}=${encodeURIComponent(parameter.value ?? '')}`)
  const token = Buffer.from(String(place)).toString('base64url')
  return `${root}/users?${[...parameters, `$skiptoken=${token}`].join('&')}`
}

function selection(select: string[] | undefined): string {
  return select === undefined ? '' : `(${select.join(',')})`
}

function collection(context: GraphContext, root: string, name: string, value: object[]): Response {
  return json(context, { '@odata.context': `${root}/$metadata#${name}`, value })
}

/** `$top` and `$skip` over a list; with more to come there is a next link, also when few were asked for. */
function paged(context: GraphContext, root: string, path: string, name: string, all: object[]): Response {
  const top = pageSize(context, all.length === 0 ? 1 : all.length, 1000)
  const skip = Math.max(0, Number(context.req.query('$skip') ?? 0) || 0)
  const hasMore = skip + top < all.length
  return json(context, {
    '@odata.context': `${root}/$metadata#${name}`,
    ...(hasMore ? { '@odata.nextLink': `${root}/${path}?$top=${top}&$skip=${skip + top}` } : {}),
    value: all.slice(skip, skip + top),
  })
}

function json(context: Context, body: object): Response {
  return context.body(JSON.stringify(body), 200, { 'content-type': mediaType })
}

function failure(context: Context, error: GraphError, now: Date): Response {
  const body = graphErrorBody(error.code, error.message, now, context.res.headers.get('request-id') ?? randomUUID())
  return context.body(JSON.stringify(body), error.status as 400, {
    'content-type': 'application/json',
    ...error.headers,
  })
}
