import { and, eq, exists, gt, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { connectionAttempts, customers, msps, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import {
  AppRefused,
  CONSENTING_ROLE_IDS,
  adminConsentUrl,
  redeemCode,
  resolveTenant,
  signInUrl,
} from '../../connectors/entra/index.ts'
import type { SignedInAdmin } from '../../connectors/entra/index.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField } from '../../http/problem.ts'
import { hashOf, newId, newSecret } from '../../tenancy/ids.ts'
import { ANSWER_WITH_SECRET } from '../../tenancy/scope.ts'
import type { CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import { changeWords, wordsOfTenant } from '../customers/index.ts'
import { appIfInForce, clientIdInForce, entraOf, isUnreadable, unreadableStates } from '../microsoft-apps/index.ts'
import type { MicrosoftApp } from '../microsoft-apps/index.ts'
import { ATTEMPT_MS, keepState, newSignInSecrets, sealSecrets, secretsOf, spendState } from './connection-attempts.ts'
import type { Attempt, Setting, SpentState } from './connection-attempts.ts'
import { customerSummary, healthAfter, healthAtFirst, healthColumns } from './summary.ts'
import { isServed } from './sync-end.ts'
import { syncOf } from './sync.jobs.ts'

/** The code at the end is redeemed at once. */
const CODE_MS = 60_000

/**
 * Begins to connect a Microsoft 365 tenant to a customer, with the app registration in force (null: the deployment's):
 * answers where to send the administrator, and the secret for the flow cookie of the browser that began it. Nothing is
 * connected by this.
 * Problems: `missing`; `invalid` at /tenant; `conflict` when somebody of this MSP holds the tenant.
 */
export const beginConnection = async (
  environment: Environment,
  msp: MspScope,
  { staffId, clientId }: { staffId: string; clientId: string | null },
  customerId: string,
  tenantText: string,
): Promise<{ url: string; flowSecret: string; domain: string }> => {
  const found = await resolving(environment, tenantText).catch(async (error: unknown) => {
    await refuseUnusable(msp, customerId)
    throw error
  })
  const [state, flowSecret, secrets] = [newSecret(), newSecret(), newSignInSecrets()]
  const id = newId(now())
  try {
    await msp.commit(
      {
        action: 'tenant.connection_begun',
        subject: { kind: 'customer', id: customerId, name: found.domain },
        customerId,
        answer: ANSWER_WITH_SECRET,
      },
      // What speaks against it is looked for inside the commit, and read only where it is to be told.
      msp.onlyIf(isFree(msp, customerId, { entraTenantId: found.tenantId, clientId })),
      msp.add(connectionAttempts, {
        id,
        customerId,
        staffId,
        clientId,
        entraTenantId: found.tenantId,
        domain: found.domain,
        stateHash: await hashOf(state),
        flowHash: await hashOf(flowSecret),
        nonceHash: await hashOf(secrets.nonce),
        verifierSealed: await sealSecrets(environment, msp.mspId, id, secrets),
        step: 'started',
        expiresAt: now() + ATTEMPT_MS,
        createdAt: now(),
      }),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') {
      await refuseUnusable(msp, customerId)
      await refuseHeldTenant(msp, customerId, { entraTenantId: found.tenantId, clientId })
    }
    throw error
  }
  await keepState(environment, msp, id, state)
  const app = { entraUrl: environment.ENTRA_URL, clientId: clientId ?? environment.MICROSOFT_CLIENT_ID }
  const url = adminConsentUrl(app, found.tenantId, consentUri(environment), state)
  return { url, flowSecret, domain: found.domain }
}

/** Where the shared callback sends the browser next. */
export type NextStop =
  | { kind: 'elsewhere'; url: string }
  /** Back to the admin host, with a one-time code or with what went wrong. */
  | { kind: 'admin'; customerId: string; code: string }
  | { kind: 'refused'; customerId: string; reason: Refusal }
  /** The state is unknown, spent or too old: nothing is known about anybody. */
  | { kind: 'unknown' }

export type Refusal =
  | 'declined'
  | 'other_tenant'
  | 'not_an_administrator'
  | 'unverified'
  | 'unreachable'
  /** Another app registration is in force than when it began. */
  | 'app_changed'
  /** Microsoft does not take the app registration's own credentials. */
  | 'app_refused'

/**
 * The administrator comes back from Microsoft's consent page. What it says is anybody's to type, so all it does is
 * spend the state and send them to sign in.
 */
export const afterConsent = async (setting: Setting, parameters: URLSearchParams): Promise<NextStop> => {
  const spent = await spendState(setting, parameters.get('state'), 'started')
  if (spent === undefined) return { kind: 'unknown' }
  const { environment } = setting
  const { msp, customer, attempt } = spent
  const app = await appIfInForce(environment, msp, attempt.clientId)
  if (app === undefined) return refuse(spent, 'app_changed')
  if (parameters.has('error') || parameters.get('admin_consent')?.toLowerCase() !== 'true')
    return refuse(spent, 'declined')
  if (parameters.get('tenant')?.toLowerCase() !== attempt.entraTenantId) return refuse(spent, 'other_tenant')
  const state = newSecret()
  await customer.record(
    customer.changeWhere(connectionAttempts, attempt.id, eq(connectionAttempts.step, 'started'), {
      step: 'consented',
      stateHash: await hashOf(state),
    }),
  )
  await keepState(environment, spent.place, attempt.id, state)
  const asked = { state, ...(await secretsOf(environment, attempt)) }
  const url = await signInUrl(entraOf(environment, app), attempt.entraTenantId, callbackUri(environment), asked)
  return { kind: 'elsewhere', url }
}

/** The administrator comes back from signing in: the proof. It is kept for the browser that began, which redeems it. */
export const afterSignIn = async (setting: Setting, url: URL): Promise<NextStop> => {
  const state = url.searchParams.get('state')
  const spent = await spendState(setting, state, 'consented')
  if (spent === undefined || state === null) return { kind: 'unknown' }
  if (url.searchParams.has('error')) return refuse(spent, 'declined')
  const { msp, customer, attempt } = spent
  const app = await appIfInForce(setting.environment, msp, attempt.clientId)
  if (app === undefined) return refuse(spent, 'app_changed')
  const proof = await proving(setting.environment, app, attempt, url, state)
  if (typeof proof === 'string') return refuse(spent, proof)
  const code = newSecret()
  await customer.record(
    customer.changeWhere(connectionAttempts, attempt.id, eq(connectionAttempts.step, 'consented'), {
      step: 'proven',
      provenBy: proof.name,
      codeHash: await hashOf(code),
      codeExpiresAt: now() + CODE_MS,
    }),
  )
  return { kind: 'admin', customerId: attempt.customerId, code: `${attempt.id}.${code}` }
}

/** Who signed in, if that is an administrator of the very tenant; otherwise why it proves nothing. */
const proving = async (
  environment: Environment,
  app: MicrosoftApp,
  attempt: Attempt,
  url: URL,
  state: string,
): Promise<SignedInAdmin | Refusal> => {
  try {
    const callback = { url, redirectUri: callbackUri(environment), state }
    const secrets = await secretsOf(environment, attempt)
    const proof = await redeemCode(entraOf(environment, app), attempt.entraTenantId, callback, secrets)
    return proof.roleIds.some((id) => CONSENTING_ROLE_IDS.has(id)) ? proof : 'not_an_administrator'
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    console.warn({ connection: attempt.id, refused: error.message })
    if (error instanceof AppRefused) return 'app_refused'
    return error.kind === 'down' ? 'unreachable' : 'unverified'
  }
}

/**
 * The browser that began comes back with the one-time code: only with its flow cookie and the session of the same
 * person is the tenant connected, and its first sync queued, in one commit.
 * Answers `app_changed` when another app registration is in force by now. Problems: `gone` when any of it does not fit, or the
 * customer was archived; `conflict` when somebody took the tenant meanwhile.
 */
export const completeConnection = async (
  msp: MspScope,
  staffId: string,
  code: string,
  flowSecret: string,
): Promise<{ customerId: string; outcome: 'connected' | 'app_changed' }> => {
  const [attemptId, secret] = code.split('.')
  if (attemptId === undefined || secret === undefined) throw outOfDate()
  const attempt = await msp.first(connectionAttempts, eq(connectionAttempts.id, attemptId))
  if (attempt === undefined || attempt.staffId !== staffId || attempt.step !== 'proven') throw outOfDate()
  if (attempt.codeHash !== (await hashOf(secret)) || attempt.flowHash !== (await hashOf(flowSecret))) throw outOfDate()

  const customer = msp.forCustomer(attempt.customerId)
  const customerRow = await customer.find(customers, attempt.customerId, 'customer')
  if (customerRow.state === 'archived') throw outOfDate()
  const open = and(eq(connectionAttempts.step, 'proven'), gt(connectionAttempts.codeExpiresAt, now()))
  const { tenantId, words, writes } = await connecting(customer, attempt)
  try {
    await customer.commit(
      { action: 'tenant.connected', subject: { kind: 'tenant', id: tenantId, name: attempt.domain } },
      customer.changeWhere(connectionAttempts, attempt.id, open, { step: 'connected' }),
      customer.onlyIf(isServed(customer)),
      customer.onlyIf(isInForce(customer, attempt.clientId)),
      ...writes,
      customerSummary(customer, now()),
      customer.later(syncOf(customer.customerId, tenantId, attempt.domain)),
      ...changeWords(customer, tenantId, words),
    )
  } catch (error) {
    const isStale = error instanceof Problem && error.code === 'stale'
    if (isStale && (await clientIdInForce(msp)) !== attempt.clientId)
      return { customerId: attempt.customerId, outcome: 'app_changed' }
    // Also where the customer was archived meanwhile.
    if (error instanceof Problem && (error.code === 'stale' || error.code === 'conflict')) throw outOfDate()
    if (error instanceof Refused && error.kind === 'unique') await refuseHeldTenant(msp, attempt.customerId, attempt)
    throw error
  }
  return { customerId: attempt.customerId, outcome: 'connected' }
}

const isInForce = (customer: CustomerScope, clientId: string | null): SQL =>
  exists(
    customer
      .select({ id: msps.id })
      .from(msps)
      .where(customer.mine(msps, sql`${msps.microsoftClientId} is ${clientId}`)),
  )

/**
 * A tenant that can be read no more, or was connected with another app registration than the one in force, goes on in the
 * same row with its history; otherwise a new association begins.
 */
const connecting = async (
  customer: CustomerScope,
  attempt: Attempt,
): Promise<{ tenantId: string; words: string[]; writes: Write[] }> => {
  const at = now()
  const connected = {
    state: 'connected' as const,
    consentLostAt: null,
    connectedAt: at,
    connectedBy: attempt.provenBy ?? '',
    clientId: attempt.clientId,
    nextSyncAt: at,
  }
  const held = await customer.first(
    tenants,
    and(eq(tenants.entraTenantId, attempt.entraTenantId), isToBeConnectedAgain(attempt.clientId)),
  )
  if (held !== undefined) {
    const health = await healthAfter(customer.forTenant(held.id), { ...held, ...connected }, at)
    const again = {
      ...connected,
      // What Microsoft told one application to go on from, it told that one.
      userCursor: held.clientId === attempt.clientId ? held.userCursor : null,
      ...healthColumns(health, at, held),
    }
    return { tenantId: held.id, words: wordsOfTenant(held), writes: [customer.change(tenants, held, again)] }
  }
  const tenantId = newId(at)
  const { domain, entraTenantId } = attempt
  const fresh = { id: tenantId, entraTenantId, name: domain, domain, healthRank: 3, healthSince: null }
  const health = healthColumns(healthAtFirst(tenantId, domain, at), at, fresh)
  return {
    tenantId,
    words: wordsOfTenant({ name: domain, domain }),
    writes: [
      customer.add(tenants, { ...fresh, ...connected, ...health }),
      customer.changeAll(customers, undefined, { tenantCount: sql`tenant_count + 1` }),
    ],
  }
}

const resolving = async (environment: Environment, tenantText: string) => {
  try {
    const found = await resolveTenant({ entraUrl: environment.ENTRA_URL }, tenantText)
    if (found === undefined)
      throw invalidField(
        '/tenant',
        'Microsoft knows no tenant of this name. Enter one of its domains, such as company.com.',
      )
    return found
  } catch (error) {
    if (error instanceof ConnectorFault)
      throw new Problem('unavailable', `${error.message} Try again in a minute.`, { retryAfterSeconds: 60 })
    throw error
  }
}

type Wanted = { entraTenantId: string; clientId: string | null }

/** Of the tenants that a customer has: those that cannot be read, or are read with another app registration than this one. */
const isToBeConnectedAgain = (clientId: string | null) =>
  and(
    isNull(tenants.removedAt),
    or(inArray(tenants.state, [...unreadableStates]), sql`${tenants.clientId} is not ${clientId}`),
  )

/** Whether the customer may connect this tenant: it is not archived, and nobody has the tenant, or it has and is to connect it again. */
const isFree = (msp: MspScope, customerId: string, { entraTenantId, clientId }: Wanted): SQL => {
  const usable = msp.mine(customers, and(eq(customers.id, customerId), ne(customers.state, 'archived')))
  const again = and(eq(tenants.customerId, customerId), isToBeConnectedAgain(clientId))
  const held = msp.mine(
    tenants,
    and(eq(tenants.entraTenantId, entraTenantId), isNull(tenants.removedAt), sql`not (${again})`),
  )
  return sql`exists (select 1 from ${customers} where ${usable}) and not exists (select 1 from ${tenants} where ${held})`
}

const refuseUnusable = async (msp: MspScope, customerId: string): Promise<void> => {
  const { state } = await msp.find(customers, customerId, 'customer')
  if (state === 'archived') throw new Problem('conflict', 'This customer is archived. Restore it first.')
}

const refuseHeldTenant = async (
  msp: MspScope,
  customerId: string,
  { entraTenantId, clientId }: Wanted,
): Promise<void> => {
  const held = await msp.first(tenants, and(eq(tenants.entraTenantId, entraTenantId), isNull(tenants.removedAt)))
  if (held === undefined) return
  if (held.customerId === customerId) {
    if (isUnreadable(held.state) || held.clientId !== clientId) return
    throw new Problem('conflict', 'This tenant is connected to this customer already.')
  }
  const holder = await msp.find(customers, held.customerId, 'customer')
  throw new Problem('conflict', `This tenant belongs to ${holder.name}. Disconnect it there first.`)
}

const refuse = async ({ customer, attempt }: SpentState, reason: Refusal): Promise<NextStop> => {
  await customer.record(customer.changeWhere(connectionAttempts, attempt.id, undefined, { step: 'refused' }))
  return { kind: 'refused', customerId: attempt.customerId, reason }
}

const consentUri = (environment: Environment) => `${environment.originOf(environment.SIGN_IN_HOST)}/microsoft/consent`
const callbackUri = (environment: Environment) => `${environment.originOf(environment.SIGN_IN_HOST)}/microsoft/callback`

const outOfDate = () =>
  new Problem('gone', 'This connection was not finished in time, or in another browser. Start it again.')
