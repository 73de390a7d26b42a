import { api, body } from '../../api/client.ts'
import { saveFile } from '../../api/download.ts'
import type { ReportSource } from '../../reports/reports.data.ts'

/** The reports of a portal's own company. */
export const sourceOf = (customerId: string): ReportSource => ({
  read: async (report, period, cursor) =>
    body(
      await api.GET('/api/portal/customers/{id}/reports', {
        params: { path: { id: customerId }, query: { report, ...period, ...(cursor !== undefined && { cursor }) } },
      }),
    ),
  save: (report, format, period) =>
    saveFile(
      api.POST('/api/portal/customers/{id}/report-downloads', {
        params: { path: { id: customerId } },
        body: { report, format, ...period },
        parseAs: 'blob',
      }),
    ),
})
