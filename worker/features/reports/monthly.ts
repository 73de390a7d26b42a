import { and, count, gte, inArray, isNull, lt, ne } from 'drizzle-orm'
import { contacts, monthlyParts, securityAlerts, tenants, userChanges } from '../../../db/shard/schema.ts'
import type { customers, MonthlyPart, msps, portals } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import type { PortalPerson } from '../../http/app.ts'
import { contactMay } from '../../tenancy/permissions.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { Policy } from '../../tenancy/policy.ts'
import type { ContactScope, MspScope } from '../../tenancy/scope.ts'
import { shownDirectoryIn } from '../../tenancy/shown-directory.ts'
import { canonicalHost } from '../custom-hostnames/index.ts'
import { RENEWALS_AHEAD_MS, readLicencesAnd } from '../licences/index.ts'
import { helpLineOf, mailBrand, sentBy } from '../mail/index.ts'
import type { Letter, SenderRows } from '../mail/index.ts'
import { openAlerts, scoreOf, scoresRead } from '../security/index.ts'
import type { Score } from '../security/index.ts'
import { monthlyText, toldByPart } from './monthly.words.ts'
import type { MonthlyFigures } from './monthly.words.ts'
import { daysOfMonth } from './months.ts'
import { monthlyOf } from './report-settings.ts'

const DAY_MS = 86_400_000
/** How far before a month began its first score may lie. */
const SCORE_DAY_COUNT = 14

/** What of a contact decides what they are told. */
export const readerColumns = {
  id: contacts.id,
  name: contacts.name,
  email: contacts.email,
  isPortalUser: contacts.isPortalUser,
  isPortalAdmin: contacts.isPortalAdmin,
  access: contacts.access,
}

export type MonthlyReader = {
  contact: Pick<typeof contacts.$inferSelect, keyof typeof readerColumns>
  customer: Pick<typeof customers.$inferSelect, 'id' | 'name' | 'state'>
  portal: typeof portals.$inferSelect
  policy: Policy
  house: typeof msps.$inferSelect
  address: SenderRows['address']
}

type MonthlyLetter = Omit<Letter, 'id'>

/** What somebody is mailed of a month; undefined where they may not be told anything, or there is nothing to tell. One round trip. */
export const monthlyLetter = async (
  environment: Environment,
  msp: MspScope,
  of: MonthlyReader,
  month: string,
  nowMs: number,
): Promise<MonthlyLetter | undefined> => {
  const known = await readMonth(msp, of, month, nowMs)
  return known && letterOf(environment, of, month, known, monthlyOf(of.house, of.portal).parts)
}

/** The same with all that there is to tell, and what each part of it would be, whatever is chosen. */
export const wholeMonthlyLetter = async (
  environment: Environment,
  msp: MspScope,
  of: MonthlyReader,
  month: string,
  nowMs: number,
): Promise<{ letter: MonthlyLetter; told: ReturnType<typeof toldByPart> } | undefined> => {
  const known = await readMonth(msp, of, month, nowMs)
  const letter = known && letterOf(environment, of, month, known, monthlyParts)
  return known && letter && { letter, told: toldByPart(of.house, known.figures) }
}

type Known = { figures: MonthlyFigures; hasReports: boolean }

const readMonth = async (
  msp: MspScope,
  { contact, customer, portal, policy, house }: MonthlyReader,
  month: string,
  nowMs: number,
): Promise<Known | undefined> => {
  if (contact.access !== 'active' || contact.email === null) return undefined
  if (!isReachable(customer.state, portal.state)) return undefined
  const roles = { isPortalUser: contact.isPortalUser, isPortalAdmin: contact.isPortalAdmin }
  const permissions = contactMay(roles, policy)
  const seesLicences = permissions.has('portal.licences')
  const reader = msp.forCustomer(customer.id).forContact({ contactId: contact.id, ...roles, seesLicences })
  const person: PortalPerson = {
    contactId: contact.id,
    name: contact.name,
    email: contact.email,
    permissions,
    policy,
    // It counts in a session that was signed in with Microsoft, which a mail is none of.
    licencePermission: 'none',
    directory: shownDirectoryIn(portal, policy),
    timeZone: house.timeZone,
  }
  const figures = await figuresFor(reader, person, month, nowMs)
  return figures && { figures, hasReports: permissions.has('portal.reports') }
}

const letterOf = (
  environment: Environment,
  { contact, customer, portal, house, address }: MonthlyReader,
  month: string,
  { figures, hasReports }: Known,
  parts: readonly MonthlyPart[],
): MonthlyLetter | undefined => {
  const origin = environment.originOf(canonicalHost(portal))
  const companyName = portal.displayName ?? customer.name
  const mail = monthlyText(
    {
      name: contact.name,
      companyName,
      mspName: house.name,
      month,
      timeZone: house.timeZone,
      locale: house.locale,
      parts,
      action: hasReports
        ? { label: 'See your reports', url: `${origin}/reports` }
        : { label: 'Open the portal', url: origin },
    },
    figures,
  )
  if (mail === undefined) return undefined
  const logoId = portal.logoKey ?? house.logoKey
  return {
    brand: mailBrand(house, portal, companyName, logoId === null ? undefined : `${origin}/logo/${logoId}`),
    helpLine: helpLineOf(house),
    ...sentBy(environment, house, { address }),
    to: { name: contact.name, address: contact.email ?? '' },
    ...mail,
  }
}

/** What this person may be told of a month; undefined while nothing of their company was read. */
const figuresFor = async (
  reader: ContactScope,
  person: PortalPerson,
  month: string,
  nowMs: number,
): Promise<MonthlyFigures | undefined> => {
  const { from, until } = daysOfMonth(month)
  const present = reader
    .select({ id: tenants.id })
    .from(tenants)
    .where(reader.mine(tenants, isNull(tenants.removedAt)))
  const scoresFrom = new Date(Date.parse(from) - SCORE_DAY_COUNT * DAY_MS).toISOString().slice(0, 10)
  const { licences, also } = await readLicencesAnd(reader, person, {}, [
    reader
      .select({
        activeUserCount: tenants.activeUserCount,
        lastGoodSyncAt: tenants.lastGoodSyncAt,
        partsUnread: tenants.partsUnread,
      })
      .from(tenants)
      .where(reader.mine(tenants, isNull(tenants.removedAt))),
    reader
      .select({ kind: userChanges.kind, happened: count() })
      .from(userChanges)
      .where(
        reader.mine(
          userChanges,
          and(
            inArray(userChanges.tenantId, present),
            // By the index of moments, in a stretch that holds these days wherever the MSP is.
            gte(userChanges.at, Date.parse(from) - DAY_MS),
            lt(userChanges.at, Date.parse(until) + DAY_MS),
            gte(userChanges.day, from),
            lt(userChanges.day, until),
          ),
        ),
      )
      .groupBy(userChanges.kind),
    scoresRead(reader, scoresFrom),
    reader
      .select({ open: count() })
      .from(securityAlerts)
      .where(reader.mine(securityAlerts, and(openAlerts(reader, nowMs), ne(securityAlerts.severity, 'informational')))),
  ])
  const [held, changes, scores, [alerts]] = also
  const read = held.flatMap(({ lastGoodSyncAt }) => lastGoodSyncAt ?? [])
  if (read.length === 0) return undefined
  const score = scoreOf(scores)
  const openAlertCount = alerts?.open ?? 0
  return {
    asOf: Math.min(...read),
    people: person.permissions.has('portal.dashboard')
      ? {
          activeCount: held.reduce((sum, { activeUserCount }) => sum + activeUserCount, 0),
          changes: Object.fromEntries(changes.map(({ kind, happened }) => [kind, happened])),
        }
      : undefined,
    licences: licences?.items,
    renewals: licences?.renewals
      ?.map(({ name, seatCount, at }) => ({ name, seatCount, at: Date.parse(at) }))
      .filter(({ at }) => at >= nowMs && at <= nowMs + RENEWALS_AHEAD_MS),
    security:
      (score === null && openAlertCount === 0) || !person.permissions.has('portal.security')
        ? undefined
        : {
            score: score && { ...score, change: pointsSince(score, scores, from) },
            openAlertCount,
            isTold: held.every(({ partsUnread }) => partsUnread.alerts === undefined),
          },
  }
}

/** By how many points the score moved since a day; null unless all that it is made of was known before that day. */
const pointsSince = (score: Score, rows: Parameters<typeof scoreOf>[0], from: string): number | null => {
  const earlier = scoreOf(rows.filter(({ day }) => day < from))
  return earlier === null || earlier.tenants.length < score.tenants.length ? null : score.current - earlier.current
}
