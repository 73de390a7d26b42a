import type { Context } from 'hono'
import { Refused } from '../../db/connect.ts'
import { stale } from './problem.ts'

/** The versions that If-Match names; `any` for `*`, undefined when the caller did not say. */
export type Expected = { any: true } | { any: false; versions: readonly number[] } | undefined

/**
 * What If-Match asks for (RFC 9110, section 13.1.1). Compared strongly: a weak tag, like one that is not ours, names
 * no version, so that nothing fits it; neither does a list of none. Of a header without any value nothing is known here:
 * the runtime leaves it out before a Worker sees the request.
 */
export const expected = (c: Context): Expected => {
  const said = c.req.header('if-match')
  if (said === undefined) return undefined
  if (said.trim() === '*') return { any: true }
  const tags = said.split(',').map((tag) => tag.trim())
  return { any: false, versions: tags.flatMap((tag) => /^"v(\d{1,15})"$/.exec(tag)?.[1] ?? []).map(Number) }
}

/** Throws `stale` unless the row, undefined where there is none yet, is one that the caller expects. */
export const refuseUnexpected = (row: { version: number } | undefined, wanted: Expected): void => {
  if (wanted === undefined) return
  if (row === undefined || !(wanted.any || wanted.versions.includes(row.version))) throw stale()
}

/** Where nothing was said before, two may be the first to say something: one of them is, and the other one is told. */
export const firstOrNext = async (commit: () => Promise<unknown>): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    throw error instanceof Refused && error.kind === 'unique' ? stale() : error
  }
}
