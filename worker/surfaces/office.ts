import { apiKeyRoutes } from '../features/api-keys/api-keys.routes.ts'
import { jobRoutesWith } from '../features/jobs/jobs.routes.ts'
import { skuRoutes } from '../features/licences/skus.routes.ts'
import { noticeRoutes } from '../features/notices/notices.routes.ts'
import { mailSenderRoutes } from '../features/organisation/mail-sender.routes.ts'
import { microsoftSettingsRoutes } from '../features/organisation/microsoft.routes.ts'
import { organisationRoutes } from '../features/organisation/organisation.routes.ts'
import { reportDefaultsRoutes } from '../features/reports/report-defaults.routes.ts'
import { selfServiceRoutes } from '../features/self-service/self-service.routes.ts'
import { staffRoutes } from '../features/staff/staff.routes.ts'
import { ticketSettingsRoutes } from '../features/tickets/settings.routes.ts'
import { twoStepRequirementRoutes } from '../features/two-step/requirement.routes.ts'
import { apiWith } from './api.ts'

/** The MSP’s own affairs: settings, its staff, notices, jobs. */
export const surface = apiWith((api) => {
  api.route('/', twoStepRequirementRoutes)
  api.route(
    '/',
    jobRoutesWith(async () => (await import('../work.ts')).jobTitles),
  )
  api.route('/', organisationRoutes)
  api.route('/', mailSenderRoutes)
  api.route('/', microsoftSettingsRoutes)
  api.route('/', reportDefaultsRoutes)
  api.route('/', apiKeyRoutes)
  api.route('/', staffRoutes)
  api.route('/', noticeRoutes)
  api.route('/', skuRoutes)
  api.route('/', ticketSettingsRoutes)
  api.route('/', selfServiceRoutes)
})
