import { readDeltaToken, tokenOf } from './delta-token.ts'
import type { DeltaCursor } from './delta-token.ts'
import type { Person } from './people.ts'
import { personId } from './people.ts'
import type { TenantDirectory } from './tenant-directory.ts'

export const pageSizeMax = 200

export type Removed = { id: string; removed: 'changed' | 'deleted' }
export type DeltaPage = {
  select: string[] | undefined
  items: (Person | Removed)[]
  next: { kind: 'skiptoken' | 'deltatoken'; token: string }
}

/** Where a reader is: in a full read (place by place) or in a list of changes, at which page, since when. */
type Cursor = DeltaCursor & {
  kind: 'full' | 'changes' | 'done'
  select: string[] | undefined
  page: number
  /** full: the next place; changes: the next entry of the list. */
  position: number
  /** changes: after this change. */
  after: number
  /** The next delta begins after this change. */
  upTo: number
}

/**
 * One page of `/users/delta`. As at Microsoft a page holds at most 200 people, may be empty, and may repeat somebody:
 * page 4, 15, 26 … is empty and page 2, 9, 16 … begins with the last person of the page before.
 */
export function deltaPage(
  directory: TenantDirectory,
  token: string | undefined,
  select: string[] | undefined,
  now: Date,
  restartAt: string,
): DeltaPage {
  const cursor = token === undefined ? beginning(directory, select, now) : readToken(directory, token, now, restartAt)
  const reading = cursor.kind === 'done' ? changesSince(directory, cursor, now) : cursor
  return reading.kind === 'full' ? fullPage(directory, reading, now) : changesPage(directory, reading, now)
}

function beginning(directory: TenantDirectory, select: string[] | undefined, now: Date): Cursor {
  return {
    kind: 'full',
    tenantId: directory.tenant.tenantId,
    epoch: directory.tenant.deltaEpoch,
    issuedAt: now.getTime(),
    select,
    page: 1,
    position: 0,
    after: 0,
    upTo: directory.sequence,
  }
}

function changesSince(directory: TenantDirectory, cursor: Cursor, now: Date): Cursor {
  return {
    ...cursor,
    kind: 'changes',
    issuedAt: now.getTime(),
    page: 1,
    position: 0,
    after: cursor.upTo,
    upTo: directory.sequence,
  }
}

function fullPage(directory: TenantDirectory, cursor: Cursor, now: Date): DeltaPage {
  if (cursor.page % 11 === 4) return following([], { ...cursor, page: cursor.page + 1 }, now)
  const items: Person[] = cursor.page % 7 === 2 ? lastBefore(directory, cursor.position) : []
  let { position } = cursor
  while (items.length < pageSizeMax && position < directory.placeCount) {
    const person = directory.person(position)
    if (person !== undefined) items.push(person)
    position += 1
  }
  const isLast = position >= directory.placeCount
  return following(items, { ...cursor, kind: isLast ? 'done' : 'full', page: cursor.page + 1, position }, now)
}

function changesPage(directory: TenantDirectory, cursor: Cursor, now: Date): DeltaPage {
  const places = directory.changedPlaces(cursor.after, cursor.upTo)
  const end = Math.min(cursor.position + pageSizeMax, places.length)
  const items = places.slice(cursor.position, end).map((index) => asItNowIs(directory, index))
  const isLast = end >= places.length
  return following(items, { ...cursor, kind: isLast ? 'done' : 'changes', page: cursor.page + 1, position: end }, now)
}

function asItNowIs(directory: TenantDirectory, index: number): Person | Removed {
  const person = directory.person(index)
  if (person !== undefined) return person
  return { id: personId(directory.tenant.tenantId, index), removed: directory.removal(index) ?? 'deleted' }
}

function lastBefore(directory: TenantDirectory, position: number): Person[] {
  for (let index = position - 1; index >= 0; index -= 1) {
    const person = directory.person(index)
    if (person !== undefined) return [person]
  }
  return []
}

function following(items: (Person | Removed)[], cursor: Cursor, now: Date): DeltaPage {
  const kind = cursor.kind === 'done' ? 'deltatoken' : 'skiptoken'
  return { select: cursor.select, items, next: { kind, token: tokenOf(cursor, now) } }
}

function readToken(directory: TenantDirectory, token: string, now: Date, restartAt: string): Cursor {
  const isOne = (value: object): value is Cursor => 'upTo' in value && Number(value.upTo) <= directory.sequence
  return readDeltaToken(directory, token, now, restartAt, isOne)
}
