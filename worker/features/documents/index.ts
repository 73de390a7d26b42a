export { documentObjects, expiredDocuments } from './documents.ts'
