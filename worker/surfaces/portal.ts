import { dashboardRoutes } from '../features/dashboard/dashboard.routes.ts'
import { sharedDocumentRoutes } from '../features/documents/shared-documents.routes.ts'
import { portalLicenceRoutes } from '../features/licences/portal-licences.routes.ts'
import { directoryRoutes } from '../features/directory/directory.routes.ts'
import { peopleRoutes } from '../features/people/people.routes.ts'
import { portalRequestRoutes } from '../features/requests/portal-requests.routes.ts'
import { portalRefreshRoutes } from '../features/tenants/portal-refresh.routes.ts'
import { apiWith } from './api.ts'

/** /api/portal: what contacts do, at their portal. */
export const surface = apiWith((api) => {
  api.route('/', dashboardRoutes)
  api.route('/', portalRefreshRoutes)
  api.route('/', peopleRoutes)
  api.route('/', directoryRoutes)
  api.route('/', sharedDocumentRoutes)
  api.route('/', portalLicenceRoutes)
  api.route('/', portalRequestRoutes)
})
