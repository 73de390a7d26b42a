import { and, asc, count, eq, gte, inArray, isNull, lt, lte, ne } from 'drizzle-orm'
import { z } from 'zod'
import {
  contacts,
  customers,
  msps,
  portals,
  securityAlerts,
  staff,
  tenants,
  userChanges,
} from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import type { PortalPerson } from '../../http/app.ts'
import { Problem } from '../../http/problem.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { among } from '../../tenancy/among.ts'
import { contactMay } from '../../tenancy/permissions.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { ContactScope, MspScope } from '../../tenancy/scope.ts'
import { shownDirectoryIn } from '../../tenancy/shown-directory.ts'
import { canonicalHost } from '../custom-hostnames/index.ts'
import { readLicences } from '../licences/index.ts'
import { composeMail, deliver, helpLineOf, mailBrand, senderRowsOf, sentBy } from '../mail/index.ts'
import { openAlerts, scoreOf, scoresRead } from '../security/index.ts'
import type { Score } from '../security/index.ts'
import { monthlyText } from './monthly.words.ts'
import type { MonthlyFigures } from './monthly.words.ts'
import { daysOfMonth, monthTold, nextReportAt } from './months.ts'
import { partsOf } from './report-settings.ts'

const DAY_MS = 86_400_000
const CONTACTS_PER_COMMIT = 50
const RENEWAL_DAY_COUNT = 90
/** How far before a month began its first score may lie. */
const SCORE_DAY_COUNT = 14

/**
 * Queues the mails of everybody whose monthly report is due. That it is queued and when the next one is due are one
 * commit, so that a month comes once however often this is tried.
 */
export const startMonthlyReports = defineJob({
  kind: 'reports.start',
  title: 'Queue monthly reports',
  payload: z.object({}),
  async run(msp, _payload, work) {
    const [house] = await msp.list(msps, { limit: 1 })
    if (house === undefined) return finished
    const due = await msp.list(contacts, {
      where: lte(contacts.reportDueAt, work.now()),
      orderBy: [asc(contacts.reportDueAt), asc(contacts.id)],
      limit: CONTACTS_PER_COMMIT,
    })
    if (due.length === 0) return finished
    await msp.record(
      msp.changeAll(
        contacts,
        and(
          among(
            contacts.id,
            due.map(({ id }) => id),
          ),
          lte(contacts.reportDueAt, work.now()),
        ),
        { reportDueAt: nextReportAt(work.now(), house.timeZone) },
      ),
      ...due.map(({ id, name, customerId, reportDueAt }) => {
        const month = monthTold(reportDueAt ?? work.now(), house.timeZone)
        const more = { naturalKey: `report:${id}:${month}`, subjectName: `Report of ${month} to ${name}`, customerId }
        return msp.later(sendMonthlyReport.described({ contactId: id, month }, more))
      }),
      work.stillMine(),
    )
    return { kind: 'again', at: work.now() }
  },
})

export const monthlyReportsOf = () =>
  startMonthlyReports.described({}, { naturalKey: 'reports:start', subjectName: 'Monthly reports' })

const Payload = z.object({ contactId: z.string(), month: z.string() })

/** One monthly report to one contact, in their portal's brand. The Message-ID is the job's, so a mail that is sent twice is one mail. */
export const sendMonthlyReport = defineJob<z.infer<typeof Payload>>({
  kind: 'reports.send',
  title: 'Send a monthly report',
  payload: Payload,
  async run(msp, payload, { environment, jobId, now }) {
    const message = await monthlyMail(environment, msp, payload, jobId, now())
    if (message !== undefined) await deliver(environment, message, (await senderRowsOf(msp)).server)
    return finished
  },
})

const SamplePayload = z.object({ contactId: z.string(), staffId: z.string(), month: z.string() })

/** What a reader would be mailed of a month, to somebody of the staff in their place. */
export const sendReportSample = defineJob<z.infer<typeof SamplePayload>>({
  kind: 'reports.sample',
  title: 'Send a sample of a monthly report',
  payload: SamplePayload,
  async run(msp, payload, { environment, jobId, now }) {
    const message = await sampleMail(environment, msp, payload, jobId, now())
    if (message !== undefined) await deliver(environment, message, (await senderRowsOf(msp)).server)
    return finished
  },
})

/** Undefined once whoever asked for it is gone. */
export const sampleMail = async (
  environment: Environment,
  msp: MspScope,
  { contactId, staffId, month }: z.infer<typeof SamplePayload>,
  jobId: string,
  nowMs: number,
): Promise<MailMessage | undefined> => {
  const person = await msp.first(staff, eq(staff.id, staffId))
  if (person === undefined || person.disabled) return undefined
  const message = await monthlyMail(environment, msp, { contactId, month }, jobId, nowMs)
  if (message === undefined)
    throw new HopelessJob(
      'There is nothing to tell yet: nothing of this customer was read, or the reader has no access any more.',
    )
  return { ...message, to: { name: person.name, address: person.email }, subject: `Sample: ${message.subject}` }
}

/** The mail as it is now; undefined where nobody may be told anything any more, or there is nothing to tell. */
export const monthlyMail = async (
  environment: Environment,
  msp: MspScope,
  { contactId, month }: z.infer<typeof Payload>,
  jobId: string,
  nowMs: number,
): Promise<MailMessage | undefined> => {
  const [row] = await msp
    // Of the customer no more than is needed: D1 answers with at most 100 columns.
    .select({
      contact: contacts,
      customer: { id: customers.id, name: customers.name, state: customers.state },
      portal: portals,
      house: msps,
    })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .innerJoin(msps, eq(msps.mspId, contacts.mspId))
    .where(msp.mine(contacts, and(eq(contacts.id, contactId), isNull(contacts.removedAt))))
  if (row === undefined) return undefined
  const { contact, customer, portal, house } = row
  if (contact.access !== 'active' || contact.email === null) return undefined
  if (!isReachable(customer.state, portal.state)) return undefined
  const permissions = contactMay({ ...contact, reportsShown: portal.reportsShown })
  const roles = { isPortalUser: contact.isPortalUser, isPortalAdmin: contact.isPortalAdmin }
  const reader = msp.forCustomer(customer.id).forContact({ contactId, ...roles })
  const person: PortalPerson = {
    contactId,
    name: contact.name,
    email: contact.email,
    permissions,
    // It counts in a session that was signed in with Microsoft, which a mail is none of.
    licencePermission: 'none',
    directory: shownDirectoryIn(portal),
    timeZone: house.timeZone,
  }
  const figures = await figuresFor(reader, person, month, nowMs)
  if (figures === undefined) return undefined
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
      parts: partsOf(portal),
      action: permissions.has('portal.reports')
        ? { label: 'See your reports', url: `${origin}/reports` }
        : { label: 'Open the portal', url: origin },
    },
    figures,
  )
  if (mail === undefined) return undefined
  const logoId = portal.logoKey ?? house.logoKey
  return composeMail({
    id: jobId,
    brand: mailBrand(house, portal, companyName, logoId === null ? undefined : `${origin}/logo/${logoId}`),
    helpLine: helpLineOf(house),
    ...sentBy(environment, house, await senderRowsOf(msp)),
    to: { name: contact.name, address: contact.email },
    ...mail,
  })
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
  const [held, changes, scores, [alerts]] = await reader.readAll([
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
  const read = held.flatMap(({ lastGoodSyncAt }) => lastGoodSyncAt ?? [])
  if (read.length === 0) return undefined
  const licences = await licencesFor(reader, person)
  const score = scoreOf(scores)
  const openAlertCount = alerts?.open ?? 0
  const until90 = nowMs + RENEWAL_DAY_COUNT * DAY_MS
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
      .filter(({ at }) => at >= nowMs && at <= until90),
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

/** As the portal shows them to this person; undefined where it does not. */
const licencesFor = async (reader: ContactScope, person: PortalPerson) => {
  if (!person.permissions.has('portal.licences')) return undefined
  try {
    return await readLicences(reader, person, {})
  } catch (error) {
    if (error instanceof Problem && error.code === 'forbidden') return undefined
    throw error
  }
}
