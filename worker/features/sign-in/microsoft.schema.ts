import { z } from '@hono/zod-openapi'
import type { Link } from './microsoft-link.ts'
import { ownPath } from './return-to.ts'

const returnTo = z
  .string()
  .max(1000)
  .refine((text) => ownPath(text) !== undefined, 'This is no address of this site.')
  .transform((text) => ownPath(text) ?? '/')
  .default('/')
  .describe('Where to go afterwards: a path of this host.')

export const MicrosoftSignIn = z
  .strictObject({
    returnTo,
    invitation: z
      .string()
      .min(20, 'This link is not complete.')
      .max(200)
      .optional()
      .describe("The secret of an invitation's link, to accept it this way."),
  })
  .openapi('MicrosoftSignIn')

export const MicrosoftLinkInput = z
  .strictObject({
    returnTo,
    password: z
      .string()
      .min(1, 'Enter your password.')
      .max(1024)
      .optional()
      .describe('The password of whoever asks. Left out only by who has none.'),
  })
  .openapi('MicrosoftLinkInput')

export const MicrosoftWay = z.object({ url: z.url() }).openapi('MicrosoftWay')

export const MicrosoftLink = z
  .object({
    account: z.string().nullable().describe('What the account is called; null while none is linked.'),
    linkedAt: z.iso.datetime().nullable(),
    mayUnlink: z.boolean().describe('False where nobody could sign in without it.'),
    asksPassword: z.boolean().describe('Whether linking one asks for one’s password: false for who has none.'),
  })
  .openapi('MicrosoftLink')

export const presentMicrosoftLink = (found: {
  link: Link
  mayUnlink: boolean
  asksPassword: boolean
}): z.infer<typeof MicrosoftLink> => ({
  account: found.link?.account ?? null,
  linkedAt: found.link === null ? null : new Date(found.link.linkedAt).toISOString(),
  mayUnlink: found.mayUnlink,
  asksPassword: found.asksPassword,
})
