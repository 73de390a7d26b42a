import type { z } from 'zod'
import { ConnectorFault } from '../connector.ts'
import { retryAfterSecondsOf } from '../exchange.ts'
import { graphFault, tokenFault, vendor } from './faults.ts'
import { pageOf, wireToken } from './wire.ts'

export type GraphConfig = {
  /** Where tokens come from, such as `https://login.microsoftonline.com`. */
  entraUrl: string
  /** Where data comes from, with its version, such as `https://graph.microsoft.com/v1.0`. */
  graphUrl: string
  clientId: string
  clientSecret: string
  /** The MSP's own app registration, whose secret the MSP itself renews; else the deployment's. */
  isOwnApp?: boolean
  tenantId: string
  fetch: (address: string, request: RequestInit) => Promise<Response>
  /** Awaited before each request; what it throws ends the read. No request lasts longer than 30 seconds. */
  beforeEach?: () => Promise<void>
  /** Epoch milliseconds. */
  now(): number
  /** Keeps the token between two Directories of the same tenant. Without one, each Directory signs in by itself. */
  tokenCache?: TokenCache
}

/** An app-only token of one tenant. */
export type AppToken = {
  value: string
  /** Epoch milliseconds, some time before it expires. */
  goodUntil: number
}

/** Already bound to one tenant and one application: a cache shared by two tenants would show one the other's people. */
export type TokenCache = {
  read(): Promise<AppToken | undefined>
  write(token: AppToken): Promise<void>
}

export type GraphApi = {
  /** One GET below `graphUrl`. Every failure is a ConnectorFault. */
  get<Shape extends z.ZodType>(address: string, shape: Shape, permission: string): Promise<z.output<Shape>>
  /** A list with all its pages. */
  list<Item extends z.ZodType>(
    address: string,
    item: Item,
    permission: string,
    limit: ListLimit,
  ): Promise<z.output<Item>[]>
}

export type ListLimit = {
  pageCountMax: number
  /** `stop`: what came so far is the answer. `fault`: a list that is not whole is no answer. */
  beyond: 'stop' | 'fault'
  /** Enough; further pages are not asked for. */
  itemCountEnough?: number
}

const timeoutMs = 30_000
const bodyByteCountMax = 8 * 1024 * 1024
const tokenScope = 'https://graph.microsoft.com/.default'

export function graphApi(config: GraphConfig): GraphApi {
  const { now, tokenCache } = config
  const token = tokenSource({
    now,
    request: () => requestToken(config),
    ...(tokenCache === undefined ? {} : { cache: tokenCache }),
  })

  async function get<Shape extends z.ZodType>(
    address: string,
    shape: Shape,
    permission: string,
  ): Promise<z.output<Shape>> {
    const first = await token.current()
    let answer = await ask(address, first)
    if (answer.status === 401) answer = await ask(address, await token.insteadOf(first))
    if (answer.status < 200 || answer.status > 299) throw graphFault(answer, permission)
    return parsed(answer.body, shape)
  }

  async function list<Item extends z.ZodType>(address: string, item: Item, permission: string, limit: ListLimit) {
    const items: z.output<Item>[] = []
    const asked = new Set<string>()
    for (let next: string | undefined = address; next !== undefined;) {
      asked.add(next)
      const page: z.output<ReturnType<typeof pageOf<Item>>> = await get(next, pageOf(item), permission)
      items.push(...page.value)
      if (limit.itemCountEnough !== undefined && items.length >= limit.itemCountEnough) break
      next = ownLink(page['@odata.nextLink'], config.graphUrl)
      if (next !== undefined && asked.has(next)) throw circularLink()
      if (next !== undefined && asked.size >= limit.pageCountMax) {
        if (limit.beyond === 'stop') break
        throw new ConnectorFault(
          'rejected',
          vendor,
          `Microsoft 365 sent more than ${limit.pageCountMax} pages of one list.`,
        )
      }
    }
    return items
  }

  function ask(address: string, appToken: AppToken) {
    return exchange(config, address, {
      method: 'GET',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${appToken.value}`,
        'client-request-id': crypto.randomUUID(),
        // Background work gives way to the customer's own people ("Microsoft Graph throttling guidance", identity and access).
        'x-ms-throttle-priority': 'low',
      },
    })
  }

  return { get, list }
}

/**
 * A link out of an answer, if it stays below `graphUrl`; undefined when there is none.
 * The token travels with every request, so a link that leads elsewhere is a fault and is never followed.
 */
export function ownLink(link: string | null | undefined, graphUrl: string): string | undefined {
  if (link === null || link === undefined || link === '') return undefined
  if (isOwnAddress(link, graphUrl)) return link
  throw new ConnectorFault(
    'rejected',
    vendor,
    'Microsoft 365 named a next page outside its own address, which Portico does not follow.',
  )
}

export function isOwnAddress(address: string, graphUrl: string): boolean {
  if (!URL.canParse(address)) return false
  const base = new URL(graphUrl)
  const url = new URL(address)
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  return url.origin === base.origin && url.pathname.startsWith(folder) && url.username === '' && url.password === ''
}

export function circularLink(): ConnectorFault {
  return new ConnectorFault(
    'rejected',
    vendor,
    'Microsoft 365 named a page that had been read already as the next one.',
  )
}

/** One token at a time: readers that come while it is fetched wait for the same one. */
function tokenSource(source: { now(): number; request(): Promise<AppToken>; cache?: TokenCache }) {
  let kept: AppToken | undefined
  let refused: string | undefined
  let pending: Promise<AppToken> | undefined

  const isGood = (token: AppToken | undefined) =>
    token !== undefined && token.value !== refused && token.goodUntil > source.now()

  async function obtain(): Promise<AppToken> {
    const cached = await source.cache?.read()
    if (cached !== undefined && isGood(cached)) return cached
    const fresh = await source.request()
    await source.cache?.write(fresh)
    return fresh
  }

  async function current(): Promise<AppToken> {
    if (kept !== undefined && isGood(kept)) return kept
    pending ??= obtain().finally(() => (pending = undefined))
    kept = await pending
    return kept
  }

  return {
    current,
    /** After the vendor refused `token`: another one, from wherever. */
    insteadOf(token: AppToken): Promise<AppToken> {
      refused = token.value
      return current()
    },
  }
}

/** Client credentials of the application in one tenant (RFC 6749 section 4.4). */
export async function requestToken(config: Omit<GraphConfig, 'graphUrl' | 'tokenCache'>): Promise<AppToken> {
  const { now } = config
  const askedAt = now()
  const answer = await exchange(config, `${config.entraUrl}/${encodeURIComponent(config.tenantId)}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'client-request-id': crypto.randomUUID() },
    body: new URLSearchParams({
      client_id: config.clientId,
      client_secret: config.clientSecret,
      grant_type: 'client_credentials',
      scope: tokenScope,
    }),
  })
  if (answer.status < 200 || answer.status > 299) throw tokenFault(answer, config.isOwnApp)
  const token = parsed(answer.body, wireToken)
  const lifetimeSeconds = token.expires_in ?? 0
  const marginSeconds = Math.min(300, lifetimeSeconds / 10)
  return { value: token.access_token, goodUntil: askedAt + (lifetimeSeconds - marginSeconds) * 1000 }
}

async function exchange(
  { fetch, now, beforeEach }: Pick<GraphConfig, 'fetch' | 'now' | 'beforeEach'>,
  address: string,
  request: RequestInit,
) {
  await beforeEach?.()
  try {
    const response = await fetch(address, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    return {
      status: response.status,
      body: await limitedText(response),
      retryAfterSeconds: retryAfterSecondsOf(response.headers.get('retry-after'), now()),
    }
  } catch (error) {
    if (error instanceof ConnectorFault) throw error
    const isTimeout = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
    throw new ConnectorFault(
      'down',
      vendor,
      isTimeout
        ? `Microsoft 365 did not answer within ${timeoutMs / 1000} seconds.`
        : 'Microsoft 365 could not be reached.',
    )
  }
}

/** An isolate has 128 MB for all its requests, so an answer without end must not fill it. */
async function limitedText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  const reader = response.body.getReader()
  let text = ''
  let byteCount = 0
  for (;;) {
    const chunk: { done: boolean; value?: unknown } = await reader.read()
    if (chunk.done) return text + decoder.decode()
    if (!(chunk.value instanceof Uint8Array)) throw new TypeError('a body comes in bytes')
    byteCount += chunk.value.byteLength
    if (byteCount > bodyByteCountMax) {
      await reader.cancel()
      throw new ConnectorFault('rejected', vendor, 'Microsoft 365 sent a larger answer than Portico takes.')
    }
    text += decoder.decode(chunk.value, { stream: true })
  }
}

function parsed<Shape extends z.ZodType>(body: string, shape: Shape): z.output<Shape> {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new ConnectorFault('rejected', vendor, 'Microsoft 365 answered with something that is not JSON.')
  }
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const place = result.error.issues.at(0)?.path.join('.') ?? ''
  throw new ConnectorFault(
    'rejected',
    vendor,
    `Microsoft 365 answered in a shape that Portico does not know${place === '' ? '' : ` (at ${place})`}.`,
  )
}
