import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { connectionAttempts, customers, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import {
  CONSENTING_ROLE_IDS,
  adminConsentUrl,
  redeemCode,
  resolveTenant,
  signInUrl,
} from '../../connectors/entra/index.ts'
import type { EntraConfig } from '../../connectors/entra/index.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField } from '../../http/problem.ts'
import { groundFor } from '../../http/session.ts'
import { hashOf, newId, newSecret } from '../../tenancy/ids.ts'
import { open, seal } from '../../tenancy/seal.ts'
import { ANSWER_WITH_SECRET, forMsp } from '../../tenancy/scope.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { rewriteWords, searchWordsOf } from '../customers/index.ts'
import { syncOf } from './sync.jobs.ts'

export type TenantRow = typeof tenants.$inferSelect
type Attempt = typeof connectionAttempts.$inferSelect

/** Consenting and signing in may take a while; the code at the end is redeemed at once. */
const ATTEMPT_MS = 30 * 60_000
const CODE_MS = 60_000

/**
 * Begins to connect a Microsoft 365 tenant to a customer: answers where to send the administrator, and the secret for
 * the flow cookie of the browser that began it. Nothing is connected by this.
 * Problems: `missing`; `invalid` at /tenant; `conflict` when somebody of this MSP holds the tenant.
 */
export const beginConnection = async (
  environment: Environment,
  msp: MspScope,
  staffId: string,
  customerId: string,
  tenantText: string,
): Promise<{ url: string; flowSecret: string; domain: string }> => {
  const customerRow = await msp.find(customers, customerId, 'customer')
  if (customerRow.state === 'archived') throw new Problem('conflict', 'This customer is archived. Restore it first.')
  const found = await resolving(environment, tenantText)
  await refuseHeldTenant(msp, customerId, found.tenantId)

  const secrets = { state: newSecret(), flow: newSecret(), nonce: newSecret(), verifier: newSecret() }
  const id = newId(now())
  const customer = msp.forCustomer(customerId)
  await customer.commit(
    {
      action: 'tenant.connection_begun',
      subject: { kind: 'customer', id: customerId, name: found.domain },
      answer: ANSWER_WITH_SECRET,
    },
    customer.add(connectionAttempts, {
      id,
      staffId,
      entraTenantId: found.tenantId,
      domain: found.domain,
      stateHash: await hashOf(secrets.state),
      flowHash: await hashOf(secrets.flow),
      nonceHash: await hashOf(secrets.nonce),
      verifierSealed: await seal(
        environment,
        JSON.stringify({ nonce: secrets.nonce, verifier: secrets.verifier }),
        sealedFor(msp.mspId, id),
      ),
      step: 'started',
      expiresAt: now() + ATTEMPT_MS,
      createdAt: now(),
    }),
  )
  await keepState(environment, msp, id, secrets.state)
  const url = adminConsentUrl(entraOf(environment), found.tenantId, consentUri(environment), secrets.state)
  return { url, flowSecret: secrets.flow, domain: found.domain }
}

type Setting = { environment: Environment; requestId: string; later: (work: Promise<unknown>) => void }

/** Where the shared callback sends the browser next. */
export type NextStop =
  | { kind: 'elsewhere'; url: string }
  /** Back to the admin host, with a one-time code or with what went wrong. */
  | { kind: 'admin'; customerId: string; code: string }
  | { kind: 'refused'; customerId: string; reason: Refusal }
  /** The state is unknown, spent or too old: nothing is known about anybody. */
  | { kind: 'unknown' }

export type Refusal = 'declined' | 'other_tenant' | 'not_an_administrator' | 'unverified' | 'unreachable'

/**
 * The administrator comes back from Microsoft's consent page. What it says is anybody's to type, so all it does is
 * spend the state and send them to sign in.
 */
export const afterConsent = async (setting: Setting, parameters: URLSearchParams): Promise<NextStop> => {
  const spent = await spendState(setting, parameters.get('state'), 'started')
  if (spent === undefined) return { kind: 'unknown' }
  const { customer, attempt, mspId } = spent
  if (parameters.has('error') || parameters.get('admin_consent')?.toLowerCase() !== 'true')
    return refuse(customer, attempt, 'declined')
  if (parameters.get('tenant')?.toLowerCase() !== attempt.entraTenantId)
    return refuse(customer, attempt, 'other_tenant')
  const state = newSecret()
  await customer.record(
    customer.changeWhere(connectionAttempts, attempt.id, eq(connectionAttempts.step, 'started'), {
      step: 'consented',
      stateHash: await hashOf(state),
    }),
  )
  await keepState(setting.environment, { mspId, shardName: spent.shard }, attempt.id, state)
  const secrets = await secretsOf(setting.environment, mspId, attempt)
  const { environment } = setting
  return {
    kind: 'elsewhere',
    url: await signInUrl(entraOf(environment), attempt.entraTenantId, callbackUri(environment), { state, ...secrets }),
  }
}

/** The administrator comes back from signing in: the proof. It is kept for the browser that began, which redeems it. */
export const afterSignIn = async (setting: Setting, url: URL): Promise<NextStop> => {
  const { environment } = setting
  const state = url.searchParams.get('state')
  const spent = await spendState(setting, state, 'consented')
  if (spent === undefined || state === null) return { kind: 'unknown' }
  const { customer, attempt, mspId } = spent
  if (url.searchParams.has('error')) return refuse(customer, attempt, 'declined')
  let proof
  try {
    const callback = { url, redirectUri: callbackUri(environment), state }
    proof = await redeemCode(
      entraOf(environment),
      attempt.entraTenantId,
      callback,
      await secretsOf(environment, mspId, attempt),
    )
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    console.warn({ connection: attempt.id, refused: error.message })
    return refuse(customer, attempt, error.kind === 'down' ? 'unreachable' : 'unverified')
  }
  if (!proof.roleIds.some((id) => CONSENTING_ROLE_IDS.has(id))) return refuse(customer, attempt, 'not_an_administrator')
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

/**
 * The browser that began comes back with the one-time code: only with its flow cookie and the session of the same
 * person is the tenant connected, and its first sync queued, in one commit.
 * Problems: `gone` when any of it does not fit; `conflict` when somebody took the tenant meanwhile.
 */
export const completeConnection = async (
  msp: MspScope,
  staffId: string,
  code: string,
  flowSecret: string,
): Promise<{ customerId: string }> => {
  const [attemptId, secret] = code.split('.')
  if (attemptId === undefined || secret === undefined) throw outOfDate()
  const attempt = await msp.first(connectionAttempts, eq(connectionAttempts.id, attemptId))
  if (attempt === undefined || attempt.staffId !== staffId || attempt.step !== 'proven') throw outOfDate()
  if (attempt.codeHash !== (await hashOf(secret)) || attempt.flowHash !== (await hashOf(flowSecret))) throw outOfDate()

  const customer = msp.forCustomer(attempt.customerId)
  const customerRow = await customer.find(customers, attempt.customerId, 'customer')
  const tenantId = newId(now())
  const open = and(eq(connectionAttempts.step, 'proven'), gt(connectionAttempts.codeExpiresAt, now()))
  const words = await searchWordsOf(customer, customerRow, { domains: [attempt.domain] })
  try {
    await customer.commit(
      { action: 'tenant.connected', subject: { kind: 'tenant', id: tenantId, name: attempt.domain } },
      customer.changeWhere(connectionAttempts, attempt.id, open, { step: 'connected' }),
      ...(await connecting(customer, attempt, tenantId)),
      ...rewriteWords(customer, words),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw outOfDate()
    if (error instanceof Refused && error.kind === 'unique')
      await refuseHeldTenant(msp, attempt.customerId, attempt.entraTenantId)
    throw error
  }
  return { customerId: attempt.customerId }
}

/** Consent that was lost is given again on the same row, with its history; otherwise a new association begins. */
const connecting = async (customer: CustomerScope, attempt: Attempt, newTenantId: string) => {
  const lost = await customer.first(
    tenants,
    and(eq(tenants.entraTenantId, attempt.entraTenantId), isNull(tenants.removedAt)),
  )
  const connected = {
    state: 'connected' as const,
    consentLostAt: null,
    connectedAt: now(),
    connectedBy: attempt.provenBy ?? '',
    nextSyncAt: now(),
  }
  const job = (id: string) => customer.later(syncOf(customer.customerId, id, attempt.domain))
  if (lost !== undefined && lost.state === 'consent_lost')
    return [customer.change(tenants, lost, connected), job(lost.id)]
  const row = {
    id: newTenantId,
    entraTenantId: attempt.entraTenantId,
    name: attempt.domain,
    domain: attempt.domain,
    ...connected,
  }
  return [
    customer.add(tenants, row),
    customer.changeAll(customers, undefined, { tenantCount: sql`tenant_count + 1` }),
    job(newTenantId),
  ]
}

const resolving = async (environment: Environment, tenantText: string) => {
  try {
    const found = await resolveTenant(entraOf(environment), tenantText)
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

const refuseHeldTenant = async (msp: MspScope, customerId: string, entraTenantId: string): Promise<void> => {
  const held = await msp.first(tenants, and(eq(tenants.entraTenantId, entraTenantId), isNull(tenants.removedAt)))
  if (held === undefined) return
  if (held.customerId === customerId) {
    if (held.state === 'consent_lost') return
    throw new Problem('conflict', 'This tenant is connected to this customer already.')
  }
  const holder = await msp.find(customers, held.customerId, 'customer')
  throw new Problem('conflict', `This tenant belongs to ${holder.name}. Remove it there first.`)
}

/** What a state stands for, spent: one DELETE lets exactly one caller have it. */
const spendState = async (setting: Setting, state: string | null, step: Attempt['step']) => {
  if (state === null || state.length > 200) return undefined
  const { environment } = setting
  const { results } = await environment.directory
    .prepare(`delete from microsoft_states where state_hash = ? returning shard, msp_id, attempt_id, expires_at`)
    .bind(await hashOf(state))
    .run<{ shard: string; msp_id: string; attempt_id: string; expires_at: number }>()
  const [row] = results
  if (row === undefined || row.expires_at <= now() || !environment.shards.has(row.shard)) return undefined
  const actor = { kind: 'visitor' as const, id: 'microsoft', name: 'Microsoft sign-in' }
  const msp = forMsp(groundFor(setting, row.shard, actor), row.msp_id)
  const attempt = await msp.first(connectionAttempts, eq(connectionAttempts.id, row.attempt_id))
  if (attempt === undefined || attempt.step !== step || attempt.expiresAt <= now()) return undefined
  return { customer: msp.forCustomer(attempt.customerId), attempt, mspId: row.msp_id, shard: row.shard }
}

const keepState = async (
  environment: Environment,
  { mspId, shardName }: { mspId: string; shardName: string },
  attemptId: string,
  state: string,
) => {
  await environment.directory
    .prepare(`insert into microsoft_states (state_hash, shard, msp_id, attempt_id, expires_at) values (?, ?, ?, ?, ?)`)
    .bind(await hashOf(state), shardName, mspId, attemptId, now() + ATTEMPT_MS)
    .run()
}

const refuse = async (customer: CustomerScope, attempt: Attempt, reason: Refusal): Promise<NextStop> => {
  await customer.record(customer.changeWhere(connectionAttempts, attempt.id, undefined, { step: 'refused' }))
  return { kind: 'refused', customerId: attempt.customerId, reason }
}

const secretsOf = async (
  environment: Environment,
  mspId: string,
  attempt: Attempt,
): Promise<{ nonce: string; verifier: string }> =>
  JSON.parse(await open(environment, attempt.verifierSealed, sealedFor(mspId, attempt.id))) as {
    nonce: string
    verifier: string
  }

const sealedFor = (mspId: string, rowId: string) => ({ mspId, rowId, field: 'connection_attempts.verifier' })

const entraOf = (environment: Environment): EntraConfig => ({
  entraUrl: environment.ENTRA_URL,
  clientId: environment.MICROSOFT_CLIENT_ID,
  clientSecret: environment.MICROSOFT_CLIENT_SECRET,
})

const consentUri = (environment: Environment) => `${environment.originOf(environment.SIGN_IN_HOST)}/microsoft/consent`
const callbackUri = (environment: Environment) => `${environment.originOf(environment.SIGN_IN_HOST)}/microsoft/callback`

const outOfDate = () =>
  new Problem('gone', 'This connection was not finished in time, or in another browser. Start it again.')
