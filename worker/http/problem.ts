const STATUS = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  password_change_needed: 403,
  microsoft_only: 403,
  missing: 404,
  method_not_allowed: 405,
  conflict: 409,
  in_progress: 409,
  facts_changed: 409,
  gone: 410,
  expired: 410,
  length_required: 411,
  stale: 412,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  invalid: 422,
  throttled: 429,
  unavailable: 503,
} as const

const TITLE: Record<ProblemCode, string> = {
  malformed: 'This request cannot be read',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  password_change_needed: 'Choose a password of your own first',
  microsoft_only: 'Sign in with Microsoft',
  missing: 'Not found',
  method_not_allowed: 'This address does not take that method',
  conflict: 'This clashes with what is there',
  in_progress: 'The same request is still being worked on',
  facts_changed: 'Something it depends on has changed',
  gone: 'No longer available',
  expired: 'No longer valid',
  length_required: 'The length must be stated',
  stale: 'Somebody changed this in the meantime',
  too_large: 'Too large',
  unsupported_media_type: 'This kind of content is not taken here',
  range_not_satisfiable: 'There is no such part',
  invalid: 'Some of this is not valid',
  throttled: 'Too many attempts',
  unavailable: 'Not available right now',
}

export type ProblemCode = keyof typeof STATUS

/** One thing wrong with one field of the request. `pointer` is a JSON Pointer (RFC 6901) into the body. */
export type FieldError = { pointer: string; detail: string }

/** A failure that the caller can act on (RFC 9457). Anything else that escapes a verb is our bug: a bare 500. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly errors: FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  /** For `method_not_allowed`: the methods that are. */
  readonly allow: string | undefined
  /** For `unauthenticated`: how a program may say who it is. */
  readonly challenge: string | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: FieldError[]; retryAfterSeconds?: number; allow?: string; challenge?: string } = {},
  ) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.errors = more.errors
    this.retryAfterSeconds = more.retryAfterSeconds
    this.allow = more.allow
    this.challenge = more.challenge
  }

  get status() {
    return STATUS[this.code]
  }
}

export const missing = (noun: string) => new Problem('missing', `There is no such ${noun}.`)

export const stale = () =>
  new Problem('stale', 'Somebody changed this since you opened it. Load it again, then make your change.')

export const invalidField = (pointer: string, detail: string) =>
  new Problem('invalid', detail, { errors: [{ pointer, detail }] })

export const problemResponse = (problem: Problem, requestId: string): Response =>
  Response.json(
    {
      type: `/problems/${problem.code}`,
      title: TITLE[problem.code],
      status: problem.status,
      detail: problem.message,
      code: problem.code,
      requestId,
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    },
    {
      status: problem.status,
      headers: {
        'content-type': 'application/problem+json',
        ...(problem.retryAfterSeconds === undefined ? {} : { 'retry-after': String(problem.retryAfterSeconds) }),
        ...(problem.allow === undefined ? {} : { allow: problem.allow }),
        ...(problem.challenge === undefined ? {} : { 'www-authenticate': problem.challenge }),
      },
    },
  )

/** Our own bug: says nothing but the request id, under which the log has the rest. */
export const bugResponse = (requestId: string): Response =>
  Response.json(
    { type: '/problems/bug', title: 'Something went wrong on our side', status: 500, code: 'bug', requestId },
    { status: 500, headers: { 'content-type': 'application/problem+json' } },
  )
