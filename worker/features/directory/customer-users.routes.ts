import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { done, json, ok, route, staff } from '../../http/route.ts'
import {
  CustomerUserEntry,
  CustomerUserList,
  DirectoryQuery,
  PortalDirectory,
  presentAbout,
  presentUser,
  presentUserEntry,
} from './directory.schema.ts'
import { findUserForStaff, listUsersForStaff, saveShownDirectory } from './directory.ts'

const ofCustomer = z.object({ customerId: z.string() })
const all = '/api/msp-portal/customers/{customerId}/users' as const

const index = route(staff('tenants.read'), {
  method: 'get',
  path: all,
  operationId: 'listCustomerUsers',
  tags: ['Tenants'],
  summary: 'The people of a customer’s Microsoft 365 tenants, with everything that is read of them',
  request: { params: ofCustomer, query: DirectoryQuery },
  responses: { 200: ok(CustomerUserList) },
})

const read = route(staff('tenants.read'), {
  method: 'get',
  path: `${all}/{userId}`,
  operationId: 'readCustomerUser',
  tags: ['Tenants'],
  summary: 'One person of a customer’s tenants',
  request: { params: z.object({ customerId: z.string(), userId: z.string() }) },
  responses: { 200: ok(CustomerUserEntry) },
})

const save = route(staff('portals.write'), {
  method: 'put',
  path: '/api/msp-portal/customers/{customerId}/portal/directory',
  operationId: 'savePortalDirectory',
  tags: ['Portals'],
  summary: 'Say what a portal shows of its company’s directory',
  description: 'Holds from the next click on, for the pages and the API alike.',
  ifMatch: true,
  request: { params: ofCustomer, body: json(PortalDirectory) },
  responses: { 204: done('Saved') },
})

export const customerUserRoutes = routes<StaffEnv>()

customerUserRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const page = await listUsersForStaff(c.var.msp.forCustomer(c.req.valid('param').customerId), query)
  return c.json({ ...pageOf(page.rows, query.limit, page.cursorOf, presentUser(page)), ...presentAbout(page) }, 200)
})

customerUserRoutes.openapi(read, async (c) => {
  const { customerId, userId } = c.req.valid('param')
  return c.json(presentUserEntry(await findUserForStaff(c.var.msp.forCustomer(customerId), userId)), 200)
})

customerUserRoutes.openapi(save, async (c) => {
  const customer = c.var.msp.forCustomer(c.req.valid('param').customerId)
  await saveShownDirectory(customer, c.req.valid('json'), expected(c))
  return c.body(null, 204)
})
