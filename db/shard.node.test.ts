import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createClient } from '@libsql/client'
import type { Client } from '@libsql/client'
import { libsqlShard } from './connect.ts'
import { shardSuite } from './shard-suite.ts'

/** The same promises over libSQL, in a file: in plain Node, since workerd has no files. */

const migrations = new URL('../migrations/shard/', import.meta.url)

let folder: string
let client: Client
let url: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shard-'))
  url = `file:${join(folder, 'shard.db')}`
  client = createClient({ url })
  for (const file of readdirSync(migrations).toSorted()) {
    await client.executeMultiple(readFileSync(new URL(file, migrations), 'utf8'))
  }
})
after(() => {
  client.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('A shard in libSQL', () => {
  const runner = { it: (name: string, run: () => Promise<void>) => void it(name, run), equal: assert.deepEqual }
  shardSuite(runner, () => Promise.resolve(libsqlShard('shard-libsql', client)))

  it('is read, also with several questions at once, while somebody else writes', async () => {
    const other = createClient({ url })
    const writing = await other.transaction('write')
    try {
      const questions = ['msps', 'customers'].map((table) => ({ sql: `select count(*) from ${table}`, params: [] }))
      const answers = await libsqlShard('shard-libsql', client).batch(questions)
      assert.equal(answers.length, 2)
    } finally {
      await writing.rollback()
      other.close()
    }
  })
})
