import { describe, expect, it } from 'vitest'
import { afterFailure, ATTEMPT_COUNT_EVER, ATTEMPT_COUNT_MAX } from './job.ts'

const at = Date.parse('2026-11-20T12:00:00Z')
const plain = { hopeless: false, retryAfterSeconds: undefined }

describe('After a failure, a job', () => {
  it.each([
    // attempt, luck, seconds until the next try
    [1, 0, 1],
    [1, 0.5, 3.5],
    [1, 1, 6],
    [2, 1, 11],
    [3, 1, 21],
    [4, 0, 1],
    [4, 1, 41],
    [7, 1, 321],
  ])('of attempt %i with luck %f waits %f seconds', (attempt, random, seconds) => {
    expect(afterFailure(plain, attempt, at, random)).toEqual({ kind: 'retry', atMs: at + seconds * 1000 })
  })

  it('never waits longer than an hour of its own accord', () => {
    const asked = { hopeless: false, retryAfterSeconds: 1 }
    expect(afterFailure(asked, 31, at, 1)).toEqual({ kind: 'retry', atMs: at + 3_601_000 })
  })

  it.each([
    [120, 0, 120],
    [120, 1, 120],
    [2, 1, 6],
    [0, 0, 1],
    [7200, 1, 7200],
    [99_999_999, 1, 6 * 3600],
  ])(
    'that was asked to come back in %i s does not come sooner, within reason (luck %f: %f s)',
    (asked, random, seconds) => {
      expect(afterFailure({ hopeless: false, retryAfterSeconds: asked }, 1, at, random)).toEqual({
        kind: 'retry',
        atMs: at + seconds * 1000,
      })
    },
  )

  it.each([
    ['the last try of its own', plain, ATTEMPT_COUNT_MAX],
    ['any try that waiting does not mend', { hopeless: true, retryAfterSeconds: undefined }, 1],
    ['a hopeless one even when asked to come back', { hopeless: true, retryAfterSeconds: 30 }, 1],
    ['being put off for ever', { hopeless: false, retryAfterSeconds: 30 }, ATTEMPT_COUNT_EVER],
  ])('is parked after %s', (_, failure, attempt) => {
    expect(afterFailure(failure, attempt, at, 0)).toEqual({ kind: 'park' })
  })

  it('is not parked for having been asked to wait', () => {
    const asked = { hopeless: false, retryAfterSeconds: 30 }
    expect(afterFailure(asked, ATTEMPT_COUNT_MAX, at, 0)).toEqual({ kind: 'retry', atMs: at + 30_000 })
    expect(afterFailure(asked, ATTEMPT_COUNT_EVER - 1, at, 0)).toEqual({ kind: 'retry', atMs: at + 30_000 })
  })
})
