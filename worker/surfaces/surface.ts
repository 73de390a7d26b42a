import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Refused } from '../../db/connect.ts'
import type { OpenEnv } from '../http/app.ts'
import { Problem, bugResponse, missing, problemResponse } from '../http/problem.ts'
import { described } from '../log.ts'

/** A request comes with what index.ts worked out about it. */
export type SurfaceEnv = OpenEnv & { Bindings: { variables: OpenEnv['Variables'] } }

/** One side of the product: routes of features, which `fill` adds, and what is said when something fails. */
export const surfaceWith = <S extends Hono<SurfaceEnv>>(surface: S, fill: (surface: S) => void): S => {
  surface.use('*', async (c, next) => {
    const { requestId, environment, place, later } = c.env.variables
    c.set('requestId', requestId)
    c.set('environment', environment)
    c.set('place', place)
    c.set('later', later)
    await next()
  })
  fill(surface)
  surface.notFound((c) => problemResponse(missing('page'), c.var.requestId))
  surface.onError((error, c) => {
    const { requestId } = c.var
    if (error instanceof Problem) return problemResponse(error, requestId)
    if (error instanceof HTTPException) return problemResponse(meaningOf(error), requestId)
    // The loser of two requests with one Idempotency-Key: answered by what the winner was answered.
    const isReplay = error instanceof Refused && error.columns.includes('idempotency_keys.id')
    if (!isReplay) console.error({ requestId, method: c.req.method, path: c.req.path, error: described(error) })
    return bugResponse(requestId)
  })
  return surface
}

/** What Hono itself refuses, in our words. */
const meaningOf = (error: HTTPException): Problem => {
  switch (error.status) {
    case 400:
      return new Problem('malformed', 'The body is not valid JSON.')
    case 413:
      return new Problem('too_large', 'The request body is too large.')
    case 415:
      return new Problem('unsupported_media_type', 'Send the body as application/json.')
    default:
      return new Problem('malformed', 'This request cannot be read.')
  }
}
