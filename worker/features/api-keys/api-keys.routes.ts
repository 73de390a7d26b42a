import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { added, done, json, ok, problem, route, staff } from '../../http/route.ts'
import { ApiKey, ApiKeyInput, ApiKeyList, ApiKeyQuery, NewApiKey, presentApiKey } from './api-keys.schema.ts'
import { createApiKey, findApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'

const tags = ['API keys']
const params = z.object({ keyId: z.string() })
const all = '/api/msp-portal/settings/api-keys' as const
const one = `${all}/{keyId}` as const

const index = route(staff('api_keys.manage'), {
  method: 'get',
  path: all,
  operationId: 'listApiKeys',
  tags,
  summary: 'The API keys of this MSP, newest first, with those that have ended',
  request: { query: ApiKeyQuery },
  responses: { 200: ok(ApiKeyList) },
})

const create = route(staff('api_keys.manage'), {
  method: 'post',
  path: all,
  operationId: 'createApiKey',
  tags,
  summary: 'Make an API key',
  description:
    'The answer holds the key itself, this once. Send it as `Authorization: Bearer`; it never may more than whoever made it may at that moment.',
  request: { body: json(ApiKeyInput) },
  responses: { 201: added(NewApiKey), 409: problem('Carried out before; the answer held the key, so it was not kept') },
})

const read = route(staff('api_keys.manage'), {
  method: 'get',
  path: one,
  operationId: 'readApiKey',
  tags,
  summary: 'One API key',
  request: { params },
  responses: { 200: ok(ApiKey) },
})

const revoke = route(staff('api_keys.manage'), {
  method: 'put',
  path: `${one}/revocation`,
  operationId: 'revokeApiKey',
  tags,
  summary: 'Revoke an API key, at once and for good',
  request: { params },
  responses: { 204: done('Revoked') },
})

export const apiKeyRoutes = routes<StaffEnv>()

apiKeyRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listApiKeys(c.var.msp, query)
  return c.json(
    pageOf(rows, query.limit, (row) => ({ sort: query.sort, key: row.id, id: row.id }), presentApiKey),
    200,
  )
})

apiKeyRoutes.openapi(create, async (c) => {
  const { row, token } = await createApiKey(c.var.msp, c.var.staff, c.req.valid('json'))
  return c.json({ ...presentApiKey(row), token }, 201, { location: `${all}/${row.id}` })
})

apiKeyRoutes.openapi(read, async (c) =>
  c.json(presentApiKey(await findApiKey(c.var.msp, c.req.valid('param').keyId)), 200),
)

apiKeyRoutes.openapi(revoke, async (c) => {
  await revokeApiKey(c.var.msp, c.req.valid('param').keyId)
  return c.body(null, 204)
})
