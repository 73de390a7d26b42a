import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByMsp, versioned } from '../owned.ts'
import { msps } from './msps.ts'

/** The MSP's own app registrations at Microsoft: the one in force (`msps.microsoftClientId`), and those that tenants are still read with. */
export const microsoftApps = sqliteTable(
  'microsoft_apps',
  {
    ...ownedByMsp(),
    ...versioned(),
    clientId: text('client_id').notNull(),
    /** The MSP's own Microsoft tenant, in which the application is registered. */
    directoryId: text('directory_id').notNull(),
    clientSecretSealed: text('client_secret_sealed').notNull(),
    /** Until when the secret is good, as YYYY-MM-DD, as the MSP typed it: Microsoft tells nobody. */
    expiresOn: text('expires_on'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    keyed(table),
    uniqueIndex('microsoft_apps_by_client').on(table.mspId, table.clientId),
    belongsTo(table, [], msps, []),
  ],
)

/**
 * How many tenants are read with which app registration. The database keeps it, by triggers on the tenants, so that no commit can
 * forget to; nothing else writes here. An id is the application's client id, and empty for the deployment's.
 */
export const tenantCounts = sqliteTable(
  'tenant_counts',
  { ...ownedByMsp(), tenantCount: integer('tenant_count').notNull().default(0) },
  (table) => [keyed(table), belongsTo(table, [], msps, [])],
)
