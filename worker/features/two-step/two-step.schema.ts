import { z } from '@hono/zod-openapi'
import { isoMoment } from '../../http/text.ts'
import type { TwoStep as Standing } from './two-step.ts'

export const TwoStep = z
  .object({
    /** Since when it is on; null while it is off. */
    since: z.iso.datetime().nullable(),
    /** How many recovery codes are left. */
    recoveryCodeCount: z.number().int(),
    /** Whether the MSP requires it of this person. */
    isRequired: z.boolean(),
  })
  .openapi('TwoStep')

export const TwoStepSetup = z
  .object({
    /** For typing in by hand. */
    secret: z.string(),
    /** For a picture that an authenticator app reads. */
    uri: z.string(),
  })
  .openapi('TwoStepSetup')

export const TwoStepCode = z
  .strictObject({ code: z.string().trim().min(1, 'Enter the code of your app.').max(40) })
  .openapi('TwoStepCode')
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).openapi('RecoveryCodes')
/** What proves that it is really they who ask. */
export const OwnPassword = z
  .strictObject({ password: z.string().min(1, 'Enter your password.').max(1024) })
  .openapi('OwnPassword')

export const TwoStepRequirementInput = z
  .strictObject({ twoStepRequired: z.boolean() })
  .openapi('TwoStepRequirementInput')
export const TwoStepRequirement = z
  .object({ twoStepRequired: z.boolean(), version: z.number().int() })
  .openapi('TwoStepRequirement')

export const presentTwoStep = ({ since, recoveryCodeCount, isRequired }: Standing): z.infer<typeof TwoStep> => ({
  since: isoMoment(since),
  recoveryCodeCount,
  isRequired,
})
