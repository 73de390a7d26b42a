import { cannedReplyRoutes } from '../features/tickets/settings.routes.ts'
import { ticketRoutes } from '../features/tickets/tickets.routes.ts'
import { apiWith } from './api.ts'

/** Tickets of all customers, and what staff answer with. */
export const surface = apiWith((api) => {
  api.route('/', ticketRoutes)
  api.route('/', cannedReplyRoutes)
})
