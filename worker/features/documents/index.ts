export { documentRoutes, sharedDocumentRoutes } from './documents.routes.ts'
export { documentObjects, expiredDocuments } from './documents.ts'
