import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { contact, ok, route } from '../../http/route.ts'
import { OneTenantQuery } from '../security/index.ts'
import { IssueList, IssueQuery, ServiceHealth } from './service-health.schema.ts'
import { listIssues, readServiceHealth } from './service-health.ts'

const tags = ['Security and health']
const ofPortal = z.object({ id: z.string() })

const read = route(contact('portal.dashboard'), {
  method: 'get',
  path: '/api/portal/customers/{id}/service-health',
  operationId: 'readServiceHealth',
  tags,
  summary: 'How Microsoft’s services do for the company, and what is not over',
  request: { params: ofPortal, query: OneTenantQuery },
  responses: { 200: ok(ServiceHealth) },
})

const issues = route(contact('portal.dashboard'), {
  method: 'get',
  path: '/api/portal/customers/{id}/service-issues',
  operationId: 'listServiceIssues',
  tags,
  summary: 'Incidents and advisories of the last year, the newest first',
  request: { params: ofPortal, query: IssueQuery },
  responses: { 200: ok(IssueList) },
})

export const portalServiceHealthRoutes = routes<PortalEnv>()

portalServiceHealthRoutes.openapi(read, async (c) =>
  c.json(await readServiceHealth(c.var.contact, c.req.valid('query')), 200),
)

portalServiceHealthRoutes.openapi(issues, async (c) =>
  c.json(await listIssues(c.var.contact, c.req.valid('query')), 200),
)
