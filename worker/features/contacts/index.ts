export { contactRoutes } from './contacts.routes.ts'
export { contactSummary } from './contacts.ts'
