import { api } from '../api/client.ts'
import type { SignUpInput } from '../api/shapes.ts'

export type { SignUpInput }

/** Answers alike for every address. Throws 422 at its fields, 429 after too many tries. */
export async function signUp(input: SignUpInput): Promise<void> {
  await api.POST('/api/auth/sign-up', { body: input })
}

/** Makes the MSP and signs its owner in. Throws 404 for a link that never was, 410 for one that was used or is too old, 409 when the address is taken. */
export async function confirmSignUp(token: string): Promise<void> {
  await api.POST('/api/auth/sign-up/confirmation', { body: { token } })
}
