import { z } from '@hono/zod-openapi'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import type { Environment } from '../../env.ts'
import { expected } from '../../http/if-match.ts'
import { added, done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { optionalLine } from '../../http/text.ts'
import { Customer, CustomerCreation, CustomerInput, presentCustomer } from '../customers/index.ts'
import { allOf, createCustomer, enablePortal, replaceCustomer, undoAdminChange } from './portal-admins.ts'
import type { CustomerWithAdmin } from './portal-admins.ts'

const params = z.object({ customerId: z.string() })
const all = '/api/msp-portal/customers' as const
const one = `${all}/{customerId}` as const

export const PortalEnabling = z
  .strictObject({
    portalPrefix: z.string().max(200).describe('The first part of the portal’s address, `<prefix>.<base>`.'),
    portalAdminName: optionalLine(120).describe(
      'What the portal admin is called; made from the customer’s e-mail when left out.',
    ),
  })
  .openapi('PortalEnabling')

const create = route(staff('customers.write'), {
  method: 'post',
  path: all,
  operationId: 'createCustomer',
  tags: ['Customers'],
  summary: 'Add a customer, with its portal if wanted',
  description:
    'With `portalPrefix` its portal opens at once: the customer’s e-mail becomes the portal admin, who is invited by mail.',
  request: { body: json(CustomerCreation) },
  responses: { 201: added(Customer) },
})

const replace = route(staff('customers.write'), {
  method: 'put',
  path: one,
  operationId: 'replaceCustomer',
  tags: ['Customers'],
  summary: 'Replace what is kept of a customer',
  description:
    'Fields left out are emptied. Where there is a portal, another e-mail names another portal admin, who is invited; the one before becomes a regular portal user. Refused at `/email` while the portal is closed.',
  ifMatch: true,
  request: { params, body: json(CustomerInput) },
  responses: { 200: ok(Customer), 409: problem('It has as many contacts as it may') },
})

const alongsidePortal = alongside((msp, { customerId = '' }) => allOf(msp.forCustomer(customerId)))

const enable = route(staff('portals.write'), {
  method: 'post',
  path: `${one}/portal`,
  operationId: 'enablePortal',
  tags: ['Portals'],
  summary: 'Enable the portal of a customer that never had one',
  description: 'It is created, open; the customer’s e-mail, if it has one, names the portal admin, who is invited.',
  alongside: alongsidePortal,
  request: { params, body: json(PortalEnabling) },
  responses: {
    201: { ...ok(Customer, 'Enabled') },
    409: problem('It has a portal, or is disabled or archived, or whoever its e-mail names is blocked'),
  },
})

const undo = route(staff('customers.write'), {
  method: 'delete',
  path: `${one}/portal/admin-change`,
  operationId: 'undoPortalAdminChange',
  tags: ['Portals'],
  summary: 'Take back a change of the portal admin that was not confirmed yet',
  ifMatch: true,
  description: 'The one before is portal admin again, and the customer has their e-mail again.',
  request: { params },
  responses: { 204: done('Taken back'), 409: problem('There is nothing to take back') },
})

const answerOf = (environment: Environment) => (customer: CustomerWithAdmin) => ({
  status: 201 as const,
  body: presentCustomer(customer.row, customer.admin, environment),
  headers: etag(customer.row),
})

export const portalAdminRoutes = routes<StaffEnv>()

portalAdminRoutes.openapi(create, async (c) => {
  const { environment, msp } = c.var
  const answer = (customer: CustomerWithAdmin) => {
    const { headers, ...given } = answerOf(environment)(customer)
    return { ...given, headers: { ...headers, location: `${all}/${customer.row.id}` } }
  }
  const { status, body, headers } = answer(await createCustomer(environment, msp, c.req.valid('json'), answer))
  return c.json(body, status, headers)
})

portalAdminRoutes.openapi(replace, async (c) => {
  const { environment, msp } = c.var
  const { customerId } = c.req.valid('param')
  const { row, admin } = await replaceCustomer(environment, msp, customerId, c.req.valid('json'), expected(c))
  return c.json(presentCustomer(row, admin, environment), 200, etag(row))
})

portalAdminRoutes.openapi(enable, async (c) => {
  const { environment, msp } = c.var
  const answer = answerOf(environment)
  const { customerId } = c.req.valid('param')
  const enabled = await enablePortal(environment, msp, customerId, alongsidePortal.in(c), c.req.valid('json'), answer)
  const { status, body, headers } = answer(enabled)
  return c.json(body, status, headers)
})

portalAdminRoutes.openapi(undo, async (c) => {
  await undoAdminChange(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})
