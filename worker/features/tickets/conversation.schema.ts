import { z } from '@hono/zod-openapi'
import {
  documentMediaTypes,
  ticketPriorities,
  ticketRatings,
  ticketSources,
  ticketStates,
} from '../../../db/shard/schema.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { opensInTab } from '../../http/media-type.ts'
import { fileName } from '../../http/text.ts'
import type { TicketEvent as Event } from '../../../db/shard/schema.ts'
import type { EntryRow } from './conversation.ts'
import type { FileRow } from './files.ts'

export const FILE_NAME_CHARACTERS_MAX = 255

/** How long what is written may be. */
export const SUBJECT_CHARACTERS_MAX = 200
export const BODY_CHARACTERS_MAX = 20_000

export const State = z.enum(ticketStates)
export const Priority = z.enum(ticketPriorities)

export const FileUploadQuery = z.strictObject({
  name: fileName(FILE_NAME_CHARACTERS_MAX, 'Enter a name for the file.').describe('What the file is called.'),
})

export const TicketFile = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.enum(documentMediaTypes).describe('What its bytes are, not what it was called.'),
    byteCount: z.number().int(),
    canBeViewed: z.boolean().describe('Whether `…/view` shows it in a tab of its own.'),
    createdAt: z.iso.datetime(),
  })
  .openapi('TicketFile')

const Name = z.string().nullable()
const other = {
  number: z.number().int().nullable().describe('The other ticket’s; null for a contact who does not see that one.'),
  subject: z.string().nullable().describe('The same of its subject.'),
}
const TicketEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('state'), from: State, to: State, reopened: z.literal(true).optional() }),
    z.object({ type: z.literal('assignee'), from: Name, to: Name }),
    z.object({ type: z.literal('requester'), from: Name, to: Name }),
    z.object({ type: z.literal('priority'), from: Priority, to: Priority }),
    z.object({ type: z.literal('category'), from: z.string(), to: z.string() }),
    z.object({ type: z.literal('subject'), from: z.string(), to: z.string() }),
    z.object({ type: z.literal('watcher_added'), name: z.string() }),
    z.object({ type: z.literal('watcher_removed'), name: z.string() }),
    z.object({ type: z.literal('merged_into'), ...other }),
    z.object({ type: z.literal('merged_from'), ...other }),
    z.object({ type: z.literal('rated'), rating: z.enum(ticketRatings), comment: z.string().nullable() }),
  ])
  .openapi('TicketEvent')

/** A part of a conversation, as customers and staff see it; what is internal reaches staff alone. */
export const TicketEntry = z
  .object({
    id: z.string(),
    kind: z.enum(['comment', 'note', 'event']).describe('A note is of staff among themselves.'),
    author: z.object({
      kind: z.enum(['contact', 'staff', 'program', 'system', 'outside']),
      id: z.string().nullable(),
      name: z.string(),
    }),
    text: z.string().describe('Plain text; empty for an event.'),
    quoted: z
      .string()
      .nullable()
      .describe('What a mail quoted of earlier ones; customers are not shown what staff’s mails quote.'),
    event: TicketEvent.nullable(),
    source: z.enum(ticketSources).describe('The way it came.'),
    files: z.array(TicketFile),
    createdAt: z.iso.datetime(),
  })
  .openapi('TicketEntry')

export const TicketEntryList = listOf(TicketEntry, 'TicketEntryList')
export const EntryQuery = listQuery(['-createdAt'])

export const presentFile = (row: FileRow): z.infer<typeof TicketFile> => ({
  id: row.id,
  name: row.name,
  mediaType: row.mediaType,
  byteCount: row.byteCount,
  canBeViewed: opensInTab(row.mediaType),
  createdAt: new Date(row.createdAt).toISOString(),
})

export const presentEntry = (row: EntryRow & { files: FileRow[] }): z.infer<typeof TicketEntry> => ({
  id: row.id,
  kind: row.kind,
  author: { kind: row.authorKind === 'api_key' ? 'program' : row.authorKind, id: row.author, name: row.authorName },
  text: row.body,
  quoted: row.quoted,
  event: row.event === null ? null : presentEvent(row.event),
  source: row.source,
  files: row.files.map(presentFile),
  createdAt: new Date(row.createdAt).toISOString(),
})

/**
 * The same as customers see it: what staff's mails quote may be theirs alone, such as a note that they answered, and of a ticket that
 * was merged with this one they are told no more than they see of it.
 */
export const presentEntryToCustomer =
  (seenNumbers: ReadonlySet<number>) =>
  (row: EntryRow & { files: FileRow[] }): z.infer<typeof TicketEntry> => {
    const entry = presentEntry(row)
    return {
      ...entry,
      ...(row.authorKind === 'staff' ? { quoted: null } : {}),
      event: entry.event === null ? null : asSeen(entry.event, seenNumbers),
    }
  }

type Shown = z.infer<typeof TicketEvent>

const asSeen = (event: Shown, seenNumbers: ReadonlySet<number>): Shown => {
  if (event.type !== 'merged_into' && event.type !== 'merged_from') return event
  return event.number !== null && seenNumbers.has(event.number) ? event : { ...event, number: null, subject: null }
}

/** Without the ids of whom it names. */
const presentEvent = (event: Event): Shown => {
  switch (event.type) {
    case 'requester':
      return { type: event.type, from: event.from, to: event.to }
    case 'watcher_added':
    case 'watcher_removed':
      return { type: event.type, name: event.name }
    case 'state':
    case 'assignee':
    case 'priority':
    case 'category':
    case 'subject':
    case 'merged_into':
    case 'merged_from':
    case 'rated':
      return event
  }
}
