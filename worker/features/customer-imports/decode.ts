/** How the bytes of a file stand for letters. */
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252'

/**
 * What a file is by its first bytes when it cannot be a CSV, in words that follow "This is"; undefined when it may be
 * one. What its sender calls it counts for nothing.
 */
export const foundInstead = (head: Uint8Array): string | undefined => {
  const begins = (...bytes: number[]) => bytes.every((byte, position) => head[position] === byte)
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0x50, 0x4b, 0x05, 0x06)) {
    const names = new TextDecoder('latin1').decode(head)
    if (names.includes('[Content_Types].xml') || names.includes('xl/')) return 'an Excel workbook (.xlsx)'
    return 'a ZIP archive'
  }
  if (begins(0x25, 0x50, 0x44, 0x46)) return 'a PDF document'
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return 'an old Excel workbook (.xls) or another Office file'
  if (begins(0x89, 0x50, 0x4e, 0x47) || begins(0xff, 0xd8, 0xff) || begins(0x47, 0x49, 0x46, 0x38)) return 'a picture'
  if (begins(0x1f, 0x8b)) return 'a compressed file (.gz)'
  const text = decode(head, { cut: true }).text
  if (/^\s*<(?:!doctype html|html|\?xml)/i.test(text)) return 'a web page or XML file'
  return isBinary(text) ? 'a binary file' : undefined
}

/** Text as people write it holds next to no control characters but tab and line ends. */
const isBinary = (text: string): boolean =>
  (text.match(/[\0-\x08\x0e-\x1f]/g)?.length ?? 0) > text.length / 200 || text.includes('\0')

/**
 * The text of a file: by its byte order mark; UTF-16 without one by its zero bytes; UTF-8 when all of it is valid;
 * else Windows-1252. Line ends become line feeds. `cut`: the bytes are only the beginning of a file.
 */
export const decode = (bytes: Uint8Array, { cut = false } = {}): { encoding: Encoding; text: string } => {
  const encoding = encodingOf(bytes, cut)
  const text = new TextDecoder(encoding, { fatal: false, ignoreBOM: false }).decode(bytes, { stream: cut })
  return { encoding, text: text.replaceAll(/\r\n?/g, '\n') }
}

const encodingOf = (bytes: Uint8Array, cut: boolean): Encoding => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16LE'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16BE'
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'UTF-8'
  const halves = zeroBytes(bytes.subarray(0, 4096))
  // Of the two bytes of a Latin letter in UTF-16 one is zero, always the same; text in UTF-8 has none at all.
  if (halves.odd > 0.3 && halves.even < 0.05) return 'UTF-16LE'
  if (halves.even > 0.3 && halves.odd < 0.05) return 'UTF-16BE'
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes, { stream: cut })
    return 'UTF-8'
  } catch {
    return 'Windows-1252'
  }
}

/** Which part of the bytes at even and at odd places is zero. */
const zeroBytes = (bytes: Uint8Array): { even: number; odd: number } => {
  const count = [0, 0]
  bytes.forEach((byte, position) => {
    if (byte === 0) count[position % 2] = (count[position % 2] ?? 0) + 1
  })
  const pairs = Math.max(1, Math.floor(bytes.length / 2))
  return { even: (count[0] ?? 0) / pairs, odd: (count[1] ?? 0) / pairs }
}
