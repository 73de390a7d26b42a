import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { d1Shard } from '../../db/connect.ts'
import type { Shard } from '../../db/connect.ts'
import { shardNamed } from '../env.ts'
import { environment } from './stage.ts'
import { pastTheFence } from './tripwire.ts'

export type Meter = { rowsRead: number; rowsWritten: number }

/** A shard that adds up what D1 says each of its statements cost. */
export const meteredShard = (name: string, meter: Meter): Shard => {
  const binding = name.toUpperCase().replace('-', '_')
  const d1 = (env as unknown as Record<string, D1Database>)[binding]
  if (d1 === undefined) throw new Error(`There is no ${binding}.`)
  // A shard uses these two of D1 and no other.
  const watched = d1Shard(name, {
    prepare: (sql: string) => d1.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      const results = await d1.batch(statements)
      for (const { meta } of results) {
        meter.rowsRead += meta.rows_read
        meter.rowsWritten += meta.rows_written
      }
      return results
    },
  } as unknown as D1Database)
  return {
    name,
    batch: watched.batch,
    // A plain read does not tell what it cost, so it is asked a second time, behind everybody's back.
    read: async (statement) => {
      const rows = await watched.read(statement)
      const { meta } = await pastTheFence(() =>
        d1
          .prepare(statement.sql)
          .bind(...statement.params)
          .all(),
      )
      meter.rowsRead += meta.rows_read
      return rows
    },
  }
}

/** How many rows D1 reads of one shard for all that the product does meanwhile. */
export const rowsReadBy = async (shardName: string, work: () => Promise<unknown>): Promise<number> => {
  const meter = { rowsRead: 0, rowsWritten: 0 }
  const shard = shardNamed(environment, shardName)
  const metered = meteredShard(shardName, meter)
  const spies = [
    vi.spyOn(shard, 'read').mockImplementation(metered.read),
    vi.spyOn(shard, 'batch').mockImplementation(metered.batch),
  ]
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return meter.rowsRead
}
