import { directoryAttributes, directoryAttributesAtFirst } from '../../db/shard/schema.ts'
import type { DirectoryAttribute, tenantUsers } from '../../db/shard/schema.ts'
import type { Policy } from './policy.ts'

/** What the people of a portal see of their own directory: whether any says their policy, what of it their portal's settings. */
export type ShownDirectory = {
  isShown: boolean
  showsGuests: boolean
  /** In the order in which they are shown. */
  attributes: readonly DirectoryAttribute[]
}

type Columns = {
  directoryGuestsShown: boolean | null
  directoryAttributes: DirectoryAttribute[] | null
}

export const shownDirectoryIn = (portal: Columns, { reads }: Pick<Policy, 'reads'>): ShownDirectory => ({
  isShown: reads.see_directory,
  ...shownOfPeopleIn(portal),
})

/** Whom and what a directory shows where there is one. From a portal's row; without one, what a new portal would show. */
export const shownOfPeopleIn = (portal: Columns): Omit<ShownDirectory, 'isShown'> => ({
  showsGuests: portal.directoryGuestsShown ?? false,
  attributes: inTheirOrder(portal.directoryAttributes ?? directoryAttributesAtFirst),
})

/** Each once, as they are shown: the same choice is the same value. */
export const inTheirOrder = (chosen: readonly DirectoryAttribute[]): DirectoryAttribute[] =>
  directoryAttributes.filter((attribute) => chosen.includes(attribute))

/** What staff see: everything. */
export const wholeDirectory: ShownDirectory = {
  isShown: true,
  showsGuests: true,
  attributes: directoryAttributes,
}

/** Whether the directory shows this of people. */
export const shows = (shown: ShownDirectory, attribute: DirectoryAttribute): boolean =>
  shown.isShown && shown.attributes.includes(attribute)

/** Whether it shows guests: to whom it does not, nothing tells who is one. */
export const seesGuests = ({ isShown, showsGuests }: Pick<ShownDirectory, 'isShown' | 'showsGuests'>): boolean =>
  isShown && showsGuests

/** A mailbox that is nobody's own: no person, though it has an account. */
export type NobodysMailbox = 'shared' | 'room' | 'equipment'

export const mailboxOf = ({
  mailboxPurpose,
}: Pick<typeof tenantUsers.$inferSelect, 'mailboxPurpose'>): NobodysMailbox | undefined =>
  mailboxPurpose === 'shared' || mailboxPurpose === 'room' || mailboxPurpose === 'equipment'
    ? mailboxPurpose
    : undefined
