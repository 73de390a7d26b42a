import type { HostnameFindings } from '../../../db/shard/schema.ts'

/** What is to be set up for a name, in the order in which it can be. */
export const hostnameSteps = ['proof', 'address', 'certificate'] as const
export type StepName = (typeof hostnameSteps)[number]

/** How far one step is, and what is to be done about it. */
export type StepReason =
  | 'unchecked'
  | 'done'
  | 'txt_missing'
  | 'txt_differs'
  | 'name_servers_fail'
  | 'name_taken'
  | 'cname_missing'
  | 'cname_elsewhere'
  | 'after_the_others'
  | 'being_issued'
  | 'not_issued'
  | 'blocked'
  | 'moved'
export type Step = { name: StepName; done: boolean; reason: StepReason }

/** What is known of a claim before it is looked at again. */
export type Claim = {
  createdAt: number
  activeSince: number | null
  troubleSince: number | null
}

export type Standing = {
  state: 'pending' | 'active' | 'problem'
  /** Whether it answers from now on. */
  answers: boolean
  troubleSince: number | null
  /** When it is to be looked at again; null for never, unless somebody asks. */
  nextCheckAt: number | null
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A name in trouble goes on answering this long. */
export const GRACE_MS = 7 * DAY
/** Nobody sets up what they have not set up by then: it is looked at only when somebody asks. */
export const PATIENCE_MS = 30 * DAY

/** What is done of each step and what is missing, from what was found. */
export const stepsOf = (found: HostnameFindings | null): Step[] => [
  step('proof', proofReason(found)),
  step('address', addressReason(found)),
  step('certificate', certificateReason(found)),
]

/** How a name stands after it was looked at: a name that answered is in trouble first, and given up after a week of it. */
export const standingOf = (claim: Claim, found: HostnameFindings, now: number): Standing => {
  const steps = stepsOf(found)
  const isFine = steps.every(({ done }) => done)
  if (isFine) return { state: 'active', answers: true, troubleSince: null, nextCheckAt: now + DAY }
  if (claim.activeSince === null) {
    const isStuck = steps.some(({ reason }) => STUCK.has(reason))
    return {
      state: isStuck || claim.troubleSince !== null ? 'problem' : 'pending',
      answers: false,
      troubleSince: claim.troubleSince,
      nextCheckAt: afterWaiting(claim, now),
    }
  }
  const troubleSince = claim.troubleSince ?? now
  const isOver = troubleSince + GRACE_MS <= now
  return {
    state: 'problem',
    answers: !isOver,
    troubleSince,
    nextCheckAt: isOver ? now + 6 * HOUR : Math.min(now + HOUR, troubleSince + GRACE_MS),
  }
}

/** What waiting alone does not mend, even for a name that never answered. */
const STUCK: ReadonlySet<StepReason> = new Set(['name_taken', 'not_issued', 'blocked', 'moved'])

/** Often in the first hour, when somebody sits before it; then less and less, since name servers remember for hours. */
const afterWaiting = ({ createdAt, troubleSince }: Claim, now: number): number | null => {
  const age = now - Math.max(createdAt, troubleSince ?? 0)
  if (age < HOUR) return now + 2 * MINUTE
  if (age < DAY) return now + 15 * MINUTE
  if (age < PATIENCE_MS) return now + 6 * HOUR
  return null
}

const step = (name: StepName, reason: StepReason): Step => ({ name, done: reason === 'done', reason })

const proofReason = (found: HostnameFindings | null): StepReason => {
  if (found === null) return 'unchecked'
  if (found.isTaken) return 'name_taken'
  switch (found.proof) {
    case 'ours':
      return 'done'
    case 'other':
      return 'txt_differs'
    case 'missing':
      return 'txt_missing'
    case 'unreadable':
      return 'name_servers_fail'
  }
}

const addressReason = (found: HostnameFindings | null): StepReason => {
  if (found === null) return 'unchecked'
  switch (found.address) {
    case 'here':
      return 'done'
    case 'elsewhere':
      return 'cname_elsewhere'
    case 'missing':
      return 'cname_missing'
    case 'unreadable':
      return 'name_servers_fail'
  }
}

const certificateReason = (found: HostnameFindings | null): StepReason => {
  if (found === null) return 'unchecked'
  if (found.edge?.state === 'blocked') return 'blocked'
  if (found.edge?.state === 'moved') return 'moved'
  if (found.edge?.state === 'active' && found.edge.certificate === 'active') return 'done'
  const othersAreDone = found.proof === 'ours' && !found.isTaken && found.address === 'here'
  if (!othersAreDone) return 'after_the_others'
  return found.edge?.certificate === 'failed' ? 'not_issued' : 'being_issued'
}
