import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gapsIn } from './lock.mjs'

test('a platform package missing from the lock file is a gap', () => {
  const packages = {
    '': { dependencies: { tool: '1.0.0' } },
    'node_modules/tool': { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-mac': '1.0.0' } },
    'node_modules/tool-linux': {},
  }
  assert.deepEqual(gapsIn(packages), ['package-lock.json lacks tool-mac@1.0.0, which node_modules/tool wants.'])
})

test('a package nested in its dependent is no gap', () => {
  const packages = {
    '': { dependencies: { tool: '1.0.0' } },
    'node_modules/tool': { dependencies: { part: '2.0.0' } },
    'node_modules/tool/node_modules/part': { dependencies: { shared: '1.0.0' } },
    'node_modules/shared': {},
  }
  assert.deepEqual(gapsIn(packages), [])
})
