import { ConnectorFault } from '../../connectors/connector.ts'
import { GraphFault } from '../../connectors/graph/index.ts'

/** What became of a test of an app registration, in words. */
export type AppTrial = { accepted: boolean; words: string; codes: string[] }

export const acceptedTrial: AppTrial = {
  accepted: true,
  words: 'Microsoft takes the application ID and the secret.',
  codes: [],
}

/** What Entra's refusal means for whoever set the app registration up. Rethrows what is none. */
export const trialOf = (error: unknown): AppTrial => {
  if (!(error instanceof ConnectorFault)) throw error
  const codes = error instanceof GraphFault ? error.codes : []
  const known = meanings.find(([number]) => codes.includes(`AADSTS${number}`))?.[1]
  return { accepted: false, words: known ?? error.message, codes }
}

/** "Microsoft Entra authentication and authorization error codes", the first that fits. */
const meanings: readonly (readonly [number: number, words: string])[] = [
  [
    7000215,
    'The secret is wrong. Enter the secret’s Value, not its Secret ID. Entra shows it only right after the secret was made: if it is gone, make a new one.',
  ],
  [7000222, 'The secret has expired. Make a new one under Certificates & secrets, and enter its value here.'],
  [
    700016,
    'There is no application with this ID in your directory. Compare both IDs with the app’s Overview page in Entra.',
  ],
  [90002, 'Microsoft knows no directory with this ID. Compare the Directory (tenant) ID with the app’s Overview page.'],
  [
    900023,
    'Microsoft knows no directory with this ID. Compare the Directory (tenant) ID with the app’s Overview page.',
  ],
  [7000112, 'The application is switched off in your directory. Switch it on under Enterprise applications.'],
  [7000218, 'The application is registered as a public client, which has no secret. Add a platform of the kind Web.'],
  [
    53003,
    'A Conditional Access rule of your own directory keeps the application out. Exclude the application from that rule.',
  ],
]
