import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBatches } from './seed.mjs'

/** @param {import('./migrations.mjs').DatabaseName} database */
const statement = (database) => ({ database, sql: 'select 1', params: [] })

test('statements keep their order across databases, so that a name is planted only after what it points to', () => {
  const batches = inBatches([statement('SHARD_1'), statement('SHARD_1'), statement('DIRECTORY'), statement('SHARD_1')])
  assert.deepEqual(
    batches.map(({ database, statements }) => [database, statements.length]),
    [
      ['SHARD_1', 2],
      ['DIRECTORY', 1],
      ['SHARD_1', 1],
    ],
  )
})

test('a long run of statements is cut', () => {
  const batches = inBatches(Array.from({ length: 450 }, () => statement('SHARD_2')))
  assert.deepEqual(
    batches.map(({ statements }) => statements.length),
    [200, 200, 50],
  )
})
