import { mustCall } from './client.ts'
import type { Asked } from './client.ts'
import type { Count, RequestCount } from './metered-worker.ts'
import type { Runtime } from './runtime.ts'

export type Metered = RequestCount

/** What one request costs, once its host is known to the Worker. */
export const costOf = async (runtime: Runtime, asked: Asked): Promise<Metered> => {
  await runtime.client.call({ host: asked.host, path: '/healthz' })
  const { headers } = await mustCall(runtime.client, asked)
  const name = headers['x-bench-request']
  if (typeof name !== 'string') throw new Error('The meter did not tell.')
  const { body } = await mustCall(runtime.client, { host: '127.0.0.1', path: `/bench/meter?request=${name}` })
  return JSON.parse(body.toString()) as Metered
}

/** What the queue's handler did since the last time it was asked. */
export const takeQueueCost = async (runtime: Runtime): Promise<Count> => {
  const { body } = await mustCall(runtime.client, { host: '127.0.0.1', path: '/bench/meter', method: 'DELETE' })
  return (JSON.parse(body.toString()) as { queue: Count }).queue
}
