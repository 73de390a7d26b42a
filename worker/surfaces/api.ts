import { OpenAPIHono } from '@hono/zod-openapi'
import { knownOperations, methodsAt, otherMethod } from '../http/methods.ts'
import type { Known } from '../http/methods.ts'
import { surfaceWith } from './surface.ts'
import type { SurfaceEnv } from './surface.ts'

type Api = OpenAPIHono<SurfaceEnv>

/** A part of the API. What none of its routes answers is no path of it, or does not take this method. */
export const apiWith = (fill: (api: Api) => void): Api =>
  surfaceWith(new OpenAPIHono<SurfaceEnv>(), (api) => {
    fill(api)
    let known: Known[] | undefined
    api.all('*', (c) => {
      known ??= knownOperations(api.openAPIRegistry.definitions)
      return otherMethod(c.req.method, methodsAt(known, c.var.place.kind, c.req.path))
    })
  })
