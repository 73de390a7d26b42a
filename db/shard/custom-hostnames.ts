import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { belongsTo, keyed, moment, ownedByCustomer, versioned } from '../owned.ts'
import { customers } from './customers.ts'

/** What the last check found out about a name; the feature's rules are in worker/features/custom-hostnames/standing.ts. */
export type HostnameFindings = {
  /** Our TXT record: there, there with another text, not there, or its name servers gave no answer. */
  proof: 'ours' | 'other' | 'missing' | 'unreadable'
  /** Where visitors are led. */
  address: 'here' | 'elsewhere' | 'missing' | 'unreadable'
  /** What `elsewhere` is. */
  leadsTo: string | null
  /** Whether somebody else proved the name before and has it. */
  isTaken: boolean
  /** At the edge that answers for the name; null before it was told of it. */
  edge: {
    state: 'pending' | 'active' | 'blocked' | 'moved' | 'gone'
    certificate: 'pending' | 'active' | 'failed'
    said: string[]
  } | null
}

/** A name of a customer's own under which its portal is to answer. */
export const customHostnames = sqliteTable(
  'custom_hostnames',
  {
    ...ownedByCustomer(),
    ...versioned(),
    /** Lower case, other scripts as A-labels. */
    hostname: text('hostname').notNull(),
    state: text('state', { enum: ['pending', 'active', 'problem'] }).notNull(),
    /** What the TXT record must say; made for this claim alone, and public like any record. */
    proofText: text('proof_text').notNull(),
    found: text('found', { mode: 'json' }).$type<HostnameFindings>(),
    createdAt: moment('created_at').notNull(),
    checkedAt: moment('checked_at'),
    nextCheckAt: moment('next_check_at'),
    /** Since when it answers, also while in trouble; null when it does not. */
    activeSince: moment('active_since'),
    troubleSince: moment('trouble_since'),
    /** When it had been in trouble for too long and stopped answering. */
    givenUpAt: moment('given_up_at'),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    uniqueIndex('custom_hostnames_by_name').on(table.mspId, table.hostname),
    index('custom_hostnames_by_customer').on(table.mspId, table.customerId),
    index('custom_hostnames_due').on(table.nextCheckAt),
  ],
)
