export { organisationRoutes } from './organisation.routes.ts'
export { mailSenderRoutes } from './mail-sender.routes.ts'
