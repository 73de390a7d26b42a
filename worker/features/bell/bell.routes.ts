import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { done, json, ok, route, staff } from '../../http/route.ts'
import { Bell, BellItems, BellReading, presentBell, presentNews } from './bell.schema.ts'
import { countUnread, listStaffNews, noteRead } from './bell.ts'

const tags = ['Tickets']
const own = '/api/msp-portal/bell' as const

const read = route(staff('tickets.read'), {
  method: 'get',
  path: own,
  operationId: 'readBell',
  tags,
  summary: 'How many tickets hold something one has not read',
  onlyPeople: true,
  unattended: true,
  responses: { 200: ok(Bell) },
})

const items = route(staff('tickets.read'), {
  method: 'get',
  path: `${own}/items`,
  operationId: 'listBellItems',
  tags,
  summary: 'One’s latest news of tickets, read or not, the newest first',
  onlyPeople: true,
  responses: { 200: ok(BellItems) },
})

const reading = route(staff('tickets.read'), {
  method: 'put',
  path: `${own}/reading`,
  operationId: 'noteBellReading',
  tags,
  summary: 'Note that one has read a ticket, or all of them',
  onlyPeople: true,
  request: { body: json(BellReading) },
  responses: { 204: done('Noted') },
})

export const bellRoutes = routes<StaffEnv>()

bellRoutes.openapi(read, async (c) => c.json(presentBell(await countUnread(c.var.msp, c.var.staff.staffId)), 200))

bellRoutes.openapi(items, async (c) =>
  c.json({ items: (await listStaffNews(c.var.msp, c.var.staff.staffId)).map(presentNews), nextCursor: null }, 200),
)

bellRoutes.openapi(reading, async (c) => {
  await noteRead(c.var.msp, c.var.staff.staffId, c.req.valid('json').ticketId)
  return c.body(null, 204)
})
