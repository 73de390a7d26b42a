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

/** Why a picture cannot be taken. */
export type PictureTrouble = 'not-a-picture' | 'too-heavy'

/**
 * Reads a PNG or JPEG and, when it is larger than allowed, draws it smaller, keeping its shape.
 * A picture that fits already is passed on untouched.
 */
export async function fitPicture(file: File, limits: PictureLimits): Promise<Picture | PictureTrouble> {
  if (file.type !== 'image/png' && file.type !== 'image/jpeg') return 'not-a-picture'
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap) return 'not-a-picture'
  const factor = Math.min(1, limits.widthMax / bitmap.width, limits.heightMax / bitmap.height)
  const width = Math.max(1, Math.floor(bitmap.width * factor))
  const height = Math.max(1, Math.floor(bitmap.height * factor))
  const given = { givenWidth: bitmap.width, givenHeight: bitmap.height, name: file.name }
  const blob = factor === 1 ? file : await draw(bitmap, width, height, file.type)
  bitmap.close()
  if (blob.size > limits.bytesMax) return 'too-heavy'
  return { blob, url: URL.createObjectURL(blob), width, height, ...given }
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
