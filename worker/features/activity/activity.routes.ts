import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { ok, route, staff } from '../../http/route.ts'
import { ActivityList, ActivityQuery, presentActivity } from './activity.schema.ts'
import { ACTIVITY_SORT, listActivity } from './activity.ts'

const index = route(staff('activity.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/activity',
  operationId: 'listActivity',
  tags: ['Activity'],
  summary: 'Everything done to a customer and its tenants, by whom, newest first',
  request: { params: z.object({ customerId: z.string() }), query: ActivityQuery },
  responses: { 200: ok(ActivityList) },
})

export const activityRoutes = routes<StaffEnv>()

activityRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listActivity(c.var.msp, c.req.valid('param').customerId, query)
  return c.json(
    pageOf(rows, query.limit, (row) => ({ sort: ACTIVITY_SORT, key: row.id, id: row.id }), presentActivity),
    200,
  )
})
