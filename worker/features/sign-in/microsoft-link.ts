import { and, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import { noMicrosoftAccount } from '../../../db/owned.ts'
import { contacts, handOvers, sessions, staff } from '../../../db/shard/schema.ts'
import type { ProvenAccount } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { Self } from '../../http/app.ts'
import { Problem } from '../../http/problem.ts'
import { groundFor, nobody } from '../../http/session.ts'
import type { Setting } from '../../http/session.ts'
import { claimMicrosoftStaff, forgetMicrosoftStaff, takeMicrosoftStaff } from '../../tenancy/directory.ts'
import type { MicrosoftStaffPlace } from '../../tenancy/directory.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { microsoftLinkMail, staffMicrosoftLinkMail } from '../mail/index.ts'
import { spent } from './hand-over.ts'
import type { HandOver } from './hand-over.ts'
import { mayUnlink } from './policy.ts'

/** The Microsoft account that somebody signs in with, if they linked one. */
export type Link = { account: string; linkedAt: number } | null

type Own = { id: string; microsoftAccount: string | null; microsoftLinkedAt: number | null }

/** What one's own account is linked with, whether that may be undone, and whether linking one asks for one's password. */
export const readLink = async (self: Self): Promise<{ link: Link; mayUnlink: boolean; asksPassword: boolean }> => {
  const { microsoftAccount: account, microsoftLinkedAt: linkedAt } = await rowOf(self)
  return {
    link: account === null || linkedAt === null ? null : { account, linkedAt },
    mayUnlink: mayUnlink(self.policy, self.passwordHash !== null),
    asksPassword: self.passwordHash !== null,
  }
}

const rowOf = async ({
  scope,
  id,
}: Self): Promise<Own & { microsoftTenantId: string | null; microsoftObjectId: string | null }> =>
  scope.level === 'msp' ? scope.find(staff, id, 'person') : scope.find(contacts, id, 'person')

/**
 * Ties the account that was proven to whoever is signed in, spending the hand-over in the same commit. False when somebody
 * else signs in with it, or this person has one by now.
 */
export const link = (
  setting: Setting,
  { scope, id, name, passwordHash }: Self,
  row: HandOver,
  account: ProvenAccount,
): Promise<boolean> =>
  scope.level === 'msp'
    ? linkStaff(setting, scope, { id, name, passwordHash }, row, account)
    : linkContact(scope, { id, name, passwordHash }, row, account)

type Person = { id: string; name: string; passwordHash: string | null }

const linkContact = (
  customer: CustomerScope,
  { id, name, passwordHash }: Person,
  row: HandOver,
  account: ProvenAccount,
) => {
  return unlessTaken(
    customer.commit(
      { action: 'contact.linked_microsoft', subject: { kind: 'contact', id, name } },
      customer.onlyIf(
        sql`not exists (select 1 from ${contacts} where ${customer.mine(contacts, isContactWith(account))})`,
      ),
      // A password that was set anew meanwhile ended the session that this began in.
      customer.changeWhere(
        contacts,
        id,
        and(isNull(contacts.microsoftObjectId), sql`${contacts.passwordHash} is ${passwordHash}`),
        linked(account),
      ),
      customer.changeWhere(handOvers, row.id, spent().where, spent().set),
      customer.later(microsoftLinkMail('microsoft_linked', { id, name }, now())),
    ),
  )
}

/** The directory says first whose the account is, since no database holds the staff of all MSPs. */
const linkStaff = async (
  setting: Setting,
  msp: MspScope,
  { id, name, passwordHash }: Person,
  row: HandOver,
  account: ProvenAccount,
): Promise<boolean> => {
  const place = { mspId: msp.mspId, shard: msp.shardName, staffId: id }
  if (!(await claim(setting, account, place))) return false
  return unlessTaken(
    msp.commit(
      { action: 'staff.linked_microsoft', subject: { kind: 'staff', id, name } },
      msp.onlyIf(sql`not exists (select 1 from ${staff} where ${msp.mine(staff, isStaffWith(account))})`),
      msp.changeWhere(
        staff,
        id,
        and(isNull(staff.microsoftObjectId), sql`${staff.passwordHash} is ${passwordHash}`),
        linked(account),
      ),
      msp.changeWhere(handOvers, row.id, spent().where, spent().set),
      msp.later(staffMicrosoftLinkMail('microsoft_linked', { id, name }, now())),
    ),
  )
}

/** What the directory says of an account that its holder's own row does not, was left behind and is taken over. */
const claim = async (setting: Setting, account: ProvenAccount, place: MicrosoftStaffPlace): Promise<boolean> => {
  const { environment } = setting
  const holder = await claimMicrosoftStaff(environment, account, place)
  if (holder.staffId === place.staffId && holder.mspId === place.mspId) return true
  const theirs = forMsp(groundFor(setting, holder.shard, nobody), holder.mspId)
  const holds = await theirs.first(staff, and(eq(staff.id, holder.staffId), isStaffWith(account)))
  return holds === undefined && takeMicrosoftStaff(environment, account, holder, place)
}

/** False when the commit found somebody with the account, or the hand-over spent. */
const unlessTaken = async (commit: Promise<void>): Promise<boolean> => {
  try {
    await commit
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') return false
    throw error
  }
}

/**
 * Takes the account off oneself, and ends the other sessions that it began. Problem `conflict` where nobody could sign in
 * without it.
 */
export const unlink = async (environment: Environment, self: Self): Promise<void> => {
  const { scope, id, name } = self
  const row = await rowOf(self)
  if (row.microsoftObjectId === null || row.microsoftTenantId === null) return
  if (!mayUnlink(self.policy, self.passwordHash !== null))
    throw new Problem('conflict', 'Without this account you could not sign in any more, so it stays linked.')
  const others = and(eq(sessions.method, 'microsoft'), ne(sessions.id, self.sessionId))
  if (scope.level === 'customer') {
    await scope.commit(
      { action: 'contact.unlinked_microsoft', subject: { kind: 'contact', id, name } },
      scope.changeWhere(contacts, id, isNotNull(contacts.microsoftObjectId), noMicrosoftAccount),
      scope.removeWhere(sessions, and(eq(sessions.contactId, id), others)),
      scope.later(microsoftLinkMail('microsoft_unlinked', { id, name }, now())),
    )
    return
  }
  await scope.commit(
    { action: 'staff.unlinked_microsoft', subject: { kind: 'staff', id, name } },
    scope.changeWhere(staff, id, isNotNull(staff.microsoftObjectId), noMicrosoftAccount),
    scope.removeWhere(sessions, and(eq(sessions.staffId, id), others)),
    scope.later(staffMicrosoftLinkMail('microsoft_unlinked', { id, name }, now())),
  )
  const account = { tenantId: row.microsoftTenantId, objectId: row.microsoftObjectId }
  await forgetMicrosoftStaff(environment, account, { mspId: scope.mspId, shard: scope.shardName, staffId: id })
}

export const isContactWith = ({ tenantId, objectId }: ProvenAccount) =>
  and(eq(contacts.microsoftTenantId, tenantId), eq(contacts.microsoftObjectId, objectId))

export const isStaffWith = ({ tenantId, objectId }: ProvenAccount) =>
  and(eq(staff.microsoftTenantId, tenantId), eq(staff.microsoftObjectId, objectId))

/** What is kept of the account that somebody signs in with. */
export const linked = ({ tenantId, objectId, name }: ProvenAccount) => ({
  microsoftTenantId: tenantId,
  microsoftObjectId: objectId,
  microsoftAccount: name,
  microsoftLinkedAt: now(),
})
