import { and, asc, eq, exists, gt, inArray, isNotNull, isNull, ne, notExists, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import type { FieldChange } from '../../../db/shard/schema.ts'
import { customers, jobs, microsoftApps, msps, tenantCounts, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { tryCredentials } from '../../connectors/graph/index.ts'
import type { Environment } from '../../env.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing, stale } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { open, seal } from '../../tenancy/seal.ts'
import { sealedFor, statesLeft } from '../microsoft-apps/index.ts'
import type { MicrosoftAppRow } from '../microsoft-apps/index.ts'
import { appRemovedOf, syncTenant } from '../tenants/index.ts'
import type { MicrosoftAppInput, MicrosoftSecretInput } from './microsoft.schema.ts'
import { acceptedTrial, trialOf } from './microsoft-trial.ts'
import type { AppTrial } from './microsoft-trial.ts'

/** How many tenants that are connected with another app than the one in force are named. */
const OTHERS_MAX = 100
/** What `tenantCounts` calls the deployment's app. */
const NEUTRAL = ''

export type MicrosoftSettingsRows = {
  /** All that are kept: the one in force and former ones. */
  apps: MicrosoftAppRow[]
  inForce: MicrosoftAppRow | undefined
  /** How many tenants were connected with which; null for the deployment's. */
  counts: { clientId: string | null; tenantCount: number }[]
  others: {
    tenantId: string
    name: string
    customerId: string
    customerName: string
    sortName: string
    clientId: string | null
  }[]
}

/**
 * The MSP's own app registrations and what is read with them. One round trip, which reads no more of the tenants than it
 * names: of those with own apps first, then of those with the deployment's, in the order of their index.
 */
export const microsoftSettingsOf = async (msp: MspScope): Promise<MicrosoftSettingsRows> => {
  const inForceId = msp.select({ id: msps.microsoftClientId }).from(msps).where(msp.mine(msps))
  const isUsed = gt(tenantCounts.tenantCount, 0)
  const otherIds = msp
    .select({ id: tenantCounts.id })
    .from(tenantCounts)
    .where(
      msp.mine(tenantCounts, and(isUsed, ne(tenantCounts.id, NEUTRAL), sql`${tenantCounts.id} is not ${inForceId}`)),
    )
  const [[house], apps, counted, withOwnApps, withNeutralApp] = await msp.readAll([
    msp.select({ microsoftClientId: msps.microsoftClientId }).from(msps).where(msp.mine(msps)),
    msp.select().from(microsoftApps).where(msp.mine(microsoftApps)).orderBy(asc(microsoftApps.createdAt)),
    msp.select().from(tenantCounts).where(msp.mine(tenantCounts, isUsed)),
    othersWith(msp, inArray(tenants.clientId, otherIds)),
    othersWith(msp, isNull(tenants.clientId), isNotNull(msps.microsoftClientId)),
  ])
  if (house === undefined) throw missing('organisation')
  const others = [...withOwnApps, ...withNeutralApp].slice(0, OTHERS_MAX)
  return {
    apps,
    inForce: apps.find(({ clientId }) => clientId === house.microsoftClientId),
    counts: counted.map(({ id, tenantCount }) => ({ clientId: id === NEUTRAL ? null : id, tenantCount })),
    others: others.toSorted((one, other) => one.sortName.localeCompare(other.sortName)),
  }
}

/** The MSP's own row is read first, so that where that says no, no tenant is looked at. */
const othersWith = (msp: MspScope, condition: SQL, ofMsp?: SQL) =>
  msp
    .select({
      tenantId: tenants.id,
      name: sql<string>`${tenants.name}`.as('tenant_name'),
      customerId: sql<string>`${customers.id}`.as('its_customer'),
      customerName: sql<string>`${customers.name}`.as('customer_name'),
      sortName: customers.sortName,
      clientId: tenants.clientId,
    })
    .from(msps)
    .crossJoin(tenants)
    .innerJoin(customers, and(eq(customers.mspId, tenants.mspId), eq(customers.id, tenants.customerId)))
    .where(and(msp.mine(msps, ofMsp), msp.mine(tenants, and(isNull(tenants.removedAt), condition))))
    .orderBy(asc(tenants.clientId))
    .limit(OTHERS_MAX)

/** What changes start from: all that are kept, and the one in force. One round trip. */
const appsOf = async (msp: MspScope) => {
  const [[house], apps] = await msp.readAll([
    msp.select({ microsoftClientId: msps.microsoftClientId }).from(msps).where(msp.mine(msps)),
    msp.select().from(microsoftApps).where(msp.mine(microsoftApps)),
  ])
  return { apps, inForce: apps.find(({ clientId }) => clientId === house?.microsoftClientId) }
}

/**
 * Puts an app registration of the MSP's own in force, or gives the one in force another secret. Tenants go on being read with
 * what they were connected with: a former app is kept for as long as there are any, and comes back with its secret.
 * Problems: `stale`; `invalid` at /clientId for the deployment's own, at /clientSecret where none is kept for this application.
 */
export const saveMicrosoftApp = async (
  environment: Environment,
  msp: MspScope,
  input: z.infer<typeof MicrosoftAppInput>,
  wanted: Expected,
): Promise<MicrosoftAppRow> => {
  const { apps, inForce } = await appsOf(msp)
  refuseUnexpected(inForce, wanted)
  const { clientId, directoryId, secretExpiresOn: expiresOn } = input
  if (clientId === environment.MICROSOFT_CLIENT_ID.toLowerCase())
    throw invalidField('/clientId', 'This is the neutral app that comes with the portal. Enter one of your own.')
  const known = apps.find((app) => app.clientId === clientId)
  const id = known?.id ?? newId(now())
  const owner = sealedFor({ mspId: msp.mspId, id })
  const keptSecret = known === undefined ? undefined : await secretOf(environment, known)
  const clientSecret = input.clientSecret ?? keptSecret
  if (clientSecret === undefined)
    throw invalidField('/clientSecret', 'Enter the secret’s value: none is kept for this application.')
  const isNewSecret = clientSecret !== keptSecret
  const clientSecretSealed =
    known === undefined || isNewSecret ? await seal(environment, clientSecret, owner) : known.clientSecretSealed
  const values = { directoryId, expiresOn, clientSecretSealed }
  const changes = changesBetween(inForce, { clientId, ...values }, isNewSecret)
  if (inForce !== undefined && changes.length === 0) return inForce
  // One count for whichever is in force, so that a page that shows the former one is out of date.
  const version = Math.max(inForce?.version ?? 0, known?.version ?? 0) + 1
  const row: MicrosoftAppRow = {
    mspId: msp.mspId,
    id,
    version,
    clientId,
    createdAt: known?.createdAt ?? now(),
    ...values,
  }
  await onlyOne(
    msp.commit(
      { action: 'settings.microsoft_app_changed', subject: { kind: 'microsoft_app', id, name: clientId } },
      isStillInForce(msp, inForce),
      known === undefined
        ? msp.putAll(microsoftApps, [{ id, version, clientId, createdAt: row.createdAt, ...values }])
        : msp.changeWhere(microsoftApps, id, eq(microsoftApps.version, known.version), { ...values, version }),
      msp.changeAll(msps, undefined, { microsoftClientId: clientId }),
      msp.telling(...changes),
      // Nobody is read with what is left of former ones now, so their secrets go.
      msp.removeWhere(microsoftApps, and(ne(microsoftApps.clientId, clientId), notExists(tenantsOf(msp)))),
      ...(known === undefined ? [comeBack(msp, clientId)] : []),
      ...(isNewSecret ? wakeSyncs(msp, clientId) : []),
    ),
  )
  return row
}

/** What is told of it: the ids from before to after, of the secret only that it is another. */
const changesBetween = (
  before: MicrosoftAppRow | undefined,
  after: Pick<MicrosoftAppRow, 'clientId' | 'directoryId' | 'expiresOn'>,
  isNewSecret: boolean,
): FieldChange[] => {
  const changed = (['clientId', 'directoryId', 'expiresOn'] as const).flatMap((field) => {
    const [old, next] = [before?.[field] ?? null, after[field]]
    return old === next ? [] : [{ table: 'microsoft_apps', field, before: old, after: next }]
  })
  const isOtherSecret = isNewSecret || before?.clientId !== after.clientId
  const secret = { table: 'microsoft_apps', field: 'clientSecretSealed', after: '•••' }
  return isOtherSecret ? [...changed, { ...secret, before: before === undefined ? null : '•••' }] : changed
}

/** Whoever was quicker in putting another one in force, or in changing this one, is not overwritten. */
const isStillInForce = (msp: MspScope, inForce: MicrosoftAppRow | undefined): Write => {
  const house = msp
    .select({ id: msps.id })
    .from(msps)
    .where(msp.mine(msps, sql`${msps.microsoftClientId} is ${inForce?.clientId ?? null}`))
  if (inForce === undefined) return msp.onlyIf(exists(house))
  const row = msp
    .select({ id: microsoftApps.id })
    .from(microsoftApps)
    .where(msp.mine(microsoftApps, and(eq(microsoftApps.id, inForce.id), eq(microsoftApps.version, inForce.version))))
  return msp.onlyIf(sql`${exists(house)} and ${exists(row)}`)
}

const tenantsOf = (msp: MspScope) =>
  msp
    .select({ id: tenants.id })
    .from(tenants)
    .where(msp.mine(tenants, and(eq(tenants.clientId, microsoftApps.clientId), isNull(tenants.removedAt))))

/** Tenants whose app was removed and is here again: Microsoft knows their consent still, or the next sync finds out. */
const comeBack = (msp: MspScope, clientId: string): Write =>
  msp.changeAll(
    tenants,
    and(eq(tenants.clientId, clientId), inArray(tenants.state, statesLeft(clientId, new Set([clientId])))),
    {
      state: 'connected',
      consentLostAt: null,
      nextSyncAt: now(),
      healthDueAt: now(),
      version: sql`version + 1`,
    },
  )

/** What waits because the former secret was refused need not wait any longer. */
const wakeSyncs = (msp: MspScope, clientId: string): Write[] => {
  const isSync = (state: 'waiting' | 'parked') => and(eq(jobs.kind, syncTenant.kind), eq(jobs.state, state))
  const theirKeys = msp
    .select({ key: sql`'sync:' || ${tenants.id}` })
    .from(tenants)
    .where(msp.mine(tenants, and(eq(tenants.clientId, clientId), isNull(tenants.removedAt))))
  const gaveUp = msp
    .select({ id: jobs.id })
    .from(jobs)
    .where(msp.mine(jobs, and(isSync('parked'), sql`${jobs.naturalKey} = 'sync:' || ${tenants.id}`)))
  return [
    msp.changeAll(jobs, and(isSync('waiting'), sql`${jobs.naturalKey} in ${theirKeys}`), { dueAt: now() }),
    msp.changeAll(tenants, and(eq(tenants.clientId, clientId), eq(tenants.state, 'connected'), exists(gaveUp)), {
      nextSyncAt: now(),
    }),
  ]
}

/**
 * Takes the one in force away, with its secret: the deployment's is in force again. Whatever was connected with it cannot be
 * read until it is connected again. Problem `stale`.
 */
export const dropMicrosoftApp = async (msp: MspScope, wanted: Expected): Promise<void> => {
  const { inForce } = await appsOf(msp)
  refuseUnexpected(inForce, wanted)
  if (inForce === undefined) return
  await removing(msp, inForce, msp.changeAll(msps, undefined, { microsoftClientId: null }))
}

/** The same for one that is in force no more. Problems: `missing`, also for the one in force; `stale`. */
export const dropFormerMicrosoftApp = async (msp: MspScope, appId: string, wanted: Expected): Promise<void> => {
  const former = await formerOf(msp, appId)
  refuseUnexpected(former, wanted)
  await removing(msp, former, msp.onlyIf(isInForceNot(msp, former.clientId)))
}

/**
 * Gives one that is in force no more another secret, so that tenants go on being read with it until each is connected again.
 * Problems: `missing`, also for the one in force; `stale`.
 */
export const renewFormerMicrosoftSecret = async (
  environment: Environment,
  msp: MspScope,
  appId: string,
  { clientSecret, secretExpiresOn: expiresOn }: z.infer<typeof MicrosoftSecretInput>,
  wanted: Expected,
): Promise<MicrosoftAppRow> => {
  const former = await formerOf(msp, appId)
  refuseUnexpected(former, wanted)
  const isNewSecret = clientSecret !== (await secretOf(environment, former))
  if (!isNewSecret && former.expiresOn === expiresOn) return former
  const clientSecretSealed = isNewSecret
    ? await seal(environment, clientSecret, sealedFor(former))
    : former.clientSecretSealed
  await msp.commit(
    {
      action: 'settings.microsoft_secret_renewed',
      subject: { kind: 'microsoft_app', id: former.id, name: former.clientId },
    },
    msp.onlyIf(isInForceNot(msp, former.clientId)),
    msp.change(microsoftApps, former, { clientSecretSealed, expiresOn }),
    ...(isNewSecret ? wakeSyncs(msp, former.clientId) : []),
  )
  return { ...former, clientSecretSealed, expiresOn, version: former.version + 1 }
}

/** One that is in force no more. Problem `missing`, also for the one in force. */
const formerOf = async (msp: MspScope, appId: string): Promise<MicrosoftAppRow> => {
  const { apps, inForce } = await appsOf(msp)
  const former = apps.find(({ id }) => id === appId)
  if (former === undefined || former === inForce) throw missing('app registration')
  return former
}

const secretOf = (environment: Environment, row: MicrosoftAppRow): Promise<string> =>
  open(environment, row.clientSecretSealed, sealedFor(row))

const isInForceNot = (msp: MspScope, clientId: string): SQL =>
  exists(
    msp
      .select({ id: msps.id })
      .from(msps)
      .where(msp.mine(msps, sql`${msps.microsoftClientId} is not ${clientId}`)),
  )

const removing = (msp: MspScope, row: MicrosoftAppRow, also: Write): Promise<void> =>
  msp.commit(
    {
      action: 'settings.microsoft_app_dropped',
      subject: { kind: 'microsoft_app', id: row.id, name: row.clientId },
    },
    also,
    msp.remove(microsoftApps, row),
    msp.changeAll(
      tenants,
      and(eq(tenants.clientId, row.clientId), inArray(tenants.state, statesLeft(row.clientId, new Set()))),
      {
        state: 'app_removed',
        consentLostAt: sql`coalesce(consent_lost_at, ${now()})`,
        nextSyncAt: null,
        healthDueAt: now(),
        version: sql`version + 1`,
      },
    ),
    msp.later(appRemovedOf(row.clientId)),
  )

/** Asks Entra in the MSP's own directory for a token of the app in force, and tells what it said. Problem `conflict` without one. */
export const tryMicrosoftApp = async (environment: Environment, msp: MspScope): Promise<AppTrial> => {
  const { inForce } = await appsOf(msp)
  if (inForce === undefined)
    throw new Problem('conflict', 'There is no app registration of your own to test. Save one first.')
  return tried(environment, inForce)
}

/** The same of one that is in force no more. Problem `missing`, also for the one in force. */
export const tryFormerMicrosoftApp = async (
  environment: Environment,
  msp: MspScope,
  appId: string,
): Promise<AppTrial> => tried(environment, await formerOf(msp, appId))

const tried = async (environment: Environment, app: MicrosoftAppRow): Promise<AppTrial> => {
  try {
    await tryCredentials({
      entraUrl: environment.ENTRA_URL,
      clientId: app.clientId,
      clientSecret: await secretOf(environment, app),
      isOwnApp: true,
      tenantId: app.directoryId,
      fetch: (address, request) => fetch(address, request),
      now,
    })
    return acceptedTrial
  } catch (error) {
    return trialOf(error)
  }
}

/** Of two who add the first one at the same moment, one is told that somebody was quicker. */
const onlyOne = async (commit: Promise<void>): Promise<void> => {
  try {
    await commit
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique') throw stale()
    throw error
  }
}
