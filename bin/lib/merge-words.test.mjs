import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { inRoot } from './paths.mjs'

const { merges } = await import(pathToFileURL(inRoot('web', 'words', 'merges.ts')).href)

test('what undoing a merge left is said with its own reason, not that somebody changed what is gone or taken', () => {
  assert.doesNotMatch(merges.leftText('Fabrikam Dental'), /changed/)
  const said = ['changed', 'gone', 'taken'].map((reason) => merges.left({ kind: 'contact', name: 'Dana', reason }))
  assert.equal(new Set(said).size, 3)
  assert.deepEqual(
    said.map((text) => text.includes('changed it since')),
    [true, false, false],
  )
  assert.match(merges.left({ kind: 'portal', name: 'fabrikam.portal.example', reason: 'taken' }), /another portal/)
  assert.match(merges.left({ kind: 'field', name: 'phone', reason: 'changed' }), /^Detail Phone: /)
})
