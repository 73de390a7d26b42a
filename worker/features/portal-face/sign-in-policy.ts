import type { msps, portals } from '../../../db/shard/schema.ts'

export type SignInPolicy = (typeof msps.$inferSelect)['signInPolicy']

/** How people of a portal first sign in: as its customer has it, else as the MSP does. */
export const policyOf = (
  msp: { signInPolicy: SignInPolicy },
  portal: Pick<typeof portals.$inferSelect, 'signInPolicy'>,
): SignInPolicy => portal.signInPolicy ?? msp.signInPolicy
