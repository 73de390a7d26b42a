export { documentRoutes, sharedDocumentRoutes } from './documents.routes.ts'
export { expiredDocuments } from './documents.ts'
