import type { DirectoryAttribute, tenantUsers } from '../../../db/shard/schema.ts'
import { isoMoment } from '../../http/text.ts'
import { mailboxOf } from '../../tenancy/shown-directory.ts'
import type { NobodysMailbox, ShownDirectory } from '../../tenancy/shown-directory.ts'

/** Somebody as they are kept, as far as anybody is shown of it. */
export type UserRow = Pick<
  typeof tenantUsers.$inferSelect,
  | 'id'
  | 'tenantId'
  | 'displayName'
  | 'userPrincipalName'
  | 'mail'
  | 'jobTitle'
  | 'department'
  | 'businessPhone'
  | 'mobilePhone'
  | 'accountCreatedAt'
  | 'isGuest'
  | 'signInAllowed'
  | 'mailboxPurpose'
  | 'skuIds'
  | 'lastSignInAt'
  | 'signInKnown'
  | 'sortName'
>

/** What is shown of somebody. What is not to be seen is not there at all; null is what Microsoft does not say. */
export type ShownUser = {
  id: string
  tenantId: string
  name: string
  isGuest: boolean
  /** Not there for people. */
  mailbox?: NobodysMailbox
  mail?: string | null
  jobTitle?: string | null
  department?: string | null
  businessPhone?: string | null
  mobilePhone?: string | null
  licences?: string[]
  signInAllowed?: boolean
  /** `at` null where it is known: Microsoft knows of no sign-in. */
  lastSignIn?: { isKnown: boolean; at: string | null }
}

/** Names of the licences that somebody holds a seat of. */
export type LicencesOf = (user: Pick<UserRow, 'tenantId' | 'skuIds'>) => string[]

/** Whether anything at all may be seen of somebody. */
export const isVisible = (user: Pick<UserRow, 'isGuest'>, shown: ShownDirectory): boolean =>
  shown.isShown && (!user.isGuest || shown.showsGuests)

/** Exactly what may be seen of somebody. Throws for whoever is not to be seen: nobody should have read them. */
export const shownUser = (user: UserRow, shown: ShownDirectory, licencesOf: LicencesOf): ShownUser => {
  if (!isVisible(user, shown)) throw new Error('Somebody was read who is not to be seen.')
  const parts: Record<DirectoryAttribute, () => Partial<ShownUser>> = {
    mail: () => ({ mail: user.mail }),
    jobTitle: () => ({ jobTitle: user.jobTitle }),
    department: () => ({ department: user.department }),
    businessPhone: () => ({ businessPhone: user.businessPhone }),
    mobilePhone: () => ({ mobilePhone: user.mobilePhone }),
    licences: () => ({ licences: licencesOf(user) }),
    signInAllowed: () => ({ signInAllowed: user.signInAllowed }),
    lastSignIn: () => ({ lastSignIn: { isKnown: user.signInKnown, at: isoMoment(user.lastSignInAt) } }),
    // Read of one person, never of a list.
    groups: () => ({}),
    manager: () => ({}),
  }
  const mailbox = mailboxOf(user)
  return Object.assign(
    {
      id: user.id,
      tenantId: user.tenantId,
      name: user.displayName,
      isGuest: user.isGuest,
      ...(mailbox === undefined ? {} : { mailbox }),
    },
    ...shown.attributes.map((attribute) => parts[attribute]()),
  ) as ShownUser
}
