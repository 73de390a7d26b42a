import { dashboardRoutes } from '../features/dashboard/dashboard.routes.ts'
import { sharedDocumentRoutes } from '../features/documents/shared-documents.routes.ts'
import { portalLicenceRoutes } from '../features/licences/portal-licences.routes.ts'
import { directoryRoutes } from '../features/directory/directory.routes.ts'
import { peopleRoutes } from '../features/people/people.routes.ts'
import { portalReportRoutes } from '../features/reports/portal-reports.routes.ts'
import { portalRefreshRoutes } from '../features/tenants/portal-refresh.routes.ts'
import { portalSecurityRoutes } from '../features/security/portal-security.routes.ts'
import { portalServiceHealthRoutes } from '../features/service-health/portal-service-health.routes.ts'
import { portalBellRoutes } from '../features/bell/portal-bell.routes.ts'
import { portalUserChangeRoutes } from '../features/user-changes/portal-user-changes.routes.ts'
import { apiWith } from './api.ts'

/** /api/portal, but for tickets and requests, which have surfaces of their own: what contacts do, at their portal. */
export const surface = apiWith((api) => {
  api.route('/', dashboardRoutes)
  api.route('/', portalRefreshRoutes)
  api.route('/', peopleRoutes)
  api.route('/', directoryRoutes)
  api.route('/', sharedDocumentRoutes)
  api.route('/', portalLicenceRoutes)
  api.route('/', portalSecurityRoutes)
  api.route('/', portalServiceHealthRoutes)
  api.route('/', portalUserChangeRoutes)
  api.route('/', portalReportRoutes)
  api.route('/', portalBellRoutes)
})
