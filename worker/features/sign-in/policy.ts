import type { signInPolicies } from '../../../db/shard/schema.ts'

/** Whether an account may be unlinked: nobody is left without a way to sign in (product.md, decision 2). */
export const mayUnlink = (policy: (typeof signInPolicies)[number], hasPassword: boolean): boolean =>
  hasPassword && policy !== 'microsoft_only'
