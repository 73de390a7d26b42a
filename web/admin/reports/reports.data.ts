import { api, body, ifMatch } from '../../api/client.ts'
import { saveFile } from '../../api/download.ts'
import { ProblemError } from '../../api/problem.ts'
import type {
  MonthlyDefaults,
  MonthlyDefaultsInput,
  MonthlyPreview,
  ReportSample,
  ReportSettings,
  ReportSettingsInput,
} from '../../api/shapes.ts'
import type { ReportSource } from '../../reports/reports.data.ts'

export type { ReportSettings } from '../../api/shapes.ts'

const at = (customerId: string) => ({ params: { path: { customerId } } })

/** A customer's reports as staff have them. */
export const sourceOf = (customerId: string): ReportSource => ({
  read: async (report, period, cursor) =>
    body(
      await api.GET('/api/msp-portal/customers/{customerId}/reports', {
        params: { path: { customerId }, query: { report, ...period, ...(cursor !== undefined && { cursor }) } },
      }),
    ),
  save: (report, format, period) =>
    saveFile(
      api.POST('/api/msp-portal/customers/{customerId}/report-downloads', {
        ...at(customerId),
        body: { report, format, ...period },
        parseAs: 'blob',
      }),
    ),
})

/** Mails the report of the last month to whoever is signed in. */
export async function sendReportSample(customerId: string): Promise<ReportSample> {
  return body(await api.POST('/api/msp-portal/customers/{customerId}/portal/reports/sample', at(customerId)))
}

export async function readMonthlyDefaults(): Promise<MonthlyDefaults> {
  return body(await api.GET('/api/msp-portal/settings/monthly-report'))
}

export async function saveMonthlyDefaults(before: MonthlyDefaults, input: MonthlyDefaultsInput): Promise<void> {
  await api.PUT('/api/msp-portal/settings/monthly-report', { headers: ifMatch(before.version), body: input })
}

export async function previewMonthlyDefaults(): Promise<MonthlyPreview> {
  return body(await api.GET('/api/msp-portal/settings/monthly-report/preview'))
}

/** The mail of the last month as one of a customer's readers would get it. */
export async function previewMonthlyReport(customerId: string): Promise<MonthlyPreview> {
  return body(await api.GET('/api/msp-portal/customers/{customerId}/portal/reports/preview', at(customerId)))
}

/** Null where the customer has no portal. */
export async function readReportSettings(customerId: string): Promise<{ settings: ReportSettings | null }> {
  try {
    const settings = body(await api.GET('/api/msp-portal/customers/{customerId}/portal/reports', at(customerId)))
    return { settings }
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return { settings: null }
    throw error
  }
}

export async function saveReportSettings(
  customerId: string,
  before: ReportSettings,
  input: ReportSettingsInput,
): Promise<ReportSettings> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/portal/reports', {
      ...at(customerId),
      headers: ifMatch(before.version),
      body: input,
    }),
  )
}
