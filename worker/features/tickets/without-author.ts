import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { ticketEntries, ticketFiles, ticketNews, ticketPeople, tickets } from '../../../db/shard/schema.ts'
import type { CustomerScope, Write } from '../../tenancy/scope.ts'

type Named = { key: string; idKey: string }

/** Where events name contacts, and keep the ids of those they name. */
const namedAt: Named[] = [
  { key: 'name', idKey: 'contactId' },
  { key: 'from', idKey: 'fromId' },
  { key: 'to', idKey: 'toId' },
]

/** One ticket that names a contact as whom it is for, or who watches it: whether there is any. */
export const ticketOfPerson = (customer: CustomerScope, contactId: string) =>
  customer
    .select({ ticketId: ticketPeople.ticketId })
    .from(ticketPeople)
    .where(customer.mine(ticketPeople, eq(ticketPeople.id, contactId)))
    .limit(1)

/**
 * Describes what takes somebody's name out of their company's tickets (product.md, decision 13): what they wrote stays, as it is
 * said by nobody any more. It looks through all of the company's tickets, which is done once for a person.
 */
export const withoutAuthor = (
  customer: CustomerScope,
  { id, name }: { id: string; name: string },
  nameless: string,
): Write[] => {
  const isTheirs = (column: string, kindColumn: string) =>
    sql`${sql.identifier(column)} = ${id} and ${sql.identifier(kindColumn)} = 'contact'`
  const told = (key: string): SQL => sql`json_extract(${ticketEntries.event}, ${`$.${key}`})`
  /** By their id where an event has it, since they may have been called otherwise; else by their name. */
  const isNamed = ({ key, idKey }: Named): SQL =>
    sql`(${told(idKey)} = ${id} or ${told(idKey)} is null and ${told(key)} = ${name})`
  const renamed = (named: Named): SQL =>
    sql`${`$.${named.key}`}, iif(${isNamed(named)}, ${nameless}, ${told(named.key)})`
  const namesPeople = sql`json_extract(${ticketEntries.event}, '$.type') in ('watcher_added', 'watcher_removed', 'requester')`
  const written = customer
    .select({ id: ticketEntries.id })
    .from(ticketEntries)
    .where(customer.mine(ticketEntries, and(eq(ticketEntries.author, id), eq(ticketEntries.authorKind, 'contact'))))
  return [
    customer.removeWhere(ticketPeople, eq(ticketPeople.id, id)),
    customer.removeWhere(ticketNews, eq(ticketNews.id, id)),
    customer.changeAll(tickets, eq(tickets.requester, id), { requesterName: nameless }),
    customer.changeAll(tickets, isTheirs('raised_by', 'raised_by_kind'), { raisedByName: nameless }),
    customer.changeAll(ticketEntries, isTheirs('author', 'author_kind'), { authorName: nameless }),
    customer.changeAll(ticketEntries, and(namesPeople, or(...namedAt.map(isNamed))), {
      event: sql`json_replace(${ticketEntries.event}, ${sql.join(namedAt.map(renamed), sql`, `)})`,
    }),
    customer.changeAll(ticketNews, inArray(ticketNews.latestEntry, written), { latestByName: nameless }),
    customer.changeAll(ticketFiles, isTheirs('added_by_id', 'added_by_kind'), { addedByName: nameless }),
  ]
}
