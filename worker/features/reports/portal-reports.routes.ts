import { z } from '@hono/zod-openapi'
import { dayOf } from '../../days.ts'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { contact, json, ok, route } from '../../http/route.ts'
import { slugOf, tableAnswer, tableFile } from '../../http/table-file.ts'
import { reportTitles } from './report-tables.ts'
import { Report, ReportDownloadInput, ReportQuery, presentReport } from './reports.schema.ts'
import { downloadReport, readReport } from './reports.ts'

const tags = ['Reports']

const read = route(contact('portal.reports'), {
  method: 'get',
  path: '/api/portal/customers/{id}/reports',
  operationId: 'readReport',
  tags,
  summary: 'A report of the company, a page of at most 1,000 rows at a time',
  description:
    'People as the portal shows them, and not at all (404) where the directory is not in the portal. What a seat costs stands in it where the company is shown that.',
  request: { params: z.object({ id: z.string() }), query: ReportQuery },
  responses: { 200: ok(Report) },
})

const download = route(contact('portal.reports'), {
  method: 'post',
  path: '/api/portal/customers/{id}/report-downloads',
  operationId: 'downloadReport',
  tags,
  summary: 'A report of the company as a file',
  description:
    'A POST, since each one is written down in the activity. The file is sent while it is read: one that breaks off is not whole. In CSV an apostrophe stands before what a spreadsheet would calculate.',
  readsOnly: true,
  request: { params: z.object({ id: z.string() }), body: json(ReportDownloadInput) },
  responses: { 200: tableAnswer },
})

export const portalReportRoutes = routes<PortalEnv>()

portalReportRoutes.openapi(read, async (c) => {
  const { contact: reader, person } = c.var
  const wanted = c.req.valid('query')
  return c.json(presentReport(wanted.report, await readReport(reader, person, wanted)), 200)
})

portalReportRoutes.openapi(download, async (c) => {
  const { contact: reader, person } = c.var
  const wanted = c.req.valid('json')
  const title = reportTitles[wanted.report]
  const fileName = `${slugOf(title)}-${dayOf(reader.now(), person.timeZone)}`
  const { columns, pages } = await downloadReport(reader.ofCustomer, wanted, `${fileName}.${wanted.format}`, (page) =>
    readReport(reader, person, page),
  )
  return tableFile(wanted.format, { title, fileName, columns }, pages)
})
