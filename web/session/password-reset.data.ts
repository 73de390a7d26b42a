import { api, body } from '../api/client.ts'
import type { PasswordReset } from '../api/shapes.ts'
import { heldIn } from './session.data.ts'

export type { PasswordReset }

/** Answers the same whether or not anybody signs in here with that address. Throws 429 after too many. */
export async function requestReset(email: string): Promise<void> {
  await api.POST('/api/auth/password-reset', { body: { email } })
}

/** Whose password a link sets. Throws 404 for one that never was, 410 for one that was used or is too old. */
export async function findReset(token: string): Promise<PasswordReset> {
  return body(await api.POST('/api/auth/password-reset/lookup', { body: { token } }))
}

/** Sets the password and signs in, or answers what is held until a code comes. Throws 422 at /password when it is too weak. */
export async function acceptReset(token: string, password: string): Promise<string | undefined> {
  return heldIn(body(await api.POST('/api/auth/password-reset/acceptance', { body: { token, password } })))
}
