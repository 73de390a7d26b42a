import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { done, json, ok, problem, problemForNow, route, staff, withCookie } from '../../http/route.ts'
import { beginConnection } from './connect.ts'
import { flowCookieOf } from './flow-cookie.ts'
import {
  Connection,
  ConnectionInput,
  DeparturesConfirmation,
  TenantList,
  presentEarlierTenant,
  presentTenant,
} from './tenants.schema.ts'
import { confirmDepartures, listTenants, removeTenant, requestSync } from './tenants.ts'

const tags = ['Tenants']
const ofCustomer = z.object({ customerId: z.string() })
const ofTenant = z.object({ customerId: z.string(), tenantId: z.string() })
const all = '/api/msp-portal/customers/{customerId}/tenants' as const
const one = `${all}/{tenantId}` as const

const index = route(staff('tenants.read'), {
  method: 'get',
  path: all,
  operationId: 'listTenants',
  tags,
  summary: 'The Microsoft 365 tenants of a customer, and how their syncs stand',
  request: { params: ofCustomer },
  responses: { 200: ok(TenantList) },
})

const begin = route(staff('tenants.write'), {
  method: 'post',
  path: all,
  operationId: 'beginConnection',
  tags,
  summary: 'Begin to connect a tenant',
  description:
    'Connects nothing by itself: an administrator of the tenant has to consent and sign in at `url`, in the browser that holds the cookie set here, to the app registration that is in force (see `readMicrosoftSettings`). A tenant of this customer’s that cannot be read any more, or was connected with another app registration, is connected again and keeps what was read of it. 409 when another customer of this MSP holds the tenant.',
  request: { params: ofCustomer, body: json(ConnectionInput) },
  responses: {
    201: withCookie(ok(Connection, 'Go to `url`'), 'Binds the connection to this browser'),
    409: problem('The tenant is connected already, the customer is archived, or the repeated answer held a secret'),
    503: problemForNow('Microsoft could not be asked'),
  },
})

const sync = route(staff('tenants.write'), {
  method: 'post',
  path: `${one}/sync`,
  operationId: 'requestSync',
  tags,
  summary: 'Read a tenant now',
  request: { params: ofTenant },
  responses: { 202: done('It runs in a moment'), 409: problem('The tenant is not connected') },
})

const confirm = route(staff('tenants.write'), {
  method: 'put',
  path: `${one}/departures-confirmation`,
  operationId: 'confirmDepartures',
  tags,
  summary: 'Confirm that the people who are missing from Microsoft’s list have left',
  description:
    'The tenant is read again at once, and whoever is missing then is removed, provided that they are no more than were confirmed.',
  ifMatch: true,
  request: { params: ofTenant, body: json(DeparturesConfirmation) },
  responses: {
    204: done('Confirmed; the tenant is read in a moment'),
    409: problem('Nobody is missing, or as many as were confirmed no longer are'),
  },
})

const remove = route(staff('tenants.write'), {
  method: 'delete',
  path: one,
  operationId: 'removeTenant',
  tags,
  summary: 'Disconnect a tenant from its customer; its history stays',
  ifMatch: true,
  request: { params: ofTenant },
  responses: { 204: done('Removed') },
})

export const tenantRoutes = routes<StaffEnv>()

tenantRoutes.openapi(index, async (c) => {
  const { current, earlier } = await listTenants(c.var.msp, c.req.valid('param').customerId)
  return c.json(
    { items: current.map(presentTenant), earlier: earlier.map(presentEarlierTenant), nextCursor: null },
    200,
  )
})

tenantRoutes.openapi(begin, async (c) => {
  const { environment, msp, house, staff: person } = c.var
  const begun = await beginConnection(
    environment,
    msp,
    { staffId: person.staffId, clientId: house.microsoftClientId },
    c.req.valid('param').customerId,
    c.req.valid('json').tenant,
  )
  return c.json({ url: begun.url, domain: begun.domain }, 201, { 'set-cookie': flowCookieOf(begun.flowSecret) })
})

tenantRoutes.openapi(sync, async (c) => {
  const { customerId, tenantId } = c.req.valid('param')
  await requestSync(c.var.msp, customerId, tenantId)
  return c.body(null, 202)
})

tenantRoutes.openapi(confirm, async (c) => {
  const { customerId, tenantId } = c.req.valid('param')
  await confirmDepartures(c.var.msp, customerId, tenantId, c.req.valid('json').departures.missingCount, expected(c))
  return c.body(null, 204)
})

tenantRoutes.openapi(remove, async (c) => {
  const { customerId, tenantId } = c.req.valid('param')
  await removeTenant(c.var.msp, customerId, tenantId, expected(c))
  return c.body(null, 204)
})
