import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closingLine, countPlaywright, countVitest } from './counts.mjs'

test('vitest: passed, failed and everything that did not run', () => {
  const assertionResults = ['passed', 'passed', 'failed', 'pending', 'todo', 'skipped'].map((status) => ({ status }))
  assert.deepEqual(countVitest({ testResults: [{ status: 'failed', assertionResults }] }), {
    passed: 2,
    failed: 1,
    skipped: 3,
  })
})

test('vitest: a suite that failed to load is one failure, not nothing', () => {
  assert.deepEqual(countVitest({ testResults: [{ status: 'failed', assertionResults: [] }] }), {
    passed: 0,
    failed: 1,
    skipped: 0,
  })
})

test('playwright: a test that passed only on a second try has failed', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
  assert.deepEqual(countPlaywright({ stats, errors: [] }), { passed: 3, failed: 2, skipped: 2 })
})

test('the closing line says what passed and failed and nothing else', () => {
  assert.equal(closingLine({ passed: 12, failed: 0, skipped: 0 }), '12 passed, 0 failed')
})
