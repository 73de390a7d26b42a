import { describe, expect, it } from 'vitest'
import { described } from './log.ts'

describe('An error in the log', () => {
  it('keeps the text of a failed query and none of its parameters, however many lines they have', () => {
    const error = new Error('Failed query: update "customers" set "notes" = ?\nparams: door code 1234\nsecond line', {
      cause: new Error('disk full'),
    })
    const text = described(error)
    expect(text).toContain('update "customers"')
    expect(text).toContain('caused by Error: disk full')
    expect(text).not.toMatch(/1234|second line/)
  })
})
