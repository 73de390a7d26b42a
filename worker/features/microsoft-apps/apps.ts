import { eq } from 'drizzle-orm'
import { microsoftApps, msps } from '../../../db/shard/schema.ts'
import type { EntraConfig } from '../../connectors/entra/index.ts'
import type { Environment } from '../../env.ts'
import { open } from '../../tenancy/seal.ts'
import type { MspScope } from '../../tenancy/scope.ts'

export type MicrosoftAppRow = typeof microsoftApps.$inferSelect

/** An application as Microsoft knows it. `isOwn`: the MSP's, which renews its secret itself; else the deployment's. */
export type MicrosoftApp = { clientId: string; clientSecret: string; isOwn: boolean }

/** The deployment's own application: in force wherever an MSP has none. */
export const neutralApp = (environment: Environment): MicrosoftApp => ({
  clientId: environment.MICROSOFT_CLIENT_ID,
  clientSecret: environment.MICROSOFT_CLIENT_SECRET,
  isOwn: false,
})

/** Of one's own app registrations the one with this client id (null: the deployment's); undefined when it was removed here. */
export const appOf = async (
  environment: Environment,
  msp: MspScope,
  clientId: string | null,
): Promise<MicrosoftApp | undefined> => {
  if (clientId === null) return neutralApp(environment)
  return opened(environment, await msp.first(microsoftApps, eq(microsoftApps.clientId, clientId)))
}

/** The same, as long as that one is in force: whatever was begun with it ends with it, or not at all. */
export const appIfInForce = async (
  environment: Environment,
  msp: MspScope,
  clientId: string | null,
): Promise<MicrosoftApp | undefined> => {
  if (clientId === null) return (await clientIdInForce(msp)) === null ? neutralApp(environment) : undefined
  const [row] = await msp
    .select({ app: microsoftApps })
    .from(microsoftApps)
    .innerJoin(msps, eq(msps.mspId, microsoftApps.mspId))
    .where(msp.mine(microsoftApps, eq(microsoftApps.clientId, msps.microsoftClientId)))
  return row?.app.clientId === clientId ? opened(environment, row.app) : undefined
}

/** The client id of one's own app registration in force; null for the deployment's. */
export const clientIdInForce = async (msp: MspScope): Promise<string | null> =>
  (await msp.first(msps, undefined))?.microsoftClientId ?? null

const opened = async (environment: Environment, row: MicrosoftAppRow | undefined): Promise<MicrosoftApp | undefined> =>
  row === undefined
    ? undefined
    : {
        clientId: row.clientId,
        clientSecret: await open(environment, row.clientSecretSealed, sealedFor(row)),
        isOwn: true,
      }

/** Whose secret it is. */
export const sealedFor = ({ mspId, id }: Pick<MicrosoftAppRow, 'mspId' | 'id'>) => ({
  mspId,
  rowId: id,
  field: 'microsoft_apps.client_secret',
})

/** How Entra is asked in the name of an application. */
export const entraOf = (environment: Environment, { clientId, clientSecret }: MicrosoftApp): EntraConfig => ({
  entraUrl: environment.ENTRA_URL,
  clientId,
  clientSecret,
})
