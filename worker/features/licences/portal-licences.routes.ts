import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { encodeCursor } from '../../http/paging.ts'
import { contact, ok, route } from '../../http/route.ts'
import { HolderList, HolderQuery, LicencesQuery, PortalLicences, Usage } from './licences.schema.ts'
import { listHolders, readLicences, readUsage } from './licences.ts'

const tags = ['Licences']
const ofPortal = z.object({ id: z.string() })
const ofSku = z.object({ id: z.string(), skuId: z.string() })
const all = '/api/portal/customers/{id}/licences' as const

const index = route(contact('portal.licences'), {
  method: 'get',
  path: all,
  operationId: 'readLicences',
  tags,
  summary: 'What the company bought and uses, over all its tenants and in each',
  request: { params: ofPortal, query: LicencesQuery },
  responses: { 200: ok(PortalLicences) },
})

const holders = route(contact('portal.licence_holders'), {
  method: 'get',
  path: `${all}/{skuId}/holders`,
  operationId: 'listSeatHolders',
  tags,
  summary: 'Who of the company holds a seat of a licence: tenant after tenant, in each by name',
  request: { params: ofSku, query: HolderQuery },
  responses: { 200: ok(HolderList) },
})

const usage = route(contact('portal.licences'), {
  method: 'get',
  path: `${all}/{skuId}/usage`,
  operationId: 'readLicenceUsage',
  tags,
  summary: 'Seats bought and assigned on each of the last 365 days',
  request: { params: ofSku },
  responses: { 200: ok(Usage) },
})

export const portalLicenceRoutes = routes<PortalEnv>()

portalLicenceRoutes.openapi(index, async (c) =>
  c.json(await readLicences(c.var.contact, c.var.person, c.req.valid('query')), 200),
)

portalLicenceRoutes.openapi(holders, async (c) => {
  const { contact: reader, person } = c.var
  const { rows, next, notListedCount } = await listHolders(
    reader,
    c.req.valid('param').skuId,
    c.req.valid('query'),
    person.directory,
  )
  return c.json({ items: rows, nextCursor: next && encodeCursor(next), notListedCount }, 200)
})

portalLicenceRoutes.openapi(usage, async (c) => c.json(await readUsage(c.var.contact, c.req.valid('param').skuId), 200))
