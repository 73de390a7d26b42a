import { Hono } from 'hono'
import { pageRoutes } from '../features/pages/pages.routes.ts'
import { previewDoor } from '../features/previews/preview-door.routes.ts'
import { microsoftArrivalRoutes } from '../features/sign-in/microsoft-arrival.routes.ts'
import { callbackRoutes } from '../features/tenants/callback.routes.ts'
import { surfaceWith } from './surface.ts'
import type { SurfaceEnv } from './surface.ts'

/** Where a browser arrives with what works once: from Microsoft, and to view a portal as somebody. Elsewhere these are pages. */
export const surface = surfaceWith(new Hono<SurfaceEnv>(), (pages) => {
  pages.route('/', microsoftArrivalRoutes)
  pages.route('/', previewDoor)
  pages.route('/', callbackRoutes)
  pages.route('/', pageRoutes)
})
