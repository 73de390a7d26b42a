import { z } from '@hono/zod-openapi'
import { customerMerges } from '../../../db/shard/schema.ts'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { added, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  Merge,
  MergeInput,
  MergeList,
  MergePreview,
  MergeQuery,
  presentMerge,
  presentPreview,
} from './customer-merges.schema.ts'
import { listMerges, mergeCustomers, sidesOf } from './merge.ts'
import type { MergeRow } from './merge.ts'
import { mergeAndPresent, undoMerge } from './undo.ts'

const tags = ['Customer merges']
const all = '/api/msp-portal/customer-merges' as const
const one = `${all}/{mergeId}` as const
const params = z.object({ mergeId: z.string() })

const preview = route(staff('customers.merge'), {
  method: 'get',
  path: `${all}/preview`,
  operationId: 'previewMerge',
  tags,
  summary: 'What merging two customers would move, and what has to be decided first',
  request: { query: MergeQuery },
  responses: {
    200: ok(MergePreview),
    409: problem('One of them is archived or has too many documents, or an import is at work'),
  },
})

const merge = route(staff('customers.merge'), {
  method: 'post',
  path: all,
  operationId: 'mergeCustomers',
  tags,
  summary: 'Merge one customer into another',
  description: 'Everything of the merged one is the survivor’s from then on. Can be undone for 30 days.',
  request: { body: json(MergeInput) },
  responses: {
    201: added(Merge),
    409: problem(
      'One of them is archived, an import is at work, or they have too many contacts or documents to be one customer',
    ),
  },
})

const read = route(staff('customers.read'), {
  method: 'get',
  path: one,
  operationId: 'readMerge',
  tags,
  summary: 'One merge',
  request: { params },
  responses: { 200: ok(Merge) },
})

const alongsideMerge = alongside((msp, { mergeId = '' }) => mergeAndPresent(msp, mergeId))

const undo = route(staff('customers.merge'), {
  method: 'put',
  path: `${one}/reversal`,
  operationId: 'undoMerge',
  tags,
  summary: 'Undo a merge',
  description:
    'The merged customer is there again, with everything of it that nobody has touched since; `leftBehind` names what stays with the survivor.',
  ifMatch: true,
  alongside: alongsideMerge,
  request: { params },
  responses: {
    200: ok(Merge),
    409: problem('The survivor is archived, or was merged away itself'),
    410: problem('The 30 days are over'),
  },
})

const index = route(staff('customers.read'), {
  method: 'get',
  path: '/api/msp-portal/customers/{customerId}/merges',
  operationId: 'listMerges',
  tags,
  summary: 'What was merged into a customer, newest first',
  request: { params: z.object({ customerId: z.string() }) },
  responses: { 200: ok(MergeList) },
})

export const mergeRoutes = routes<StaffEnv>()

mergeRoutes.openapi(preview, async (c) => {
  const { survivorId, mergedId } = c.req.valid('query')
  const { survivor, merged } = await sidesOf(c.var.msp, survivorId, mergedId)
  return c.json(presentPreview(survivor, merged), 200)
})

mergeRoutes.openapi(merge, async (c) => {
  const answer = (row: MergeRow) => ({
    status: 201 as const,
    body: presentMerge(row),
    headers: { ...etag(row), location: `${all}/${row.id}` },
  })
  const { status, body, headers } = answer(
    await mergeCustomers(c.var.environment, c.var.msp, c.req.valid('json'), answer),
  )
  return c.json(body, status, headers)
})

mergeRoutes.openapi(read, async (c) => {
  const row = await c.var.msp.find(customerMerges, c.req.valid('param').mergeId, 'merge')
  return c.json(presentMerge(row), 200, etag(row))
})

mergeRoutes.openapi(undo, async (c) => {
  const row = await undoMerge(c.var.environment, c.var.msp, alongsideMerge.in(c), expected(c))
  return c.json(presentMerge(row), 200, etag(row))
})

mergeRoutes.openapi(index, async (c) => {
  const rows = await listMerges(c.var.msp, c.req.valid('param').customerId)
  return c.json({ items: rows.map(presentMerge), nextCursor: null }, 200)
})
