import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { open, seal } from '../../tenancy/seal.ts'

/** What somebody goes to Microsoft for. */
export type Purpose =
  | { kind: 'sign_in' }
  | { kind: 'invitation'; invitationId: string }
  | { kind: 'link'; personId: string; mspId: string; shard: string }

/** An MSP's own app registration, of which the client id alone leaves. */
export type AppInFlow = { mspId: string; shard: string; clientId: string }

/** A way to Microsoft and back. It travels sealed in its own state, so that beginning one writes nothing anywhere. */
export type Flow = {
  /** Where it began, and where it must end. */
  host: string
  /** Whose portal that is; null at the admin host. */
  portal: { mspId: string; shard: string; customerId: string } | null
  purpose: Purpose
  /** With whose own app registration it began; null: with the deployment's. */
  app: AppInFlow | null
  /** Of the secret that the browser's flow cookie holds. */
  flowHash: string
  nonce: string
  verifier: string
  /** A path of that host. */
  returnTo: string
  expiresAt: number
}

/** Signing in at Microsoft may take a while, with a second factor. */
export const FLOW_MS = 15 * 60_000

export const sealFlow = (environment: Environment, flow: Flow): Promise<string> =>
  seal(environment, JSON.stringify(flow), sealedAs)

/** Whether a state is one of these, and not the name of a connection that is being made. */
export const isSealedFlow = (state: string): boolean => state.includes('.')

/** What a state stands for; undefined for one that we did not make, that was changed, or that is too old. */
export const openFlow = async (environment: Environment, state: string): Promise<Flow | undefined> => {
  const text = await open(environment, state, sealedAs).catch(() => undefined)
  if (text === undefined) return undefined
  const flow = JSON.parse(text) as Flow
  return flow.expiresAt > now() ? flow : undefined
}

/** Of nobody: whose it is stands inside. */
const sealedAs = { mspId: '', rowId: '', field: 'microsoft.state' }

/** Proves that the browser that comes back is the one that left. Of its own name: a connection may be under way, too. */
export const FLOW_COOKIE = '__Host-microsoft'

export const flowCookieOf = (secret: string): string =>
  `${FLOW_COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${FLOW_MS / 1000}`

export const endedFlowCookie = `${FLOW_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/**
 * Of which MSP's staff somebody last signed in with Microsoft in this browser: the admin host is everybody's, and whose app
 * registration to ask with is to be known before who comes. It is used up by asking, and set anew by signing in: whom that app does
 * not let in comes by the deployment's next time.
 */
export const HOUSE_COOKIE = '__Host-house'

export const houseCookieOf = ({ shard, mspId }: { shard: string; mspId: string }): string =>
  `${HOUSE_COOKIE}=${shard}.${mspId}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${180 * 24 * 3600}`

export const usedHouseCookie = `${HOUSE_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/** What such a cookie names, if that may be: any text may come. */
export const houseIn = (
  environment: Environment,
  text: string | undefined,
): { shard: string; mspId: string } | undefined => {
  const [shard = '', mspId = '', ...more] = text?.split('.') ?? []
  return more.length === 0 && environment.shards.has(shard) && /^[0-9a-z]{1,64}$/.test(mspId)
    ? { shard, mspId }
    : undefined
}
