import { z } from '@hono/zod-openapi'
import { GRAPH_PERMISSIONS } from '../../connectors/graph/index.ts'
import { dayOf } from '../../days.ts'
import type { Environment } from '../../env.ts'
import { now } from '../../clock.ts'
import { secretStandings, secretStandingOf } from '../microsoft-apps/index.ts'
import type { MicrosoftAppRow } from '../microsoft-apps/index.ts'
import type { MicrosoftSettingsRows } from './microsoft.ts'
import type { AppTrial } from './microsoft-trial.ts'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const guid = (called: string) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .max(100)
    .refine(
      (text) => GUID.test(text),
      `Enter the ${called} as the app’s Overview page in Entra shows it: 32 letters and digits in five groups.`,
    )

const clientSecret = z
  .string()
  .trim()
  .min(1, 'Enter the secret’s value.')
  .max(500)
  .refine(
    (value) => !GUID.test(value.toLowerCase()),
    'This is the secret’s ID. Enter what stands beside it under Value; Entra shows it only right after the secret was made.',
  )

const secretExpiresOn = z.iso
  .date('Enter a day, such as 2027-05-31.')
  .nullable()
  .default(null)
  .describe('The day on which the secret expires, so that it can be warned of; null where nobody says.')

export const MicrosoftAppInput = z
  .strictObject({
    clientId: guid('Application (client) ID').describe('What Entra calls the Application (client) ID.'),
    directoryId: guid('Directory (tenant) ID').describe(
      'What Entra calls the Directory (tenant) ID: the MSP’s own Microsoft tenant, in which the app is registered. A test asks there.',
    ),
    clientSecret: clientSecret
      .nullable()
      .default(null)
      .describe('The value of a client secret, not its id. Null leaves the one that is kept for this application.'),
    secretExpiresOn,
  })
  .openapi('MicrosoftAppInput')

export const MicrosoftSecretInput = z
  .strictObject({
    clientSecret: clientSecret.describe('The value of a client secret, not its id.'),
    secretExpiresOn,
  })
  .openapi('MicrosoftSecretInput')

const known = {
  clientId: z.string().describe('What Entra calls the Application (client) ID.'),
  directoryId: z.string().describe('The MSP’s own Microsoft tenant, in which the app is registered.'),
  secretExpiresOn: z.iso.date().nullable().describe('The day on which the secret expires; null where nobody said.'),
  secretStanding: z
    .enum(secretStandings)
    .describe('How the secret stands by that day, in the MSP’s time zone: `expires_soon` from 30 days before.'),
  version: z.number().int(),
}

const tenantCount = z.number().int().describe('How many tenants of customers are read with it.')

export const SavedMicrosoftApp = z.object(known).openapi('SavedMicrosoftApp')

export const MicrosoftAppRegistration = z.object({ ...known, tenantCount }).openapi('MicrosoftAppRegistration')

export const FormerMicrosoftApp = z
  .object({ id: z.string(), ...known, tenantCount })
  .openapi('FormerMicrosoftApp')
  .describe('One that was in force before, kept because tenants are still read with it.')

export const MicrosoftSettings = z
  .object({
    app: MicrosoftAppRegistration.nullable().describe(
      'The MSP’s own app registration in force; null where the deployment’s neutral one is.',
    ),
    formerApps: z.array(FormerMicrosoftApp).describe('Former ones with which tenants are still read.'),
    neutralTenantCount: z.number().int().describe('How many tenants are read with the deployment’s neutral app.'),
    removedAppTenantCount: z
      .number()
      .int()
      .describe('How many tenants cannot be read, because the app they were connected with was removed here.'),
    otherTenants: z
      .array(
        z.object({
          tenantId: z.string(),
          name: z.string(),
          customerId: z.string(),
          customerName: z.string(),
          connectedWith: z.enum(['neutral', 'former', 'removed']).describe('With what it was connected.'),
        }),
      )
      .describe(
        'Tenants that are not connected with the app in force: at most 100 of them, by name of their customers.',
      ),
    redirectUris: z.array(z.url()).describe('What is to be registered with the app as redirect URIs, of the kind Web.'),
    permissions: z.array(z.string()).describe('The application permissions of Microsoft Graph that the app needs.'),
  })
  .openapi('MicrosoftSettings')

export const MicrosoftTrial = z
  .object({
    accepted: z.boolean(),
    words: z.string().describe('What Entra said, and what to do about it.'),
    codes: z.array(z.string()).describe('Entra’s own error codes, such as AADSTS7000222.'),
  })
  .openapi('MicrosoftTrial')

export const presentMicrosoftApp = (row: MicrosoftAppRow, timeZone: string): z.infer<typeof SavedMicrosoftApp> => ({
  clientId: row.clientId,
  directoryId: row.directoryId,
  secretExpiresOn: row.expiresOn,
  secretStanding: secretStandingOf(row.expiresOn, dayOf(now(), timeZone)),
  version: row.version,
})

export const presentMicrosoftSettings = (
  { apps, inForce, counts, others }: MicrosoftSettingsRows,
  environment: Environment,
  timeZone: string,
): z.infer<typeof MicrosoftSettings> => {
  const countOf = (clientId: string | null) => counts.find((one) => one.clientId === clientId)?.tenantCount ?? 0
  const presented = (row: MicrosoftAppRow) => ({
    ...presentMicrosoftApp(row, timeZone),
    tenantCount: countOf(row.clientId),
  })
  const isKept = (clientId: string) => apps.some((app) => app.clientId === clientId)
  const signInOrigin = environment.originOf(environment.SIGN_IN_HOST)
  return {
    app: inForce === undefined ? null : presented(inForce),
    formerApps: apps.filter((row) => row !== inForce).map((row) => ({ id: row.id, ...presented(row) })),
    neutralTenantCount: countOf(null),
    removedAppTenantCount: counts
      .filter(({ clientId }) => clientId !== null && !isKept(clientId))
      .reduce((sum, { tenantCount }) => sum + tenantCount, 0),
    otherTenants: others.map(({ clientId, sortName: _, ...one }) => ({
      ...one,
      connectedWith: clientId === null ? 'neutral' : isKept(clientId) ? 'former' : 'removed',
    })),
    redirectUris: [`${signInOrigin}/microsoft/consent`, `${signInOrigin}/microsoft/callback`],
    permissions: [...GRAPH_PERMISSIONS],
  }
}

export const presentMicrosoftTrial = ({ accepted, words, codes }: AppTrial): z.infer<typeof MicrosoftTrial> => ({
  accepted,
  words,
  codes,
})
