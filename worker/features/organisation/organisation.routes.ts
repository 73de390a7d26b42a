import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { readFileBody } from '../../http/body.ts'
import { done, etag, json, ok, route, staff } from '../../http/route.ts'
import { Logo, logoLimits, logoOf, logoTooLarge, presentLogo, removeLogo, setLogo } from '../portals/index.ts'
import {
  Brand,
  BrandInput,
  SignInSettings,
  SignInSettingsInput,
  Organisation,
  OrganisationInput,
  presentBrand,
  presentSignInSettings,
  presentOrganisation,
} from './organisation.schema.ts'
import { ownOrganisation, saveBrand, saveOrganisation, saveSignInSettings } from './organisation.ts'

const tags = ['Settings']
const binary = { schema: { type: 'string' as const, format: 'binary' } }

const readOrganisation = route(staff('settings.read'), {
  method: 'get',
  path: '/api/msp-portal/settings/organisation',
  operationId: 'readOrganisation',
  tags,
  summary: 'Who the MSP is and how to reach it',
  responses: { 200: ok(Organisation) },
})

const putOrganisation = route(staff('settings.write'), {
  method: 'put',
  path: '/api/msp-portal/settings/organisation',
  operationId: 'saveOrganisation',
  tags,
  summary: 'Replace who the MSP is and how to reach it',
  ifMatch: true,
  request: { body: json(OrganisationInput) },
  responses: { 200: ok(Organisation) },
})

const readBrand = route(staff('settings.read'), {
  method: 'get',
  path: '/api/msp-portal/settings/brand',
  operationId: 'readBrand',
  tags,
  summary: 'The brand portals have unless they set their own',
  responses: { 200: ok(Brand) },
})

const putBrand = route(staff('settings.write'), {
  method: 'put',
  path: '/api/msp-portal/settings/brand',
  operationId: 'saveBrand',
  tags,
  summary: 'Replace the default brand',
  ifMatch: true,
  request: { body: json(BrandInput) },
  responses: { 200: ok(Brand) },
})

const putLogo = route(staff('settings.write'), {
  method: 'put',
  path: '/api/msp-portal/settings/brand/logo',
  operationId: 'setDefaultLogo',
  tags,
  summary: 'Set the default logo: PNG or JPEG, at most 502 × 81 px and 256 KB',
  ifMatch: true,
  request: { body: { required: true, content: { 'image/png': binary, 'image/jpeg': binary } } },
  responses: { 200: ok(Logo) },
})

const deleteLogo = route(staff('settings.write'), {
  method: 'delete',
  path: '/api/msp-portal/settings/brand/logo',
  operationId: 'removeDefaultLogo',
  tags,
  summary: 'Take the default logo off',
  ifMatch: true,
  responses: { 204: done('Removed') },
})

const readSignIn = route(staff('settings.read'), {
  method: 'get',
  path: '/api/msp-portal/settings/sign-in',
  operationId: 'readSignInSettings',
  tags,
  summary: 'How people of the portals first sign in',
  responses: { 200: ok(SignInSettings) },
})

const putSignIn = route(staff('settings.write'), {
  method: 'put',
  path: '/api/msp-portal/settings/sign-in',
  operationId: 'saveSignInSettings',
  tags,
  summary: 'Replace how people of the portals first sign in',
  ifMatch: true,
  request: { body: json(SignInSettingsInput) },
  responses: { 200: ok(SignInSettings) },
})

export const organisationRoutes = routes<StaffEnv>()

organisationRoutes.openapi(readOrganisation, async (c) => {
  const row = await ownOrganisation(c.var.msp)
  return c.json(presentOrganisation(row), 200, etag(row))
})

organisationRoutes.openapi(putOrganisation, async (c) => {
  const row = await saveOrganisation(c.var.msp, c.req.valid('json'), expected(c))
  return c.json(presentOrganisation(row), 200, etag(row))
})

organisationRoutes.openapi(readBrand, async (c) => {
  const row = await ownOrganisation(c.var.msp)
  return c.json(presentBrand(row, await logoOf(c.var.msp, row.logoKey)), 200, etag(row))
})

organisationRoutes.openapi(putBrand, async (c) => {
  const row = await saveBrand(c.var.msp, c.req.valid('json'), expected(c))
  return c.json(presentBrand(row, await logoOf(c.var.msp, row.logoKey)), 200, etag(row))
})

organisationRoutes.openapi(putLogo, async (c) => {
  const bytes = await readFileBody(c, logoLimits.bytes, logoTooLarge)
  return c.json(presentLogo(await setLogo(c.var.environment, c.var.msp, null, bytes, expected(c))), 200)
})

organisationRoutes.openapi(deleteLogo, async (c) => {
  await removeLogo(c.var.msp, null, expected(c))
  return c.body(null, 204)
})

organisationRoutes.openapi(readSignIn, async (c) => {
  const row = await ownOrganisation(c.var.msp)
  return c.json(presentSignInSettings(row), 200, etag(row))
})

organisationRoutes.openapi(putSignIn, async (c) => {
  const row = await saveSignInSettings(c.var.msp, c.req.valid('json'), expected(c))
  return c.json(presentSignInSettings(row), 200, etag(row))
})
