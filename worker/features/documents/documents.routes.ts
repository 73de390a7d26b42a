import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { fileBody } from '../../http/body.ts'
import { pageOf } from '../../http/paging.ts'
import { expected } from '../../http/if-match.ts'
import { added, done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  DeletedQuery,
  Document,
  DocumentInput,
  DocumentList,
  DocumentQuery,
  UploadQuery,
  presentDocument,
} from './documents.schema.ts'
import {
  DOCUMENT_BYTES_MAX,
  addDocument,
  deleteDocument,
  documentCursor,
  documentTooLarge,
  findDocument,
  listDeleted,
  listDocuments,
  replaceDocument,
  restoreDocument,
} from './documents.ts'
import { file, fileAsItIs, shown, uploadKey } from '../../http/file-answers.ts'
import { serveFile } from '../../http/serve-file.ts'

const tags = ['Documents']
const ofCustomer = z.object({ customerId: z.string() })
const ofDocument = z.object({ customerId: z.string(), documentId: z.string() })
const ofUpload = z.object({ customerId: z.string(), uploadKey })
const all = '/api/msp-portal/customers/{customerId}/documents' as const
const one = `${all}/{documentId}` as const

const index = route(staff('documents.read'), {
  method: 'get',
  path: all,
  operationId: 'listDocuments',
  tags,
  summary: 'The documents of a customer',
  request: { params: ofCustomer, query: DocumentQuery },
  responses: { 200: ok(DocumentList) },
})

const bin = route(staff('documents.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/deleted-documents',
  operationId: 'listDeletedDocuments',
  tags,
  summary: 'The documents of a customer that can still be restored',
  request: { params: ofCustomer, query: DeletedQuery },
  responses: { 200: ok(DocumentList) },
})

const upload = route(staff('documents.write'), {
  method: 'put',
  path: `${all}/uploads/{uploadKey}`,
  operationId: 'uploadDocument',
  tags,
  summary: 'Add a document of at most 50 MB',
  description:
    'The body is the file as it is. What it is, is told by its bytes. Repeated under the same key it is answered by what it made, with 200. The customer does not see it until it is shared.',
  request: {
    params: ofUpload,
    query: UploadQuery,
    body: fileAsItIs,
  },
  responses: {
    200: ok(Document, 'It was added before'),
    201: added(Document),
    400: problem('The file did not come as it was announced'),
    409: problem('The upload key was used for another file, or what it added was deleted since'),
    413: problem('The file is too large'),
  },
})

const read = route(staff('documents.read'), {
  method: 'get',
  path: one,
  operationId: 'readDocument',
  tags,
  summary: 'What is known of a document',
  request: { params: ofDocument },
  responses: { 200: ok(Document) },
})

const replace = route(staff('documents.write'), {
  method: 'put',
  path: one,
  operationId: 'replaceDocument',
  tags,
  summary: 'Rename a document, put it in another category, share it with the customer or stop sharing it',
  ifMatch: true,
  request: { params: ofDocument, body: json(DocumentInput) },
  responses: { 200: ok(Document) },
})

const remove = route(staff('documents.write'), {
  method: 'delete',
  path: one,
  operationId: 'deleteDocument',
  tags,
  summary: 'Delete a document; it can be restored for 30 days',
  ifMatch: true,
  request: { params: ofDocument },
  responses: { 204: done('Deleted') },
})

const restore = route(staff('documents.write'), {
  method: 'put',
  path: `${one}/restoration`,
  operationId: 'restoreDocument',
  tags,
  summary: 'Take a deletion back',
  ifMatch: true,
  request: { params: ofDocument },
  responses: { 200: ok(Document) },
})

const download = route(staff('documents.read'), {
  method: 'get',
  path: `${one}/content`,
  operationId: 'downloadDocument',
  tags,
  summary: 'The file, to be saved',
  request: { params: ofDocument },
  responses: file,
})

const view = route(staff('documents.read'), {
  method: 'get',
  path: `${one}/view`,
  operationId: 'viewDocument',
  tags,
  summary: 'The file, to be shown in a tab of its own: PDF, PNG, JPEG, GIF and WebP only',
  request: { params: ofDocument },
  responses: shown,
})

export const documentRoutes = routes<StaffEnv>()

documentRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listDocuments(c.var.msp, c.req.valid('param').customerId, query)
  return c.json(pageOf(rows, query.limit, documentCursor(query.sort), presentDocument), 200)
})

documentRoutes.openapi(bin, async (c) => {
  const query = c.req.valid('query')
  const rows = await listDeleted(c.var.msp, c.req.valid('param').customerId, query)
  return c.json(pageOf(rows, query.limit, documentCursor(query.sort), presentDocument), 200)
})

documentRoutes.openapi(upload, async (c) => {
  const { customerId, uploadKey: key } = c.req.valid('param')
  const body = fileBody(c, DOCUMENT_BYTES_MAX, documentTooLarge)
  const { environment, msp } = c.var
  const { row, isNew } = await addDocument(environment, msp, customerId, key, c.req.valid('query'), body)
  if (!isNew) return c.json(presentDocument(row), 200, etag(row))
  const location = `/api/msp-portal/customers/${customerId}/documents/${row.id}`
  return c.json(presentDocument(row), 201, { ...etag(row), location })
})

documentRoutes.openapi(read, async (c) => {
  const { customerId, documentId } = c.req.valid('param')
  const row = await findDocument(c.var.msp.forCustomer(customerId), documentId)
  return c.json(presentDocument(row), 200, etag(row))
})

documentRoutes.openapi(replace, async (c) => {
  const { customerId, documentId } = c.req.valid('param')
  const row = await replaceDocument(c.var.msp, customerId, documentId, c.req.valid('json'), expected(c))
  return c.json(presentDocument(row), 200, etag(row))
})

documentRoutes.openapi(remove, async (c) => {
  const { customerId, documentId } = c.req.valid('param')
  await deleteDocument(c.var.msp, customerId, documentId, expected(c))
  return c.body(null, 204)
})

documentRoutes.openapi(restore, async (c) => {
  const { customerId, documentId } = c.req.valid('param')
  const row = await restoreDocument(c.var.msp, customerId, documentId, expected(c))
  return c.json(presentDocument(row), 200, etag(row))
})

documentRoutes.openapi(download, async (c) => {
  const { customerId, documentId } = c.req.valid('param')
  const row = await findDocument(c.var.msp.forCustomer(customerId), documentId)
  return serveFile(c, c.var.environment, row, 'attachment')
})

documentRoutes.openapi(view, async (c) => {
  const { customerId, documentId } = c.req.valid('param')
  const row = await findDocument(c.var.msp.forCustomer(customerId), documentId)
  return serveFile(c, c.var.environment, row, 'inline')
})
