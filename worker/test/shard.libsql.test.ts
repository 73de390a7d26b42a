import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { Refused } from '../../db/connect.ts'
import { shardSuite } from '../../db/shard-suite.ts'
import { environmentOf } from '../env.ts'
import type { Bindings } from '../env.ts'
import { environment } from './stage.ts'

/** Where vitest.libsql.config.ts puts MSPs, as the Worker opens it. */
describe('A shard behind a libSQL server', () => {
  const open = () => {
    const shard = environment.shards.get('shard-3')
    return shard === undefined ? Promise.reject(new Error('There is no shard-3.')) : Promise.resolve(shard)
  }
  shardSuite({ it, equal: (actual, expected) => expect(actual).toEqual(expected) }, open)

  it.each([
    ['libsql://shard-4.example', 'production', true],
    ['https://shard-4.example', 'production', true],
    ['http://127.0.0.1:8080', 'production', false],
    ['http://127.0.0.1:8080', 'test', true],
    ['file:shard.db', 'test', false],
    ['shard-4', 'test', false],
  ])('is one by the address %s in %s: %s', (address, ENVIRONMENT, isOne) => {
    const { SHARD_3: _, ...others } = env as unknown as Bindings
    const opened = () => environmentOf({ ...others, ENVIRONMENT, SHARD_4: address }).shards
    if (isOne) expect([...opened().keys()]).toContain('shard-4')
    else expect(opened).toThrow(/SHARD_4 is neither/)
  })

  it('is down when its server is not there, which is no refusal of the database', async () => {
    const shards = environmentOf({ ...(env as unknown as Bindings), SHARD_4: 'http://127.0.0.1:1' }).shards
    const failed = await shards
      .get('shard-4')
      ?.read({ sql: 'select 1', params: [] })
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(Error)
    expect(failed).not.toBeInstanceOf(Refused)
  })
})
