import { vi } from 'vitest'
import { shardNamed } from '../env.ts'
import { environment } from './stage.ts'

/**
 * Holds back whatever would begin a session on a shard, so that all who asked at once have got as far as that before the
 * first of them is let in. What is held goes on with `release`.
 */
export const holdSignIns = (shardName: string): { release: () => void } => {
  const shard = shardNamed(environment, shardName)
  const batch = shard.batch.bind(shard)
  const held = Promise.withResolvers<void>()
  const spy = vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
    if (statements.some(({ sql }) => sql.startsWith('insert into "sessions"'))) await held.promise
    return batch(statements)
  })
  return {
    release: () => {
      spy.mockRestore()
      held.resolve()
    },
  }
}

/** Twenty at once who use one link: none of them is let in before as many as `waiting` were answered, as they are to wait. */
export const usedTwentyTimes = async (
  shardName: string,
  waiting: number,
  use: (number: number) => Promise<Response>,
): Promise<Response[]> => {
  const { release } = holdSignIns(shardName)
  const told: number[] = []
  const using = Promise.all(
    Array.from({ length: 20 }, async (_, number) => {
      const answer = await use(number)
      told.push(answer.status)
      return answer
    }),
  )
  try {
    await vi.waitUntil(() => told.length >= waiting, { timeout: 30_000 })
  } finally {
    release()
  }
  return using
}
