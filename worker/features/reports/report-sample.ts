import type { z } from '@hono/zod-openapi'
import { monthlyParts } from '../../../db/shard/schema.ts'
import type { msps } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { Problem } from '../../http/problem.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { Answer, MspScope } from '../../tenancy/scope.ts'
import { helpLineOf, mailBrand, sentBy } from '../mail/index.ts'
import type { Letter, SenderRows } from '../mail/index.ts'
import { attemptKeys, countAttempt } from '../sign-in/index.ts'
import { sendReportSample } from './monthly.jobs.ts'
import { wholeMonthlyLetter } from './monthly.ts'
import { exampleFigures, exampleReader, monthlyText, toldByPart } from './monthly.words.ts'
import { monthTold } from './months.ts'
import type { ReportSettingsRow } from './report-settings.ts'
import type { MonthlyPreview, ReportSample } from './reports.schema.ts'

type Sample = z.infer<typeof ReportSample>
type Preview = z.infer<typeof MonthlyPreview>
type Reader = ReportSettingsRow['contacts'][number]
type House = typeof msps.$inferSelect

/** From where a sample is asked for: how many may, is counted for the MSP and for the address. */
type SampleCaller = { environment: Environment; host: string; address: string }

/**
 * Has the report of the last month mailed to whoever asks, as one of its readers would read it. Problems: `conflict` where
 * nobody has access to an open portal, so that nobody would be mailed one; `throttled`.
 */
export const askForSample = async (
  { environment, ...caller }: SampleCaller,
  msp: MspScope,
  settings: ReportSettingsRow,
  { staffId, email }: { staffId: string; email: string },
  answer: (sample: Sample) => Answer,
): Promise<Sample> => {
  const reader = readerIn(settings)
  if (reader === undefined)
    throw new Problem(
      'conflict',
      'Nobody has access to an open portal of this customer, so nobody would be sent a report.',
    )
  await countAttempt(
    environment,
    await attemptKeys(environment, caller.host, msp.mspId, caller.address, 'sample report'),
  )
  const month = monthTold(msp.now(), settings.house.timeZone)
  const sample = { to: email, reader: { id: reader.id, name: reader.name }, month }
  const customer = msp.forCustomer(settings.customer.id)
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
          naturalKey: `report_sample:${staffId}:${settings.customer.id}`,
          subjectName: `Sample of the report of ${month}`,
          customerId: settings.customer.id,
        },
      ),
    ),
  )
  return sample
}

/** The mail that the reader of a sample would get of the last month, to look at. One round trip. */
export const previewMonthly = async (
  environment: Environment,
  msp: MspScope,
  settings: ReportSettingsRow,
): Promise<Preview> => {
  const { house, portal } = settings
  const month = monthTold(msp.now(), house.timeZone)
  const contact = readerIn(settings)
  if (contact === undefined) return { month, reader: null, mail: null }
  const reader = { id: contact.id, name: contact.name }
  const whole = await wholeMonthlyLetter(environment, msp, { ...settings, contact }, month, msp.now())
  const logoId = portal.logoKey ?? house.logoKey
  return { month, reader, mail: whole === undefined ? null : shown(whole.letter, whole.told, logoId) }
}

/** A mail with figures that are made up, as an MSP's customers would get it who have no colours of their own. */
export const exampleMonthly = (
  environment: Environment,
  house: House,
  address: SenderRows['address'],
  nowMs: number,
): Preview => {
  const month = monthTold(nowMs, house.timeZone)
  const { timeZone, locale } = house
  const figures = exampleFigures(nowMs)
  const url = environment.originOf(environment.ADMIN_HOST)
  const facts = { ...exampleReader, mspName: house.name, month, timeZone, locale, parts: monthlyParts }
  const mail = monthlyText({ ...facts, action: { label: 'See your reports', url } }, figures)
  if (mail === undefined) throw new Error('The example tells nothing.')
  const letter = {
    brand: mailBrand(house, null, exampleReader.companyName),
    helpLine: helpLineOf(house),
    ...sentBy(environment, house, { address }),
    ...mail,
  }
  return { month, reader: null, mail: shown(letter, toldByPart(house, figures), house.logoKey) }
}

const shown = (
  { brand, helpLine, from, subject, content }: Pick<Letter, 'brand' | 'helpLine' | 'from' | 'subject' | 'content'>,
  told: ReturnType<typeof toldByPart>,
  logoId: string | null,
): NonNullable<Preview['mail']> => ({
  from,
  subject,
  brand: {
    name: brand.displayName,
    primaryColour: brand.primaryColour,
    onPrimaryColour: brand.onPrimaryColour,
    // As this host gives it out, whichever portal it belongs to.
    logoUrl: logoId === null ? null : `/logo/${logoId}`,
  },
  heading: content.heading,
  opening: content.paragraphs[0] ?? '',
  parts: monthlyParts.flatMap((part) => {
    const text = told[part]
    return text === undefined ? [] : [{ part, text }]
  }),
  actionLabel: content.action?.label ?? null,
  helpLine,
  footer: content.footer,
})

/** In whose place a report is looked at; undefined where nobody would be mailed one. */
const readerIn = ({ customer, portal, contacts }: ReportSettingsRow): Reader | undefined =>
  isReachable(customer.state, portal.state) ? readerOf(contacts) : undefined

/** Whoever is to get it comes first, and a portal admin before a portal user, who is told less. Pure. */
export const readerOf = (contacts: readonly Reader[]): Reader | undefined => {
  const able = contacts.filter(({ access, email }) => access === 'active' && email !== null)
  const weight = ({ reportDueAt, isPortalAdmin }: Reader) => (reportDueAt === null ? 0 : 2) + (isPortalAdmin ? 1 : 0)
  return able.toSorted((one, other) => weight(other) - weight(one))[0]
}
