import { and, eq, isNull, sql } from 'drizzle-orm'
import { ticketEntries, tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { authorOf, eventOf, sourceOf } from './conversation.ts'

/** So many are told in their own histories. */
const TOLD_COUNT_MAX = 1_000

/** The open tickets that somebody of the staff looks after, to be read before they are kept out. */
export const openTicketsOf = (msp: MspScope, staffId: string) =>
  msp
    .select({ id: tickets.id, customerId: tickets.customerId })
    .from(tickets)
    .where(msp.mine(tickets, and(eq(tickets.assignee, staffId), isNull(tickets.endedAt))))
    .limit(TOLD_COUNT_MAX)

/** Describes that nobody looks after these any more, so that they are found among those that somebody has to take. */
export const unassigning = (
  msp: MspScope,
  { id: staffId, name }: { id: string; name: string },
  open: { id: string; customerId: string }[],
): Write[] => {
  if (open.length === 0) return []
  const at = now()
  const author = authorOf(msp.actor)
  const event = { type: 'assignee' as const, from: name, to: null }
  return [
    msp.addAll(
      ticketEntries,
      open.map((ticket) => {
        const { mspId: _, ...entry } = eventOf(msp.mspId, ticket, author, sourceOf(msp.actor), at, event)
        return entry
      }),
    ),
    msp.changeAll(tickets, and(eq(tickets.assignee, staffId), isNull(tickets.endedAt)), {
      assignee: null,
      assigneeName: null,
      version: sql`${tickets.version} + 1`,
    }),
  ]
}
