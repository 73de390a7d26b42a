import { z } from '@hono/zod-openapi'

export const SignIn = z
  .strictObject({
    email: z.string().min(1, 'Enter your e-mail address.').max(254),
    password: z.string().min(1, 'Enter your password.').max(1024),
  })
  .openapi('SignIn')

export const Person = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    kind: z.enum(['staff', 'contact']),
    /** Staff: one of viewer, technician, admin, owner. Contacts: portal_user, portal_admin, or both. */
    roles: z.array(z.string()),
  })
  .openapi('Person')

export const CodeNeeded = z
  .object({
    codeNeeded: z.literal(true),
    /** Goes back with the code, from this host and within minutes. It is no session. */
    token: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('CodeNeeded')

const token = z.string().min(20, 'This link is not complete.').max(200)

export const InvitationLookup = z.strictObject({ token }).openapi('InvitationLookup')
export const Invitation = z
  .object({
    name: z.string(),
    email: z.string(),
    companyName: z.string(),
    expiresAt: z.iso.datetime(),
    /** How it is accepted: by choosing a password, or by signing in with Microsoft. */
    signInWith: z.enum(['password', 'microsoft']),
  })
  .openapi('Invitation')
export const TemporaryPasswordReplacement = z
  .strictObject({
    email: z.string().min(1, 'Enter your e-mail address.').max(254),
    temporaryPassword: z.string().min(1, 'Enter the temporary password.').max(1024),
    /** The password of one’s own. */
    password: z.string().max(1024),
  })
  .openapi('TemporaryPasswordReplacement')

export const InvitationAcceptance = z
  .strictObject({ token, password: z.string().max(1024) })
  .openapi('InvitationAcceptance')

export const PasswordChange = z
  .strictObject({
    currentPassword: z.string().min(1, 'Enter the password you have now.').max(1024),
    newPassword: z.string().max(1024),
  })
  .openapi('PasswordChange')

export const PasswordResetRequest = z
  .strictObject({ email: z.string().trim().min(1, 'Enter your e-mail address.').max(254) })
  .openapi('PasswordResetRequest')
export const PasswordResetLookup = z.strictObject({ token }).openapi('PasswordResetLookup')
export const PasswordReset = z
  .object({ name: z.string(), email: z.string(), companyName: z.string(), expiresAt: z.iso.datetime() })
  .openapi('PasswordReset')
export const PasswordResetAcceptance = z
  .strictObject({ token, password: z.string().max(1024) })
  .openapi('PasswordResetAcceptance')

export const SignInCode = z
  .strictObject({ token, code: z.string().trim().min(1, 'Enter the code.').max(40) })
  .openapi('SignInCode')
