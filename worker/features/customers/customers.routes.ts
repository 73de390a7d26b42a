import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { archiveCustomer, restoreCustomer, setArchived } from './archival.ts'
import {
  AlikeList,
  AlikeQuery,
  ArchivalInput,
  ArchivalResults,
  Customer,
  CustomerList,
  CustomerQuery,
  DeletionQuery,
  presentCustomer,
  presentSummary,
} from './customers.schema.ts'
import { customerCursor, listCustomers } from './customer-list.ts'
import { findCustomer } from './customers.ts'
import { deleteCustomer } from './deletion.ts'
import { disableCustomer, enableCustomer } from './life.ts'
import { findAlike } from './duplicates.ts'

const tags = ['Customers']
const params = z.object({ customerId: z.string() })

const index = route(staff('customers.read'), {
  method: 'get',
  path: '/api/msp-portal/customers',
  operationId: 'listCustomers',
  tags,
  summary: 'The customers of this MSP',
  description:
    'With a filter (health, problems or portal) and no search, sorts are name, users, health and createdAt; others are 422.',
  request: { query: CustomerQuery },
  responses: { 200: ok(CustomerList) },
})

const read = route(staff('customers.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}',
  operationId: 'readCustomer',
  tags,
  summary: 'One customer',
  request: { params },
  responses: { 200: ok(Customer) },
})

const remove = route(staff('customers.delete'), {
  method: 'delete',
  path: '/api/msp-portal/customers/{customerId}',
  operationId: 'deleteCustomer',
  tags,
  summary: 'Delete a customer with everything below it',
  ifMatch: true,
  description:
    'Refused while a tenant is associated, saying which, and while a merge into it can be undone, unless `endsMerges` confirms it. Takes contacts, portal, files and the history of disconnected tenants with it; cannot be undone.',
  request: { params, query: DeletionQuery },
  responses: {
    204: done('Deleted'),
    409: problem('A tenant is still associated, or a merge into it can still be undone'),
  },
})

const archival = '/api/msp-portal/customers/{customerId}/archival' as const

const archive = route(staff('customers.write'), {
  method: 'put',
  path: archival,
  operationId: 'archiveCustomer',
  tags,
  summary: 'Put a customer away',
  ifMatch: true,
  description: 'Its portal closes at the next click and syncing stops. Nothing is lost.',
  request: { params },
  responses: { 204: done('Archived') },
})

const restore = route(staff('customers.write'), {
  method: 'delete',
  path: archival,
  operationId: 'restoreCustomer',
  tags,
  summary: 'Bring an archived customer back',
  ifMatch: true,
  description: 'Its portal is as it was, and its tenants are read again.',
  request: { params },
  responses: { 204: done('Restored') },
})

const disablement = '/api/msp-portal/customers/{customerId}/disablement' as const

const disable = route(staff('customers.write'), {
  method: 'put',
  path: disablement,
  operationId: 'disableCustomer',
  tags,
  summary: 'Shut a customer’s people out of its portal',
  ifMatch: true,
  description: 'Everybody in it is signed out at their next click. Everything else goes on: it is still looked after.',
  request: { params },
  responses: { 204: done('Disabled'), 409: problem('The customer is archived') },
})

const enable = route(staff('customers.write'), {
  method: 'delete',
  path: disablement,
  operationId: 'enableCustomer',
  tags,
  summary: 'Enable a disabled customer again',
  ifMatch: true,
  description: 'Its portal is as it was: open if it was open.',
  request: { params },
  responses: { 204: done('Enabled'), 409: problem('The customer is archived') },
})

const archiveMany = route(staff('customers.write'), {
  method: 'post',
  path: '/api/msp-portal/customer-archivals',
  operationId: 'archiveCustomers',
  tags,
  summary: 'Put customers away, or bring them back, in one go',
  request: { body: json(ArchivalInput) },
  responses: { 200: ok(ArchivalResults, 'What became of each') },
})

const alike = route(staff('customers.read'), {
  method: 'get',
  path: '/api/msp-portal/customer-duplicates',
  operationId: 'findCustomersAlike',
  tags,
  summary: 'Customers that may be the same business as one that is being typed',
  description:
    'Of the same name but for case, punctuation and legal form, or with the same domain; archived ones too, at most ten.',
  request: { query: AlikeQuery },
  responses: { 200: ok(AlikeList) },
})

export const customerRoutes = routes<StaffEnv>()

customerRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const { rows, truncated } = await listCustomers(c.var.msp, query)
  const page = pageOf(rows, query.limit, customerCursor(query), (row) => presentSummary(row, c.var.environment))
  return c.json({ ...page, truncated }, 200)
})

customerRoutes.openapi(read, async (c) => {
  const { row, admin } = await findCustomer(c.var.msp, c.req.valid('param').customerId)
  return c.json(presentCustomer(row, admin, c.var.environment), 200, etag(row))
})

customerRoutes.openapi(remove, async (c) => {
  const { endsMerges = false } = c.req.valid('query')
  await deleteCustomer(c.var.msp, c.req.valid('param').customerId, endsMerges, expected(c))
  return c.body(null, 204)
})

customerRoutes.openapi(archive, async (c) => {
  await archiveCustomer(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

customerRoutes.openapi(restore, async (c) => {
  await restoreCustomer(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

customerRoutes.openapi(disable, async (c) => {
  await disableCustomer(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

customerRoutes.openapi(enable, async (c) => {
  await enableCustomer(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

customerRoutes.openapi(archiveMany, async (c) => {
  const { customerIds, archived } = c.req.valid('json')
  const items = await setArchived(c.var.msp, customerIds, archived, (results) => ({ items: results }))
  return c.json({ items }, 200)
})

customerRoutes.openapi(alike, async (c) => c.json({ items: await findAlike(c.var.msp, c.req.valid('query')) }, 200))
