import { z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { customers } from '../../../db/shard/schema.ts'
import { dayOf } from '../../days.ts'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { missing } from '../../http/problem.ts'
import { etag, json, ok, problem, problemForNow, route, staff } from '../../http/route.ts'
import { slugOf, tableAnswer, tableFile } from '../../http/table-file.ts'
import { addressOf } from '../sign-in/index.ts'
import { askForSample, previewMonthly } from './report-sample.ts'
import { reportTitles } from './report-tables.ts'
import { reportSettingsIn, reportSettingsReads, saveReportSettings } from './report-settings.ts'
import {
  MonthlyPreview,
  Report,
  ReportDownloadInput,
  ReportQuery,
  ReportSample,
  ReportSettings,
  ReportSettingsInput,
  presentReport,
  presentReportSettings,
} from './reports.schema.ts'
import { downloadReport, readReportOf } from './reports.ts'

const tags = ['Reports']

const read = route(staff('tenants.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/reports',
  operationId: 'readCustomerReport',
  tags,
  summary: 'A report of a customer with all that staff see, a page of at most 1,000 rows at a time',
  request: { params: z.object({ customerId: z.string() }), query: ReportQuery },
  responses: { 200: ok(Report) },
})

const itself = alongside((msp, { customerId = '' }) => [
  msp
    .select({ name: customers.name })
    .from(customers)
    .where(msp.mine(customers, eq(customers.id, customerId))),
])

const download = route(staff('customers.export'), {
  method: 'post',
  path: '/api/msp-portal/customers/{customerId}/report-downloads',
  operationId: 'downloadCustomerReport',
  tags,
  summary: 'A report of a customer as a file, with all that staff see',
  description:
    'A POST, since each one is written down in the activity. The file is sent while it is read: one that breaks off is not whole.',
  readsOnly: true,
  alongside: itself,
  request: { params: z.object({ customerId: z.string() }), body: json(ReportDownloadInput) },
  responses: { 200: tableAnswer },
})

const settings = '/api/msp-portal/customers/{customerId}/portal/reports' as const

const readSettings = route(staff('portals.read'), {
  method: 'get',
  path: settings,
  operationId: 'readReportSettings',
  tags,
  summary: 'Whether a portal gives reports, and who is mailed one each month',
  alongside: reportSettingsReads,
  request: { params: z.object({ customerId: z.string() }) },
  responses: { 200: ok(ReportSettings) },
})

const saveSettings = route(staff('portals.write'), {
  method: 'put',
  path: settings,
  operationId: 'saveReportSettings',
  tags,
  summary: 'Say whether a portal gives reports, and who is mailed one each month',
  description:
    'It leaves at six in the morning of the MSP’s time zone, to whoever has access to an open portal by then. On another day, what is due leaves on that day of the same month: at once where it is over.',
  ifMatch: true,
  alongside: reportSettingsReads,
  request: { params: z.object({ customerId: z.string() }), body: json(ReportSettingsInput) },
  responses: { 200: ok(ReportSettings) },
})

const preview = route(staff('portals.read'), {
  method: 'get',
  path: `${settings}/preview`,
  operationId: 'previewMonthlyReport',
  tags,
  summary: 'The mail of the last month as one of its readers would get it, to look at',
  alongside: reportSettingsReads,
  request: { params: z.object({ customerId: z.string() }) },
  responses: { 200: ok(MonthlyPreview) },
})

const sample = route(staff('portals.write'), {
  method: 'post',
  path: `${settings}/sample`,
  operationId: 'sendReportSample',
  tags,
  summary: 'Have the monthly report mailed to yourself, as one of its readers would read it',
  description:
    'It is the report of the last month, read when it leaves, and goes the way all mails go. Nobody else is mailed.',
  alongside: reportSettingsReads,
  request: { params: z.object({ customerId: z.string() }) },
  responses: {
    202: ok(ReportSample, 'On its way'),
    409: problem('Nobody has access to an open portal, or the customer is archived'),
    429: problemForNow('Samples were sent too often; wait a while'),
  },
})

export const reportRoutes = routes<StaffEnv>()

reportRoutes.openapi(read, async (c) => {
  const { msp, house } = c.var
  const wanted = c.req.valid('query')
  const page = await readReportOf(msp, c.req.valid('param').customerId, house.timeZone, wanted)
  return c.json(presentReport(wanted.report, page), 200)
})

reportRoutes.openapi(readSettings, (c) => {
  const found = reportSettingsIn(reportSettingsReads.in(c))
  return c.json(presentReportSettings(found), 200, etag(found.portal))
})

reportRoutes.openapi(saveSettings, async (c) => {
  const before = reportSettingsIn(reportSettingsReads.in(c))
  const saved = await saveReportSettings(c.var.msp, before, c.req.valid('json'), expected(c))
  return c.json(presentReportSettings(saved), 200, etag(saved.portal))
})

reportRoutes.openapi(sample, async (c) => {
  const { environment, place, msp, staff: person } = c.var
  const caller = { environment, host: place.host, address: addressOf(c) }
  const settings = reportSettingsIn(reportSettingsReads.in(c))
  const answered = (body: z.infer<typeof ReportSample>) => ({ status: 202 as const, body })
  return c.json(await askForSample(caller, msp, settings, person, answered), 202)
})

reportRoutes.openapi(preview, async (c) => {
  const { environment, msp } = c.var
  return c.json(await previewMonthly(environment, msp, reportSettingsIn(reportSettingsReads.in(c))), 200)
})

reportRoutes.openapi(download, async (c) => {
  const { msp, house } = c.var
  const { customerId } = c.req.valid('param')
  const [[customer]] = itself.in(c)
  if (customer === undefined) throw missing('customer')
  const wanted = c.req.valid('json')
  const title = reportTitles[wanted.report]
  const fileName = `${slugOf(`${customer.name} ${title}`)}-${dayOf(msp.now(), house.timeZone)}`
  const read = (page: Parameters<typeof readReportOf>[3]) => readReportOf(msp, customerId, house.timeZone, page)
  const { columns, pages } = await downloadReport(msp, wanted, `${fileName}.${wanted.format}`, read, customerId)
  return tableFile(wanted.format, { title, fileName, columns }, pages)
})
