import { z } from '@hono/zod-openapi'
import { signInPolicies } from '../../../db/shard/schema.ts'
import type { logos, msps } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { requiredLine } from '../../http/text.ts'
import { shownOfPeopleIn } from '../../tenancy/shown-directory.ts'
import { PortalDirectory, presentDirectory } from '../directory/index.ts'
import { brandOf, describeTones, parseHexColour } from '../portal-face/index.ts'
import type { Tones as ToneValues } from '../portal-face/index.ts'
import type { PortalRow } from './portals.ts'

const colour = z
  .string()
  .max(20)
  .transform((text, context) => {
    const parsed = parseHexColour(text)
    if (parsed !== undefined) return parsed
    context.addIssue({ code: 'custom', message: 'Enter a colour such as #0b7a75.' })
    return z.NEVER
  })

/** A web address in its canonical form: what a browser would make of it is what is kept and shown. */
export const homepage = z
  .string()
  .trim()
  .max(500, 'At most 500 characters.')
  .transform((text, context) => {
    const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined
    if (url !== undefined && url.username === '' && url.password === '' && !text.includes('\\')) return url.href
    context.addIssue({ code: 'custom', message: 'Enter a web address that begins with https://' })
    return z.NEVER
  })

export const Colours = z
  .strictObject({
    primaryColour: colour.describe('For buttons and links, as hexadecimal.'),
    accentColour: colour.describe('For what stands out beside it, as hexadecimal.'),
  })
  .openapi('Colours')

/** What is null is taken from the MSP's defaults. */
export const PortalSettings = z
  .strictObject({
    prefix: z.string().max(200).describe('The first part of the portal’s address, `<prefix>.<base>`.'),
    displayName: requiredLine(80, 'Enter a name, or leave it to the default.')
      .nullable()
      .default(null)
      .describe('What stands at the top left; null for the customer’s name.'),
    homepage: homepage
      .nullable()
      .default(null)
      .describe('Where a click on the name leads; null for the MSP’s default.'),
    primaryColour: colour.nullable().default(null).describe('As hexadecimal; null for the MSP’s default.'),
    accentColour: colour.nullable().default(null).describe('As hexadecimal; null for the MSP’s default.'),
  })
  .openapi('PortalSettings')

/** How people first sign in: by a link that sets their password, a temporary password, or with Microsoft alone. */
export const FirstSignIn = z.enum(signInPolicies)

/** Null is what the MSP chose. */
export const PortalSignIn = z
  .strictObject({
    policy: FirstSignIn.nullable().describe(
      'How people first sign in: by a link that sets their password, a temporary password, or with Microsoft alone; null is what the MSP chose.',
    ),
  })
  .openapi('PortalSignIn')

export const Logo = z
  .object({ url: z.string(), width: z.number().int(), height: z.number().int(), byteCount: z.number().int() })
  .openapi('Logo')

export const Tone = z
  .object({
    key: z.string(),
    source: z.enum(['primary', 'accent']),
    theme: z.enum(['light', 'dark']),
    foreground: z.string(),
    background: z.string(),
    contrast: z.number(),
    required: z.number(),
    adjusted: z.boolean(),
    givenContrast: z.number().nullable(),
  })
  .openapi('Tone')

export const Portal = z
  .object({
    state: z.enum(['enabled', 'disabled']),
    prefix: z.string(),
    host: z.string(),
    url: z.string(),
    addressState: z.enum(['preparing', 'active']).describe('`preparing` for the moment until the address answers.'),
    displayName: z.string().nullable(),
    homepage: z.string().nullable(),
    primaryColour: z.string().nullable(),
    accentColour: z.string().nullable(),
    signInPolicy: FirstSignIn.nullable().describe('How people first sign in; null for what the MSP chose.'),
    directory: PortalDirectory,
    logo: Logo.nullable(),
    version: z.number().int(),
  })
  .openapi('Portal')

/** A colour for each role of the interface, by its name without the dashes, such as `on-brand`. */
const Palette = z.record(z.string(), z.string()).openapi('Palette')

export const Tones = z
  .object({ tones: z.array(Tone), palettes: z.object({ light: Palette, dark: Palette }) })
  .openapi('Tones')

export const presentPortal = (
  row: PortalRow,
  logo: typeof logos.$inferSelect | undefined,
  environment: Environment,
): z.infer<typeof Portal> => ({
  state: row.state,
  prefix: row.prefix,
  host: row.host,
  url: environment.originOf(row.host),
  addressState: row.addressState,
  displayName: row.displayName,
  homepage: row.homepage,
  primaryColour: row.primaryColour,
  accentColour: row.accentColour,
  signInPolicy: row.signInPolicy,
  directory: presentDirectory(shownOfPeopleIn(row)),
  logo: logo === undefined ? null : presentLogo(logo),
  version: row.version,
})

export const presentLogo = (row: typeof logos.$inferSelect): z.infer<typeof Logo> => ({
  url: `/logo/${row.id}`,
  width: row.width,
  height: row.height,
  byteCount: row.byteCount,
})

export const presentTones = (
  colours: Pick<typeof msps.$inferSelect, 'primaryColour' | 'accentColour'>,
): z.infer<typeof Tones> => {
  const brand = brandOf(colours, null)
  return {
    tones: describeTones(brand).map((tone) => ({
      key: tone.label,
      source: tone.source,
      theme: tone.theme,
      foreground: tone.foreground,
      background: tone.background,
      contrast: tone.contrast,
      required: tone.required,
      adjusted: tone.adjusted,
      givenContrast: tone.givenContrast,
    })),
    palettes: { light: paletteOf(brand.light), dark: paletteOf(brand.dark) },
  }
}

const paletteOf = (tones: ToneValues): z.infer<typeof Palette> =>
  Object.fromEntries(Object.entries(tones).map(([role, value]) => [role.slice('--'.length), value]))
