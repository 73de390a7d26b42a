import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv, PortalPerson } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { contact, etag, json, ok, problem, route } from '../../http/route.ts'
import { decideForCustomer, findTheirRequest, withdrawRequest } from './decisions.ts'
import { RequestInput } from './forms/index.ts'
import { listTheirRequests, requestCursor } from './request-list.ts'
import type { ListedRequest } from './request-reads.ts'
import {
  ApprovalInput,
  RefusalInput,
  RequestList,
  RequestQuery,
  RequestSummary,
  ServiceRequest,
  WithdrawalInput,
  presentListed,
  presentRequest,
} from './requests.schema.ts'
import { submitRequest } from './submit.ts'

const tags = ['Requests']
const ofPortal = z.object({ id: z.string() })
const ofRequest = z.object({ id: z.string(), requestId: z.string() })
const all = '/api/portal/customers/{id}/requests' as const
const one = `${all}/{requestId}` as const

const index = route(contact('portal.own'), {
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
  description:
    'By the company’s self-service policy it waits for approvals, or becomes a ticket at once. Nothing changes by itself.',
  request: { params: ofPortal, body: json(RequestInput) },
  responses: {
    202: ok(RequestSummary, 'Submitted'),
    409: problem('Too many requests of this person wait for an answer already'),
  },
})

const read = route(contact('portal.own'), {
  method: 'get',
  path: one,
  operationId: 'readRequest',
  tags,
  summary: 'A request: what was asked for, where it stands, and all that happened to it',
  request: { params: ofRequest },
  responses: { 200: ok(ServiceRequest) },
})

const approve = route(contact('portal.approvals'), {
  method: 'put',
  path: `${one}/approval`,
  operationId: 'approveRequest',
  tags,
  summary: 'Approve a colleague’s request for the company',
  description:
    'Where what it depends on has changed, nothing is approved: that is told (409, `facts_changed`), and it is asked again.',
  ifMatch: true,
  request: { params: ofRequest, body: json(ApprovalInput) },
  responses: { 200: ok(ServiceRequest), 409: problem('Somebody else decided, it has ended, or it is asked again') },
})

const decline = route(contact('portal.approvals'), {
  method: 'put',
  path: `${one}/refusal`,
  operationId: 'declineRequest',
  tags,
  summary: 'Decline a colleague’s request for the company',
  ifMatch: true,
  request: { params: ofRequest, body: json(RefusalInput) },
  responses: { 200: ok(ServiceRequest), 409: problem('Somebody else decided, or it has ended') },
})

const withdraw = route(contact('portal.own'), {
  method: 'put',
  path: `${one}/withdrawal`,
  operationId: 'withdrawRequest',
  tags,
  summary: 'Take back what one has asked for, as long as nobody works on it',
  ifMatch: true,
  request: { params: ofRequest, body: json(WithdrawalInput) },
  responses: { 200: ok(ServiceRequest), 409: problem('It is being worked on, or has ended') },
})

const seesHoldings = ({ permissions }: PortalPerson) => permissions.has('portal.licence_holders')

const answeredTo = (person: PortalPerson) => (listed: ListedRequest) => ({
  status: 202 as const,
  body: presentListed(listed, seesHoldings(person)),
  headers: etag(listed.row),
})

export const portalRequestRoutes = routes<PortalEnv>()

portalRequestRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listTheirRequests(c.var.contact, query)
  const present = (listed: ListedRequest) => presentListed(listed, seesHoldings(c.var.person))
  return c.json(pageOf(rows, query.limit, requestCursor(query.sort), present), 200)
})

portalRequestRoutes.openapi(submit, async (c) => {
  const { environment, contact: reader, person } = c.var
  const answered = answeredTo(person)
  const listed = await submitRequest(environment, reader, person, c.req.valid('json'), answered)
  const { status, body, headers } = answered(listed)
  return c.json(body, status, headers)
})

portalRequestRoutes.openapi(read, async (c) => {
  const found = await findTheirRequest(c.var.contact, c.req.valid('param').requestId)
  return c.json(presentRequest(found, c.var.person), 200, etag(found.row))
})

portalRequestRoutes.openapi(approve, async (c) => {
  const { environment, contact: reader, person } = c.var
  const { reason } = c.req.valid('json')
  const { requestId } = c.req.valid('param')
  const found = await decideForCustomer(environment, reader, person.policy, requestId, 'approve', reason, expected(c))
  return c.json(presentRequest(found, c.var.person), 200, etag(found.row))
})

portalRequestRoutes.openapi(decline, async (c) => {
  const { environment, contact: reader, person } = c.var
  const { reason } = c.req.valid('json')
  const { requestId } = c.req.valid('param')
  const found = await decideForCustomer(environment, reader, person.policy, requestId, 'decline', reason, expected(c))
  return c.json(presentRequest(found, c.var.person), 200, etag(found.row))
})

portalRequestRoutes.openapi(withdraw, async (c) => {
  const { requestId } = c.req.valid('param')
  const found = await withdrawRequest(c.var.contact, requestId, c.req.valid('json').reason, expected(c))
  return c.json(presentRequest(found, c.var.person), 200, etag(found.row))
})
