import { and, count, desc, eq, sql } from 'drizzle-orm'
import type { Placeholder } from 'drizzle-orm'
import { z } from '@hono/zod-openapi'
import { ticketPeople, tickets, ticketStates } from '../../../db/shard/schema.ts'
import type { ContactReads } from '../../tenancy/scope.ts'
import { WAITING_FROM } from './standing.ts'
import { inView } from './ticket-list.ts'

/** So many are listed, and counted at most: more are not told apart at a glance. */
const LISTED_MAX = 5
const COUNTED_MAX = 100

export const TicketsNow = z
  .object({
    openCount: z.number().int().describe('How many are open; at most 100.'),
    hasMoreOpen: z.boolean().describe('More than 100 are open.'),
    waitingCount: z.number().int().describe('Of those, how many wait for an answer of the customer; at most 100.'),
    items: z
      .array(
        z.object({
          id: z.string(),
          number: z.number().int(),
          subject: z.string(),
          state: z.enum(ticketStates),
          waitsOnYou: z.boolean(),
          isMine: z.boolean(),
          requesterName: z.string().nullable(),
          changedAt: z.iso.datetime(),
        }),
      )
      .describe('What waits for an answer first, then the latest change; at most 5.'),
  })
  .openapi('TicketsNow')

/**
 * Two reads for a plan: the tickets that a contact sees and that are open, a few of them and how many. A portal admin's are
 * their company's. They cost what they list and count, however many there are.
 */
export const openTicketReads = (contact: ContactReads, isPortalAdmin: boolean, contactId: Placeholder) => {
  const counted = isPortalAdmin
    ? contact
        .select({ attention: tickets.attention })
        .from(tickets)
        .where(contact.mine(tickets, inView(tickets, 'open')))
        .orderBy(desc(tickets.attention), desc(tickets.id))
        .limit(COUNTED_MAX + 1)
        .as('counted')
    : contact
        .select({ attention: ticketPeople.attention })
        .from(ticketPeople)
        .where(contact.mine(ticketPeople, inView(ticketPeople, 'open')))
        .orderBy(desc(ticketPeople.attention), desc(ticketPeople.ticketId))
        .limit(COUNTED_MAX + 1)
        .as('counted')
  const waiting = sql<number>`coalesce(sum(${counted.attention} >= ${sql.raw(String(WAITING_FROM))}), 0)`
  return [
    isPortalAdmin
      ? contact
          .select(shown)
          .from(tickets)
          .where(contact.mine(tickets, inView(tickets, 'open')))
          .orderBy(desc(tickets.attention), desc(tickets.id))
          .limit(LISTED_MAX)
      : contact
          .select(shown)
          .from(ticketPeople)
          .crossJoin(tickets)
          .where(
            and(
              contact.mine(ticketPeople, and(eq(ticketPeople.id, contactId), inView(ticketPeople, 'open'))),
              contact.mine(tickets, eq(tickets.id, ticketPeople.ticketId)),
            ),
          )
          .orderBy(desc(ticketPeople.attention), desc(ticketPeople.ticketId))
          .limit(LISTED_MAX),
    contact.select({ openCount: count(), waitingCount: waiting.as('waiting_count') }).from(counted),
  ] as const
}

const shown = {
  id: tickets.id,
  number: tickets.number,
  subject: tickets.subject,
  state: tickets.state,
  requester: tickets.requester,
  requesterName: tickets.requesterName,
  changedAt: tickets.changedAt,
}

type Shown = Pick<typeof tickets.$inferSelect, keyof typeof shown>

export const presentTicketsNow = (
  rows: Shown[],
  counts: { openCount: number; waitingCount: number }[],
  readerId: string,
): z.infer<typeof TicketsNow> => {
  const { openCount, waitingCount } = counts[0] ?? { openCount: 0, waitingCount: 0 }
  return {
    openCount: Math.min(openCount, COUNTED_MAX),
    hasMoreOpen: openCount > COUNTED_MAX,
    waitingCount: Math.min(waitingCount, COUNTED_MAX),
    items: rows.map((row) => ({
      id: row.id,
      number: row.number,
      subject: row.subject,
      state: row.state,
      waitsOnYou: row.state === 'waiting_on_customer',
      isMine: row.requester === readerId,
      requesterName: row.requesterName,
      changedAt: new Date(row.changedAt).toISOString(),
    })),
  }
}
