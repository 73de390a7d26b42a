import { and, asc, count, desc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import type { Sought } from '../../../db/customer-words.ts'
import { tenants, tenantUsers, tenantUserWords } from '../../../db/shard/schema.ts'
import { decodeCursor, foreignMarker } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { invalidField } from '../../http/problem.ts'
import type { ContactScope } from '../../tenancy/scope.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import type { DirectoryQuery } from './directory.schema.ts'
import { mailboxOf } from '../../tenancy/shown-directory.ts'
import type { UserRow } from './shown-user.ts'
import { rankOf, sortNameOf, sourcesShown } from './user-words.ts'

export type Query = z.infer<typeof DirectoryQuery>
/** Reads below one customer, by staff or by one of its contacts. */
export type DirectoryReads = Pick<ContactScope, 'mine' | 'select' | 'readAll'>

/** How much each word searched for may find; when all of them find more, that is said, not read. */
const WORD_ROWS_MAX = 200
/** How many whose whole name begins as it is typed are found beside those. */
const NAMESAKES_MAX = 50

/** The columns that anybody may be shown, and those that order and find. */
export const userColumns = {
  id: tenantUsers.id,
  tenantId: tenantUsers.tenantId,
  displayName: tenantUsers.displayName,
  userPrincipalName: tenantUsers.userPrincipalName,
  mail: tenantUsers.mail,
  jobTitle: tenantUsers.jobTitle,
  department: tenantUsers.department,
  businessPhone: tenantUsers.businessPhone,
  mobilePhone: tenantUsers.mobilePhone,
  accountCreatedAt: tenantUsers.accountCreatedAt,
  isGuest: tenantUsers.isGuest,
  isLicensed: tenantUsers.isLicensed,
  signInAllowed: tenantUsers.signInAllowed,
  mailboxPurpose: tenantUsers.mailboxPurpose,
  skuIds: tenantUsers.skuIds,
  lastSignInAt: tenantUsers.lastSignInAt,
  signInKnown: tenantUsers.signInKnown,
  sortName: tenantUsers.sortName,
}

export type ListedRow = UserRow & { isLicensed: boolean }

/** The environments that are this customer's now: of one that was removed the people are history. */
export const present = (tenantId?: string): SQL | undefined =>
  and(isNull(tenants.removedAt), tenantId === undefined ? undefined : eq(tenants.id, tenantId))

/** Refuses a filter by what is not shown: its answer would tell it. Problem `invalid`. */
export const refuseHiddenFilters = (query: Query, shown: ShownDirectory): void => {
  const isHidden = (attribute: ShownDirectory['attributes'][number]) => !shown.attributes.includes(attribute)
  const refuse = (pointer: string, what: string) => invalidField(pointer, `This directory does not show ${what}.`)
  if (query.licensed !== undefined && isHidden('licences')) throw refuse('/licensed', 'licences')
  if (query.blocked !== undefined && isHidden('signInAllowed')) throw refuse('/blocked', 'who is blocked')
  if (query.department !== undefined && isHidden('department')) throw refuse('/department', 'departments')
  if (query.guest !== undefined && !shown.showsGuests) throw refuse('/guest', 'guests')
}

/** The page of a list, by one select; one row more than asked for where there is another page. */
export const pageSelect = (reads: DirectoryReads, query: Query, shown: ShownDirectory) => {
  const direction = query.sort === '-name' ? desc : asc
  const order = [direction(tenantUsers.sortName), direction(tenantUsers.id)]
  const first = reads
    .select({ id: tenantUsers.id })
    .from(tenantUsers)
    .where(
      reads.mine(
        tenantUsers,
        and(
          eq(tenantUsers.tenantId, tenants.id),
          query.department === undefined ? undefined : eq(tenantUsers.department, query.department),
          ...stretchConditions(query),
          after(query),
        ),
      ),
    )
    .orderBy(...order)
    .limit(query.limit + 1)
  // Of each stretch of the index as many as a page holds, and of those together the first.
  return reads
    .select(userColumns)
    .from(tenants)
    .crossJoin(sql`json_each(${JSON.stringify(stretchesOf(query, shown))}) as stretch`)
    .crossJoin(sql`json_each((select json_group_array(first.id) from ${first} as first)) as entry`)
    .crossJoin(tenantUsers)
    .where(
      and(
        reads.mine(tenants, present(query.tenantId)),
        reads.mine(tenantUsers, and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, sql`entry.value`))),
      ),
    )
    .orderBy(...order)
    .limit(query.limit + 1)
}

const isNarrowed = ({ licensed, blocked, mailbox, department }: Query): boolean =>
  licensed !== undefined || blocked !== undefined || mailbox !== undefined || department !== undefined

/**
 * The stretches of the index that hold what is asked for, each in the order asked for: guests apart from everybody else
 * and, where a filter is set, each standing apart.
 */
const stretchesOf = (query: Query, { showsGuests }: ShownDirectory): number[][] => {
  const either = (wanted: boolean | undefined) => (wanted === undefined ? [0, 1] : [Number(wanted)])
  const guests = showsGuests ? either(query.guest) : [0]
  if (!isNarrowed(query)) return guests.map((guest) => [guest])
  return guests.flatMap((guest) =>
    either(query.licensed).flatMap((licensed) => standingsSought(query).map((standing) => [guest, licensed, standing])),
  )
}

const CANNOT_SIGN_IN = 0
const CAN_SIGN_IN = 1
const NOBODYS_MAILBOX = 2

const standingsSought = ({ blocked, mailbox }: Pick<Query, 'blocked' | 'mailbox'>): number[] =>
  [CANNOT_SIGN_IN, CAN_SIGN_IN, NOBODYS_MAILBOX].filter(
    (standing) =>
      (blocked === undefined || blocked === (standing === CANNOT_SIGN_IN)) &&
      (mailbox === undefined || mailbox === (standing === NOBODYS_MAILBOX)),
  )

const stretchConditions = (query: Query): SQL[] => [
  sql`${tenantUsers.isGuest} = json_extract(stretch.value, '$[0]')`,
  ...(isNarrowed(query)
    ? [
        sql`${tenantUsers.isLicensed} = json_extract(stretch.value, '$[1]')`,
        sql`${tenantUsers.standing} = json_extract(stretch.value, '$[2]')`,
      ]
    : []),
]

const after = (query: Query): SQL | undefined => {
  const marker = markerIn(query)
  if (marker === undefined) return undefined
  const [sortName] = marker.key
  if (marker.key.length !== 1 || typeof sortName !== 'string') throw foreignMarker()
  return query.sort === '-name'
    ? sql`(${tenantUsers.sortName}, ${tenantUsers.id}) < (${sortName}, ${marker.id})`
    : sql`(${tenantUsers.sortName}, ${tenantUsers.id}) > (${sortName}, ${marker.id})`
}

export const cursorOf =
  (query: Query) =>
  (row: ListedRow): Cursor => ({ sort: listNameOf(query), key: [row.sortName], id: row.id })

const markerIn = (query: Query): { key: (string | number)[]; id: string } | undefined => {
  if (query.cursor === undefined) return undefined
  const { key, id } = decodeCursor(query.cursor, listNameOf(query))
  return { key: Array.isArray(key) ? key : [key], id }
}

/** Tells lists apart: a marker of one is no place in another. */
const listNameOf = ({ sort, licensed, blocked, mailbox, guest, department, tenantId, q }: Query): string =>
  JSON.stringify([
    sort,
    licensed ?? null,
    blocked ?? null,
    mailbox ?? null,
    guest ?? null,
    department ?? null,
    tenantId ?? null,
    q?.trim() ?? '',
  ])

/** Whom the word that found fewest may mean, and whose whole name begins as it is typed; to be narrowed by `found`. */
export const candidatesSelect = (reads: DirectoryReads, query: Query, shown: ShownDirectory, sought: Sought[]) =>
  reads
    .select(userColumns)
    .from(sql`(${rarest(reads, query, shown, sought)} union ${namesakes(reads, query, shown)}) as found`)
    .crossJoin(tenantUsers)
    .where(
      reads.mine(
        tenantUsers,
        and(eq(tenantUsers.tenantId, sql`found.of_tenant`), eq(tenantUsers.id, sql`found.of_user`)),
      ),
    )

/** How much each word found, to be read along; `isCut` says whether every one of them found more than was looked at. */
export const matchCounts = (reads: DirectoryReads, query: Query, shown: ShownDirectory, sought: Sought[]) =>
  sought.map((one) => reads.select({ matches: count() }).from(upToTooMany(reads, query, shown, one).as('cut')))

export const isCut = (counts: { matches: number }[][]): boolean =>
  counts.length > 0 && counts.every(([counted]) => (counted?.matches ?? 0) > WORD_ROWS_MAX)

const rarest = (reads: DirectoryReads, query: Query, shown: ShownDirectory, sought: Sought[]): SQL => {
  const matches = matchesOf(reads, query, shown, sought)
  // One word has nothing to be rarer than; and SQLite would draw its select into the window, whose sort comes before the limit.
  if (sought.length === 1) return sql`select of_tenant, of_user from (${matches}) as matches`
  return sql`select of_tenant, of_user from (select of_tenant, of_user, rank() over (order by found, place) as rarity from (select of_tenant, of_user, place, count(*) over (partition by place) as found from (${matches}) as matches) as counted) as ranked where rarity = 1`
}

const matchesOf = (reads: DirectoryReads, query: Query, shown: ShownDirectory, sought: Sought[]): SQL =>
  sql.join(
    sought.map(
      (one, place) =>
        sql`select ${sql.raw(String(place))} as place, of_tenant, of_user from ${upToTooMany(reads, query, shown, one).as('cut')}`,
    ),
    sql` union all `,
  )

/** Rows of one word, in the order of the index: names first, then addresses, then departments. */
const upToTooMany = (reads: DirectoryReads, query: Query, shown: ShownDirectory, one: Sought) =>
  reads
    .select({
      ofTenant: sql<string>`${tenantUserWords.tenantId}`.as('of_tenant'),
      ofUser: sql<string>`${tenantUserWords.id}`.as('of_user'),
    })
    .from(tenants)
    .crossJoin(tenantUserWords)
    .where(
      and(
        reads.mine(tenants, present(query.tenantId)),
        reads.mine(
          tenantUserWords,
          and(
            eq(tenantUserWords.tenantId, tenants.id),
            inArray(tenantUserWords.isGuest, guestsSought(query, shown)),
            inArray(tenantUserWords.source, sourcesShown(shown)),
            isMeant(one),
          ),
        ),
      ),
    )
    .limit(WORD_ROWS_MAX + 1)

const isMeant = ({ text, isWhole }: Sought): SQL | undefined =>
  isWhole
    ? eq(tenantUserWords.word, text)
    : and(gte(tenantUserWords.word, text), lt(tenantUserWords.word, `${text}\u{10ffff}`))

const namesakes = (reads: DirectoryReads, query: Query, shown: ShownDirectory): SQL => {
  const typed = sortNameOf(query.q ?? '')
  const whole = reads
    .select({
      ofTenant: sql<string>`${tenantUsers.tenantId}`.as('of_tenant'),
      ofUser: sql<string>`${tenantUsers.id}`.as('of_user'),
    })
    .from(tenants)
    .crossJoin(tenantUsers)
    .where(
      and(
        reads.mine(tenants, present(query.tenantId)),
        reads.mine(
          tenantUsers,
          and(
            eq(tenantUsers.tenantId, tenants.id),
            inArray(tenantUsers.isGuest, guestsSought(query, shown)),
            gte(tenantUsers.sortName, typed),
            lt(tenantUsers.sortName, `${typed}\u{10ffff}`),
          ),
        ),
      ),
    )
    .limit(NAMESAKES_MAX)
  return sql`select of_tenant, of_user from ${whole.as('namesakes')}`
}

const guestsSought = ({ guest }: Query, { showsGuests }: ShownDirectory): boolean[] =>
  showsGuests ? (guest === undefined ? [false, true] : [guest]) : [false]

type Found = { row: ListedRow; rank: number }

/** Of the candidates those who are meant, the best first, from the marker on; one more than a page where there are more. */
export const found = (
  candidates: ListedRow[],
  query: Query,
  shown: ShownDirectory,
  sought: Sought[],
): { rows: ListedRow[]; cursorOf: (row: ListedRow) => Cursor } => {
  const sources = sourcesShown(shown)
  const meant = candidates.flatMap((row): Found[] => {
    const rank = passes(row, query) ? rankOf(row, query.q ?? '', sought, sources) : undefined
    return rank === undefined ? [] : [{ row, rank }]
  })
  const marked = placeIn(query)
  const rest = meant
    .toSorted((one, other) => comparedPlaces(placeOf(one), placeOf(other)))
    .filter((one) => marked === undefined || comparedPlaces(placeOf(one), marked) > 0)
  const ranks = new Map(meant.map(({ row, rank }) => [row.id, rank]))
  return {
    rows: rest.slice(0, query.limit + 1).map(({ row }) => row),
    cursorOf: (row) => ({ sort: listNameOf(query), key: [ranks.get(row.id) ?? 0, row.sortName], id: row.id }),
  }
}

const passes = (row: ListedRow, { licensed, blocked, mailbox, department }: Query): boolean =>
  (licensed === undefined || row.isLicensed === licensed) &&
  standingsSought({ blocked, mailbox }).includes(standingOf(row)) &&
  (department === undefined || row.department === department)

const standingOf = (row: ListedRow): number =>
  mailboxOf(row) === undefined ? (row.signInAllowed ? CAN_SIGN_IN : CANNOT_SIGN_IN) : NOBODYS_MAILBOX

type Place = [rank: number, sortName: string, id: string]

const placeOf = ({ row, rank }: Found): Place => [rank, row.sortName, row.id]

const placeIn = (query: Query): Place | undefined => {
  const marker = markerIn(query)
  if (marker === undefined) return undefined
  const [rank, sortName] = marker.key
  if (marker.key.length !== 2 || typeof rank !== 'number' || typeof sortName !== 'string') throw foreignMarker()
  return [rank, sortName, marker.id]
}

const comparedPlaces = ([rank, name, id]: Place, [otherRank, otherName, otherId]: Place): number =>
  rank - otherRank || compared(name, otherName) || compared(id, otherId)

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
