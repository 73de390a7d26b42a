import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createClient } from '@libsql/client/http'
import { startLibsql } from './server.ts'
import type { LibsqlServer } from './server.ts'

const TOKEN = 'the-token'
let folder: string
let server: LibsqlServer
const client = (authToken = TOKEN) => createClient({ url: server.url, authToken })
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'libsql-'))
  server = await startLibsql({ file: join(folder, 'shard.db'), token: TOKEN })
  await client().executeMultiple(
    `create table things (id integer primary key, name text unique, size real, picture blob); insert into things (name) values ('first')`,
  )
})
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const names = async () => (await client().execute('select name from things order by id')).rows.map(({ name }) => name)

describe('The libSQL server', () => {
  it('keeps what it is given: integers of 64 bits, fractions, texts, bytes and nothing', async () => {
    const exact = createClient({ url: server.url, authToken: TOKEN, intMode: 'bigint' })
    const picture = new Uint8Array([0, 255, 7])
    const { rows } = await exact.execute({
      sql: 'select ? as big, ? as size, ? as name, ? as empty, ? as picture',
      args: [2n ** 53n + 1n, 0.5, 'Ünï\u0000', null, picture],
    })
    const [row] = rows
    assert.equal(row?.['big'], 2n ** 53n + 1n)
    assert.equal(row?.['size'], 0.5)
    assert.equal(row?.['empty'], null)
    assert.deepEqual(new Uint8Array(row?.['picture'] as ArrayBuffer), picture)
  })

  it('makes all of a batch or none of it, and says in SQLite’s words why not', async () => {
    const before = await names()
    await assert.rejects(
      client().batch(
        [`insert into things (name) values ('second')`, `insert into things (name) values ('first')`],
        'write',
      ),
      { code: 'SQLITE_CONSTRAINT', message: /UNIQUE constraint failed: things.name/ },
    )
    assert.deepEqual(await names(), before)
    const [result] = await client().batch([`insert into things (name) values ('third'), ('fourth')`], 'write')
    assert.equal(result?.rowsAffected, 2)
    assert.deepEqual(await names(), [...before, 'third', 'fourth'])
  })

  it('keeps a transaction apart until it is committed, and forgets one that is not', async () => {
    const before = await names()
    const transaction = await client().transaction('write')
    await transaction.execute(`insert into things (name) values ('fifth')`)
    assert.deepEqual(await names(), before)
    await transaction.rollback()
    assert.deepEqual(await names(), before)
  })

  it('lets in nobody without the token, and knows no stream that it did not open', async () => {
    await assert.rejects(client('another').execute('select 1'), { code: 'AUTH_REJECTED' })
    const answer = await fetch(`${server.url}/v2/pipeline`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ baton: 'made-up', requests: [] }),
    })
    assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, 'STREAM_EXPIRED'])
  })
})
