import type { ProblemCode } from '../../http/problem.ts'
import type { StaffRole } from '../../tenancy/permissions.ts'

/** What may be done to somebody of the staff. */
export type Deed =
  | { kind: 'invite' | 'change_role'; role: StaffRole }
  | { kind: 'block' | 'unblock' | 'invite_again' | 'withdraw' }

export type Acting = { id: string; role: StaffRole }
/** Whom it is done to; whoever is invited is not confirmed yet. */
export type Target = { id: string; name: string; role: StaffRole; disabled: boolean; isConfirmed: boolean }
export type Obstacle = { code: Extract<ProblemCode, 'forbidden' | 'conflict'>; text: string }

/**
 * Why somebody may not do that to somebody, in words; undefined when they may. Pure (product.md, "Who may do what"):
 * admins manage whoever is below owner, only owners name owners, an active owner is always left, and nobody blocks
 * themselves. `otherOwnerCount`: how many active owners there are beside the target.
 */
export const obstacleTo = (
  actor: Acting,
  target: Target | undefined,
  deed: Deed,
  otherOwnerCount: number,
): Obstacle | undefined => {
  if (actor.role !== 'owner' && actor.role !== 'admin') return forbidden('Only owners and admins manage staff.')
  const namesOwner = 'role' in deed && deed.role === 'owner'
  if (actor.role !== 'owner' && namesOwner) return forbidden('Only an owner can make somebody an owner.')
  if (target === undefined) return undefined
  if (actor.role !== 'owner' && target.role === 'owner') return forbidden('Only an owner can change another owner.')
  switch (deed.kind) {
    case 'invite':
      return undefined
    case 'change_role':
      return namesOwner ? undefined : lastOwner(target, otherOwnerCount)
    case 'block':
      if (target.id === actor.id) return conflict('You cannot block yourself. Ask another owner or admin.')
      if (!target.isConfirmed) return conflict(`${target.name} has not joined yet. Take the invitation back instead.`)
      return lastOwner(target, otherOwnerCount)
    case 'unblock':
      return undefined
    case 'invite_again':
    case 'withdraw':
      return target.isConfirmed ? conflict(`${target.name} has joined already.`) : undefined
  }
}

const lastOwner = ({ role, disabled, isConfirmed }: Target, otherOwnerCount: number): Obstacle | undefined =>
  role === 'owner' && !disabled && isConfirmed && otherOwnerCount === 0
    ? conflict('This is the only owner who can sign in. Make somebody else an owner first.')
    : undefined

const forbidden = (text: string): Obstacle => ({ code: 'forbidden', text })
const conflict = (text: string): Obstacle => ({ code: 'conflict', text })
