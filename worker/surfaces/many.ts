import { accessGrantRoutes } from '../features/access-grants/access-grants.routes.ts'
import { customerExportRoutes } from '../features/customer-exports/customer-exports.routes.ts'
import { customerImportRoutes } from '../features/customer-imports/imports.routes.ts'
import { apiWith } from './api.ts'

/** What is done to many customers or contacts at once: imports, exports, all contacts and giving them access. */
export const surface = apiWith((api) => {
  api.route('/', customerImportRoutes)
  api.route('/', customerExportRoutes)
  api.route('/', accessGrantRoutes)
})
