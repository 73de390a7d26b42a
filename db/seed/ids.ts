import { createHash } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** An id of the usual form whose random part comes from a name: planting twice gives the same ids but for the time. */
export const idFor = (name: string, at: number): string => {
  let time = ''
  for (let rest = at, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32))
    time = (ALPHABET[rest % 32] ?? '') + time
  const bytes = createHash('sha256').update(name).digest().subarray(0, 26)
  return time + [...bytes].map((byte) => ALPHABET[byte % 32] ?? '').join('')
}
