import { z } from '@hono/zod-openapi'
import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { serviceRequests } from '../../../db/shard/schema.ts'
import type { ContactReads, CustomerScope, ToldNote, Write } from '../../tenancy/scope.ts'
import { isEnded } from './standing.ts'
import type { TicketState } from './standing.ts'

/** The request that a ticket is of, with how much of it is done. */
export type RequestOfTicket = Pick<
  typeof serviceRequests.$inferSelect,
  'id' | 'subject' | 'state' | 'stepCount' | 'doneStepCount' | 'endedAt'
>

/** `ofCustomer` is for reads of a whole MSP, whose index goes by customer. */
export const requestRead = (reads: Pick<ContactReads, 'select' | 'mine'>, ticketId: string, ofCustomer?: SQL) =>
  reads
    .select({
      id: serviceRequests.id,
      subject: serviceRequests.subject,
      state: serviceRequests.state,
      stepCount: serviceRequests.stepCount,
      doneStepCount: serviceRequests.doneStepCount,
      endedAt: serviceRequests.endedAt,
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

export const presentRequestOf = (request: RequestOfTicket | null): z.infer<typeof RequestShape> =>
  request === null
    ? null
    : {
        id: request.id,
        subject: request.subject,
        steps: { total: request.stepCount, done: request.doneStepCount },
      }

type RequestState = RequestOfTicket['state']

/** What a request comes to with its ticket, as the trigger `tickets_move_requests` has it; undefined where it stays as it is. */
export const requestFollowing = (
  state: RequestState,
  ticket: TicketState,
): { state: RequestState; action: `request.${string}` } | undefined => {
  const isUnderWay = state === 'approved' || state === 'in_progress'
  if (isEnded(ticket)) return isUnderWay ? { state: 'done', action: 'request.completed' } : undefined
  if (state === 'approved') return { state: 'in_progress', action: 'request.started' }
  if (state === 'done') return { state: 'in_progress', action: 'request.reopened' }
  return undefined
}

/**
 * Describes what the states that a ticket comes to, one after the other, bring about in its request: the database moves it, and the
 * activity tells it. It holds while the request is as it was read.
 */
export const requestFollows = (
  customer: CustomerScope,
  request: RequestOfTicket | null,
  states: TicketState[],
): { also: ToldNote[]; writes: Write[] } => {
  if (request === null || states.length === 0) return { also: [], writes: [] }
  const { id, subject, state: before } = request
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
  const isAsRead = customer.mine(serviceRequests, and(eq(serviceRequests.id, id), eq(serviceRequests.state, before)))
  return { also, writes: [customer.onlyIf(sql`exists (select 1 from ${serviceRequests} where ${isAsRead})`)] }
}
