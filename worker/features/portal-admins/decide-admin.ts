import { isReachable, lifeRefusals } from '../../tenancy/portal-life.ts'
import type { CustomerState, PortalState } from '../../tenancy/portal-life.ts'

/** A contact, as far as being portal admin depends on it. */
export type Person = {
  id: string
  name: string
  email: string | null
  access: 'none' | 'invited' | 'active' | 'disabled'
  isTheAdmin: boolean
  confirmedAt: number | null
}

export type AdminDecision<P extends Person> =
  | { kind: 'kept' }
  /** `detail` says why, in words for staff, at the e-mail. */
  | { kind: 'refused'; detail: string }
  | {
      kind: 'changed'
      /** Who becomes the admin; undefined for somebody who is no contact yet. */
      successor: P | undefined
      /** Whether they are invited: those who have access already simply have more from now on. */
      invites: boolean
      /** Who was it, and becomes a regular portal user. */
      predecessor: P | undefined
      /** Whom undoing brings back while the successor has not confirmed. */
      formerEmail: string | null
    }

/**
 * Who is the portal admin once a customer has this e-mail (product.md, E5 and decision 4): its e-mail names them. The one
 * before is never removed. While nobody can get in, nobody can become it, since they could not confirm.
 */
export const decideAdmin = <P extends Person>({
  email,
  customerState,
  portalState,
  people,
  formerEmail,
}: {
  email: string | null
  customerState: CustomerState
  portalState: PortalState
  /** The customer's contacts. */
  people: P[]
  /** Whom undoing would bring back now. */
  formerEmail: string | null
}): AdminDecision<P> => {
  const predecessor = people.find(({ isTheAdmin }) => isTheAdmin)
  if (portalState === 'none' || (predecessor !== undefined && predecessor.email === email)) return { kind: 'kept' }
  if (predecessor === undefined && email === null) return { kind: 'kept' }
  if (!isReachable(customerState, portalState)) return { kind: 'refused', detail: whyClosed(customerState) }
  if (email === null)
    return { kind: 'refused', detail: 'A portal needs an admin. Enter the e-mail address of the new one.' }
  const successor = people.find((person) => person.email === email)
  if (successor?.access === 'disabled')
    return { kind: 'refused', detail: `${successor.name} is blocked. Let them in again first.` }
  const lastConfirmed =
    predecessor === undefined ? null : predecessor.confirmedAt === null ? formerEmail : predecessor.email
  const invites = successor?.access !== 'active'
  return {
    kind: 'changed',
    successor,
    invites,
    predecessor,
    formerEmail: !invites || lastConfirmed === email ? null : lastConfirmed,
  }
}

const whyClosed = (state: CustomerState): string =>
  state === 'active'
    ? 'This customer’s portal is closed, so its admin cannot change: the e-mail names them. Open the portal first.'
    : `${lifeRefusals[state]} Its e-mail names the portal admin, who could not confirm now.`

/** What to call somebody of whom only the e-mail is known: `dana.whitfield@…` is Dana Whitfield. */
export const nameFromEmail = (email: string): string => {
  const words = (email.split('@')[0] ?? '')
    .split('+')[0]
    ?.split(/[._-]+/)
    .filter((word) => /\p{L}/u.test(word))
  if (words === undefined || words.length === 0) return email
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
