/** A 32-bit seed for a piece of text (FNV-1a); the same text gives the same seed on every machine. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let position = 0; position < text.length; position += 1) {
    hash ^= text.charCodeAt(position)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** A well-spread 32-bit number for (seed, index, salt). */
export function bits(seed: number, index: number, salt: number): number {
  let value = seed ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca77)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** A number in [0, 1) for (seed, index, salt). */
export function fraction(seed: number, index: number, salt: number): number {
  return bits(seed, index, salt) / 0x1_0000_0000
}

/** One of the choices, always the same for the same (seed, index, salt). */
export function pick<T>(choices: readonly [T, ...T[]], seed: number, index: number, salt: number): T {
  return choices[bits(seed, index, salt) % choices.length] ?? choices[0]
}

/** A stable GUID for a piece of text. */
export function guidOf(text: string): string {
  const seed = seedOf(text)
  return guidFrom([bits(seed, 1, 11), bits(seed, 2, 12), bits(seed, 3, 13), bits(seed, 4, 14)])
}

/** A version-4 shaped GUID of four 32-bit numbers; the last 32 bits stay readable. */
export function guidFrom(words: readonly [number, number, number, number]): string {
  const text = words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  const variant = ((Number.parseInt(text[16] ?? '0', 16) & 0x3) | 0x8).toString(16)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`
}
