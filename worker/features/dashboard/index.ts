export { oldest, sumByDay } from './combine.ts'
