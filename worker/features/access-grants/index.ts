export { accessGrantRoutes } from './access-grants.routes.ts'
export { runGrant } from './access-grants.ts'
