import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RequestSummary } from '../../api/shapes.ts'
import { withAwaited } from './groups.ts'

const request = (id: string) => ({ id }) as RequestSummary

describe('What waits for a portal admin’s approval', () => {
  it('is listed whole, also what stands on a page that is not loaded yet, and nothing twice', () => {
    const listed = withAwaited([request('3'), request('2')], [request('2'), request('1')])
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['3', '2', '1'],
    )
  })

  it('is read once also where the page that it stands on is loaded later', () => {
    const listed = withAwaited([request('3'), request('2'), request('1')], [request('1')])
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['3', '2', '1'],
    )
  })
})
