/** A refusal in Graph's words; becomes `{ "error": { code, message, innerError } }`. */
export class GraphError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** Graph's shape of a failure. */
export function graphErrorBody(code: string, message: string, now: Date, requestId: string): object {
  const date = now.toISOString().slice(0, 19)
  return { error: { code, message, innerError: { date, 'request-id': requestId, 'client-request-id': requestId } } }
}
