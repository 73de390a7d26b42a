import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { SelfEnv } from '../../http/app.ts'
import { done, ok, oneself, route } from '../../http/route.ts'
import { OpenSessionList, presentSession } from './sessions.schema.ts'
import { endOtherSessions, endSession, listSessions } from './sessions.ts'

const tags = ['Sign-in']
const all = '/api/auth/sessions' as const

const index = route(oneself, {
  method: 'get',
  path: all,
  operationId: 'listSessions',
  tags,
  summary: 'Where one is signed in',
  description: 'One’s own open sessions, this one first, then those seen last.',
  responses: { 200: ok(OpenSessionList) },
})

const end = route(oneself, {
  method: 'delete',
  path: `${all}/{sessionId}`,
  operationId: 'endSession',
  tags,
  summary: 'Sign out one of one’s own sessions, at its next click',
  request: { params: z.object({ sessionId: z.string() }) },
  responses: { 204: done('Signed out there') },
})

const endOthers = route(oneself, {
  method: 'delete',
  path: all,
  operationId: 'endOtherSessions',
  tags,
  summary: 'Sign out everywhere but here',
  responses: { 204: done('Signed out everywhere else') },
})

export const sessionRoutes = routes<SelfEnv>()

sessionRoutes.openapi(index, async (c) =>
  c.json({ items: (await listSessions(c.var.self)).map(presentSession), nextCursor: null }, 200),
)

sessionRoutes.openapi(end, async (c) => {
  await endSession(c.var.self, c.req.valid('param').sessionId)
  return c.body(null, 204)
})

sessionRoutes.openapi(endOthers, async (c) => {
  await endOtherSessions(c.var.self)
  return c.body(null, 204)
})
