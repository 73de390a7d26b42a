import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { contact, ok, problem, problemForNow, route } from '../../http/route.ts'
import { Refresh } from './refresh.schema.ts'
import { askForRefresh, readRefresh, refreshBudgetMs } from './refresh.ts'

const tags = ['Dashboard']
const ofPortal = z.object({ id: z.string() })
const path = '/api/portal/customers/{id}/refresh' as const

const read = route(contact('portal.refresh'), {
  method: 'get',
  path,
  operationId: 'readRefresh',
  tags,
  summary: 'How it stands with figures that were asked for anew',
  request: { params: ofPortal },
  responses: { 200: ok(Refresh) },
})

const ask = route(contact('portal.refresh'), {
  method: 'post',
  path,
  operationId: 'askForRefresh',
  tags,
  summary: 'Have the company’s Microsoft 365 read now',
  description: 'Once in a quarter of an hour for each company, whoever asks.',
  request: { params: ofPortal },
  responses: {
    202: ok(Refresh, 'Being read'),
    409: problem('Nothing can be read'),
    429: problemForNow('It was asked for less than a quarter of an hour ago'),
  },
})

export const portalRefreshRoutes = routes<PortalEnv>()

portalRefreshRoutes.openapi(read, async (c) => c.json(await readRefresh(c.var.contact, refreshBudgetMs.portal), 200))

portalRefreshRoutes.openapi(ask, async (c) => {
  const { contact: scope } = c.var
  const answered = (body: z.infer<typeof Refresh>) => ({ status: 202 as const, body })
  return c.json(await askForRefresh(scope, scope.ofCustomer, refreshBudgetMs.portal, answered), 202)
})
