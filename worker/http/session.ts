import { and, eq, sql } from 'drizzle-orm'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import {
  customers,
  contacts,
  msps,
  portals,
  selfServiceDefaults,
  selfServiceOverrides,
  sessions,
  staff,
} from '../../db/shard/schema.ts'
import type { licencePermissions, signInMethods, signInPolicies } from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import { shardNamed } from '../env.ts'
import type { Environment, Later } from '../env.ts'
import type { Place } from '../tenancy/directory.ts'
import { hashOf, newSecret } from '../tenancy/ids.ts'
import { contactMay, staffMay } from '../tenancy/permissions.ts'
import { isReachable } from '../tenancy/portal-life.ts'
import type { StaffRole } from '../tenancy/permissions.ts'
import { plan } from '../tenancy/plan.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../tenancy/policy.ts'
import type { Asked } from '../tenancy/plan.ts'
import { forMsp } from '../tenancy/scope.ts'
import { shownDirectoryIn } from '../tenancy/shown-directory.ts'
import type {
  Actor,
  Asides,
  ContactScope,
  Ground,
  IdempotencyClaim,
  JobHint,
  MspReads,
  MspScope,
} from '../tenancy/scope.ts'
import type { House, PortalPerson, Self, StaffPerson } from './app.ts'

export const SESSION_COOKIE = '__Host-session'

const HOUR = 3_600_000
/** A session ends after this much quiet, and in any case after its whole life. */
export const lifeOf = {
  staff: { idleMs: 12 * HOUR, wholeMs: 7 * 24 * HOUR },
  contact: { idleMs: 14 * 24 * HOUR, wholeMs: 60 * 24 * HOUR },
}
const TOUCH_MS = 5 * 60_000

/** The cookie names the shard and the MSP, which saves the way through the directory; the secret is stored hashed. */
export type SessionToken = { shard: string; mspId: string; secret: string }

export const newSessionToken = (shard: string, mspId: string): SessionToken => ({ shard, mspId, secret: newSecret() })

export const cookieOf = ({ shard, mspId, secret }: SessionToken, maxAgeSeconds: number): string =>
  `${SESSION_COOKIE}=${shard}.${mspId}.${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`

export const endedCookie = `${SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/** The session a request comes with; none for one that comes with a key, whatever cookies it carries. */
export const tokenIn = (c: Context, environment: Environment): SessionToken | undefined => {
  return bearerIn(c) === undefined ? readToken(environment, getCookie(c, SESSION_COOKIE) ?? '') : undefined
}

/** What a cookie of that shape names; undefined for any other text. */
export const readToken = (environment: Environment, text: string): SessionToken | undefined => {
  const [shard, mspId, secret, ...more] = text.split('.')
  if (shard === undefined || mspId === undefined || secret === undefined || more.length > 0) return undefined
  return environment.shards.has(shard) && secret.length === 43 ? { shard, mspId, secret } : undefined
}

/** What a request says it comes with in place of a session (RFC 6750, section 2.1); undefined for one that says nothing. */
export const bearerIn = (c: Context): string | undefined => {
  const [scheme = '', ...rest] = (c.req.header('authorization') ?? '').trim().split(/ +/)
  return scheme.toLowerCase() === 'bearer' ? rest.join(' ') : undefined
}

export type Setting = {
  environment: Environment
  requestId: string
  later: Later
  idempotency?: IdempotencyClaim
  /** Nobody clicked: a page asks by itself. */
  isUnattended?: boolean
}

/** What a scope stands on for one request. */
export const groundFor = (setting: Setting, shard: string, actor: Actor): Ground => ({
  shard: shardNamed(setting.environment, shard),
  actor,
  now,
  requestId: setting.requestId,
  hint: (jobs) => setting.later(() => hintQueue(setting.environment, jobs)),
  idempotency: setting.idempotency,
})

/** Sends hints; when the queue does not take them, the minute's sweep finds the rows. */
export const hintQueue = async (environment: Environment, jobs: JobHint[]): Promise<void> => {
  await environment.queue.sendBatch(jobs.map((body) => ({ body }))).catch((error: unknown) => {
    console.warn('The queue took no hint; the sweep will find the jobs.', String(error))
  })
}

export const nobody: Actor = { kind: 'visitor', id: 'visitor', name: 'Somebody not signed in' }

const staffSessionPlan = plan((door: MspReads, asked: Asked<'sessionId'>) => [
  door
    .select({
      host: sessions.host,
      seenAt: sessions.seenAt,
      expiresAt: sessions.expiresAt,
      staffId: staff.id,
      name: staff.name,
      email: staff.email,
      role: staff.role,
      disabled: staff.disabled,
      passwordHash: staff.passwordHash,
      twoStepSince: staff.twoStepSince,
      microsoftAccount: staff.microsoftAccount,
      twoStepRequired: msps.twoStepRequired,
      mspName: sql<string>`${msps.name}`.as('msp_name'),
      timeZone: msps.timeZone,
      microsoftClientId: msps.microsoftClientId,
    })
    .from(sessions)
    .innerJoin(staff, and(eq(staff.mspId, sessions.mspId), eq(staff.id, sessions.staffId)))
    .innerJoin(msps, eq(msps.mspId, sessions.mspId))
    .where(door.mine(sessions, eq(sessions.id, asked('sessionId')))),
])

/** The signed-in member of staff, or undefined. One read; a disabled one is signed out at the next click. */
export const staffSession = async (
  setting: Setting,
  place: Place,
  token: SessionToken | undefined,
  asides: (msp: MspScope) => Asides = () => ({ selects: [] }),
): Promise<
  | {
      msp: MspScope
      staff: StaffPerson
      sessionId: string
      house: House
      passwordHash: string | null
      microsoftAccount: string | null
      /** Whether they must set up two-step verification before anything else. */
      mustSetUpTwoStep: boolean
      /** What `asides` came to. */
      alongside: unknown[]
    }
  | undefined
> => {
  if (token === undefined || place.kind !== 'admin') return undefined
  const sessionId = await hashOf(token.secret)
  const door = forMsp(groundFor(setting, token.shard, nobody), token.mspId)
  const { answers, also } = await door.followWith(staffSessionPlan, { sessionId }, asides(door))
  const [[row]] = answers
  if (row === undefined || row.disabled || row.host !== place.host || isOver(row, lifeOf.staff.idleMs)) return undefined
  const actor: Actor = { kind: 'staff', id: row.staffId, name: row.name }
  const msp = forMsp(groundFor(setting, token.shard, actor), token.mspId)
  touch(setting, msp, sessionId, row.seenAt)
  const person = {
    staffId: row.staffId,
    name: row.name,
    email: row.email,
    role: row.role,
    permissions: staffMay[row.role],
  }
  const house = { name: row.mspName, timeZone: row.timeZone, microsoftClientId: row.microsoftClientId }
  const mustSetUpTwoStep = row.twoStepSince === null && mustUseTwoStep(row.role, row.twoStepRequired)
  const { passwordHash, microsoftAccount } = row
  return { msp, staff: person, sessionId, house, passwordHash, microsoftAccount, mustSetUpTwoStep, alongside: also }
}

/** Of whom an MSP may require two-step verification. */
export const mustUseTwoStep = (role: StaffRole, isRequired: boolean): boolean =>
  isRequired && (role === 'owner' || role === 'admin')

const contactSessionPlan = plan((door: MspReads, asked: Asked<'sessionId'>) => [
  door
    .select({
      host: sessions.host,
      seenAt: sessions.seenAt,
      expiresAt: sessions.expiresAt,
      method: sessions.method,
      customerId: sessions.customerId,
      contactId: contacts.id,
      name: contacts.name,
      email: contacts.email,
      access: contacts.access,
      isPortalAdmin: contacts.isPortalAdmin,
      isPortalUser: contacts.isPortalUser,
      passwordHash: contacts.passwordHash,
      customerName: customers.name,
      displayName: portals.displayName,
      licencePermission: contacts.licencePermission,
      microsoftObjectId: contacts.microsoftObjectId,
      microsoftAccount: contacts.microsoftAccount,
      customerState: customers.state,
      portalState: portals.state,
      ownSignIn: portals.signInPolicy,
      directoryGuestsShown: portals.directoryGuestsShown,
      directoryAttributes: portals.directoryAttributes,
      ...policyColumns(),
      timeZone: msps.timeZone,
      signIn: msps.signInPolicy,
      microsoftClientId: msps.microsoftClientId,
    })
    .from(sessions)
    .innerJoin(msps, eq(msps.mspId, sessions.mspId))
    .innerJoin(
      contacts,
      and(
        eq(contacts.mspId, sessions.mspId),
        eq(contacts.customerId, sessions.customerId),
        eq(contacts.id, sessions.contactId),
      ),
    )
    .innerJoin(customers, and(eq(customers.mspId, sessions.mspId), eq(customers.id, sessions.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, sessions.mspId), eq(portals.customerId, sessions.customerId)))
    .leftJoin(selfServiceOverrides, ownPolicyOf(sessions.mspId, sessions.customerId))
    .leftJoin(selfServiceDefaults, standardPolicyOf(sessions.mspId))
    .where(door.mine(sessions, eq(sessions.id, asked('sessionId')))),
])

/** The signed-in contact of this portal, or undefined: also when the portal or the customer is closed by now. */
export const contactSession = async (
  setting: Setting,
  place: Place,
  token: SessionToken | undefined,
): Promise<
  | {
      contact: ContactScope
      person: PortalPerson
      sessionId: string
      passwordHash: string | null
      /** How people of this portal sign in. */
      policy: (typeof signInPolicies)[number]
      microsoftAccount: string | null
      microsoftClientId: string | null
      companyName: string
    }
  | undefined
> => {
  if (token === undefined || place.kind !== 'portal') return undefined
  if (token.mspId !== place.mspId || token.shard !== place.shard) return undefined
  const sessionId = await hashOf(token.secret)
  const door = forMsp(groundFor(setting, token.shard, nobody), token.mspId)
  const [[row]] = await door.follow(contactSessionPlan, { sessionId })
  if (row === undefined || row.host !== place.host || row.customerId !== place.customerId) return undefined
  if (row.access !== 'active' || !isReachable(row.customerState, row.portalState)) return undefined
  if (isOver(row, lifeOf.contact.idleMs)) return undefined
  const actor: Actor = { kind: 'contact', id: row.contactId, name: row.name }
  const msp = forMsp(groundFor(setting, token.shard, actor), token.mspId)
  touch(setting, msp, sessionId, row.seenAt)
  const licencePermission = licencePermissionIn(row)
  const roles = {
    isPortalAdmin: row.isPortalAdmin,
    isPortalUser: row.isPortalUser,
    readsLicences: licencePermission !== 'none',
  }
  const policy = policyIn(row)
  const permissions = contactMay(roles, policy)
  const seesLicences = permissions.has('portal.licences')
  return {
    contact: msp.forCustomer(place.customerId).forContact({ contactId: row.contactId, ...roles, seesLicences }),
    person: {
      contactId: row.contactId,
      name: row.name,
      email: row.email ?? '',
      permissions,
      policy,
      licencePermission,
      directory: shownDirectoryIn(row, policy),
      timeZone: row.timeZone,
    },
    sessionId,
    passwordHash: row.passwordHash,
    policy: row.ownSignIn ?? row.signIn,
    microsoftAccount: row.microsoftAccount,
    microsoftClientId: row.microsoftClientId,
    companyName: row.displayName ?? row.customerName,
  }
}

/** Whoever is signed in here, staff or contact, for what is their own; and whether they may have anything of their own. */
export const selfAt = async (
  setting: Setting,
  place: Place,
  token: SessionToken | undefined,
): Promise<{ self: Self; isAllowed: boolean } | undefined> => {
  if (token === undefined) return undefined
  const at = { mspId: token.mspId, shard: token.shard }
  if (place.kind === 'admin') {
    const session = await staffSession(setting, place, token)
    return session === undefined ? undefined : { self: selfOfStaff(session, token), isAllowed: true }
  }
  const session = await contactSession(setting, place, token)
  if (session === undefined) return undefined
  const { contact, person, ...known } = session
  const { contactId: id, name, email } = person
  return {
    self: { kind: 'contact', id, name, email, ...known, place: at, scope: contact.ofCustomer },
    isAllowed: person.permissions.has('portal.own'),
  }
}

type StaffSession = NonNullable<Awaited<ReturnType<typeof staffSession>>>

/** Somebody of the staff, for what is their own. */
export const selfOfStaff = (
  { msp, house, staff: { staffId: id, name, email }, passwordHash, microsoftAccount, sessionId }: StaffSession,
  { mspId, shard }: SessionToken,
): Self => ({
  kind: 'staff',
  id,
  name,
  email,
  companyName: house.name,
  passwordHash,
  policy: 'invitation',
  microsoftAccount,
  microsoftClientId: house.microsoftClientId,
  sessionId,
  place: { mspId, shard },
  scope: msp,
})

type LicencePermission = (typeof licencePermissions)[number]

/** A licence permission counts only in a session that was begun with Microsoft, by an account still linked (product.md, D6). */
export const licencePermissionIn = (session: {
  method: (typeof signInMethods)[number]
  microsoftObjectId: string | null
  licencePermission: LicencePermission
}): LicencePermission =>
  session.method === 'microsoft' && session.microsoftObjectId !== null ? session.licencePermission : 'none'

const isOver = ({ seenAt, expiresAt }: { seenAt: number; expiresAt: number }, idleMs: number): boolean =>
  expiresAt <= now() || seenAt + idleMs <= now()

const touch = (setting: Setting, msp: MspScope, sessionId: string, seenAt: number): void => {
  if (setting.isUnattended === true || now() - seenAt < TOUCH_MS) return
  setting.later(() => msp.record(msp.changeAll(sessions, eq(sessions.id, sessionId), { seenAt: now() })))
}
