import { describe, expect, it } from 'vitest'
import { checkLogo, inspectImage, logoLimits } from './image.ts'
import { ascii, bytes, chunk, fromBase64, join, jpeg, patched, png, segment } from './pictures.stage.ts'

/** A real PNG of one grey pixel row, 2 × 1 px. */
const tinyPng = fromBase64(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNo+A8AAgIBgG5WixMAAAAASUVORK5CYII=',
)

describe('a picture by its bytes', () => {
  it.each([
    ['a PNG', png(502, 81), { kind: 'png', width: 502, height: 81 }],
    ['a PNG from a real encoder', tinyPng, { kind: 'png', width: 2, height: 1 }],
    [
      'a PNG with other chunks before its pixels',
      png(10, 20, [chunk('gAMA', 4), chunk('tEXt', 300)]),
      { kind: 'png', width: 10, height: 20 },
    ],
    [
      'a PNG with something behind its end',
      join(png(10, 20), ascii('trailer')),
      { kind: 'png', width: 10, height: 20 },
    ],
    ['a huge PNG', png(0x7fffffff, 1), { kind: 'png', width: 0x7fffffff, height: 1 }],
    ['a baseline JPEG', jpeg(300, 80), { kind: 'jpeg', width: 300, height: 80 }],
    ['a progressive JPEG', jpeg(65535, 1, 0xc2), { kind: 'jpeg', width: 65535, height: 1 }],
    [
      'a JPEG with fill bytes before a marker',
      join(bytes(0xff, 0xd8, 0xff, 0xff), jpeg(3, 4).subarray(3)),
      { kind: 'jpeg', width: 3, height: 4 },
    ],
    [
      'a JPEG with a thumbnail inside its metadata',
      join(bytes(0xff, 0xd8), segment(0xe1, jpeg(9, 9)), jpeg(3, 4).subarray(2)),
      { kind: 'jpeg', width: 3, height: 4 },
    ],
  ])('%s is what it is', (_, data, found) => {
    expect(inspectImage(data)).toEqual(found)
  })

  it.each([
    ['nothing', bytes(), 'an empty file'],
    ['GIF87a', ascii('GIF87a\x01\0\x01\0'), 'a GIF picture'],
    ['GIF89a', ascii('GIF89a\x01\0\x01\0'), 'a GIF picture'],
    ['WebP', ascii('RIFF\x24\0\0\0WEBPVP8 '), 'a WebP picture'],
    ['a sound that is RIFF too', ascii('RIFF\x24\0\0\0WAVEfmt '), 'not a picture we know'],
    ['AVIF', ascii('\0\0\0\x20ftypavif'), 'an AVIF picture'],
    ['HEIC', ascii('\0\0\0\x18ftypheic'), 'a HEIC picture'],
    ['MP4', ascii('\0\0\0\x18ftypisom'), 'a video'],
    ['BMP', ascii('BM\x36\0\0\0\0\0\0\0'), 'a BMP picture'],
    ['an icon', ascii('\0\0\x01\0\x01\0'), 'an icon file'],
    ['TIFF', ascii('II*\0\x08\0\0\0'), 'a TIFF picture'],
    ['PDF', ascii('%PDF-1.7\n'), 'a PDF file'],
    ['ZIP', ascii('PK\x03\x04\x14\0'), 'a ZIP file'],
    ['SVG', ascii('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'an SVG file'],
    ['SVG with a prolog', ascii('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by -->\n<svg width="1">'), 'an SVG file'],
    ['HTML', ascii('\n<!DOCTYPE html><svg></svg>'), 'a web page'],
    ['a script', ascii('<script>alert(1)</script>'), 'a web page'],
    ['XML', ascii('<?xml version="1.0"?><feed/>'), 'an XML file'],
    ['words', ascii('hello'), 'not a picture we know'],
    ['zeros', new Uint8Array(4096), 'not a picture we know'],
    ['half a PNG signature', ascii('\x89PNG\r\n'), 'a damaged PNG picture'],
    ['a PNG whose line ends were converted', ascii('\x89PNG\n\x1a\n\0\0\0\rIHDR'), 'a damaged PNG picture'],
    ['only a PNG signature', png(1, 1).subarray(0, 8), 'a PNG picture that ends too early'],
    ['a PNG cut inside its pixels', png(9, 9).subarray(0, 45), 'a PNG picture that ends too early'],
    ['a PNG without its end', png(9, 9).subarray(0, -12), 'a PNG picture that ends too early'],
    ['a PNG of no width', png(0, 9), 'a damaged PNG picture'],
    ['a PNG of impossible width', png(0x80000000, 9), 'a damaged PNG picture'],
    ['a PNG with a wrong checksum', patched(png(9, 9), 30, 0x5a), 'a damaged PNG picture'],
    [
      'a PNG whose first chunk is another',
      join(png(9, 9).subarray(0, 8), chunk('CgBI', 4), png(9, 9).subarray(8)),
      'a damaged PNG picture',
    ],
    ['a PNG of colour type 5', png(9, 9, [], 5), 'a damaged PNG picture'],
    ['a PNG without pixels', join(png(9, 9).subarray(0, 33), chunk('IEND', 0)), 'a damaged PNG picture'],
    [
      'a PNG with a chunk longer than the file',
      join(png(9, 9).subarray(0, 33), bytes(0xff, 0xff, 0xff, 0xff), ascii('IDAT\0\0\0\0')),
      'a PNG picture that ends too early',
    ],
    ['two bytes of a JPEG', bytes(0xff, 0xd8), 'a damaged JPEG picture'],
    ['three bytes of a JPEG', bytes(0xff, 0xd8, 0xff), 'a JPEG picture that ends too early'],
    ['a JPEG cut before its size', jpeg(9, 9).subarray(0, 12), 'a JPEG picture that ends too early'],
    ['a JPEG cut inside its scan', jpeg(9, 9).subarray(0, -2), 'a JPEG picture that ends too early'],
    ['a JPEG of no height', jpeg(9, 0), 'a damaged JPEG picture'],
    ['a JPEG with a segment of length 0', bytes(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9), 'a damaged JPEG picture'],
    ['a JPEG that ends before it began', bytes(0xff, 0xd8, 0xff, 0xd9), 'a damaged JPEG picture'],
    ['a lossless JPEG', jpeg(9, 9, 0xc3), 'a JPEG picture of a kind that browsers do not show'],
    ['a table marker in place of a frame', jpeg(9, 9, 0xc4), 'a damaged JPEG picture'],
  ])('%s is not one', (_, data, found) => {
    expect(inspectImage(data)).toEqual({ kind: 'other', found })
  })

  it('is read from the middle of a larger buffer as from its own', () => {
    const picture = png(7, 8)
    const larger = join(ascii('before'), picture, ascii('after'))
    expect(inspectImage(larger.subarray(6, 6 + picture.length))).toEqual({ kind: 'png', width: 7, height: 8 })
  })

  it('never breaks, hangs or invents a size, whatever the bytes', () => {
    const random = seeded(81)
    const originals = [png(502, 81), png(3, 3, [chunk('tEXt', 40)]), jpeg(300, 80), jpeg(20, 20, 0xc2), tinyPng]
    for (let round = 0; round < 20_000; round++) {
      const original = originals[round % originals.length] ?? tinyPng
      const data = original.slice(0, random() < 0.3 ? Math.floor(random() * original.length) : undefined)
      for (let change = Math.floor(random() * 6); change > 0 && data.length > 0; change--) {
        data[Math.floor(random() * data.length)] = random() < 0.4 ? 0xff : Math.floor(random() * 256)
      }
      const found = inspectImage(data)
      if (found.kind === 'other') expect(found.found).toMatch(/^(an? |not )/)
      else expect(Number.isInteger(found.width) && found.width > 0 && found.height > 0).toBe(true)
    }
  })

  it('reads a hostile 4 MB file in one pass', () => {
    const size = 4 * 1024 * 1024
    for (const value of [0x00, 0xff]) {
      const filled = new Uint8Array(size).fill(value)
      filled.set(jpeg(9, 9).subarray(0, -2))
      expect(inspectImage(filled)).toEqual({ kind: 'other', found: 'a JPEG picture that ends too early' })
      const empties = new Uint8Array(size).fill(value)
      empties.set(png(9, 9).subarray(0, 33))
      expect(inspectImage(empties).kind).toBe('other')
    }
  })
})

describe('a logo', () => {
  it('fits at exactly the limits', () => {
    const largest = join(png(502, 81), new Uint8Array(logoLimits.bytes - png(502, 81).length))
    expect(largest.length).toBe(262_144)
    expect(checkLogo(largest)).toEqual({ ok: true, kind: 'png', contentType: 'image/png', width: 502, height: 81 })
    expect(checkLogo(jpeg(502, 81))).toMatchObject({ ok: true, contentType: 'image/jpeg' })
  })

  it.each([
    ['too many pixels', png(640, 640), 'too_many_pixels', 'This picture is 640 × 640 px; at most 502 × 81 px fits.'],
    ['one pixel too wide', jpeg(503, 81), 'too_many_pixels', 'This picture is 503 × 81 px; at most 502 × 81 px fits.'],
    ['one pixel too high', png(502, 82), 'too_many_pixels', 'This picture is 502 × 82 px; at most 502 × 81 px fits.'],
    [
      'one byte too many',
      join(png(9, 9), new Uint8Array(262_145 - png(9, 9).length)),
      'too_large',
      'This file is 256.1 KB; at most 256 KB fits.',
    ],
    ['a GIF', ascii('GIF89a'), 'wrong_kind', 'This is a GIF picture. A logo is a PNG or JPEG picture.'],
    ['an SVG', ascii('<svg/>'), 'wrong_kind', 'This is an SVG file. A logo is a PNG or JPEG picture.'],
    ['words', ascii('hello'), 'wrong_kind', 'This is not a picture we know. A logo is a PNG or JPEG picture.'],
    ['nothing', bytes(), 'wrong_kind', 'This is an empty file. A logo is a PNG or JPEG picture.'],
  ])('is refused with %s, saying what was found', (_, data, code, detail) => {
    expect(checkLogo(data)).toEqual({ ok: false, code, detail })
  })
})

/** The same numbers on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
