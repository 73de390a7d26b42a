import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { contact, etag, json, ok, problem, route } from '../../http/route.ts'
import { RequestInput, RequestList, RequestQuery, ServiceRequest, presentRequest } from './requests.schema.ts'
import { listRequests, requestCursor, submitRequest } from './requests.ts'
import type { RequestRow } from './requests.ts'

const tags = ['Requests']
const ofPortal = z.object({ id: z.string() })
const all = '/api/portal/customers/{id}/requests' as const

const index = route(contact('portal.requests'), {
  method: 'get',
  path: all,
  operationId: 'listRequests',
  tags,
  summary: 'What was asked of the MSP, the newest first: one’s own, and for portal admins the whole company’s',
  request: { params: ofPortal, query: RequestQuery },
  responses: { 200: ok(RequestList) },
})

const submit = route(contact('portal.requests'), {
  method: 'post',
  path: all,
  operationId: 'submitRequest',
  tags,
  summary: 'Ask the MSP for something by a form',
  description: 'Nothing changes by itself: the MSP is told by mail and decides.',
  request: { params: ofPortal, body: json(RequestInput) },
  responses: {
    202: ok(ServiceRequest, 'Submitted'),
    409: problem('Too many requests of this person wait for an answer already'),
  },
})

const answered = (row: RequestRow) => ({
  status: 202 as const,
  body: presentRequest(row),
  headers: etag(row),
})

export const portalRequestRoutes = routes<PortalEnv>()

portalRequestRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listRequests(c.var.contact, query)
  return c.json(pageOf(rows, query.limit, requestCursor(query.sort), presentRequest), 200)
})

portalRequestRoutes.openapi(submit, async (c) => {
  const row = await submitRequest(c.var.contact, c.var.person, c.req.valid('json'), answered)
  const { status, body, headers } = answered(row)
  return c.json(body, status, headers)
})
