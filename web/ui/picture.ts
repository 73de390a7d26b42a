export type Picture = {
  blob: Blob
  url: string
  width: number
  height: number
  givenWidth: number
  givenHeight: number
  name: string
}

export type PictureLimits = { widthMax: number; heightMax: number; bytesMax: number }

/** Why a picture cannot be taken. `found` names what the file is, to follow "This is". */
export type PictureTrouble =
  | { reason: 'other-kind'; found: string }
  | { reason: 'unreadable' }
  | { reason: 'too-heavy' }

/**
 * Reads a PNG or JPEG and, when it is larger than allowed, draws it smaller, keeping its shape.
 * A picture that fits already is passed on untouched.
 */
export async function fitPicture(file: File, limits: PictureLimits): Promise<Picture | PictureTrouble> {
  const kind = await kindOf(file)
  if (kind === undefined) return { reason: 'unreadable' }
  if ('found' in kind) return { reason: 'other-kind', found: kind.found }
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap) return { reason: 'unreadable' }
  const factor = Math.min(1, limits.widthMax / bitmap.width, limits.heightMax / bitmap.height)
  const width = Math.max(1, Math.floor(bitmap.width * factor))
  const height = Math.max(1, Math.floor(bitmap.height * factor))
  const given = { givenWidth: bitmap.width, givenHeight: bitmap.height, name: file.name }
  const blob = factor === 1 ? new Blob([file], { type: kind.type }) : await draw(bitmap, width, height, kind.type)
  bitmap.close()
  if (blob.size > limits.bytesMax) return { reason: 'too-heavy' }
  return { blob, url: URL.createObjectURL(blob), width, height, ...given }
}

const beginnings: [RegExp, { type: 'image/png' | 'image/jpeg' } | { found: string }][] = [
  [/^\x89PNG\r\n\x1a\n/, { type: 'image/png' }],
  [/^\xff\xd8\xff/, { type: 'image/jpeg' }],
  [/^GIF8/, { found: 'a GIF' }],
  [/^RIFF....WEBP/s, { found: 'a WebP picture' }],
  [/^....ftypavif/s, { found: 'an AVIF picture' }],
  [/^....ftyphei/s, { found: 'a HEIC picture' }],
  [/^BM/, { found: 'a bitmap (BMP)' }],
  [/^%PDF/, { found: 'a PDF' }],
  [/^\s*<(\?xml|svg|!--)/, { found: 'an SVG' }],
]

// What a file is stands in its first bytes; its name and its type are only what somebody called it.
async function kindOf(file: File) {
  const bytes = new Uint8Array(await file.slice(0, 32).arrayBuffer())
  const text = String.fromCharCode(...bytes)
  return beginnings.find(([beginning]) => beginning.test(text))?.[1]
}

// Halving step by step keeps fine lines; one big step would lose them.
async function draw(bitmap: ImageBitmap, width: number, height: number, type: string): Promise<Blob> {
  let source: CanvasImageSource = bitmap
  let w = bitmap.width
  let h = bitmap.height
  for (;;) {
    w = Math.max(width, Math.floor(w / 2))
    h = Math.max(height, Math.floor(h / 2))
    const canvas = new OffscreenCanvas(w, h)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('This browser cannot draw pictures.')
    context.imageSmoothingQuality = 'high'
    context.drawImage(source, 0, 0, w, h)
    if (w === width && h === height) return canvas.convertToBlob({ type, quality: 0.92 })
    source = canvas
  }
}
