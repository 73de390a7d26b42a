import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { ok, route, staff } from '../../http/route.ts'
import { everythingNamed } from './nameable.ts'
import { ChangeQuery, UserChangeList, presentAbout, presentChange } from './user-changes.schema.ts'
import { listChanges } from './user-changes.ts'

const index = route(staff('tenants.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/changes',
  operationId: 'listCustomerUserChanges',
  tags: ['Tenants'],
  summary: 'What happened to a customer’s people: joined, left, blocked, licences given and taken',
  request: { params: z.object({ customerId: z.string() }), query: ChangeQuery },
  responses: { 200: ok(UserChangeList) },
})

export const userChangeRoutes = routes<StaffEnv>()

userChangeRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const page = await listChanges(c.var.msp.forCustomer(c.req.valid('param').customerId), query)
  const items = pageOf(page.rows, query.limit, page.cursorOf, presentChange(everythingNamed, page))
  return c.json({ ...items, ...presentAbout(page) }, 200)
})
