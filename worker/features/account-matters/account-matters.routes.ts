import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { ok, route, staff } from '../../http/route.ts'
import { MatterList, MatterQuery, Matters } from './account-matters.schema.ts'
import { listMatters, readMatters } from './account-matters.ts'

const tags = ['Licences']
const path = '/api/msp-portal/account-matters' as const

const index = route(staff('tenants.read'), {
  method: 'get',
  path,
  operationId: 'readAccountMatters',
  tags,
  summary: 'What to look at across customers: the first of what renews, is over-used, idle, or cannot be read',
  responses: { 200: ok(Matters) },
})

const all = route(staff('tenants.read'), {
  method: 'get',
  path: `${path}/all`,
  operationId: 'listAccountMatters',
  tags,
  summary: 'All of one kind of what to look at across customers',
  request: { query: MatterQuery },
  responses: { 200: ok(MatterList) },
})

export const accountMatterRoutes = routes<StaffEnv>()

accountMatterRoutes.openapi(index, async (c) => c.json(await readMatters(c.var.msp), 200))

accountMatterRoutes.openapi(all, async (c) => c.json(await listMatters(c.var.msp, c.req.valid('query')), 200))
