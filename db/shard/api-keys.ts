import { sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByMsp } from '../owned.ts'
import { staff } from './msps.ts'

/** What a key may be made for: an area, and whether to read or to change it. */
export const apiScopes = [
  'customers:read',
  'customers:write',
  'contacts:read',
  'contacts:write',
  'tenants:read',
  'tenants:write',
  'portals:read',
  'portals:write',
  'documents:read',
  'documents:write',
  'tickets:read',
  'tickets:write',
  'requests:read',
  'requests:write',
  'notices:read',
  'notices:write',
  'activity:read',
  'jobs:read',
  'jobs:write',
  'settings:read',
  'settings:write',
  'portal:read',
] as const

/** What lets a program in. Its row stays when it is revoked, so that what it did can be told from what others did. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    ...ownedByMsp(),
    name: text('name').notNull(),
    /** The beginning of the key, by which people tell it from others; no part of what is secret. */
    handle: text('handle').notNull(),
    tokenHash: text('token_hash').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<(typeof apiScopes)[number][]>().notNull(),
    /** Who made it: it may never do more than they may. */
    staffId: text('staff_id').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.staffId], staff, [staff.id]),
    uniqueIndex('api_keys_by_token').on(table.mspId, table.tokenHash),
  ],
)

/** When a key was last used, to within a few minutes; `id` is the key's. */
export const apiKeyUses = sqliteTable(
  'api_key_uses',
  { ...ownedByMsp(), lastUsedAt: moment('last_used_at').notNull() },
  (table) => [keyed(table), belongsTo(table, [table.id], apiKeys, [apiKeys.id])],
)
