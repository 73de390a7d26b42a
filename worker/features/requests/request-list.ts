import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import {
  contacts,
  customers,
  selfServiceDefaults,
  selfServiceOverrides,
  serviceRequests,
  tickets,
} from '../../../db/shard/schema.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { missing } from '../../http/problem.ts'
import type { ContactScope, MspScope } from '../../tenancy/scope.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import {
  approversRead,
  isApproving,
  namesAwaited,
  namesRead,
  requesterOfRequest,
  staffApproving,
  staffRead,
  ticketOfRequest,
} from './request-reads.ts'
import type { ListedRequest } from './request-reads.ts'
import type { RequestQuery, StaffRequestQuery } from './requests.schema.ts'

export const requestCursor =
  (sort: string) =>
  ({ row: { id } }: ListedRequest): Cursor => ({ sort, key: id, id })

/** One page of what a contact sees, the newest first, and one more where there is another page: a portal admin all, a portal user their own. */
export const listTheirRequests = async (
  contact: ContactScope,
  { view, type, mine, limit, cursor, sort }: z.infer<typeof RequestQuery>,
): Promise<ListedRequest[]> => {
  const { contactId, isPortalAdmin } = contact.person
  const isOwn = mine || !isPortalAdmin
  const condition = and(
    // What waits for a portal admin's approval is never what they asked for themselves.
    view === 'awaiting'
      ? isOwn
        ? inArray(serviceRequests.state, ['awaiting_customer', 'awaiting_msp'])
        : and(eq(serviceRequests.state, 'awaiting_customer'), sql`${serviceRequests.requestedBy} <> ${contactId}`)
      : inView(view),
    isOwn ? eq(serviceRequests.requestedBy, contactId) : undefined,
    ofType(type),
    after(cursor, sort),
  )
  const [rows, approvers, [names]] = await contact.readAll([
    contact
      .select({ request: serviceRequests, ticketNumber: tickets.number })
      .from(serviceRequests)
      .leftJoin(tickets, ticketOfRequest)
      .where(contact.mine(serviceRequests, condition))
      .orderBy(desc(serviceRequests.id))
      .limit(limit + 1),
    approversRead(contact),
    namesRead(contact),
  ])
  return rows.map(({ request, ticketNumber }) => ({
    row: request,
    customerName: names?.customerName ?? '',
    ticketNumber,
    names: namesAwaited(request, approvers, names === undefined ? [] : [names.mspName]),
  }))
}

/**
 * One page of the requests of all customers, or of one, the newest first. Each view is an index of its own; of a kind, others are read
 * past. Problem `missing` for another customer.
 */
export const listRequests = async (
  msp: MspScope,
  { view, type, customerId, limit, cursor, sort }: z.infer<typeof StaffRequestQuery>,
): Promise<ListedRequest[]> => {
  const condition = msp.mine(
    serviceRequests,
    and(
      view === 'awaiting' ? eq(serviceRequests.state, 'awaiting_msp') : inView(view),
      customerId === undefined ? undefined : eq(serviceRequests.customerId, customerId),
      ofType(type),
      after(cursor, sort),
    ),
  )
  const theirCustomers = msp
    .select({ customerId: serviceRequests.customerId })
    .from(serviceRequests)
    .where(condition)
    .orderBy(desc(serviceRequests.id))
    .limit(limit + 1)
  const [rows, approvers, colleagues, itself] = await msp.readAll([
    msp
      .select({
        request: serviceRequests,
        customerName: sql<string>`${customers.name}`.as('customer_name'),
        ticketNumber: tickets.number,
        requesterEmail: contacts.email,
        ...policyColumns(),
      })
      .from(serviceRequests)
      // Crossed, so that SQLite walks the view's index and looks each customer up.
      .crossJoin(customers)
      .leftJoin(tickets, ticketOfRequest)
      .leftJoin(contacts, requesterOfRequest)
      .leftJoin(selfServiceOverrides, ownPolicyOf(customers.mspId, customers.id))
      .leftJoin(selfServiceDefaults, standardPolicyOf(customers.mspId))
      .where(and(condition, msp.mine(customers, eq(customers.id, serviceRequests.customerId))))
      .orderBy(desc(serviceRequests.id))
      .limit(limit + 1),
    msp
      .select({ id: contacts.id, name: contacts.name, customerId: contacts.customerId })
      .from(contacts)
      .where(msp.mine(contacts, and(inArray(contacts.customerId, theirCustomers), isApproving))),
    staffRead(msp),
    msp
      .select({ id: customers.id })
      .from(customers)
      .where(msp.mine(customers, eq(customers.id, customerId ?? ''))),
  ])
  if (customerId !== undefined && itself.length === 0) throw missing('customer')
  return rows.map(({ request, customerName, ticketNumber, requesterEmail, ...said }) => ({
    row: request,
    customerName,
    ticketNumber,
    names: namesAwaited(
      request,
      approvers.filter((person) => person.customerId === request.customerId),
      staffApproving(policyIn(said), colleagues, { raisedBy: request.raisedBy, requesterEmail }),
    ),
  }))
}

const inView = (view: 'awaiting' | 'open' | 'ended' | 'all'): SQL | undefined => {
  switch (view) {
    case 'awaiting':
      return inArray(serviceRequests.state, ['awaiting_customer', 'awaiting_msp'])
    case 'open':
      return isNull(serviceRequests.endedAt)
    case 'ended':
      return isNotNull(serviceRequests.endedAt)
    case 'all':
      return undefined
  }
}

const ofType = (type: (typeof serviceRequests.$inferSelect)['type'] | undefined): SQL | undefined =>
  type === undefined ? undefined : eq(serviceRequests.type, type)

/** Newest first: ids sort by time. */
const after = (cursor: string | undefined, sort: string): SQL | undefined =>
  cursor === undefined ? undefined : lt(serviceRequests.id, decodeCursor(cursor, sort).id)
