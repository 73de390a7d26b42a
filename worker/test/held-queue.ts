import { consume } from '../work.ts'
import type { JobHint } from '../tenancy/scope.ts'
import { environment } from './stage.ts'

export type HeldHint = { hint: JobHint; delaySeconds: number }

/**
 * Puts a queue in place that keeps its messages, so that a test says itself when a job's turn comes. It stays for the
 * rest of the file: whatever asks the Worker from here on hints here.
 */
export const holdQueue = () => {
  let held: HeldHint[] = []
  const queue: Pick<Queue<JobHint>, 'send' | 'sendBatch'> = {
    send: async (hint, options) => {
      held.push({ hint, delaySeconds: options?.delaySeconds ?? 0 })
      return answer
    },
    sendBatch: async (messages) => {
      for (const { body } of messages) held.push({ hint: body, delaySeconds: 0 })
      return answer
    },
  }
  environment.queue = queue as Queue<JobHint>

  /** The hints since the last time, which are then forgotten. */
  const take = (): HeldHint[] => {
    const taken = held
    held = []
    return taken
  }

  return {
    take,

    /** Delivers what is held, one message after the other, and waits for all that it causes. */
    async deliver(): Promise<void> {
      for (const { hint } of take()) await deliverOne(hint)
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
