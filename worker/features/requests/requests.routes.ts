import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { ok, route, staff } from '../../http/route.ts'
import { RequestList, RequestQuery, presentRequest } from './requests.schema.ts'
import { listRequestsOf, requestCursor } from './requests.ts'

const index = route(staff('customers.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/requests',
  operationId: 'listCustomerRequests',
  tags: ['Requests'],
  summary: 'What a customer’s people asked for, the newest first',
  request: { params: z.object({ customerId: z.string() }), query: RequestQuery },
  responses: { 200: ok(RequestList) },
})

export const requestRoutes = routes<StaffEnv>()

requestRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listRequestsOf(c.var.msp, c.req.valid('param').customerId, query)
  return c.json(pageOf(rows, query.limit, requestCursor(query.sort), presentRequest), 200)
})
