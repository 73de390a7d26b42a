import { and, eq, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import { microsoftApps, tenants } from '../../../db/shard/schema.ts'
import { Problem } from '../../http/problem.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { stateUnder } from '../microsoft-apps/index.ts'
import { loseApp } from './sync-end.ts'

/** Tenants in one turn: each is a commit of its own, in the log of its customer. */
const AT_ONCE = 25

/**
 * An app registration was taken away, and the tenants connected with it with one write say so already: this tells each of
 * their customers, and ends syncs that are under way. A moment in `healthDueAt` marks those that are still to be told.
 */
export const tellAppRemoved = defineJob({
  kind: 'tenant.app_removed',
  title: 'Tell customers of a removed app registration',
  payload: z.object({ clientId: z.string() }),
  async run(msp, { clientId }, work) {
    const isToBeTold = and(
      eq(tenants.clientId, clientId),
      eq(tenants.state, 'app_removed'),
      isNotNull(tenants.healthDueAt),
    )
    const found = await msp.list(tenants, { where: isToBeTold, limit: AT_ONCE })
    const kept = new Set((await msp.list(microsoftApps)).map((app) => app.clientId))
    // The very same app may be here again by now.
    if (found.some((row) => stateUnder(row, kept) !== row.state)) return finished
    for (const row of found) {
      await msp.record(work.stillMine())
      try {
        await loseApp(msp.forCustomer(row.customerId), row, work.now())
      } catch (error) {
        // It was removed, connected again or merged away at this moment: the next turn sees what is left.
        if (!(error instanceof Problem) || error.code !== 'stale') throw error
      }
    }
    return found.length === 0 ? finished : { kind: 'again', at: work.now() }
  },
})

export const appRemovedOf = (clientId: string) =>
  tellAppRemoved.described({ clientId }, { naturalKey: `app_removed:${clientId}`, subjectName: 'Microsoft 365' })
