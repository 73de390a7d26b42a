import { portalTicketRoutes } from '../features/tickets/portal-tickets.routes.ts'
import { apiWith } from './api.ts'

/** /api/portal/customers/{id}/ticket…: apart from the rest of a portal, so that nobody’s first page waits for it. */
export const surface = apiWith((api) => {
  api.route('/', portalTicketRoutes)
})
