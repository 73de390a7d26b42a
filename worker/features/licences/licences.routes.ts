import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { encodeCursor } from '../../http/paging.ts'
import { etag, json, ok, route, staff } from '../../http/route.ts'
import { wholeDirectory } from '../../tenancy/shown-directory.ts'
import {
  CustomerLicences,
  HolderList,
  HolderQuery,
  LicencesQuery,
  LicenceTerms,
  LicenceTermsInput,
  Usage,
} from './licences.schema.ts'
import { listHolders, readLicencesOf, readUsage } from './licences.ts'
import { presentTerms, readTerms, saveTerms } from './terms.ts'

const tags = ['Licences']
const ofCustomer = z.object({ customerId: z.string() })
const ofSku = z.object({ customerId: z.string(), skuId: z.string() })
const all = '/api/msp-portal/customers/{customerId}/licences' as const
const terms = '/api/msp-portal/customers/{customerId}/licence-terms' as const

const index = route(staff('tenants.read'), {
  method: 'get',
  path: all,
  operationId: 'readCustomerLicences',
  tags,
  summary: 'What a customer bought and uses, over all its tenants and in each',
  request: { params: ofCustomer, query: LicencesQuery },
  responses: { 200: ok(CustomerLicences) },
})

const holders = route(staff('tenants.read'), {
  method: 'get',
  path: `${all}/{skuId}/holders`,
  operationId: 'listCustomerSeatHolders',
  tags,
  summary: 'Who holds a seat of a licence: tenant after tenant, in each by name',
  request: { params: ofSku, query: HolderQuery },
  responses: { 200: ok(HolderList) },
})

const usage = route(staff('tenants.read'), {
  method: 'get',
  path: `${all}/{skuId}/usage`,
  operationId: 'readCustomerLicenceUsage',
  tags,
  summary: 'Seats bought and assigned on each of the last 365 days',
  request: { params: ofSku },
  responses: { 200: ok(Usage) },
})

const readIts = route(staff('tenants.read'), {
  method: 'get',
  path: terms,
  operationId: 'readLicenceTerms',
  tags,
  summary: 'What a customer’s people see of its licences, and its own prices',
  request: { params: ofCustomer },
  responses: { 200: ok(LicenceTerms) },
})

const saveIts = route(staff('settings.write'), {
  method: 'put',
  path: terms,
  operationId: 'saveLicenceTerms',
  tags,
  summary: 'Replace what a customer’s people see of its licences, and its own prices',
  ifMatch: true,
  request: { params: ofCustomer, body: json(LicenceTermsInput) },
  responses: { 200: ok(LicenceTerms) },
})

export const licenceRoutes = routes<StaffEnv>()

licenceRoutes.openapi(index, async (c) =>
  c.json(await readLicencesOf(c.var.msp, c.req.valid('param').customerId, c.req.valid('query')), 200),
)

licenceRoutes.openapi(holders, async (c) => {
  const { customerId, skuId } = c.req.valid('param')
  const customer = c.var.msp.forCustomer(customerId)
  const { rows, next, notListedCount } = await listHolders(customer, skuId, c.req.valid('query'), wholeDirectory)
  return c.json({ items: rows, nextCursor: next && encodeCursor(next), notListedCount }, 200)
})

licenceRoutes.openapi(usage, async (c) => {
  const { customerId, skuId } = c.req.valid('param')
  return c.json(await readUsage(c.var.msp.forCustomer(customerId), skuId), 200)
})

licenceRoutes.openapi(readIts, async (c) => {
  const shown = await readTerms(c.var.msp, c.req.valid('param').customerId)
  return c.json(presentTerms(shown), 200, etag(shown.terms))
})

licenceRoutes.openapi(saveIts, async (c) => {
  const { customerId } = c.req.valid('param')
  const shown = await saveTerms(c.var.msp, customerId, c.req.valid('json'), expected(c))
  return c.json(presentTerms(shown), 200, etag(shown.terms))
})
