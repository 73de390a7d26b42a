import { describe, expect, it, vi } from 'vitest'
import { keepMade } from './made.ts'
import type { Part } from './made.ts'

describe('A part of the product', () => {
  it('is made once, when it is first asked for', async () => {
    const load = vi.fn(async () => ({ surface: 'customers' }))
    const parts = keepMade<string>()
    const part: Part<string> = { load }
    expect([parts.has(part), load.mock.calls.length]).toEqual([false, 0])
    expect([await parts.surfaceOf(part), await parts.surfaceOf(part)]).toEqual(['customers', 'customers'])
    expect([parts.has(part), load.mock.calls.length]).toEqual([true, 1])
  })

  it.each<[string, () => Promise<{ surface: string }>]>([
    ['could not be imported', () => Promise.reject(new Error('out of time'))],
    // What an import is typed to hold, and does not when its module was left half made.
    ['was left half made', async () => ({}) as { surface: string }],
  ])('that %s fails that request and is tried again at the next', async (_, failing) => {
    const load = vi.fn(async () => ({ surface: 'customers' })).mockImplementationOnce(failing)
    const parts = keepMade<string>()
    const part: Part<string> = { load }
    await expect(parts.surfaceOf(part)).rejects.toThrow(/out of time|half made/)
    expect(parts.has(part)).toBe(false)
    expect(await parts.surfaceOf(part)).toBe('customers')
  })
})
