import { api, body } from '../api/client.ts'
import type { AskedSignUp, SignUpInput } from '../api/shapes.ts'

export type { SignUpInput }

/** Answers alike for every address. Throws 422 at its fields, 429 after too many tries. */
export async function signUp(input: SignUpInput): Promise<void> {
  await api.POST('/api/auth/sign-up', { body: input })
}

/** What was signed up with the address that a link was mailed to. Throws 404 for a link that never was, 410 for one that was used or is too old. */
export async function findSignUp(token: string): Promise<AskedSignUp> {
  return body(await api.POST('/api/auth/sign-up/lookup', { body: { token } }))
}

/** Makes the MSP and signs its owner in. Throws 422 at /password when it is too weak, 404 and 410 as above, 409 when the address is taken. */
export async function confirmSignUp(token: string, password: string): Promise<void> {
  await api.POST('/api/auth/sign-up/confirmation', { body: { token, password } })
}
