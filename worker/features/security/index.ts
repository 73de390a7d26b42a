export { scoreOf } from './score.ts'
export { notToldOf, OneTenantQuery } from './security.schema.ts'
