export { contactRoutes } from './contacts.routes.ts'
export { contactSummary, holdsInvitation, invitationsFollow } from './contacts.ts'
