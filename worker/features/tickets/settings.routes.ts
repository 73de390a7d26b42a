import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { added, done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  CannedReply,
  CannedReplyInput,
  CannedReplyList,
  CannedReplyQuery,
  FilledReplies,
  presentCannedReply,
} from './canned-replies.schema.ts'
import {
  addCannedReply,
  cannedReplyCursor,
  deleteCannedReply,
  fillCannedReplies,
  findCannedReply,
  listCannedReplies,
  replaceCannedReply,
} from './canned-replies.ts'
import type { CannedReplyRow } from './canned-replies.ts'
import { TicketSettings, TicketSettingsInput, presentSettings } from './ticket-settings.schema.ts'
import { readTicketSettings, saveTicketSettings, ticketSettingsReads } from './ticket-settings.ts'

const tags = ['Tickets']
const ofReply = z.object({ replyId: z.string() })
const replies = '/api/msp-portal/canned-replies' as const
const one = `${replies}/{replyId}` as const

const readSettings = route(staff('settings.read'), {
  method: 'get',
  path: '/api/msp-portal/settings/tickets',
  operationId: 'readTicketSettings',
  tags,
  summary: 'How tickets are kept: categories, priorities and their targets, how long one may be opened again',
  responses: { 200: ok(TicketSettings) },
})

const putSettings = route(staff('settings.write'), {
  method: 'put',
  path: '/api/msp-portal/settings/tickets',
  operationId: 'saveTicketSettings',
  tags,
  summary: 'Replace how tickets are kept',
  description: 'Names hold at once, targets and days for what happens from then on.',
  ifMatch: true,
  alongside: ticketSettingsReads,
  request: { body: json(TicketSettingsInput) },
  responses: { 200: ok(TicketSettings) },
})

const index = route(staff('tickets.read'), {
  method: 'get',
  path: replies,
  operationId: 'listCannedReplies',
  tags,
  summary: 'Answers that staff use often, by their titles',
  request: { query: CannedReplyQuery },
  responses: { 200: ok(CannedReplyList) },
})

const add = route(staff('tickets.write'), {
  method: 'post',
  path: replies,
  operationId: 'addCannedReply',
  tags,
  summary: 'Add an answer that is used often',
  request: { body: json(CannedReplyInput) },
  responses: { 201: added(CannedReply), 409: problem('There are too many already') },
})

const read = route(staff('tickets.read'), {
  method: 'get',
  path: one,
  operationId: 'readCannedReply',
  tags,
  summary: 'One answer that is used often',
  request: { params: ofReply },
  responses: { 200: ok(CannedReply) },
})

const replace = route(staff('tickets.write'), {
  method: 'put',
  path: one,
  operationId: 'replaceCannedReply',
  tags,
  summary: 'Replace an answer that is used often',
  ifMatch: true,
  request: { params: ofReply, body: json(CannedReplyInput) },
  responses: { 200: ok(CannedReply) },
})

const remove = route(staff('tickets.write'), {
  method: 'delete',
  path: one,
  operationId: 'deleteCannedReply',
  tags,
  summary: 'Delete an answer that is used often',
  ifMatch: true,
  request: { params: ofReply },
  responses: { 204: done('Deleted') },
})

const filled = route(staff('tickets.read'), {
  method: 'get',
  path: '/api/msp-portal/tickets/{ticketId}/canned-replies',
  operationId: 'fillCannedReplies',
  tags,
  summary: 'The answers that are used often, as they read for one ticket',
  request: { params: z.object({ ticketId: z.string() }) },
  responses: { 200: ok(FilledReplies) },
})

/** What stands among the settings. */
export const ticketSettingsRoutes = routes<StaffEnv>()
export const cannedReplyRoutes = routes<StaffEnv>()

ticketSettingsRoutes.openapi(readSettings, async (c) => {
  const found = await readTicketSettings(c.var.msp)
  return c.json(presentSettings(found), 200, etag(found))
})

ticketSettingsRoutes.openapi(putSettings, async (c) => {
  const saved = await saveTicketSettings(c.var.msp, ticketSettingsReads.in(c), c.req.valid('json'), expected(c))
  return c.json(presentSettings(saved), 200, etag(saved))
})

cannedReplyRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listCannedReplies(c.var.msp, query)
  return c.json(pageOf(rows, query.limit, cannedReplyCursor(query.sort), presentCannedReply), 200)
})

cannedReplyRoutes.openapi(add, async (c) => {
  const answer = (row: CannedReplyRow) => ({
    status: 201 as const,
    body: presentCannedReply(row),
    headers: { ...etag(row), location: `${replies}/${row.id}` },
  })
  const { status, body, headers } = answer(await addCannedReply(c.var.msp, c.req.valid('json'), answer))
  return c.json(body, status, headers)
})

cannedReplyRoutes.openapi(read, async (c) => {
  const row = await findCannedReply(c.var.msp, c.req.valid('param').replyId)
  return c.json(presentCannedReply(row), 200, etag(row))
})

cannedReplyRoutes.openapi(replace, async (c) => {
  const { replyId } = c.req.valid('param')
  const row = await replaceCannedReply(c.var.msp, replyId, c.req.valid('json'), expected(c))
  return c.json(presentCannedReply(row), 200, etag(row))
})

cannedReplyRoutes.openapi(remove, async (c) => {
  await deleteCannedReply(c.var.msp, c.req.valid('param').replyId, expected(c))
  return c.body(null, 204)
})

cannedReplyRoutes.openapi(filled, async (c) => {
  const items = await fillCannedReplies(c.var.msp, c.req.valid('param').ticketId)
  return c.json({ items }, 200)
})
