import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { ticketEntries, ticketFiles, tickets } from '../../../db/shard/schema.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import type { ContactScope, CustomerScope } from '../../tenancy/scope.ts'
import type { EntryRow } from './conversation.ts'
import type { FileRow } from './files.ts'

export type EntryWithFiles = EntryRow & { files: FileRow[] }
type Reads = Pick<CustomerScope | ContactScope, 'select' | 'mine'>
type Page = { limit: number; cursor?: string | undefined; sort: string }
/** Whose ticket it is, as a value of the database, where the scope alone does not say it: what is a ticket's is found below its customer. */
type Whose = SQL | undefined

/**
 * Two reads that together are a page of a conversation, from its end backwards, and one entry more where there is another
 * page: the entries, and the files that were sent with them. They cost what the page holds, however long the conversation is.
 */
export const conversationReads = (scope: Reads, ticketId: string, page: Page, whose?: Whose) =>
  [
    scope
      .select()
      .from(ticketEntries)
      .where(inPage(scope, ticketId, page, whose))
      .orderBy(desc(ticketEntries.id))
      .limit(page.limit + 1),
    scope
      .select()
      .from(ticketFiles)
      .where(
        scope.mine(
          ticketFiles,
          and(
            whose && eq(ticketFiles.customerId, whose),
            eq(ticketFiles.ticketId, ticketId),
            inArray(ticketFiles.entry, idsOf(scope, ticketId, page, whose)),
          ),
        ),
      )
      .orderBy(asc(ticketFiles.id)),
  ] as const

/** Of the tickets that were merged with this one, as far as the page tells of them, the numbers of those that the scope sees. */
export const mergedNumbersRead = (scope: Reads, ticketId: string, page: Page) =>
  scope
    .select({ number: tickets.number })
    .from(ticketEntries)
    // Crossed, so that SQLite looks each of them up by its number.
    .crossJoin(tickets)
    .where(
      and(
        scope.mine(
          ticketEntries,
          and(
            eq(ticketEntries.ticketId, ticketId),
            inArray(ticketEntries.id, idsOf(scope, ticketId, page)),
            sql`json_extract(${ticketEntries.event}, '$.type') in ('merged_into', 'merged_from')`,
          ),
        ),
        scope.mine(tickets, eq(tickets.number, sql`json_extract(${ticketEntries.event}, '$.number')`)),
      ),
    )

const inPage = (scope: Reads, ticketId: string, { cursor, sort }: Page, whose?: Whose) =>
  scope.mine(
    ticketEntries,
    and(
      whose && eq(ticketEntries.customerId, whose),
      eq(ticketEntries.ticketId, ticketId),
      cursor === undefined ? undefined : lt(ticketEntries.id, decodeCursor(cursor, sort).id),
    ),
  )

const idsOf = (scope: Reads, ticketId: string, page: Page, whose?: Whose) =>
  scope
    .select({ id: ticketEntries.id })
    .from(ticketEntries)
    .where(inPage(scope, ticketId, page, whose))
    .orderBy(desc(ticketEntries.id))
    .limit(page.limit + 1)

/** The entries of a page, each with its files. */
export const withFiles = (entries: EntryRow[], files: FileRow[]): EntryWithFiles[] =>
  entries.map((entry) => ({ ...entry, files: files.filter((file) => file.entry === entry.id) }))

export const entryCursor =
  (sort: string) =>
  ({ id }: { id: string }): Cursor => ({ sort, key: id, id })
