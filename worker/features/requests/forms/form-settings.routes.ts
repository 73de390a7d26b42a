import { z } from '@hono/zod-openapi'
import { routes } from '../../../http/app.ts'
import type { StaffEnv } from '../../../http/app.ts'
import { expected } from '../../../http/if-match.ts'
import { etag, json, ok, route, staff } from '../../../http/route.ts'
import {
  RequestFormOverlaySettings,
  RequestFormOverlaysInput,
  RequestFormSettings,
  RequestFormsInput,
  presentForms,
  presentOverlays,
} from './form-settings.schema.ts'
import { formReads, readForms, readOverlays, saveForms, saveOverlays } from './form-settings.ts'

const tags = ['Requests']
const ofCustomer = z.object({ customerId: z.string() })
const all = '/api/msp-portal/request-forms' as const
const theirs = '/api/msp-portal/customers/{customerId}/request-forms' as const

const read = route(staff('settings.read'), {
  method: 'get',
  path: all,
  operationId: 'readRequestForms',
  tags,
  summary: 'How forms are asked of all customers: your own questions, what is left out, help of your own',
  alongside: formReads,
  responses: { 200: ok(RequestFormSettings) },
})

const save = route(staff('settings.write'), {
  method: 'put',
  path: all,
  operationId: 'saveRequestForms',
  tags,
  summary: 'Replace how forms are asked of all customers',
  description: 'It holds at once wherever a customer has nothing otherwise. Requests that were made stay as they are.',
  ifMatch: true,
  alongside: formReads,
  request: { body: json(RequestFormsInput) },
  responses: { 200: ok(RequestFormSettings) },
})

const readTheirs = route(staff('portals.read'), {
  method: 'get',
  path: theirs,
  operationId: 'readCustomerRequestForms',
  tags,
  summary: 'What a customer’s forms have otherwise than those of all customers',
  request: { params: ofCustomer },
  responses: { 200: ok(RequestFormOverlaySettings) },
})

const saveTheirs = route(staff('portals.write'), {
  method: 'put',
  path: theirs,
  operationId: 'saveCustomerRequestForms',
  tags,
  summary: 'Replace what a customer’s forms have otherwise',
  ifMatch: true,
  request: { params: ofCustomer, body: json(RequestFormOverlaysInput) },
  responses: { 200: ok(RequestFormOverlaySettings) },
})

export const formSettingsRoutes = routes<StaffEnv>()

formSettingsRoutes.openapi(read, (c) => {
  const found = readForms(formReads.in(c))
  return c.json(presentForms(found), 200, etag(found))
})

formSettingsRoutes.openapi(save, async (c) => {
  const saved = await saveForms(c.var.msp, formReads.in(c), c.req.valid('json'), expected(c))
  return c.json(presentForms(saved), 200, etag(saved))
})

formSettingsRoutes.openapi(readTheirs, async (c) => {
  const found = await readOverlays(c.var.msp, c.req.valid('param').customerId)
  return c.json(presentOverlays(found), 200, etag(found))
})

formSettingsRoutes.openapi(saveTheirs, async (c) => {
  const { customerId } = c.req.valid('param')
  const saved = await saveOverlays(c.var.msp, customerId, c.req.valid('json'), expected(c))
  return c.json(presentOverlays(saved), 200, etag(saved))
})
