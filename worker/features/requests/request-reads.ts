import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import {
  contacts,
  customers,
  licenceTerms,
  msps,
  requestEvents,
  requestSteps,
  selfServiceDefaults,
  selfServiceOverrides,
  serviceRequests,
  staff,
  tickets,
} from '../../../db/shard/schema.ts'
import type { RequestDifference } from '../../../db/shard/schema.ts'
import { missing } from '../../http/problem.ts'
import type { StaffPerson } from '../../http/app.ts'
import type { Answers } from '../../tenancy/plan.ts'
import type { ContactReads, ContactScope, MspReads } from '../../tenancy/scope.ts'
import { mayApprove, ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import type { Policy } from '../../tenancy/policy.ts'
import { approvingOf, isOwnOf } from './own-request.ts'
import type { Behind, Colleague } from './own-request.ts'
import { isAwaiting, stateAfter } from './standing.ts'

export type RequestRow = typeof serviceRequests.$inferSelect
export type EventRow = typeof requestEvents.$inferSelect
export type StepRow = typeof requestSteps.$inferSelect

/** A request as lists have it. */
export type ListedRequest = {
  row: RequestRow
  customerName: string
  ticketNumber: number | null
  /** Who can give the approval that it waits for. */
  names: string[]
}

/** What the reader may do with a request now. */
export type May = { approve: boolean; decline: boolean; withdraw: boolean }

/** A request with all that is told of it. */
export type RequestFound = ListedRequest & {
  events: EventRow[]
  steps: StepRow[]
  /** What has changed since it was last looked at; none unless it waits for an approval. */
  differences: RequestDifference[]
  may: May
}

/** As a contact sees it, with whether the company is shown what licences cost. */
export type TheirRequestFound = RequestFound & { costsShown: boolean }

/** What a decision needs to know besides: whether whoever asked is still there, whether anybody else of the company can approve, and who is asked next. */
export type Decidable = { requesterIsThere: boolean; customerCanApprove: boolean; ofMsp: string[] }

/** So many of those who can approve are named. */
const NAMED_COUNT_MAX = 20

type Reads = Pick<ContactReads, 'select' | 'mine'>
type Person = { id: string; name: string }

/** A request beside the number of its ticket, which whoever sees the request may know. */
export const ticketOfRequest = and(
  eq(tickets.mspId, serviceRequests.mspId),
  eq(tickets.customerId, serviceRequests.customerId),
  eq(tickets.id, serviceRequests.ticketId),
)

/** And beside whoever asked, unless they were removed since. */
export const requesterOfRequest = and(
  eq(contacts.mspId, serviceRequests.mspId),
  eq(contacts.customerId, serviceRequests.customerId),
  eq(contacts.id, serviceRequests.requestedBy),
  isNull(contacts.removedAt),
)

const row = (reads: Reads, condition: SQL) =>
  reads
    .select({
      request: serviceRequests,
      ticketNumber: tickets.number,
      // Whoever asked may have been removed since.
      requesterIsThere: sql<number>`${contacts.id} is not null`.as('requester_is_there'),
      requesterEmail: contacts.email,
    })
    .from(serviceRequests)
    .leftJoin(tickets, ticketOfRequest)
    .leftJoin(contacts, requesterOfRequest)
    .where(condition)

/** `ofCustomer` is for reads of a whole MSP, whose index goes by customer; so it is for the steps. */
const eventsRead = (reads: Reads, requestId: string, ofCustomer?: SQL) =>
  reads
    .select()
    .from(requestEvents)
    .where(reads.mine(requestEvents, and(ofCustomer, eq(requestEvents.requestId, requestId))))
    .orderBy(asc(requestEvents.id))

const stepsRead = (reads: Reads, requestId: string, ofCustomer?: SQL) =>
  reads
    .select()
    .from(requestSteps)
    .where(reads.mine(requestSteps, and(ofCustomer, eq(requestSteps.requestId, requestId))))
    .orderBy(asc(requestSteps.place), asc(requestSteps.id))

/** Portal admins who can sign in: they approve for their company, all but whoever asked. */
export const isApproving = and(
  eq(contacts.isPortalAdmin, true),
  eq(contacts.access, 'active'),
  isNull(contacts.removedAt),
)

/** By the customer's own people, whatever a contact may see of colleagues: whom a request waits for is told to whoever made it. */
export const approversRead = (reads: Reads) =>
  reads
    .select({ id: contacts.id, name: contacts.name })
    .from(customers)
    .innerJoin(contacts, and(eq(contacts.mspId, customers.mspId), eq(contacts.customerId, customers.id)))
    .where(and(reads.mine(customers), isApproving))
    .orderBy(sql`+${contacts.name} collate nocase`, asc(contacts.id))

/** The names of the two houses, and whether the one tells the other what licences cost. */
export const namesRead = (reads: Reads) =>
  reads
    .select({
      mspId: customers.mspId,
      mspName: sql<string>`${msps.name}`.as('msp_name'),
      timeZone: msps.timeZone,
      customerName: sql<string>`${customers.name}`.as('customer_name'),
      costsShown: licenceTerms.costsShown,
    })
    .from(customers)
    .innerJoin(msps, eq(msps.mspId, customers.mspId))
    .leftJoin(
      licenceTerms,
      and(
        eq(licenceTerms.mspId, customers.mspId),
        eq(licenceTerms.customerId, customers.id),
        eq(licenceTerms.id, customers.id),
      ),
    )
    .where(reads.mine(customers))

/** What a request is for a contact; `theirRequestFrom` puts the answers together. */
export const theirRequestReads = (contact: ContactScope, requestId: string) =>
  [
    row(contact, contact.mine(serviceRequests, eq(serviceRequests.id, requestId)) ?? sql`false`),
    eventsRead(contact, requestId),
    stepsRead(contact, requestId),
    approversRead(contact),
    namesRead(contact),
  ] as const

/** Problem `missing`. */
export const theirRequestFrom = (
  contact: ContactScope,
  [[found], events, steps, approvers, [names]]: Readonly<Answers<ReturnType<typeof theirRequestReads>>>,
): TheirRequestFound & Decidable & { mspId: string } => {
  if (found === undefined || names === undefined) throw missing('request')
  const { request } = found
  return {
    row: request,
    customerName: names.customerName,
    ticketNumber: found.ticketNumber,
    names: namesAwaited(request, approvers, [names.mspName]),
    events,
    steps,
    differences: [],
    may: theirMay(contact, request),
    requesterIsThere: Boolean(found.requesterIsThere),
    customerCanApprove: approvers.some(({ id }) => id !== request.requestedBy),
    ofMsp: [names.mspName],
    mspId: names.mspId,
    costsShown: names.costsShown ?? false,
  }
}

/** What a contact may do with a request that they see. */
export const theirMay = ({ person }: ContactScope, request: RequestRow): May => {
  const isOwn = request.requestedBy === person.contactId
  const decides = !isOwn && person.isPortalAdmin
  return {
    approve: decides && request.state === 'awaiting_customer' && does(request, { by: 'customer', does: 'approve' }),
    decline: decides && request.state === 'awaiting_customer' && does(request, { by: 'customer', does: 'decline' }),
    withdraw: isOwn && request.state !== 'withdrawn' && does(request, { by: 'requester', does: 'withdraw' }),
  }
}

/** What a request is for staff; `requestFrom` puts the answers together. */
export const requestReads = (msp: MspReads, requestId: string) => {
  const itsCustomer = msp
    .select({ customerId: serviceRequests.customerId })
    .from(serviceRequests)
    .where(msp.mine(serviceRequests, eq(serviceRequests.id, requestId)))
  return [
    row(msp, msp.mine(serviceRequests, eq(serviceRequests.id, requestId)) ?? sql`false`),
    eventsRead(msp, requestId, inArray(requestEvents.customerId, itsCustomer)),
    stepsRead(msp, requestId, inArray(requestSteps.customerId, itsCustomer)),
    msp
      .select({ id: contacts.id, name: contacts.name })
      .from(contacts)
      .where(msp.mine(contacts, and(inArray(contacts.customerId, itsCustomer), isApproving)))
      .orderBy(asc(contacts.name), asc(contacts.id)),
    msp
      .select({ id: customers.id, name: customers.name, state: customers.state, ...policyColumns() })
      .from(customers)
      .leftJoin(selfServiceOverrides, ownPolicyOf(customers.mspId, customers.id))
      .leftJoin(selfServiceDefaults, standardPolicyOf(customers.mspId))
      .where(msp.mine(customers, inArray(customers.id, itsCustomer))),
    staffRead(msp),
  ] as const
}

/** What was read of a request, and whatever was read behind it. */
export type RequestRead = readonly [...Answers<ReturnType<typeof requestReads>>, ...unknown[]]

export type RequestFoundByStaff = RequestFound & Decidable & ForStaff
type ForStaff = {
  policy: Policy
  customerState: string
  /** Whether it is the reader's own, and whether somebody else of the staff may approve it. */
  isOwn: boolean
  hasOthers: boolean
}

/** Problem `missing`. */
export const requestFrom = (
  reader: StaffPerson,
  [[found], events, steps, approvers, [customer], colleagues]: RequestRead,
): RequestFoundByStaff => {
  if (found === undefined || customer === undefined) throw missing('request')
  const { request } = found
  const policy = policyIn(customer)
  const behind = { raisedBy: request.raisedBy, requesterEmail: found.requesterEmail }
  const ofMsp = staffApproving(policy, colleagues, behind)
  const { staffId: id, email } = reader
  const forStaff = {
    policy,
    customerState: customer.state,
    isOwn: isOwnOf({ id, email }, behind),
    hasOthers: !approvingOf(policy, colleagues, behind).some((colleague) => isOwnOf(colleague, behind)),
  }
  return {
    row: request,
    customerName: customer.name,
    ticketNumber: found.ticketNumber,
    names: namesAwaited(request, approvers, ofMsp),
    events,
    steps,
    differences: [],
    may: staffMay(forStaff, reader, request),
    requesterIsThere: Boolean(found.requesterIsThere),
    customerCanApprove: approvers.some(({ id }) => id !== request.requestedBy),
    ofMsp,
    ...forStaff,
  }
}

/** What somebody of the staff may do with a request. */
export const staffMay = (
  { policy, customerState, isOwn, hasOthers }: ForStaff,
  reader: StaffPerson,
  request: RequestRow,
): May => {
  const decides = customerState !== 'archived' && reader.permissions.has('requests.write') && mayApprove(policy, reader)
  const isLeftToOthers = isOwn && hasOthers
  return {
    approve:
      decides && !isLeftToOthers && request.state === 'awaiting_msp' && does(request, { by: 'msp', does: 'approve' }),
    decline: decides && isAwaiting(request.state) && does(request, { by: 'msp', does: 'decline' }),
    withdraw: false,
  }
}

/** Everybody of the staff who can sign in. */
export const staffRead = (msp: MspReads) =>
  msp
    .select({ id: staff.id, name: staff.name, email: staff.email, role: staff.role })
    .from(staff)
    .where(msp.mine(staff, and(eq(staff.disabled, false), isNotNull(staff.confirmedAt))))
    .orderBy(asc(staff.name), asc(staff.id))

/** The names of those who may approve for the MSP. */
export const staffApproving = (policy: Policy, colleagues: readonly Colleague[], behind: Behind): string[] =>
  approvingOf(policy, colleagues, behind).map(({ name }) => name)

/** Who can give the approval that a request waits for: nobody approves what they asked for themselves. */
export const namesAwaited = (request: RequestRow, approvers: readonly Person[], ofMsp: string[]): string[] => {
  const names =
    request.state === 'awaiting_customer'
      ? approvers.filter(({ id }) => id !== request.requestedBy).map(({ name }) => name)
      : request.state === 'awaiting_msp'
        ? ofMsp
        : []
  return names.slice(0, NAMED_COUNT_MAX)
}

const does = (request: RequestRow, act: Parameters<typeof stateAfter>[1]): boolean =>
  'state' in stateAfter(request, act)
