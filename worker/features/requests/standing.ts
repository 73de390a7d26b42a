import type { RequestState } from '../../../db/shard/schema.ts'

export type { RequestState }

/** Which approvals a request needs, by the policy in force when it was made (product.md, decision 7). */
export type Course = { needsCustomer: boolean; needsMsp: boolean }

/** What is done to a request: by the company's own people, by the MSP's staff, by time, or by what it depends on. */
export type Act =
  | { by: 'customer'; does: 'approve' | 'decline' }
  | { by: 'requester'; does: 'withdraw' }
  | { by: 'msp'; does: 'approve' | 'decline' }
  | { by: 'time'; does: 'expire' }
  | { by: 'facts'; does: 'ask_again' }

/** Why something cannot be done now. */
export type Refusal = 'decided' | 'ended' | 'not_yet' | 'under_way'

type Next = RequestState | Refusal
const refusals: ReadonlySet<string> = new Set<Refusal>(['decided', 'ended', 'not_yet', 'under_way'])

/** The state a request comes to by an act, or why it does not; in the order of the states below. */
const table: Record<`${Act['by']} ${string}`, Record<RequestState, Next>> = {
  'customer approve': inOrder('awaiting_msp', 'decided', 'decided', 'decided', 'ended', 'ended', 'ended', 'ended'),
  'customer decline': inOrder('declined', 'decided', 'decided', 'decided', 'ended', 'ended', 'ended', 'ended'),
  'requester withdraw': inOrder(
    'withdrawn',
    'withdrawn',
    'withdrawn',
    'under_way',
    'ended',
    'ended',
    'withdrawn',
    'ended',
  ),
  'msp approve': inOrder('not_yet', 'approved', 'decided', 'decided', 'ended', 'ended', 'ended', 'ended'),
  'msp decline': inOrder('declined', 'declined', 'decided', 'decided', 'ended', 'ended', 'ended', 'ended'),
  'time expire': inOrder('expired', 'expired', 'decided', 'decided', 'ended', 'ended', 'ended', 'expired'),
  'facts ask_again': inOrder(
    'awaiting_customer',
    'awaiting_msp',
    'decided',
    'decided',
    'ended',
    'ended',
    'ended',
    'ended',
  ),
}

function inOrder(...states: [Next, Next, Next, Next, Next, Next, Next, Next]): Record<RequestState, Next> {
  const [awaiting_customer, awaiting_msp, approved, in_progress, done, declined, withdrawn, expired] = states
  // Nothing rests as submitted: in the same commit it goes to whoever is to approve it.
  return {
    submitted: 'not_yet',
    awaiting_customer,
    awaiting_msp,
    approved,
    in_progress,
    done,
    declined,
    withdrawn,
    expired,
  }
}

/** Where a request begins that was just submitted: with its first approval, or approved where none is needed. */
export const stateOfNew = ({ needsCustomer, needsMsp }: Course): RequestState =>
  needsCustomer ? 'awaiting_customer' : needsMsp ? 'awaiting_msp' : 'approved'

/**
 * The state after an act, or why it is refused. When what it depends on has changed, it begins again with its first approval.
 */
export const stateAfter = (
  { state, needsCustomer, needsMsp }: Course & { state: RequestState },
  act: Act,
): { state: RequestState } | { refused: Refusal } => {
  const next = table[`${act.by} ${act.does}`]?.[state]
  if (next === undefined) throw new Error(`Nothing is known of "${act.by} ${act.does}".`)
  if (refusals.has(next)) return { refused: next as Refusal }
  if (act.by === 'facts') return { state: stateOfNew({ needsCustomer, needsMsp }) }
  return { state: next as RequestState }
}

export const isAwaiting = (state: RequestState): boolean => state === 'awaiting_customer' || state === 'awaiting_msp'

export const hasEnded = (state: RequestState): boolean =>
  state === 'done' || state === 'declined' || state === 'withdrawn' || state === 'expired'

const DAY_MS = 86_400_000
/** After so many days of waiting, whoever is awaited is reminded. */
const REMINDERS_AFTER_DAYS = [2, 5, 9]

/** The clock of a request that waits for an approval; all null once it does not. Moments are milliseconds since 1970. */
export type Waiting = {
  awaitingSince: number | null
  remindedCount: number
  remindAt: number | null
  expiresAt: number | null
  /** The earlier of the two. */
  attendAt: number | null
}

export const notWaiting: Waiting = {
  awaitingSince: null,
  remindedCount: 0,
  remindAt: null,
  expiresAt: null,
  attendAt: null,
}

/** How a request waits from now on, for so many days at most: with every approval that is asked for, anew. */
export const waitingFrom = (at: number, waitDays: number): Waiting =>
  reminded({ awaitingSince: at, expiresAt: at + waitDays * DAY_MS }, 0, at)

/** The same after one more reminder at this moment. What came due before it is not made up for; the last one leaves only the end. */
export const waitingAfterReminder = ({ awaitingSince, expiresAt, remindedCount }: Waiting, at: number): Waiting =>
  awaitingSince === null || expiresAt === null
    ? notWaiting
    : reminded({ awaitingSince, expiresAt }, remindedCount + 1, at)

const reminded = (
  { awaitingSince, expiresAt }: { awaitingSince: number; expiresAt: number },
  remindedCount: number,
  at: number,
): Waiting => {
  const days = REMINDERS_AFTER_DAYS.find((count) => awaitingSince + count * DAY_MS > at)
  const next = days === undefined ? null : awaitingSince + days * DAY_MS
  const remindAt = next === null || next >= expiresAt ? null : next
  return { awaitingSince, remindedCount, remindAt, expiresAt, attendAt: remindAt ?? expiresAt }
}
