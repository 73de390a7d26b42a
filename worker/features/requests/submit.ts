import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import {
  contacts,
  customers,
  requestSeats,
  requestSteps,
  selfServiceDefaults,
  selfServiceOverrides,
  serviceRequests,
  tickets,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { dayOf } from '../../days.ts'
import type { Environment } from '../../env.ts'
import type { PortalPerson, StaffPerson } from '../../http/app.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { newId, timePartOf } from '../../tenancy/ids.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import { seesGuests } from '../../tenancy/shown-directory.ts'
import { refuseArchived } from '../../tenancy/portal-life.ts'
import type { Answer, ContactScope, CustomerScope, MspScope, ToldNote } from '../../tenancy/scope.ts'
import { mayAsk, ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import type { Policy } from '../../tenancy/policy.ts'
import { nextNumber } from '../tickets/index.ts'
import { prepare, prepareReads, preparedOf } from './forms/index.ts'
import type { RequestInput as Input } from './forms/index.ts'
import { eventsOf, subjectOf, telling } from './moving.ts'
import type { Happened } from './moving.ts'
import type { Prepared } from './prepared.ts'
import { approversRead, isApproving, namesAwaited, namesRead, staffApproving, staffRead } from './request-reads.ts'
import type { ListedRequest, RequestRow } from './request-reads.ts'
import type { StaffRequestInput } from './requests.schema.ts'
import { isAwaiting, notWaiting, stateOfNew, waitingFrom } from './standing.ts'
import { requestMail } from './tell.job.ts'
import { becomingTicket, ticketBasis } from './ticket-of-request.ts'
import type { TicketBasis } from './ticket-of-request.ts'

type Person = { id: string; name: string }

/** So many that one person sent may wait for an approval at a time: nobody fills the MSP's mailbox. */
const WAITING_COUNT_MAX = 20
/** So many that need no approval a portal user asks for in an hour: each is a ticket at once. */
const DIRECT_COUNT_MAX = 20
const HOUR_MS = 3_600_000

/**
 * Asks the MSP for something by a form; what needs no approval becomes a ticket in the same moment. Problems: `forbidden` where
 * this person may not ask; `invalid` at the field that names what the company does not have, or at /type for what is switched off;
 * `conflict` when too many of theirs wait already.
 */
export const submitRequest = async (
  environment: Environment,
  contact: ContactScope,
  person: PortalPerson,
  input: Input,
  answer: (row: ListedRequest) => Answer,
): Promise<ListedRequest> => {
  const { policy } = person
  refuseUnlessAsked(policy, contact.person.isPortalAdmin, input.type)
  const [approvers, [names], settings, forms, ...named] = await contact.readAll([
    approversRead(contact),
    namesRead(contact),
    ...ticketBasis(contact),
    ...prepareReads(contact.ofCustomer, input),
  ])
  if (names === undefined) throw missing('customer')
  const prepared = preparedOf(named, input, {
    today: dayOf(now(), person.timeZone),
    seesHolders: person.permissions.has('portal.licence_holders'),
    seesGuests: seesGuests(person.directory),
  })
  return submitting(environment, contact.ofCustomer, prepared, {
    ...names,
    policy,
    basis: [settings, forms],
    approvers,
    ofMsp: [names.mspName],
    requester: { id: person.contactId, name: person.name },
    raisedBy: null,
    answer,
  })
}

/** What a request starts from that staff write down for somebody. */
export const beforeWritingDown = (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  return [
    msp
      .select({ id: customers.id, name: customers.name, state: customers.state, ...policyColumns() })
      .from(customers)
      .leftJoin(selfServiceOverrides, ownPolicyOf(customers.mspId, customers.id))
      .leftJoin(selfServiceDefaults, standardPolicyOf(customers.mspId))
      .where(msp.mine(customers, eq(customers.id, customerId))),
    customer
      .select({
        id: contacts.id,
        name: contacts.name,
        email: contacts.email,
        isApproving: sql<number>`${isApproving}`.as('is_approving'),
      })
      .from(contacts)
      .where(customer.mine(contacts, isNull(contacts.removedAt))),
    staffRead(msp),
    ...ticketBasis(customer),
  ] as const
}

/**
 * Writes a request down for a contact of a customer, who asked in another way. It needs the approvals that theirs would need; what
 * is switched off for them needs the MSP's. Problems: `missing`; `invalid` at a field; `conflict` as above or for an archived customer.
 */
export const writeDown = async (
  environment: Environment,
  msp: MspScope,
  reader: StaffPerson,
  timeZone: string,
  [[customerRow], people, colleagues, ...basis]: AnswersOf<typeof beforeWritingDown>,
  { requestedBy, ...input }: z.infer<typeof StaffRequestInput>,
  answer: (row: ListedRequest) => Answer,
): Promise<ListedRequest> => {
  if (customerRow === undefined) throw missing('customer')
  refuseArchived(customerRow)
  const customer = msp.forCustomer(customerRow.id)
  const requester = people.find(({ id }) => id === requestedBy)
  if (requester === undefined) throw invalidField('/requestedBy', 'This is no contact of the customer.')
  const policy = policyIn(customerRow)
  const prepared = await prepare(customer, input, {
    today: dayOf(now(), timeZone),
    seesHolders: true,
    seesGuests: true,
  })
  return submitting(environment, customer, prepared, {
    mspId: msp.mspId,
    customerName: customerRow.name,
    policy,
    basis,
    approvers: people.filter((person) => Boolean(person.isApproving)),
    ofMsp: staffApproving(policy, colleagues, { raisedBy: reader.staffId, requesterEmail: requester.email }),
    requester,
    raisedBy: { id: reader.staffId, name: msp.actor.name },
    answer,
  })
}

/** What is off is not accepted, whatever a page showed that was opened before. */
const refuseUnlessAsked = (policy: Policy, isPortalAdmin: boolean, type: Input['type']): void => {
  if (mayAsk(policy, isPortalAdmin, type)) return
  if (policy.modes[type] === 'off')
    throw invalidField('/type', 'This cannot be asked for here: your IT provider has switched it off.')
  throw new Problem('forbidden', 'Your company’s portal admins ask for this. Tell one of them what you need.')
}

const submitting = async (
  environment: Environment,
  customer: CustomerScope,
  prepared: Prepared,
  {
    mspId,
    customerName,
    policy,
    basis,
    approvers,
    ofMsp,
    requester,
    raisedBy,
    answer,
  }: {
    mspId: string
    customerName: string
    policy: Policy
    basis: TicketBasis
    approvers: readonly Person[]
    ofMsp: string[]
    requester: Person
    raisedBy: Person | null
    answer: (row: ListedRequest) => Answer
  },
): Promise<ListedRequest> => {
  const { type } = prepared.details
  const at = now()
  const isDirect = policy.modes[type] === 'direct'
  const wantsCustomer = !isDirect && policy.customerApproves
  // Nobody approves what they asked for themselves.
  const needsCustomer = wantsCustomer && approvers.some(({ id }) => id !== requester.id)
  const isSkipped = wantsCustomer && !needsCustomer
  const course = { needsCustomer, needsMsp: !isDirect }
  const state = stateOfNew(course)
  const row: RequestRow = {
    mspId,
    customerId: customer.customerId,
    id: newId(at),
    version: 1,
    type,
    state,
    requestedBy: requester.id,
    requesterName: requester.name,
    raisedByName: raisedBy?.name ?? null,
    raisedBy: raisedBy?.id ?? null,
    details: prepared.details,
    reason: prepared.reason,
    createdAt: at,
    changedAt: at,
    subject: prepared.subject,
    aboutTenant: prepared.aboutTenant,
    personCount: prepared.personCount,
    firstOn: prepared.firstOn,
    facts: prepared.facts,
    ...course,
    ...(isAwaiting(state) ? waitingFrom(at, policy.waitDays) : notWaiting),
    customerApprovedBy: null,
    customerApprovedName: null,
    customerApprovedAt: null,
    decidedBy: null,
    decidedByName: null,
    decidedAt: null,
    decisionReason: null,
    ticketId: null,
    stepCount: prepared.steps.length,
    doneStepCount: 0,
    endedAt: null,
  }
  const ticket = isDirect ? await becomingTicket(environment, customer, basis, row, true, at) : undefined
  const whole = { ...row, ticketId: ticket?.ticketId ?? null }
  const happened: Happened[] = [
    { type: 'submitted', note: row.reason === '' ? null : row.reason },
    ...(isSkipped ? [{ type: 'customer_skipped' as const }] : []),
    ...(ticket === undefined ? [] : [{ type: 'ticket_raised' as const }]),
  ]
  const { mspId: _, customerId: __, ...columns } = whole
  const events = eventsOf(customer, row, happened, at)
  const listed = (ticketNumber: number | null): ListedRequest => ({
    row: whole,
    customerName,
    ticketNumber,
    names: namesAwaited(row, approvers, ofMsp),
  })
  const also: ToldNote[] = [
    ...(isSkipped ? [{ action: 'request.customer_skipped' as const, subject: subjectOf(row), changes: [] }] : []),
    ...(ticket?.also ?? []),
  ]
  const limit = raisedBy === null ? limitOf(customer, requester.id, isDirect, at) : undefined
  const [given] = await refusingTooMany(customer, limit, () =>
    customer.commitAndRead(
      {
        action: 'request.submitted',
        subject: subjectOf(row),
        answer: decided(customer, answer, listed, isDirect),
        also,
      },
      customer
        .select({ number: tickets.number })
        .from(tickets)
        .where(customer.mine(tickets, eq(tickets.id, ticket?.ticketId ?? ''))),
      customer.telling(
        { table: 'service_requests', field: 'type', before: null, after: type },
        { table: 'service_requests', field: 'state', before: null, after: state },
      ),
      ...(limit === undefined ? [] : [customer.onlyIf(sql`${limit.count} < ${limit.max}`)]),
      customer.addAll(serviceRequests, [columns]),
      customer.addAll(
        requestSteps,
        prepared.steps.map((title, place) => ({ id: newId(at + place), requestId: row.id, place, title })),
      ),
      customer.addAll(
        requestSeats,
        prepared.seats.map((seat) => ({ id: newId(at), requestId: row.id, ...seat })),
      ),
      telling(customer, events),
      ...(ticket === undefined ? [customer.later(requestMail(row, 'asked'))] : ticket.writes),
    ),
  )
  return listed(given?.number ?? null)
}

/** The answer to who repeats the request: with the number that the ticket is about to get, where it becomes one at once. */
const decided = (
  customer: CustomerScope,
  answer: (row: ListedRequest) => Answer,
  listed: (ticketNumber: number | null) => ListedRequest,
  isDirect: boolean,
) => {
  if (!isDirect) return answer(listed(null))
  const { body, headers } = answer(listed(0))
  return {
    status: 202 as const,
    body: sql`json_set(${JSON.stringify(body)}, '$.ticket.number', ${nextNumber(customer)})`,
    ...(headers === undefined ? {} : { headers }),
  }
}

/** How many one person may send, counted inside the commit, so that it holds however many are sent at once. */
type Limit = { count: SQL<number>; max: number; refusal: string }

/** Theirs that wait for an approval, or became tickets at once within the hour. What staff wrote down for them is not of their doing. */
const limitOf = (customer: CustomerScope, contactId: string, isDirect: boolean, at: number): Limit => {
  const counted = (those: SQL | undefined): SQL<number> =>
    sql<number>`(select count(*) from ${serviceRequests} where ${customer.mine(serviceRequests, and(eq(serviceRequests.requestedBy, contactId), isNull(serviceRequests.raisedByName), those))})`
  return isDirect
    ? {
        count: counted(and(gt(serviceRequests.id, timePartOf(at - HOUR_MS)), eq(serviceRequests.needsMsp, false))),
        max: DIRECT_COUNT_MAX,
        refusal: `${DIRECT_COUNT_MAX} requests of yours became tickets within an hour. Wait a while before you ask for more.`,
      }
    : {
        count: counted(inArray(serviceRequests.state, ['awaiting_customer', 'awaiting_msp'])),
        max: WAITING_COUNT_MAX,
        refusal: `${WAITING_COUNT_MAX} requests of this person wait for an answer already. Wait for some of them first.`,
      }
}

/** Something else may have changed in the same moment: then that is told. */
const refusingTooMany = async <T>(
  customer: CustomerScope,
  limit: Limit | undefined,
  commit: () => Promise<T>,
): Promise<T> => {
  try {
    return await commit()
  } catch (error) {
    if (limit === undefined || !(error instanceof Problem && error.code === 'stale')) throw error
    const [[found]] = await customer.readAll([
      customer
        .select({ count: limit.count.as('sent_count') })
        .from(customers)
        .where(customer.mine(customers)),
    ])
    if ((found?.count ?? 0) < limit.max) throw error
    throw new Problem('conflict', limit.refusal)
  }
}
