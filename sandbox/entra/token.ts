import { timingSafeEqual } from 'node:crypto'
import type { Tenant } from '../state.ts'
import { EntraError, unknownApp, wrongSecret } from './entra-error.ts'
import type { Registration } from './registration.ts'
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

/** Refuses callers that are not our app, in Microsoft's words. */
export function authenticateClient(request: TokenRequest, registration: Registration, directory: string): void {
  const { clientId, clientSecret } = request
  if (clientId !== registration.clientId) throw unknownApp(clientId, directory)
  if (!equal(clientSecret, registration.clientSecret)) throw wrongSecret(clientId)
}

/** Client credentials: a Graph token for one tenant in which the app was consented to. */
export async function appToken(
  request: TokenRequest,
  tenant: Tenant,
  world: { registration: Registration; signing: Signing; base: () => string; now: () => Date },
): Promise<IssuedToken> {
  const scope = request.form.get('scope') ?? ''
  if (tenant.grantedPermissions === undefined) throw unknownApp(request.clientId, tenant.name)
  if (!scope.split(' ').includes(`${graphAudience}/.default`)) {
    throw new EntraError(
      400,
      'invalid_scope',
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    )
  }
  const issuer = `${world.base()}/entra/${tenant.tenantId}/`
  return world.signing.issueAppToken(tenant, request.clientId, issuer, world.now())
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
