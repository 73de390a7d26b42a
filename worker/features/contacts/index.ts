export { contactRoutes } from './contacts.routes.ts'
export {
  blocking,
  CONTACT_COUNT_MAX,
  contactSummary,
  holdsInvitation,
  INVITATION_PAUSE_MS,
  refuseTooSoon,
  invitationsFollow,
  invitationTo,
  invitedAdditionOf,
  inviting,
  obstacleTo,
  policiesOf,
  policyIn,
  refusingDuplicates,
  revokeInvitations,
  unblocking,
  withinCount,
} from './contacts.ts'
export { renewalRoutes } from './renewal.routes.ts'
export type { ContactRow, ShownContact } from './contacts.ts'
