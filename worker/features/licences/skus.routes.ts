import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { etag, json, ok, route, staff } from '../../http/route.ts'
import { KnownSku, KnownSkus, SkuInput } from './licences.schema.ts'
import { listSkus, presentSku, saveSku } from './skus.ts'

const tags = ['Settings']
const all = '/api/msp-portal/settings/licences' as const

const index = route(staff('settings.read'), {
  method: 'get',
  path: all,
  operationId: 'listSkus',
  tags,
  summary: 'Every licence that customers have, with the names and list prices of the MSP',
  responses: { 200: ok(KnownSkus) },
})

const save = route(staff('settings.write'), {
  method: 'put',
  path: `${all}/{skuId}`,
  operationId: 'saveSku',
  tags,
  summary: 'Give a licence a name and a list price of one’s own, or take them away',
  description: 'The price counts in the currency that the MSP has at that moment.',
  ifMatch: true,
  request: { params: z.object({ skuId: z.string() }), body: json(SkuInput) },
  responses: { 200: ok(KnownSku) },
})

export const skuRoutes = routes<StaffEnv>()

skuRoutes.openapi(index, async (c) => {
  const { currency, rows } = await listSkus(c.var.msp)
  return c.json({ currency, items: rows.map(presentSku), nextCursor: null }, 200)
})

skuRoutes.openapi(save, async (c) => {
  const row = await saveSku(c.var.msp, c.req.valid('param').skuId, c.req.valid('json'), expected(c))
  return c.json(presentSku(row), 200, etag(row))
})
