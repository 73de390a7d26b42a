import type { z } from '@hono/zod-openapi'
import { Problem } from '../../http/problem.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { Answer, MspScope } from '../../tenancy/scope.ts'
import { sendReportSample } from './monthly.jobs.ts'
import { monthTold } from './months.ts'
import { readReportSettings } from './report-settings.ts'
import type { ReportSettingsRow } from './report-settings.ts'
import type { ReportSample } from './reports.schema.ts'

type Sample = z.infer<typeof ReportSample>
type Reader = ReportSettingsRow['contacts'][number]

/**
 * Has the report of the last month mailed to whoever asks, as one of its readers would read it. Problems: `missing`; `conflict` where
 * nobody has access to an open portal, so that nobody would be mailed one.
 */
export const askForSample = async (
  msp: MspScope,
  customerId: string,
  { staffId, email }: { staffId: string; email: string },
  timeZone: string,
  answer: (sample: Sample) => Answer,
): Promise<Sample> => {
  const { customerState, portal, contacts } = await readReportSettings(msp, customerId)
  const reader = isReachable(customerState, portal.state) ? readerOf(contacts) : undefined
  if (reader === undefined)
    throw new Problem(
      'conflict',
      'Nobody has access to an open portal of this customer, so nobody would be sent a report.',
    )
  const month = monthTold(msp.now(), timeZone)
  const sample = { to: email, reader: { id: reader.id, name: reader.name }, month }
  const customer = msp.forCustomer(customerId)
  await customer.commit(
    {
      action: 'portal.report_sampled',
      subject: { kind: 'contact', id: reader.id, name: reader.name },
      answer: answer(sample),
    },
    customer.later(
      sendReportSample.described(
        { contactId: reader.id, staffId, month },
        {
          naturalKey: `report_sample:${staffId}:${customerId}`,
          subjectName: `Sample of the report of ${month}`,
          customerId,
        },
      ),
    ),
  )
  return sample
}

/** Whoever is to get it comes first, and a portal admin before a portal user, who is told less. Pure. */
export const readerOf = (contacts: readonly Reader[]): Reader | undefined => {
  const able = contacts.filter(({ access, email }) => access === 'active' && email !== null)
  const weight = ({ reportDueAt, isPortalAdmin }: Reader) => (reportDueAt === null ? 0 : 2) + (isPortalAdmin ? 1 : 0)
  return able.toSorted((one, other) => weight(other) - weight(one))[0]
}
