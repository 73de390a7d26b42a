import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import {
  contacts,
  customers,
  invitations,
  msps,
  passwordResets,
  pendingSignIns,
  portals,
  sessions,
  staff,
} from '../../../db/shard/schema.ts'
import type { signInMethods } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment, Later } from '../../env.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { groundFor, lifeOf, newSessionToken, nobody } from '../../http/session.ts'
import type { SessionToken } from '../../http/session.ts'
import { staffPlaceOf } from '../../tenancy/directory.ts'
import type { Place, StaffPlace } from '../../tenancy/directory.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import { rolesOf } from '../../tenancy/permissions.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { Actor, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import { welcomeMail } from '../mail/index.ts'
import { policyOf } from '../portal-face/index.ts'
import { shortened } from '../sessions/index.ts'
import { attemptKeys, countAttempt, doorOf, forgiveAttempts } from './attempts.ts'
import { newHash, newHashByLink } from './password-change.ts'
import { dummyHash, verifyPassword } from './password.ts'
import { placedToken } from './placed-token.ts'

/** What the verbs of this folder are called with: somebody who is not signed in, at one of our hosts. */
export type Caller = {
  environment: Environment
  place: Place
  requestId: string
  later: Later
  /** The address the request came from, for attempt limits. */
  address: string
  /** What the browser says it is. */
  userAgent: string | undefined
  /** The session the browser comes with, which the new one takes the place of. */
  former: SessionToken | undefined
}

/** The password was right; what is still wanted is a code. */
export type CodeNeeded = { codeNeeded: true; token: string; expiresAt: number }

export type SignedIn = {
  token: SessionToken
  maxAgeSeconds: number
  person: { id: string; name: string; email: string; kind: 'staff' | 'contact'; roles: string[] }
}

export type PortalPlace = Extract<Place, { kind: 'portal' }>

/**
 * Signs a person in with e-mail and password. A wrong password, an unknown e-mail, somebody disabled and a closed
 * portal get one answer, after the same work. Staff with two-step verification are asked for a code. Problems:
 * `unauthenticated`, `throttled`.
 */
export const signIn = async (
  caller: Caller,
  credentials: { email: string; password: string },
): Promise<SignedIn | CodeNeeded> => {
  const { environment, place } = caller
  const email = normalEmail(credentials.email)
  const keys = await attemptKeys(environment, doorOf(place), email, caller.address)
  const isPortal = place.kind === 'portal'
  const [places] = await countAttempt<StaffPlace>(environment, keys, isPortal ? [] : [staffPlaceOf(environment, email)])
  const signedIn = await (isPortal
    ? signInContact(caller, place, email, credentials.password)
    : signInStaff(caller, places?.[0], email, credentials.password))
  caller.later(() => forgiveAttempts(environment, keys))
  return signedIn
}

/** How long a code may take. */
export const PENDING_MS = 5 * 60_000

export const normalEmail = (email: string): string => email.trim().toLowerCase()

const signInStaff = async (
  caller: Caller,
  known: StaffPlace | undefined,
  email: string,
  password: string,
): Promise<SignedIn | CodeNeeded> => {
  // A made-up place for an unknown e-mail, so that both ways read a shard and hash once.
  const place = known ?? { mspId: 'nobody', shard: [...caller.environment.shards.keys()][0] ?? '' }
  const person = await scopeFor(caller, place, nobody).first(staff, eq(staff.email, email))
  const right = await verifyPassword(password, person?.passwordHash ?? dummyHash)
  if (person === undefined || person.passwordHash === null || person.disabled || !right) throw refused()

  const asVerified = and(eq(staff.passwordHash, person.passwordHash), eq(staff.disabled, false))
  return orRefused<SignedIn | CodeNeeded>(
    person.totpSealed === null
      ? startStaffSession(caller, place, person, 'staff.signed_in', (msp) => [
          staffStill(msp, person, and(asVerified, isNull(staff.totpSealed))),
        ])
      : askForCode(caller, place, person, (msp) => [staffStill(msp, person, asVerified)]),
  )
}

/** What let somebody in is asked again in the commit that does: hashing takes long enough for it to change meanwhile. */
export const staffStill = (msp: MspScope, { id }: { id: string }, condition: SQL | undefined): Write =>
  msp.onlyIf(sql`exists (select 1 from ${staff} where ${msp.mine(staff, and(eq(staff.id, id), condition))})`)

/** The same of a contact. */
export const contactStill = (customer: CustomerScope, { id }: { id: string }, condition: SQL | undefined): Write =>
  customer.onlyIf(
    sql`exists (select 1 from ${contacts} where ${customer.mine(contacts, and(eq(contacts.id, id), condition))})`,
  )

/** Whoever's password or access changed while they signed in is told no more than who had it wrong. */
const orRefused = async <T>(signingIn: Promise<T>): Promise<T> => {
  try {
    return await signingIn
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw refused()
    throw error
  }
}

/**
 * Keeps for a few minutes that the password was right, in one commit with what else happens. What the browser gets for it
 * opens nothing without a code.
 */
export const askForCode = async (
  caller: Caller,
  place: StaffPlace,
  person: typeof staff.$inferSelect,
  more: (msp: MspScope) => [Write, ...Write[]],
  action?: 'staff.reset_password',
): Promise<CodeNeeded> => {
  const msp = scopeFor(caller, place, { kind: 'staff', id: person.id, name: person.name })
  const secret = newSecret()
  const expiresAt = now() + PENDING_MS
  const row = { id: await hashOf(secret), staffId: person.id, host: caller.place.host, expiresAt }
  const pending = msp.add(pendingSignIns, row)
  if (action === undefined) await msp.record(...more(msp), pending)
  else await msp.commit({ action, subject: { kind: 'staff', id: person.id, name: person.name } }, ...more(msp), pending)
  return { codeNeeded: true, token: placedToken({ ...place, secret }), expiresAt }
}

const signInContact = async (
  caller: Caller,
  place: PortalPlace,
  email: string,
  password: string,
): Promise<SignedIn> => {
  const { person, passwordHash, isTemporary } = await personWith(caller, place, email, password)
  if (isTemporary) throw new Problem('password_change_needed', 'This password was a first one. Choose your own now.')
  return orRefused(
    startContactSession(caller, place, person, 'contact.signed_in', (customer) => [
      contactStill(customer, person, and(eq(contacts.passwordHash, passwordHash), eq(contacts.access, 'active'))),
    ]),
  )
}

/**
 * Whose e-mail and password these are, in a portal that is open and takes passwords. Nobody learns which of them was
 * wrong, and at a portal without passwords everybody is told the same.
 */
const personWith = async (caller: Caller, place: PortalPlace, email: string, password: string) => {
  const customer = scopeFor(caller, place, nobody).forCustomer(place.customerId)
  const [row] = await customer
    .select({
      contact: contacts,
      customerState: customers.state,
      customerName: customers.name,
      portal: portals,
      msp: { signInPolicy: msps.signInPolicy },
    })
    .from(portals)
    .innerJoin(customers, and(eq(customers.mspId, portals.mspId), eq(customers.id, portals.customerId)))
    .innerJoin(msps, eq(msps.mspId, portals.mspId))
    .leftJoin(
      contacts,
      and(eq(contacts.mspId, portals.mspId), eq(contacts.customerId, portals.customerId), eq(contacts.email, email)),
    )
    .where(customer.mine(portals))
  const isOpen = row !== undefined && isReachable(row.customerState, row.portal.state)
  if (isOpen && policyOf(row.msp, row.portal) === 'microsoft_only') throw withoutPasswords()
  const person = row?.contact ?? null
  const right = await verifyPassword(password, person?.passwordHash ?? dummyHash)
  if (!isOpen || person === null || !right || person.passwordHash === null) throw refused()
  const isTemporary = person.temporaryUntil !== null
  if (isTemporary ? person.access !== 'invited' || isOverdue(person.temporaryUntil) : person.access !== 'active')
    throw refused()
  const { passwordHash } = person
  return { person, passwordHash, isTemporary, companyName: row.portal.displayName ?? row.customerName }
}

const isOverdue = (until: number | null): boolean => until === null || until <= now()

/**
 * Puts a password of one's own in place of the temporary one, and signs in: the only thing a temporary one is good for.
 * It is spent in the same commit, so of two at once one is refused. Problems: `unauthenticated`, `throttled`, `invalid` at
 * /password.
 */
export const replaceTemporaryPassword = async (
  caller: Caller,
  given: { email: string; temporaryPassword: string; password: string },
): Promise<SignedIn> => {
  const { environment, place } = caller
  if (place.kind !== 'portal') throw missing('page')
  const email = normalEmail(given.email)
  const keys = await attemptKeys(environment, doorOf(place), email, caller.address)
  await countAttempt(environment, keys)
  const known = await personWith(caller, place, email, given.temporaryPassword)
  const { person, isTemporary, companyName } = known
  if (!isTemporary) throw refused()
  const owner = { email, name: person.name, companyName }
  const passwordHash = await newHash(environment, given.password, owner, '/password')
  if (given.password === given.temporaryPassword)
    throw invalidField('/password', 'Choose another one than the temporary password.')
  const set = {
    passwordHash,
    temporaryUntil: null,
    access: 'active' as const,
    confirmedAt: person.confirmedAt ?? now(),
  }
  const open = and(eq(invitations.contactId, person.id), isNull(invitations.consumedAt), isNull(invitations.revokedAt))
  const signedIn = await orRefused(
    startContactSession(caller, place, person, 'contact.accepted_invitation', (customer) => [
      contactStill(customer, person, eq(contacts.passwordHash, known.passwordHash)),
      customer.change(contacts, person, set),
      customer.changeAll(invitations, open, { consumedAt: now() }),
      customer.removeWhere(sessions, eq(sessions.contactId, person.id)),
      customer.removeWhere(passwordResets, eq(passwordResets.contactId, person.id)),
      customer.later(welcomeMail(person, `${person.id}:${person.version}`)),
    ]),
  )
  caller.later(() => forgiveAttempts(environment, keys))
  return signedIn
}

/** What an invitation says to the person who holds its link. Problems: `missing` (unknown), `gone` (used, expired, withdrawn). */
export const lookUpInvitation = async (caller: Caller, secret: string) => {
  const { contact, invitation, companyName, policy } = await invitationOf(caller, secret)
  return {
    signInWith: policy === 'microsoft_only' ? ('microsoft' as const) : ('password' as const),
    name: contact.name,
    email: contact.email ?? '',
    companyName,
    expiresAt: new Date(invitation.expiresAt).toISOString(),
  }
}

/**
 * Sets the first password and signs in, spending the invitation in the same commit: two at once, and one of them is
 * told that it is used up. Problems: `missing`, `gone`, `throttled`, `invalid` at /password.
 */
export const acceptInvitation = async (caller: Caller, secret: string, password: string): Promise<SignedIn> => {
  const { place, contact, invitation, companyName, policy } = await invitationOf(caller, secret)
  if (policy === 'microsoft_only') throw withoutPasswords()
  const owner = { email: contact.email ?? '', name: contact.name, companyName }
  const { passwordHash, forgive } = await newHashByLink(caller, secret, password, owner)
  try {
    const signedIn = await startContactSession(caller, place, contact, 'contact.accepted_invitation', (customer) =>
      accepting(customer, contact, invitation, { passwordHash }),
    )
    caller.later(forgive)
    return signedIn
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw usedUp()
    throw error
  }
}

/** What follows when an invitation is accepted, with what the person signs in with from now on. The invitation is spent by it. */
export const accepting = (
  customer: CustomerScope,
  contact: typeof contacts.$inferSelect,
  invitation: typeof invitations.$inferSelect,
  proof: Partial<typeof contacts.$inferInsert>,
): Write[] => {
  const open = and(isNull(invitations.consumedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, now()))
  return [
    customer.change(contacts, contact, {
      ...proof,
      temporaryUntil: null,
      access: 'active',
      confirmedAt: contact.confirmedAt ?? now(),
    }),
    customer.changeWhere(invitations, invitation.id, open, { consumedAt: now() }),
    customer.removeWhere(sessions, eq(sessions.contactId, contact.id)),
    // Asked for under an earlier proof, perhaps at another address.
    customer.removeWhere(passwordResets, eq(passwordResets.contactId, contact.id)),
    customer.later(welcomeMail(contact, invitation.id)),
  ]
}

/** An invitation that can be accepted now, by the secret of its link. Problems: `missing`, `gone`. */
export const invitationOf = async (caller: Caller, secret: string) =>
  openInvitation(caller, eq(invitations.tokenHash, await hashOf(secret)))

/** The same, by what names it. */
export const openInvitation = async (caller: Caller, which: SQL) => {
  const { place } = caller
  if (place.kind !== 'portal') throw missing('invitation')
  const customer = scopeFor(caller, place, nobody).forCustomer(place.customerId)
  const [row] = await customer
    // Not all of their columns: an answer of D1 has at most 100.
    .select({
      invitation: invitations,
      contact: contacts,
      customer: { state: customers.state, name: customers.name },
      portal: { state: portals.state, displayName: portals.displayName, signInPolicy: portals.signInPolicy },
      msp: { signInPolicy: msps.signInPolicy },
    })
    .from(invitations)
    .innerJoin(
      contacts,
      and(
        eq(contacts.mspId, invitations.mspId),
        eq(contacts.customerId, invitations.customerId),
        eq(contacts.id, invitations.contactId),
      ),
    )
    .innerJoin(customers, and(eq(customers.mspId, invitations.mspId), eq(customers.id, invitations.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, invitations.mspId), eq(portals.customerId, invitations.customerId)))
    .innerJoin(msps, eq(msps.mspId, invitations.mspId))
    .where(customer.mine(invitations, which))
  if (row === undefined) throw missing('invitation')
  const { invitation, contact } = row
  if (invitation.consumedAt !== null) throw usedUp()
  if (invitation.revokedAt !== null || contact.access === 'disabled') throw tooLate()
  if (!isReachable(row.customer.state, row.portal.state)) throw tooLate()
  if (invitation.expiresAt <= now()) throw expired()
  const policy = policyOf(row.msp, row.portal)
  return { place, invitation, contact, policy, companyName: row.portal.displayName ?? row.customer.name }
}

type SignInMethod = (typeof signInMethods)[number]
type SignInAction<Who extends string> = `${Who}.signed_in` | `${Who}.signed_in_with_microsoft`

/** A session for somebody of the staff, in one commit with what else happens to them. A new session id each time. */
export const startStaffSession = async (
  caller: Caller,
  place: StaffPlace,
  person: typeof staff.$inferSelect,
  action:
    | SignInAction<'staff'>
    | 'staff.signed_in_by_code'
    | 'staff.reset_password'
    | 'staff.accepted_invitation'
    | 'staff.signed_up',
  more: (msp: MspScope) => Write[] = () => [],
  method: SignInMethod = 'password',
): Promise<SignedIn> => {
  const msp = scopeFor(caller, place, { kind: 'staff', id: person.id, name: person.name })
  const token = newSessionToken(place.shard, place.mspId)
  await msp.commit(
    { action, subject: { kind: 'staff', id: person.id, name: person.name } },
    // Unguarded, without a new version: two devices may sign in at once, and nobody's open form goes stale by it.
    msp.changeAll(staff, eq(staff.id, person.id), { lastSignInAt: now() }),
    ...more(msp),
    ...(await replaced(caller, msp)),
    msp.add(sessions, await sessionRow(caller, token, { staffId: person.id }, lifeOf.staff.wholeMs, method)),
  )
  const shown = { id: person.id, name: person.name, email: person.email, kind: 'staff' as const, roles: [person.role] }
  return { token, maxAgeSeconds: lifeOf.staff.wholeMs / 1000, person: shown }
}

/** The same for a contact. */
export const startContactSession = async (
  caller: Caller,
  place: PortalPlace,
  person: typeof contacts.$inferSelect,
  action:
    | SignInAction<'contact'>
    | 'contact.accepted_invitation'
    | 'contact.accepted_invitation_with_microsoft'
    | 'contact.reset_password',
  more: (customer: CustomerScope) => Write[] = () => [],
  method: SignInMethod = 'password',
): Promise<SignedIn> => {
  const customer = scopeFor(caller, place, { kind: 'contact', id: person.id, name: person.name }).forCustomer(
    place.customerId,
  )
  const token = newSessionToken(place.shard, place.mspId)
  const session = customer.add(
    sessions,
    await sessionRow(caller, token, { contactId: person.id }, lifeOf.contact.wholeMs, method),
  )
  await customer.commit(
    { action, subject: { kind: 'contact', id: person.id, name: person.name } },
    customer.changeAll(contacts, eq(contacts.id, person.id), { lastSignInAt: now() }),
    ...more(customer),
    ...(await replaced(caller, customer)),
    session,
  )
  const roles = rolesOf(person)
  const shown = { id: person.id, name: person.name, email: person.email ?? '', kind: 'contact' as const, roles }
  return { token, maxAgeSeconds: lifeOf.contact.wholeMs / 1000, person: shown }
}

/** Ends the session this browser had here, so that none stays open that nobody can see any more. */
const replaced = async ({ former }: Caller, scope: Pick<MspScope, 'removeWhere'>): Promise<Write[]> =>
  former === undefined ? [] : [scope.removeWhere(sessions, eq(sessions.id, await hashOf(former.secret)))]

const sessionRow = async <W>(
  { place, userAgent }: Caller,
  token: SessionToken,
  who: W,
  wholeMs: number,
  method: SignInMethod,
) => ({
  id: await hashOf(token.secret),
  host: place.host,
  ...who,
  createdAt: now(),
  seenAt: now(),
  expiresAt: now() + wholeMs,
  userAgent: shortened(userAgent),
  method,
})

export const scopeFor = (
  { environment, requestId, later }: Pick<Caller, 'environment' | 'requestId' | 'later'>,
  place: { mspId: string; shard: string },
  actor: Actor,
): MspScope => forMsp(groundFor({ environment, requestId, later }, place.shard, actor), place.mspId)

const refused = () => new Problem('unauthenticated', 'This e-mail address and password do not fit together.')
const usedUp = () => new Problem('gone', 'This invitation has been used. Sign in with the password that was set then.')
const expired = () => new Problem('expired', 'This invitation has expired. You can have a new one mailed to you.')
const withoutPasswords = () =>
  new Problem('microsoft_only', 'This portal is signed in to with Microsoft, not with a password.')
const tooLate = () => new Problem('gone', 'This invitation is no longer valid. Ask for a new one.')
