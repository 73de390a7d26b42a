export { oldest, sumByDay, worstOfServices } from './combine.ts'
export { serviceName } from './service-names.ts'
