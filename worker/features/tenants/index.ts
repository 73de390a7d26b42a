export { tenantRoutes } from './tenants.routes.ts'
export { callbackRoutes } from './callback.routes.ts'
export { ageHealth, healthOf } from './health.jobs.ts'
export { syncOf, syncTenant } from './sync.jobs.ts'
