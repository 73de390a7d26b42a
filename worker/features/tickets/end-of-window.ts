import { eq } from 'drizzle-orm'
import { tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { CustomerScope } from '../../tenancy/scope.ts'
import { authorOf, doing, sourceOf, subjectOf } from './conversation.ts'
import { settingsOf, settingsRead } from './settings.ts'

/** Closes a resolved ticket that its customer can open again no longer, and tells it in its history. Doing it twice changes nothing. */
export const closeByTime = async (customer: CustomerScope, ticketId: string): Promise<void> => {
  const [[row], [own]] = await customer.readAll([
    customer
      .select()
      .from(tickets)
      .where(customer.mine(tickets, eq(tickets.id, ticketId))),
    settingsRead(customer),
  ])
  if (row === undefined || row.state !== 'resolved' || row.reopenUntil === null || row.reopenUntil >= now()) return
  const author = authorOf(customer.actor)
  const act = { by: 'time', does: 'close' } as const
  const { events, writes } = doing(
    customer,
    row.mspId,
    // Its request was done when it was resolved.
    { row, settings: settingsOf(own), request: null },
    [act],
    author,
    sourceOf(customer.actor),
    now(),
  )
  const [first, ...others] = [...writes, ...events]
  if (first === undefined) return
  await customer.commit({ action: 'ticket.closed', subject: subjectOf(row) }, first, ...others)
}
