const STEP_MS = 30_000
/** A clock may be one step off in either direction (RFC 6238, section 5.2). */
const DRIFT_STEPS = 1
const SECRET_BYTE_COUNT = 20
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export type TotpHash = 'SHA-1' | 'SHA-256' | 'SHA-512'

/** A secret as authenticator apps take it: 160 random bits (RFC 4226, section 4) in base 32. */
export const newTotpSecret = (): string => base32(crypto.getRandomValues(new Uint8Array(SECRET_BYTE_COUNT)))

export const stepAt = (nowMs: number): number => Math.floor(nowMs / STEP_MS)

/** The code of a step (RFC 6238, section 4; RFC 4226, section 5.3). */
export const codeAt = async (
  secret: Uint8Array<ArrayBuffer>,
  step: number,
  digitCount = 6,
  hash: TotpHash = 'SHA-1',
): Promise<string> => {
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign'])
  const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer))
  const offset = digest.getUint8(digest.byteLength - 1) & 0xf
  return String((digest.getUint32(offset) & 0x7fffffff) % 10 ** digitCount).padStart(digitCount, '0')
}

/** The step whose code this is, now or one step off; undefined for a wrong code and for one of a step that was used or is past. */
export const stepOf = async (
  secretBase32: string,
  code: string,
  nowMs: number,
  lastStep: number | null,
): Promise<number | undefined> => {
  const secret = fromBase32(secretBase32)
  let found: number | undefined
  for (let step = stepAt(nowMs) - DRIFT_STEPS; step <= stepAt(nowMs) + DRIFT_STEPS; step += 1)
    if ((await codeAt(secret, step)) === code && step > (lastStep ?? -1)) found ??= step
  return found
}

/** What an authenticator app reads from the picture: the account, and whose it is. */
export const otpauthOf = (secret: string, issuer: string, account: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`

export const base32 = (bytes: Uint8Array): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => BASE32[parseInt(group.padEnd(5, '0'), 2)] ?? '').join('')
}

export const fromBase32 = (text: string): Uint8Array<ArrayBuffer> => {
  const bits = Array.from(text, (letter) => {
    const value = BASE32.indexOf(letter)
    if (value < 0) throw new Error('This is not base 32.')
    return value.toString(2).padStart(5, '0')
  }).join('')
  return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, at) =>
    parseInt(bits.slice(at * 8, at * 8 + 8), 2),
  )
}
