const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A new id: sorts by time (48 bits of milliseconds), then 130 random bits. 36 characters of Crockford's base 32. */
export const newId = (nowMs: number): string => {
  let text = timePartOf(nowMs)
  for (const byte of crypto.getRandomValues(new Uint8Array(26))) text += ALPHABET[byte % 32] ?? ''
  return text
}

/** What ids of that moment begin with: every id made before it sorts before this. */
export const timePartOf = (nowMs: number): string => {
  let text = ''
  for (let rest = nowMs, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32)) {
    text = (ALPHABET[rest % 32] ?? '') + text
  }
  return text
}

/** Something short that people tell things apart by: 6 characters of the same alphabet. */
export const newHandle = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => ALPHABET[byte % 32] ?? '').join('')

/** A secret for a cookie or a mail: 256 random bits, base64url. */
export const newSecret = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** What is stored of a secret: its SHA-256, base64url. */
export const hashOf = async (secret: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))))

export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** HMAC-SHA-256 under a base64 key from the environment, base64url. */
export const hmacOf = async (keyBase64: string, text: string): Promise<string> => {
  const bytes = Uint8Array.from(atob(keyBase64), (character) => character.codePointAt(0) ?? 0)
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))))
}
