// A system in a process of its own, for tests that kill it: does what the process that started it says over their channel.
//   node remote-system.mjs '<options of startSystem as JSON>'
import { startSystem } from './system.mjs'

/**
 * `sql` runs on the first shard; `tick` runs the Worker's scheduled handler; `stop` ends in good order.
 * @typedef {{ sql?: string, params?: unknown[], tick?: true, stop?: true }} Order
 */

const system = await startSystem(JSON.parse(process.argv[2] ?? '{}'))

process.on('message', async (/** @type {{ id: number, order: Order }} */ { id, order }) => {
  try {
    const rows = await obey(order)
    process.send?.({ id, rows }, () => order.stop && process.exit(0))
  } catch (error) {
    process.send?.({ id, problem: error instanceof Error ? error.stack : String(error) })
  }
})
process.send?.({ sandbox: system.sandbox.http })

/** @param {Order} order */
async function obey({ sql, params = [], tick, stop }) {
  if (tick) await system.tickCron()
  if (stop) await system.stop()
  if (sql === undefined) return []
  const database = await system.database('SHARD_1')
  const statement = database.prepare(sql)
  return (await (params.length === 0 ? statement : statement.bind(...params)).all()).results
}
