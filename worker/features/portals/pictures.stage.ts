/** Pictures for tests, byte by byte. */

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values)
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

export function fromBase64(text: string): Uint8Array {
  return ascii(atob(text))
}

export function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

export function patched(data: Uint8Array, at: number, value: number): Uint8Array {
  const copy = data.slice()
  copy[at] = value
  return copy
}

export function chunk(type: string, length: number): Uint8Array {
  const whole = new Uint8Array(12 + length)
  new DataView(whole.buffer).setUint32(0, length)
  whole.set(ascii(type), 4)
  return whole
}

/** A PNG whose structure is sound; its pixels are not. */
export function png(width: number, height: number, between: Uint8Array[] = [], colourType = 6): Uint8Array {
  const header = chunk('IHDR', 13)
  const view = new DataView(header.buffer)
  view.setUint32(8, width)
  view.setUint32(12, height)
  header.set([8, colourType, 0, 0, 0], 16)
  view.setUint32(21, crc(header.subarray(4, 21)))
  return join(ascii('\x89PNG\r\n\x1a\n'), header, ...between, chunk('IDAT', 20), chunk('IEND', 0))
}

function crc(data: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of data) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}

export function segment(marker: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2
  return join(bytes(0xff, marker, length >> 8, length & 255), content)
}

/** A JPEG whose structure is sound: a table, a frame of three components, one scan with stuffing and a restart. */
export function jpeg(width: number, height: number, frame = 0xc0): Uint8Array {
  const size = bytes(8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
  return join(
    bytes(0xff, 0xd8),
    segment(0xe0, ascii('JFIF\0\x01\x02\0\0\x01\0\x01\0\0')),
    segment(0xdb, new Uint8Array(65)),
    segment(frame, size),
    segment(0xda, bytes(3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0)),
    bytes(1, 2, 3, 0xff, 0x00, 4, 0xff, 0xd0, 5, 6, 0xff, 0xd9),
  )
}
