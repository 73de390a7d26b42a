import { z } from '@hono/zod-openapi'
import { requiredEmail, requiredLine } from '../../http/text.ts'

export const SignUpInput = z
  .strictObject({
    mspName: requiredLine(120, 'Enter the name your customers know.'),
    name: requiredLine(120, 'Enter your name.'),
    email: requiredEmail,
    password: z.string().max(1024),
    /** The operator's code, where one is asked for. */
    code: z.string().trim().max(200).nullable().default(null),
  })
  .openapi('SignUpInput')

export const SignUpConfirmation = z
  .strictObject({ token: z.string().min(20, 'This link is not complete.').max(200) })
  .openapi('SignUpConfirmation')
