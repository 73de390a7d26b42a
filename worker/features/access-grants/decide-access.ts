import type { CustomerState, PortalState } from '../../tenancy/portal-life.ts'

/** Why somebody is not given access when many are at once. */
export const accessObstacles = [
  'no_email',
  'already_invited',
  'already_enabled',
  'blocked',
  'archived_customer',
  'disabled_customer',
  'no_portal',
  'portal_closed',
] as const
export type AccessObstacle = (typeof accessObstacles)[number]

/**
 * Whether a contact gets access to their portal when staff give it to many (product.md, decision 5); undefined when they do,
 * as portal user. The review says by it who will and who cannot, and the work decides by it again.
 */
export const accessObstacleOf = (contact: {
  email: string | null
  access: 'none' | 'invited' | 'active' | 'disabled'
  customerState: CustomerState
  portalState: PortalState
}): AccessObstacle | undefined => {
  switch (contact.access) {
    case 'active':
      return 'already_enabled'
    case 'invited':
      return 'already_invited'
    case 'disabled':
      return 'blocked'
    case 'none':
      break
  }
  if (contact.email === null) return 'no_email'
  if (contact.customerState === 'archived') return 'archived_customer'
  if (contact.customerState === 'disabled') return 'disabled_customer'
  if (contact.portalState === 'none') return 'no_portal'
  return contact.portalState === 'disabled' ? 'portal_closed' : undefined
}
