export { ageHealth, healthOf } from './health.jobs.ts'
export { appRemovedOf, tellAppRemoved } from './app-removed.job.ts'
export { syncOf, syncTenant } from './sync.jobs.ts'
export { customerSummary } from './summary.ts'
