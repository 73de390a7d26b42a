export { jobRoutesWith } from './jobs.routes.ts'
