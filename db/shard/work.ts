import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByCustomer, ownedByMsp } from '../owned.ts'
import { contacts, customers } from './customers.ts'
import { msps, staff } from './msps.ts'

export const actorKinds = ['staff', 'contact', 'api_key', 'system', 'visitor'] as const

/** What an entry is about: its action's first word; syncs and sign-ins have a topic of their own. */
const topicOfAction = sql`case when instr(action, '.signed_') > 0 then 'sign_in' when instr(action, 'tenant.sync') = 1 then 'sync' else substr(action, 1, instr(action, '.') - 1) end`
const byPerson = sql`actor_kind <> 'system'`

/**
 * Who did what to whom, before and after. Append-only: triggers refuse changes, and deletion for seven years. Names its customer without
 * pointing at it, since it outlives one that is deleted or merged.
 */
export const activities = sqliteTable(
  'activities',
  {
    ...ownedByMsp(),
    customerId: text('customer_id'),
    at: moment('at').notNull(),
    actorKind: text('actor_kind', { enum: actorKinds }).notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    subjectName: text('subject_name').notNull(),
    changes: text('changes', { mode: 'json' }).$type<FieldChange[]>().notNull(),
    requestId: text('request_id'),
    topic: text('topic').generatedAlwaysAs(topicOfAction, { mode: 'virtual' }),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    // One for each pair of filters. What runs by itself is most of what is written, and is in none of those by person.
    index('activities_by_customer').on(table.mspId, table.customerId, table.id),
    index('activities_by_customer_and_topic').on(table.mspId, table.customerId, table.topic, table.id),
    index('activities_by_topic').on(table.mspId, table.topic, table.id),
    index('activities_by_customer_and_person')
      .on(table.mspId, table.customerId, table.actorId, table.id)
      .where(byPerson),
    index('activities_by_customer_person_and_topic')
      .on(table.mspId, table.customerId, table.actorId, table.topic, table.id)
      .where(byPerson),
    index('activities_by_person').on(table.mspId, table.actorId, table.id).where(byPerson),
    index('activities_by_person_and_topic').on(table.mspId, table.actorId, table.topic, table.id).where(byPerson),
  ],
)

/** One field that a commit changed; secrets are shown as dots on both sides. */
export type FieldChange = { table: string; field: string; before: unknown; after: unknown }

export const jobStates = ['waiting', 'running', 'done', 'parked'] as const

/** Work that must happen. The row is the truth; a queue message only hints at it. */
export const jobs = sqliteTable(
  'jobs',
  {
    ...ownedByMsp(),
    customerId: text('customer_id'),
    kind: text('kind').notNull(),
    payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
    /** What is to be done once only: while a live job has this key, another is not added. */
    naturalKey: text('natural_key').notNull(),
    subjectName: text('subject_name').notNull(),
    state: text('state', { enum: jobStates }).notNull(),
    dueAt: moment('due_at').notNull(),
    attemptCount: integer('attempt_count').notNull().default(0),
    leaseToken: text('lease_token'),
    leaseUntil: moment('lease_until'),
    trouble: text('trouble'),
    createdAt: moment('created_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    uniqueIndex('jobs_alive_once')
      .on(table.mspId, table.naturalKey)
      .where(sql`state in ('waiting', 'running')`),
    index('jobs_due')
      .on(table.dueAt)
      .where(sql`state in ('waiting', 'running')`),
    index('jobs_by_customer').on(table.mspId, table.customerId),
    index('jobs_by_state').on(table.mspId, table.state, table.id),
    index('jobs_by_age').on(table.mspId, table.id),
    index('jobs_open_by_customer')
      .on(table.mspId, table.customerId, table.kind)
      .where(sql`state in ('waiting', 'running', 'parked')`),
    index('jobs_by_key').on(table.mspId, table.naturalKey, table.id),
    index('jobs_given_up')
      .on(table.finishedAt)
      .where(sql`state = 'parked'`),
    index('jobs_finished')
      .on(table.finishedAt)
      .where(sql`state = 'done'`),
  ],
)

/** How a session was begun. */
export const signInMethods = ['password', 'microsoft'] as const

/** A signed-in browser. `id` is the hash of the cookie's secret. */
export const sessions = sqliteTable(
  'sessions',
  {
    ...ownedByMsp(),
    host: text('host').notNull(),
    staffId: text('staff_id'),
    customerId: text('customer_id'),
    contactId: text('contact_id'),
    createdAt: moment('created_at').notNull(),
    seenAt: moment('seen_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** What the browser said it is, shortened: people tell their sessions apart by it. */
    userAgent: text('user_agent'),
    method: text('method', { enum: signInMethods }).notNull().default('password'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    belongsTo(table, [table.customerId, table.contactId], contacts, [contacts.customerId, contacts.id]),
    index('sessions_by_staff').on(table.mspId, table.staffId),
    index('sessions_by_contact').on(table.mspId, table.contactId),
    index('sessions_by_expiry').on(table.expiresAt),
  ],
)

/** A link by which somebody who forgot their password sets a new one. Works once, for an hour. */
export const passwordResets = sqliteTable(
  'password_resets',
  {
    ...ownedByMsp(),
    staffId: text('staff_id'),
    customerId: text('customer_id'),
    contactId: text('contact_id'),
    tokenHash: text('token_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    consumedAt: moment('consumed_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    belongsTo(table, [table.customerId, table.contactId], contacts, [contacts.customerId, contacts.id]),
    uniqueIndex('password_resets_by_token').on(table.mspId, table.tokenHash),
    index('password_resets_by_staff').on(table.mspId, table.staffId),
    index('password_resets_by_contact').on(table.mspId, table.contactId),
    index('password_resets_by_expiry').on(table.expiresAt),
  ],
)

/** The Microsoft account that somebody was seen to sign in with. */
export type ProvenAccount = { tenantId: string; objectId: string; name: string }

/** What was proven at the sign-in host, and for what. */
export type Proven =
  | { purpose: 'sign_in'; account: ProvenAccount }
  | { purpose: 'invitation'; account: ProvenAccount; invitationId: string }
  | { purpose: 'link'; account: ProvenAccount; personId: string }
  /** Of staff at the admin host, who are to see a portal as one of its contacts. */
  | { purpose: 'preview'; contactId: string; staffId: string; sessionId: string }

/** What was proven waits, for a minute, for the browser that began it; `id` is the hash of its one-time code. */
export const handOvers = sqliteTable(
  'hand_overs',
  {
    ...ownedByMsp(),
    customerId: text('customer_id'),
    /** The only host where it is taken. */
    host: text('host').notNull(),
    flowHash: text('flow_hash').notNull(),
    proven: text('proven', { mode: 'json' }).$type<Proven>().notNull(),
    returnTo: text('return_to').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    consumedAt: moment('consumed_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('hand_overs_by_customer').on(table.mspId, table.customerId),
    index('hand_overs_by_expiry').on(table.expiresAt),
  ],
)

/** Staff who look at a portal as one of its contacts. `id` is the hash of the cookie's secret. */
export const previews = sqliteTable(
  'previews',
  {
    ...ownedByCustomer(),
    contactId: text('contact_id').notNull(),
    staffId: text('staff_id').notNull(),
    host: text('host').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** Of the staff, at the admin host: the preview ends with it. */
    sessionId: text('session_id').notNull().default(''),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    belongsTo(table, [table.customerId, table.contactId], contacts, [contacts.customerId, contacts.id]),
    index('previews_by_staff').on(table.mspId, table.staffId),
    index('previews_by_contact').on(table.mspId, table.customerId, table.contactId),
    index('previews_by_expiry').on(table.expiresAt),
  ],
)

/** What a POST with an Idempotency-Key was answered; written inside the commit that made the change. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    ...ownedByMsp(),
    customerId: text('customer_id'),
    bodyHash: text('body_hash').notNull(),
    status: integer('status').notNull(),
    answer: text('answer', { mode: 'json' }).$type<unknown>(),
    createdAt: moment('created_at').notNull(),
    headers: text('headers', { mode: 'json' }).$type<Record<string, string>>().notNull().default({}),
  },
  (table) => [keyed(table), belongsTo(table, [], msps, []), index('idempotency_keys_by_age').on(table.createdAt)],
)
