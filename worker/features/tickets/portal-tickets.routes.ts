import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { fileBody } from '../../http/body.ts'
import { uploadKey } from '../../http/file-answers.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { added, contact, done, etag, json, ok, problem, route } from '../../http/route.ts'
import { serveFile } from '../../http/serve-file.ts'
import { EntryQuery, TicketEntry, TicketEntryList, presentEntryToCustomer, presentFile } from './conversation.schema.ts'
import { FILE_BYTES_MAX, fileTooLarge, findFile, removeUnsent, uploadFile } from './files.ts'
import {
  PortalTicket,
  PortalTicketList,
  PortalTicketQuery,
  RaiseTicketInput,
  TicketCommentInput,
  TicketOptions,
  TicketRatingInput,
  presentOptions,
  presentPortalTicket,
  presentPortalTicketEntry,
} from './portal-tickets.schema.ts'
import {
  addWatcher,
  closeTicket,
  commentTicket,
  findTheirTicket,
  listTheirTickets,
  raiseTicket,
  rateTicket,
  readTheirEntries,
  readTicketOptions,
  removeWatcher,
  reopenTicket,
} from './portal-tickets.ts'
import type { TheirTicket } from './portal-tickets.ts'
import { saving, showing, tags, takingBack, uploaded, uploading } from './file-routes.ts'
import { entryCursor } from './read-conversation.ts'
import type { EntryWithFiles } from './read-conversation.ts'
import { attentionCursor } from './ticket-list.ts'

const customer = '/api/portal/customers/{id}' as const
const all = `${customer}/tickets` as const
const one = `${all}/{ticketId}` as const
const ofPortal = z.object({ id: z.string() })
const ofTicket = z.object({ id: z.string(), ticketId: z.string() })
const ofWatcher = z.object({ id: z.string(), ticketId: z.string(), contactId: z.string() })
const ofSent = z.object({ id: z.string(), ticketId: z.string(), fileId: z.string() })
const ofUnsent = z.object({ id: z.string(), fileId: z.string() })
const ofUpload = z.object({ id: z.string(), uploadKey })

const options = route(contact('portal.tickets'), {
  method: 'get',
  path: `${customer}/ticket-options`,
  operationId: 'readTicketOptions',
  tags,
  summary: 'What can be chosen for a new ticket',
  request: { params: ofPortal },
  responses: { 200: ok(TicketOptions) },
})

const index = route(contact('portal.tickets'), {
  method: 'get',
  path: all,
  operationId: 'listTickets',
  tags,
  summary:
    'The tickets that this person sees, what waits on them first: their own and watched ones, for portal admins the whole company’s',
  request: { params: ofPortal, query: PortalTicketQuery },
  responses: { 200: ok(PortalTicketList) },
})

const raise = route(contact('portal.raise_tickets'), {
  method: 'post',
  path: all,
  operationId: 'raiseTicket',
  tags,
  summary: 'Write a ticket',
  description:
    'Its number is given when it is kept. Portal admins may write one for a colleague, and let others watch it.',
  request: { params: ofPortal, body: json(RaiseTicketInput) },
  responses: { 201: added(PortalTicket) },
})

const read = route(contact('portal.tickets'), {
  method: 'get',
  path: one,
  operationId: 'readTicket',
  tags,
  summary: 'A ticket, with who can see it',
  request: { params: ofTicket },
  responses: { 200: ok(PortalTicket) },
})

const entries = route(contact('portal.tickets'), {
  method: 'get',
  path: `${one}/entries`,
  operationId: 'listTicketEntries',
  tags,
  summary: 'What was said in a ticket and what happened to it, the newest first',
  request: { params: ofTicket, query: EntryQuery },
  responses: { 200: ok(TicketEntryList) },
})

const comment = route(contact('portal.tickets'), {
  method: 'post',
  path: `${one}/comments`,
  operationId: 'commentTicket',
  tags,
  summary: 'Say something in a ticket',
  description:
    'In one that is resolved, this opens it again, as long as it may be. One that is closed is opened again first.',
  request: { params: ofTicket, body: json(TicketCommentInput) },
  responses: { 201: ok(TicketEntry, 'Said'), 409: problem('It is closed, or was resolved too long ago') },
})

const close = route(contact('portal.tickets'), {
  method: 'put',
  path: `${one}/closure`,
  operationId: 'closeTicket',
  tags,
  summary: 'Close a ticket',
  ifMatch: true,
  request: { params: ofTicket },
  responses: { 200: ok(PortalTicket), 409: problem('A request is worked off in it') },
})

const reopen = route(contact('portal.tickets'), {
  method: 'delete',
  path: `${one}/closure`,
  operationId: 'reopenTicket',
  tags,
  summary: 'Open a ticket again that was resolved or closed',
  ifMatch: true,
  request: { params: ofTicket },
  responses: {
    200: ok(PortalTicket),
    409: problem('It is open, goes on as another ticket, ended too long ago, or its request was taken back'),
  },
})

const rate = route(contact('portal.tickets'), {
  method: 'put',
  path: `${one}/rating`,
  operationId: 'rateTicket',
  tags,
  summary: 'Say, once it is resolved or closed, whether one is satisfied',
  ifMatch: true,
  request: { params: ofTicket, body: json(TicketRatingInput) },
  responses: { 200: ok(PortalTicket), 409: problem('It is not done yet') },
})

const watch = route(contact('portal.tickets'), {
  method: 'put',
  path: `${one}/watchers/{contactId}`,
  operationId: 'addTicketWatcher',
  tags,
  summary: 'Let a colleague follow a ticket; portal admins only',
  ifMatch: true,
  request: { params: ofWatcher },
  responses: { 200: ok(PortalTicket), 409: problem('Too many people watch it already') },
})

const unwatch = route(contact('portal.tickets'), {
  method: 'delete',
  path: `${one}/watchers/{contactId}`,
  operationId: 'removeTicketWatcher',
  tags,
  summary: 'Take somebody who follows a ticket away: portal admins anybody, everybody themselves',
  ifMatch: true,
  request: { params: ofWatcher },
  responses: { 204: done('They do not follow it any more') },
})

const upload = route(contact('portal.tickets'), {
  ...uploading,
  path: `${customer}/ticket-files/uploads/{uploadKey}`,
  operationId: 'uploadTicketFile',
  summary: 'Add a file of at most 25 MB, to be sent with a ticket or a comment',
  request: { params: ofUpload, ...uploaded },
})

const forget = route(contact('portal.tickets'), {
  ...takingBack,
  path: `${customer}/ticket-files/{fileId}`,
  operationId: 'removeTicketFile',
  summary: 'Take back a file of one’s own that was not sent yet',
  request: { params: ofUnsent },
})

const download = route(contact('portal.tickets'), {
  ...saving,
  path: `${one}/files/{fileId}/content`,
  operationId: 'downloadTicketFile',
  request: { params: ofSent },
})

const view = route(contact('portal.tickets'), {
  ...showing,
  path: `${one}/files/{fileId}/view`,
  operationId: 'viewTicketFile',
  request: { params: ofSent },
})

const presented = (ticket: TheirTicket) => [presentPortalTicket(ticket), 200 as const, etag(ticket.row)] as const

const raised = (customerId: string) => (ticket: TheirTicket) => ({
  status: 201 as const,
  body: presentPortalTicket(ticket),
  headers: { location: `/api/portal/customers/${customerId}/tickets/${ticket.row.id}`, ...etag(ticket.row) },
})

const said = (entry: EntryWithFiles) => ({ status: 201 as const, body: presentEntryToCustomer(new Set())(entry) })

export const portalTicketRoutes = routes<PortalEnv>()

portalTicketRoutes.openapi(options, async (c) => c.json(presentOptions(await readTicketOptions(c.var.contact)), 200))

portalTicketRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const { rows, truncated, settings } = await listTheirTickets(c.var.contact, query)
  const present = presentPortalTicketEntry(settings, c.var.person.contactId)
  return c.json({ ...pageOf(rows, query.limit, attentionCursor(query.sort), present), truncated }, 200)
})

portalTicketRoutes.openapi(raise, async (c) => {
  const answer = raised(c.var.contact.customerId)
  const ticket = await raiseTicket(c.var.environment, c.var.contact, c.req.valid('json'), answer)
  const { status, body, headers } = answer(ticket)
  return c.json(body, status, headers)
})

portalTicketRoutes.openapi(read, async (c) =>
  c.json(...presented(await findTheirTicket(c.var.contact, c.req.valid('param').ticketId))),
)

portalTicketRoutes.openapi(entries, async (c) => {
  const query = c.req.valid('query')
  const { entries: rows, seenNumbers } = await readTheirEntries(c.var.contact, c.req.valid('param').ticketId, query)
  return c.json(pageOf(rows, query.limit, entryCursor(query.sort), presentEntryToCustomer(seenNumbers)), 200)
})

portalTicketRoutes.openapi(comment, async (c) => {
  const entry = await commentTicket(c.var.contact, c.req.valid('param').ticketId, c.req.valid('json'), said)
  const { status, body } = said(entry)
  return c.json(body, status)
})

portalTicketRoutes.openapi(close, async (c) =>
  c.json(...presented(await closeTicket(c.var.contact, c.req.valid('param').ticketId, expected(c)))),
)

portalTicketRoutes.openapi(reopen, async (c) =>
  c.json(...presented(await reopenTicket(c.var.contact, c.req.valid('param').ticketId, expected(c)))),
)

portalTicketRoutes.openapi(rate, async (c) => {
  const { ticketId } = c.req.valid('param')
  return c.json(...presented(await rateTicket(c.var.contact, ticketId, c.req.valid('json'), expected(c))))
})

portalTicketRoutes.openapi(watch, async (c) => {
  const { ticketId, contactId } = c.req.valid('param')
  return c.json(...presented(await addWatcher(c.var.contact, ticketId, contactId, expected(c))))
})

portalTicketRoutes.openapi(unwatch, async (c) => {
  const { ticketId, contactId } = c.req.valid('param')
  await removeWatcher(c.var.contact, ticketId, contactId, expected(c))
  return c.body(null, 204)
})

portalTicketRoutes.openapi(upload, async (c) => {
  const { uploadKey: key } = c.req.valid('param')
  const { environment, contact: uploader } = c.var
  const body = fileBody(c, FILE_BYTES_MAX, fileTooLarge)
  const row = await uploadFile(environment, uploader.ofCustomer, key, c.req.valid('query').name, body)
  return c.json(presentFile(row), 200)
})

portalTicketRoutes.openapi(forget, async (c) => {
  await removeUnsent(c.var.environment, c.var.contact.ofCustomer, c.req.valid('param').fileId)
  return c.body(null, 204)
})

portalTicketRoutes.openapi(download, async (c) => {
  const { ticketId, fileId } = c.req.valid('param')
  return serveFile(c, c.var.environment, await findFile(c.var.contact, ticketId, fileId), 'attachment')
})

portalTicketRoutes.openapi(view, async (c) => {
  const { ticketId, fileId } = c.req.valid('param')
  return serveFile(c, c.var.environment, await findFile(c.var.contact, ticketId, fileId), 'inline')
})
