import type { RequestSummary } from '../../api/shapes.ts'

/** What a list has loaded so far, and behind it what waits for the reader's approval on pages that it has not. */
export const withAwaited = (loaded: RequestSummary[], awaited: readonly RequestSummary[]): RequestSummary[] => {
  const known = new Set(loaded.map(({ id }) => id))
  return [...loaded, ...awaited.filter(({ id }) => !known.has(id))]
}
