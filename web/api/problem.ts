/** One thing wrong with one field, as RFC 9457 answers list them. `pointer` is a JSON pointer such as "/email". */
export type FieldError = { pointer: string; detail: string }

/** A refusal or failure the caller can act on. `status` is 0 when no answer came at all. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly code: string
  readonly detail: string | null
  readonly requestId: string | null
  readonly errors: FieldError[]
  readonly retryAfterSeconds: number | null

  constructor(given: {
    status: number
    code: string
    title: string
    detail?: string | null
    requestId?: string | null
    errors?: FieldError[]
    retryAfterSeconds?: number | null
  }) {
    super(given.title)
    this.status = given.status
    this.code = given.code
    this.detail = given.detail ?? null
    this.requestId = given.requestId ?? null
    this.errors = given.errors ?? []
    this.retryAfterSeconds = given.retryAfterSeconds ?? null
  }
}

/** Reads what the server said; an answer that is no problem document still becomes a problem with its status. */
export async function problemFrom(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null)
  const text = (key: string) => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, key) : null
    return typeof value === 'string' ? value : null
  }
  const listed: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'errors') : null
  return new ProblemError({
    status: response.status,
    code: text('code') ?? 'unknown',
    title: text('title') ?? response.statusText,
    detail: text('detail'),
    requestId: text('requestId'),
    errors: Array.isArray(listed) ? listed.filter(isFieldError) : [],
    retryAfterSeconds: secondsFrom(response.headers.get('retry-after')),
  })
}

export const unreachable = (): ProblemError =>
  new ProblemError({ status: 0, code: 'unreachable', title: 'No answer came.' })

/** Anything thrown, as a problem; what is not one (a bug) is thrown on. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  throw error
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'pointer') === 'string' &&
    typeof Reflect.get(value, 'detail') === 'string'
  )
}

function secondsFrom(header: string | null): number | null {
  if (header === null) return null
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null
}
