import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isCovered, isModern, refuseBorrowed } from './ready.mjs'

test("another clone's packages, linked to, are neither used nor installed over", () => {
  const folder = mkdtempSync(join(tmpdir(), 'ready-'))
  const [own, linked] = [join(folder, 'theirs'), join(folder, 'node_modules')]
  try {
    refuseBorrowed(linked)
    mkdirSync(own)
    refuseBorrowed(own)
    symlinkSync(own, linked, 'junction')
    assert.throws(() => refuseBorrowed(linked), /is a link to another folder/)
    rmSync(own, { recursive: true })
    assert.throws(() => refuseBorrowed(linked), /is a link to another folder/)
  } finally {
    unlinkSync(linked)
    rmSync(folder, { recursive: true })
  }
})

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
