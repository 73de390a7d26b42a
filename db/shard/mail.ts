import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByMsp, versioned } from '../owned.ts'
import { msps } from './msps.ts'

/** The address an MSP's mails come from, once whoever reads its mail has followed the link sent to it. */
export const mailAddresses = sqliteTable(
  'mail_addresses',
  {
    ...ownedByMsp(),
    ...versioned(),
    address: text('address').notNull(),
    tokenHash: text('token_hash').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    verifiedAt: moment('verified_at'),
  },
  (table) => [keyed(table), uniqueIndex('mail_addresses_one').on(table.mspId), belongsTo(table, [], msps, [])],
)

/** `tls`: from the first byte. `starttls`: demanded after the greeting. `none`: only where the deployment allows any server. */
export const mailSecurities = ['starttls', 'tls', 'none'] as const

/** The MSP's own mail server. */
export const mailServers = sqliteTable(
  'mail_servers',
  {
    ...ownedByMsp(),
    ...versioned(),
    host: text('host').notNull(),
    port: integer('port').notNull(),
    security: text('security', { enum: mailSecurities }).notNull(),
    userName: text('user_name'),
    passwordSealed: text('password_sealed'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [keyed(table), uniqueIndex('mail_servers_one').on(table.mspId), belongsTo(table, [], msps, [])],
)
