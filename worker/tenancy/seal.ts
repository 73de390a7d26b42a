import type { Environment } from '../env.ts'
import { base64url } from './ids.ts'

/** Whose secret it is; sealed with it, so that a sealed text copied to another row does not open. */
export type SealedFor = { mspId: string; rowId: string; field: string }

/** AES-GCM under the newest key; the key's id travels with the text, so that keys can rotate. */
export const seal = async (
  { SEALING_KEYS }: Pick<Environment, 'SEALING_KEYS'>,
  secret: string,
  owner: SealedFor,
): Promise<string> => {
  const [keyId, key] = Object.entries(SEALING_KEYS).at(-1) ?? []
  if (keyId === undefined || key === undefined) throw new Error('There is no sealing key.')
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: additional(owner) },
    await importKey(key, 'encrypt'),
    new TextEncoder().encode(secret),
  )
  return [keyId, base64url(iv), base64url(new Uint8Array(sealed))].join('.')
}

/** The secret again. Throws when the text was sealed for another row or with a key that is gone: both are bugs. */
export const open = async (
  { SEALING_KEYS }: Pick<Environment, 'SEALING_KEYS'>,
  sealed: string,
  owner: SealedFor,
): Promise<string> => {
  const [keyId, iv, text, ...more] = sealed.split('.')
  const key = keyId === undefined ? undefined : SEALING_KEYS[keyId]
  if (key === undefined || iv === undefined || text === undefined || more.length > 0)
    throw new Error('This was sealed with a key that is not here.')
  const opened = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: bytesOf(iv), additionalData: additional(owner) },
    await importKey(key, 'decrypt'),
    bytesOf(text),
  )
  return new TextDecoder().decode(opened)
}

/** Whether a text is sealed with the newest key, or should be sealed anew. */
export const isNewlySealed = ({ SEALING_KEYS }: Pick<Environment, 'SEALING_KEYS'>, sealed: string): boolean =>
  sealed.split('.')[0] === Object.keys(SEALING_KEYS).at(-1)

const importKey = (base64: string, use: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', bytesOf(base64), { name: 'AES-GCM' }, false, [use])

const additional = ({ mspId, rowId, field }: SealedFor) =>
  new TextEncoder().encode(JSON.stringify([mspId, rowId, field]))

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.codePointAt(0) ?? 0)
