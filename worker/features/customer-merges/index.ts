export { mergeRoutes } from './customer-merges.routes.ts'
