import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  MicrosoftAppInput,
  MicrosoftSecretInput,
  MicrosoftSettings,
  MicrosoftTrial,
  SavedMicrosoftApp,
  presentMicrosoftApp,
  presentMicrosoftSettings,
  presentMicrosoftTrial,
} from './microsoft.schema.ts'
import {
  dropFormerMicrosoftApp,
  dropMicrosoftApp,
  microsoftSettingsOf,
  renewFormerMicrosoftSecret,
  saveMicrosoftApp,
  tryFormerMicrosoftApp,
  tryMicrosoftApp,
} from './microsoft.ts'

const tags = ['Settings']
const path = '/api/msp-portal/settings/microsoft' as const

const read = route(staff('settings.read'), {
  method: 'get',
  path,
  operationId: 'readMicrosoftSettings',
  tags,
  summary: 'The app registration that customers consent and sign in to at Microsoft',
  responses: { 200: ok(MicrosoftSettings) },
})

const save = route(staff('settings.write'), {
  method: 'put',
  path,
  operationId: 'saveMicrosoftApp',
  tags,
  summary: 'Put an app registration of the MSP’s own in force',
  description:
    'Microsoft’s pages show its name from then on. The secret is kept sealed and never shown; left out, the one that is kept for this application stays. Tenants go on being read with what they were connected with, so a former app is kept while there are any. What somebody has begun at Microsoft with another app ends with words, and is begun again.',
  ifMatch: true,
  request: { body: json(MicrosoftAppInput) },
  responses: { 200: ok(SavedMicrosoftApp) },
})

const drop = route(staff('settings.write'), {
  method: 'delete',
  path,
  operationId: 'dropMicrosoftApp',
  tags,
  summary: 'Take the app registration in force away, with its secret',
  description:
    'The deployment’s neutral app is in force again. Tenants that were connected with the one that goes become `app_removed`: what was read of them stays, and they are to be connected again. Saved anew, the same application brings them back.',
  ifMatch: true,
  responses: { 204: done('Taken away') },
})

const former = `${path}/former-apps/{appId}` as const
const params = z.object({ appId: z.string() })

const dropFormer = route(staff('settings.write'), {
  method: 'delete',
  path: former,
  operationId: 'dropFormerMicrosoftApp',
  tags,
  summary: 'Take away an app registration that is in force no more, with its secret',
  description: 'Tenants that were connected with it become `app_removed`, and are to be connected again.',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Taken away') },
})

const test = route(staff('settings.write'), {
  method: 'post',
  path: `${path}/test`,
  operationId: 'tryMicrosoftApp',
  tags,
  summary: 'Ask Entra whether it takes the app registration in force, and read what it said',
  readsOnly: true,
  responses: { 200: ok(MicrosoftTrial), 409: problem('The MSP has no app registration of its own') },
})

const renewFormer = route(staff('settings.write'), {
  method: 'put',
  path: `${former}/secret`,
  operationId: 'renewFormerMicrosoftSecret',
  tags,
  summary: 'Give an app registration that is in force no more another secret',
  description:
    'For as long as tenants are still read with it. The secret is kept sealed and never shown; reads that waited for it go on at once.',
  ifMatch: true,
  request: { params, body: json(MicrosoftSecretInput) },
  responses: { 200: ok(SavedMicrosoftApp) },
})

const tryFormer = route(staff('settings.write'), {
  method: 'post',
  path: `${former}/test`,
  operationId: 'tryFormerMicrosoftApp',
  tags,
  summary: 'Ask Entra whether it takes an app registration that is in force no more, and read what it said',
  readsOnly: true,
  request: { params },
  responses: { 200: ok(MicrosoftTrial) },
})

export const microsoftSettingsRoutes = routes<StaffEnv>()

microsoftSettingsRoutes.openapi(read, async (c) => {
  const { environment, house, msp } = c.var
  const rows = await microsoftSettingsOf(msp)
  return c.json(presentMicrosoftSettings(rows, environment, house.timeZone), 200, versionOf(rows))
})

microsoftSettingsRoutes.openapi(save, async (c) => {
  const { environment, house, msp } = c.var
  const row = await saveMicrosoftApp(environment, msp, c.req.valid('json'), expected(c))
  return c.json(presentMicrosoftApp(row, house.timeZone), 200, etag(row))
})

microsoftSettingsRoutes.openapi(drop, async (c) => {
  await dropMicrosoftApp(c.var.msp, expected(c))
  return c.body(null, 204)
})

microsoftSettingsRoutes.openapi(dropFormer, async (c) => {
  await dropFormerMicrosoftApp(c.var.msp, c.req.valid('param').appId, expected(c))
  return c.body(null, 204)
})

microsoftSettingsRoutes.openapi(test, async (c) => {
  const { environment, msp } = c.var
  return c.json(presentMicrosoftTrial(await tryMicrosoftApp(environment, msp)), 200)
})

microsoftSettingsRoutes.openapi(renewFormer, async (c) => {
  const { environment, house, msp } = c.var
  const { appId } = c.req.valid('param')
  const row = await renewFormerMicrosoftSecret(environment, msp, appId, c.req.valid('json'), expected(c))
  return c.json(presentMicrosoftApp(row, house.timeZone), 200, etag(row))
})

microsoftSettingsRoutes.openapi(tryFormer, async (c) => {
  const { environment, msp } = c.var
  return c.json(presentMicrosoftTrial(await tryFormerMicrosoftApp(environment, msp, c.req.valid('param').appId)), 200)
})

/** The version is that of the app in force; without one there is nothing that If-Match could name. */
const versionOf = ({ inForce }: { inForce: { version: number } | undefined }): Record<string, string> =>
  inForce === undefined ? {} : etag(inForce)
