import { portalRequestRoutes } from '../features/requests/portal-requests.routes.ts'
import { apiWith } from './api.ts'

/** /api/portal/customers/{id}/request…: apart from the rest of a portal, so that nobody’s first page waits for its forms. */
export const surface = apiWith((api) => {
  api.route('/', portalRequestRoutes)
})
