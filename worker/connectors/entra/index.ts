import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { ConnectorFault } from '../connector.ts'

const VENDOR = 'Microsoft sign-in'

/** The application that somebody consents to or signs in to, and where Microsoft's sign-in is. */
export type EntraConfig = { entraUrl: string; clientId: string; clientSecret: string }

/** Microsoft did not take the application's own credentials: nobody can prove anything through it until they are renewed. */
export class AppRefused extends ConnectorFault {
  constructor() {
    super('rejected', VENDOR, 'Microsoft did not take the application’s own credentials.')
    this.name = 'AppRefused'
  }
}

/** An account of some organisation, as its sign-in proved it. The ids know it again; the name is only to be shown. */
export type MicrosoftAccount = { tenantId: string; objectId: string; name: string }

/** Who proved what by signing in. */
export type SignedInAdmin = { tenantId: string; objectId: string; name: string; roleIds: string[] }

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DOMAIN = /^(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i

/** Accounts of no organisation (Microsoft identity platform, "Tenant" of personal accounts). */
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * The roles that may consent to application permissions of Graph (Microsoft Entra built-in roles): Global
 * Administrator and Privileged Role Administrator.
 */
export const CONSENTING_ROLE_IDS: ReadonlySet<string> = new Set([
  '62e90394-69f5-4237-9190-012177145e10',
  'e8611ab8-c189-46e8-94e1-60213ab1f814',
])

/** A tenant by its domain or id, from its public discovery document; undefined when Microsoft knows none. */
export const resolveTenant = async (
  config: Pick<EntraConfig, 'entraUrl'>,
  text: string,
): Promise<{ tenantId: string; domain: string } | undefined> => {
  const name = text.trim().toLowerCase()
  if (!GUID.test(name) && !DOMAIN.test(name)) return undefined
  const response = await call(() =>
    fetch(`${config.entraUrl}/${encodeURIComponent(name)}/v2.0/.well-known/openid-configuration`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    }),
  )
  if (response.status === 400 || response.status === 404) return undefined
  if (response.status !== 200)
    throw new ConnectorFault('down', VENDOR, `Microsoft answered ${response.status} when asked about ${name}.`)
  const document = z.object({ issuer: z.string() }).safeParse(await response.json().catch(() => undefined))
  const tenantId = document.success
    ? /([0-9a-f-]{36})\/v2\.0\/?$/i.exec(document.data.issuer)?.[1]?.toLowerCase()
    : undefined
  if (tenantId === undefined || !GUID.test(tenantId))
    throw new ConnectorFault('rejected', VENDOR, 'Microsoft’s answer does not name a tenant.')
  return tenantId === PERSONAL_TENANT ? undefined : { tenantId, domain: name }
}

/** Where an administrator of the tenant consents to the application. */
export const adminConsentUrl = (
  config: Omit<EntraConfig, 'clientSecret'>,
  tenantId: string,
  redirectUri: string,
  state: string,
): string => {
  const url = new URL(`${config.entraUrl}/${tenantId}/adminconsent`)
  url.search = new URLSearchParams({ client_id: config.clientId, redirect_uri: redirectUri, state }).toString()
  return url.toString()
}

/** Stands for any work tenant where an address wants one (Microsoft identity platform, "Endpoints"). */
export const ANY_WORK_TENANT = 'organizations'

/** Where somebody signs in (authorization code, PKCE): an administrator to prove who consented, or anybody of any work tenant. */
export const signInUrl = async (
  config: Omit<EntraConfig, 'clientSecret'>,
  tenantId: string,
  redirectUri: string,
  secrets: { state: string; nonce: string; verifier: string },
): Promise<string> => {
  const url = new URL(`${config.entraUrl}/${tenantId}/oauth2/v2.0/authorize`)
  url.search = new URLSearchParams({
    client_id: config.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
    // Whoever has several accounts says with which one, whatever they are signed in with elsewhere.
    ...(tenantId === ANY_WORK_TENANT ? { prompt: 'select_account' } : {}),
  }).toString()
  return url.toString()
}

/**
 * What the sign-in proved. The id token's issuer, audience, nonce, expiry and signature are checked, and that it
 * speaks for this very tenant. Throws ConnectorFault `unauthorized` when any of it does not hold.
 */
export const redeemCode = async (
  config: EntraConfig,
  tenantId: string,
  callback: Callback,
  secrets: { nonce: string; verifier: string },
): Promise<SignedInAdmin> =>
  call(async () => {
    const server = serverOf(config, tenantId)
    const response = await codeGrant(config, server, callback, secrets.verifier)
    const claims = await claimsIn(config, server, response, secrets.nonce)
    if (claims.tid.toLowerCase() !== tenantId) throw unproven('The sign-in was for another tenant.')
    return {
      tenantId,
      objectId: claims.oid,
      name: claims.name ?? claims.preferred_username ?? claims.oid,
      roleIds: claims.wids.map((id) => id.toLowerCase()),
    }
  })

/**
 * Who signed in, of whatever work tenant. The token says itself which tenant it speaks for, and everything about it is then
 * checked against that one: issuer, keys, and the tenant's id (Microsoft identity platform, "Validate the issuer").
 * Throws ConnectorFault `unauthorized` when any of it does not hold, and `rejected` for an account of no organisation.
 */
export const redeemSignIn = async (
  config: EntraConfig,
  callback: Callback,
  secrets: { nonce: string; verifier: string },
): Promise<MicrosoftAccount> =>
  call(async () => {
    const response = await codeGrant(config, serverOf(config, ANY_WORK_TENANT), callback, secrets.verifier)
    const tenantId = await tenantNamedIn(response.clone())
    if (tenantId === PERSONAL_TENANT) throw new ConnectorFault('rejected', VENDOR, 'This is a personal account.')
    const claims = await claimsIn(config, serverOf(config, tenantId ?? ANY_WORK_TENANT), response, secrets.nonce)
    if (claims.tid.toLowerCase() !== tenantId || !GUID.test(claims.oid))
      throw unproven('The sign-in does not say whose it is.')
    return {
      tenantId,
      objectId: claims.oid.toLowerCase(),
      name: claims.preferred_username ?? claims.name ?? claims.oid,
    }
  })

type Callback = { url: URL; redirectUri: string; state: string }

const serverOf = ({ entraUrl }: EntraConfig, tenant: string): oauth.AuthorizationServer => {
  const base = `${entraUrl}/${tenant}`
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

const clientOf = ({ clientId }: EntraConfig): oauth.Client => ({
  client_id: clientId,
  id_token_signed_response_alg: 'RS256',
})

const requestOptions = ({ entraUrl }: EntraConfig) => ({
  // Marked as deprecated to stand out; it is for the sandbox, the only Entra without TLS.
  // oxlint-disable-next-line typescript/no-deprecated
  ...(entraUrl.startsWith('http://') ? { [oauth.allowInsecureRequests]: true } : {}),
  signal: AbortSignal.timeout(15_000),
})

const codeGrant = (
  config: EntraConfig,
  server: oauth.AuthorizationServer,
  callback: Callback,
  verifier: string,
): Promise<Response> =>
  oauth.authorizationCodeGrantRequest(
    server,
    clientOf(config),
    oauth.ClientSecretPost(config.clientSecret),
    oauth.validateAuthResponse(server, clientOf(config), callback.url, callback.state),
    callback.redirectUri,
    verifier,
    requestOptions(config),
  )

/** What the id token says, once everything about it holds. */
const claimsIn = async (
  config: EntraConfig,
  server: oauth.AuthorizationServer,
  response: Response,
  expectedNonce: string,
) => {
  const options = { expectedNonce, requireIdToken: true }
  const result = await oauth.processAuthorizationCodeResponse(server, clientOf(config), response, options)
  await oauth.validateApplicationLevelSignature(server, response, requestOptions(config))
  return IdClaims.parse(oauth.getValidatedIdTokenClaims(result))
}

/** The tenant that the id token of an answer says it is of, which is yet to be proven. */
const tenantNamedIn = async (answer: Response): Promise<string | undefined> => {
  const body = z.object({ id_token: z.string() }).safeParse(await answer.json().catch(() => undefined))
  if (!body.success) return undefined
  const { tid } = decodeJwt<{ tid?: unknown }>(body.data.id_token)
  return typeof tid === 'string' && GUID.test(tid) ? tid.toLowerCase() : undefined
}

const IdClaims = z.object({
  tid: z.string(),
  oid: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  wids: z.array(z.string()).default([]),
})

const unproven = (message: string) => new ConnectorFault('unauthorized', VENDOR, message)

const call = async <T>(run: () => Promise<T>): Promise<T> => {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ConnectorFault) throw error
    if (isAppRefused(error)) throw new AppRefused()
    if (isUnreachable(error)) throw new ConnectorFault('down', VENDOR, 'Microsoft’s sign-in could not be reached.')
    throw unproven('Microsoft’s answer could not be verified.')
  }
}

/** RFC 6749, section 5.2: what is said of the client, and of nobody who signs in. */
const isAppRefused = (error: unknown): boolean =>
  error instanceof oauth.ResponseBodyError && ['invalid_client', 'unauthorized_client'].includes(error.error)

/** No answer, or one that says that the service is in trouble: that proves nothing about anybody. */
const isUnreachable = (error: unknown): boolean => {
  if (error instanceof TypeError) return true
  if (error instanceof DOMException) return error.name === 'TimeoutError'
  const answer = error instanceof Error ? error.cause : undefined
  return answer instanceof Response && (answer.status >= 500 || answer.status === 429)
}
