import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByMsp, versioned } from '../owned.ts'
import { msps, staff } from './msps.ts'

export const widgetKinds = ['contacts', 'attention', 'activity', 'tickets', 'requests'] as const

/** What somebody of the staff has put on their workspace, in their order; the id is theirs. */
export const workspaces = sqliteTable(
  'workspaces',
  {
    ...ownedByMsp(),
    ...versioned(),
    widgets: text('widgets', { mode: 'json' }).$type<(typeof widgetKinds)[number][]>().notNull(),
  },
  (table) => [keyed(table), belongsTo(table, [table.id], staff, [staff.id])],
)

/** Access given to many at once: how far it is. Who they are is nothing that stays. */
export const accessGrants = sqliteTable(
  'access_grants',
  {
    ...ownedByMsp(),
    ...versioned(),
    state: text('state', { enum: ['running', 'done'] }).notNull(),
    totalCount: integer('total_count').notNull(),
    /** How many came to what, by `granted` or why not. */
    outcomes: text('outcomes', { mode: 'json' }).$type<Record<string, number>>().notNull(),
    actorKind: text('actor_kind', { enum: ['staff', 'contact', 'api_key', 'system', 'visitor'] }).notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    trouble: text('trouble'),
    createdAt: moment('created_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [keyed(table), belongsTo(table, [], msps, []), index('access_grants_by_end').on(table.finishedAt)],
)

/** Whom a grant has still to come to; the id is the contact's. */
export const accessGrantPeople = sqliteTable(
  'access_grant_people',
  { ...ownedByMsp(), grantId: text('grant_id').notNull() },
  (table) => [
    primaryKey({ columns: [table.mspId, table.grantId, table.id] }),
    belongsTo(table, [table.grantId], accessGrants, [accessGrants.id]),
  ],
)
