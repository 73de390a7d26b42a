import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { OpenEnv, StaffEnv } from '../../http/app.ts'
import { endedPreviewCookie, previewCookieOf, previewTokenIn } from '../../http/preview.ts'
import { anyone, done, ok, problem, route, staff, withCookie } from '../../http/route.ts'
import { newNonce, plainPage } from '../../http/shell.ts'
import { beginPreview, endPreview, redeemPreview } from './previews.ts'

const tags = ['Portals']

const PreviewWay = z.object({ url: z.url() }).openapi('PreviewWay')

const begin = route(staff('portals.preview'), {
  method: 'post',
  path: '/api/msp-portal/customers/{customerId}/contacts/{contactId}/preview',
  operationId: 'beginPreview',
  tags,
  summary: 'View the portal as a contact',
  description:
    'Shows the portal for 30 minutes as that contact sees it, also while it is closed; nothing can be changed there. `url` works once, for a minute. It ends with the session it was begun in, and is written down in the activity.',
  onlyPeople: true,
  request: { params: z.object({ customerId: z.string(), contactId: z.string() }) },
  responses: { 201: ok(PreviewWay, 'Go to `url`'), 409: problem('There is nothing to see, and why') },
})

const end = route(anyone(['portal'], 'Whoever looks at a portal as somebody may stop.'), {
  method: 'delete',
  path: '/api/auth/preview',
  operationId: 'endPreview',
  tags,
  summary: 'Stop viewing the portal as a contact',
  whilePreviewing: true,
  responses: { 204: withCookie(done('Ended'), 'Ends the preview') },
})

export const previewRoutes = routes<StaffEnv>()

previewRoutes.openapi(begin, async (c) => {
  const { environment, msp, staff: person, sessionId } = c.var
  if (sessionId === undefined) throw new Error('A key has no session, and is not let in here.')
  const { customerId, contactId } = c.req.valid('param')
  const viewer = { staffId: person.staffId, sessionId }
  return c.json(await beginPreview(environment, msp, viewer, customerId, contactId), 201)
})

export const previewDoor = routes<OpenEnv>()

previewDoor.openapi(end, async (c) => {
  const token = previewTokenIn(c, c.var.environment)
  if (token !== undefined) await endPreview(c.var, token)
  return c.body(null, 204, { 'set-cookie': endedPreviewCookie })
})

/** A code is used up by looking, and a HEAD may come from anybody who checks a link. */
previewDoor.get('/preview', async (c, next) => {
  const { place } = c.var
  if (place.kind !== 'portal') return next()
  if (c.req.method === 'HEAD') return new Response(null, { status: 405, headers: { allow: 'GET' } })
  const token = await redeemPreview(c.var, place, c.req.query('code') ?? '')
  if (token === undefined)
    return plainPage(
      'This link is no longer valid',
      'It works once, for a minute. Choose again whom to view the portal as.',
      410,
      newNonce(),
    )
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': previewCookieOf(token) } })
})
