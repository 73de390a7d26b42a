import { z } from '@hono/zod-openapi'
import { GroupChangeInput, groupChangeForm } from './group-change.ts'
import { LicenceChangeInput, licenceChangeForm } from './licence-change.ts'
import { NewUserInput, newUserForm } from './new-user.ts'
import { OffboardingInput, offboardingForm } from './offboarding.ts'
import { PasswordResetInput, passwordResetForm } from './password-reset.ts'

/** What is asked for by a form; each type has fields of its own. */
export const RequestInput = z
  .discriminatedUnion('type', [
    NewUserInput,
    OffboardingInput,
    PasswordResetInput,
    LicenceChangeInput,
    GroupChangeInput,
  ])
  .openapi('ServiceRequestInput')

export type RequestInput = z.infer<typeof RequestInput>

export const forms = {
  new_user: newUserForm,
  offboarding: offboardingForm,
  password_reset: passwordResetForm,
  licence_change: licenceChangeForm,
  group_change: groupChangeForm,
} as const
