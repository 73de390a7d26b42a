import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, moment, ownedByCustomer, ownedByMsp, versioned, webAddress } from '../owned.ts'
import { customers } from './customers.ts'
import { documentMediaTypes } from './documents.ts'
import { msps } from './msps.ts'

export const ticketStates = ['new', 'in_progress', 'waiting_on_customer', 'resolved', 'closed'] as const
export const ticketPriorities = ['low', 'normal', 'high', 'urgent'] as const
/** The ways something comes; `system` is ours, for what time does. */
export const ticketSources = ['portal', 'admin', 'api', 'mail', 'psa', 'system'] as const
export const ticketRatings = ['satisfied', 'not_satisfied'] as const
/** Who writes: people of both sides, programs, time itself, and somebody of another system. */
export const ticketAuthors = ['contact', 'staff', 'api_key', 'system', 'outside'] as const

/** A kind of ticket that people choose from; one that is retired stays for the tickets that have it. */
export type TicketCategory = { id: string; name: string; isRetired: boolean }

/** What a priority is called, to staff and in the customer's words, and within how many hours what is due; null for no target. */
export type TicketPriority = {
  priority: (typeof ticketPriorities)[number]
  name: string
  customerName: string
  firstAnswerHours: number | null
  resolutionHours: number | null
}

/** How an MSP keeps its tickets; one row, `id` is the MSP's own. Until there is one, the usual settings hold. */
export const ticketSettings = sqliteTable(
  'ticket_settings',
  {
    ...ownedByMsp(),
    ...versioned(),
    categories: text('categories', { mode: 'json' }).$type<TicketCategory[]>().notNull(),
    priorities: text('priorities', { mode: 'json' }).$type<TicketPriority[]>().notNull(),
    /** How many days after it was resolved a customer may open a ticket again. */
    reopenDays: integer('reopen_days').notNull(),
  },
  (table) => [keyed(table), belongsTo(table, [], msps, [])],
)

/**
 * The number that an MSP's latest ticket got; one row, `id` is the MSP's own. Triggers make it and count it up, in the very
 * statement that adds a ticket, so that no number is given twice and none is left out.
 */
export const ticketNumbers = sqliteTable(
  'ticket_numbers',
  { ...ownedByMsp(), lastNumber: integer('last_number').notNull() },
  (table) => [keyed(table), belongsTo(table, [], msps, [])],
)

const open = sql`ended_at is null`
const ended = sql`ended_at is not null`
const waiting = sql`waiting_since is not null`

/**
 * What a customer's people need done or answered. What was said is in its entries, the first of which is its description.
 * Ids sort by time, and so by age.
 */
export const tickets = sqliteTable(
  'tickets',
  {
    ...ownedByCustomer(),
    ...versioned(),
    /** As people name it (#1042), counted for each MSP: added as 0, which a trigger replaces at once. */
    number: integer('number').notNull().default(0),
    subject: text('subject').notNull(),
    state: text('state', { enum: ticketStates }).notNull(),
    priority: text('priority', { enum: ticketPriorities }).notNull(),
    /** One of the categories in the MSP's settings. */
    category: text('category').notNull(),
    source: text('source', { enum: ticketSources }).notNull(),
    /** The contact it is for; null where staff keep it for a company and nobody in particular. */
    requester: text('requester'),
    requesterName: text('requester_name'),
    /** Who wrote it down: the requester, a portal admin on their behalf, staff, or a program. */
    raisedByKind: text('raised_by_kind', { enum: ticketAuthors }).notNull(),
    raisedBy: text('raised_by').notNull(),
    raisedByName: text('raised_by_name').notNull(),
    /** The member of staff who looks after it. */
    assignee: text('assignee'),
    assigneeName: text('assignee_name'),
    /** What of the customer's Microsoft 365 it is about: a tenant, and a person in it. */
    aboutTenant: text('about_tenant'),
    aboutUser: text('about_user'),
    aboutUserName: text('about_user_name'),
    createdAt: moment('created_at').notNull(),
    changedAt: moment('changed_at').notNull(),
    /** Since when it waits on the customer, and for how long it did before: targets stand still meanwhile. */
    waitingSince: moment('waiting_since'),
    waitedMs: integer('waited_ms').notNull().default(0),
    firstAnsweredAt: moment('first_answered_at'),
    resolvedAt: moment('resolved_at'),
    /** When it was resolved or closed; null while it is open. */
    endedAt: moment('ended_at'),
    /** Until when a customer may open it again. */
    reopenUntil: moment('reopen_until_at'),
    firstAnswerDueAt: moment('first_answer_due_at'),
    resolutionDueAt: moment('resolution_due_at'),
    /** What is due next; null while nothing is: no target, waiting on the customer, ended. */
    dueAt: moment('due_at'),
    /** What a customer's list is sorted by: what waits on them, then what is open, then the rest; each by its latest change. */
    attention: integer('attention').notNull(),
    rating: text('rating', { enum: ticketRatings }),
    ratingComment: text('rating_comment'),
    ratedAt: moment('rated_at'),
    /** The ticket that goes on in its place, of the same customer. */
    mergedInto: text('merged_into'),
    /** The hash of what its mails' reply address carries. */
    replyHash: text('reply_hash').notNull(),
    /** Where the same ticket stands in another system, such as a PSA. */
    outsideSystem: text('outside_system'),
    outsideId: text('outside_id'),
    outsideUrl: webAddress('outside_url'),
  },
  (table) => {
    const { mspId, customerId, changedAt, dueAt, attention, assignee, id } = table
    return [
      keyed(table),
      belongsTo(table, [customerId], customers, [customers.id]),
      uniqueIndex('tickets_of_customer').on(mspId, customerId, id),
      uniqueIndex('tickets_by_number').on(mspId, table.number),
      uniqueIndex('tickets_by_reply').on(mspId, table.replyHash),
      uniqueIndex('tickets_by_outside')
        .on(mspId, table.outsideSystem, table.outsideId)
        .where(sql`outside_id is not null`),
      index('tickets_by_change').on(mspId, changedAt, id),
      index('tickets_open').on(mspId, changedAt, id).where(open),
      index('tickets_ended').on(mspId, changedAt, id).where(ended),
      index('tickets_of_assignee').on(mspId, assignee, changedAt, id).where(open),
      index('tickets_waiting').on(mspId, changedAt, id).where(waiting),
      index('tickets_of_category').on(mspId, table.category),
      index('tickets_due')
        .on(mspId, dueAt, id)
        .where(sql`due_at is not null`),
      index('tickets_of_customer_by_attention').on(mspId, customerId, attention, id),
      index('tickets_of_customer_open').on(mspId, customerId, attention, id).where(open),
      index('tickets_of_customer_ended').on(mspId, customerId, attention, id).where(ended),
      index('tickets_to_close')
        .on(table.reopenUntil)
        .where(sql`state = 'resolved'`),
    ]
  },
)

/** How a ticket stands: its state, and what its clock has come to. */
export type TicketStanding = Pick<
  typeof tickets.$inferSelect,
  | 'state'
  | 'priority'
  | 'createdAt'
  | 'changedAt'
  | 'waitingSince'
  | 'waitedMs'
  | 'firstAnsweredAt'
  | 'resolvedAt'
  | 'endedAt'
  | 'reopenUntil'
  | 'firstAnswerDueAt'
  | 'resolutionDueAt'
  | 'dueAt'
  | 'attention'
>

export const ticketRoles = ['requester', 'watcher'] as const

/**
 * Who of the customer's people a ticket is of: it is theirs to see, whatever their roles. `id` is the contact's. What their
 * lists are sorted by is the ticket's; triggers keep it so.
 */
export const ticketPeople = sqliteTable(
  'ticket_people',
  {
    ...ownedByCustomer(),
    ticketId: text('ticket_id').notNull(),
    role: text('role', { enum: ticketRoles }).notNull(),
    attention: integer('attention').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => {
    const { mspId, customerId, ticketId, attention, id } = table
    return [
      primaryKey({ columns: [mspId, ticketId, id] }),
      belongsTo(table, [customerId, ticketId], tickets, [tickets.customerId, tickets.id]),
      index('ticket_people_of_ticket').on(mspId, customerId, ticketId, id),
      index('ticket_people_by_attention').on(mspId, customerId, id, attention, ticketId),
      index('ticket_people_open').on(mspId, customerId, id, attention, ticketId).where(open),
      index('ticket_people_ended').on(mspId, customerId, id, attention, ticketId).where(ended),
    ]
  },
)

export const ticketEntryKinds = ['comment', 'note', 'event'] as const

/** What happened to a ticket besides what was written, with names as they were then, and the ids of contacts whose names these are. */
export type TicketEvent =
  | { type: 'state'; from: (typeof ticketStates)[number]; to: (typeof ticketStates)[number]; reopened?: true }
  | { type: 'assignee'; from: string | null; to: string | null }
  | { type: 'requester'; from: string | null; to: string | null; fromId?: string | null; toId?: string | null }
  | { type: 'priority'; from: (typeof ticketPriorities)[number]; to: (typeof ticketPriorities)[number] }
  | { type: 'category'; from: string; to: string }
  | { type: 'subject'; from: string; to: string }
  | { type: 'watcher_added' | 'watcher_removed'; name: string; contactId?: string }
  | { type: 'merged_into' | 'merged_from'; number: number; subject: string }
  | { type: 'rated'; rating: (typeof ticketRatings)[number]; comment: string | null }

/**
 * A ticket's conversation and history, in one: what was said to everybody, what staff noted among themselves, and what
 * happened. Nothing of it is ever changed.
 */
export const ticketEntries = sqliteTable(
  'ticket_entries',
  {
    ...ownedByCustomer(),
    ticketId: text('ticket_id').notNull(),
    kind: text('kind', { enum: ticketEntryKinds }).notNull(),
    /** For staff alone: never leaves through a portal or a customer's mail. */
    isInternal: flag('is_internal').notNull(),
    authorKind: text('author_kind', { enum: ticketAuthors }).notNull(),
    author: text('author'),
    authorName: text('author_name').notNull(),
    /** Plain text; empty for an event. */
    body: text('body').notNull(),
    /** What a mail quoted of earlier ones, folded away. */
    quoted: text('quoted'),
    event: text('event', { mode: 'json' }).$type<TicketEvent>(),
    source: text('source', { enum: ticketSources }).notNull(),
    /** The hash of the Message-ID of the mail it came by: the same mail is not taken twice. */
    mailHash: text('mail_hash'),
    outsideId: text('outside_id'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => {
    const { mspId, customerId, ticketId, isInternal, id } = table
    return [
      keyed(table),
      belongsTo(table, [customerId, ticketId], tickets, [tickets.customerId, tickets.id]),
      uniqueIndex('ticket_entries_by_mail')
        .on(mspId, table.mailHash)
        .where(sql`mail_hash is not null`),
      index('ticket_entries_of_ticket').on(mspId, customerId, ticketId, id),
      index('ticket_entries_to_customer').on(mspId, customerId, ticketId, isInternal, id),
    ]
  },
)

/**
 * A file of a ticket's entry: its bytes are in R2 under `objectKey` and never change. It is uploaded before what it
 * belongs to is sent, and until then it is of nobody but whoever uploads it; what is never sent is forgotten.
 */
export const ticketFiles = sqliteTable(
  'ticket_files',
  {
    ...ownedByCustomer(),
    ticketId: text('ticket_id'),
    /** The entry it was sent with; null while it waits to be sent. */
    entry: text('entry'),
    isInternal: flag('is_internal').notNull(),
    name: text('name').notNull(),
    mediaType: text('media_type', { enum: documentMediaTypes }).notNull(),
    byteCount: integer('byte_count').notNull(),
    objectKey: text('object_key').notNull(),
    /** Names the upload it came by, so that one that is sent again is not kept twice. */
    uploadHash: text('upload_hash').notNull(),
    addedByKind: text('added_by_kind').notNull(),
    addedById: text('added_by_id').notNull(),
    addedByName: text('added_by_name').notNull(),
    createdAt: moment('created_at').notNull(),
    /** When it is forgotten unless it was sent; null once it is. */
    unsentUntil: moment('unsent_until_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    belongsTo(table, [table.customerId, table.ticketId], tickets, [tickets.customerId, tickets.id]),
    uniqueIndex('ticket_files_by_upload').on(table.mspId, table.uploadHash),
    index('ticket_files_of_ticket').on(table.mspId, table.customerId, table.ticketId, table.id),
    index('ticket_files_unsent_of')
      .on(table.mspId, table.customerId, table.addedById)
      .where(sql`entry is null`),
    index('ticket_files_unsent')
      .on(table.unsentUntil)
      .where(sql`unsent_until_at is not null`),
  ],
)

/** The words a ticket is found by: its number's and its subject's. `id` is the ticket's. */
export const ticketWords = sqliteTable(
  'ticket_words',
  { ...ownedByCustomer(), word: text('word').notNull() },
  (table) => [
    primaryKey({ columns: [table.mspId, table.word, table.id] }),
    belongsTo(table, [table.customerId, table.id], tickets, [tickets.customerId, tickets.id]),
    index('ticket_words_of_customer').on(table.mspId, table.customerId, table.word, table.id),
    index('ticket_words_of_ticket').on(table.mspId, table.customerId, table.id),
  ],
)

/**
 * What is new to somebody in a ticket: one row for each reader and ticket, so that a long conversation is one item of
 * their bell. `id` is the reader's, a contact's or a member of staff's.
 */
export const ticketNews = sqliteTable(
  'ticket_news',
  {
    ...ownedByCustomer(),
    ticketId: text('ticket_id').notNull(),
    unreadCount: integer('unread_count').notNull(),
    /** The entry that came last, and who wrote it. */
    latestEntry: text('latest_entry').notNull(),
    latestByName: text('latest_by_name').notNull(),
    at: moment('at').notNull(),
  },
  (table) => {
    const { mspId, customerId, ticketId, id, at } = table
    return [
      primaryKey({ columns: [mspId, id, ticketId] }),
      belongsTo(table, [customerId, ticketId], tickets, [tickets.customerId, tickets.id]),
      index('ticket_news_by_time').on(mspId, id, at, ticketId),
      index('ticket_news_unread')
        .on(mspId, id, at, ticketId)
        .where(sql`unread_count > 0`),
      index('ticket_news_of_ticket').on(mspId, customerId, ticketId),
    ]
  },
)

/** An answer that staff use often, with places for names. */
export const cannedReplies = sqliteTable(
  'canned_replies',
  {
    ...ownedByMsp(),
    ...versioned(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    index('canned_replies_by_title').on(table.mspId, table.title, table.id),
  ],
)
