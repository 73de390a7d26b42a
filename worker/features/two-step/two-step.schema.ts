import { z } from '@hono/zod-openapi'
import { isoMoment } from '../../http/text.ts'
import type { TwoStep as Standing } from './two-step.ts'

export const TwoStep = z
  .object({
    since: z.iso.datetime().nullable().describe('Since when it is on; null while it is off.'),
    recoveryCodeCount: z.number().int().describe('How many recovery codes are left.'),
    isRequired: z.boolean().describe('Whether the MSP requires it of this person.'),
  })
  .openapi('TwoStep')

export const TwoStepSetup = z
  .object({
    secret: z.string().describe('For typing in by hand.'),
    uri: z.string().describe('For a picture that an authenticator app reads.'),
  })
  .openapi('TwoStepSetup')

export const TwoStepCode = z
  .strictObject({
    code: z
      .string()
      .trim()
      .min(1, 'Enter the code of your app.')
      .max(40)
      .describe('The code that the app shows now, or a recovery code.'),
  })
  .openapi('TwoStepCode')
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).openapi('RecoveryCodes')
/** What proves that it is really they who ask. */
export const OwnPassword = z
  .strictObject({
    password: z.string().min(1, 'Enter your password.').max(1024).describe('The password of whoever asks.'),
  })
  .openapi('OwnPassword')

export const TwoStepRequirementInput = z
  .strictObject({
    twoStepRequired: z.boolean().describe('Whether owners and admins need a second step before anything else.'),
  })
  .openapi('TwoStepRequirementInput')
export const TwoStepRequirement = z
  .object({ twoStepRequired: z.boolean(), version: z.number().int() })
  .openapi('TwoStepRequirement')

export const presentTwoStep = ({ since, recoveryCodeCount, isRequired }: Standing): z.infer<typeof TwoStep> => ({
  since: isoMoment(since),
  recoveryCodeCount,
  isRequired,
})
