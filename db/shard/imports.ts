import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, moment, ownedByMsp, versioned } from '../owned.ts'
import { msps } from './msps.ts'
import type { FieldChange } from './work.ts'

export const importStates = [
  'waiting',
  'uploaded',
  'checking',
  'checked',
  'running',
  'done',
  'undoing',
  'undone',
  'failed',
  'discarded',
] as const
export const importDecisions = ['create', 'update', 'unchanged', 'skip', 'error'] as const
export const importUndoings = ['removed', 'restored', 'left'] as const

/** A CSV file of customers, from its upload to its undoing. What it did to customers stands in their activity. */
export const customerImports = sqliteTable(
  'customer_imports',
  {
    ...ownedByMsp(),
    ...versioned(),
    fileName: text('file_name').notNull(),
    state: text('state', { enum: importStates }).notNull(),
    /** Null until the file is there. */
    objectKey: text('object_key'),
    byteCount: integer('byte_count'),
    encoding: text('encoding'),
    delimiter: text('delimiter'),
    columns: text('columns', { mode: 'json' })
      .$type<{ heading: string; kind: string; field: string | null; samples: string[] }[]>()
      .notNull()
      .default([]),
    /** Null until the file was read to its end. */
    rowCount: integer('row_count'),
    createCount: integer('create_count').notNull().default(0),
    updateCount: integer('update_count').notNull().default(0),
    unchangedCount: integer('unchanged_count').notNull().default(0),
    skipCount: integer('skip_count').notNull().default(0),
    errorCount: integer('error_count').notNull().default(0),
    /** Of what is being done now: how many rows there are to do, how many are done, and which was the last. */
    workCount: integer('work_count').notNull().default(0),
    doneCount: integer('done_count').notNull().default(0),
    lastRowId: text('last_row_id'),
    trouble: text('trouble'),
    createdByName: text('created_by_name').notNull(),
    /** On whose behalf customers are written. */
    actorKind: text('actor_kind', { enum: ['staff', 'api_key'] }).notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    createdAt: moment('created_at').notNull(),
    finishedAt: moment('finished_at'),
    undoneAt: moment('undone_at'),
    undoLeftCount: integer('undo_left_count').notNull().default(0),
    /** When the file and its rows are forgotten. */
    expiresAt: moment('expires_at').notNull(),
    /** Those of them that were not there any more. */
    undoGoneCount: integer('undo_gone_count').notNull().default(0),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [], msps, []),
    // Two imports that write at once could each add what the other adds.
    uniqueIndex('customer_imports_one_at_work')
      .on(table.mspId)
      .where(sql`state in ('running', 'undoing')`),
    index('customer_imports_expiring').on(table.expiresAt),
  ],
)

/** One row of the file and what is to become of it. Names its customer without pointing at it: it may go. */
export const customerImportRows = sqliteTable(
  'customer_import_rows',
  {
    ...ownedByMsp(),
    ...versioned(),
    importId: text('import_id').notNull(),
    line: integer('line').notNull(),
    cells: text('cells', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    /** Why its cells cannot be trusted. */
    fault: text('fault'),
    isSkipped: flag('is_skipped').notNull().default(false),
    decision: text('decision', { enum: importDecisions }).notNull(),
    /** The customer it is, or the one that it will make: decided once, so that nothing is made twice. */
    customerId: text('decided_customer_id'),
    customerName: text('customer_name'),
    changes: text('changes', { mode: 'json' }).$type<FieldChange[]>().notNull(),
    faults: text('faults', { mode: 'json' })
      .$type<
        {
          field: string | null
          column: string | null
          reason: string
          sameAsLine?: number
          candidates?: { id: string; name: string; psaId: string | null; domain: string | null; createdAt: number }[]
        }[]
      >()
      .notNull(),
    /** The customer's version as this import left it; null while it has not touched it. */
    writtenVersion: integer('written_version'),
    undoing: text('undoing', { enum: importUndoings }),
    undoReason: text('undo_reason'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.importId], customerImports, [customerImports.id]),
    index('customer_import_rows_by_decision').on(table.mspId, table.importId, table.decision, table.id),
    // What is forgotten of a customer that is deleted.
    index('customer_import_rows_by_customer')
      .on(table.mspId, table.customerId)
      .where(sql`decided_customer_id is not null`),
    index('customer_import_rows_by_undoing')
      .on(table.mspId, table.importId, table.undoing, table.id)
      .where(sql`undoing is not null`),
  ],
)

/** What the rows of one import say of customers, each once: the id is the import's and by what the customer is known. */
export const customerImportKeys = sqliteTable(
  'customer_import_keys',
  {
    ...ownedByMsp(),
    importId: text('import_id').notNull(),
    rowId: text('row_id').notNull(),
    line: integer('line').notNull(),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.importId], customerImports, [customerImports.id]),
    index('customer_import_keys_by_row').on(table.mspId, table.importId, table.rowId),
  ],
)
