import { sql } from 'drizzle-orm'
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByCustomer, versioned } from '../owned.ts'
import { customers } from './customers.ts'

/** How many of what went over, as staff read it. */
export type MovedCounts = {
  tenants: number
  contacts: number
  documents: number
  /** Absent in merges older than tickets. */
  tickets?: number
  portal: boolean
}

/** What a merge could not take back, and why. */
export type LeftBehind = {
  kind: 'tenant' | 'contact' | 'document' | 'portal' | 'field'
  name: string
  reason: 'changed' | 'gone' | 'taken'
}

/**
 * Two customers made one. `customerId` has what was merged now: the survivor, or whoever that was merged into later.
 * `kept` holds what undoing needs, until nobody may undo it any more.
 */
export const customerMerges = sqliteTable(
  'customer_merges',
  {
    ...ownedByCustomer(),
    ...versioned(),
    survivorId: text('survivor_id').notNull(),
    survivorName: text('survivor_name').notNull(),
    mergedId: text('merged_id').notNull(),
    mergedName: text('merged_name').notNull(),
    moved: text('moved', { mode: 'json' }).$type<MovedCounts>().notNull(),
    kept: text('kept', { mode: 'json' }).$type<unknown>(),
    mergedAt: moment('merged_at').notNull(),
    mergedByName: text('merged_by_name').notNull(),
    undoEndsAt: moment('undo_ends_at').notNull(),
    undoneAt: moment('undone_at'),
    undoneByName: text('undone_by_name'),
    leftBehind: text('left_behind', { mode: 'json' }).$type<LeftBehind[]>().notNull().default([]),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('customer_merges_by_customer').on(table.mspId, table.customerId, table.id),
    index('customer_merges_to_forget')
      .on(table.undoEndsAt)
      .where(sql`kept is not null`),
  ],
)
