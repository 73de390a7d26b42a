import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { graphErrorBody } from '../graph/graph-error.ts'
import type { State } from '../state.ts'
import type { Fault, Faults } from './faults.ts'
import type { RequestLedger, Surface } from './request-ledger.ts'

type World = { state: State; faults: Faults; ledger: RequestLedger; now: () => Date }

/**
 * Answers a request, or does to it what was asked for: only requests to Graph, for tokens, to Cloudflare and to the DNS are counted and can misbehave.
 * `hang` never answers; `drop` cuts the connection.
 */
export async function misbehave(
  request: Request,
  world: World,
  answer: () => Promise<Response>,
): Promise<Response | 'hang' | 'drop'> {
  const url = new URL(request.url)
  const surface = surfaceOf(url.pathname)
  if (surface === undefined) return answer()
  const tenantId = tenantOf(request, url, surface, world.state)
  const path = decodeURIComponent(url.pathname)
  const query = decodeURIComponent(url.search)
  const note = (status: number): void =>
    world.ledger.note({
      tenantId,
      surface,
      method: request.method,
      path,
      query: surface === 'token' ? '' : query,
      headers: Object.fromEntries(request.headers),
      status,
    })
  const fault = world.faults.take(tenantId, path + query)
  const response = fault === undefined ? await answer() : await spoiled(fault, surface, answer, world.now())
  note(response instanceof Response ? response.status : 0)
  return response
}

async function spoiled(
  fault: Fault,
  surface: Surface,
  answer: () => Promise<Response>,
  now: Date,
): Promise<Response | 'hang' | 'drop'> {
  switch (fault.kind) {
    case 'hang':
    case 'drop':
      return fault.kind
    case 'broken-json':
      return new Response('{"value":[{"id":"', { status: 200, headers: { 'content-type': 'application/json' } })
    case 'empty-page':
      return emptied(await answer())
    case 'status':
      return surface === 'cloudflare' ? cloudflareRefusal(fault) : refusal(fault, now)
  }
}

/** The real answer without what it lists; links stay, as in a partial answer of a service in trouble. */
async function emptied(response: Response): Promise<Response> {
  const body = (await response.json()) as Record<string, unknown>
  const list = (['value', 'result', 'Answer'] as const).find((name) => Array.isArray(body[name]))
  return Response.json(list === undefined ? body : { ...body, [list]: [] }, { status: response.status })
}

function refusal(fault: Fault, now: Date): Response {
  const codes: Record<number, [string, string]> = {
    401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
    403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
    404: ['Request_ResourceNotFound', 'The resource does not exist.'],
    429: ['TooManyRequests', 'Too many requests. Please wait and try again.'],
    503: ['serviceNotAvailable', 'The service is temporarily unavailable.'],
  }
  const [code, message] = codes[fault.status] ?? ['UnknownError', 'An unexpected error occurred.']
  const headers = new Headers({ 'content-type': 'application/json' })
  if (fault.retryAfterSeconds !== undefined) headers.set('retry-after', String(fault.retryAfterSeconds))
  return Response.json(graphErrorBody(code, message, now, randomUUID()), { status: fault.status, headers })
}

/** In Cloudflare's own envelope. */
function cloudflareRefusal({ status, retryAfterSeconds }: Fault): Response {
  const headers = new Headers({ 'content-type': 'application/json' })
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds))
  const errors = [{ code: status === 429 ? 971 : 10_000, message: 'The sandbox was told to fail.' }]
  return Response.json({ success: false, errors, messages: [], result: null }, { status, headers })
}

function surfaceOf(path: string): Surface | undefined {
  if (path.startsWith('/cloudflare/')) return 'cloudflare'
  if (path === '/dns-query') return 'dns'
  if (path.startsWith('/graph/')) return 'graph'
  return /^\/entra\/[^/]+\/oauth2\/v2\.0\/token$/.test(path) ? 'token' : undefined
}

/** Whom a request is about: read from the token without checking it, or from the path. */
function tenantOf(request: Request, url: URL, surface: Surface, state: State): string | undefined {
  if (surface === 'token') return state.tenant(url.pathname.split('/')[2] ?? '')?.tenantId
  if (surface !== 'graph') return undefined
  const token = request.headers.get('authorization')?.split(' ')[1]
  if (token === undefined) return undefined
  try {
    const { tid } = decodeJwt(token)
    return typeof tid === 'string' ? tid : undefined
  } catch {
    return undefined
  }
}
