import { z } from '@hono/zod-openapi'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { beforeDeciding, beforeReading, decideForMsp, requestOf } from './decisions.ts'
import { beforeFulfilling, completeRequest, completeStep } from './fulfilment.ts'
import { listRequests, requestCursor } from './request-list.ts'
import type { ListedRequest } from './request-reads.ts'
import {
  ApprovalInput,
  CompletionInput,
  CustomerRequestQuery,
  RefusalInput,
  StaffRequestInput,
  StaffRequestList,
  StaffRequestQuery,
  StaffRequestSummary,
  StaffServiceRequest,
  presentListedToStaff,
  presentRequestToStaff,
} from './requests.schema.ts'
import { beforeWritingDown, writeDown } from './submit.ts'

const tags = ['Requests']
const ofCustomer = z.object({ customerId: z.string() })
const ofRequest = z.object({ requestId: z.string() })
const ofStep = z.object({ requestId: z.string(), stepId: z.string() })
const all = '/api/msp-portal/requests' as const
const one = `${all}/{requestId}` as const
const step = `${one}/steps/{stepId}/completion` as const
const ofOne = '/api/msp-portal/customers/{customerId}/requests' as const

const index = route(staff('requests.read'), {
  method: 'get',
  path: all,
  operationId: 'listStaffRequests',
  tags,
  summary: 'Requests of all customers, the newest first',
  request: { query: StaffRequestQuery },
  responses: { 200: ok(StaffRequestList) },
})

const indexOfOne = route(staff('requests.read'), {
  method: 'get',
  path: ofOne,
  operationId: 'listCustomerRequests',
  tags,
  summary: 'What a customer’s people asked for, the newest first',
  request: { params: ofCustomer, query: CustomerRequestQuery },
  responses: { 200: ok(StaffRequestList) },
})

const beforeNew = alongside((msp, { customerId = '' }) => beforeWritingDown(msp, customerId))
const beforeRead = alongside((msp, { requestId = '' }) => beforeReading(msp, requestId))
const beforeDecision = alongside((msp, { requestId = '' }) => beforeDeciding(msp, requestId))
const beforeWork = alongside((msp, { requestId = '' }) => beforeFulfilling(msp, requestId))

const create = route(staff('requests.write'), {
  method: 'post',
  path: ofOne,
  operationId: 'createRequest',
  tags,
  summary: 'Write a request down for a contact who asked in another way',
  description: 'It needs the approvals that theirs would need; what is switched off for them needs the MSP’s.',
  alongside: beforeNew,
  request: { params: ofCustomer, body: json(StaffRequestInput) },
  responses: { 202: ok(StaffRequestSummary, 'Submitted') },
})

const read = route(staff('requests.read'), {
  method: 'get',
  path: one,
  operationId: 'readStaffRequest',
  tags,
  summary: 'A request: what was asked for, where it stands, and all that happened to it',
  alongside: beforeRead,
  request: { params: ofRequest },
  responses: { 200: ok(StaffServiceRequest) },
})

const approve = route(staff('requests.write'), {
  method: 'put',
  path: `${one}/approval`,
  operationId: 'approveStaffRequest',
  tags,
  summary: 'Approve a request for the MSP: it becomes a ticket',
  description:
    'Who may is said by the customer’s self-service policy. Where what it depends on has changed, nothing is approved: that is told (409, `facts_changed`), and it is asked again.',
  ifMatch: true,
  alongside: beforeDecision,
  request: { params: ofRequest, body: json(ApprovalInput) },
  responses: {
    200: ok(StaffServiceRequest),
    409: problem('Somebody else decided, it has ended, it is asked again, or the customer is archived'),
  },
})

const decline = route(staff('requests.write'), {
  method: 'put',
  path: `${one}/refusal`,
  operationId: 'declineStaffRequest',
  tags,
  summary: 'Decline a request for the MSP',
  ifMatch: true,
  alongside: beforeDecision,
  request: { params: ofRequest, body: json(RefusalInput) },
  responses: {
    200: ok(StaffServiceRequest),
    409: problem('Somebody else decided, it has ended, or the customer is archived'),
  },
})

const tick = route(staff('requests.write'), {
  method: 'put',
  path: step,
  operationId: 'completeRequestStep',
  tags,
  summary: 'Tick a step of a request off',
  alongside: beforeWork,
  request: { params: ofStep },
  responses: {
    200: ok(StaffServiceRequest),
    409: problem('It is not approved, has ended, or its customer is archived'),
  },
})

const untick = route(staff('requests.write'), {
  method: 'delete',
  path: step,
  operationId: 'reopenRequestStep',
  tags,
  summary: 'Take back that a step of a request is done',
  alongside: beforeWork,
  request: { params: ofStep },
  responses: {
    200: ok(StaffServiceRequest),
    409: problem('It is not approved, has ended, or its customer is archived'),
  },
})

const complete = route(staff('requests.write'), {
  method: 'put',
  path: `${one}/completion`,
  operationId: 'completeRequest',
  tags,
  summary: 'Say that a request is done: its ticket is resolved with it',
  ifMatch: true,
  alongside: beforeWork,
  request: { params: ofRequest, body: json(CompletionInput) },
  responses: {
    200: ok(StaffServiceRequest),
    409: problem('Steps are left, it is not approved, has ended, or its customer is archived'),
  },
})

const answered = (listed: ListedRequest) => ({
  status: 202 as const,
  body: presentListedToStaff(listed),
  headers: etag(listed.row),
})

export const requestRoutes = routes<StaffEnv>()

requestRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listRequests(c.var.msp, query)
  return c.json(pageOf(rows, query.limit, requestCursor(query.sort), presentListedToStaff), 200)
})

requestRoutes.openapi(indexOfOne, async (c) => {
  const query = c.req.valid('query')
  const rows = await listRequests(c.var.msp, { ...query, customerId: c.req.valid('param').customerId })
  return c.json(pageOf(rows, query.limit, requestCursor(query.sort), presentListedToStaff), 200)
})

requestRoutes.openapi(create, async (c) => {
  const { environment, msp, house, staff: reader } = c.var
  const input = c.req.valid('json')
  const listed = await writeDown(environment, msp, reader, house.timeZone, beforeNew.in(c), input, answered)
  const { status, body, headers } = answered(listed)
  return c.json(body, status, headers)
})

requestRoutes.openapi(read, async (c) => {
  const found = await requestOf(c.var.msp, c.var.staff, beforeRead.in(c))
  return c.json(presentRequestToStaff(found), 200, etag(found.row))
})

requestRoutes.openapi(approve, async (c) => {
  const { environment, msp, staff: reader } = c.var
  const { reason } = c.req.valid('json')
  const found = await decideForMsp(environment, msp, reader, beforeDecision.in(c), 'approve', reason, expected(c))
  return c.json(presentRequestToStaff(found), 200, etag(found.row))
})

requestRoutes.openapi(decline, async (c) => {
  const { environment, msp, staff: reader } = c.var
  const { reason } = c.req.valid('json')
  const found = await decideForMsp(environment, msp, reader, beforeDecision.in(c), 'decline', reason, expected(c))
  return c.json(presentRequestToStaff(found), 200, etag(found.row))
})

requestRoutes.openapi(tick, async (c) => {
  const found = await completeStep(c.var.msp, c.var.staff, beforeWork.in(c), c.req.valid('param').stepId, true)
  return c.json(presentRequestToStaff(found), 200, etag(found.row))
})

requestRoutes.openapi(untick, async (c) => {
  const found = await completeStep(c.var.msp, c.var.staff, beforeWork.in(c), c.req.valid('param').stepId, false)
  return c.json(presentRequestToStaff(found), 200, etag(found.row))
})

requestRoutes.openapi(complete, async (c) => {
  const { leaveOpen } = c.req.valid('json')
  const found = await completeRequest(c.var.msp, c.var.staff, beforeWork.in(c), leaveOpen, expected(c))
  return c.json(presentRequestToStaff(found), 200, etag(found.row))
})
