export type Inspection =
  | { kind: 'png' | 'jpeg'; width: number; height: number }
  /** `found` names it for a person, to follow "This is …". */
  | { kind: 'other'; found: string }

export type LogoCheck =
  | { ok: true; kind: 'png' | 'jpeg'; contentType: 'image/png' | 'image/jpeg'; width: number; height: number }
  | { ok: false; code: 'too_large' | 'wrong_kind' | 'too_many_pixels'; detail: string }

/** What a logo may measure (product.md, C1). */
export const logoLimits = { bytes: 256 * 1024, width: 502, height: 81 } as const

/** May these bytes be a logo? The detail says what was found and what would fit. */
export function checkLogo(bytes: Uint8Array): LogoCheck {
  if (bytes.length > logoLimits.bytes) {
    // Rounded up, so that one byte too many does not read "256 KB; at most 256 KB".
    const found = Math.ceil((bytes.length / 1024) * 10) / 10
    return {
      ok: false,
      code: 'too_large',
      detail: `This file is ${found} KB; at most ${logoLimits.bytes / 1024} KB fits.`,
    }
  }
  const picture = inspectImage(bytes)
  if (picture.kind === 'other') {
    return { ok: false, code: 'wrong_kind', detail: `This is ${picture.found}. A logo is a PNG or JPEG picture.` }
  }
  const { kind, width, height } = picture
  if (width > logoLimits.width || height > logoLimits.height) {
    return {
      ok: false,
      code: 'too_many_pixels',
      detail: `This picture is ${width} × ${height} px; at most ${logoLimits.width} × ${logoLimits.height} px fits.`,
    }
  }
  return { ok: true, kind, contentType: kind === 'png' ? 'image/png' : 'image/jpeg', width, height }
}

/**
 * What a file is, by its bytes alone: neither its name nor its declared type is believed.
 * One pass; nothing is decoded, and nothing is allocated by what a header claims.
 */
export function inspectImage(bytes: Uint8Array): Inspection {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (startsWith(bytes, pngSignature)) return inspectPng(bytes, data)
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return inspectJpeg(bytes, data)
  return { kind: 'other', found: nameOf(bytes) }
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const pngDamaged: Inspection = { kind: 'other', found: 'a damaged PNG picture' }
const pngCut: Inspection = { kind: 'other', found: 'a PNG picture that ends too early' }
/** Bit depths each colour type may have (PNG, third edition, table 12). */
const pngDepths: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** Signature, an IHDR that makes sense with its checksum, then every chunk by its length up to IEND. */
function inspectPng(bytes: Uint8Array, data: DataView): Inspection {
  if (bytes.length < 33) return pngCut
  if (data.getUint32(8) !== 13 || typeAt(bytes, 12) !== 'IHDR') return pngDamaged
  if (data.getUint32(29) !== crc32(bytes.subarray(12, 29))) return pngDamaged
  const width = data.getUint32(16)
  const height = data.getUint32(20)
  const depths = pngDepths[data.getUint8(25)] ?? []
  const isSane = depths.includes(data.getUint8(24)) && data.getUint8(26) === 0 && data.getUint8(27) === 0
  if (!isSane || data.getUint8(28) > 1) return pngDamaged
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff) return pngDamaged

  let hasPixels = false
  // A chunk is at least 12 bytes: the walk always advances.
  for (let at = 33; at + 12 <= bytes.length;) {
    const length = data.getUint32(at)
    const type = typeAt(bytes, at + 4)
    if (!/^[A-Za-z]{4}$/.test(type)) return pngDamaged
    if (length > bytes.length - at - 12) return pngCut
    if (type === 'IDAT' && length > 0) hasPixels = true
    if (type === 'IEND') return hasPixels ? { kind: 'png', width, height } : pngDamaged
    at += 12 + length
  }
  return pngCut
}

const jpegDamaged: Inspection = { kind: 'other', found: 'a damaged JPEG picture' }
const jpegCut: Inspection = { kind: 'other', found: 'a JPEG picture that ends too early' }
const jpegRare: Inspection = { kind: 'other', found: 'a JPEG picture of a kind that browsers do not show' }

/** Markers up to the frame header, then on through the scans to the end marker (ITU-T T.81, annex B). */
function inspectJpeg(bytes: Uint8Array, data: DataView): Inspection {
  let size: { width: number; height: number } | undefined
  let hasScan = false
  let at = 2
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) {
      // Between segments only a scan's own data may stand.
      if (!hasScan) return jpegDamaged
      const next = bytes.indexOf(0xff, at)
      if (next === -1) return jpegCut
      at = next
      continue
    }
    const marker = bytes[at + 1]
    if (marker === undefined) return jpegCut
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0x00 || (marker >= 0xd0 && marker <= 0xd7)) {
      // A stuffed byte or a restart, both part of a scan.
      if (!hasScan) return jpegDamaged
      at += 2
      continue
    }
    if (marker === 0xd9) return size !== undefined && hasScan ? { kind: 'jpeg', ...size } : jpegDamaged
    if (marker === 0xd8) return jpegDamaged
    if (marker === 0x01) {
      at += 2
      continue
    }
    if (at + 4 > bytes.length) return jpegCut
    const length = data.getUint16(at + 2)
    if (length < 2) return jpegDamaged
    if (at + 2 + length > bytes.length) return jpegCut
    if (isFrameHeader(marker)) {
      // Browsers show baseline, extended and progressive; not lossless, hierarchical or arithmetic coding.
      if (marker > 0xc2) return jpegRare
      if (size !== undefined || length < 8) return jpegDamaged
      const height = data.getUint16(at + 5)
      const width = data.getUint16(at + 7)
      const componentCount = data.getUint8(at + 9)
      if (width === 0 || height === 0 || componentCount === 0 || length !== 8 + 3 * componentCount) return jpegDamaged
      size = { width, height }
    }
    if (marker === 0xda) {
      if (size === undefined) return jpegDamaged
      hasScan = true
    }
    at += 2 + length
  }
  return jpegCut
}

/** SOF0 to SOF15 but for DHT, JPG and DAC, which share the range. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** How a file that is neither is called by the person who chose it. */
function nameOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file'
  const head = latin1(bytes.subarray(0, 64))
  for (const [signature, found] of signatures) if (signature.test(head)) return found
  const text = new TextDecoder().decode(bytes.subarray(0, 2048)).trimStart().toLowerCase()
  if (text.startsWith('<')) {
    const root = /<(?:!doctype )?(svg|html|head|body|script)(?=[\s/>])/.exec(text)?.[1]
    if (root !== undefined) return root === 'svg' ? 'an SVG file' : 'a web page'
    return text.startsWith('<?xml') ? 'an XML file' : 'not a picture we know'
  }
  return 'not a picture we know'
}

const signatures: [RegExp, string][] = [
  [/^GIF8[79]a/, 'a GIF picture'],
  [/^RIFF[^]{4}WEBP/, 'a WebP picture'],
  [/^[^]{4}ftyp(avif|avis)/, 'an AVIF picture'],
  [/^[^]{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1)/, 'a HEIC picture'],
  [/^[^]{4}ftyp/, 'a video'],
  [/^\xff\x0a|^\0\0\0\x0cJXL /, 'a JPEG XL picture'],
  [/^\0\0\0\x0cjP {2}|^\xff\x4f\xff\x51/, 'a JPEG 2000 picture'],
  [/^BM[^]{4}\0\0\0\0/, 'a BMP picture'],
  [/^\0\0\x01\0/, 'an icon file'],
  [/^II\*\0|^MM\0\*/, 'a TIFF picture'],
  [/^8BPS/, 'a Photoshop file'],
  [/^%!PS|^\xc5\xd0\xd3\xc6/, 'a PostScript file'],
  [/^%PDF-/, 'a PDF file'],
  [/^PK(\x03\x04|\x05\x06|\x07\x08)/, 'a ZIP file'],
  [/^\x1f\x8b/, 'a compressed file'],
  [/^\x89PNG|^PNG/, 'a damaged PNG picture'],
  [/^\xff\xd8/, 'a damaged JPEG picture'],
]

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((value, at) => bytes[at] === value)

const typeAt = (bytes: Uint8Array, at: number): string => latin1(bytes.subarray(at, at + 4))

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** CRC-32 as PNG uses it (annex D), bit by bit: it only ever sees 17 bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
