import { z } from '@hono/zod-openapi'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { fileBody } from '../../http/body.ts'
import { uploadKey } from '../../http/file-answers.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { added, done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { serveFile } from '../../http/serve-file.ts'
import { EntryQuery, TicketEntry, TicketEntryList, presentEntry, presentFile } from './conversation.schema.ts'
import { FILE_BYTES_MAX, fileTooLarge, findFile, removeUnsent, uploadFile } from './files.ts'
import { saving, showing, tags, takingBack, uploaded, uploading } from './file-routes.ts'
import { entryCursor } from './read-conversation.ts'
import type { EntryWithFiles } from './read-conversation.ts'
import { ticketReads } from './ticket-reads.ts'
import { listTickets } from './tickets-across.ts'
import {
  AnswerInput,
  MergerInput,
  NoteInput,
  StaffTicket,
  StaffTicketInput,
  TicketChangeInput,
  TicketList,
  TicketOptions,
  TicketQuery,
  presentListed,
  presentOptions,
  presentTicket,
} from './tickets.schema.ts'
import {
  addWatcher,
  answerTicket,
  beforeRaising,
  beforeReplacing,
  findTicket,
  mergeTicket,
  moveTicket,
  noteInTicket,
  raiseTicket,
  readEntries,
  readOptions,
  removeWatcher,
  replaceTicket,
} from './tickets.ts'
import type { TicketFound } from './ticket-reads.ts'

const ofCustomer = z.object({ customerId: z.string() })
const ofTicket = z.object({ ticketId: z.string() })
const ofWatcher = z.object({ ticketId: z.string(), contactId: z.string() })
const ofFile = z.object({ ticketId: z.string(), fileId: z.string() })
const ofUnsent = z.object({ customerId: z.string(), fileId: z.string() })
const ofUpload = z.object({ customerId: z.string(), uploadKey })
const all = '/api/msp-portal/tickets' as const
const one = `${all}/{ticketId}` as const
const below = '/api/msp-portal/customers/{customerId}' as const

const index = route(staff('tickets.read'), {
  method: 'get',
  path: all,
  operationId: 'listStaffTickets',
  tags,
  summary: 'Tickets of all customers, or of one',
  description: 'By their latest change; what is due by when; of one customer, what waits on them before what is open.',
  request: { query: TicketQuery },
  responses: { 200: ok(TicketList) },
})

const options = route(staff('tickets.read'), {
  method: 'get',
  path: '/api/msp-portal/ticket-options',
  operationId: 'readStaffTicketOptions',
  tags,
  summary: 'What tickets are chosen from: categories, priorities, who works on them',
  responses: { 200: ok(TicketOptions) },
})

const beforeNew = alongside((msp, { customerId = '' }) => beforeRaising(msp, customerId))
const before = alongside((msp, { ticketId = '' }) => ticketReads(msp, ticketId))
const beforeChange = alongside((msp, { ticketId = '' }) => beforeReplacing(msp, ticketId))

const create = route(staff('tickets.write'), {
  method: 'post',
  path: `${below}/tickets`,
  operationId: 'createTicket',
  tags,
  summary: 'Write a ticket down for a customer',
  alongside: beforeNew,
  request: { params: ofCustomer, body: json(StaffTicketInput) },
  responses: { 201: added(StaffTicket) },
})

const read = route(staff('tickets.read'), {
  method: 'get',
  path: one,
  operationId: 'readStaffTicket',
  tags,
  summary: 'One ticket, without its conversation',
  request: { params: ofTicket },
  responses: { 200: ok(StaffTicket) },
})

const replace = route(staff('tickets.write'), {
  method: 'put',
  path: one,
  operationId: 'replaceTicket',
  tags,
  summary: 'Replace what a ticket is about, whom it is for and who looks after it',
  ifMatch: true,
  alongside: beforeChange,
  request: { params: ofTicket, body: json(TicketChangeInput) },
  responses: { 200: ok(StaffTicket), 409: problem('The customer is archived') },
})

const entries = route(staff('tickets.read'), {
  method: 'get',
  path: `${one}/entries`,
  operationId: 'listStaffTicketEntries',
  tags,
  summary: 'A ticket’s conversation and history, with internal notes, the newest first',
  request: { params: ofTicket, query: EntryQuery },
  responses: { 200: ok(TicketEntryList) },
})

const answer = route(staff('tickets.write'), {
  method: 'post',
  path: `${one}/answers`,
  operationId: 'answerTicket',
  tags,
  summary: 'Answer the customer',
  alongside: before,
  request: { params: ofTicket, body: json(AnswerInput) },
  responses: {
    201: ok(TicketEntry, 'Said'),
    409: problem('The ticket is closed, was merged, or its customer is archived'),
  },
})

const note = route(staff('tickets.write'), {
  method: 'post',
  path: `${one}/notes`,
  operationId: 'noteInTicket',
  tags,
  summary: 'Note something for staff alone',
  alongside: before,
  request: { params: ofTicket, body: json(NoteInput) },
  responses: { 201: ok(TicketEntry, 'Noted'), 409: problem('The customer is archived') },
})

const moved = {
  200: ok(StaffTicket),
  409: problem('It is not in a state for it, was merged, or its customer is archived'),
}

const start = route(staff('tickets.write'), {
  method: 'put',
  path: `${one}/progress`,
  operationId: 'startTicket',
  tags,
  summary: 'Say that it is worked on',
  ifMatch: true,
  alongside: before,
  request: { params: ofTicket },
  responses: moved,
})

const wait = route(staff('tickets.write'), {
  method: 'put',
  path: `${one}/waiting`,
  operationId: 'waitInTicket',
  tags,
  summary: 'Say that it waits on the customer: targets stand still meanwhile',
  ifMatch: true,
  alongside: before,
  request: { params: ofTicket },
  responses: moved,
})

const resolve = route(staff('tickets.write'), {
  method: 'put',
  path: `${one}/resolution`,
  operationId: 'resolveTicket',
  tags,
  summary: 'Say that it is resolved: the customer may open it again for some days',
  ifMatch: true,
  alongside: before,
  request: { params: ofTicket },
  responses: moved,
})

const close = route(staff('tickets.write'), {
  method: 'put',
  path: `${one}/closure`,
  operationId: 'closeStaffTicket',
  tags,
  summary: 'Close a ticket',
  ifMatch: true,
  alongside: before,
  request: { params: ofTicket },
  responses: moved,
})

const reopen = route(staff('tickets.write'), {
  method: 'delete',
  path: `${one}/closure`,
  operationId: 'reopenStaffTicket',
  tags,
  summary: 'Open a resolved or closed ticket again',
  ifMatch: true,
  alongside: before,
  request: { params: ofTicket },
  responses: moved,
})

const watch = route(staff('tickets.write'), {
  method: 'put',
  path: `${one}/watchers/{contactId}`,
  operationId: 'addStaffTicketWatcher',
  tags,
  summary: 'Let a contact of the customer see a ticket, and be told of it',
  ifMatch: true,
  alongside: before,
  request: { params: ofWatcher },
  responses: { 204: done('They watch it'), 409: problem('Too many watch it, or the customer is archived') },
})

const unwatch = route(staff('tickets.write'), {
  method: 'delete',
  path: `${one}/watchers/{contactId}`,
  operationId: 'removeStaffTicketWatcher',
  tags,
  summary: 'Let a contact watch a ticket no longer',
  ifMatch: true,
  alongside: before,
  request: { params: ofWatcher },
  responses: { 204: done('They do not watch it'), 409: problem('It is for them, or the customer is archived') },
})

const merge = route(staff('tickets.write'), {
  method: 'put',
  path: `${one}/merger`,
  operationId: 'mergeTicket',
  tags,
  summary: 'Let a ticket go on as another one of the same customer',
  description: 'It is closed; whoever it was of watches the other one, and answers to it go there.',
  ifMatch: true,
  alongside: before,
  request: { params: ofTicket, body: json(MergerInput) },
  responses: moved,
})

const upload = route(staff('tickets.write'), {
  ...uploading,
  path: `${below}/ticket-files/uploads/{uploadKey}`,
  operationId: 'uploadStaffTicketFile',
  summary: 'Upload a file of at most 25 MB that is to go with a ticket or an answer',
  request: { params: ofUpload, ...uploaded },
})

const discard = route(staff('tickets.write'), {
  ...takingBack,
  path: `${below}/ticket-files/{fileId}`,
  operationId: 'discardStaffTicketFile',
  summary: 'Take back a file that was uploaded and not sent',
  request: { params: ofUnsent },
})

const download = route(staff('tickets.read'), {
  ...saving,
  path: `${one}/files/{fileId}/content`,
  operationId: 'downloadStaffTicketFile',
  request: { params: ofFile },
})

const view = route(staff('tickets.read'), {
  ...showing,
  path: `${one}/files/{fileId}/view`,
  operationId: 'viewStaffTicketFile',
  request: { params: ofFile },
})

export const ticketRoutes = routes<StaffEnv>()

ticketRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const { rows, settings, truncated, cursorOf } = await listTickets(c.var.msp, c.var.staff.staffId, query)
  return c.json({ ...pageOf(rows, query.limit, cursorOf, presentListed(settings)), truncated }, 200)
})

ticketRoutes.openapi(options, async (c) => {
  const { settings, assignable } = await readOptions(c.var.msp)
  return c.json(presentOptions(settings, assignable), 200)
})

ticketRoutes.openapi(create, async (c) => {
  const { environment, msp } = c.var
  const answerOf = (found: TicketFound) => ({
    status: 201 as const,
    body: presentTicket(found),
    headers: { ...etag(found.row), location: `${all}/${found.row.id}` },
  })
  const made = await raiseTicket(environment, msp, beforeNew.in(c), c.req.valid('json'), answerOf)
  const { status, body, headers } = answerOf(made)
  return c.json(body, status, headers)
})

ticketRoutes.openapi(read, async (c) => {
  const found = await findTicket(c.var.msp, c.req.valid('param').ticketId)
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(replace, async (c) => {
  const replaced = await replaceTicket(c.var.msp, beforeChange.in(c), c.req.valid('json'), expected(c))
  return c.json(presentTicket(replaced), 200, etag(replaced.row))
})

ticketRoutes.openapi(entries, async (c) => {
  const query = c.req.valid('query')
  const rows = await readEntries(c.var.msp, c.req.valid('param').ticketId, query)
  return c.json(pageOf(rows, query.limit, entryCursor(query.sort), presentEntry), 200)
})

const saidAnswer = (entry: EntryWithFiles) => ({ status: 201 as const, body: presentEntry(entry) })

ticketRoutes.openapi(answer, async (c) => {
  const { status, body } = saidAnswer(await answerTicket(c.var.msp, before.in(c), c.req.valid('json'), saidAnswer))
  return c.json(body, status)
})

ticketRoutes.openapi(note, async (c) => {
  const { status, body } = saidAnswer(await noteInTicket(c.var.msp, before.in(c), c.req.valid('json'), saidAnswer))
  return c.json(body, status)
})

ticketRoutes.openapi(start, async (c) => {
  const found = await moveTicket(c.var.msp, before.in(c), 'start', expected(c))
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(wait, async (c) => {
  const found = await moveTicket(c.var.msp, before.in(c), 'wait', expected(c))
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(resolve, async (c) => {
  const found = await moveTicket(c.var.msp, before.in(c), 'resolve', expected(c))
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(close, async (c) => {
  const found = await moveTicket(c.var.msp, before.in(c), 'close', expected(c))
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(reopen, async (c) => {
  const found = await moveTicket(c.var.msp, before.in(c), 'reopen', expected(c))
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(watch, async (c) => {
  await addWatcher(c.var.msp, before.in(c), c.req.valid('param').contactId, expected(c))
  return c.body(null, 204)
})

ticketRoutes.openapi(unwatch, async (c) => {
  await removeWatcher(c.var.msp, before.in(c), c.req.valid('param').contactId, expected(c))
  return c.body(null, 204)
})

ticketRoutes.openapi(merge, async (c) => {
  const found = await mergeTicket(c.var.msp, before.in(c), c.req.valid('json').into, expected(c))
  return c.json(presentTicket(found), 200, etag(found.row))
})

ticketRoutes.openapi(upload, async (c) => {
  const { customerId, uploadKey: key } = c.req.valid('param')
  const body = fileBody(c, FILE_BYTES_MAX, fileTooLarge)
  const { environment, msp } = c.var
  const { name } = c.req.valid('query')
  const row = await uploadFile(environment, msp.forCustomer(customerId), key, name, body)
  return c.json(presentFile(row), 200)
})

ticketRoutes.openapi(discard, async (c) => {
  const { customerId, fileId } = c.req.valid('param')
  await removeUnsent(c.var.environment, c.var.msp.forCustomer(customerId), fileId)
  return c.body(null, 204)
})

ticketRoutes.openapi(download, async (c) => {
  const { ticketId, fileId } = c.req.valid('param')
  const row = await findFile(c.var.msp, ticketId, fileId)
  return serveFile(c, c.var.environment, row, 'attachment')
})

ticketRoutes.openapi(view, async (c) => {
  const { ticketId, fileId } = c.req.valid('param')
  const row = await findFile(c.var.msp, ticketId, fileId)
  return serveFile(c, c.var.environment, row, 'inline')
})
