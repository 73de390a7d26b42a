import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { fileBody } from '../../http/body.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { added, done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  ColumnChoice,
  CustomerImport,
  CustomerImportList,
  CustomerImportRow,
  CustomerImportRowList,
  ImportQuery,
  NewImport,
  presentImport,
  presentRow,
  RowInput,
  RowQuery,
} from './imports.schema.ts'
import type { ImportRow } from './imports.schema.ts'
import {
  badRowsFile,
  beginRecheck,
  beginRun,
  beginUndo,
  chooseColumns,
  createImport,
  discardImport,
  FILE_BYTES_MAX,
  fileTooLarge,
  findImport,
  IMPORT_SORT,
  listImports,
  listRows,
  receiveFile,
  replaceRow,
  ROW_SORT,
  sampleFile,
} from './imports.ts'

const tags = ['Customer imports']
const params = z.object({ importId: z.string() })
const path = '/api/msp-portal/customer-imports' as const
const one = `${path}/{importId}` as const
const binary = { schema: { type: 'string' as const, format: 'binary' } }
const csv = (description: string) => ({
  description,
  headers: {
    'Content-Disposition': {
      description: 'What the file is called',
      schema: { type: 'string' as const },
      required: true,
    },
  },
  content: { 'text/csv': { schema: { type: 'string' as const } } },
})
const clash = (description: string) => ({ 409: problem(description) })

const index = route(staff('customers.import'), {
  method: 'get',
  path,
  operationId: 'listCustomerImports',
  tags,
  summary: 'Imports of the last 30 days, newest first',
  request: { query: ImportQuery },
  responses: { 200: ok(CustomerImportList) },
})

const sample = route(staff('customers.import'), {
  method: 'get',
  path: `${path}/sample`,
  operationId: 'readSampleImport',
  tags,
  summary: 'A CSV file to fill in',
  responses: { 200: csv('The file') },
})

const create = route(staff('customers.import'), {
  method: 'post',
  path,
  operationId: 'createCustomerImport',
  tags,
  summary: 'Begin an import; its file comes next',
  description:
    'Then: PUT the file, PUT its columns, read until it is `checked`, look at its rows, POST its run, read until it is `done`.',
  request: { body: json(NewImport) },
  responses: { 201: added(CustomerImport) },
})

const read = route(staff('customers.import'), {
  method: 'get',
  path: one,
  operationId: 'readCustomerImport',
  tags,
  summary: 'One import: its state, columns, counts and progress',
  request: { params },
  responses: { 200: ok(CustomerImport) },
})

const upload = route(staff('customers.import'), {
  method: 'put',
  path: `${one}/file`,
  operationId: 'uploadCustomerImport',
  tags,
  summary: 'Upload the CSV file, at most 10 MB',
  description:
    'Separated by comma, semicolon, tab or vertical bar; in UTF-8, UTF-16 or Windows-1252. What it is, is told from its bytes.',
  request: {
    params,
    body: { required: true, content: { 'text/csv': binary, 'application/octet-stream': binary } },
  },
  responses: { 200: ok(CustomerImport), 413: problem('Larger than 10 MB'), ...clash('It has its file already') },
})

const columns = route(staff('customers.import'), {
  method: 'put',
  path: `${one}/columns`,
  operationId: 'chooseCustomerImportColumns',
  tags,
  summary: 'Say what each column is taken into; every row is then read from the file and checked anew',
  request: { params, body: json(ColumnChoice) },
  responses: { 202: ok(CustomerImport, 'Its rows are being checked'), ...clash('It has no file, or has been run') },
})

const rows = route(staff('customers.import'), {
  method: 'get',
  path: `${one}/rows`,
  operationId: 'listCustomerImportRows',
  tags,
  summary: 'The rows in the order of the file, and what is to become of each',
  request: { params, query: RowQuery },
  responses: { 200: ok(CustomerImportRowList) },
})

const putRow = route(staff('customers.import'), {
  method: 'put',
  path: `${one}/rows/{rowId}`,
  operationId: 'replaceCustomerImportRow',
  tags,
  summary: 'Put one row right, or leave it out; it is checked again at once',
  description: 'Fields left out are emptied, and an empty one leaves the customer’s value as it is.',
  ifMatch: true,
  request: { params: params.extend({ rowId: z.string() }), body: json(RowInput) },
  responses: { 200: ok(CustomerImportRow), ...clash('It is not checked, or has been run') },
})

const badRows = route(staff('customers.import'), {
  method: 'get',
  path: `${one}/bad-rows`,
  operationId: 'readBadCustomerImportRows',
  tags,
  summary: 'The rows that cannot be imported, with why, as a CSV file',
  request: { params },
  responses: { 200: csv('The file') },
})

const recheck = route(staff('customers.import'), {
  method: 'post',
  path: `${one}/recheck`,
  operationId: 'recheckCustomerImport',
  tags,
  summary: 'Check the rows again as they are now',
  description:
    'What was put right or left out by hand stays, which choosing the columns anew does not: that reads the file.',
  request: { params },
  responses: { 202: ok(CustomerImport, 'Its rows are being checked'), ...clash('It is not checked, or has been run') },
})

const run = route(staff('customers.import'), {
  method: 'post',
  path: `${one}/run`,
  operationId: 'runCustomerImport',
  tags,
  summary: 'Add and change the customers as checked',
  request: { params },
  responses: {
    202: ok(CustomerImport, 'It runs'),
    ...clash('It is not checked, has been run, or another one is at work'),
  },
})

const undo = route(staff('customers.import'), {
  method: 'put',
  path: `${one}/reversal`,
  operationId: 'undoCustomerImport',
  tags,
  summary: 'Undo an import, within 7 days',
  description:
    'Asked again, it goes on as it is. Customers it added are removed and those it changed get their old values, if nothing has changed about them since. The others are left, and listed as rows with `undoing=left`.',
  request: { params },
  responses: {
    202: ok(CustomerImport, 'It is being undone'),
    410: problem('It ran more than 7 days ago'),
    ...clash('It has not been run, or another one is at work'),
  },
})

const discard = route(staff('customers.import'), {
  method: 'delete',
  path: one,
  operationId: 'discardCustomerImport',
  tags,
  summary: 'Discard an import that was not run',
  request: { params },
  responses: { 204: done('Discarded'), ...clash('It has been run') },
})

export const customerImportRoutes = routes<StaffEnv>()

customerImportRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const found = await listImports(c.var.msp, query)
  return c.json(
    pageOf(found, query.limit, (row) => ({ sort: IMPORT_SORT, key: row.id, id: row.id }), presentImport),
    200,
  )
})

customerImportRoutes.openapi(sample, () => sampleFile())

customerImportRoutes.openapi(create, async (c) => {
  const answer = (row: ImportRow) => ({
    status: 201 as const,
    body: presentImport(row),
    headers: { location: `${path}/${row.id}` },
  })
  const { status, body, headers } = answer(await createImport(c.var.msp, c.req.valid('json'), answer))
  return c.json(body, status, headers)
})

customerImportRoutes.openapi(read, async (c) => {
  const row = await findImport(c.var.msp, c.req.valid('param').importId)
  return c.json(presentImport(row), 200)
})

customerImportRoutes.openapi(upload, async (c) => {
  const file = fileBody(c, FILE_BYTES_MAX, fileTooLarge)
  const row = await receiveFile(c.var.environment, c.var.msp, c.req.valid('param').importId, file)
  return c.json(presentImport(row), 200)
})

customerImportRoutes.openapi(columns, async (c) => {
  const row = await chooseColumns(c.var.msp, c.req.valid('param').importId, c.req.valid('json'))
  return c.json(presentImport(row), 202)
})

customerImportRoutes.openapi(rows, async (c) => {
  const query = c.req.valid('query')
  const found = await listRows(c.var.msp, c.req.valid('param').importId, query)
  return c.json(
    pageOf(found, query.limit, (row) => ({ sort: ROW_SORT, key: row.id, id: row.id }), presentRow),
    200,
  )
})

customerImportRoutes.openapi(putRow, async (c) => {
  const { importId, rowId } = c.req.valid('param')
  const row = await replaceRow(c.var.msp, importId, rowId, c.req.valid('json'), expected(c))
  return c.json(presentRow(row), 200, etag(row))
})

customerImportRoutes.openapi(badRows, (c) => badRowsFile(c.var.msp, c.req.valid('param').importId))

customerImportRoutes.openapi(recheck, async (c) => {
  const row = await beginRecheck(c.var.msp, c.req.valid('param').importId, presentImport)
  return c.json(presentImport(row), 202)
})

customerImportRoutes.openapi(run, async (c) => {
  const row = await beginRun(c.var.msp, c.req.valid('param').importId, presentImport)
  return c.json(presentImport(row), 202)
})

customerImportRoutes.openapi(undo, async (c) => {
  const row = await beginUndo(c.var.msp, c.req.valid('param').importId, presentImport)
  return c.json(presentImport(row), 202)
})

customerImportRoutes.openapi(discard, async (c) => {
  await discardImport(c.var.msp, c.req.valid('param').importId)
  return c.body(null, 204)
})
