import { routes } from '../../http/app.ts'
import type { SelfEnv } from '../../http/app.ts'
import { json, ok, oneself, route } from '../../http/route.ts'
import { TicketMails, TicketMailsInput } from './preference.schema.ts'
import { changePreference, readPreference } from './preference.ts'

const tags = ['Tickets']
const own = '/api/auth/ticket-mails' as const

const read = route(oneself, {
  method: 'get',
  path: own,
  operationId: 'readTicketMails',
  tags,
  summary: 'Of which tickets one is mailed',
  responses: { 200: ok(TicketMails) },
})

const change = route(oneself, {
  method: 'put',
  path: own,
  operationId: 'changeTicketMails',
  tags,
  summary: 'Say of which tickets one is mailed',
  request: { body: json(TicketMailsInput) },
  responses: { 200: ok(TicketMails) },
})

export const ticketMailRoutes = routes<SelfEnv>()

ticketMailRoutes.openapi(read, async (c) => c.json(await readPreference(c.var.self), 200))

ticketMailRoutes.openapi(change, async (c) =>
  c.json(await changePreference(c.var.self, c.req.valid('json').mails), 200),
)
