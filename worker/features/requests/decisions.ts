import { eq, sql } from 'drizzle-orm'
import { serviceRequests, tickets } from '../../../db/shard/schema.ts'
import type { RequestDifference, RequestFacts } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { StaffPerson } from '../../http/app.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, missing } from '../../http/problem.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { ContactScope, CustomerScope, MspScope, ToldNote, Write } from '../../tenancy/scope.ts'
import { mayApprove } from '../../tenancy/policy.ts'
import type { Policy } from '../../tenancy/policy.ts'
import { authorOf, doing, isEnded, settingsOf, subjectOf as subjectOfTicket } from '../tickets/index.ts'
import { differencesOf, factsIn, factsNow, factsReads } from './forms/index.ts'
import { moving, refusalOf, subjectOf, untilItHolds } from './moving.ts'
import type { Commit, Happened } from './moving.ts'
import {
  namesAwaited,
  requestFrom,
  requestReads,
  staffMay,
  theirMay,
  theirRequestFrom,
  theirRequestReads,
} from './request-reads.ts'
import type {
  Decidable,
  May,
  RequestFound,
  RequestFoundByStaff,
  RequestRow,
  TheirRequestFound,
} from './request-reads.ts'
import { isAwaiting, notWaiting, stateAfter, stateOfNew, waitingFrom } from './standing.ts'
import type { Act } from './standing.ts'
import { requestMail } from './tell.job.ts'
import { becomingTicket, ticketBasis } from './ticket-of-request.ts'
import type { TicketBasis } from './ticket-of-request.ts'

/** A request as a contact sees it, with what has changed of that on which it depends. Problem `missing`. */
export const findTheirRequest = async (contact: ContactScope, requestId: string): Promise<TheirRequestFound> => {
  const [one, events, steps, approvers, names, ...facts] = await contact.readAll([
    ...theirRequestReads(contact, requestId),
    ...factsReads(contact.ofCustomer, requestId),
  ])
  const found = theirRequestFrom(contact, [one, events, steps, approvers, names])
  return withDifferences(found, () => factsIn(facts, found.row))
}

/** What a request as staff see it is read with. */
export const beforeReading = (msp: MspScope, requestId: string) => requestReads(msp, requestId)

/** The same as staff see it, from what was read of it. Problem `missing`. */
export const requestOf = async (
  msp: MspScope,
  reader: StaffPerson,
  read: AnswersOf<typeof beforeReading>,
): Promise<RequestFoundByStaff> => {
  const found = requestFrom(reader, read)
  return withDifferences(found, () => factsNow(msp.forCustomer(found.row.customerId), found.row))
}

/** The same of one that nothing was read of yet. */
export const findRequest = async (
  msp: MspScope,
  reader: StaffPerson,
  requestId: string,
): Promise<RequestFoundByStaff> => requestOf(msp, reader, await msp.readAll([...beforeReading(msp, requestId)]))

const withDifferences = async <Found extends RequestFound>(
  found: Found,
  factsOf: () => RequestFacts | Promise<RequestFacts>,
): Promise<Found> =>
  isAwaiting(found.row.state) ? { ...found, differences: differencesOf(found.row.facts, await factsOf()) } : found

/**
 * Approves for the company, or declines. Whoever asked does neither. Doing it twice counts once. Problems: `missing`, `forbidden`,
 * `stale`; `conflict` where somebody else was quicker or it has ended; `facts_changed` where it is asked again.
 */
export const decideForCustomer = (
  environment: Environment,
  contact: ContactScope,
  policy: Policy,
  requestId: string,
  does: 'approve' | 'decline',
  reason: string | null,
  wanted: Expected,
): Promise<TheirRequestFound> => {
  const refuseIfAskedSince = sinceFirstRead(false)
  return untilItHolds(async (commit) => {
    const [one, events, steps, approvers, names, settings, forms, ...facts] = await contact.readAll([
      ...theirRequestReads(contact, requestId),
      ...ticketBasis(contact),
      ...factsReads(contact.ofCustomer, requestId),
    ])
    const found = theirRequestFrom(contact, [one, events, steps, approvers, names])
    const { row } = found
    if (row.requestedBy === contact.person.contactId) throw ownRequest()
    if (does === 'approve') refuseIfAskedSince(found)
    const decided = await decide(environment, contact.ofCustomer, found, commit, {
      act: { by: 'customer', does },
      policy,
      factsNow: () => factsIn(facts, row),
      basis: [settings, forms],
      reason,
      wanted,
    })
    return { ...found, ...decided, may: theirMay(contact, decided.row) }
  })
}

/** What a decision of staff starts from. */
export const beforeDeciding = (msp: MspScope, requestId: string) =>
  [...requestReads(msp, requestId), ...ticketBasis(msp)] as const

/** Approves for the MSP, or declines, as the policy in force lets this member of staff. Problems as above. */
export const decideForMsp = (
  environment: Environment,
  msp: MspScope,
  reader: StaffPerson,
  first: AnswersOf<typeof beforeDeciding>,
  does: 'approve' | 'decline',
  reason: string | null,
  wanted: Expected,
): Promise<RequestFoundByStaff> => {
  let known: typeof first | undefined = first
  const requestId = first[0][0]?.request.id
  if (requestId === undefined) throw missing('request')
  const refuseIfAskedSince = sinceFirstRead(true)
  return untilItHolds(async (commit) => {
    const read = known ?? (await msp.readAll(beforeDeciding(msp, requestId)))
    known = undefined
    const found = requestFrom(reader, read)
    const [, , , , , , ...basis] = read
    if (!mayApprove(found.policy, reader)) throw notApproving()
    if (does === 'approve' && found.isOwn && found.hasOthers) throw ownOfStaff(found.row, reader)
    if (does === 'approve') refuseIfAskedSince(found)
    const customer = msp.forCustomer(found.row.customerId)
    const decided = await decide(environment, customer, found, commit, {
      act: { by: 'msp', does },
      policy: found.policy,
      factsNow: () => factsNow(customer, found.row),
      basis,
      reason,
      wanted,
      isAlone: found.isOwn,
    })
    return { ...found, ...decided, may: staffMay(found, reader, decided.row) }
  })
}

type Decision = {
  act: Extract<Act, { by: 'customer' | 'msp' }>
  policy: Policy
  factsNow: () => RequestFacts | Promise<RequestFacts>
  basis: TicketBasis
  reason: string | null
  wanted: Expected
  /** Whether it is an own request, which nobody else may approve. */
  isAlone?: boolean
}

const decide = async (
  environment: Environment,
  customer: CustomerScope,
  found: RequestFound & Decidable,
  commit: Commit,
  { act, policy, factsNow: askFacts, basis, reason, wanted, isAlone = false }: Decision,
): Promise<Omit<RequestFound, 'may'> & { may: May }> => {
  const { row: before } = found
  if (isTheirsAlready(customer.actor.id, before, act)) return found
  refuseUnexpected(before, wanted)
  const next = stateAfter(before, act)
  if ('refused' in next) throw refusalOf(next.refused, before)
  const at = now()
  if (act.does === 'approve') await askAgainIfChanged(customer, found, await askFacts(), policy, commit, at)
  const { id, name } = authorOf(customer.actor)
  const isOver = next.state === 'approved' || next.state === 'declined'
  const ticket =
    next.state === 'approved'
      ? await becomingTicket(environment, customer, basis, before, found.requesterIsThere, at)
      : undefined
  const set: Partial<RequestRow> = {
    state: next.state,
    ...(isAwaiting(next.state) ? waitingFrom(at, policy.waitDays) : notWaiting),
    ...(act.by === 'customer' && act.does === 'approve'
      ? { customerApprovedBy: id, customerApprovedName: name, customerApprovedAt: at }
      : {}),
    ...(isOver ? { decidedBy: id, decidedByName: name, decidedAt: at, decisionReason: reason } : {}),
    ...(next.state === 'declined' ? { endedAt: at } : {}),
    ...(ticket === undefined ? {} : { ticketId: ticket.ticketId }),
  }
  const hasNobodyElse = isAlone && act.does === 'approve'
  const happened: Happened[] = [
    ...(hasNobodyElse ? [{ type: 'nobody_else' as const }] : []),
    {
      type: act.does === 'decline' ? 'declined' : act.by === 'customer' ? 'customer_approved' : 'approved',
      note: reason,
    },
    ...(ticket === undefined ? [] : [{ type: 'ticket_raised' as const }]),
  ]
  const { after, events, writes } = moving(customer, before, set, happened, at)
  const [given] = await commit(() =>
    customer.commitAndRead(
      {
        action: act.does === 'approve' ? 'request.approved' : 'request.declined',
        subject: subjectOf(before),
        also: [
          ...(hasNobodyElse
            ? [{ action: 'request.nobody_else' as const, subject: subjectOf(before), changes: [] }]
            : []),
          ...(ticket?.also ?? []),
        ],
      },
      customer
        .select({ number: tickets.number })
        .from(tickets)
        .where(customer.mine(tickets, eq(tickets.id, ticket?.ticketId ?? ''))),
      ...writes,
      ...(ticket?.writes ?? []),
      customer.later(requestMail(after, isOver ? 'outcome' : 'asked')),
    ),
  )
  return {
    ...found,
    row: after,
    ticketNumber: given?.number ?? null,
    names: namesAwaited(after, [], found.ofMsp),
    events: [...found.events, ...events],
    differences: [],
  }
}

/** Whoever decided so before is told the same again, however far it has come since. */
const isTheirsAlready = (
  actorId: string,
  { state, customerApprovedBy, decidedBy }: RequestRow,
  { by, does }: Decision['act'],
): boolean => {
  if (does === 'decline') return state === 'declined' && decidedBy === actorId
  if (state === 'declined' || state === 'withdrawn' || state === 'expired') return false
  return by === 'customer'
    ? state !== 'awaiting_customer' && customerApprovedBy === actorId
    : !isAwaiting(state) && decidedBy === actorId
}

/**
 * For the attempts of one decision: where it was asked again since the first of them, by another decision at the same moment, whoever
 * approves was not shown that yet.
 */
const sinceFirstRead = (isOfMsp: boolean) => {
  let known: number | undefined
  return ({ events }: Pick<RequestFound, 'events'>): void => {
    known ??= events.length
    const asked = events.slice(known).findLast(({ type }) => type === 'asked_again')
    if (asked !== undefined) throw factsChanged(asked.differences ?? [], isOfMsp)
  }
}

/** What somebody is about to approve is to be what they were shown: where it is not, it is shown to all who approve it, from the first on. */
const askAgainIfChanged = async (
  customer: CustomerScope,
  { row: before, customerCanApprove }: RequestFound & Decidable,
  facts: RequestFacts,
  policy: Policy,
  commit: Commit,
  at: number,
): Promise<void> => {
  const differences = differencesOf(before.facts, facts)
  if (differences.length === 0) return
  const needsCustomer = before.needsCustomer && customerCanApprove
  const set = {
    state: stateOfNew({ ...before, needsCustomer }),
    needsCustomer,
    facts,
    ...waitingFrom(at, policy.waitDays),
    customerApprovedBy: null,
    customerApprovedName: null,
    customerApprovedAt: null,
  }
  const isSkipped = before.needsCustomer && !needsCustomer
  const happened: Happened[] = [
    { type: 'asked_again', differences },
    ...(isSkipped ? [{ type: 'customer_skipped' as const }] : []),
  ]
  const { after, writes } = moving(customer, before, set, happened, at)
  await commit(() =>
    customer.commit(
      {
        action: 'request.asked_again',
        subject: subjectOf(before),
        also: isSkipped ? [{ action: 'request.customer_skipped', subject: subjectOf(before), changes: [] }] : [],
      },
      ...writes,
      customer.telling(
        ...differences.map(({ about, was, is }) => ({
          table: 'service_requests',
          field: 'facts',
          before: `${about}: ${was}`,
          after: `${about}: ${is}`,
        })),
      ),
      customer.later(requestMail(after, 'asked')),
    ),
  )
  throw factsChanged(differences, customer.actor.kind !== 'contact')
}

/** What licences cost is not for every customer: their page tells it, where it may. */
const factsChanged = (differences: readonly RequestDifference[], isOfMsp: boolean) =>
  new Problem(
    'facts_changed',
    `Something this depends on has changed since it was asked for. ${differences
      .filter(({ isPrice }) => isOfMsp || isPrice !== true)
      .map(({ about, was, is }) => `${about}: ${was} before, ${is} now.`)
      .join(' ')} Look at it again and decide anew.`,
  )

/**
 * Takes a request back. Only whoever asked does; what has become a ticket is closed with it, as long as nobody works on it. Doing it
 * twice changes nothing. Problems: `missing`, `forbidden`, `stale`, `conflict`.
 */
export const withdrawRequest = (
  contact: ContactScope,
  requestId: string,
  reason: string | null,
  wanted: Expected,
): Promise<TheirRequestFound> =>
  untilItHolds(async (commit) => {
    const [one, events, steps, approvers, names, [settingsRow], [ticket]] = await contact.readAll([
      ...theirRequestReads(contact, requestId),
      ticketBasis(contact)[0],
      contact
        .select()
        .from(tickets)
        .where(contact.mine(tickets, eq(tickets.id, ticketIdOf(contact, requestId)))),
    ])
    const found = theirRequestFrom(contact, [one, events, steps, approvers, names])
    const { row: before } = found
    if (before.requestedBy !== contact.person.contactId)
      throw new Problem('forbidden', 'Whoever asked for this takes it back.')
    if (before.state === 'withdrawn') return found
    refuseUnexpected(before, wanted)
    const next = stateAfter(before, { by: 'requester', does: 'withdraw' })
    if ('refused' in next) throw refusalOf(next.refused, before)
    const at = now()
    const customer = contact.ofCustomer
    const set = { state: next.state, ...notWaiting, endedAt: at }
    const happened: Happened[] = [{ type: 'withdrawn', note: reason }]
    const { after, events: more, writes } = moving(customer, before, set, happened, at)
    const closing: Write[] = []
    const also: ToldNote[] = []
    if (ticket !== undefined && !isEnded(ticket.state)) {
      const act = { by: 'customer', does: 'close' } as const
      const author = authorOf(customer.actor)
      // What becomes of the ticket moves its request no more, since that has ended before it.
      const atHand = { row: ticket, settings: settingsOf(settingsRow), request: null }
      const closed = doing(customer, found.mspId, atHand, [act], author, 'portal', at)
      closing.push(...closed.writes, ...closed.events)
      also.push({ action: 'ticket.closed', subject: subjectOfTicket(ticket), changes: [] })
    }
    await commit(() =>
      customer.commit({ action: 'request.withdrawn', subject: subjectOf(before), also }, ...writes, ...closing),
    )
    return {
      ...found,
      row: after,
      names: [],
      events: [...found.events, ...more],
      differences: [],
      may: theirMay(contact, after),
    }
  })

const ticketIdOf = (contact: ContactScope, requestId: string) =>
  sql`(${contact
    .select({ id: serviceRequests.ticketId })
    .from(serviceRequests)
    .where(contact.mine(serviceRequests, eq(serviceRequests.id, requestId)))})`

const ownRequest = () => new Problem('forbidden', 'Nobody approves or declines what they asked for themselves.')
const ownOfStaff = ({ raisedBy }: RequestRow, { staffId }: StaffPerson) =>
  new Problem(
    'forbidden',
    raisedBy === staffId
      ? 'You wrote this down yourself: somebody else of your team approves it.'
      : 'This is your own request, by your e-mail address: somebody else of your team approves it.',
  )
const notApproving = () =>
  new Problem('forbidden', 'By the self-service policy, others of your team decide about requests of this customer.')
