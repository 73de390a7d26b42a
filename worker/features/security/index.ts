export { alertsRead, controlsRead, openAlerts, scoresRead } from './security.ts'
export { controlsTogether, scoreOf } from './score.ts'
export type { Score } from './score.ts'
export { notToldOf, OneTenantQuery } from './security.schema.ts'
