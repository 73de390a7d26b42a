import { and, eq, sql } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { ticketNews, ticketPeople, tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { Problem } from '../../http/problem.ts'
import type { CustomerScope, Write } from '../../tenancy/scope.ts'
import { WATCHER_COUNT_MAX, allThere, authorOf, eventOf, happened, sourceOf, subjectOf } from './conversation.ts'
import type { Person, TicketRow } from './conversation.ts'

/** Whom a ticket is of, as far as it matters for who may watch it. */
export type Followers = readonly { id: string; role: 'requester' | 'watcher' }[]

/**
 * Lets somebody of the customer follow a ticket, who is told so in their bell and, as they chose, by mail. Answers whether they do only now:
 * false where somebody else added them in the same moment. Problems: `stale` to whoever is to try again; `conflict` where too many do.
 */
export const letFollow = async (
  customer: CustomerScope,
  row: TicketRow,
  people: Followers,
  person: Person,
): Promise<boolean> => {
  if (watcherCount(people) >= WATCHER_COUNT_MAX) throw tooMany()
  const at = now()
  const author = authorOf(customer.actor)
  const entry = eventOf(row.mspId, row, author, sourceOf(customer.actor), at, {
    type: 'watcher_added',
    name: person.name,
    contactId: person.id,
  })
  const news = { id: person.id, ticketId: row.id, unreadCount: 1, latestEntry: entry.id, latestByName: author.name, at }
  try {
    await customer.commit(
      // Whom is told in the ticket's history, from which their name can be taken again.
      { action: 'ticket.watcher_added', subject: subjectOf(row) },
      following(customer, row.id, person.id),
      ...allThere(customer, [person.id]),
      fewEnoughFollow(customer, row.id),
      inNextVersion(customer, row.id),
      happened(customer, entry),
      ...(author.id === person.id ? [] : newsOf(customer, news)),
    )
    return true
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique') return false
    throw error
  }
}

/** Lets somebody follow a ticket no longer. Problem `stale` where they do not any more. */
export const letGo = async (customer: CustomerScope, row: TicketRow, person: Person): Promise<void> => {
  const theirs = and(
    eq(ticketPeople.ticketId, row.id),
    eq(ticketPeople.id, person.id),
    eq(ticketPeople.role, 'watcher'),
  )
  await customer.commit(
    { action: 'ticket.watcher_removed', subject: subjectOf(row) },
    customer.onlyIf(sql`exists (select 1 from ${ticketPeople} where ${customer.mine(ticketPeople, theirs)})`),
    customer.removeWhere(ticketPeople, theirs),
    inNextVersion(customer, row.id),
    happened(
      customer,
      eventOf(row.mspId, row, authorOf(customer.actor), sourceOf(customer.actor), now(), {
        type: 'watcher_removed',
        name: person.name,
        contactId: person.id,
      }),
    ),
  )
}

/**
 * Describes that whoever one ticket is of follows the other, that it goes on as. All of them come along or none: Problem `conflict` where that
 * would be too many, since nobody is to lose a ticket unasked.
 */
export const allFollow = (
  customer: CustomerScope,
  into: Pick<TicketRow, 'id' | 'number'>,
  people: Followers,
  known: Followers,
): Write[] => {
  const others = people.filter(({ id }) => !known.some((person) => person.id === id))
  if (others.length === 0) return []
  const count = watcherCount(known) + others.length
  if (count > WATCHER_COUNT_MAX)
    throw new Problem(
      'conflict',
      `Then ${count} people would follow #${into.number}, where at most ${WATCHER_COUNT_MAX} can. Take ${count - WATCHER_COUNT_MAX} of those who follow one of the two away first; portal admins see both all the same.`,
    )
  return [...others.map(({ id }) => following(customer, into.id, id)), fewEnoughFollow(customer, into.id)]
}

/** Whoever has read it is told that there is something new. */
export const inNextVersion = (customer: CustomerScope, ticketId: string): Write =>
  customer.changeAll(tickets, eq(tickets.id, ticketId), { version: sql`${tickets.version} + 1` })

/** In place of what they have not read yet, as a portal admin who wants all of it may have some. */
const newsOf = (
  customer: CustomerScope,
  news: Omit<typeof ticketNews.$inferInsert, 'mspId' | 'customerId'>,
): Write[] => [
  customer.removeWhere(ticketNews, and(eq(ticketNews.ticketId, news.ticketId), eq(ticketNews.id, news.id))),
  customer.add(ticketNews, news),
]

/** What a contact sees of a ticket from then on is where it stands in the ticket itself, which others may have moved on. */
const following = (customer: CustomerScope, ticketId: string, contactId: string): Write => {
  const its = (column: 'attention' | 'endedAt') =>
    sql`(select ${tickets[column]} from ${tickets} where ${customer.mine(tickets, eq(tickets.id, ticketId))})`
  return customer.add(ticketPeople, {
    id: contactId,
    ticketId,
    role: 'watcher',
    attention: its('attention'),
    endedAt: its('endedAt'),
  })
}

const watcherCount = (people: Followers): number => people.filter(({ role }) => role === 'watcher').length

const fewEnoughFollow = (customer: CustomerScope, ticketId: string): Write =>
  customer.onlyIf(
    sql`(select count(*) from ${ticketPeople} where ${customer.mine(ticketPeople, and(eq(ticketPeople.ticketId, ticketId), eq(ticketPeople.role, 'watcher')))}) <= ${WATCHER_COUNT_MAX}`,
  )

const tooMany = () => new Problem('conflict', `At most ${WATCHER_COUNT_MAX} people can watch a ticket.`)
