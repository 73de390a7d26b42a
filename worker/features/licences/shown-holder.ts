import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { tenantUsers } from '../../../db/shard/schema.ts'
import { mailboxOf, shows } from '../../tenancy/shown-directory.ts'
import type { ContactScope } from '../../tenancy/scope.ts'
import type { NobodysMailbox, ShownDirectory } from '../../tenancy/shown-directory.ts'

/** What of somebody's account decides what is told of them as a holder of seats; null for who is not kept any more. */
export const holderColumns = {
  userPrincipalName: tenantUsers.userPrincipalName,
  signInAllowed: tenantUsers.signInAllowed,
  mailboxPurpose: tenantUsers.mailboxPurpose,
}
type HolderAccount = { [Name in keyof typeof holderColumns]: (typeof tenantUsers.$inferSelect)[Name] | null }

/** Whether somebody is among the holders: guests as in the directory. For a select that joins people to seats. */
export const isListed = ({ showsGuests }: Pick<ShownDirectory, 'showsGuests'>): SQL | undefined =>
  showsGuests ? undefined : sql`coalesce(${tenantUsers.isGuest}, 0) = 0`

/**
 * Who holds seats and is not among the holders: how many of each licence. With `isLicensed` in its condition it reads the
 * guests who have a licence and nobody else.
 */
export const notListedRead = (
  reads: Pick<ContactScope, 'select' | 'mine'>,
  { showsGuests }: Pick<ShownDirectory, 'showsGuests'>,
  condition: SQL | undefined,
) =>
  reads
    .select({ skuId: seatOf.as('held_sku_id'), count: sql<number>`count(*)`.as('guest_count') })
    .from(tenantUsers)
    .crossJoin(sql`json_each(${tenantUsers.skuIds}) as seat`)
    .where(reads.mine(tenantUsers, showsGuests ? sql`false` : and(eq(tenantUsers.isGuest, true), condition)))
    .groupBy(seatOf)

/** The licence of a seat, in the condition of what reads who is not listed. */
export const seatOf = sql<string>`seat.value`

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
