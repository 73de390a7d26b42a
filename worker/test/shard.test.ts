import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { columnCountOf, d1Shard } from '../../db/connect.ts'
import type { Shard } from '../../db/connect.ts'
import { shardSuite } from '../../db/shard-suite.ts'
import { pastTheFence } from './tripwire.ts'

const { SHARD_2 } = env as unknown as { SHARD_2: D1Database }

/** A shard by itself, before any scope and any fence. */
const openShard = (): Promise<Shard> => {
  const shard = d1Shard('shard-2', SHARD_2)
  return Promise.resolve({
    name: shard.name,
    read: (statement) => pastTheFence(() => shard.read(statement)),
    batch: (statements) => pastTheFence(() => shard.batch(statements)),
  })
}

describe('A shard in D1', () => {
  shardSuite({ it, equal: (actual, expected) => expect(actual).toEqual(expected) }, openShard)

  it('refuses a batched select that names a column twice, since D1 would melt both into one', async () => {
    const shard = await openShard()
    const twice = { sql: `select m.msp_id, c.msp_id from msps m join customers c on c.msp_id = m.msp_id`, params: [] }
    await expect(shard.batch([{ sql: `select 1 as id, 2 as id`, params: [] }])).rejects.toThrow(/names a column twice/)
    await expect(shard.read({ sql: `select 1 as id, 2 as id`, params: [] })).resolves.toEqual([[1, 2]])
    await expect(shard.read(twice)).resolves.toBeDefined()
  })
})

describe('The columns of a select', () => {
  it.each([
    [`select a, b from t`, 2],
    [`SELECT DISTINCT a FROM t`, 1],
    [`select coalesce(a, b), 'x, y', "from", (select c, d from e) from t`, 4],
    [`select a, ' from ' from t`, 2],
    [`select * from t`, undefined],
    [`update t set a = 1`, undefined],
    [`insert into t (a, b) values (1, 2)`, undefined],
  ])('are counted where that can be told: %s', (sql, count) => {
    expect(columnCountOf(sql)).toBe(count)
  })
})
