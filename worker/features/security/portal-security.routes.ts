import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { contact, ok, route } from '../../http/route.ts'
import { OneTenantQuery, Security } from './security.schema.ts'
import { readSecurity } from './security.ts'

const read = route(contact('portal.security'), {
  method: 'get',
  path: '/api/portal/customers/{id}/security',
  operationId: 'readSecurity',
  tags: ['Security and health'],
  summary: 'The company’s security score, what would raise it most, and its open alerts',
  request: { params: z.object({ id: z.string() }), query: OneTenantQuery },
  responses: { 200: ok(Security) },
})

export const portalSecurityRoutes = routes<PortalEnv>()

portalSecurityRoutes.openapi(read, async (c) => c.json(await readSecurity(c.var.contact, c.req.valid('query')), 200))
