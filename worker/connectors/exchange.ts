import type { z } from 'zod'
import { ConnectorFault } from './connector.ts'

export type Fetch = (address: string, request: RequestInit) => Promise<Response>

/** An answer as it came: the body may be anything. */
export type Exchanged = { status: number; body: string; retryAfterSeconds: number | undefined }

export type Caller = {
  vendor: string
  /** What the vendor is called in a sentence: "Cloudflare", "The name service". */
  called: string
  fetch: Fetch
  /** Awaited before each request; what it throws ends the call. */
  beforeEach?: () => Promise<void>
  /** Epoch milliseconds. */
  now: () => number
  /** A larger answer than this is not taken; a megabyte where nothing is said. */
  byteCountMax?: number
}

const TIMEOUT_MS = 15_000
const BYTE_COUNT_MAX = 1024 * 1024

/** One request that follows no redirect; whatever keeps an answer from coming is the fault `down`. */
export const exchange = async (
  { vendor, called, fetch, beforeEach, now, byteCountMax = BYTE_COUNT_MAX }: Caller,
  address: string,
  request: RequestInit,
): Promise<Exchanged> => {
  await beforeEach?.()
  try {
    const response = await fetch(address, { ...request, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    const length = Number(response.headers.get('content-length') ?? 0)
    const body = length > byteCountMax ? undefined : await response.text()
    if (body === undefined || body.length > byteCountMax)
      throw new ConnectorFault('rejected', vendor, `${called} sent a larger answer than is taken.`)
    return {
      status: response.status,
      body,
      retryAfterSeconds: retryAfterSecondsOf(response.headers.get('retry-after'), now()),
    }
  } catch (error) {
    if (error instanceof ConnectorFault) throw error
    const isTimeout = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
    throw new ConnectorFault(
      'down',
      vendor,
      isTimeout ? `${called} did not answer within ${TIMEOUT_MS / 1000} seconds.` : `${called} could not be reached.`,
    )
  }
}

/** The body in the shape that is expected of it; anything else is the fault `rejected`. */
export const parsed = <Shape extends z.ZodType>(
  { vendor, called }: Pick<Caller, 'vendor' | 'called'>,
  body: string,
  shape: Shape,
): z.output<Shape> => {
  const result = shape.safeParse(jsonOf(body))
  if (result.success) return result.data
  const place = result.error.issues.at(0)?.path.join('.') ?? ''
  throw new ConnectorFault(
    'rejected',
    vendor,
    `${called} answered in a shape that is not known here${place === '' ? '' : ` (at ${place})`}.`,
  )
}

/** Undefined for what is not JSON. */
export const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** RFC 9110, section 10.2.3: seconds or a date. */
export const retryAfterSecondsOf = (header: string | null, now: number): number | undefined => {
  const value = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value)
  // Only a date that spells its month: Date.parse would take "-5" for a year.
  if (!/[A-Za-z]{3}/.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}
