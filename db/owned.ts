import { customType, foreignKey, integer, primaryKey, text } from 'drizzle-orm/sqlite-core'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'

/** How a table belongs: to an MSP, to one of its customers, or to one Microsoft tenant of a customer. */
export const ownedByMsp = () => ({ mspId: text('msp_id').notNull(), id: text('id').notNull() })
export const ownedByCustomer = () => ({ ...ownedByMsp(), customerId: text('customer_id').notNull() })
export const ownedByTenant = () => ({ ...ownedByMsp(), tenantId: text('tenant_id').notNull() })

/** Rows that several people may edit carry a version: it is the ETag, and every guarded write checks it. */
export const versioned = () => ({ version: integer('version').notNull().default(1) })

/** A moment: milliseconds since 1970, UTC. */
export const moment = (name: string) => integer(name)
export const flag = (name: string) => integer(name, { mode: 'boolean' })

export const isWebAddress = (text: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)

/** Where a page of the web is. People follow it, so nothing else is ever written there: that throws, wherever it came from. */
export const webAddress = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (address) => {
    if (!isWebAddress(address)) throw new TypeError('This is no address of a web page.')
    return address
  },
})

/** The Microsoft account that somebody signs in with. It is known by its two ids; the name is only to be shown. */
export const microsoftAccount = () => ({
  microsoftTenantId: text('microsoft_tenant_id'),
  microsoftObjectId: text('microsoft_object_id'),
  microsoftAccount: text('microsoft_account'),
  microsoftLinkedAt: moment('microsoft_linked_at'),
})

/** Nobody's account: what stands in those columns until one is linked. */
export const noMicrosoftAccount = {
  microsoftTenantId: null,
  microsoftObjectId: null,
  microsoftAccount: null,
  microsoftLinkedAt: null,
}

type Keyed = { mspId: AnySQLiteColumn; id: AnySQLiteColumn }

export const keyed = (table: Keyed) => primaryKey({ columns: [table.mspId, table.id] })

/** A pointer that cannot leave its MSP: the owner travels inside the foreign key. */
export const belongsTo = (
  owner: { mspId: AnySQLiteColumn },
  pointers: AnySQLiteColumn[],
  parentOwner: { mspId: AnySQLiteColumn },
  targets: AnySQLiteColumn[],
) =>
  foreignKey({ columns: [owner.mspId, ...pointers], foreignColumns: [parentOwner.mspId, ...targets] })
    .onDelete('restrict')
    .onUpdate('cascade')
