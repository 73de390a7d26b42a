import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBatches } from './seed.mjs'

/**
 * @param {import('./migrations.mjs').DatabaseName} database
 * @param {string} sql
 */
const statement = (database, sql) => ({ database, sql })

test('statements keep their order across databases, so that a name is planted only after what it points to', () => {
  const statements = [
    statement('SHARD_1', 'select 1'),
    statement('SHARD_1', 'select 2'),
    statement('DIRECTORY', 'select 3'),
    statement('SHARD_1', 'select 4'),
  ]
  assert.deepEqual(inBatches(statements), [
    statement('SHARD_1', 'select 1;\nselect 2'),
    statement('DIRECTORY', 'select 3'),
    statement('SHARD_1', 'select 4'),
  ])
})

test('a long run of statements is cut between two of them', () => {
  const long = `select '${'a'.repeat(20_000)}'`
  const batches = inBatches(Array.from({ length: 5 }, () => statement('SHARD_2', long)))
  assert.deepEqual(
    batches.map(({ sql }) => sql),
    [`${long};\n${long}`, `${long};\n${long}`, long],
  )
})
