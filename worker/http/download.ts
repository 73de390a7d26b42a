/** Where a browser puts a file: saved under a name, or shown in the tab. */
export type Disposition = 'attachment' | 'inline'

/**
 * Content-Disposition for any name that people give (RFC 6266, section 4; RFC 8187 for `filename*`). The name a browser
 * saves under leads out of no folder, hides no ending behind an override of the writing direction, and fits a disk.
 */
export const contentDisposition = (disposition: Disposition, name: string): string => {
  const safe = safeFileName(name)
  const plain = safe.replaceAll(/[^\x20-\x7e]|%/gu, '_')
  const encoded = encodeURIComponent(safe).replaceAll(
    /[*'()!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** Most disks take names of 255 bytes; a browser may add " (1)" and its own ending while it downloads. */
const NAME_BYTES_MAX = 200

/** Unseen, but letters of Persian and Hindi and families of emoji are made with them. */
const JOINERS = new Set(['\u200c', '\u200d'])

/** A name that is one on every system: Windows is the strictest, and keeps some names for itself. */
export const safeFileName = (name: string): string => {
  const cleaned = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029\ufffd]/gu, (character) => (JOINERS.has(character) ? character : ''))
    .replaceAll(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '')
  const own = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(cleaned) ? `_${cleaned}` : cleaned
  return own === '' ? 'file' : shortened(own)
}

const shortened = (name: string): string => {
  const ending = /\.[^.\s]{1,10}$/u.exec(name)?.[0] ?? ''
  const characters = Array.from(name.slice(0, name.length - ending.length))
  while (byteCount(characters.join('')) + byteCount(ending) > NAME_BYTES_MAX) characters.pop()
  return characters.join('').trimEnd() + ending
}

const byteCount = (text: string): number => new TextEncoder().encode(text).byteLength

/**
 * The part of a file that a Range header asks for (RFC 9110, section 14.2), in bytes; undefined when all of it is to be
 * sent: without the header, for several parts, or for what cannot be understood. `unsatisfiable` begins behind its end.
 */
export const rangeOf = (
  header: string | undefined,
  byteCountAll: number,
): { offset: number; length: number } | 'unsatisfiable' | undefined => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') {
    const length = Math.min(Number(last), byteCountAll)
    return length === 0 ? 'unsatisfiable' : { offset: byteCountAll - length, length }
  }
  const offset = Number(first)
  if (offset >= byteCountAll) return 'unsatisfiable'
  const end = last === '' ? byteCountAll - 1 : Math.min(Number(last), byteCountAll - 1)
  return end < offset ? undefined : { offset, length: end - offset + 1 }
}
