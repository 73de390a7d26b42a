import type { TicketStanding, ticketStates } from '../../../db/shard/schema.ts'

export type TicketState = (typeof ticketStates)[number]

/** How a ticket stands, as far as its state and its clock depend on it. Moments are milliseconds since 1970. */
export type Standing = TicketStanding

/** What is done to a ticket that may change its state: by the customer, by staff, or by time alone. */
export type Act =
  | { by: 'customer'; does: 'comment' | 'close' | 'reopen' }
  | { by: 'staff'; does: 'answer' | 'start' | 'wait' | 'resolve' | 'close' | 'reopen' }
  | { by: 'time'; does: 'close' }

/** Why something cannot be done now. */
export type Refusal = 'closed' | 'too_late' | 'not_ended' | 'ended'

type Next = TicketState | Refusal
const refusals: ReadonlySet<string> = new Set<Refusal>(['closed', 'too_late', 'not_ended', 'ended'])

/** The state a ticket comes to, or why it does not; each act in the order of the states. */
const table: Record<`${Act['by']} ${string}`, Record<TicketState, Next>> = {
  'customer comment': inOrder('new', 'in_progress', 'in_progress', 'in_progress', 'closed'),
  'customer close': inOrder('closed', 'closed', 'closed', 'closed', 'closed'),
  'customer reopen': inOrder('not_ended', 'not_ended', 'not_ended', 'in_progress', 'in_progress'),
  'staff answer': inOrder('in_progress', 'in_progress', 'waiting_on_customer', 'resolved', 'ended'),
  'staff start': inOrder('in_progress', 'in_progress', 'in_progress', 'ended', 'ended'),
  'staff wait': inOrder('waiting_on_customer', 'waiting_on_customer', 'waiting_on_customer', 'ended', 'ended'),
  'staff resolve': inOrder('resolved', 'resolved', 'resolved', 'resolved', 'ended'),
  'staff close': inOrder('closed', 'closed', 'closed', 'closed', 'closed'),
  'staff reopen': inOrder('not_ended', 'not_ended', 'not_ended', 'in_progress', 'in_progress'),
  'time close': inOrder('not_ended', 'not_ended', 'not_ended', 'closed', 'closed'),
}

function inOrder(...states: [Next, Next, Next, Next, Next]): Record<TicketState, Next> {
  const [fresh, in_progress, waiting_on_customer, resolved, closed] = states
  return { new: fresh, in_progress, waiting_on_customer, resolved, closed }
}

/**
 * The state after an act, or why it is refused. What a customer says of a resolved ticket opens it again, as asking for it
 * does, until `reopenUntil`; staff may open one at any time. `closed` is a refusal where a comment meets a closed ticket.
 */
export const stateAfter = (
  { state, reopenUntil }: Pick<Standing, 'state' | 'reopenUntil'>,
  act: Act,
  at: number,
): { state: TicketState } | { refused: Refusal } => {
  const next = table[`${act.by} ${act.does}`]?.[state]
  if (next === undefined) throw new Error(`Nothing is known of "${act.by} ${act.does}".`)
  if (act.does === 'comment' && state === 'closed') return { refused: 'closed' }
  if (next !== 'closed' && refusals.has(next)) return { refused: next as Refusal }
  const opensAgain = isEnded(state) && !isEnded(next as TicketState)
  if (opensAgain && act.by === 'customer' && !mayBeReopened({ state, reopenUntil }, at)) return { refused: 'too_late' }
  return { state: next as TicketState }
}

/** Whether a customer may open it again now. */
export const mayBeReopened = ({ state, reopenUntil }: Pick<Standing, 'state' | 'reopenUntil'>, at: number): boolean =>
  isEnded(state) && reopenUntil !== null && at <= reopenUntil

export const isEnded = (state: TicketState): boolean => state === 'resolved' || state === 'closed'

/** Within how many hours a ticket of a priority is to be answered first, and resolved; null for no target. */
export type Targets = { firstAnswerHours: number | null; resolutionHours: number | null }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How a ticket stands that is written down now. */
export const standingOfNew = (priority: Standing['priority'], targets: Targets, at: number): Standing =>
  timed(
    {
      state: 'new',
      priority,
      createdAt: at,
      changedAt: at,
      waitingSince: null,
      waitedMs: 0,
      firstAnsweredAt: null,
      resolvedAt: null,
      endedAt: null,
      reopenUntil: null,
      firstAnswerDueAt: null,
      resolutionDueAt: null,
      dueAt: null,
      attention: 0,
    },
    targets,
  )

/**
 * How a ticket stands after it came to a state, or to stay in its own, with something said or done at that moment. An
 * answer of staff that customers read is the first one, if there was none. Time in which it waited on the customer, and
 * in which it was ended before it was opened again, counts for no target.
 */
export const standingAfter = (
  before: Standing,
  {
    state,
    at,
    answers,
    targets,
    reopenDays,
  }: { state: TicketState; at: number; answers: boolean; targets: Targets; reopenDays: number },
): Standing => {
  const stoodStillSince = before.waitingSince ?? before.endedAt
  const standsStill = state === 'waiting_on_customer' || isEnded(state)
  const staysStill = stoodStillSince !== null && standsStill
  const waitedMs = before.waitedMs + (stoodStillSince === null || staysStill ? 0 : at - stoodStillSince)
  // A ticket that ends while it waits has stood still since it began to wait.
  const endedAfterWaiting = before.waitingSince !== null && isEnded(state) ? at - before.waitingSince : 0
  const endedAt = isEnded(state) ? (before.endedAt ?? at) : null
  const resolvedAt = isEnded(state) ? (before.resolvedAt ?? (state === 'resolved' ? at : null)) : null
  return timed(
    {
      ...before,
      state,
      changedAt: at,
      waitingSince: state === 'waiting_on_customer' ? (before.waitingSince ?? at) : null,
      waitedMs: waitedMs + endedAfterWaiting,
      firstAnsweredAt: before.firstAnsweredAt ?? (answers ? at : null),
      resolvedAt,
      endedAt,
      reopenUntil: endedAt === null ? null : (before.reopenUntil ?? endedAt + reopenDays * DAY_MS),
    },
    targets,
  )
}

/** The same ticket with another priority, whose targets count from the beginning. */
export const standingWithPriority = (
  before: Standing,
  priority: Standing['priority'],
  targets: Targets,
  at: number,
): Standing => timed({ ...before, priority, changedAt: at }, targets)

/** What is due when, and where it stands in the lists of its customer. */
const timed = (ticket: Standing, { firstAnswerHours, resolutionHours }: Targets): Standing => {
  const due = (hours: number | null) => (hours === null ? null : ticket.createdAt + hours * HOUR_MS + ticket.waitedMs)
  const [firstAnswerDueAt, resolutionDueAt] = [due(firstAnswerHours), due(resolutionHours)]
  const isRunning = ticket.waitingSince === null && ticket.endedAt === null
  const pending = [ticket.firstAnsweredAt === null ? firstAnswerDueAt : null, resolutionDueAt].filter(
    (moment) => moment !== null,
  )
  return {
    ...ticket,
    firstAnswerDueAt,
    resolutionDueAt,
    dueAt: isRunning && pending.length > 0 ? Math.min(...pending) : null,
    attention: attentionOf(ticket.state, ticket.changedAt),
  }
}

/** More than any moment in milliseconds, so that what waits on the customer stands before all that does not. */
const BEFORE_ALL_MS = 10 ** 14

/** What waits on the customer is sorted by this much or more. */
export const WAITING_FROM = 2 * BEFORE_ALL_MS

/** A number by which a customer's list is sorted, downwards: what waits on them, then what is open, then what ended; the latest first. */
export const attentionOf = (state: TicketState, changedAt: number): number =>
  changedAt + (state === 'waiting_on_customer' ? 2 : isEnded(state) ? 0 : 1) * BEFORE_ALL_MS
