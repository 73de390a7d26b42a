import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { jobs } from '../../../db/shard/schema.ts'
import { Refused } from '../../../db/connect.ts'
import { now } from '../../clock.ts'
import { decodeCursor } from '../../http/paging.ts'
import { Problem } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'

export type JobRow = typeof jobs.$inferSelect
export const JOB_SORT = '-id'

/** The MSP's jobs, newest first; one row more than asked for when there is another page. */
export const listJobs = (
  msp: MspScope,
  { limit, cursor, state }: { limit: number; cursor?: string | undefined; state?: JobRow['state'] | undefined },
): Promise<JobRow[]> =>
  msp.list(jobs, {
    where: and(
      state === undefined ? undefined : eq(jobs.state, state),
      cursor === undefined ? undefined : lt(jobs.id, decodeCursor(cursor, JOB_SORT).id),
    ),
    orderBy: [desc(jobs.id)],
    limit: limit + 1,
  })

/** Runs a parked or waiting job now. Problems: `missing`; `conflict` when it runs, is done, or a newer one does the same. */
export const retryJob = async (msp: MspScope, jobId: string): Promise<void> => {
  const before = await msp.find(jobs, jobId, 'job')
  if (before.state === 'running' || before.state === 'done') {
    throw new Problem('conflict', before.state === 'running' ? 'This is running already.' : 'This is done already.')
  }
  try {
    await msp.commit(
      {
        action: 'job.retried',
        subject: { kind: 'job', id: before.id, name: before.subjectName },
        customerId: before.customerId,
        alsoArchived: true,
      },
      msp.changeWhere(jobs, before.id, inArray(jobs.state, ['waiting', 'parked']), {
        state: 'waiting',
        dueAt: now(),
        attemptCount: 0,
        trouble: null,
        finishedAt: null,
      }),
    )
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique')
      throw new Problem('conflict', 'A newer job is doing the same already.')
    throw error
  }
  msp.hintJob(jobId)
}
