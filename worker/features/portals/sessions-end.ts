import { inArray } from 'drizzle-orm'
import { contacts, sessions } from '../../../db/shard/schema.ts'
import { among } from '../../tenancy/among.ts'
import type { CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'

/** Everybody who is in the portals of these customers is out. */
export const sessionsEnd = (msp: MspScope, customerIds: string[]): Write => {
  const theirs = msp
    .select({ id: contacts.id })
    .from(contacts)
    .where(msp.mine(contacts, among(contacts.customerId, customerIds)))
  return msp.removeWhere(sessions, inArray(sessions.contactId, theirs))
}

/** The same of one customer, in its own commit. */
export const itsSessionsEnd = (customer: CustomerScope): Write =>
  customer.removeWhere(
    sessions,
    inArray(sessions.contactId, customer.select({ id: contacts.id }).from(contacts).where(customer.mine(contacts))),
  )
