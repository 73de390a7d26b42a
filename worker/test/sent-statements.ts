import { vi } from 'vitest'
import { environment } from './stage.ts'

/** What the product sends to the directory and to every shard for all that happens meanwhile: the texts, in order. */
export const sentBy = async (work: () => Promise<unknown>): Promise<string[]> => {
  const sent: string[] = []
  const { directory, shards } = environment
  const prepare = directory.prepare.bind(directory)
  const spies = [
    vi.spyOn(directory, 'prepare').mockImplementation((text) => {
      sent.push(`directory: ${text}`)
      return prepare(text)
    }),
    ...[...shards.values()].flatMap((shard) => {
      const [read, batch] = [shard.read.bind(shard), shard.batch.bind(shard)]
      return [
        vi.spyOn(shard, 'read').mockImplementation((statement) => {
          sent.push(`shard: ${statement.sql}`)
          return read(statement)
        }),
        vi.spyOn(shard, 'batch').mockImplementation((statements) => {
          sent.push(...statements.map((statement) => `shard: ${statement.sql}`))
          return batch(statements)
        }),
      ]
    }),
  ]
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return sent
}
