import type { customers, msps, portals } from '../../../db/shard/schema.ts'
import { isReachable } from '../../tenancy/portal-life.ts'

export type SignInPolicy = (typeof msps.$inferSelect)['signInPolicy']

/** How people of a portal first sign in: as its customer has it, else as the MSP does. */
export const policyOf = (
  msp: { signInPolicy: SignInPolicy },
  portal: Pick<typeof portals.$inferSelect, 'signInPolicy'>,
): SignInPolicy => portal.signInPolicy ?? msp.signInPolicy

/** Whether a portal is open, and signed in to with passwords at all. */
export const takesPasswords = (
  customerState: typeof customers.$inferSelect.state,
  at: { portal: Pick<typeof portals.$inferSelect, 'state' | 'signInPolicy'>; msp: { signInPolicy: SignInPolicy } },
): boolean => isReachable(customerState, at.portal.state) && policyOf(at.msp, at.portal) !== 'microsoft_only'
