import { answerTo } from './app.ts'
import { environmentOf } from './env.ts'
import type { Bindings, Later } from './env.ts'
import { bugResponse } from './http/problem.ts'
import { forThisHostAlone, neutralNotFound, newNonce, withSafetyHeaders } from './http/shell.ts'
import { described } from './log.ts'
import { placeOf } from './tenancy/directory.ts'

export default {
  async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
    const requestId = crypto.randomUUID()
    return withSafetyHeaders(await answer(request, bindings, context, requestId), requestId)
  },

  async queue(batch: MessageBatch, bindings: Bindings, context: ExecutionContext): Promise<void> {
    const environment = environmentOf(bindings)
    const { consume } = await import('./work.ts')
    for (const message of batch.messages) {
      // The row says what is still to be done, so a message is used up whatever becomes of its job.
      await consume(environment, message.body, (work) => context.waitUntil(work())).catch((error: unknown) => {
        // A hint is names of rows, whether of a job or an errand: nothing of anybody.
        console.error({
          hint: message.body,
          outcome: 'Not taken up; the sweep will try again.',
          error: described(error),
        })
      })
      message.ack()
    }
  },

  async email(message: ForwardableEmailMessage, bindings: Bindings, context: ExecutionContext): Promise<void> {
    const { takeMail } = await import('./work.ts')
    try {
      await takeMail(environmentOf(bindings), message, (work) => context.waitUntil(work()))
    } catch (error) {
      console.error({ outcome: 'A mail was not taken; its server will bring it again.', error: described(error) })
      throw error
    }
  },

  async scheduled(_event: ScheduledController, bindings: Bindings): Promise<void> {
    const { sweep } = await import('./work.ts')
    await sweep(environmentOf(bindings))
  },
}

const answer = async (
  request: Request,
  bindings: Bindings,
  context: ExecutionContext,
  requestId: string,
): Promise<Response> => {
  try {
    const environment = environmentOf(bindings)
    const place = await placeOf(environment, new URL(request.url).hostname)
    if (place === undefined) return neutralNotFound(newNonce())
    const { later, begin } = afterwards(context)
    try {
      const response = await answerTo(request, { requestId, environment, place, later }, context)
      return place.kind === 'portal' && place.isCustom ? forThisHostAlone(response) : response
    } finally {
      begin()
    }
  } catch (error) {
    console.error({ requestId, error: described(error) })
    return bugResponse(requestId)
  }
}

/** Keeps what is to be done after an answer until there is one; what a streamed body leaves behind is begun at once. */
const afterwards = (context: ExecutionContext): { later: Later; begin: () => void } => {
  let waiting: Parameters<Later>[0][] | undefined = []
  return {
    later: (work) => {
      if (waiting === undefined) context.waitUntil(work())
      else waiting.push(work)
    },
    begin: () => {
      for (const work of waiting ?? []) context.waitUntil(work())
      waiting = undefined
    },
  }
}
