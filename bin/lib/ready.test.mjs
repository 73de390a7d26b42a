import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCovered, isModern } from './ready.mjs'

test('Node counts as modern from the version that runs TypeScript by itself', () => {
  assert.deepEqual(['20.19.0', '22.12.0', '22.17.9', '22.18.0', '24.0.0', '26.1.0'].filter(isModern), [
    '22.18.0',
    '24.0.0',
    '26.1.0',
  ])
})

const wanted = {
  '': {},
  'node_modules/a': { version: '1.0.0', integrity: 'x' },
  'node_modules/a-mac': { version: '1.0.0', optional: true },
}

test("an install covers the lock file without other systems' builds", () => {
  assert.equal(isCovered(wanted, { 'node_modules/a': { version: '1.0.0', integrity: 'x' } }), true)
})

test('an install with another version, other content or a missing package is stale', () => {
  assert.equal(isCovered(wanted, { 'node_modules/a': { version: '1.0.1', integrity: 'x' } }), false)
  assert.equal(isCovered(wanted, { 'node_modules/a': { version: '1.0.0', integrity: 'y' } }), false)
  assert.equal(isCovered(wanted, {}), false)
})
