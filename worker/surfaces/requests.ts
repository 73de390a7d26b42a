import { requestRoutes } from '../features/requests/requests.routes.ts'
import { apiWith } from './api.ts'

/** Requests of all customers, and of one. */
export const surface = apiWith((api) => {
  api.route('/', requestRoutes)
})
