import { Problem } from '../http/problem.ts'

export type CustomerState = 'active' | 'disabled' | 'archived'
export type PortalState = 'none' | 'enabled' | 'disabled'

/** What of a customer and its portal decides who gets in. `restoresTo` is what an archived customer comes back as. */
export type PortalLife = {
  customer: CustomerState
  restoresTo: Exclude<CustomerState, 'archived'>
  portal: PortalState
}

/** The same of a customer's row. */
export const lifeOf = (row: {
  state: CustomerState
  restoresTo: PortalLife['restoresTo']
  portalState: PortalState
}): PortalLife => ({ customer: row.state, restoresTo: row.restoresTo, portal: row.portalState })

export const lifeDeeds = ['enable_portal', 'disable_portal', 'enable', 'disable', 'archive', 'restore'] as const
export type LifeDeed = (typeof lifeDeeds)[number]

export type LifeStep =
  | { kind: 'moved'; life: PortalLife; createsPortal: boolean; endsSessions: boolean }
  | { kind: 'unchanged' }
  | { kind: 'refused'; because: 'archived' | 'disabled' | 'no_portal' }

/** A portal is reachable only when the customer and the portal both allow it (product.md, decision 3). */
export const isReachable = (customer: CustomerState, portal: PortalState): boolean =>
  customer === 'active' && portal === 'enabled'

/**
 * The state machine customer × portal (product.md, E3, E4, decision 3): what a deed makes of it, or why not. A customer
 * that is disabled or put away keeps its portal's own state, so that the portal is as it was when it comes back.
 */
export const stepOf = (life: PortalLife, deed: LifeDeed): LifeStep => {
  const to = (set: Partial<PortalLife>): LifeStep => {
    const next = { ...life, ...set }
    const isOpen = isReachable(next.customer, next.portal)
    return {
      kind: 'moved',
      life: next,
      createsPortal: life.portal === 'none' && next.portal !== 'none',
      endsSessions: isReachable(life.customer, life.portal) && !isOpen,
    }
  }
  switch (deed) {
    case 'enable_portal':
      if (life.customer !== 'active') return { kind: 'refused', because: life.customer }
      return life.portal === 'enabled' ? { kind: 'unchanged' } : to({ portal: 'enabled' })
    case 'disable_portal':
      if (life.customer === 'archived') return { kind: 'refused', because: 'archived' }
      if (life.portal === 'none') return { kind: 'refused', because: 'no_portal' }
      return life.portal === 'disabled' ? { kind: 'unchanged' } : to({ portal: 'disabled' })
    case 'enable':
      if (life.customer === 'archived') return { kind: 'refused', because: 'archived' }
      return life.customer === 'active' ? { kind: 'unchanged' } : to({ customer: 'active' })
    case 'disable':
      if (life.customer === 'archived') return { kind: 'refused', because: 'archived' }
      return life.customer === 'disabled' ? { kind: 'unchanged' } : to({ customer: 'disabled' })
    case 'archive':
      if (life.customer === 'archived') return { kind: 'unchanged' }
      return to({ customer: 'archived', restoresTo: life.customer })
    case 'restore':
      return life.customer === 'archived' ? to({ customer: life.restoresTo }) : { kind: 'unchanged' }
  }
}

/** What is archived is restored first: every commit for one customer sees to it, this is for what is costly before one. Problem `conflict`. */
export const refuseArchived = ({ state }: { state: CustomerState }): void => {
  if (state === 'archived') throw new Problem('conflict', lifeRefusals.archived)
}

/** Why a deed was refused, in words for staff. */
export const lifeRefusals: Record<Extract<LifeStep, { kind: 'refused' }>['because'], string> = {
  archived: 'This customer is archived. Restore it first.',
  disabled: 'This customer is disabled. Enable it first.',
  no_portal: 'This customer has no portal yet.',
}
