import { z } from '@hono/zod-openapi'
import { personName, requiredEmail, requiredLine } from '../../http/text.ts'

export const SignUpInput = z
  .strictObject({
    mspName: requiredLine(120, 'Enter the name your customers know.').describe(
      'The name that customers know the MSP by.',
    ),
    name: personName(120, 'Enter your name.').describe('What the owner is called.'),
    email: requiredEmail.describe('What the owner signs in with; a link is mailed there.'),
    code: z.string().trim().max(200).nullable().default(null).describe("The operator's code, where one is asked for."),
  })
  .openapi('SignUpInput')

const token = z
  .string()
  .min(20, 'This link is not complete.')
  .max(200)
  .describe('The secret at the end of the link in the mail; works once.')

export const SignUpLookup = z.strictObject({ token }).openapi('SignUpLookup')
export const AskedSignUp = z
  .object({
    mspName: z.string(),
    name: z.string(),
    email: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('AskedSignUp')

export const SignUpConfirmation = z
  .strictObject({ token, password: z.string().max(1024).describe('The password that the owner chooses.') })
  .openapi('SignUpConfirmation')
