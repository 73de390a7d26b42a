import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, moment, ownedByCustomer, versioned } from '../owned.ts'
import { customers } from './customers.ts'

export const documentCategories = ['contract', 'runbook', 'other'] as const

/** What a file can be by its bytes; all that is not known to be harmless in a browser is a stream of octets. */
export const documentMediaTypes = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/octet-stream',
] as const

const here = sql`deleted_at is null`
const deleted = sql`deleted_at is not null`

/**
 * A file kept for a customer: the row tells of it, its bytes are in R2 under `objectKey` and never change. Deleted ones
 * stay a while, so that they can be had back. Ids sort by time, so that they are also the order of adding.
 */
export const documents = sqliteTable(
  'documents',
  {
    ...ownedByCustomer(),
    ...versioned(),
    name: text('name').notNull(),
    /** Lower case without accents: what the list sorts by. */
    sortName: text('sort_name').notNull(),
    category: text('category', { enum: documentCategories }).notNull(),
    mediaType: text('media_type', { enum: documentMediaTypes }).notNull(),
    byteCount: integer('byte_count').notNull(),
    objectKey: text('object_key').notNull(),
    /** Names the upload it came by, so that one that is sent again is not kept twice. */
    uploadHash: text('upload_hash').notNull(),
    sharedWithCustomer: flag('shared_with_customer').notNull().default(false),
    addedByKind: text('added_by_kind').notNull(),
    addedById: text('added_by_id').notNull(),
    addedByName: text('added_by_name').notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => {
    const { mspId, customerId, category, sharedWithCustomer, sortName, id } = table
    return [
      keyed(table),
      belongsTo(table, [customerId], customers, [customers.id]),
      uniqueIndex('documents_by_upload').on(mspId, table.uploadHash),
      // Of all of them, deleted ones too: for its foreign key, and for what becomes of a customer as a whole.
      index('documents_by_customer').on(mspId, customerId),
      index('documents_by_name').on(mspId, customerId, sortName, id).where(here),
      index('documents_by_age').on(mspId, customerId, id).where(here),
      index('documents_by_category_and_name').on(mspId, customerId, category, sortName, id).where(here),
      index('documents_by_category_and_age').on(mspId, customerId, category, id).where(here),
      index('documents_by_sharing_and_name').on(mspId, customerId, sharedWithCustomer, sortName, id).where(here),
      index('documents_by_sharing_and_age').on(mspId, customerId, sharedWithCustomer, id).where(here),
      index('documents_by_both_and_name').on(mspId, customerId, category, sharedWithCustomer, sortName, id).where(here),
      index('documents_by_both_and_age').on(mspId, customerId, category, sharedWithCustomer, id).where(here),
      index('documents_deleted').on(mspId, customerId, table.deletedAt, id).where(deleted),
      index('documents_by_deletion').on(table.deletedAt).where(deleted),
    ]
  },
)
