import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProblemError } from '../api/problem.ts'
import { common } from './common.ts'
import { explain } from './problem.ts'

const refusal = (detail: string | null) =>
  new ProblemError({ status: 403, code: 'forbidden', title: 'Not allowed', detail })

describe('What a refusal says', () => {
  it('is the reason that the server gives, so that whoever asked for something reads why they do not approve it', () => {
    const detail = 'Nobody approves or declines what they asked for themselves.'
    assert.equal(explain(refusal(detail)), detail)
  })

  it('is that it may not be changed where no reason is given', () => {
    assert.equal(explain(refusal(null)), common.notAllowed)
  })
})
