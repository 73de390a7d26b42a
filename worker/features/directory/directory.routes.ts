import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { contact, ok, route } from '../../http/route.ts'
import {
  DirectoryEntry,
  DirectoryList,
  DirectoryQuery,
  presentAbout,
  presentColleague,
  presentColleagueEntry,
} from './directory.schema.ts'
import { findColleague, listColleagues } from './directory.ts'

const tags = ['Directory']
const all = '/api/portal/customers/{id}/users' as const

const index = route(contact('portal.directory'), {
  method: 'get',
  path: all,
  operationId: 'listDirectory',
  tags,
  summary: 'The people of the company, as far as its portal shows them',
  description:
    'What is not shown is left out of each person, is no filter (422) and is not searched. Where the directory is not shown at all, it is a 404.',
  request: { params: z.object({ id: z.string() }), query: DirectoryQuery },
  responses: { 200: ok(DirectoryList) },
})

const read = route(contact('portal.directory'), {
  method: 'get',
  path: `${all}/{userId}`,
  operationId: 'readDirectoryEntry',
  tags,
  summary: 'One of the company’s people, as far as its portal shows them',
  request: { params: z.object({ id: z.string(), userId: z.string() }) },
  responses: { 200: ok(DirectoryEntry) },
})

export const directoryRoutes = routes<PortalEnv>()

directoryRoutes.openapi(index, async (c) => {
  const query = c.req.valid('query')
  const page = await listColleagues(c.var.contact, c.var.person.directory, query)
  return c.json(
    { ...pageOf(page.rows, query.limit, page.cursorOf, presentColleague(page)), ...presentAbout(page) },
    200,
  )
})

directoryRoutes.openapi(read, async (c) => {
  const { contact: reader, person } = c.var
  return c.json(presentColleagueEntry(await findColleague(reader, person.directory, c.req.valid('param').userId)), 200)
})
