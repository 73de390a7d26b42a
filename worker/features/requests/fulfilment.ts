import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { requestSteps, serviceRequests, tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { StaffPerson } from '../../http/app.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, missing } from '../../http/problem.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { CustomerScope, MspScope, ToldNote, Write } from '../../tenancy/scope.ts'
import {
  authorOf,
  doing,
  isEnded,
  settingsOf,
  settingsRead,
  sourceOf,
  subjectOf as subjectOfTicket,
} from '../tickets/index.ts'
import { findRequest } from './decisions.ts'
import { eventsOf, subjectOf, telling, untilItHolds } from './moving.ts'
import { requestFrom, requestReads } from './request-reads.ts'
import type { RequestFoundByStaff, RequestRow } from './request-reads.ts'
import { hasEnded } from './standing.ts'

/** What working off a request starts from. */
export const beforeFulfilling = (msp: MspScope, requestId: string) =>
  [
    ...requestReads(msp, requestId),
    settingsRead(msp),
    msp
      .select()
      .from(tickets)
      .where(
        msp.mine(
          tickets,
          eq(
            tickets.id,
            sql`(${msp
              .select({ id: serviceRequests.ticketId })
              .from(serviceRequests)
              .where(msp.mine(serviceRequests, eq(serviceRequests.id, requestId)))})`,
          ),
        ),
      ),
  ] as const

type Read = AnswersOf<typeof beforeFulfilling>

/** One word for both, so that nobody learns which of the two is there. */
const REQUEST_OR_STEP = 'request or step'

/**
 * Ticks a step off, or takes that back. With the first one its ticket is being worked on, and so is the request. Doing it twice changes
 * nothing. Problems: `missing`; `conflict` where the request is not approved, or has ended.
 */
export const completeStep = (
  msp: MspScope,
  reader: StaffPerson,
  first: Read,
  stepId: string,
  isDone: boolean,
): Promise<RequestFoundByStaff> =>
  fulfilling(msp, reader, first, REQUEST_OR_STEP, async (found, settings, ticket, commit) => {
    const { row, steps } = found
    const step = steps.find(({ id }) => id === stepId)
    if (step === undefined) throw missing(REQUEST_OR_STEP)
    if ((step.doneAt !== null) === isDone) return false
    refuseUnlessUnderWay(row)
    const at = now()
    const customer = msp.forCustomer(row.customerId)
    const { id, name } = authorOf(msp.actor)
    const done = isDone
      ? { doneAt: at, doneById: id, doneByName: name }
      : { doneAt: null, doneById: null, doneByName: null }
    const happened = [{ type: isDone ? ('step_done' as const) : ('step_undone' as const), note: step.title }]
    const started = isDone && row.state === 'approved' ? starting(customer, settings, ticket, row, at) : undefined
    const [before, after] = isDone ? [null, step.title] : [step.title, null]
    const told: ToldNote = {
      action: isDone ? 'request.step_done' : 'request.step_undone',
      subject: subjectOf(row),
      changes: [{ table: 'request_steps', field: 'done', before, after }],
    }
    await commit(() =>
      customer.commitEach(
        [started === undefined ? told : { ...started.note, also: [...started.also, told] }],
        customer.changeWhere(
          requestSteps,
          step.id,
          isDone ? isNull(requestSteps.doneAt) : isNotNull(requestSteps.doneAt),
          done,
        ),
        // Colleagues tick others off in the same moment, so what is done is counted, and nothing else is asked of the request.
        customer.changeWhere(serviceRequests, row.id, inArray(serviceRequests.state, ['approved', 'in_progress']), {
          doneStepCount: doneSteps(customer, row),
          changedAt: at,
          version: sql`${serviceRequests.version} + 1`,
        }),
        // It was begun with a moment before.
        telling(customer, eventsOf(customer, row, happened, at + (started === undefined ? 0 : 2))),
        ...(started?.writes ?? []),
      ),
    )
    return true
  })

/**
 * Says that all of a request is done: its ticket is resolved, and with it the request. Doing it twice changes nothing. Problems:
 * `missing`, `stale`; `conflict` where steps are left that are not said to stay, where it is not approved, or has ended.
 */
export const completeRequest = (
  msp: MspScope,
  reader: StaffPerson,
  first: Read,
  leaveOpen: boolean,
  wanted: Expected,
): Promise<RequestFoundByStaff> =>
  fulfilling(msp, reader, first, 'request', async (found, settings, ticket, commit) => {
    const { row, steps } = found
    if (row.state === 'done') return false
    refuseUnexpected(row, wanted)
    refuseUnlessUnderWay(row)
    const leftCount = steps.filter(({ doneAt }) => doneAt === null).length
    if (leftCount > 0 && !leaveOpen)
      throw new Problem(
        'conflict',
        leftCount === 1
          ? 'One step is not done yet. Do it, or say that it stays open.'
          : `${leftCount} steps are not done yet. Do them, or say that they stay open.`,
      )
    if (ticket === undefined) throw new Error(`The request ${row.id} has lost its ticket.`)
    const customer = msp.forCustomer(row.customerId)
    const { events, writes, also } = doing(
      customer,
      msp.mspId,
      { row: ticket, settings, request: row, leavesSteps: leaveOpen },
      [{ by: 'staff', does: 'resolve' }],
      authorOf(msp.actor),
      sourceOf(msp.actor),
      now(),
    )
    // The request follows its ticket, by a trigger.
    const [write, ...others] = [...writes, ...events]
    if (write === undefined) return false
    await commit(() =>
      customer.commit({ action: 'ticket.resolved', subject: subjectOfTicket(ticket), also }, write, ...others),
    )
    return true
  })

type Settings = ReturnType<typeof settingsOf>
type TicketRow = typeof tickets.$inferSelect

/** Tries as often as others are quicker, and answers the request as it is then. */
const fulfilling = async (
  msp: MspScope,
  reader: StaffPerson,
  first: Read,
  noun: string,
  attempt: (
    found: RequestFoundByStaff,
    settings: Settings,
    ticket: TicketRow | undefined,
    commit: <T>(made: () => Promise<T>) => Promise<T>,
  ) => Promise<boolean>,
): Promise<RequestFoundByStaff> => {
  const requestId = first[0][0]?.request.id
  if (requestId === undefined) throw missing(noun)
  let known: Read | undefined = first
  return untilItHolds(async (commit) => {
    const read = known ?? (await msp.readAll(beforeFulfilling(msp, requestId)))
    known = undefined
    const found = requestFrom(reader, read)
    const [, , , , , , [settingsRow], [ticket]] = read
    const isChanged = await attempt(found, settingsOf(settingsRow), ticket, commit)
    return isChanged ? findRequest(msp, reader, requestId) : found
  })
}

const starting = (
  customer: CustomerScope,
  settings: Settings,
  ticket: TicketRow | undefined,
  request: RequestRow,
  at: number,
): { note: ToldNote; also: ToldNote[]; writes: Write[] } | undefined => {
  if (ticket === undefined || isEnded(ticket.state) || ticket.state === 'in_progress') return undefined
  const { actor } = customer
  const act = { by: 'staff', does: 'start' } as const
  const atHand = { row: ticket, settings, request }
  const started = doing(customer, request.mspId, atHand, [act], authorOf(actor), sourceOf(actor), at)
  return {
    note: { action: 'ticket.started', subject: subjectOfTicket(ticket), changes: [] },
    also: started.also,
    writes: [...started.writes, ...started.events],
  }
}

const doneSteps = (customer: CustomerScope, { id }: RequestRow) =>
  sql<number>`(select count(*) from ${requestSteps} where ${customer.mine(requestSteps, and(eq(requestSteps.requestId, id), isNotNull(requestSteps.doneAt)))})`

const refuseUnlessUnderWay = ({ state }: RequestRow): void => {
  if (state === 'approved' || state === 'in_progress') return
  throw new Problem(
    'conflict',
    hasEnded(state)
      ? 'This has ended: nothing of it is left to be done. Where it is done, open its ticket again first.'
      : 'This is not approved yet.',
  )
}
