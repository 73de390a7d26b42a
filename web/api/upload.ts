import { ProblemError, problemFrom, unreachable } from './problem.ts'
import { sessionEnded } from './client.ts'

/**
 * Sends a file as it is, telling how far it is (0 to 1). XMLHttpRequest, since fetch does not say that. Throws a
 * ProblemError; a broken-off one is thrown as `AbortError`.
 */
export const uploadFile = <T>(
  url: string,
  file: File,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    // What a file is, is told by its bytes; the browser's guess from its name helps nobody.
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.addEventListener('progress', ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0))
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) {
        onShare(1)
        // The contract says what this route answers; the caller names it.
        resolve(JSON.parse(request.responseText) as T)
        return
      }
      if (request.status === 401) sessionEnded()
      const answer = new Response(request.responseText, {
        status: request.status,
        headers: { 'retry-after': request.getResponseHeader('retry-after') ?? '' },
      })
      problemFrom(answer).then(reject, reject)
    })
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('abort', () => reject(new DOMException('Cancelled.', 'AbortError')))
    signal.addEventListener('abort', () => request.abort())
    if (signal.aborted) reject(new DOMException('Cancelled.', 'AbortError'))
    else request.send(file)
  })

export const wasCancelled = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError' && !(error instanceof ProblemError)
