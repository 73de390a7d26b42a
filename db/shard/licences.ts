import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, ownedByCustomer, ownedByMsp, ownedByTenant, versioned } from '../owned.ts'
import { customers } from './customers.ts'
import { msps } from './msps.ts'
import { tenants } from './tenants.ts'

/**
 * Who holds a seat of which licence, in the order of names. The database keeps it, by triggers on the people of a tenant, so
 * that no page of a sync can forget to; nothing else writes here. `id` is the person's; names are compared in any case.
 */
export const seatHolders = sqliteTable(
  'seat_holders',
  {
    ...ownedByTenant(),
    skuId: text('sku_id').notNull(),
    displayName: text('display_name').notNull(),
    /** As the person's, but 4 for somebody who cannot sign in. */
    idleBand: integer('idle_band'),
    /** Whether it is idle for so many days: null where it is not known. */
    idle30: flag('idle_30'),
    idle60: flag('idle_60'),
    idle90: flag('idle_90'),
    isGuest: flag('is_guest').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.mspId, table.tenantId, table.skuId, table.displayName, table.id] }),
    index('seat_holders_idle_30')
      .on(table.mspId, table.tenantId, table.skuId, table.idle30, sql`display_name collate nocase`, table.id)
      .where(sql`idle_30 = 1`),
    index('seat_holders_idle_60')
      .on(table.mspId, table.tenantId, table.skuId, table.idle60, sql`display_name collate nocase`, table.id)
      .where(sql`idle_60 = 1`),
    index('seat_holders_idle_90')
      .on(table.mspId, table.tenantId, table.skuId, table.idle90, sql`display_name collate nocase`, table.id)
      .where(sql`idle_90 = 1`),
    index('seat_holders_members')
      .on(table.mspId, table.tenantId, table.isGuest, table.skuId, sql`display_name collate nocase`, table.id)
      .where(sql`is_guest = 0`),
    index('seat_holders_members_idle_30')
      .on(
        table.mspId,
        table.tenantId,
        table.isGuest,
        table.skuId,
        table.idle30,
        sql`display_name collate nocase`,
        table.id,
      )
      .where(sql`is_guest = 0 and idle_30 = 1`),
    index('seat_holders_members_idle_60')
      .on(
        table.mspId,
        table.tenantId,
        table.isGuest,
        table.skuId,
        table.idle60,
        sql`display_name collate nocase`,
        table.id,
      )
      .where(sql`is_guest = 0 and idle_60 = 1`),
    index('seat_holders_members_idle_90')
      .on(
        table.mspId,
        table.tenantId,
        table.isGuest,
        table.skuId,
        table.idle90,
        sql`display_name collate nocase`,
        table.id,
      )
      .where(sql`is_guest = 0 and idle_90 = 1`),
    belongsTo(table, [table.tenantId], tenants, [tenants.id]),
  ],
)

export const pricePeriods = ['month', 'year'] as const

/**
 * Every licence that tenants of the MSP have, or had, by its skuId in lower case: rows come by triggers on the seat counts.
 * What the MSP calls it, and what it asks for a seat; all of the price or none of it.
 */
export const skus = sqliteTable(
  'skus',
  {
    ...ownedByMsp(),
    ...versioned(),
    skuPartNumber: text('sku_part_number').notNull(),
    microsoftName: text('microsoft_name'),
    ownName: text('own_name'),
    /** In the smallest unit of the currency: cents, pence. */
    priceMinor: integer('price_minor'),
    pricePer: text('price_per', { enum: pricePeriods }),
    priceCurrency: text('price_currency'),
  },
  (table) => [keyed(table), belongsTo(table, [], msps, [])],
)

/** A customer's own price of a seat, by skuId. */
export type OwnPrices = Record<string, { amountMinor: number; per: (typeof pricePeriods)[number]; currency: string }>

/** Whether a customer's people see what its licences cost, and where its prices are not the MSP's list's. `id` equals `customerId`. */
export const licenceTerms = sqliteTable(
  'licence_terms',
  {
    ...ownedByCustomer(),
    ...versioned(),
    /** Neither is read any more: the policy says it (self-service.ts). */
    usersSee: flag('users_see').notNull().default(true),
    usersRequest: flag('users_request').notNull().default(true),
    costsShown: flag('costs_shown').notNull().default(false),
    prices: text('prices', { mode: 'json' }).$type<OwnPrices>().notNull().default({}),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('licence_terms_by_customer').on(table.mspId, table.customerId),
  ],
)
