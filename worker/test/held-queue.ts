import type { ErrandHint, QueueMessage } from '../env.ts'
import type { JobHint } from '../tenancy/scope.ts'
import { consume } from '../work.ts'
import { environment } from './stage.ts'

export type HeldHint = { hint: JobHint; delaySeconds: number }

/**
 * Puts a queue in place that keeps its messages, so that a test says itself when a job's turn comes. It stays for the
 * rest of the file: whatever asks the Worker from here on hints here.
 */
export const holdQueue = () => {
  let held: HeldHint[] = []
  let errands: ErrandHint[] = []
  const keep = (message: QueueMessage, delaySeconds = 0) => {
    if ('errand' in message) errands.push(message)
    else held.push({ hint: message, delaySeconds })
  }
  const queue: Pick<Queue<QueueMessage>, 'send' | 'sendBatch'> = {
    send: async (message, options) => {
      keep(message, options?.delaySeconds)
      return answer
    },
    sendBatch: async (messages) => {
      for (const { body, delaySeconds } of messages) keep(body, delaySeconds)
      return answer
    },
  }
  environment.queue = queue as Queue<QueueMessage>

  /** The hints at jobs since the last time, which are then forgotten. */
  const take = (): HeldHint[] => {
    const taken = held
    held = []
    return taken
  }

  /** The same of errands. */
  const takeErrands = (): ErrandHint[] => {
    const taken = errands
    errands = []
    return taken
  }

  return {
    take,
    takeErrands,

    /** Delivers what is held of jobs, one message after the other, and waits for all that it causes. */
    async deliver(): Promise<void> {
      for (const { hint } of take()) await deliverOne(hint)
    },

    /** The same of errands. */
    async deliverErrands(): Promise<void> {
      for (const hint of takeErrands()) await deliverOne(hint)
    },
  }
}

/** One message to the Worker's own consumer, waited for to the end. */
export const deliverOne = async (body: unknown): Promise<void> => {
  const work: Promise<unknown>[] = []
  await consume(environment, body, (more) => work.push(more()))
  await Promise.all(work)
}

const answer = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
