import { Hono } from 'hono'
import { pageRoutes } from '../features/pages/pages.routes.ts'
import { apiDescription } from '../http/description.ts'
import { docsPage } from '../http/docs.ts'
import { methodsAt, otherMethod } from '../http/methods.ts'
import type { Known } from '../http/methods.ts'
import { missing } from '../http/problem.ts'
import { htmlResponse, newNonce } from '../http/shell.ts'
import { surfaceWith } from './surface.ts'
import type { SurfaceEnv } from './surface.ts'

const DESCRIPTION = '/api/openapi.json'
const DOCS = '/api/docs'
const HEALTH = '/healthz'

const known: Known[] = [
  { kinds: ['admin'], path: DESCRIPTION, method: 'GET' },
  { kinds: ['admin'], path: DOCS, method: 'GET' },
  { kinds: ['admin', 'portal', 'sign-in'], path: HEALTH, method: 'GET' },
]

/** The pages of both apps, the API's own description, and whatever is no path of anything. */
export const surface = surfaceWith(new Hono<SurfaceEnv>(), (pages) => {
  pages.get(DESCRIPTION, async (c) => {
    if (c.var.place.kind !== 'admin') throw missing('page')
    return c.json(await apiDescription(c.var.environment))
  })

  pages.get(DOCS, async (c) => {
    if (c.var.place.kind !== 'admin') throw missing('page')
    const nonce = newNonce()
    return htmlResponse(docsPage(await apiDescription(c.var.environment), nonce), 200, nonce)
  })

  pages.get(HEALTH, (c) => c.json({ ok: true }))

  // Whatever of the API was not answered so far: there is no such path, or it does not take this method.
  pages.on('ALL', [HEALTH, '/api/*'], (c) => otherMethod(c.req.method, methodsAt(known, c.var.place.kind, c.req.path)))

  pages.route('/', pageRoutes)
})
