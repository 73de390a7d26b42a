import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { etag, json, ok, route, staff } from '../../http/route.ts'
import { readMonthlyDefaults, readMonthlySender, saveMonthlyDefaults } from './report-defaults.ts'
import { exampleMonthly } from './report-sample.ts'
import { MonthlyDefaults, MonthlyDefaultsInput, MonthlyPreview, presentMonthlyDefaults } from './reports.schema.ts'

const tags = ['Settings']
const path = '/api/msp-portal/settings/monthly-report' as const

const read = route(staff('settings.read'), {
  method: 'get',
  path,
  operationId: 'readMonthlyDefaults',
  tags,
  summary: 'How monthly reports are mailed where a customer does not have it otherwise',
  responses: { 200: ok(MonthlyDefaults) },
})

const save = route(staff('settings.write'), {
  method: 'put',
  path,
  operationId: 'saveMonthlyDefaults',
  tags,
  summary: 'Replace how monthly reports are mailed where a customer does not have it otherwise',
  description: 'On another day, what is due leaves on that day of the same month: at once where it is over.',
  ifMatch: true,
  request: { body: json(MonthlyDefaultsInput) },
  responses: { 200: ok(MonthlyDefaults) },
})

const preview = route(staff('settings.read'), {
  method: 'get',
  path: `${path}/preview`,
  operationId: 'previewMonthlyDefaults',
  tags,
  summary: 'A monthly report with figures that are made up, to look at',
  responses: { 200: ok(MonthlyPreview) },
})

export const reportDefaultsRoutes = routes<StaffEnv>()

reportDefaultsRoutes.openapi(read, async (c) => {
  const house = await readMonthlyDefaults(c.var.msp)
  return c.json(presentMonthlyDefaults(house), 200, etag(house))
})

reportDefaultsRoutes.openapi(save, async (c) => {
  const house = await saveMonthlyDefaults(c.var.msp, c.req.valid('json'), expected(c))
  return c.json(presentMonthlyDefaults(house), 200, etag(house))
})

reportDefaultsRoutes.openapi(preview, async (c) => {
  const { environment, msp } = c.var
  const { house, address } = await readMonthlySender(msp)
  return c.json(exampleMonthly(environment, house, address, msp.now()), 200)
})
