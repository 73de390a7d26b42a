import { describe, expect, it } from 'vitest'
import { mayUnlink } from './policy.ts'

describe('Unlinking a Microsoft account', () => {
  it.each([
    ['invitation', true, true],
    ['invitation', false, false],
    ['temporary_password', true, true],
    ['microsoft_only', true, false],
    ['microsoft_only', false, false],
  ] as const)('under %s, with a password (%s): %s', (policy, hasPassword, may) => {
    expect(mayUnlink(policy, hasPassword)).toBe(may)
  })
})
