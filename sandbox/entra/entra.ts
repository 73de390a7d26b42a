import { Hono, type Context } from 'hono'
import type { State, Tenant } from '../state.ts'
import { EntraError, unknownTenant } from './entra-error.ts'
import type { Registration } from './registration.ts'
import type { Signing } from './signing.ts'
import { appToken, authenticateClient, readTokenRequest } from './token.ts'

export type EntraWorld = {
  state: State
  signing: Signing
  registration: Registration
  base: () => string
  now: () => Date
}

/** Stands in for https://login.microsoftonline.com. */
export function entra(world: EntraWorld): Hono {
  const app = new Hono()

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
    authenticateClient(request, world.registration, nameOf(authority))
    context.header('cache-control', 'no-store, no-cache')
    context.header('pragma', 'no-cache')
    switch (request.form.get('grant_type')) {
      case 'client_credentials':
        if (typeof authority === 'string') throw needsTenant(authority)
        return context.json(await appToken(request, authority, world))
      default:
        throw new EntraError(
          400,
          'unsupported_grant_type',
          70003,
          `The app requested an unsupported grant type '${request.form.get('grant_type') ?? ''}'.`,
        )
    }
  })

  app.onError((error, context) => failure(error, context, world.now()))
  return app
}

/** A tenant, or the name of an authority that all tenants share. */
type Authority = Tenant | 'organizations' | 'common'

function resolveAuthority(world: EntraWorld, name: string): Authority {
  if (name === 'organizations' || name === 'common') return name
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
    53003,
    `The endpoint '/${authority}' cannot be used for client credentials; use the tenant's own endpoint.`,
  )
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

function failure(error: Error, context: Context, now: Date): Response {
  if (error instanceof EntraError) return context.json(error.body(now), error.status as 400)
  console.error(error)
  return context.json({ error: 'server_error', error_description: 'The sandbox failed.' }, 500)
}
