import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { ok, problem, route, staff } from '../../http/route.ts'
import { beginPreview } from './previews.ts'

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

export const previewRoutes = routes<StaffEnv>()

previewRoutes.openapi(begin, async (c) => {
  const { environment, msp, staff: person, sessionId } = c.var
  if (sessionId === undefined) throw new Error('A key has no session, and is not let in here.')
  const { customerId, contactId } = c.req.valid('param')
  const viewer = { staffId: person.staffId, sessionId }
  return c.json(await beginPreview(environment, msp, viewer, customerId, contactId), 201)
})
