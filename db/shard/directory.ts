import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, ownedByTenant } from '../owned.ts'
import { tenants } from './tenants.ts'

/** What somebody has a word from. Read in this order, so that names are found before addresses before departments. */
export const wordSources = { name: 0, mail: 1, department: 2 } as const

/** One row per word by which a search finds somebody of a tenant, kept by triggers from `foundBy` of their row; `id` is theirs. */
export const tenantUserWords = sqliteTable(
  'tenant_user_words',
  {
    ...ownedByTenant(),
    isGuest: flag('is_guest').notNull(),
    source: integer('source').$type<(typeof wordSources)[keyof typeof wordSources]>().notNull(),
    word: text('word').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.mspId, table.tenantId, table.id, table.source, table.word] }),
    belongsTo(table, [table.tenantId], tenants, [tenants.id]),
    index('tenant_user_words_by_word').on(
      table.mspId,
      table.tenantId,
      table.isGuest,
      table.source,
      table.word,
      table.id,
    ),
  ],
)

/** The departments of a tenant, kept by triggers on its users; `id` is the name as Microsoft has it. */
export const tenantDepartments = sqliteTable(
  'tenant_departments',
  {
    ...ownedByTenant(),
    memberCount: integer('member_count').notNull().default(0),
    guestCount: integer('guest_count').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.mspId, table.tenantId, table.id] }),
    belongsTo(table, [table.tenantId], tenants, [tenants.id]),
  ],
)
