import { formSettingsRoutes } from '../features/requests/forms/form-settings.routes.ts'
import { requestRoutes } from '../features/requests/requests.routes.ts'
import { apiWith } from './api.ts'

/** Requests of all customers, and of one. */
export const surface = apiWith((api) => {
  api.route('/', requestRoutes)
  api.route('/', formSettingsRoutes)
})
