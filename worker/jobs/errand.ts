import type { Environment, ErrandHint, Later } from '../env.ts'

/**
 * Work that is asked for before anybody knows whose it is, so that no MSP's jobs can hold it: what is to be done is a row of
 * the directory, and the queue is told its id alone.
 */
export type Errand = {
  kind: ErrandHint['errand']
  /** Does it, if it is still to be done. What it throws is logged; its row stays, and the minute's sweep hints at it again. */
  run: (environment: Environment, id: string, later: Later) => Promise<void>
}

/** Sends hints; when the queue does not take them, the minute's sweep finds the rows. */
export const hintErrands = async (
  environment: Environment,
  errand: string,
  ids: string[],
  delaySeconds = 0,
): Promise<void> => {
  await environment.queue
    .sendBatch(ids.map((id) => ({ body: { errand, id }, delaySeconds })))
    .catch((error: unknown) => {
      console.warn('The queue took no hint; the sweep will find the rows.', String(error))
    })
}
