import { accountMatterRoutes } from '../features/account-matters/account-matters.routes.ts'
import { activityRoutes } from '../features/activity/activity.routes.ts'
import { contactRoutes } from '../features/contacts/contacts.routes.ts'
import { hostnameRoutes } from '../features/custom-hostnames/custom-hostnames.routes.ts'
import { mergeRoutes } from '../features/customer-merges/customer-merges.routes.ts'
import { customerRoutes } from '../features/customers/customers.routes.ts'
import { customerUserRoutes } from '../features/directory/customer-users.routes.ts'
import { documentRoutes } from '../features/documents/documents.routes.ts'
import { licenceRoutes } from '../features/licences/licences.routes.ts'
import { portalAdminRoutes } from '../features/portal-admins/portal-admins.routes.ts'
import { portalRoutes } from '../features/portals/portals.routes.ts'
import { previewRoutes } from '../features/previews/previews.routes.ts'
import { reportRoutes } from '../features/reports/reports.routes.ts'
import { customerSelfServiceRoutes } from '../features/self-service/self-service.routes.ts'
import { refreshRoutes } from '../features/tenants/refresh.routes.ts'
import { securityRoutes } from '../features/security/security.routes.ts'
import { serviceHealthRoutes } from '../features/service-health/service-health.routes.ts'
import { bellRoutes } from '../features/bell/bell.routes.ts'
import { tenantRoutes } from '../features/tenants/tenants.routes.ts'
import { userChangeRoutes } from '../features/user-changes/user-changes.routes.ts'
import { workspaceRoutes } from '../features/workspace/workspace.routes.ts'
import { apiWith } from './api.ts'

/** /api/msp-portal, but for what has a surface of its own: customers and what belongs to each of them. */
export const surface = apiWith((api) => {
  api.route('/', previewRoutes)
  api.route('/', customerRoutes)
  api.route('/', portalAdminRoutes)
  api.route('/', mergeRoutes)
  api.route('/', contactRoutes)
  api.route('/', workspaceRoutes)
  api.route('/', portalRoutes)
  api.route('/', hostnameRoutes)
  api.route('/', tenantRoutes)
  api.route('/', refreshRoutes)
  api.route('/', licenceRoutes)
  api.route('/', reportRoutes)
  api.route('/', customerSelfServiceRoutes)
  api.route('/', documentRoutes)
  api.route('/', customerUserRoutes)
  api.route('/', userChangeRoutes)
  api.route('/', securityRoutes)
  api.route('/', serviceHealthRoutes)
  api.route('/', activityRoutes)
  api.route('/', accountMatterRoutes)
  api.route('/', bellRoutes)
})
