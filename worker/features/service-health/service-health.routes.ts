import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { ok, route, staff } from '../../http/route.ts'
import { OneTenantQuery } from '../security/index.ts'
import { IssueList, IssueQuery, ServiceHealth } from './service-health.schema.ts'
import { listIssues, readServiceHealth } from './service-health.ts'

const tags = ['Security and health']
const ofCustomer = z.object({ customerId: z.string() })

const read = route(staff('tenants.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/service-health',
  operationId: 'readCustomerServiceHealth',
  tags,
  summary: 'How Microsoft’s services do for a customer, and what is not over',
  request: { params: ofCustomer, query: OneTenantQuery },
  responses: { 200: ok(ServiceHealth) },
})

const issues = route(staff('tenants.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/service-issues',
  operationId: 'listCustomerServiceIssues',
  tags,
  summary: 'Incidents and advisories of the last year, the newest first',
  request: { params: ofCustomer, query: IssueQuery },
  responses: { 200: ok(IssueList) },
})

export const serviceHealthRoutes = routes<StaffEnv>()

serviceHealthRoutes.openapi(read, async (c) => {
  const customer = c.var.msp.forCustomer(c.req.valid('param').customerId)
  return c.json(await readServiceHealth(customer, c.req.valid('query')), 200)
})

serviceHealthRoutes.openapi(issues, async (c) =>
  c.json(await listIssues(c.var.msp.forCustomer(c.req.valid('param').customerId), c.req.valid('query')), 200),
)
