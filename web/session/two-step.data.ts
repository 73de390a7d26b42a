import { api, body, ifMatch } from '../api/client.ts'
import type { TwoStep, TwoStepRequirement, TwoStepSetup } from '../api/shapes.ts'

export type { TwoStep, TwoStepRequirement, TwoStepSetup }

export async function readTwoStep(): Promise<TwoStep> {
  return body(await api.GET('/api/auth/two-step'))
}

/** A new secret, shown this once. Throws 422 at /password, 409 when it is on. */
export async function beginTwoStep(password: string): Promise<TwoStepSetup> {
  return body(await api.PUT('/api/auth/two-step/setup', { body: { password } }))
}

/** Turns it on; answers the recovery codes, shown this once. Throws 422 at /code. */
export async function confirmTwoStep(code: string): Promise<string[]> {
  return body(await api.PUT('/api/auth/two-step', { body: { code } })).recoveryCodes
}

/** New recovery codes, shown this once; the earlier ones stop working. Throws 422 at /password. */
export async function renewRecoveryCodes(password: string): Promise<string[]> {
  return body(await api.PUT('/api/auth/two-step/recovery-codes', { body: { password } })).recoveryCodes
}

/** Throws 422 at /password, 409 when the MSP requires it. */
export async function turnOffTwoStep(password: string): Promise<void> {
  await api.PUT('/api/auth/two-step/removal', { body: { password } })
}

/** Throws 422 at /code, 410 when it took too long, 429 after too many tries. */
export async function signInByCode(token: string, code: string): Promise<void> {
  await api.PUT('/api/auth/session/code', { body: { token, code } })
}

export async function readRequirement(): Promise<TwoStepRequirement> {
  return body(await api.GET('/api/msp-portal/settings/two-step'))
}

/** Throws 409 for who does not use it themselves. */
export async function saveRequirement(before: TwoStepRequirement, twoStepRequired: boolean): Promise<void> {
  await api.PUT('/api/msp-portal/settings/two-step', { headers: ifMatch(before.version), body: { twoStepRequired } })
}
