export { oldest, sumByDay, worstOfServices } from './combine.ts'
