import { z } from '@hono/zod-openapi'
import { dayOf } from '../../days.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { json, ok, route, staff } from '../../http/route.ts'
import { pagesOf, slugOf, tableAnswer, tableFile } from '../../http/table-file.ts'
import {
  ActivityExportInput,
  ActivityList,
  ActivityOfAllQuery,
  ActivityPeople,
  ActivityPeopleQuery,
  ActivityQuery,
  activityCells,
  activityColumns,
  presentActivity,
  presentPeople,
} from './activity.schema.ts'
import { activityCursor, exportActivity, listActivity, listCustomersActivity, listPeople } from './activity.ts'

const tags = ['Activity']

const index = route(staff('activity.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/activity',
  operationId: 'listActivity',
  tags,
  summary: 'Everything done to a customer and its tenants, by whom, newest first',
  request: { params: z.object({ customerId: z.string() }), query: ActivityQuery },
  responses: { 200: ok(ActivityList) },
})

const indexOfAll = route(staff('activity.read'), {
  method: 'get',
  path: '/api/msp-portal/activity',
  operationId: 'listActivityOfAll',
  tags,
  summary: 'Everything done at this MSP, by whom, newest first',
  description: 'Also what was done to customers that are deleted or merged by now.',
  request: { query: ActivityOfAllQuery },
  responses: { 200: ok(ActivityList) },
})

const people = route(staff('activity.read'), {
  method: 'get',
  path: '/api/msp-portal/activity-people',
  operationId: 'listActivityPeople',
  tags,
  summary: 'Whom the activity can be filtered by',
  request: { query: ActivityPeopleQuery },
  responses: { 200: ok(ActivityPeople) },
})

const exportAll = route(staff('activity.export'), {
  method: 'post',
  path: '/api/msp-portal/activity-exports',
  operationId: 'exportActivity',
  tags,
  summary: 'What the activity shows for the same question, as a file',
  description:
    'A POST, since each export is written down. The file is sent while it is read: one that breaks off is not whole.',
  readsOnly: true,
  request: { body: json(ActivityExportInput) },
  responses: { 200: tableAnswer },
})

export const activityRoutes = routes<StaffEnv>()

activityRoutes.openapi(index, async (c) => {
  const { msp, house } = c.var
  const query = c.req.valid('query')
  const rows = await listCustomersActivity(msp, c.req.valid('param').customerId, query, house.timeZone)
  return c.json(pageOf(rows, query.limit, activityCursor, presentActivity), 200)
})

activityRoutes.openapi(indexOfAll, async (c) => {
  const query = c.req.valid('query')
  const rows = await listActivity(c.var.msp, query, c.var.house.timeZone)
  return c.json(pageOf(rows, query.limit, activityCursor, presentActivity), 200)
})

activityRoutes.openapi(people, async (c) =>
  c.json(presentPeople(await listPeople(c.var.msp, c.req.valid('query').customerId)), 200),
)

activityRoutes.openapi(exportAll, async (c) => {
  const { msp, house } = c.var
  const wanted = c.req.valid('json')
  const fileName = `${slugOf(house.name)}-activity-${dayOf(msp.now(), house.timeZone)}`
  const rows = await exportActivity(msp, wanted, house.timeZone, `${fileName}.${wanted.format}`)
  const cells = pagesOf(rows, (row) => activityCells(row, house.timeZone))
  return tableFile(wanted.format, { title: 'Activity', fileName, columns: activityColumns(house.timeZone) }, cells)
})
