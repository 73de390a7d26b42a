import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { ok, route, staff } from '../../http/route.ts'
import { OneTenantQuery, Security } from './security.schema.ts'
import { readSecurity } from './security.ts'

const read = route(staff('tenants.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/security',
  operationId: 'readCustomerSecurity',
  tags: ['Security and health'],
  summary: 'The security score of a customer, what would raise it most, and its open alerts',
  request: { params: z.object({ customerId: z.string() }), query: OneTenantQuery },
  responses: { 200: ok(Security) },
})

export const securityRoutes = routes<StaffEnv>()

securityRoutes.openapi(read, async (c) => {
  const customer = c.var.msp.forCustomer(c.req.valid('param').customerId)
  return c.json(await readSecurity(customer, c.req.valid('query')), 200)
})
