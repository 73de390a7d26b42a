export { tenantRoutes } from './tenants.routes.ts'
export { callbackRoutes } from './callback.routes.ts'
export { syncOf, syncTenant } from './sync.jobs.ts'
