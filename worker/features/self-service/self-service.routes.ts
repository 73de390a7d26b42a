import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  CustomerSelfService,
  CustomerSelfServiceInput,
  SelfService,
  SelfServiceInput,
  presentCustomerSelfService,
  presentSelfService,
} from './self-service.schema.ts'
import {
  customerSelfServiceIn,
  customerSelfServiceReads,
  saveCustomerSelfService,
  saveSelfService,
  selfServiceIn,
  selfServiceReads,
} from './self-service.ts'

const tags = ['Self-service']
const path = '/api/msp-portal/self-service' as const
const ofCustomer = '/api/msp-portal/customers/{customerId}/self-service' as const
const params = z.object({ customerId: z.string() })

const read = route(staff('settings.read'), {
  method: 'get',
  path,
  operationId: 'readSelfService',
  tags,
  summary: 'What customers’ people do by themselves, and who approves what they ask for',
  alongside: selfServiceReads,
  responses: { 200: ok(SelfService) },
})

const save = route(staff('settings.write'), {
  method: 'put',
  path,
  operationId: 'saveSelfService',
  tags,
  summary: 'Replace it for all customers that do not have it otherwise',
  description: 'It holds from everybody’s next click on. Requests that were made before go on as they began.',
  ifMatch: true,
  alongside: selfServiceReads,
  request: { body: json(SelfServiceInput) },
  responses: { 200: ok(SelfService) },
})

const readOfCustomer = route(staff('portals.read'), {
  method: 'get',
  path: ofCustomer,
  operationId: 'readCustomerSelfService',
  tags,
  summary: 'What a customer’s people do by themselves: what it has otherwise, the default, and what holds',
  alongside: customerSelfServiceReads,
  request: { params },
  responses: { 200: ok(CustomerSelfService) },
})

const saveOfCustomer = route(staff('settings.write'), {
  method: 'put',
  path: ofCustomer,
  operationId: 'saveCustomerSelfService',
  tags,
  summary: 'Replace what a customer has otherwise',
  description: 'Null is as the MSP’s default, also as that changes. It holds from its people’s next click on.',
  ifMatch: true,
  alongside: customerSelfServiceReads,
  request: { params, body: json(CustomerSelfServiceInput) },
  responses: { 200: ok(CustomerSelfService), 409: problem('The customer is archived') },
})

/** What holds for all customers, which stands among the settings. */
export const selfServiceRoutes = routes<StaffEnv>()
export const customerSelfServiceRoutes = routes<StaffEnv>()

selfServiceRoutes.openapi(read, (c) => {
  const found = selfServiceIn(selfServiceReads.in(c))
  return c.json(presentSelfService(found), 200, etag(found))
})

selfServiceRoutes.openapi(save, async (c) => {
  const saved = await saveSelfService(c.var.msp, selfServiceReads.in(c), c.req.valid('json'), expected(c))
  return c.json(presentSelfService(saved), 200, etag(saved))
})

customerSelfServiceRoutes.openapi(readOfCustomer, (c) => {
  const found = customerSelfServiceIn(customerSelfServiceReads.in(c))
  return c.json(presentCustomerSelfService(found), 200, etag(found))
})

customerSelfServiceRoutes.openapi(saveOfCustomer, async (c) => {
  const { msp } = c.var
  const saved = await saveCustomerSelfService(msp, customerSelfServiceReads.in(c), c.req.valid('json'), expected(c))
  return c.json(presentCustomerSelfService(saved), 200, etag(saved))
})
