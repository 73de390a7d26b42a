import { z } from '@hono/zod-openapi'
import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { serviceRequests } from '../../../db/shard/schema.ts'
import { Problem } from '../../http/problem.ts'
import type { ContactReads, CustomerScope, ToldNote, Write } from '../../tenancy/scope.ts'
import { isEnded } from './standing.ts'
import type { TicketState } from './standing.ts'

/** The request that a ticket is of, with how much of it is done. */
export type RequestOfTicket = Pick<
  typeof serviceRequests.$inferSelect,
  'id' | 'type' | 'subject' | 'state' | 'stepCount' | 'doneStepCount' | 'endedAt' | 'version'
>

/** `ofCustomer` is for reads of a whole MSP, whose index goes by customer. */
export const requestRead = (reads: Pick<ContactReads, 'select' | 'mine'>, ticketId: string, ofCustomer?: SQL) =>
  reads
    .select({
      id: serviceRequests.id,
      type: serviceRequests.type,
      subject: serviceRequests.subject,
      state: serviceRequests.state,
      stepCount: serviceRequests.stepCount,
      doneStepCount: serviceRequests.doneStepCount,
      endedAt: serviceRequests.endedAt,
      version: serviceRequests.version,
    })
    .from(serviceRequests)
    .where(reads.mine(serviceRequests, and(ofCustomer, eq(serviceRequests.ticketId, ticketId))))

export const RequestShape = z
  .object({
    id: z.string(),
    subject: z.string(),
    steps: z.object({ total: z.number().int(), done: z.number().int() }),
  })
  .nullable()
  .describe('The request that it is of, where it was raised for one, and how much of that is done.')

type Steps = Pick<typeof serviceRequests.$inferSelect, 'type' | 'stepCount' | 'doneStepCount'>

/** Whether how many steps there are tells how many licences somebody holds, who leaves or whom somebody is to be like. */
export const stepsTellHoldings = ({ type }: Pick<Steps, 'type'>): boolean =>
  type === 'new_user' || type === 'offboarding'

/** How much is done; of no steps for whoever may not know what their number tells. */
export const presentSteps = (request: Steps, showsHoldings: boolean): { total: number; done: number } =>
  showsHoldings || !stepsTellHoldings(request)
    ? { total: request.stepCount, done: request.doneStepCount }
    : { total: 0, done: 0 }

export const presentRequestOf = (
  request: RequestOfTicket | null,
  showsHoldings: boolean,
): z.infer<typeof RequestShape> =>
  request === null
    ? null
    : {
        id: request.id,
        subject: request.subject,
        steps: presentSteps(request, showsHoldings),
      }

type RequestState = RequestOfTicket['state']

/** What a request comes to with its ticket, as the trigger `tickets_move_requests` has it; undefined where it stays as it is. */
export const requestFollowing = (
  state: RequestState,
  ticket: TicketState,
): { state: RequestState; action: `request.${string}` } | undefined => {
  if (isEnded(ticket)) return isUnderWay({ state }) ? { state: 'done', action: 'request.completed' } : undefined
  if (state === 'approved') return { state: 'in_progress', action: 'request.started' }
  if (state === 'done') return { state: 'in_progress', action: 'request.reopened' }
  return undefined
}

/** Whether a request is worked off in its ticket now. */
export const isUnderWay = (request: Pick<RequestOfTicket, 'state'> | null): boolean =>
  request?.state === 'approved' || request?.state === 'in_progress'

/** What was taken back is not gone on with in its ticket. */
export const isTakenBack = (request: Pick<RequestOfTicket, 'state'> | null): boolean => request?.state === 'withdrawn'

/**
 * A ticket in which a request is worked off ends as that does: not by the customer's hand, and not with steps left. Nor is one opened
 * again whose request was taken back. Problem `conflict`.
 */
export const refuseAgainstRequest = (
  request: RequestOfTicket | null,
  by: 'customer' | 'staff' | 'time',
  becomes: 'ended' | 'open',
): void => {
  if (request === null) return
  if (becomes === 'open') {
    if (isTakenBack(request))
      throw new Problem('conflict', 'What was asked for here was taken back. Ask for it anew by its form.')
    return
  }
  if (!isUnderWay(request)) return
  if (by === 'customer')
    throw new Problem(
      'conflict',
      'A request is worked off in this ticket, which ends when that is done. If it is not needed any more, say so here.',
    )
  const leftCount = request.stepCount - request.doneStepCount
  if (leftCount > 0)
    throw new Problem(
      'conflict',
      `${leftCount === 1 ? 'One step' : `${leftCount} steps`} of the request in this ticket ${leftCount === 1 ? 'is' : 'are'} not done. Do what is left, or close the request and say that it stays open.`,
    )
}

/**
 * Describes what the states that a ticket comes to, one after the other, bring about in its request: the database moves it, and the
 * activity tells it. It holds while the request stands as it was read; where it ends with its ticket, while nothing else of it changes either.
 */
export const requestFollows = (
  customer: CustomerScope,
  request: RequestOfTicket | null,
  states: TicketState[],
): { also: ToldNote[]; writes: Write[] } => {
  if (request === null || states.length === 0) return { also: [], writes: [] }
  const { id, subject, state: before, version } = request
  const also: ToldNote[] = []
  let state = before
  for (const ticket of states) {
    const next = requestFollowing(state, ticket)
    if (next === undefined) continue
    also.push({
      action: next.action,
      subject: { kind: 'request', id, name: subject },
      changes: [{ table: 'service_requests', field: 'state', before: state, after: next.state }],
    })
    ;({ state } = next)
  }
  const isAsRead = customer.mine(
    serviceRequests,
    and(
      eq(serviceRequests.id, id),
      eq(serviceRequests.state, before),
      states.some(isEnded) ? eq(serviceRequests.version, version) : undefined,
    ),
  )
  return { also, writes: [customer.onlyIf(sql`exists (select 1 from ${serviceRequests} where ${isAsRead})`)] }
}
