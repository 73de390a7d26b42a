export { organisationRoutes } from './organisation.routes.ts'
export { microsoftSettingsRoutes } from './microsoft.routes.ts'
export { mailSenderRoutes } from './mail-sender.routes.ts'
