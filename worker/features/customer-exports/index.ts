export { customerExportRoutes } from './customer-exports.routes.ts'
