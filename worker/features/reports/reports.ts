import { and, asc, eq, gte, lt, lte, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { seatHolders, serviceHealth, tenants, tenantUsers, userChanges } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { dayOf, daysAfter, startOfDay } from '../../days.ts'
import type { PortalPerson } from '../../http/app.ts'
import type { Cell } from '../../http/cells.ts'
import { decodeCursor, encodeCursor, foreignMarker } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { newId, timePartOf } from '../../tenancy/ids.ts'
import type { ContactScope, MspScope, ToldNote } from '../../tenancy/scope.ts'
import { wholeDirectory } from '../../tenancy/shown-directory.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import { oldest } from '../dashboard/index.ts'
import {
  itself,
  licencesIn,
  listColleagues,
  listUsersForStaff,
  notToldBy,
  present,
  seatsRead,
  shownUser,
  tenantsRead,
} from '../directory/index.ts'
import type { DirectoryReads, UserPage } from '../directory/index.ts'
import { holderColumns, isListed, readLicences, readLicencesOf, shownAccount } from '../licences/index.ts'
import { alertsRead, controlsRead, controlsTogether, scoreOf, scoresRead } from '../security/index.ts'
import { pageByAge, settingsOf, settingsRead, ticketCells, ticketColumns } from '../tickets/index.ts'
import type { TableReader } from '../tickets/index.ts'
import { changesRead, everythingNamed, namedTo, toldOf } from '../user-changes/index.ts'
import type { Nameable } from '../user-changes/index.ts'
import type { ReportDownloadInput } from './reports.schema.ts'
import {
  changeColumns,
  changeWords,
  dayCell,
  guestsNotListed,
  licenceCells,
  licenceColumns,
  renewalCells,
  renewalColumns,
  seatCells,
  seatColumns,
  securityColumns,
  userCells,
  userColumns,
} from './report-tables.ts'
import type { Column, ReportKind } from './report-tables.ts'
import { securityCells } from './security-rows.ts'

/** A page of a report. */
export type ReportPage = { asOf: string | null; columns: Column[]; rows: Cell[][]; nextCursor: string | null }

/** Which report, over which days, and from which page on. */
export type Wanted = {
  report: ReportKind
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
}

const PAGE = 1_000
const DAY_MS = 86_400_000
const PERIOD_DAY_COUNT = 30
const ALERT_COUNT_MAX = 200
/** Two weeks of them, so that a tenant that was not read for a while still has its last one. */
const SCORE_DAY_COUNT = 14

/** What differs by who asks. */
type Source = {
  reads: DirectoryReads
  timeZone: string
  /** Who may be named of those to whom something happened. */
  nameable: Nameable
  /** What is shown of people beside that they hold a seat. */
  directory: ShownDirectory
  users: (cursor: string | undefined) => Promise<UserPage>
  /** In whose words tickets are told. */
  ticketsFor: TableReader
  licences: () => Promise<Licences>
}
type Licences = Pick<Awaited<ReturnType<typeof readLicences>>, 'asOf' | 'items' | 'renewals' | 'costs'>

/**
 * A page of a report as a contact's company may have it. Problems: `missing` for people while the directory is not shown,
 * `forbidden` for what this person may not see, `invalid`.
 */
export const readReport = (contact: ContactScope, person: PortalPerson, wanted: Wanted): Promise<ReportPage> => {
  if (wanted.report === 'security' && !person.permissions.has('portal.security')) throw notAllowed()
  if ((wanted.report === 'seats' || wanted.report === 'renewals') && !person.permissions.has('portal.licence_holders'))
    throw notAllowed()
  return pageOf(
    {
      reads: contact,
      timeZone: person.timeZone,
      nameable: namedTo(person),
      directory: person.directory,
      ticketsFor: 'customer',
      users: async (cursor) => listColleagues(contact, person.directory, { sort: 'name', limit: PAGE, cursor }),
      licences: () => readLicences(contact, person, {}),
    },
    wanted,
  )
}

/** The same for staff, who see everything. Problems `missing`, `invalid`. */
export const readReportOf = (
  msp: MspScope,
  customerId: string,
  timeZone: string,
  wanted: Wanted,
): Promise<ReportPage> => {
  const customer = msp.forCustomer(customerId)
  return pageOf(
    {
      reads: customer,
      timeZone,
      nameable: everythingNamed,
      directory: wholeDirectory,
      ticketsFor: 'staff',
      users: (cursor) => listUsersForStaff(customer, { sort: 'name', limit: PAGE, cursor }),
      licences: () => readLicencesOf(msp, customerId, {}),
    },
    wanted,
  )
}

type Download = Omit<z.infer<typeof ReportDownloadInput>, 'format'> & { format: string }

/**
 * A report page by page, as it is taken. Who takes it is written down before the first page is given out.
 */
export const downloadReport = async (
  log: { now: () => number; tell: (note: ToldNote) => Promise<void> },
  { format, ...wanted }: Download,
  fileName: string,
  read: (wanted: Wanted) => Promise<ReportPage>,
  customerId?: string,
): Promise<{ columns: Column[]; pages: AsyncGenerator<Cell[][], void> }> => {
  const first = await read(wanted)
  await log.tell({
    action: 'report.downloaded',
    subject: { kind: 'report', id: newId(log.now()), name: fileName },
    ...(customerId === undefined ? {} : { customerId }),
    changes: Object.entries({ ...wanted, format }).flatMap(([field, after]) =>
      after === undefined ? [] : [{ table: 'reports', field, before: null, after }],
    ),
  })
  return { columns: first.columns, pages: pagesAfter(first, (cursor) => read({ ...wanted, cursor })) }
}

async function* pagesAfter(
  first: ReportPage,
  after: (cursor: string) => Promise<ReportPage>,
): AsyncGenerator<Cell[][], void> {
  let page = first
  for (;;) {
    yield page.rows
    if (page.nextCursor === null) return
    page = await after(page.nextCursor)
  }
}

const notAllowed = () => new Problem('forbidden', 'Your role does not allow this report.')

const pageOf = (source: Source, wanted: Wanted): Promise<ReportPage> => {
  switch (wanted.report) {
    case 'users':
      return usersReport(source, wanted)
    case 'licences':
      return licencesReport(source)
    case 'seats':
      return seatsReport(source, wanted)
    case 'renewals':
      return renewalsReport(source)
    case 'changes':
      return changesReport(source, wanted)
    case 'security':
      return securityReport(source)
    case 'tickets':
      return ticketsReport(source, wanted)
  }
}

const usersReport = async ({ users, timeZone }: Source, { cursor }: Wanted): Promise<ReportPage> => {
  const { rows, cursorOf, shown, licencesOf, tenants: held, asOf } = await users(cursor)
  const nameOfTenant = new Map(held.map(({ id, name }) => [id, name]))
  const given = rows.slice(0, PAGE)
  return {
    asOf: oldest([asOf]),
    columns: userColumns(shown),
    rows: given.map((row) =>
      userCells(shownUser(row, shown, licencesOf), shown, nameOfTenant.get(row.tenantId) ?? '', timeZone),
    ),
    nextCursor: cursorAfter(rows, given.at(-1), cursorOf),
  }
}

const licencesReport = async ({ licences, timeZone }: Source): Promise<ReportPage> => {
  const { asOf, items, costs } = await licences()
  // Without any price there is nothing to be told of costs.
  const currency = items.some(({ price }) => price != null) ? costs?.currency : undefined
  return {
    asOf,
    columns: licenceColumns(currency),
    rows: items.map((licence) => licenceCells(licence, currency, timeZone)),
    nextCursor: null,
  }
}

const renewalsReport = async ({ licences, timeZone }: Source): Promise<ReportPage> => {
  const { asOf, renewals } = await licences()
  return {
    asOf,
    columns: renewalColumns,
    rows: (renewals ?? []).map((renewal) => renewalCells(renewal, timeZone)),
    nextCursor: null,
  }
}

/** A page is of one tenant, in the order of the table's key, so that it costs its own rows however many hold seats. */
const seatsReport = async ({ reads, directory: shown }: Source, { cursor }: Wanted): Promise<ReportPage> => {
  const marked = cursor === undefined ? undefined : partsIn(decodeCursor(cursor, 'seats'), 3)
  const [tenantId, skuId, name] = marked?.key ?? []
  const first = reads
    .select({ id: sql<string>`min(${tenants.id})`.as('first_id') })
    .from(tenants)
    .where(reads.mine(tenants, present()))
  const [known, connected, seats, rows] = await reads.readAll([
    itself(reads),
    tenantsRead(reads),
    seatsRead(reads),
    reads
      .select({
        id: seatHolders.id,
        tenantId: sql<string>`${seatHolders.tenantId}`.as('held_in'),
        skuId: seatHolders.skuId,
        name: seatHolders.displayName,
        ...holderColumns,
      })
      .from(seatHolders)
      .leftJoin(
        tenantUsers,
        reads.mine(
          tenantUsers,
          and(eq(tenantUsers.tenantId, seatHolders.tenantId), eq(tenantUsers.id, seatHolders.id)),
        ),
      )
      .where(
        reads.mine(
          seatHolders,
          and(
            isListed(shown),
            tenantId === undefined
              ? eq(seatHolders.tenantId, sql`${first}`)
              : and(
                  eq(seatHolders.tenantId, String(tenantId)),
                  sql`(${seatHolders.skuId}, ${seatHolders.displayName}, ${seatHolders.id}) > (${skuId}, ${name}, ${marked?.id})`,
                ),
          ),
        ),
      )
      .orderBy(asc(seatHolders.skuId), asc(seatHolders.displayName), asc(seatHolders.id))
      .limit(PAGE + 1),
  ])
  if (known.length === 0) throw missing('customer')
  // In the order of the table's key, tenant after tenant.
  const held = connected.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const { named } = licencesIn(seats)
  const hidden = new Set(seats.filter((row) => row.hidden).map((row) => `${row.tenantId} ${row.id}`))
  const tenantNames = new Map(held.map((row) => [row.id, row.name]))
  const place = held.findIndex(({ id }) => id === (tenantId ?? held[0]?.id))
  if (marked !== undefined && place < 0) throw foreignMarker()
  const given = rows.slice(0, PAGE)
  const following = held[place + 1]
  const placeOf = (row: { tenantId: string; skuId: string; name: string; id: string }): Cursor => ({
    sort: 'seats',
    key: [row.tenantId, row.skuId, row.name],
    id: row.id,
  })
  const next = cursorAfter(rows, given.at(-1), placeOf)
  const here = held[place]?.id ?? ''
  const cellsOf = (skuId: string, holder: ReturnType<typeof guestsNotListed>) =>
    hidden.has(`${here} ${skuId}`)
      ? []
      : [seatCells({ licence: named(skuId), tenantName: tenantNames.get(here) ?? '', ...holder }, shown)]
  const notListed = shown.showsGuests
    ? []
    : seats
        .filter(({ tenantId: heldIn, guestHolderCount }) => heldIn === here && guestHolderCount > 0)
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  return {
    asOf: oldest(held.map(({ lastGoodSyncAt }) => lastGoodSyncAt)),
    columns: seatColumns(shown),
    rows: [
      ...given.flatMap((row) => cellsOf(row.skuId, { name: row.name, ...shownAccount(row, shown) })),
      // Where a tenant's seats end, so that they come to as many as are in use.
      ...(next === null ? notListed : []).flatMap(({ id, guestHolderCount }) =>
        cellsOf(id, guestsNotListed(guestHolderCount)),
      ),
    ],
    nextCursor:
      next ??
      (following === undefined ? null : encodeCursor(placeOf({ tenantId: following.id, skuId: '', name: '', id: '' }))),
  }
}

/** What happened to people, newest first; of each tenant no more than a page is looked at. */
const changesReport = async (
  { reads, timeZone, nameable }: Source,
  { from, to, cursor }: Wanted,
): Promise<ReportPage> => {
  const { since, last } = periodIn({ from, to }, timeZone)
  const marked = cursor === undefined ? undefined : partsIn(decodeCursor(cursor, 'changes'), 1)
  const [known, held, seats, rows] = await reads.readAll([
    itself(reads),
    tenantsRead(reads),
    seatsRead(reads),
    changesRead(reads, {
      condition: and(
        // By the index of moments, in a stretch that holds these days wherever the MSP is.
        gte(userChanges.at, Date.parse(since) - DAY_MS),
        lt(userChanges.at, Date.parse(last) + 2 * DAY_MS),
        gte(userChanges.day, since),
        lte(userChanges.day, last),
      ),
      after: marked && { at: Number(marked.key[0]), id: marked.id },
      count: PAGE + 1,
    }),
  ])
  if (known.length === 0) throw missing('customer')
  const { named } = licencesIn(seats)
  const given = rows.slice(0, PAGE)
  return {
    asOf: oldest(held.map(({ lastGoodSyncAt }) => lastGoodSyncAt)),
    columns: changeColumns,
    rows: given.map((row) => {
      const { name, detail } = toldOf(row, nameable)
      const about = row.skuId === null ? detail : named(row.skuId)
      return [row.day, name, changeWords[row.kind], about, row.tenantName]
    }),
    nextCursor: cursorAfter(rows, given.at(-1), ({ at, id }) => ({ sort: 'changes', key: [at], id })),
  }
}

const securityReport = async ({ reads, timeZone }: Source): Promise<ReportPage> => {
  const at = now()
  const scoresFrom = new Date(at - SCORE_DAY_COUNT * DAY_MS).toISOString().slice(0, 10)
  const [known, held, scores, alerts, controls, services] = await reads.readAll([
    itself(reads),
    tenantsRead(reads),
    scoresRead(reads, scoresFrom),
    alertsRead(reads, at, ALERT_COUNT_MAX),
    controlsRead(reads),
    reads
      .select({ service: serviceHealth.service, state: serviceHealth.state, since: serviceHealth.since })
      .from(tenants)
      .crossJoin(serviceHealth)
      .where(and(reads.mine(tenants, present()), reads.mine(serviceHealth, eq(serviceHealth.tenantId, tenants.id)))),
  ])
  if (known.length === 0) throw missing('customer')
  const nameOfTenant = new Map(held.map(({ id, name }) => [id, name]))
  const security = {
    score: scoreOf(scores),
    alerts: alerts.slice(0, ALERT_COUNT_MAX),
    hasMoreAlerts: alerts.length > ALERT_COUNT_MAX,
    controls: controlsTogether(controls),
    services,
    notTold: notToldBy(held, ['score', 'alerts', 'controls', 'services']).map(({ part, tenantId, since }) => ({
      part,
      tenantName: nameOfTenant.get(tenantId) ?? '',
      since: Date.parse(since),
    })),
  }
  return {
    asOf: oldest(held.map(({ lastGoodSyncAt }) => lastGoodSyncAt)),
    columns: securityColumns,
    rows: securityCells(security, (moment) => dayCell(moment, timeZone)),
    nextCursor: null,
  }
}

/** Those written in these days, the newest first: ids sort by time, so days are a stretch of them. */
const ticketsReport = async (
  { reads, timeZone, ticketsFor }: Source,
  { from, to, cursor }: Wanted,
): Promise<ReportPage> => {
  const { since, last } = periodIn({ from, to }, timeZone)
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, 'tickets').id
  const [known, settingsRows, rows] = await reads.readAll([
    itself(reads),
    settingsRead(reads),
    pageByAge(reads, PAGE, {
      from: timePartOf(startOfDay(since, timeZone)),
      before: marked ?? timePartOf(startOfDay(daysAfter(last, 1), timeZone)),
    }),
  ])
  if (known.length === 0) throw missing('customer')
  const settings = settingsOf(settingsRows[0])
  const given = rows.slice(0, PAGE)
  return {
    asOf: new Date(now()).toISOString(),
    columns: ticketColumns(ticketsFor),
    rows: given.map((row) => ticketCells(row, settings, ticketsFor, timeZone)),
    nextCursor: cursorAfter(rows, given.at(-1), ({ id }) => ({ sort: 'tickets', key: id, id })),
  }
}

/** The days that are asked for: up to today, and thirty of them, where nothing is said. */
const periodIn = ({ from, to }: Pick<Wanted, 'from' | 'to'>, timeZone: string): { since: string; last: string } => {
  const last = to ?? dayOf(now(), timeZone)
  const since = from ?? daysAfter(last, 1 - PERIOD_DAY_COUNT)
  if (since > last) throw invalidField('/to', 'The last day is before the first one.')
  return { since, last }
}

const cursorAfter = <Row>(rows: Row[], last: Row | undefined, cursorOf: (row: Row) => Cursor): string | null =>
  rows.length > PAGE && last !== undefined ? encodeCursor(cursorOf(last)) : null

const partsIn = ({ key, id }: Cursor, count: number): { key: (string | number)[]; id: string } => {
  const parts = Array.isArray(key) ? key : [key]
  if (parts.length !== count) throw foreignMarker()
  return { key: parts, id }
}
