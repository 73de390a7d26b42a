import { randomBytes } from 'node:crypto'
import { interactionPolicy, Provider, type KoaContext } from 'oidc-provider'
import { personId } from '../graph/people.ts'
import { guidOf } from '../random.ts'
import { consentTo, type State, type Tenant } from '../state.ts'
import { EntraError } from './entra-error.ts'
import { messagePage } from './pages.ts'
import { mayRedirectTo, type Registrations } from './registration.ts'
import type { SignInStore } from './sign-in-store.ts'
import type { Signing } from './signing.ts'
import { lyingToken, type TokenLies } from './token-lies.ts'

const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10'
const defaultUserRole = 'b79fbf4d-3ef9-4689-8143-76b194e85509'

type World = {
  state: State
  signing: Signing
  registrations: Registrations
  signIns: SignInStore
  lies: TokenLies
  base: () => string
  now: () => Date
}

/** The OpenID provider of one tenant, with Microsoft's addresses and claims. */
export function tenantProvider(tenantId: string, world: World): Provider {
  const { registrations } = world
  const currentTenant = (): Tenant => {
    const tenant = world.state.tenant(tenantId)
    if (tenant === undefined) throw new Error(`The tenant ${tenantId} is gone.`)
    return tenant
  }
  const provider = new Provider(`${world.base()}/entra/${tenantId}/v2.0`, {
    adapter: world.signIns.adapterOf(tenantId),
    clients: registrations.all().map(({ clientId, secrets, appName }) => ({
      client_id: clientId,
      // Which secret an app shows was looked at before; here it is always this one.
      client_secret: secrets[0]?.value,
      client_name: appName,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: ['https://auth.portal.test/'],
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'RS256',
      token_endpoint_auth_method: 'client_secret_post',
    })),
    jwks: { keys: [{ ...world.signing.privateJwk, alg: 'RS256' }] },
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      end_session: '/oauth2/v2.0/logout',
    },
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: {
      openid: ['sub', 'tid', 'oid', 'ver', 'wids'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
    },
    conformIdTokenClaims: false,
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_context: KoaContext, accountId: string, client: { clientId: string }) =>
      guidOf(`${client.clientId}/${accountId}`),
    findAccount: (_context: KoaContext, accountId: string) => findAccount(currentTenant(), accountId),
    loadExistingGrant: (context: KoaContext) => existingGrant(context, currentTenant()),
    cookies: {
      keys: [randomBytes(24).toString('base64url')],
      names: {
        session: sessionCookie(tenantId),
        interaction: `entra_interaction_${tenantId}`,
        resume: `entra_resume_${tenantId}`,
      },
      long: { httpOnly: true, sameSite: 'lax', path: '/entra', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    interactions: {
      url: (_context: KoaContext, interaction: { uid: string }) => `/entra/${tenantId}/interaction/${interaction.uid}`,
      policy: policy(currentTenant),
    },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 3600,
      Session: 86_400,
    },
    renderError: async (context: KoaContext, out: { error: string; error_description?: string }) => {
      context.type = 'html'
      context.body = String(await messagePage('Sorry, that did not work', out.error_description ?? out.error))
    },
  })
  provider.Client.prototype.redirectUriAllowed = function (value) {
    return mayRedirectTo(registrations.find(this.clientId), value)
  }
  provider.on('server_error', (_context, error) => console.error(error))
  provider.use((context, next) => speakMicrosoft(context, next, world.now()))
  provider.use((context, next) => lieWhereAsked(context, next, world))
  return provider
}

export function sessionCookie(tenantId: string): string {
  return `entra_session_${tenantId}`
}

function findAccount(tenant: Tenant, accountId: string): object | undefined {
  const index = tenant.accounts.findIndex((_account, place) => personId(tenant.tenantId, place) === accountId)
  const account = tenant.accounts[index]
  if (account === undefined) return undefined
  return {
    accountId,
    claims: () => ({
      sub: accountId,
      ver: '2.0',
      tid: tenant.tenantId,
      oid: accountId,
      preferred_username: account.email,
      name: account.name,
      email: account.email,
      wids: account.isAdmin ? [globalAdministrator, defaultUserRole] : [defaultUserRole],
    }),
  }
}

/** Whoever agreed before, for themselves or as administrator for everybody, is not asked again. */
async function existingGrant(context: KoaContext, tenant: Tenant): Promise<object | undefined> {
  const accountId = context.oidc.account?.accountId
  if (accountId === undefined) return undefined
  const { clientId } = context.oidc.client
  const { permissions, userIds } = consentTo(tenant, clientId)
  if (permissions === undefined && !userIds.includes(accountId)) return undefined
  const grant = new context.oidc.provider.Grant({ accountId, clientId })
  grant.addOIDCScope([...context.oidc.requestParamOIDCScopes].join(' '))
  await grant.save()
  return grant
}

function policy(tenant: () => Tenant): interactionPolicy.Policy {
  const prompts = interactionPolicy.base()
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  prompts.get('login')?.checks.add(
    new interactionPolicy.Check('other_account', 'another account was asked for', ({ oidc }) => {
      const hint = oidc.params['login_hint']?.toLowerCase()
      const { accountId } = oidc.session
      if (hint === undefined || accountId === undefined || oidc.result?.['login'] !== undefined) return false
      const place = tenant().accounts.findIndex((account) => account.email.toLowerCase() === hint)
      return place !== -1 && personId(tenant().tenantId, place) !== accountId
    }),
  )
  return prompts
}

/** Microsoft sends no `iss` with its redirects, and words token failures its own way. */
async function speakMicrosoft(context: KoaContext, next: () => Promise<void>, now: Date): Promise<void> {
  await next()
  const location = context.response.get('location')
  if (typeof location === 'string' && URL.canParse(location)) {
    const url = new URL(location)
    if (url.searchParams.has('iss')) {
      url.searchParams.delete('iss')
      context.set('location', url.href)
    }
  }
  const { body } = context
  if (context.path === '/oauth2/v2.0/token' && context.status >= 400 && isOAuthError(body)) {
    const number = body.error === 'invalid_grant' ? 70008 : 9002313
    const words =
      body.error === 'invalid_grant'
        ? 'The provided authorization code or refresh token has expired, was already redeemed, or was not issued to you.'
        : `Invalid request. ${body.error_description ?? ''}`
    context.body = new EntraError(context.status, body.error, number, words).body(now)
  }
}

/** Puts into an answer the lie that was asked for. */
async function lieWhereAsked(context: KoaContext, next: () => Promise<void>, world: World): Promise<void> {
  await next()
  const { body } = context
  if (context.path !== '/oauth2/v2.0/token' || !carriesIdToken(body)) return
  const lie = world.lies.take()
  if (lie !== undefined) context.body = { ...body, id_token: await lyingToken(lie, body.id_token, world.signing) }
}

function carriesIdToken(body: unknown): body is { id_token: string } {
  return typeof body === 'object' && body !== null && 'id_token' in body && typeof body.id_token === 'string'
}

function isOAuthError(body: unknown): body is { error: string; error_description?: string } {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
}
