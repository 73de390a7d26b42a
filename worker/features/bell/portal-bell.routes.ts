import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { contact, done, json, ok, route } from '../../http/route.ts'
import { Bell, BellItems, BellReading, presentBell, presentNews } from './bell.schema.ts'
import { countUnread, listContactNews, noteRead } from './bell.ts'

const tags = ['Tickets']
const ofCustomer = z.object({ id: z.string() })
const own = '/api/portal/customers/{id}/bell' as const

const read = route(contact('portal.tickets'), {
  method: 'get',
  path: own,
  operationId: 'readPortalBell',
  tags,
  summary: 'How many tickets hold something one has not read',
  onlyPeople: true,
  unattended: true,
  request: { params: ofCustomer },
  responses: { 200: ok(Bell) },
})

const items = route(contact('portal.tickets'), {
  method: 'get',
  path: `${own}/items`,
  operationId: 'listPortalBellItems',
  tags,
  summary: 'One’s latest news of tickets, read or not, the newest first',
  onlyPeople: true,
  request: { params: ofCustomer },
  responses: { 200: ok(BellItems) },
})

const reading = route(contact('portal.tickets'), {
  method: 'put',
  path: `${own}/reading`,
  operationId: 'notePortalBellReading',
  tags,
  summary: 'Note that one has read a ticket, or all of them',
  request: { params: ofCustomer, body: json(BellReading) },
  responses: { 204: done('Noted') },
})

export const portalBellRoutes = routes<PortalEnv>()

portalBellRoutes.openapi(read, async (c) => {
  const { contact: scope, person } = c.var
  return c.json(presentBell(await countUnread(scope, person.contactId)), 200)
})

portalBellRoutes.openapi(items, async (c) =>
  c.json({ items: (await listContactNews(c.var.contact)).map(presentNews), nextCursor: null }, 200),
)

portalBellRoutes.openapi(reading, async (c) => {
  const { contact: scope, person } = c.var
  await noteRead(scope.ofCustomer, person.contactId, c.req.valid('json').ticketId)
  return c.body(null, 204)
})
