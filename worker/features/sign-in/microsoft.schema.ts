import { z } from '@hono/zod-openapi'
import type { Link } from './microsoft-link.ts'
import { ownPath } from './return-to.ts'

/** Where to go afterwards: a path of this host. */
const returnTo = z
  .string()
  .max(1000)
  .refine((text) => ownPath(text) !== undefined, 'This is no address of this site.')
  .transform((text) => ownPath(text) ?? '/')
  .default('/')

export const MicrosoftSignIn = z
  .strictObject({
    returnTo,
    /** The secret of an invitation's link, to accept it this way. */
    invitation: z.string().min(20, 'This link is not complete.').max(200).optional(),
  })
  .openapi('MicrosoftSignIn')

export const MicrosoftLinkInput = z.strictObject({ returnTo }).openapi('MicrosoftLinkInput')

export const MicrosoftWay = z.object({ url: z.url() }).openapi('MicrosoftWay')

export const MicrosoftLink = z
  .object({
    /** What the account is called; null while none is linked. */
    account: z.string().nullable(),
    linkedAt: z.iso.datetime().nullable(),
    /** False where nobody could sign in without it. */
    mayUnlink: z.boolean(),
  })
  .openapi('MicrosoftLink')

export const presentMicrosoftLink = (found: { link: Link; mayUnlink: boolean }): z.infer<typeof MicrosoftLink> => ({
  account: found.link?.account ?? null,
  linkedAt: found.link === null ? null : new Date(found.link.linkedAt).toISOString(),
  mayUnlink: found.mayUnlink,
})
