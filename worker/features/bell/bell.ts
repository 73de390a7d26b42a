import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { customers, ticketNews, tickets } from '../../../db/shard/schema.ts'
import type { ContactScope, MspScope } from '../../tenancy/scope.ts'

/** A bell counts no further. */
const UNREAD_COUNT_MAX = 99
const ITEM_COUNT_MAX = 30

export type Unread = { count: number; more: boolean }
export type News = {
  ticketId: string
  number: number
  subject: string
  customer: { id: string; name: string } | null
  unreadCount: number
  latestByName: string
  at: number
}

type Scope = Pick<MspScope, 'select'> & { mine: (table: typeof ticketNews, more?: SQL) => SQL | undefined }

/** Reads no more rows than a bell counts. `reader` is the id of a contact or a member of staff. */
export const unreadRead = (scope: Scope, reader: string | SQL) =>
  scope
    .select({ ticketId: ticketNews.ticketId })
    .from(ticketNews)
    .where(scope.mine(ticketNews, and(sql`${ticketNews.id} = ${reader}`, gt(ticketNews.unreadCount, 0))))
    .limit(UNREAD_COUNT_MAX + 1)

/** What such a read comes to. */
export const unreadOf = (rows: unknown[]): Unread => ({
  count: Math.min(rows.length, UNREAD_COUNT_MAX),
  more: rows.length > UNREAD_COUNT_MAX,
})

/** How many tickets hold something that a reader has not read. */
export const countUnread = async (scope: Scope, reader: string): Promise<Unread> =>
  unreadOf(await unreadRead(scope, reader))

/** A contact's latest news, read or not, the newest first. */
export const listContactNews = async ({ person, select, mine }: ContactScope): Promise<News[]> => {
  const rows = await select(newsFields)
    .from(ticketNews)
    .innerJoin(
      tickets,
      and(
        eq(tickets.mspId, ticketNews.mspId),
        eq(tickets.customerId, ticketNews.customerId),
        eq(tickets.id, ticketNews.ticketId),
      ),
    )
    .where(mine(ticketNews, eq(ticketNews.id, person.contactId)))
    .orderBy(desc(ticketNews.at), desc(ticketNews.ticketId))
    .limit(ITEM_COUNT_MAX)
  return rows.map((row) => ({ ...row, customer: null }))
}

/** The same of somebody of the staff, with whose each ticket is. */
export const listStaffNews = async (msp: MspScope, staffId: string): Promise<News[]> => {
  const rows = await msp
    .select({ ...newsFields, customerId: ticketNews.customerId, customerName: customers.name })
    .from(ticketNews)
    .innerJoin(tickets, and(eq(tickets.mspId, ticketNews.mspId), eq(tickets.id, ticketNews.ticketId)))
    .innerJoin(customers, and(eq(customers.mspId, ticketNews.mspId), eq(customers.id, ticketNews.customerId)))
    .where(msp.mine(ticketNews, eq(ticketNews.id, staffId)))
    .orderBy(desc(ticketNews.at), desc(ticketNews.ticketId))
    .limit(ITEM_COUNT_MAX)
  return rows.map(({ customerId, customerName, ...row }) => ({
    ...row,
    customer: { id: customerId, name: customerName },
  }))
}

const newsFields = {
  ticketId: ticketNews.ticketId,
  number: tickets.number,
  subject: tickets.subject,
  unreadCount: ticketNews.unreadCount,
  latestByName: ticketNews.latestByName,
  at: ticketNews.at,
}

/** Notes that a ticket, or with null all of them, was read by somebody. Quiet: it is nobody else's affair. */
export const noteRead = async (
  scope: Pick<MspScope, 'record' | 'changeAll'>,
  reader: string,
  ticketId: string | null,
): Promise<void> =>
  scope.record(
    scope.changeAll(
      ticketNews,
      and(
        eq(ticketNews.id, reader),
        gt(ticketNews.unreadCount, 0),
        ticketId === null ? undefined : eq(ticketNews.ticketId, ticketId),
      ),
      { unreadCount: 0 },
    ),
  )
