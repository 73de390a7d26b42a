import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { environmentOf } from './env.ts'
import type { Bindings } from './env.ts'

const key = btoa('a'.repeat(32))
const read = (sealingKeys: string) =>
  environmentOf({ ...(env as unknown as Bindings), SEALING_KEYS: sealingKeys }).SEALING_KEYS

describe('SEALING_KEYS', () => {
  it('are read by id, the last one last', () => {
    const keys = { older: key, 'k-2026_11': key }
    expect(Object.entries(read(JSON.stringify(keys)))).toEqual(Object.entries(keys))
  })

  it('are refused, saying why and not the key, when an id would not be found again or would change their order', () => {
    for (const [keys, why] of [
      ['{"1":"KEY"}', /The key id “1” is not a letter/],
      ['{"a.b":"KEY"}', /The key id “a\.b” is not a letter/],
      ['{"":"KEY"}', /The key id “” is not a letter/],
      ['{"good":"KEY","__proto__":"KEY"}', /The key id “__proto__” is not a letter/],
      ['{"short":"c2hvcnQ="}', /The key “short” is not 32 bytes in base64/],
      ['{"odd":"not base64!"}', /The key “odd” is not 32 bytes in base64/],
      ['{}', /Name at least one key/],
      ['[]', /Name at least one key/],
      ['not JSON', /Name at least one key/],
    ] as const) {
      const attempt = () => read(keys.replaceAll('KEY', key))
      expect(attempt, keys).toThrow(why)
      expect(attempt, keys).not.toThrow(key)
    }
  })
})
