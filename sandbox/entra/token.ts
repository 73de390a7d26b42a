import { timingSafeEqual } from 'node:crypto'
import { consentTo, type Tenant } from '../state.ts'
import { EntraError, expiredSecret, unknownApp, wrongSecret } from './entra-error.ts'
import type { Registration, Registrations } from './registration.ts'
import { graphAudience, type IssuedToken, type Signing } from './signing.ts'

export type TokenRequest = {
  form: URLSearchParams
  clientId: string
  clientSecret: string
}

/** Reads a token request; the client may show its secret in the form or in the Authorization header. */
export function readTokenRequest(body: string, authorization: string | undefined): TokenRequest {
  const form = new URLSearchParams(body)
  const basic = authorization === undefined ? undefined : readBasic(authorization)
  return {
    form,
    clientId: basic?.clientId ?? form.get('client_id') ?? '',
    clientSecret: basic?.clientSecret ?? form.get('client_secret') ?? '',
  }
}

/** The app that asks; refuses what is none, in Microsoft's words. */
export function authenticateClient(
  { clientId, clientSecret }: TokenRequest,
  registrations: Registrations,
  directory: string,
): Registration {
  const registration = registrations.find(clientId)
  if (registration === undefined) throw unknownApp(clientId, directory)
  const shown = registration.secrets.find(({ value }) => equal(clientSecret, value))
  if (shown === undefined) throw wrongSecret(clientId)
  if (shown.expired) throw expiredSecret(clientId)
  return registration
}

/** Client credentials: a Graph token for one tenant in which the app was consented to. */
export async function appToken(
  request: TokenRequest,
  { clientId, appName }: Registration,
  tenant: Tenant,
  world: { signing: Signing; base: () => string; now: () => Date },
): Promise<IssuedToken> {
  const scope = request.form.get('scope') ?? ''
  const { permissions } = consentTo(tenant, clientId)
  if (permissions === undefined) throw unknownApp(clientId, tenant.name)
  if (!scope.split(' ').includes(`${graphAudience}/.default`)) {
    throw new EntraError(
      400,
      'invalid_scope',
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    )
  }
  const issuer = `${world.base()}/entra/${tenant.tenantId}/`
  return world.signing.issueAppToken(tenant, { clientId, appName, permissions }, issuer, world.now())
}

function readBasic(authorization: string): { clientId: string; clientSecret: string } | undefined {
  const [scheme, value] = authorization.split(' ')
  if (scheme?.toLowerCase() !== 'basic' || value === undefined) return undefined
  const [clientId = '', clientSecret = ''] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return { clientId: decodeURIComponent(clientId), clientSecret: decodeURIComponent(clientSecret) }
}

function equal(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
