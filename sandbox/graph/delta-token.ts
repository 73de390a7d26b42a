import { GraphError } from './graph-error.ts'
import type { TenantDirectory } from './tenant-directory.ts'

/** What every delta token says: of which tenant it is, and since when. */
export type DeltaCursor = { tenantId: string; epoch: number; issuedAt: number }

/** Delta tokens of directory objects are good for so many days. */
const tokenDaysMax = 7

export const tokenOf = (cursor: DeltaCursor, now: Date): string =>
  Buffer.from(JSON.stringify({ ...cursor, issuedAt: now.getTime() })).toString('base64url')

/** The cursor in a token; throws as Graph does for one that is too old, another tenant's, or none, which `isOne` knows. */
export function readDeltaToken<Cursor extends DeltaCursor>(
  directory: TenantDirectory,
  token: string,
  now: Date,
  restartAt: string,
  isOne: (value: object) => value is Cursor,
): Cursor {
  const cursor = decode(token)
  if (
    cursor !== undefined &&
    isOne(cursor) &&
    cursor.tenantId === directory.tenant.tenantId &&
    cursor.epoch === directory.tenant.deltaEpoch &&
    now.getTime() - cursor.issuedAt < tokenDaysMax * 86_400_000
  )
    return cursor
  throw new GraphError(
    410,
    'syncStateNotFound',
    'The sync state generation is not found; continuing with the given token is not possible. Start a full synchronization.',
    { location: restartAt },
  )
}

function decode(token: string): object | undefined {
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
