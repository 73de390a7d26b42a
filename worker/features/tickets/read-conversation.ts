import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm'
import { ticketEntries, ticketFiles } from '../../../db/shard/schema.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import type { ContactScope, CustomerScope } from '../../tenancy/scope.ts'
import type { EntryRow } from './conversation.ts'
import type { FileRow } from './files.ts'

export type EntryWithFiles = EntryRow & { files: FileRow[] }

/**
 * Two reads that together are a page of a conversation, from its end backwards, and one entry more where there is another
 * page: the entries, and the files that were sent with them. They cost what the page holds, however long the conversation is.
 */
export const conversationReads = (
  scope: Pick<CustomerScope | ContactScope, 'select' | 'mine'>,
  ticketId: string,
  { limit, cursor, sort }: { limit: number; cursor?: string | undefined; sort: string },
) => {
  const after = cursor === undefined ? undefined : lt(ticketEntries.id, decodeCursor(cursor, sort).id)
  const page = scope
    .select()
    .from(ticketEntries)
    .where(scope.mine(ticketEntries, and(eq(ticketEntries.ticketId, ticketId), after)))
    .orderBy(desc(ticketEntries.id))
    .limit(limit + 1)
  const ids = scope
    .select({ id: ticketEntries.id })
    .from(ticketEntries)
    .where(scope.mine(ticketEntries, and(eq(ticketEntries.ticketId, ticketId), after)))
    .orderBy(desc(ticketEntries.id))
    .limit(limit + 1)
  return [
    page,
    scope
      .select()
      .from(ticketFiles)
      .where(scope.mine(ticketFiles, and(eq(ticketFiles.ticketId, ticketId), inArray(ticketFiles.entry, ids))))
      .orderBy(asc(ticketFiles.id)),
  ] as const
}

/** The entries of a page, each with its files. */
export const withFiles = (entries: EntryRow[], files: FileRow[]): EntryWithFiles[] =>
  entries.map((entry) => ({ ...entry, files: files.filter((file) => file.entry === entry.id) }))

export const entryCursor =
  (sort: string) =>
  ({ id }: { id: string }): Cursor => ({ sort, key: id, id })
