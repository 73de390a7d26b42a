import { describe, expect, it } from 'vitest'
import { base64url } from './ids.ts'
import { environment } from '../test/stage.ts'
import { spoken, temporaryPasswordOf } from './temporary-password.ts'

const secretOf = (...bytes: number[]) =>
  base64url(Uint8Array.from([...bytes, ...Array<number>(32 - bytes.length).fill(0)]))

describe('A temporary password', () => {
  it('is four words of 16 bits each, which can be read aloud', () => {
    expect(spoken(secretOf(0, 0, 0, 0, 0, 0, 0, 0))).toBe('babab-babab-babab-babab')
    expect(spoken(secretOf(255, 255, 0, 1, 16, 0, 4, 0))).toBe('zuzuz-babad-dabab-bibab')
  })

  it('is another one wherever one of its 64 bits is, and no other bit counts', () => {
    const told = new Set<string>()
    for (let bit = 0; bit < 64; bit += 1) {
      const bytes = Array<number>(8).fill(0)
      bytes[Math.floor(bit / 8)] = 1 << (bit % 8)
      told.add(spoken(secretOf(...bytes)))
    }
    expect(told.size).toBe(64)
    expect(spoken(secretOf(0, 0, 0, 0, 0, 0, 0, 0, 255))).toBe('babab-babab-babab-babab')
  })

  it('is the same for a mail that is sent twice, and another for every invitation', async () => {
    const of = (id: string) => temporaryPasswordOf(environment, 'msp', id)
    expect(await of('one')).toBe(await of('one'))
    expect(await of('one')).not.toBe(await of('other'))
    expect(await of('one')).toMatch(/^[a-z]{5}(-[a-z]{5}){3}$/)
  })
})
