import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { pageOf } from '../../http/paging.ts'
import { added, done, etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { Notice, NoticeInput, NoticeList, NoticeQuery, presentNotice, presentNoticeSummary } from './notices.schema.ts'
import { createNotice, deleteNotice, findNotice, listNotices, replaceNotice } from './notices.ts'
import type { NoticeWithRecipients } from './notices.ts'

const tags = ['Notices']
const params = z.object({ noticeId: z.string() })
const all = '/api/msp-portal/notices' as const
const one = `${all}/{noticeId}` as const

const index = route(staff('notices.read'), {
  method: 'get',
  path: all,
  operationId: 'listNotices',
  tags,
  summary: 'What customers are told on the first page of their portals, the last to begin first',
  request: { query: NoticeQuery },
  responses: { 200: ok(NoticeList) },
})

const create = route(staff('notices.write'), {
  method: 'post',
  path: all,
  operationId: 'createNotice',
  tags,
  summary: 'Tell all customers, or some, something from one moment to another',
  request: { body: json(NoticeInput) },
  responses: { 201: added(Notice), 409: problem('Too many are scheduled or shown already') },
})

const read = route(staff('notices.read'), {
  method: 'get',
  path: one,
  operationId: 'readNotice',
  tags,
  summary: 'One notice, and whom it is for',
  request: { params },
  responses: { 200: ok(Notice) },
})

const replace = route(staff('notices.write'), {
  method: 'put',
  path: one,
  operationId: 'replaceNotice',
  tags,
  summary: 'Replace a notice',
  ifMatch: true,
  request: { params, body: json(NoticeInput) },
  responses: { 200: ok(Notice), 409: problem('It was over, and too many are scheduled or shown already') },
})

const remove = route(staff('notices.write'), {
  method: 'delete',
  path: one,
  operationId: 'deleteNotice',
  tags,
  summary: 'Delete a notice, in portals too',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Deleted') },
})

export const noticeRoutes = routes<StaffEnv>()

noticeRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const rows = await listNotices(c.var.msp, query)
  return c.json(
    pageOf(rows, query.limit, ({ startsAt, id }) => ({ sort: query.sort, key: startsAt, id }), presentNoticeSummary),
    200,
  )
})

noticeRoutes.openapi(create, async (c) => {
  const answer = (made: NoticeWithRecipients) => ({
    status: 201 as const,
    body: presentNotice(made),
    headers: { ...etag(made.row), location: `${all}/${made.row.id}` },
  })
  const { status, body, headers } = answer(await createNotice(c.var.msp, c.req.valid('json'), answer))
  return c.json(body, status, headers)
})

noticeRoutes.openapi(read, async (c) => {
  const found = await findNotice(c.var.msp, c.req.valid('param').noticeId)
  return c.json(presentNotice(found), 200, etag(found.row))
})

noticeRoutes.openapi(replace, async (c) => {
  const replaced = await replaceNotice(c.var.msp, c.req.valid('param').noticeId, c.req.valid('json'), expected(c))
  return c.json(presentNotice(replaced), 200, etag(replaced.row))
})

noticeRoutes.openapi(remove, async (c) => {
  await deleteNotice(c.var.msp, c.req.valid('param').noticeId, expected(c))
  return c.body(null, 204)
})
