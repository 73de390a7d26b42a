import { z } from '@hono/zod-openapi'
import { base64url } from '../tenancy/ids.ts'
import { invalidField } from './problem.ts'

export const LIMIT_MAX = 200

/** The query of every list. `sort` is a field, with `-` before it for descending. */
export const listQuery = <const S extends readonly [string, ...string[]]>(sorts: S) =>
  z.strictObject({
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(50).describe('How many at most.'),
    // Holds a sort key, which may be as long as the longest name.
    cursor: z.string().max(8_000).optional().describe('The `nextCursor` of the page before.'),
    sort: z
      .enum(sorts)
      .default(sorts[0] as S[number])
      .describe('The field to sort by, with `-` before it for descending.'),
  })

export const listOf = <S extends z.ZodType>(item: S, name: string) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).openapi(name)

/**
 * A place in a list: the sort key (of several columns where the sort has several) and id of the last row shown. Bound
 * to its sort, so that it cannot be mixed up.
 */
export type Cursor = { sort: string; key: KeyPart | KeyPart[]; id: string }
type KeyPart = string | number

const KeyPart = z.union([z.string(), z.number()])

export const encodeCursor = ({ sort, key, id }: Cursor): string =>
  base64url(new TextEncoder().encode(JSON.stringify([sort, key, id])))

export const decodeCursor = (text: string, sort: string): Cursor => {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.codePointAt(0) ?? 0)
    const [of, key, id] = z
      .tuple([z.literal(sort), z.union([KeyPart, z.array(KeyPart)]), z.string()])
      .parse(JSON.parse(new TextDecoder().decode(bytes)))
    return { sort: of, key, id }
  } catch {
    throw foreignMarker()
  }
}

/** The key of a list that is sorted by one text or one number. */
export const textKeyOf = ({ key }: Cursor): string => {
  if (typeof key !== 'string') throw foreignMarker()
  return key
}
export const numberKeyOf = ({ key }: Cursor): number => {
  if (typeof key !== 'number') throw foreignMarker()
  return key
}

export const foreignMarker = () => invalidField('/cursor', 'This page marker does not belong to this list.')

/** A page from rows of which one more was read than shown. */
export const pageOf = <R, I>(
  rows: R[],
  limit: number,
  cursorOf: (row: R) => Cursor,
  present: (row: R) => I,
): { items: I[]; nextCursor: string | null } => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(present),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  }
}

/**
 * The pages of a list one after the other, as they are taken, from the first, which was read already. Each is read with
 * one row more than it gives, where there is another page; `after` reads the one after a row.
 */
export async function* pagesFrom<R>(first: R[], after: (last: R) => Promise<R[]>): AsyncGenerator<R[], void> {
  let rows = first
  for (;;) {
    const page = rows.slice(0, LIMIT_MAX)
    yield page
    const last = page.at(-1)
    if (last === undefined || rows.length <= LIMIT_MAX) return
    rows = await after(last)
  }
}
