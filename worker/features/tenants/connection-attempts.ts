import { eq } from 'drizzle-orm'
import { connectionAttempts } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment, Later } from '../../env.ts'
import { groundFor } from '../../http/session.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import { open, seal } from '../../tenancy/seal.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'

export type Attempt = typeof connectionAttempts.$inferSelect

/** What a page on the way has of its request; nobody is signed in there. */
export type Setting = { environment: Environment; requestId: string; later: Later }

/** What only the sign-in's own answer can match. */
export type SignInSecrets = { nonce: string; verifier: string }

/** Consenting and signing in may take a while. */
export const ATTEMPT_MS = 30 * 60_000

/** An attempt that a state led to, and where it lives. */
export type SpentState = { msp: MspScope; customer: CustomerScope; attempt: Attempt; place: Place }
type Place = { mspId: string; shardName: string }

/** Lets the shared callback find this attempt by its state, once. */
export const keepState = async (
  environment: Environment,
  { mspId, shardName }: Place,
  attemptId: string,
  state: string,
): Promise<void> => {
  await environment.directory
    .prepare(`insert into microsoft_states (state_hash, shard, msp_id, attempt_id, expires_at) values (?, ?, ?, ?, ?)`)
    .bind(await hashOf(state), shardName, mspId, attemptId, now() + ATTEMPT_MS)
    .run()
}

/** What a state stands for, spent: one DELETE lets exactly one caller have it. */
export const spendState = async (
  setting: Setting,
  state: string | null,
  step: Attempt['step'],
): Promise<SpentState | undefined> => {
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
  return {
    msp,
    customer: msp.forCustomer(attempt.customerId),
    attempt,
    place: { mspId: row.msp_id, shardName: row.shard },
  }
}

export const newSignInSecrets = (): SignInSecrets => ({ nonce: newSecret(), verifier: newSecret() })

export const sealSecrets = (environment: Environment, mspId: string, attemptId: string, secrets: SignInSecrets) =>
  seal(environment, JSON.stringify(secrets), sealedFor(mspId, attemptId))

export const secretsOf = async (environment: Environment, { mspId, id, verifierSealed }: Attempt) =>
  JSON.parse(await open(environment, verifierSealed, sealedFor(mspId, id))) as SignInSecrets

const sealedFor = (mspId: string, rowId: string) => ({ mspId, rowId, field: 'connection_attempts.verifier' })
