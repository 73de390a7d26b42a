import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { contact, ok, route } from '../../http/route.ts'
import { SharedDocumentList, SharedQuery, presentSharedDocument } from './documents.schema.ts'
import { documentCursor, findDocument, listShared } from './documents.ts'
import { file, shown } from '../../http/file-answers.ts'
import { serveFile } from '../../http/serve-file.ts'

const tags = ['Documents']
const inPortal = '/api/portal/customers/{id}/documents' as const
const ofPortal = z.object({ id: z.string() })
const ofShared = z.object({ id: z.string(), documentId: z.string() })

const indexShared = route(contact('portal.documents'), {
  method: 'get',
  path: inPortal,
  operationId: 'listSharedDocuments',
  tags,
  summary: 'The documents that are shared with this customer',
  request: { params: ofPortal, query: SharedQuery },
  responses: { 200: ok(SharedDocumentList) },
})

const downloadShared = route(contact('portal.documents'), {
  method: 'get',
  path: `${inPortal}/{documentId}/content`,
  operationId: 'downloadSharedDocument',
  tags,
  summary: 'A shared file, to be saved',
  request: { params: ofShared },
  responses: file,
})

const viewShared = route(contact('portal.documents'), {
  method: 'get',
  path: `${inPortal}/{documentId}/view`,
  operationId: 'viewSharedDocument',
  tags,
  summary: 'A shared file, to be shown in a tab of its own: PDF, PNG, JPEG, GIF and WebP only',
  request: { params: ofShared },
  responses: shown,
})

export const sharedDocumentRoutes = routes<PortalEnv>()

sharedDocumentRoutes.openapi(indexShared, async (c) => {
  const query = c.req.valid('query')
  const rows = await listShared(c.var.contact, query)
  return c.json(pageOf(rows, query.limit, documentCursor(query.sort), presentSharedDocument), 200)
})

sharedDocumentRoutes.openapi(downloadShared, async (c) => {
  const row = await findDocument(c.var.contact, c.req.valid('param').documentId)
  return serveFile(c, c.var.environment, row, 'attachment')
})

sharedDocumentRoutes.openapi(viewShared, async (c) => {
  const row = await findDocument(c.var.contact, c.req.valid('param').documentId)
  return serveFile(c, c.var.environment, row, 'inline')
})
