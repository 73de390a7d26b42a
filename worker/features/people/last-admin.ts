/** Somebody of a company, as far as who looks after its portal depends on them. */
export type Colleague = {
  id: string
  name: string
  access: 'none' | 'invited' | 'active' | 'disabled'
  isPortalAdmin: boolean
  /** The one that the customer's e-mail names: only the MSP changes that. */
  isTheAdmin: boolean
  /** Of somebody who is kept out: by their company; else by the MSP. */
  isBlockedByCompany: boolean
}

/** What a portal admin would do to somebody. */
export type PeopleDeed = { kind: 'roles'; isPortalAdmin: boolean } | { kind: 'block' } | { kind: 'unblock' }

/** Whether a deed takes the care of the portal from somebody who has it. */
export const losesAdmin = ({ access, isPortalAdmin }: Colleague, deed: PeopleDeed): boolean =>
  isPortalAdmin && access === 'active' && takesAdmin(deed)

const takesAdmin = (deed: PeopleDeed): boolean => {
  switch (deed.kind) {
    case 'block':
      return true
    case 'unblock':
      return false
    case 'roles':
      return !deed.isPortalAdmin
  }
}

/** Whether only the MSP lets somebody in again: it kept them out itself. */
export const isBlockedByProvider = ({ access, isBlockedByCompany }: Pick<Colleague, 'access' | 'isBlockedByCompany'>) =>
  access === 'disabled' && !isBlockedByCompany

/**
 * Why a portal admin cannot do this, in words for them; undefined when they can. The main admin is the MSP's to change, so
 * is whether those get in whom it keeps out, and
 * a portal is never without an admin who can sign in, whoever asks: also oneself.
 */
export const obstacleToDeed = (person: Colleague, people: Colleague[], deed: PeopleDeed): string | undefined => {
  if (deed.kind === 'unblock' && isBlockedByProvider(person))
    return `Your IT provider keeps ${person.name} out. Only they can enable this access again.`
  if (person.isTheAdmin && takesAdmin(deed))
    return `${person.name} is the main portal admin. Only your IT provider can change that.`
  if (!losesAdmin(person, deed)) return undefined
  const others = people.filter(
    ({ id, access, isPortalAdmin }) => id !== person.id && isPortalAdmin && access === 'active',
  )
  return others.length > 0
    ? undefined
    : `${person.name} is the only portal admin who can sign in. Make somebody else portal admin first.`
}
