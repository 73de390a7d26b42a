import { and, asc, count, eq, inArray, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import {
  customers,
  groupMembers,
  portals,
  seatCounts,
  skus,
  tenantDepartments,
  tenantGroups,
  tenants,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import type { DirectoryAttribute } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { missing } from '../../http/problem.ts'
import type { Cursor } from '../../http/paging.ts'
import { revised } from '../../tenancy/revised.ts'
import type { ContactScope, CustomerScope } from '../../tenancy/scope.ts'
import { inTheirOrder, wholeDirectory } from '../../tenancy/shown-directory.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import { namesAmong } from '../licences/index.ts'
import { isVisible } from './shown-user.ts'
import type { LicencesOf } from './shown-user.ts'
import {
  candidatesSelect,
  cursorOf,
  found,
  isCut,
  matchCounts,
  pageSelect,
  present,
  refuseHiddenFilters,
  userColumns,
} from './user-list.ts'
import type { DirectoryReads, ListedRow, Query } from './user-list.ts'
import { soughtOf } from './user-words.ts'

export type TenantRead = Pick<
  typeof tenants.$inferSelect,
  | 'id'
  | 'name'
  | 'state'
  | 'lastGoodSyncAt'
  | 'consentLostAt'
  | 'groupsAsOf'
  | 'groupsUnknownSince'
  | 'managersAsOf'
  | 'mailboxCount'
  | 'partsUnread'
  | 'signInsAsOf'
>

/** Rows of people, and what it takes to show them. */
export type UserPage = {
  /** One more than asked for where there is another page. */
  rows: ListedRow[]
  cursorOf: (row: ListedRow) => Cursor
  truncated: boolean
  shown: ShownDirectory
  licencesOf: LicencesOf
  tenants: TenantRead[]
  /** Null beyond the first page. */
  departments: string[] | null
  asOf: number | null
}

/** Somebody, and what it takes to show them. */
export type UserRead = {
  row: ListedRow
  shown: ShownDirectory
  licencesOf: LicencesOf
  otherLicencesOf: LicencesOf
  tenant: TenantRead
  /** By name, the first few. */
  groups: { name: string; mail: string | null; kind: (typeof tenantGroups.$inferSelect)['kind'] }[]
  groupCount: number
  /** Who manages them: `undefined` where that is nobody among those who are shown. */
  manager: NamedUser | undefined
  hasManager: boolean
  /** Whom they manage of those who are shown, by name, the first few. */
  manages: NamedUser[]
  managesCount: number
}

type NamedUser = { id: string; name: string }

const DEPARTMENT_COUNT_MAX = 500
/** As many as are read at a glance; of the others it is told how many they are. */
const GROUP_COUNT_SHOWN = 12
const MANAGED_COUNT_SHOWN = 12

/** Who holds which licence is for portal admins and those who look after licences, whatever else the directory shows. */
const shownTo = ({ person }: ContactScope, shown: ShownDirectory): ShownDirectory =>
  person.isPortalAdmin || person.readsLicences === true
    ? shown
    : { ...shown, attributes: shown.attributes.filter((attribute) => attribute !== 'licences') }

/**
 * A page of what a contact's company sees of its people. One round trip; costs the page, however many people there are.
 * Problems: `missing` while the directory is not shown at all; `invalid` for a filter by what is not shown.
 */
export const listColleagues = (contact: ContactScope, shown: ShownDirectory, query: Query): Promise<UserPage> => {
  refuseHidden(shown)
  return listUsers(contact, shownTo(contact, shown), query)
}

/** The same for staff, who see everything. Problem `missing`. */
export const listUsersForStaff = async (customer: CustomerScope, query: Query): Promise<UserPage> =>
  listUsers(customer, wholeDirectory, query, itself(customer))

/** One of a contact's colleagues. Problem `missing`, also for whoever is not shown. */
export const findColleague = (contact: ContactScope, shown: ShownDirectory, userId: string): Promise<UserRead> => {
  refuseHidden(shown)
  return findUser(contact, shownTo(contact, shown), userId)
}

/** The same for staff, who see everything. Problem `missing`. */
export const findUserForStaff = (customer: CustomerScope, userId: string): Promise<UserRead> =>
  findUser(customer, wholeDirectory, userId)

/** What is not in the portal is not known to be anywhere. */
const refuseHidden = ({ isShown }: ShownDirectory): void => {
  if (!isShown) throw missing('page')
}

/** Whether the customer is there at all: a list of nobody would not tell. */
export const itself = (customer: DirectoryReads) =>
  customer.select({ id: customers.id }).from(customers).where(customer.mine(customers))

const listUsers = async (
  reads: DirectoryReads,
  shown: ShownDirectory,
  query: Query,
  proof = itself(reads),
): Promise<UserPage> => {
  refuseHiddenFilters(query, shown)
  const sought = soughtOf(query.q)
  const isSearch = sought.length > 0
  const [known, environments, seats, departments, rows, ...counts] = await reads.readAll([
    proof,
    tenantsRead(reads),
    seatsRead(reads),
    departmentsSelect(reads, query.cursor === undefined && shown.attributes.includes('department')),
    isSearch ? candidatesSelect(reads, query, shown, sought) : pageSelect(reads, query, shown),
    ...matchCounts(reads, query, shown, sought),
  ])
  if (known.length === 0) throw missing('customer')
  const people = withSignIns(rows, environments)
  const listed = isSearch ? found(people, query, shown, sought) : { rows: people, cursorOf: cursorOf(query) }
  const read = environments.flatMap(({ lastGoodSyncAt }) => lastGoodSyncAt ?? [])
  return {
    ...listed,
    truncated: isSearch && isCut(counts),
    shown,
    licencesOf: licencesIn(seats).counted,
    tenants: environments,
    departments: query.cursor === undefined ? departmentsIn(departments, shown) : null,
    asOf: read.length === 0 ? null : Math.min(...read),
  }
}

const findUser = async (reads: DirectoryReads, shown: ShownDirectory, userId: string): Promise<UserRead> => {
  const [environments, seats, groups, [counted], [manager], manages, [managed], rows] = await reads.readAll([
    tenantsRead(reads),
    seatsRead(reads),
    reads
      .select({ name: tenantGroups.displayName, mail: tenantGroups.mail, kind: tenantGroups.kind })
      .from(tenants)
      .crossJoin(groupMembers)
      .crossJoin(tenantGroups)
      .where(groupsOf(reads, userId))
      .orderBy(asc(tenantGroups.displayName), asc(tenantGroups.id))
      .limit(GROUP_COUNT_SHOWN),
    reads
      .select({ groupCount: count() })
      .from(tenants)
      .crossJoin(groupMembers)
      .crossJoin(tenantGroups)
      .where(groupsOf(reads, userId)),
    reads
      .select(nameColumns)
      .from(tenants)
      .crossJoin(tenantUsers)
      .where(whoIsShown(reads, shown, eq(tenantUsers.id, managerIdOf(reads, userId))))
      .limit(1),
    reads
      .select(nameColumns)
      .from(tenants)
      .crossJoin(tenantUsers)
      .where(whoIsShown(reads, shown, eq(tenantUsers.managerId, userId)))
      .orderBy(asc(tenantUsers.sortName), asc(tenantUsers.id))
      .limit(MANAGED_COUNT_SHOWN),
    reads
      .select({ managesCount: count() })
      .from(tenants)
      .crossJoin(tenantUsers)
      .where(whoIsShown(reads, shown, eq(tenantUsers.managerId, userId))),
    reads
      .select({ ...userColumns, managerId: tenantUsers.managerId })
      .from(tenants)
      .crossJoin(tenantUsers)
      .where(
        and(
          reads.mine(tenants, present()),
          reads.mine(tenantUsers, and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, userId))),
        ),
      )
      .limit(1),
  ])
  const [row] = withSignIns(rows, environments)
  const hasManager = rows.some(({ managerId }) => managerId !== null)
  const tenant = environments.find(({ id }) => id === row?.tenantId)
  if (row === undefined || tenant === undefined || !isVisible(row, shown)) throw missing('person')
  const licences = licencesIn(seats)
  return {
    row,
    shown,
    licencesOf: licences.counted,
    otherLicencesOf: licences.others,
    tenant,
    groups,
    groupCount: counted?.groupCount ?? 0,
    manager,
    hasManager,
    manages,
    managesCount: managed?.managesCount ?? 0,
  }
}

/** Where a whole pass found nobody to have signed in, nothing is known of anybody. */
const withSignIns = (rows: ListedRow[], environments: readonly TenantRead[]): ListedRow[] => {
  const telling = new Set(environments.flatMap(({ id, signInsAsOf }) => (signInsAsOf === null ? [] : [id])))
  return rows.map((row) => ({ ...row, signInKnown: row.signInKnown && telling.has(row.tenantId) }))
}

const nameColumns = { id: tenantUsers.id, name: tenantUsers.displayName }

const whoIsShown = (reads: DirectoryReads, { showsGuests }: ShownDirectory, whom: SQL) =>
  and(
    reads.mine(tenants, present()),
    reads.mine(
      tenantUsers,
      and(eq(tenantUsers.tenantId, tenants.id), whom, showsGuests ? undefined : eq(tenantUsers.isGuest, false)),
    ),
  )

const managerIdOf = (reads: DirectoryReads, userId: string): SQL => {
  const itself = and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, userId))
  return sql`${reads.select({ managerId: tenantUsers.managerId }).from(tenantUsers).where(reads.mine(tenantUsers, itself))}`
}

/** The groups that somebody is in, by the index of members. */
const groupsOf = (reads: DirectoryReads, userId: string) =>
  and(
    reads.mine(tenants, present()),
    reads.mine(
      groupMembers,
      and(eq(groupMembers.tenantId, tenants.id), eq(groupMembers.id, userId), eq(groupMembers.kind, 'user')),
    ),
    reads.mine(tenantGroups, and(eq(tenantGroups.tenantId, tenants.id), eq(tenantGroups.id, groupMembers.groupId))),
  )

export const tenantsRead = (reads: DirectoryReads) =>
  reads
    .select({
      id: tenants.id,
      name: tenants.name,
      state: tenants.state,
      lastGoodSyncAt: tenants.lastGoodSyncAt,
      consentLostAt: tenants.consentLostAt,
      groupsAsOf: tenants.groupsAsOf,
      groupsUnknownSince: tenants.groupsUnknownSince,
      managersAsOf: tenants.managersAsOf,
      mailboxCount: tenants.mailboxCount,
      partsUnread: tenants.partsUnread,
      signInsAsOf: tenants.signInsAsOf,
    })
    .from(tenants)
    .where(reads.mine(tenants, present()))
    .orderBy(asc(tenants.connectedAt))

export const seatsRead = (reads: DirectoryReads) =>
  reads
    .select({
      tenantId: seatCounts.tenantId,
      id: seatCounts.id,
      skuPartNumber: seatCounts.skuPartNumber,
      hidden: seatCounts.hidden,
      microsoftName: seatCounts.microsoftName,
      guestHolderCount: seatCounts.guestHolderCount,
      ownName: skus.ownName,
    })
    .from(seatCounts)
    .leftJoin(skus, and(eq(skus.mspId, seatCounts.mspId), eq(skus.id, seatCounts.id)))
    .where(
      reads.mine(
        seatCounts,
        inArray(
          seatCounts.tenantId,
          reads.select({ id: tenants.id }).from(tenants).where(reads.mine(tenants, present())),
        ),
      ),
    )

type Seats = {
  tenantId: string
  id: string
  skuPartNumber: string
  hidden: boolean
  microsoftName: string | null
  ownName: string | null
}[]

/**
 * Names of seats, those of one name told apart: of licences that count, and of all others, which are free, on trial or no longer
 * listed by the tenant.
 */
export const licencesIn = (
  seats: Seats,
): { counted: LicencesOf; others: LicencesOf; named: (skuId: string) => string } => {
  const known = new Map(seats.map((seat) => [`${seat.tenantId} ${seat.id}`, seat]))
  const nameOf = namesAmong(seats.map((seat) => ({ ...seat, skuId: seat.id })))
  const named = (skuId: string) => nameOf({ skuId })
  const namesWhere =
    (isWanted: (isCounted: boolean) => boolean): LicencesOf =>
    ({ tenantId, skuIds }) => [
      ...new Set(
        skuIds.flatMap((skuId) => {
          const seat = known.get(`${tenantId} ${skuId}`)
          const isCounted = seat !== undefined && !seat.hidden
          return isWanted(isCounted) ? [named(skuId)] : []
        }),
      ),
    ]
  return { counted: namesWhere((isCounted) => isCounted), others: namesWhere((isCounted) => !isCounted), named }
}

const departmentsSelect = (reads: DirectoryReads, isWanted: boolean) =>
  reads
    .select({
      name: tenantDepartments.id,
      memberCount: tenantDepartments.memberCount,
      guestCount: tenantDepartments.guestCount,
    })
    .from(tenants)
    .crossJoin(tenantDepartments)
    .where(
      and(reads.mine(tenants, present()), reads.mine(tenantDepartments, eq(tenantDepartments.tenantId, tenants.id))),
    )
    .limit(isWanted ? DEPARTMENT_COUNT_MAX : 0)

/** Those that somebody who is shown is in, each once. */
const departmentsIn = (
  rows: { name: string; memberCount: number; guestCount: number }[],
  { showsGuests }: ShownDirectory,
): string[] =>
  [
    ...new Set(
      rows
        .filter(({ memberCount, guestCount }) => memberCount + (showsGuests ? guestCount : 0) > 0)
        .map(({ name }) => name),
    ),
  ].toSorted((one, other) => one.localeCompare(other, 'en'))

/** Says what the people of a portal see of their directory, from their next click on. Problems: `missing`, `stale`. */
export const saveShownDirectory = async (
  customer: CustomerScope,
  input: { guestsShown: boolean; attributes: DirectoryAttribute[] },
  wanted: Expected,
): Promise<void> => {
  const before = await customer.first(portals, undefined)
  if (before === undefined) throw missing('portal')
  refuseUnexpected(before, wanted)
  const values = {
    directoryGuestsShown: input.guestsShown,
    directoryAttributes: inTheirOrder(input.attributes),
  }
  if (revised(before, values) === before) return
  await customer.commit(
    { action: 'portal.directory_changed', subject: { kind: 'portal', id: before.id, name: before.host } },
    customer.change(portals, before, values),
  )
}
