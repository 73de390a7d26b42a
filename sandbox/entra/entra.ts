import { Hono, type Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { InteractionDetails } from 'oidc-provider'
import type { Account } from '../cast.ts'
import { consentTo, type State, type Tenant } from '../state.ts'
import { AdminConsent } from './admin-consent.ts'
import { EntraError, unknownTenant } from './entra-error.ts'
import { accountPage, consentPage, messagePage, signInPage } from './pages.ts'
import { sessionCookie, tenantProvider } from './provider.ts'
import { mayRedirectTo, type Registration, type Registrations } from './registration.ts'
import { alreadySent, replay, type NodeBindings } from './replay.ts'
import {
  accountById,
  homeTenant,
  pageCookie,
  Providers,
  readChoice,
  signInTo,
  wrongPassword,
  type Choice,
} from './sign-in.ts'
import type { SignInStore } from './sign-in-store.ts'
import type { Signing } from './signing.ts'
import type { TokenLies } from './token-lies.ts'
import { appToken, authenticateClient, readTokenRequest } from './token.ts'

export type EntraWorld = {
  state: State
  signing: Signing
  registrations: Registrations
  signIns: SignInStore
  lies: TokenLies
  base: () => string
  now: () => Date
}

type Env = { Bindings: NodeBindings }

/** Stands in for https://login.microsoftonline.com. */
export function entra(world: EntraWorld): Hono<Env> {
  const app = new Hono<Env>()
  const providers = new Providers((tenantId) => tenantProvider(tenantId, world))
  const adminConsent = new AdminConsent(world)

  app.get('/:authority/v2.0/.well-known/openid-configuration', (context) => {
    const authority = resolveAuthority(world, context.req.param('authority'))
    return context.json(discoveryDocument(world, authority))
  })

  app.get('/:authority/discovery/v2.0/keys', (context) => {
    const authority = resolveAuthority(world, context.req.param('authority'))
    return context.json({ keys: [world.signing.published(issuerOf(world, authority))] })
  })

  app.post('/:authority/oauth2/v2.0/token', async (context) => {
    const authority = resolveAuthority(world, context.req.param('authority'))
    const request = readTokenRequest(await context.req.text(), context.req.header('authorization'))
    const registration = authenticateClient(request, world.registrations, nameOf(authority))
    context.header('cache-control', 'no-store, no-cache')
    context.header('pragma', 'no-cache')
    const grantType = request.form.get('grant_type') ?? ''
    switch (grantType) {
      case 'client_credentials':
        if (typeof authority === 'string') throw needsTenant(authority)
        return context.json(await appToken(request, registration, authority, world))
      case 'authorization_code': {
        const tenant = typeof authority === 'string' ? tenantOfCode(world, request.form) : authority
        request.form.set('client_id', registration.clientId)
        request.form.set('client_secret', registration.secrets[0]?.value ?? '')
        return toProvider(context, providers, tenant, '/oauth2/v2.0/token', request.form.toString())
      }
      default:
        throw new EntraError(
          400,
          'unsupported_grant_type',
          70003,
          `The app requested an unsupported grant type '${grantType}'.`,
        )
    }
  })

  app.get('/:authority/oauth2/v2.0/authorize', async (context) => {
    const authority = resolveAuthority(world, context.req.param('authority'))
    const { search, searchParams } = new URL(context.req.url)
    const registration = world.registrations.find(searchParams.get('client_id') ?? undefined)
    if (registration === undefined) return unknownAppPage(context, searchParams)
    if (typeof authority !== 'string') {
      return toProvider(context, providers, authority, `/oauth2/v2.0/authorize${search}`, '')
    }
    const known = tenantSignedInTo(context, world, searchParams)
    return known === undefined
      ? context.html(askAccount(context, world, registration, undefined))
      : context.redirect(`/entra/${known.tenantId}/oauth2/v2.0/authorize${search}`, 302)
  })

  app.post('/:authority{organizations|common}/oauth2/v2.0/authorize', async (context) => {
    const query = new URL(context.req.url).searchParams
    const registration = world.registrations.find(query.get('client_id') ?? undefined)
    if (registration === undefined) return unknownAppPage(context, query)
    const choice = readChoice(await context.req.text())
    if (choice.do === 'cancel') return cancelled(context, registration, query)
    const tenant = homeTenant(world.state, choice.account)
    if (tenant === undefined) {
      return context.html(askAccount(context, world, registration, 'There is no organisation with this domain.'), 400)
    }
    query.set('login_hint', choice.account)
    if (query.get('prompt') === 'select_account') query.delete('prompt')
    return context.redirect(`/entra/${tenant.tenantId}/oauth2/v2.0/authorize?${query.toString()}`, 303)
  })

  app.on(['GET', 'POST'], ['/:authority/adminconsent', '/:authority/v2.0/adminconsent'], (context) => {
    const authority = resolveAuthority(world, context.req.param('authority'))
    return adminConsent.answer(context, typeof authority === 'string' ? undefined : authority)
  })

  app.get('/:authority/interaction/:uid', async (context) => {
    const tenant = oneTenant(world, context.req.param('authority'))
    return showInteraction(context, providers.of(tenant), tenant, world, undefined)
  })

  app.post('/:authority/interaction/:uid', async (context) => {
    const tenant = oneTenant(world, context.req.param('authority'))
    const choice = readChoice(await context.req.text())
    return decideInteraction(context, providers.of(tenant), tenant, world, choice)
  })

  app.all('/:authority/v2.0/*', async (context) => {
    const tenant = oneTenant(world, context.req.param('authority'))
    const { pathname, search } = new URL(context.req.url)
    const inside = pathname.split('/v2.0').slice(1).join('/v2.0')
    return toProvider(context, providers, tenant, `${inside}${search}`, await context.req.text())
  })

  app.onError((error, context) => failure(error, context, world.now()))
  return app
}

/** A tenant, or the name of an authority that all tenants share. */
type Authority = Tenant | 'organizations' | 'common'

function resolveAuthority(world: EntraWorld, name: string): Authority {
  if (name === 'organizations' || name === 'common') return name
  return oneTenant(world, name)
}

function oneTenant(world: EntraWorld, name: string): Tenant {
  const tenant = world.state.tenant(name)
  if (tenant === undefined) throw unknownTenant(name)
  return tenant
}

function nameOf(authority: Authority): string {
  return typeof authority === 'string' ? authority : authority.name
}

function issuerOf(world: EntraWorld, authority: Authority): string {
  return `${world.base()}/entra/${typeof authority === 'string' ? '{tenantid}' : authority.tenantId}/v2.0`
}

function needsTenant(authority: string): EntraError {
  return new EntraError(
    400,
    'invalid_request',
    50194,
    `The endpoint '/${authority}' cannot be used for client credentials; use the tenant's own endpoint.`,
  )
}

function tenantOfCode(world: EntraWorld, form: URLSearchParams): Tenant {
  const tenantId = world.signIns.tenantOfCode(form.get('code') ?? '')
  const tenant = tenantId === undefined ? undefined : world.state.tenant(tenantId)
  if (tenant === undefined) {
    throw new EntraError(400, 'invalid_grant', 70008, 'The provided authorization code has expired or is not known.')
  }
  return tenant
}

/** Hands the request to a tenant's provider, which answers by itself. */
async function toProvider(
  context: Context<Env>,
  providers: Providers,
  tenant: Tenant,
  path: string,
  body: string,
): Promise<Response> {
  const { incoming, outgoing } = context.env
  await providers.of(tenant).callback()(replay(incoming, mountOf(tenant), path, Buffer.from(body)), outgoing)
  return alreadySent()
}

function mountOf(tenant: Tenant): string {
  return `/entra/${tenant.tenantId}/v2.0`
}

/** Where somebody is signed in to exactly one tenant and nothing else was asked for, that tenant is taken. */
function tenantSignedInTo(context: Context<Env>, world: EntraWorld, query: URLSearchParams): Tenant | undefined {
  const hinted = homeTenant(world.state, query.get('login_hint') ?? '')
  if (hinted !== undefined) return hinted
  const prompt = query.get('prompt')
  if (prompt === 'select_account' || prompt === 'login') return undefined
  const cookies = getCookie(context)
  const signedIn = world.state
    .tenants()
    .filter(
      (tenant) =>
        cookies[sessionCookie(tenant.tenantId)] !== undefined || signedInOnPage(context, world, tenant) !== undefined,
    )
  return signedIn.length === 1 ? signedIn[0] : undefined
}

/** The account somebody signed in with on a page of this tenant, such as the one for consent. */
function signedInOnPage(context: Context<Env>, world: EntraWorld, tenant: Tenant): string | undefined {
  return world.signIns.rememberedOnPage(tenant.tenantId, getCookie(context, pageCookie(tenant.tenantId)))
}

function askAccount(
  context: Context<Env>,
  world: EntraWorld,
  { appName }: Registration,
  problem: string | undefined,
): ReturnType<typeof accountPage> {
  const { pathname, search } = new URL(context.req.url)
  return accountPage({ appName, action: `${pathname}${search}`, problem, tenants: world.state.tenants() })
}

function unknownAppPage(context: Context<Env>, query: URLSearchParams): Response | Promise<Response> {
  const words = `AADSTS700016: Application with identifier '${query.get('client_id') ?? ''}' was not found in the directory.`
  return context.html(messagePage('Sorry, but we’re having trouble signing you in', words), 400)
}

function cancelled(
  context: Context<Env>,
  registration: Registration,
  query: URLSearchParams,
): Response | Promise<Response> {
  const redirectUri = query.get('redirect_uri') ?? undefined
  if (!mayRedirectTo(registration, redirectUri)) {
    return context.html(messagePage('Nobody was signed in', 'You may close this page.'))
  }
  const target = new URL(redirectUri)
  target.searchParams.set('error', 'access_denied')
  target.searchParams.set('error_subcode', 'cancel')
  target.searchParams.set('error_description', declinedWords)
  const state = query.get('state')
  if (state !== null) target.searchParams.set('state', state)
  return context.redirect(target.href, 303)
}

const declinedWords = 'AADSTS65004: User declined to consent to access the app.'

async function showInteraction(
  context: Context<Env>,
  provider: ReturnType<Providers['of']>,
  tenant: Tenant,
  world: EntraWorld,
  problem: string | undefined,
): Promise<Response> {
  const { incoming, outgoing } = context.env
  const request = replay(incoming, mountOf(tenant), context.req.path, new Uint8Array())
  const details = await provider.interactionDetails(request, outgoing)
  const action = new URL(context.req.url).pathname
  const accountId = details.session?.accountId ?? signedInOnPage(context, world, tenant)
  const signedIn = accountById(tenant, accountId)
  if (signedIn !== undefined && isOnlyForWantOfSession(details, signedIn)) {
    const result = { login: { accountId } }
    return context.redirect(
      await provider.interactionResult(request, outgoing, result, { mergeWithLastSubmission: true }),
      303,
    )
  }
  const appName = world.registrations.find(details.params['client_id'])?.appName ?? ''
  if (details.prompt.name === 'consent' && signedIn !== undefined) {
    return context.html(consentPage({ action, appName, account: signedIn }))
  }
  return context.html(
    signInPage({
      heading: `Sign in to ${tenant.name}`,
      appName,
      action,
      account: details.params['login_hint'] ?? '',
      problem,
      people: tenant.accounts,
      signedIn: details.prompt.name === 'select_account' ? signedIn : undefined,
    }),
    problem === undefined ? 200 : 401,
  )
}

/** Whether a sign-in is asked for only because this provider has not seen the person yet, whom it is meant for too. */
function isOnlyForWantOfSession(details: InteractionDetails, signedIn: Account): boolean {
  const hint = details.params['login_hint']?.toLowerCase()
  return (
    details.prompt.name === 'login' &&
    details.prompt.reasons.every((reason) => reason === 'no_session') &&
    (hint === undefined || hint === signedIn.email.toLowerCase())
  )
}

async function decideInteraction(
  context: Context<Env>,
  provider: ReturnType<Providers['of']>,
  tenant: Tenant,
  world: EntraWorld,
  choice: Choice,
): Promise<Response> {
  const { incoming, outgoing } = context.env
  const request = replay(incoming, mountOf(tenant), context.req.path, new Uint8Array())
  const finish = async (result: Record<string, unknown>): Promise<Response> => {
    const options = { mergeWithLastSubmission: true }
    return context.redirect(await provider.interactionResult(request, outgoing, result, options), 303)
  }
  switch (choice.do) {
    case 'sign-in': {
      const signedIn = signInTo(tenant, choice)
      if (signedIn === undefined) return showInteraction(context, provider, tenant, world, wrongPassword)
      return finish({ select_account: {}, login: { accountId: signedIn.id } })
    }
    case 'go-on':
      return finish({ select_account: {} })
    case 'accept': {
      const details = await provider.interactionDetails(request, outgoing)
      const accountId = details.session?.accountId
      const { userIds } = consentTo(tenant, details.params['client_id'] ?? '')
      if (accountId !== undefined && !userIds.includes(accountId)) {
        userIds.push(accountId)
        world.state.changed()
      }
      return finish({ consent: {} })
    }
    default:
      return finish({ error: 'access_denied', error_description: declinedWords })
  }
}

function discoveryDocument(world: EntraWorld, authority: Authority): Record<string, unknown> {
  const root = `${world.base()}/entra/${typeof authority === 'string' ? authority : authority.tenantId}`
  return {
    token_endpoint: `${root}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: `${root}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(world, authority),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'oid',
      'ver',
      'wids',
      'email',
    ],
    tenant_region_scope: typeof authority === 'string' ? null : 'EU',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
  }
}

function failure(error: Error, context: Context, now: Date): Response | Promise<Response> {
  if (error instanceof EntraError) return context.json(error.body(now), error.status as 400)
  if (error.name === 'SessionNotFound') {
    return context.html(messagePage('This sign-in has expired', 'Go back to where you came from and begin again.'), 400)
  }
  console.error(error)
  return context.json({ error: 'server_error', error_description: 'The sandbox failed.' }, 500)
}
