import { z } from '@hono/zod-openapi'
import { accessGrants } from '../../../db/shard/schema.ts'
import { inFigures } from '../../figures.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { json, ok, route, staff } from '../../http/route.ts'
import {
  AccessCandidateList,
  AccessCandidateQuery,
  AccessGrant,
  AccessGrantInput,
  AccessGrantList,
  ContactOfAllList,
  ContactOfAllQuery,
  GRANT_COUNT_MAX,
  presentContactOfAll,
  presentGrant,
} from './access-grants.schema.ts'
import { listGrants, startGrant } from './access-grants.ts'
import type { GrantRow } from './access-grants.ts'
import { contactCursor, listCandidates, listContactsOfAll } from './contact-list.ts'

const tags = ['Contacts']
const all = '/api/msp-portal/access-grants' as const

const contactList = route(staff('contacts.read'), {
  method: 'get',
  path: '/api/msp-portal/contacts',
  operationId: 'listContactsOfAll',
  tags,
  summary: 'The contacts of all customers, by name',
  request: { query: ContactOfAllQuery },
  responses: { 200: ok(ContactOfAllList) },
})

const candidates = route(staff('contacts.read'), {
  method: 'get',
  path: '/api/msp-portal/access-candidates',
  operationId: 'listAccessCandidates',
  tags,
  summary: 'All contacts that a search finds, for review before access is given to them',
  description: `At most ${inFigures(GRANT_COUNT_MAX)}, as many as one grant takes; without a search, the first of all by name.`,
  request: { query: AccessCandidateQuery },
  responses: { 200: ok(AccessCandidateList) },
})

const start = route(staff('contacts.write'), {
  method: 'post',
  path: all,
  operationId: 'grantAccess',
  tags,
  summary: 'Give many contacts access to their portals, as portal users',
  description:
    'Goes on by itself: read how far it is. Each is decided when it is their turn; whoever cannot get access is skipped, and counted by the reason.',
  request: { body: json(AccessGrantInput) },
  responses: { 202: ok(AccessGrant, 'Begun') },
})

const index = route(staff('contacts.read'), {
  method: 'get',
  path: all,
  operationId: 'listAccessGrants',
  tags,
  summary: 'The newest of them, with how far each is',
  responses: { 200: ok(AccessGrantList) },
})

const read = route(staff('contacts.read'), {
  method: 'get',
  path: `${all}/{grantId}`,
  operationId: 'readAccessGrant',
  tags,
  summary: 'How far giving access is',
  request: { params: z.object({ grantId: z.string() }) },
  responses: { 200: ok(AccessGrant) },
})

export const accessGrantRoutes = routes<StaffEnv>()

accessGrantRoutes.openapi(contactList, async (c) => {
  const query = c.req.valid('query')
  const { rows, truncated } = await listContactsOfAll(c.var.msp, query)
  return c.json({ ...pageOf(rows, query.limit, contactCursor(query), presentContactOfAll), truncated }, 200)
})

accessGrantRoutes.openapi(candidates, async (c) => {
  const { rows, truncated } = await listCandidates(c.var.msp, c.req.valid('query').q)
  return c.json({ items: rows.map(presentContactOfAll), truncated }, 200)
})

accessGrantRoutes.openapi(start, async (c) => {
  const answer = (row: GrantRow) => ({ status: 202 as const, body: presentGrant(row) })
  const { status, body } = answer(await startGrant(c.var.msp, c.req.valid('json').contactIds, answer))
  return c.json(body, status)
})

accessGrantRoutes.openapi(index, async (c) => {
  const rows = await listGrants(c.var.msp)
  return c.json({ items: rows.map(presentGrant), nextCursor: null }, 200)
})

accessGrantRoutes.openapi(read, async (c) =>
  c.json(presentGrant(await c.var.msp.find(accessGrants, c.req.valid('param').grantId, 'grant')), 200),
)
