import createClient from 'openapi-fetch'
import type { paths } from './schema.d.ts'
import { problemFrom, unreachable } from './problem.ts'

/** The typed client. Every call either answers with data or throws a `ProblemError`. */
export const api = createClient<paths>({ baseUrl: '' })

api.use({
  onRequest({ request }) {
    // One key per call: a POST that is repeated on the way (a proxy, a retry) still counts once.
    if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID())
    }
    return undefined
  },
  async onResponse({ request, response }) {
    if (response.ok) return undefined
    if (response.status === 401 && !request.url.endsWith('/api/auth/session')) signedOut()
    throw await problemFrom(response)
  },
  onError() {
    return unreachable()
  },
})

let signedOut: () => void = () => undefined

/** Says what happens when the server no longer knows this session. */
export function whenSignedOut(act: () => void): void {
  signedOut = act
}

/** For answers that do not come through the client, such as those to an upload. */
export const sessionEnded = (): void => signedOut()

/** The data of an answer that is known to carry some. */
export function body<T>(answer: { data?: T }): T {
  // A success without a body would be a breach of the contract, not something a caller can act on.
  if (answer.data === undefined) throw new Error('The answer had no body.')
  return answer.data
}

/** The header that makes a write fail with 412 when somebody else was faster. */
export const ifMatch = (version: number): { 'if-match': string } => ({ 'if-match': `"v${version}"` })
