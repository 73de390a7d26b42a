import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { contact, ok, route } from '../../http/route.ts'
import { Dashboard } from './dashboard.schema.ts'
import { readDashboard } from './dashboard.ts'

const read = route(contact('portal.dashboard'), {
  method: 'get',
  path: '/api/portal/customers/{id}/dashboard',
  operationId: 'readDashboard',
  tags: ['Portal'],
  summary: 'What a contact sees of their company first',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: ok(Dashboard) },
})

export const dashboardRoutes = routes<PortalEnv>()

dashboardRoutes.openapi(read, async (c) => c.json(await readDashboard(c.var.contact, c.var.person), 200))
