import type { Environment } from '../env.ts'
import { mailToken } from './mail-token.ts'

/** A temporary password works this long (product.md, decision 2). */
export const TEMPORARY_PASSWORD_MS = 72 * 3_600_000

const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aiou'

/**
 * The temporary password that is mailed: 64 bits, as four words that can be read aloud, such as `lusab-babad-gutih-tugad`.
 * Made from the invitation it comes with, like the secret of a link, so that a mail sent twice carries the same one and
 * nothing but its hash is kept.
 */
export const temporaryPasswordOf = async (
  environment: Pick<Environment, 'TOKEN_KEY'>,
  mspId: string,
  invitationId: string,
): Promise<string> => spoken(await mailToken(environment, 'temporary_password', mspId, invitationId))

/** The first 64 bits of a secret, 16 to a word: consonants tell 4 bits each, the vowels between them 2. */
export const spoken = (secret: string): string => {
  const bytes = Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.codePointAt(0) ?? 0)
  return [0, 2, 4, 6]
    .map((at) => {
      const bits = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
      const consonant = (shift: number) => CONSONANTS[(bits >> shift) & 15] ?? ''
      const vowel = (shift: number) => VOWELS[(bits >> shift) & 3] ?? ''
      return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0)
    })
    .join('-')
}
