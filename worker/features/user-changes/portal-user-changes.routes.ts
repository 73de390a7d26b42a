import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { contact, ok, route } from '../../http/route.ts'
import { namedTo } from './nameable.ts'
import { ChangeQuery, UserChangeList, presentAbout, presentChange } from './user-changes.schema.ts'
import { listChanges } from './user-changes.ts'

const index = route(contact('portal.dashboard'), {
  method: 'get',
  path: '/api/portal/customers/{id}/changes',
  operationId: 'listUserChanges',
  tags: ['Directory'],
  summary: 'What happened to the company’s people: joined, left, blocked, licences given and taken',
  description:
    'Names somebody as far as the portal shows its directory; where it shows none, what happened comes without names. Licences are told of to whoever may see who holds them.',
  request: { params: z.object({ id: z.string() }), query: ChangeQuery },
  responses: { 200: ok(UserChangeList) },
})

export const portalUserChangeRoutes = routes<PortalEnv>()

portalUserChangeRoutes.openapi(index, async (c) => {
  const { contact: reader, person } = c.var
  const query = c.req.valid('query')
  const page = await listChanges(reader, query)
  const items = pageOf(page.rows, query.limit, page.cursorOf, presentChange(namedTo(person), page))
  return c.json({ ...items, ...presentAbout(page) }, 200)
})
