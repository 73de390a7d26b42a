import { api, body } from '../api/client.ts'
import type { CodeNeeded, Invitation } from '../api/shapes.ts'

export type Credentials = { email: string; password: string }

/**
 * Opens a session; the cookie comes with the answer. Answers what is held until a code comes, where one is needed.
 * Throws 401 for any wrong pair, 429 after too many tries.
 */
export async function signIn(credentials: Credentials): Promise<string | undefined> {
  return heldIn(body(await api.PUT('/api/auth/session', { body: credentials })))
}

/** What goes back with the code, when an answer asks for one. */
export const heldIn = (answer: object | CodeNeeded): string | undefined =>
  'codeNeeded' in answer ? answer.token : undefined

export async function signOut(): Promise<void> {
  await api.DELETE('/api/auth/session')
}

/** Who an invitation is for. Throws 404 for a token that never was, 410 for one that was used or is too old. */
export async function findInvitation(token: string): Promise<Invitation> {
  return body(await api.POST('/api/auth/invitation/lookup', { body: { token } }))
}

/** Sets the password and signs in. Throws 422 at /password when it is too weak. */
export async function acceptInvitation(token: string, password: string): Promise<void> {
  await api.POST('/api/auth/invitation/acceptance', { body: { token, password } })
}

/** Has a fresh invitation mailed in place of one that has expired; the answer is the same for every token. */
export async function renewInvitation(token: string): Promise<void> {
  await api.POST('/api/auth/invitation/renewal', { body: { token } })
}

/** Puts one's own password in place of a temporary one, and signs in. Throws 422 at /password, 401 when it is over. */
export async function replaceTemporaryPassword(temporary: Credentials, password: string): Promise<void> {
  await api.POST('/api/auth/temporary-password/replacement', {
    body: { email: temporary.email, temporaryPassword: temporary.password, password },
  })
}
