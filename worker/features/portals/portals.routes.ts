import { z } from '@hono/zod-openapi'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { readFileBody } from '../../http/body.ts'
import { done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { logoLimits } from './image.ts'
import { logoTooLarge, removeLogo, setLogo } from './logos.ts'
import {
  Colours,
  Logo,
  Portal,
  PortalSettings,
  PortalSignIn,
  Tones,
  presentLogo,
  presentPortal,
  presentTones,
} from './portals.schema.ts'
import { closePortal, findPortal, logoOf, openPortal, portalBefore, savePortal, savePortalSignIn } from './portals.ts'

const params = z.object({ customerId: z.string() })
const path = '/api/msp-portal/customers/{customerId}/portal' as const
const tags = ['Portals']
const picture = {
  required: true as const,
  content: {
    'image/png': { schema: { type: 'string' as const, format: 'binary' } },
    'image/jpeg': { schema: { type: 'string' as const, format: 'binary' } },
  },
}

const read = route(staff('portals.read'), {
  method: 'get',
  path,
  operationId: 'readPortal',
  tags,
  summary: 'A customer’s portal',
  request: { params },
  responses: { 200: ok(Portal) },
})

const alongsidePortal = alongside((msp, { customerId = '' }) => portalBefore(msp, customerId))

const save = route(staff('portals.write'), {
  method: 'put',
  path,
  operationId: 'savePortal',
  tags,
  summary: 'Give a customer its portal, or change it',
  ifMatch: true,
  alongside: alongsidePortal,
  request: { params, body: json(PortalSettings) },
  responses: { 200: ok(Portal), 409: problem('The customer is archived') },
})

const close = route(staff('portals.write'), {
  method: 'put',
  path: `${path}/closure`,
  operationId: 'closePortal',
  tags,
  summary: 'Close a portal: everybody in it is signed out at their next click',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Closed'), 409: problem('There is none to close') },
})

const reopen = route(staff('portals.write'), {
  method: 'delete',
  path: `${path}/closure`,
  operationId: 'openPortal',
  tags,
  summary: 'Open a closed portal again',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Open'), 409: problem('The customer is disabled or archived') },
})

const putSignIn = route(staff('portals.write'), {
  method: 'put',
  path: `${path}/sign-in`,
  operationId: 'savePortalSignIn',
  tags,
  summary: 'Say how people of a portal first sign in',
  description: 'Null is what the MSP chose. With `microsoft_only` passwords are refused from the next sign-in on.',
  ifMatch: true,
  request: { params, body: json(PortalSignIn) },
  responses: { 204: done('Saved') },
})

const putLogo = route(staff('portals.write'), {
  method: 'put',
  path: `${path}/logo`,
  operationId: 'setPortalLogo',
  tags,
  summary: 'Set the logo: PNG or JPEG, at most 502 × 81 px and 256 KB',
  ifMatch: true,
  request: { params, body: picture },
  responses: { 200: ok(Logo) },
})

const deleteLogo = route(staff('portals.write'), {
  method: 'delete',
  path: `${path}/logo`,
  operationId: 'removePortalLogo',
  tags,
  summary: 'Take the logo off',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Removed') },
})

const derive = route(staff('portals.read'), {
  method: 'post',
  path: '/api/msp-portal/tones',
  operationId: 'deriveTones',
  tags,
  summary: 'What two colours become, with the contrast each reaches',
  readsOnly: true,
  request: { body: json(Colours) },
  responses: { 200: ok(Tones) },
})

export const portalRoutes = routes<StaffEnv>()

portalRoutes.openapi(read, async (c) => {
  const { portal, logo } = await findPortal(c.var.msp, c.req.valid('param').customerId)
  return c.json(presentPortal(portal, logo, c.var.environment), 200, etag(portal))
})

portalRoutes.openapi(save, async (c) => {
  const { environment, msp } = c.var
  const { customerId } = c.req.valid('param')
  const portal = await savePortal(environment, msp, customerId, alongsidePortal.in(c), c.req.valid('json'), expected(c))
  return c.json(presentPortal(portal, await logoOf(msp, portal.logoKey), environment), 200, etag(portal))
})

portalRoutes.openapi(close, async (c) => {
  await closePortal(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

portalRoutes.openapi(reopen, async (c) => {
  await openPortal(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

portalRoutes.openapi(putSignIn, async (c) => {
  const customer = c.var.msp.forCustomer(c.req.valid('param').customerId)
  await savePortalSignIn(customer, c.req.valid('json').policy, expected(c))
  return c.body(null, 204)
})

portalRoutes.openapi(putLogo, async (c) => {
  const bytes = await readFileBody(c, logoLimits.bytes, logoTooLarge)
  const { customerId } = c.req.valid('param')
  return c.json(presentLogo(await setLogo(c.var.environment, c.var.msp, customerId, bytes, expected(c))), 200)
})

portalRoutes.openapi(deleteLogo, async (c) => {
  await removeLogo(c.var.msp, c.req.valid('param').customerId, expected(c))
  return c.body(null, 204)
})

portalRoutes.openapi(derive, (c) => c.json(presentTones(c.req.valid('json')), 200))
