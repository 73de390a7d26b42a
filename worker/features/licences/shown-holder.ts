import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { seatHolders, tenantUsers } from '../../../db/shard/schema.ts'
import { mailboxOf, shows } from '../../tenancy/shown-directory.ts'
import type { NobodysMailbox, ShownDirectory } from '../../tenancy/shown-directory.ts'

/** What of somebody's account decides what is told of them as a holder of seats; null for who is not kept any more. */
export const holderColumns = {
  userPrincipalName: tenantUsers.userPrincipalName,
  signInAllowed: tenantUsers.signInAllowed,
  mailboxPurpose: tenantUsers.mailboxPurpose,
}
type HolderAccount = { [Name in keyof typeof holderColumns]: (typeof tenantUsers.$inferSelect)[Name] | null }

/** Whose seats are listed: guests' as in the directory. Literally as the indexes have it, or they are not used. */
export const isListed = ({ showsGuests }: Pick<ShownDirectory, 'showsGuests'>): SQL | undefined =>
  showsGuests ? undefined : sql`${seatHolders.isGuest} = 0`

export type ShownAccount = {
  userPrincipalName: string | null
  signInAllowed: boolean | null
  mailbox?: NobodysMailbox
}

/** A holder's account as far as the directory shows the same of them: with the name they sign in by where it shows mail. */
export const shownAccount = (account: HolderAccount, shown: ShownDirectory): ShownAccount => {
  const mailbox = shown.isShown ? mailboxOf(account) : undefined
  return {
    userPrincipalName: shows(shown, 'mail') ? account.userPrincipalName : null,
    signInAllowed: shows(shown, 'signInAllowed') ? account.signInAllowed : null,
    ...(mailbox === undefined ? {} : { mailbox }),
  }
}
