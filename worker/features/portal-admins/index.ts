export { portalAdminRoutes } from './portal-admins.routes.ts'
