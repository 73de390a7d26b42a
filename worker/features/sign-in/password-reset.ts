import { and, eq, gt, isNull } from 'drizzle-orm'
import { noMicrosoftAccount } from '../../../db/owned.ts'
import {
  contacts,
  customers,
  msps,
  passwordResets,
  pendingSignIns,
  portals,
  sessions,
  staff,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, missing } from '../../http/problem.ts'
import { nobody } from '../../http/session.ts'
import { forgetMicrosoftStaff } from '../../tenancy/directory.ts'
import type { StaffPlace } from '../../tenancy/directory.ts'
import { hashOf } from '../../tenancy/ids.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import {
  microsoftLinkMail,
  passwordChangedMail,
  staffMicrosoftLinkMail,
  staffPasswordChangedMail,
} from '../mail/index.ts'
import { takesPasswords } from '../portal-face/index.ts'
import { attemptKeys, doorOf, forgiveAttempts } from './attempts.ts'
import { newHashByLink } from './password-change.ts'
import { askForCode, normalEmail, scopeFor, startContactSession, startStaffSession } from './sign-in.ts'
import type { Caller, CodeNeeded, PortalPlace, SignedIn } from './sign-in.ts'
import { readPlacedToken } from './placed-token.ts'

/** What a link says to who holds it. Problems: `missing` (unknown), `gone` (used, expired, of no use any more). */
export const lookUpReset = async (caller: Caller, token: string) => {
  const { person, companyName, reset } = await openReset(caller, token)
  return {
    name: person.name,
    email: person.email ?? '',
    companyName,
    expiresAt: new Date(reset.expiresAt).toISOString(),
  }
}

/**
 * Sets a new password, unlinks the Microsoft account, ends every session and signs in, spending the link in the same
 * commit: of many at once one wins. The account can be linked again; whoever linked one with a session that was not theirs cannot.
 * Problems: `missing`, `gone`, `throttled`, `invalid` at /password.
 */
export const acceptReset = async (caller: Caller, token: string, password: string): Promise<SignedIn | CodeNeeded> => {
  const found = await openReset(caller, token)
  const { person, companyName, reset } = found
  const owner = { name: person.name, email: person.email ?? '', companyName }
  const { passwordHash, forgive } = await newHashByLink(caller, token, password, owner)
  const isOpen = and(isNull(passwordResets.consumedAt), gt(passwordResets.expiresAt, now()))
  try {
    const signedIn =
      found.kind === 'contact'
        ? await startContactSession(caller, found.place, found.person, 'contact.reset_password', (customer) => [
            customer.changeWhere(passwordResets, reset.id, isOpen, { consumedAt: now() }),
            customer.changeWhere(contacts, person.id, eq(contacts.access, 'active'), {
              passwordHash,
              ...noMicrosoftAccount,
            }),
            customer.removeWhere(sessions, eq(sessions.contactId, person.id)),
            customer.changeAll(passwordResets, and(eq(passwordResets.contactId, person.id), isOpen), spent()),
            customer.later(passwordChangedMail(person, now())),
            ...(found.person.microsoftObjectId === null
              ? []
              : [customer.later(microsoftLinkMail('microsoft_unlinked', person, now()))]),
          ])
        : await resetByStaff(caller, found.place, found.person, (msp) => [
            msp.changeWhere(passwordResets, reset.id, isOpen, { consumedAt: now() }),
            msp.changeWhere(staff, person.id, eq(staff.disabled, false), { passwordHash, ...noMicrosoftAccount }),
            msp.removeWhere(sessions, eq(sessions.staffId, person.id)),
            msp.removeWhere(pendingSignIns, eq(pendingSignIns.staffId, person.id)),
            msp.changeAll(passwordResets, and(eq(passwordResets.staffId, person.id), isOpen), spent()),
            msp.later(staffPasswordChangedMail(person, now())),
            ...(found.person.microsoftObjectId === null
              ? []
              : [msp.later(staffMicrosoftLinkMail('microsoft_unlinked', person, now()))]),
          ])
    const { environment, place, address } = caller
    caller.later(forgive)
    if (found.kind === 'staff') caller.later(() => forgotten(environment, found.place, found.person))
    caller.later(async () =>
      forgiveAttempts(environment, await attemptKeys(environment, doorOf(place), normalEmail(owner.email), address)),
    )
    return signedIn
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw usedUp()
    throw error
  }
}

/** What the directory knows of an account whose holder's own row does not name it any more; left behind it would open nothing. */
const forgotten = async (
  environment: Environment,
  place: StaffPlace,
  { id, microsoftTenantId: tenantId, microsoftObjectId: objectId }: typeof staff.$inferSelect,
): Promise<void> => {
  if (tenantId === null || objectId === null) return
  await forgetMicrosoftStaff(environment, { tenantId, objectId }, { ...place, staffId: id })
}

/** A link in a mail is one step only: whoever signs in with two is asked for the other as well. */
const resetByStaff = (
  caller: Caller,
  place: StaffPlace,
  person: typeof staff.$inferSelect,
  more: (msp: MspScope) => [Write, ...Write[]],
) =>
  person.totpSealed === null
    ? startStaffSession(caller, place, person, 'staff.reset_password', more)
    : askForCode(caller, place, person, more, 'staff.reset_password')

/** What else was sent is of no use any more once one of them was used. */
const spent = () => ({ consumedAt: now() })

const openReset = async (caller: Caller, token: string) => {
  const found =
    caller.place.kind === 'portal' ? await contactsReset(caller, caller.place, token) : await staffsReset(caller, token)
  const { reset, isWelcome } = found
  if (reset.consumedAt !== null) throw usedUp()
  if (reset.expiresAt <= now() || !isWelcome) throw tooLate()
  return found
}

const contactsReset = async (caller: Caller, place: PortalPlace, token: string) => {
  const customer = scopeFor(caller, place, nobody).forCustomer(place.customerId)
  const [row] = await customer
    // Not all of their columns: an answer of D1 has at most 100.
    .select({
      reset: passwordResets,
      contact: contacts,
      customer: { state: customers.state, name: customers.name },
      portal: { state: portals.state, displayName: portals.displayName, signInPolicy: portals.signInPolicy },
      msp: { signInPolicy: msps.signInPolicy },
    })
    .from(passwordResets)
    .innerJoin(
      contacts,
      and(
        eq(contacts.mspId, passwordResets.mspId),
        eq(contacts.customerId, passwordResets.customerId),
        eq(contacts.id, passwordResets.contactId),
      ),
    )
    .innerJoin(customers, and(eq(customers.mspId, passwordResets.mspId), eq(customers.id, passwordResets.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, passwordResets.mspId), eq(portals.customerId, passwordResets.customerId)))
    .innerJoin(msps, eq(msps.mspId, passwordResets.mspId))
    .where(customer.mine(passwordResets, eq(passwordResets.tokenHash, await hashOf(token))))
  if (row === undefined) throw missing('link')
  const { reset, contact: person } = row
  return {
    kind: 'contact' as const,
    place,
    reset,
    person,
    companyName: row.portal.displayName ?? row.customer.name,
    isWelcome: person.access === 'active' && person.passwordHash !== null && takesPasswords(row.customer.state, row),
  }
}

const staffsReset = async (caller: Caller, token: string) => {
  const placed = readPlacedToken(caller.environment, token)
  if (placed === undefined) throw missing('link')
  const msp = scopeFor(caller, placed, nobody)
  const [row] = await msp
    .select({ reset: passwordResets, person: staff, companyName: msps.name })
    .from(passwordResets)
    .innerJoin(staff, and(eq(staff.mspId, passwordResets.mspId), eq(staff.id, passwordResets.staffId)))
    .innerJoin(msps, eq(msps.mspId, passwordResets.mspId))
    .where(msp.mine(passwordResets, eq(passwordResets.tokenHash, await hashOf(placed.secret))))
  if (row === undefined) throw missing('link')
  const isWelcome = !row.person.disabled && row.person.passwordHash !== null
  return { kind: 'staff' as const, place: placed, isWelcome, ...row }
}

const usedUp = () => new Problem('gone', 'This link has been used. Sign in with the password that was set then.')
const tooLate = () => new Problem('gone', 'This link is no longer valid. Ask for a new one.')
