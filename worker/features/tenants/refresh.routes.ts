import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { ok, problem, problemForNow, route, staff } from '../../http/route.ts'
import { Refresh } from './refresh.schema.ts'
import { askForRefresh, readRefresh, refreshBudgetMs } from './refresh.ts'

const tags = ['Tenants']
const ofCustomer = z.object({ customerId: z.string() })
const path = '/api/msp-portal/customers/{customerId}/refresh' as const

const read = route(staff('tenants.read'), {
  method: 'get',
  path,
  operationId: 'readCustomerRefresh',
  tags,
  summary: 'How it stands with figures of a customer that were asked for anew',
  request: { params: ofCustomer },
  responses: { 200: ok(Refresh) },
})

const ask = route(staff('tenants.write'), {
  method: 'post',
  path,
  operationId: 'askForCustomerRefresh',
  tags,
  summary: 'Have all tenants of a customer read now',
  description: 'Once a minute for each customer, whoever asks.',
  request: { params: ofCustomer },
  responses: {
    202: ok(Refresh, 'Being read'),
    409: problem('Nothing can be read'),
    429: problemForNow('It was asked for less than a minute ago'),
  },
})

export const refreshRoutes = routes<StaffEnv>()

refreshRoutes.openapi(read, async (c) => {
  const customer = c.var.msp.forCustomer(c.req.valid('param').customerId)
  return c.json(await readRefresh(customer, refreshBudgetMs.staff), 200)
})

refreshRoutes.openapi(ask, async (c) => {
  const customer = c.var.msp.forCustomer(c.req.valid('param').customerId)
  const answered = (body: z.infer<typeof Refresh>) => ({ status: 202 as const, body })
  return c.json(await askForRefresh(customer, customer, refreshBudgetMs.staff, answered), 202)
})
