import { and, count, desc, eq, isNull, ne } from 'drizzle-orm'
import type { Placeholder } from 'drizzle-orm'
import { z } from '@hono/zod-openapi'
import { requestStates, serviceRequests } from '../../../db/shard/schema.ts'
import type { ContactReads } from '../../tenancy/scope.ts'

/** So many are listed, and counted at most: more are not told apart at a glance. */
const LISTED_MAX = 3
const COUNTED_MAX = 100

export const RequestsNow = z
  .object({
    awaitingYouCount: z
      .number()
      .int()
      .describe('How many wait for the approval of whoever asks, a portal admin; at most 100.'),
    openCount: z.number().int().describe('How many are under way, those among them; at most 100.'),
    items: z
      .array(
        z.object({
          id: z.string(),
          subject: z.string(),
          state: z.enum(requestStates),
          awaitsYou: z.boolean(),
          isMine: z.boolean(),
          requesterName: z.string(),
          createdAt: z.iso.datetime(),
        }),
      )
      .describe('What waits for the approval of whoever asks first, then the newest; at most 3.'),
  })
  .openapi('RequestsNow')

/**
 * Four reads for a plan: what waits for a contact's approval, and what is under way of what they see, a few of each and how many.
 * Nobody approves what they asked for themselves, so nothing waits for whoever sees only that. They cost what they list and count.
 */
export const openRequestReads = (contact: ContactReads, contactId: Placeholder) => {
  const waiting = contact.mine(
    serviceRequests,
    and(eq(serviceRequests.state, 'awaiting_customer'), ne(serviceRequests.requestedBy, contactId)),
  )
  const open = contact.mine(serviceRequests, isNull(serviceRequests.endedAt))
  const listed = (condition: typeof open) =>
    contact.select(shown).from(serviceRequests).where(condition).orderBy(desc(serviceRequests.id)).limit(LISTED_MAX)
  const counted = (condition: typeof open) =>
    contact
      .select({ count: count() })
      .from(
        contact
          .select({ id: serviceRequests.id })
          .from(serviceRequests)
          .where(condition)
          .orderBy(desc(serviceRequests.id))
          .limit(COUNTED_MAX)
          .as('counted'),
      )
  return [listed(waiting), listed(open), counted(waiting), counted(open)] as const
}

const shown = {
  id: serviceRequests.id,
  subject: serviceRequests.subject,
  state: serviceRequests.state,
  requestedBy: serviceRequests.requestedBy,
  requesterName: serviceRequests.requesterName,
  createdAt: serviceRequests.createdAt,
}

type Shown = Pick<typeof serviceRequests.$inferSelect, keyof typeof shown>
type Counted = { count: number }[]

export const presentRequestsNow = (
  waiting: Shown[],
  open: Shown[],
  waitingCounts: Counted,
  openCounts: Counted,
  readerId: string,
): z.infer<typeof RequestsNow> => {
  const awaited = new Set(waiting.map(({ id }) => id))
  return {
    awaitingYouCount: waitingCounts[0]?.count ?? 0,
    openCount: openCounts[0]?.count ?? 0,
    items: [...waiting, ...open.filter(({ id }) => !awaited.has(id))].slice(0, LISTED_MAX).map((row) => ({
      id: row.id,
      subject: row.subject,
      state: row.state,
      awaitsYou: awaited.has(row.id),
      isMine: row.requestedBy === readerId,
      requesterName: row.requesterName,
      createdAt: new Date(row.createdAt).toISOString(),
    })),
  }
}
