import { z } from '@hono/zod-openapi'
import { contactAccess, monthlyParts } from '../../../db/shard/schema.ts'
import type { msps } from '../../../db/shard/schema.ts'
import { tableFormats } from '../../http/table-file.ts'
import { isoMoment } from '../../http/text.ts'
import { contactRoles, rolesOf } from '../../tenancy/permissions.ts'
import { REPORT_DAY_MAX } from './months.ts'
import { monthlyOf } from './report-settings.ts'
import type { ReportSettingsRow } from './report-settings.ts'
import type { ReportPage } from './reports.ts'
import { reportKinds, reportTitles } from './report-tables.ts'

const ReportKind = z.enum(reportKinds)

const period = {
  from: z.iso.date().optional().describe('Of changes and tickets: the first day; 30 days ago where it is left out.'),
  to: z.iso.date().optional().describe('Of changes and tickets: the last day; today where it is left out.'),
}

export const ReportQuery = z.strictObject({
  report: ReportKind.describe('Which of the reports.'),
  ...period,
  // Holds sort keys, which may be as long as the longest name.
  cursor: z.string().max(16_000).optional().describe('The `nextCursor` of the page before.'),
})

export const ReportDownloadInput = z
  .strictObject({
    report: ReportKind.describe('Which of the reports.'),
    format: z.enum(tableFormats).describe('`csv`, or `xlsx` for a workbook.'),
    ...period,
  })
  .openapi('ReportDownloadInput')

export const Report = z
  .object({
    report: ReportKind,
    title: z.string(),
    asOf: z.iso.datetime().nullable().describe('The oldest of what is told; null while nothing was read yet.'),
    columns: z.array(
      z.object({
        title: z.string(),
        isNumber: z.boolean(),
        decimals: z
          .int()
          .optional()
          .describe('How many decimals its numbers are shown with; left out where as many as they have.'),
      }),
    ),
    rows: z
      .array(z.array(z.union([z.string(), z.number()]).nullable()))
      .describe('A cell for each column; at most 1,000 rows.')
      .openapi({ example: [['Microsoft 365 Business Premium', 50, 48, 2, 0]] }),
    nextCursor: z.string().nullable(),
  })
  .openapi('Report')

export const presentReport = (
  report: (typeof reportKinds)[number],
  { asOf, columns, rows, nextCursor }: ReportPage,
): z.infer<typeof Report> => ({
  report,
  title: reportTitles[report],
  asOf,
  columns: columns.map(({ width: _, ...column }) => column),
  rows,
  nextCursor,
})

const MonthlyPart = z.enum(monthlyParts)
const chosenParts = z.array(MonthlyPart).min(1, 'Choose at least one part.').max(monthlyParts.length)
const dayOfMonth = z
  .number()
  .int()
  .min(1, 'Choose a day that every month has.')
  .max(REPORT_DAY_MAX, 'Choose a day that every month has.')

export const MonthlyDefaultsInput = z
  .strictObject({
    sent: z.boolean().describe('Whether monthly reports are mailed to those who are to get them.'),
    parts: chosenParts.describe('What they tell, as far as each of their readers may see it.'),
    day: dayOfMonth.describe('On which day of a month they leave, telling of the month before.'),
  })
  .openapi('MonthlyDefaultsInput')

const inForce = { sent: z.boolean(), parts: z.array(MonthlyPart), day: z.number().int() }

export const MonthlyDefaults = z.object({ ...inForce, version: z.number().int() }).openapi('MonthlyDefaults')

export const presentMonthlyDefaults = (house: typeof msps.$inferSelect): z.infer<typeof MonthlyDefaults> => ({
  ...monthlyOf(house, {}),
  version: house.version,
})

export const MonthlyPreview = z
  .object({
    month: z.string().describe('YYYY-MM: the last whole month.'),
    reader: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .describe('Whose report it is; null for one that is made up, and where nobody would be mailed any.'),
    mail: z
      .object({
        from: z.object({ name: z.string(), address: z.string() }),
        subject: z.string(),
        brand: z.object({
          name: z.string(),
          primaryColour: z.string(),
          onPrimaryColour: z.string(),
          logoUrl: z.string().nullable(),
        }),
        heading: z.string(),
        opening: z.string(),
        parts: z
          .array(z.object({ part: MonthlyPart, text: z.string() }))
          .describe('All that this reader may be told, whatever of it is chosen.'),
        actionLabel: z.string().nullable(),
        helpLine: z.string(),
        footer: z.array(z.string()),
      })
      .nullable()
      .describe('Null while there is nothing to tell.'),
  })
  .openapi('MonthlyPreview')

export const ReportSettingsInput = z
  .strictObject({
    sent: z
      .boolean()
      .nullable()
      .default(null)
      .describe('Whether the monthly report is mailed; null for what the MSP chose.'),
    parts: chosenParts
      .nullable()
      .default(null)
      .describe('What it tells, as far as each of its readers may see it; null for what the MSP chose.'),
    day: dayOfMonth
      .nullable()
      .default(null)
      .describe('On which day of a month it leaves; null for what the MSP chose.'),
    contactIds: z.array(z.string().max(60)).max(200).describe('Who is mailed the monthly report.'),
  })
  .openapi('ReportSettingsInput')

export const ReportSettings = z
  .object({
    sent: z.boolean().nullable(),
    parts: z.array(MonthlyPart).nullable(),
    day: z.number().int().nullable(),
    usual: z.object(inForce).describe('What the MSP chose, which holds for whatever is null.'),
    contacts: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        roles: z.array(z.enum(contactRoles)),
        access: z.enum(contactAccess),
        getsReport: z.boolean().describe('Those without access to the portal get it once they have.'),
      }),
    ),
    nextAt: z.iso
      .datetime()
      .nullable()
      .describe('When the next one leaves; null while nobody gets it or none is mailed.'),
    version: z.number().int(),
  })
  .openapi('ReportSettings')

export const ReportSample = z
  .object({
    to: z.string().describe('Your own address.'),
    reader: z
      .object({ id: z.string(), name: z.string() })
      .describe('Whose report it is: it tells what they would be told.'),
    month: z.string().describe('YYYY-MM: the last whole month.'),
  })
  .openapi('ReportSample')

export const presentReportSettings = ({
  portal,
  contacts,
  house,
}: ReportSettingsRow): z.infer<typeof ReportSettings> => {
  const due = contacts.flatMap(({ reportDueAt }) => reportDueAt ?? [])
  return {
    sent: portal.monthlySent,
    parts: portal.monthlyParts,
    day: portal.monthlyDay,
    usual: monthlyOf(house, {}),
    contacts: contacts.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      roles: rolesOf(row),
      access: row.access,
      getsReport: row.reportDueAt !== null,
    })),
    nextAt: isoMoment(due.length === 0 || !monthlyOf(house, portal).sent ? null : Math.min(...due)),
    version: portal.version,
  }
}
