import { describe, expect, it } from 'vitest'
import { base32, codeAt, fromBase32, newTotpSecret, otpauthOf, stepAt, stepOf } from './totp.ts'
import type { TotpHash } from './totp.ts'

const secretOf = (length: number) => Uint8Array.from({ length }, (_, at) => '1234567890'.charCodeAt(at % 10))
const lengths: Record<TotpHash, number> = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-512': 64 }

describe('A code', () => {
  // RFC 6238, appendix B.
  it.each([
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ])('at second %i is the one of RFC 6238', async (seconds, sha1, sha256, sha512) => {
    const step = stepAt(seconds * 1000)
    const codes = (Object.entries(lengths) as [TotpHash, number][]).map(([hash, length]) =>
      codeAt(secretOf(length), step, 8, hash),
    )
    expect(await Promise.all(codes)).toEqual([sha1, sha256, sha512])
    expect(await codeAt(secretOf(20), step)).toBe(sha1.slice(2))
  })

  // RFC 4226, appendix D.
  it('of a counter is the one of RFC 4226', async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, (_, counter) => codeAt(secretOf(20), counter)))
    expect(codes).toEqual('755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' '))
  })

  it.each([
    ['of now', 0, null, 100],
    ['of the step before', -1, null, 99],
    ['of the step after', 1, null, 101],
    ['of two steps before', -2, null, undefined],
    ['of two steps after', 2, null, undefined],
    ['used already', 0, 100, undefined],
    ['older than one that was used', -1, 100, undefined],
    ['of now, after the one before was used', 0, 99, 100],
  ])('%s is taken or not', async (_, offset, lastStep, expected) => {
    const secret = base32(secretOf(20))
    const code = await codeAt(fromBase32(secret), 100 + offset)
    expect(await stepOf(secret, code, 100 * 30_000 + 12_345, lastStep)).toBe(expected)
  })

  it.each(['', '000', '1234567', 'abcdef', '１２３４５６'])('“%s” is none', async (code) => {
    expect(await stepOf(base32(secretOf(20)), code, 3_000_000, null)).toBeUndefined()
  })
})

describe('A secret', () => {
  it('is 160 random bits that apps can read', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret)
    expect(new Set(secrets).size).toBe(50)
    for (const secret of secrets) {
      expect(secret).toMatch(/^[A-Z2-7]{32}$/)
      expect(base32(fromBase32(secret))).toBe(secret)
    }
  })

  // RFC 4648, section 10, without padding.
  it.each([
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('“%s” is written as RFC 4648 says', (text, written) => {
    const bytes = new TextEncoder().encode(text)
    expect(base32(bytes)).toBe(written)
    expect(new TextDecoder().decode(fromBase32(written))).toBe(text)
  })

  it('is named in an app by the MSP and the person, whatever they are called', () => {
    expect(otpauthOf('ABC', 'A & B: IT', 'o+m@x.example')).toBe(
      'otpauth://totp/A%20%26%20B%3A%20IT:o%2Bm%40x.example?secret=ABC&issuer=A%20%26%20B%3A%20IT',
    )
  })
})
