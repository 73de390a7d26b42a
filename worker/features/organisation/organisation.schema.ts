import { z } from '@hono/zod-openapi'
import type { logos, msps } from '../../../db/shard/schema.ts'
import { optionalEmail, optionalLine, optionalText, requiredLine } from '../../http/text.ts'
import { FirstSignIn, Colours, Logo, homepage, presentLogo } from '../portals/index.ts'

export const OrganisationInput = z
  .strictObject({
    name: requiredLine(120, 'Enter the name your customers know.').describe('The name that customers know the MSP by.'),
    helpPhone: optionalLine(40).describe('Where customers call for help.'),
    helpEmail: optionalEmail.describe('Where customers write for help.'),
    helpHours: optionalLine(80).describe('When somebody answers, in words.'),
    address: optionalText(300).describe('The postal address, on as many lines as it has.'),
    timeZone: z
      .string()
      .max(60)
      .refine(isTimeZone, 'Choose a time zone such as Europe/London.')
      .describe('An IANA name; days begin at its midnight.'),
    locale: z
      .enum(['en-GB', 'en-US', 'en-AU', 'en-CA', 'en-IE', 'en-NZ'])
      .describe('How dates and numbers are written.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'Use the three letters of a currency, such as GBP.')
      .describe('Three letters (ISO 4217).'),
  })
  .openapi('OrganisationInput')

export const Organisation = z
  .object({
    name: z.string(),
    helpPhone: z.string().nullable(),
    helpEmail: z.string().nullable(),
    helpHours: z.string().nullable(),
    address: z.string().nullable(),
    timeZone: z.string(),
    locale: OrganisationInput.shape.locale,
    currency: z.string(),
    version: z.number().int(),
  })
  .openapi('Organisation')

export const BrandInput = z
  .strictObject({
    ...Colours.shape,
    homepage: homepage
      .nullable()
      .default(null)
      .describe('Where a click on the name leads in portals that set no address of their own.'),
  })
  .openapi('BrandInput')
export const Brand = z
  .object({
    primaryColour: z.string(),
    accentColour: z.string(),
    homepage: z.string().nullable(),
    logo: Logo.nullable(),
    version: z.number().int(),
  })
  .openapi('Brand')

/** How people of the portals first sign in, unless a customer has it otherwise. */
export const SignInSettingsInput = z
  .strictObject({
    policy: FirstSignIn.describe(
      'How people first sign in: by a link that sets their password, a temporary password, or with Microsoft alone.',
    ),
  })
  .openapi('SignInSettingsInput')
export const SignInSettings = z.object({ policy: FirstSignIn, version: z.number().int() }).openapi('SignInSettings')

type Row = typeof msps.$inferSelect

export const presentOrganisation = (row: Row): z.infer<typeof Organisation> => ({
  name: row.name,
  helpPhone: row.helpPhone,
  helpEmail: row.helpEmail,
  helpHours: row.helpHours,
  address: row.address,
  timeZone: row.timeZone,
  locale: OrganisationInput.shape.locale.parse(row.locale),
  currency: row.currency,
  version: row.version,
})

export const presentBrand = (row: Row, logo: typeof logos.$inferSelect | undefined): z.infer<typeof Brand> => ({
  primaryColour: row.primaryColour,
  accentColour: row.accentColour,
  homepage: row.homepage,
  logo: logo === undefined ? null : presentLogo(logo),
  version: row.version,
})

export const presentSignInSettings = (row: Row): z.infer<typeof SignInSettings> => ({
  policy: row.signInPolicy,
  version: row.version,
})

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
