import { z } from '@hono/zod-openapi'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { added, done, etag, json, ok, problem, problemForNow, route, staff } from '../../http/route.ts'
import { canonicalHost } from './canonical-host.ts'
import {
  addHostname,
  findHostname,
  hostnamesOf,
  listHostnames,
  makePrimary,
  removeHostname,
  requestCheck,
  unmakePrimary,
} from './custom-hostnames.ts'
import { Hostname, HostnameInput, HostnameList, presentHostname, presentHostnames } from './custom-hostnames.schema.ts'

const tags = ['Host names']
const ofCustomer = z.object({ customerId: z.string() })
const ofHostname = z.object({ customerId: z.string(), hostnameId: z.string() })
const all = '/api/msp-portal/customers/{customerId}/hostnames' as const
const one = `${all}/{hostnameId}` as const

const index = route(staff('portals.read'), {
  method: 'get',
  path: all,
  operationId: 'listHostnames',
  tags,
  summary: 'A customer’s own host names, and how far each is set up',
  request: { params: ofCustomer },
  responses: { 200: ok(HostnameList) },
})

const alongsideHostnames = alongside((msp, { customerId = '' }) => hostnamesOf(msp.forCustomer(customerId)))

const add = route(staff('portals.write'), {
  method: 'post',
  path: all,
  operationId: 'addHostname',
  tags,
  summary: 'Claim a host name for a customer’s portal',
  description:
    'The portal answers there once both `records` stand in the DNS and a certificate was issued; that is looked after from here on.',
  alongside: alongsideHostnames,
  request: { params: ofCustomer, body: json(HostnameInput) },
  responses: {
    201: added(Hostname),
    409: problem('The customer is archived, has no portal, or has too many host names'),
  },
})

const read = route(staff('portals.read'), {
  method: 'get',
  path: one,
  operationId: 'readHostname',
  tags,
  summary: 'One host name',
  request: { params: ofHostname },
  responses: { 200: ok(Hostname) },
})

const remove = route(staff('portals.write'), {
  method: 'delete',
  path: one,
  operationId: 'removeHostname',
  tags,
  summary: 'Take a host name away: the portal stops answering there in a moment',
  ifMatch: true,
  request: { params: ofHostname },
  responses: { 204: done('Removed') },
})

const check = route(staff('portals.write'), {
  method: 'post',
  path: `${one}/check`,
  operationId: 'checkHostname',
  tags,
  summary: 'Look at a host name now',
  request: { params: ofHostname },
  responses: { 202: done('It runs in a moment'), 429: problemForNow('It was looked at a moment ago') },
})

const primary = route(staff('portals.write'), {
  method: 'put',
  path: `${one}/primary`,
  operationId: 'makeHostnamePrimary',
  tags,
  summary: 'Build mails and links from this host name',
  ifMatch: true,
  request: { params: ofHostname },
  responses: { 204: done('It is the primary one'), 409: problem('The host name is not active') },
})

const notPrimary = route(staff('portals.write'), {
  method: 'delete',
  path: `${one}/primary`,
  operationId: 'makePrefixPrimary',
  tags,
  summary: 'Build mails and links from the prefix address again',
  ifMatch: true,
  request: { params: ofHostname },
  responses: { 204: done('It is not the primary one') },
})

export const hostnameRoutes = routes<StaffEnv>()

hostnameRoutes.openapi(index, async (c) => {
  const found = await listHostnames(c.var.msp, c.req.valid('param').customerId)
  const linkedHost = found.portal === undefined ? null : canonicalHost(found.portal)
  return c.json(presentHostnames(found, linkedHost, c.var.environment), 200)
})

hostnameRoutes.openapi(add, async (c) => {
  const { environment, msp } = c.var
  const { customerId } = c.req.valid('param')
  const headersOf = (id: string) => ({
    location: `/api/msp-portal/customers/${customerId}/hostnames/${id}`,
    ...etag({ version: 1 }),
  })
  const made = await addHostname(
    environment,
    msp,
    customerId,
    alongsideHostnames.in(c),
    c.req.valid('json').hostname,
    (found) => ({
      status: 201,
      body: presentHostname(found, environment),
      headers: headersOf(found.row.id),
    }),
  )
  return c.json(presentHostname(made, environment), 201, headersOf(made.row.id))
})

hostnameRoutes.openapi(read, async (c) => {
  const { customerId, hostnameId } = c.req.valid('param')
  const found = await findHostname(c.var.msp, customerId, hostnameId)
  return c.json(presentHostname(found, c.var.environment), 200, etag(found.row))
})

hostnameRoutes.openapi(remove, async (c) => {
  const { customerId, hostnameId } = c.req.valid('param')
  await removeHostname(c.var.msp, customerId, hostnameId, expected(c))
  return c.body(null, 204)
})

hostnameRoutes.openapi(check, async (c) => {
  const { customerId, hostnameId } = c.req.valid('param')
  await requestCheck(c.var.msp, customerId, hostnameId)
  return c.body(null, 202)
})

hostnameRoutes.openapi(primary, async (c) => {
  const { customerId, hostnameId } = c.req.valid('param')
  await makePrimary(c.var.msp, customerId, hostnameId, expected(c))
  return c.body(null, 204)
})

hostnameRoutes.openapi(notPrimary, async (c) => {
  const { customerId, hostnameId } = c.req.valid('param')
  await unmakePrimary(c.var.msp, customerId, hostnameId, expected(c))
  return c.body(null, 204)
})
