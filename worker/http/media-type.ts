import type { documentMediaTypes } from '../../db/shard/schema.ts'

export type MediaType = (typeof documentMediaTypes)[number]

/** How many bytes from a file's beginning tell what it is. */
export const HEAD_BYTES = 16

/**
 * What a file is, by its first bytes alone (WHATWG MIME Sniffing, sections 6.1 and 6.4): neither its name nor its sender
 * is believed. Only what browsers show without running anything of it is named; all else is a stream of octets.
 */
export const mediaTypeOf = (head: Uint8Array): MediaType => {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES))
  return signatures.find(([signature]) => signature.test(text))?.[1] ?? 'application/octet-stream'
}

const signatures: [RegExp, MediaType][] = [
  [/^%PDF-/, 'application/pdf'],
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[^]{4}WEBPVP/, 'image/webp'],
]

/** Whether a browser may show it in a tab of its own. */
export const opensInTab = (mediaType: MediaType): boolean => mediaType !== 'application/octet-stream'

/** The name to save a file under: with the ending its kind has where the name has none of that kind. */
export const downloadName = (name: string, mediaType: MediaType): string => {
  const endings = endingsOf[mediaType]
  const [usual] = endings
  return usual === undefined || endings.some((ending) => name.toLowerCase().endsWith(ending)) ? name : name + usual
}

const endingsOf: Record<MediaType, string[]> = {
  'application/pdf': ['.pdf'],
  'image/png': ['.png'],
  'image/jpeg': ['.jpg', '.jpeg', '.jpe', '.jfif'],
  'image/gif': ['.gif'],
  'image/webp': ['.webp'],
  'application/octet-stream': [],
}
