import { and, asc, eq, isNull, lte } from 'drizzle-orm'
import { z } from 'zod'
import {
  contacts,
  customers,
  msps,
  portals,
  selfServiceDefaults,
  selfServiceOverrides,
  staff,
} from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { among } from '../../tenancy/among.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { composeMail, deliver, senderRowsOf } from '../mail/index.ts'
import { monthlyLetter, readerColumns } from './monthly.ts'
import { monthTold, nextReportAt } from './months.ts'
import { monthlyOf } from './report-settings.ts'

const CONTACTS_PER_COMMIT = 50

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
    const due = await msp
      .select({
        id: contacts.id,
        name: contacts.name,
        customerId: contacts.customerId,
        reportDueAt: contacts.reportDueAt,
        monthlySent: portals.monthlySent,
        monthlyParts: portals.monthlyParts,
        monthlyDay: portals.monthlyDay,
      })
      .from(contacts)
      .leftJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
      .where(msp.mine(contacts, lte(contacts.reportDueAt, work.now())))
      .orderBy(asc(contacts.reportDueAt), asc(contacts.id))
      .limit(CONTACTS_PER_COMMIT)
    const [first, ...others] = Map.groupBy(due, (one) => monthlyOf(house, one).day)
    if (first === undefined) return finished
    const afterwards = ([day, ofIt]: [number, typeof due]) =>
      msp.changeAll(
        contacts,
        and(
          among(
            contacts.id,
            ofIt.map(({ id }) => id),
          ),
          lte(contacts.reportDueAt, work.now()),
        ),
        { reportDueAt: nextReportAt(work.now(), house.timeZone, day) },
      )
    const sent = due.filter((one) => monthlyOf(house, one).sent)
    await msp.record(
      afterwards(first),
      ...others.map(afterwards),
      ...sent.map(({ id, name, customerId, reportDueAt }) => {
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
    // Of the contact and customer no more than is needed: D1 answers with at most 100 columns.
    .select({
      contact: readerColumns,
      customer: { id: customers.id, name: customers.name, state: customers.state },
      portal: portals,
      house: msps,
      said: policyColumns(),
    })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .innerJoin(msps, eq(msps.mspId, contacts.mspId))
    .leftJoin(selfServiceOverrides, ownPolicyOf(contacts.mspId, contacts.customerId))
    .leftJoin(selfServiceDefaults, standardPolicyOf(contacts.mspId))
    .where(msp.mine(contacts, and(eq(contacts.id, contactId), isNull(contacts.removedAt))))
  if (row === undefined) return undefined
  const { address } = await senderRowsOf(msp)
  const letter = await monthlyLetter(environment, msp, { ...row, policy: policyIn(row.said), address }, month, nowMs)
  return letter && composeMail({ id: jobId, ...letter })
}
