import { eq } from 'drizzle-orm'
import { requestEvents, serviceRequests } from '../../../db/shard/schema.ts'
import type { RequestDifference } from '../../../db/shard/schema.ts'
import { Problem } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import type { CustomerScope, Write } from '../../tenancy/scope.ts'
import { authorOf } from '../tickets/index.ts'
import type { EventRow, RequestRow } from './request-reads.ts'
import type { Refusal } from './standing.ts'

/** What is told of a request besides who did it and when. */
export type Happened = { type: EventRow['type']; note?: string | null; differences?: RequestDifference[] }

/** A request as the activity names it. */
export const subjectOf = ({ id, subject }: Pick<RequestRow, 'id' | 'subject'>) => ({
  kind: 'request',
  id,
  name: subject,
})

/** What happened, in this order: a moment later each, by whoever acts in this scope. */
export const eventsOf = (
  customer: CustomerScope,
  { mspId, id: requestId }: Pick<RequestRow, 'mspId' | 'id'>,
  happened: Happened[],
  at: number,
): EventRow[] => {
  const actor = authorOf(customer.actor)
  return happened.map(({ type, note = null, differences = null }, place) => ({
    mspId,
    customerId: customer.customerId,
    id: newId(at + place),
    requestId,
    type,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    note,
    differences,
    createdAt: at + place,
  }))
}

export const telling = (customer: CustomerScope, events: EventRow[]): Write =>
  customer.addAll(
    requestEvents,
    events.map(({ mspId: _, customerId: __, ...event }) => event),
  )

/**
 * Describes what a request comes to, and what is told of it. It holds while the request is as it was read. What is told in its own
 * history is not told again, column by column, in the activity: there its action is, how it stands and why.
 */
export const moving = (
  customer: CustomerScope,
  before: RequestRow,
  set: Partial<Omit<RequestRow, 'mspId' | 'customerId' | 'id' | 'version'>>,
  happened: Happened[],
  at: number,
): { after: RequestRow; events: EventRow[]; writes: [Write, ...Write[]] } => {
  const after = { ...before, ...set, changedAt: at, version: before.version + 1 }
  const events = eventsOf(customer, before, happened, at)
  return {
    after,
    events,
    writes: [
      customer.changeWhere(serviceRequests, before.id, eq(serviceRequests.version, before.version), {
        ...set,
        changedAt: at,
        version: after.version,
      }),
      telling(customer, events),
      ...(after.state === before.state
        ? []
        : [customer.telling({ table: 'service_requests', field: 'state', before: before.state, after: after.state })]),
      ...happened.flatMap(({ note }) =>
        note === undefined || note === null
          ? []
          : [customer.telling({ table: 'service_requests', field: 'decisionReason', before: null, after: note })],
      ),
    ],
  }
}

/** How often something is done to a request that others do something to at the same moment. */
const ATTEMPT_COUNT_MAX = 5

/** Lets an attempt be made anew where somebody was quicker than its commit: then it finds the request as it is by now. */
export const untilItHolds = async <T>(attempt: (commit: Commit) => Promise<T>): Promise<T> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(async (made) => {
        try {
          return await made()
        } catch (error) {
          if (error instanceof Problem && error.code === 'stale' && tried < ATTEMPT_COUNT_MAX) throw new Overtaken()
          throw error
        }
      })
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
}
export type Commit = <T>(made: () => Promise<T>) => Promise<T>
class Overtaken extends Error {}

/** What is told of an act that is refused: who was quicker, and with what. */
export const refusalOf = (refused: Refusal, row: RequestRow): Problem => {
  switch (refused) {
    case 'not_yet':
      return new Problem('conflict', 'Somebody of the company approves this first.')
    case 'under_way':
      return new Problem(
        'conflict',
        'This is being worked on already. Say in its ticket that it is not needed any more.',
      )
    case 'decided':
      return new Problem('conflict', approvedBy(row))
    case 'ended':
      return new Problem('conflict', endedAs(row))
  }
}

const approvedBy = ({
  state,
  decidedBy,
  decidedByName,
  customerApprovedBy,
  customerApprovedName,
}: RequestRow): string => {
  if (decidedBy !== null) return `${decidedByName ?? 'Somebody'} approved this already.`
  if (customerApprovedBy !== null) return `${customerApprovedName ?? 'Somebody'} approved this already.`
  return state === 'awaiting_msp'
    ? 'Nobody of the company approves this: it waits for the provider.'
    : 'This needed no approval: it is a ticket already.'
}

const endedAs = ({ state, decidedByName, requesterName }: RequestRow): string => {
  switch (state) {
    case 'declined':
      return `${decidedByName ?? 'Somebody'} declined this already.`
    case 'withdrawn':
      return `${requesterName} has withdrawn this.`
    case 'expired':
      return 'This has expired: nobody decided in time. Ask for it again.'
    case 'done':
      return 'This is done already.'
    case 'submitted':
    case 'awaiting_customer':
    case 'awaiting_msp':
    case 'approved':
    case 'in_progress':
      throw new Error(`A request that is ${state} has not ended.`)
  }
}
