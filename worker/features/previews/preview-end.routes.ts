import { routes } from '../../http/app.ts'
import type { OpenEnv } from '../../http/app.ts'
import { endedPreviewCookie, previewTokenIn } from '../../http/preview.ts'
import { anyone, done, route, withCookie } from '../../http/route.ts'
import { endPreview } from './previews.ts'

const end = route(anyone(['portal'], 'Whoever looks at a portal as somebody may stop.'), {
  method: 'delete',
  path: '/api/auth/preview',
  operationId: 'endPreview',
  tags: ['Portals'],
  summary: 'Stop viewing the portal as a contact',
  whilePreviewing: true,
  responses: { 204: withCookie(done('Ended'), 'Ends the preview') },
})

export const previewEndRoutes = routes<OpenEnv>()

previewEndRoutes.openapi(end, async (c) => {
  const token = previewTokenIn(c, c.var.environment)
  if (token !== undefined) await endPreview(c.var, token)
  return c.body(null, 204, { 'set-cookie': endedPreviewCookie })
})
