import { z } from '@hono/zod-openapi'

export const SignIn = z
  .strictObject({
    email: z.string().min(1, 'Enter your e-mail address.').max(254).describe('The address the account was made for.'),
    password: z.string().min(1, 'Enter your password.').max(1024).describe('The password, as it was chosen.'),
  })
  .openapi('SignIn')

export const Person = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    kind: z.enum(['staff', 'contact']),
    roles: z
      .array(z.string())
      .describe('Staff: one of viewer, technician, admin, owner. Contacts: portal_user, portal_admin, or both.'),
  })
  .openapi('Person')

export const CodeNeeded = z
  .object({
    codeNeeded: z.literal(true),
    token: z.string().describe('Goes back with the code, from this host and within minutes. It is no session.'),
    expiresAt: z.iso.datetime(),
  })
  .openapi('CodeNeeded')

const token = z
  .string()
  .min(20, 'This link is not complete.')
  .max(200)
  .describe('The secret at the end of the link in the mail; works once.')

export const InvitationLookup = z.strictObject({ token }).openapi('InvitationLookup')
export const Invitation = z
  .object({
    name: z.string(),
    email: z.string(),
    companyName: z.string(),
    expiresAt: z.iso.datetime(),
    signInWith: z
      .enum(['password', 'microsoft'])
      .describe('How it is accepted: by choosing a password, or by signing in with Microsoft.'),
  })
  .openapi('Invitation')
export const TemporaryPasswordReplacement = z
  .strictObject({
    email: z
      .string()
      .min(1, 'Enter your e-mail address.')
      .max(254)
      .describe('The address the temporary password was mailed to.'),
    temporaryPassword: z
      .string()
      .min(1, 'Enter the temporary password.')
      .max(1024)
      .describe('The temporary password, as it was mailed.'),
    password: z.string().max(1024).describe('The password of one’s own.'),
  })
  .openapi('TemporaryPasswordReplacement')

export const InvitationAcceptance = z
  .strictObject({ token, password: z.string().max(1024).describe('The password that the person chooses.') })
  .openapi('InvitationAcceptance')

export const PasswordChange = z
  .strictObject({
    currentPassword: z
      .string()
      .min(1, 'Enter the password you have now.')
      .max(1024)
      .describe('The password that works until now.'),
    newPassword: z.string().max(1024).describe('The password that works from now on; every other session ends.'),
  })
  .openapi('PasswordChange')

export const PasswordResetRequest = z
  .strictObject({
    email: z
      .string()
      .trim()
      .min(1, 'Enter your e-mail address.')
      .max(254)
      .describe('The address whose password was forgotten; the answer is the same whether anybody has it.'),
  })
  .openapi('PasswordResetRequest')
export const PasswordResetLookup = z.strictObject({ token }).openapi('PasswordResetLookup')
export const PasswordReset = z
  .object({ name: z.string(), email: z.string(), companyName: z.string(), expiresAt: z.iso.datetime() })
  .openapi('PasswordReset')
export const PasswordResetAcceptance = z
  .strictObject({ token, password: z.string().max(1024).describe('The password that the person chooses.') })
  .openapi('PasswordResetAcceptance')

export const SignInCode = z
  .strictObject({
    token: token.describe('The `token` of the answer that asked for the code.'),
    code: z
      .string()
      .trim()
      .min(1, 'Enter the code.')
      .max(40)
      .describe('The code that the app shows now, or a recovery code.'),
  })
  .openapi('SignInCode')
