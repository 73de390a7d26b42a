import { and, asc, eq, isNull } from 'drizzle-orm'
import { contacts, customers, handOvers, invitations, portals, staff } from '../../../db/shard/schema.ts'
import type { Proven, ProvenAccount } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import { ANY_WORK_TENANT, AppRefused, redeemSignIn, signInUrl } from '../../connectors/entra/index.ts'
import type { Environment } from '../../env.ts'
import type { Self } from '../../http/app.ts'
import { Problem, invalidField } from '../../http/problem.ts'
import { groundFor, nobody } from '../../http/session.ts'
import type { Setting } from '../../http/session.ts'
import { microsoftStaffAt } from '../../tenancy/directory.ts'
import type { Place } from '../../tenancy/directory.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { appIfInForce, clientIdInForce, entraOf, neutralApp } from '../microsoft-apps/index.ts'
import type { MicrosoftApp } from '../microsoft-apps/index.ts'
import { FLOW_MS, openFlow, sealFlow } from './flow.ts'
import type { AppInFlow, Flow, Purpose } from './flow.ts'
import { handOver, spent, waitingFor } from './hand-over.ts'
import type { HandOver } from './hand-over.ts'
import { isContactWith, isStaffWith, link, linked } from './microsoft-link.ts'
import { provePassword } from './password-change.ts'
import type { ChangeCaller } from './password-change.ts'
import { readPlacedToken } from './placed-token.ts'
import {
  accepting,
  contactStill,
  invitationOf,
  openInvitation,
  scopeFor,
  staffStill,
  startContactSession,
  startStaffSession,
} from './sign-in.ts'
import type { Caller, PortalPlace, SignedIn } from './sign-in.ts'

/** Why somebody comes back from Microsoft as they went. Names nobody. */
export type Refusal =
  | 'declined'
  | 'personal'
  | 'unverified'
  | 'unreachable'
  | 'not_known'
  | 'out_of_date'
  | 'used'
  | 'taken'
  | 'two_step'
  /** Another app registration is in force than when it began. */
  | 'app_changed'
  /** Microsoft does not take the app registration's own credentials. */
  | 'app_refused'

type House = { mspId: string; shard: string }

/**
 * Begins a sign-in with Microsoft: answers where to send the browser, and the secret for its flow cookie. Writes nothing.
 * At a portal its MSP's app registration asks; at the admin host that of the house whose staff used this browser, if it is known.
 * Problems, for an invitation: `missing`, `gone`.
 */
export const beginMicrosoft = async (
  caller: Caller,
  asked: { returnTo: string; invitation: string | undefined; house: House | undefined },
): Promise<{ url: string; flowSecret: string }> => {
  const purpose: Purpose =
    asked.invitation === undefined
      ? { kind: 'sign_in' }
      : { kind: 'invitation', invitationId: (await invitationOf(caller, asked.invitation)).invitation.id }
  const house = caller.place.kind === 'portal' ? caller.place : asked.house
  const app = house === undefined ? null : await appFrom(caller, house)
  return goToMicrosoft(caller, caller.place, purpose, { returnTo: asked.returnTo, app })
}

/**
 * Begins to link one's own account, in the same way, for who proves the password they have: whoever came by a session alone
 * would make of it a way in for good. Problems: `conflict` for who has linked one; `invalid` at /password, `throttled`.
 */
export const beginLink = async (
  caller: Setting & ChangeCaller & { place: Place },
  self: Self,
  { returnTo, password }: { returnTo: string; password: string | undefined },
): Promise<{ url: string; flowSecret: string }> => {
  if (self.microsoftAccount !== null)
    throw new Problem('conflict', `You sign in with ${self.microsoftAccount} already. Unlink it first.`)
  if (self.passwordHash !== null) {
    if (password === undefined) throw invalidField('/password', 'Enter your password.')
    await provePassword(self, caller, password)
  }
  const { mspId, shard } = self.place
  const purpose: Purpose = { kind: 'link', personId: self.id, mspId, shard }
  return goToMicrosoft(caller, caller.place, purpose, {
    returnTo,
    app: appIn({ mspId, shard }, self.microsoftClientId),
  })
}

/** The way to Microsoft for whatever purpose. */
const goToMicrosoft = async (
  { environment }: Setting,
  place: Place,
  purpose: Purpose,
  { returnTo, app }: { returnTo: string; app: AppInFlow | null },
): Promise<{ url: string; flowSecret: string }> => {
  const [flowSecret, nonce, verifier] = [newSecret(), newSecret(), newSecret()]
  const state = await sealFlow(environment, {
    host: place.host,
    portal: place.kind === 'portal' ? { mspId: place.mspId, shard: place.shard, customerId: place.customerId } : null,
    purpose,
    app,
    flowHash: await hashOf(flowSecret),
    nonce,
    verifier,
    returnTo,
    expiresAt: now() + FLOW_MS,
  })
  const secrets = { state, nonce, verifier }
  const client = { entraUrl: environment.ENTRA_URL, clientId: app?.clientId ?? environment.MICROSOFT_CLIENT_ID }
  return { url: await signInUrl(client, ANY_WORK_TENANT, callbackUri(environment), secrets), flowSecret }
}

const doorOf = (setting: Setting, { shard, mspId }: House) => forMsp(groundFor(setting, shard, nobody), mspId)

/** The app registration of its own that an MSP has in force. */
const appFrom = async (setting: Setting, house: House): Promise<AppInFlow | null> =>
  appIn(house, await clientIdInForce(doorOf(setting, house)))

const appIn = ({ mspId, shard }: House, clientId: string | null): AppInFlow | null =>
  clientId === null ? null : { mspId, shard, clientId }

/** Where the shared callback sends the browser: back to where it began, with a one-time code or with what went wrong. */
export type NextStop =
  | { kind: 'back'; host: string; code: string }
  | { kind: 'refused'; host: string; page: string; reason: Refusal }
  /** The state is none of ours, or too old: nothing is known about anybody. */
  | { kind: 'unknown' }

/** Somebody comes back from Microsoft, to the sign-in host. What they proved is handed over to the host they began at. */
export const afterMicrosoft = async (setting: Setting, url: URL): Promise<NextStop> => {
  const state = url.searchParams.get('state') ?? ''
  const flow = await openFlow(setting.environment, state)
  if (flow === undefined) return { kind: 'unknown' }
  const page = pageOf(flow.purpose.kind, flow.returnTo)
  const refused = (reason: Refusal): NextStop => ({ kind: 'refused', host: flow.host, page, reason })
  if (url.searchParams.has('error')) return refused('declined')
  const app = await appOfFlow(setting, flow)
  if (app === undefined) return refused('app_changed')
  const account = await proving(setting.environment, app, flow, url, state)
  if (typeof account === 'string') return refused(account)
  const msp = await houseOf(setting, flow, account)
  if (msp === undefined) return refused('not_known')
  const { host, flowHash, returnTo, portal } = flow
  const to = { host, flowHash, returnTo, customerId: portal?.customerId ?? null }
  return { kind: 'back', host, code: await handOver(msp, to, provenFor(flow.purpose, account)) }
}

/** The app registration that a flow was begun with, while it is the one in force where it began. */
const appOfFlow = (setting: Setting, { app, portal, purpose }: Flow): Promise<MicrosoftApp | undefined> => {
  const house = app ?? (purpose.kind === 'link' ? purpose : portal)
  // At the admin host nobody knows yet whose staff comes: then the deployment's asks, whatever is in force for whom.
  if (house === null) return Promise.resolve(neutralApp(setting.environment))
  if (!setting.environment.shards.has(house.shard)) return Promise.resolve(undefined)
  return appIfInForce(setting.environment, doorOf(setting, house), app?.clientId ?? null)
}

/** Whose account that is, or why it proves nothing. */
const proving = async (
  environment: Environment,
  app: MicrosoftApp,
  { nonce, verifier }: Flow,
  url: URL,
  state: string,
): Promise<ProvenAccount | Refusal> => {
  try {
    const callback = { url, redirectUri: callbackUri(environment), state }
    return await redeemSignIn(entraOf(environment, app), callback, { nonce, verifier })
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    console.warn({ microsoftSignIn: 'refused', because: error.message })
    if (error instanceof AppRefused) return 'app_refused'
    return error.kind === 'down' ? 'unreachable' : error.kind === 'rejected' ? 'personal' : 'unverified'
  }
}

/**
 * The MSP that the account is handed over to: the portal's own, or the one whose staff signs in with it. What was proven to an
 * MSP's own app registration was proven to nobody else.
 */
const houseOf = async (
  setting: Setting,
  { portal, purpose, app }: Flow,
  account: ProvenAccount,
): Promise<MspScope | undefined> => {
  const known = purpose.kind === 'link' ? purpose : portal
  const place = known ?? (await microsoftStaffAt(setting.environment, account))
  if (place === undefined || !setting.environment.shards.has(place.shard)) return undefined
  if (app !== null && app.mspId !== place.mspId) return undefined
  return doorOf(setting, place)
}

const provenFor = (purpose: Purpose, account: ProvenAccount): Proven => {
  switch (purpose.kind) {
    case 'sign_in':
      return { purpose: 'sign_in', account }
    case 'invitation':
      return { purpose: 'invitation', account, invitationId: purpose.invitationId }
    case 'link':
      return { purpose: 'link', account, personId: purpose.personId }
  }
}

/** The page that says how it ended: where it began. */
const pageOf = (purpose: Purpose['kind'], returnTo: string): string => {
  switch (purpose) {
    case 'sign_in':
      return '/'
    case 'invitation':
      return '/invitation'
    case 'link':
      return returnTo
  }
}

/** What comes of a one-time code at the host it is for. */
export type Redeemed =
  | { kind: 'signed_in'; signedIn: SignedIn; returnTo: string }
  | { kind: 'linked'; page: string; house: House }
  | { kind: 'refused'; page: string; reason: Refusal }

/**
 * The browser that began comes back with its code. Only here, only with its flow cookie, only within a minute and only once
 * does it become a session; whoever it is decides the Microsoft account alone, never an address that it claims. An account is
 * linked to who is signed in, if that is who began.
 */
export const redeemHandOver = async (
  caller: Caller,
  self: () => Promise<Self | undefined>,
  code: string,
  flowSecret: string | undefined,
): Promise<Redeemed> => {
  const nothing: Redeemed = { kind: 'refused', page: '/', reason: 'out_of_date' }
  const { place } = caller
  const at = readPlacedToken(caller.environment, code)
  if (at === undefined || flowSecret === undefined) return nothing
  if (place.kind === 'portal' && (at.mspId !== place.mspId || at.shard !== place.shard)) return nothing
  const msp = scopeFor(caller, at, nobody)
  const row = await waitingFor(msp, at.secret, { host: place.host, flowSecret })
  if (row === undefined || row.proven.purpose === 'preview') return nothing
  const { proven } = row
  const page = pageOf(proven.purpose, row.returnTo)
  if (proven.purpose === 'link') {
    const person = await self()
    if (person === undefined || person.id !== proven.personId || person.place.mspId !== at.mspId) return nothing
    const isLinked = await link(caller, person, row, proven.account)
    return isLinked ? { kind: 'linked', page, house: person.place } : { kind: 'refused', page, reason: 'taken' }
  }
  try {
    const signedIn = await (place.kind === 'portal'
      ? atPortal(caller, place, row, proven)
      : atAdmin(caller, at, msp, row, proven.account))
    if (signedIn !== undefined && signedIn !== 'two_step')
      return { kind: 'signed_in', signedIn, returnTo: row.returnTo }
    await msp.record(msp.changeWhere(handOvers, row.id, spent().where, spent().set))
    return { kind: 'refused', page, reason: signedIn ?? 'not_known' }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    // Somebody else was faster with the code, or with the invitation.
    return { kind: 'refused', page, reason: proven.purpose === 'invitation' ? 'used' : 'out_of_date' }
  }
}

const atPortal = (
  caller: Caller,
  place: PortalPlace,
  row: HandOver,
  proven: Exclude<Proven, { purpose: 'link' | 'preview' }>,
): Promise<SignedIn | undefined> => {
  switch (proven.purpose) {
    case 'sign_in':
      return signInContact(caller, place, row, proven.account)
    case 'invitation':
      return acceptWithMicrosoft(caller, place, row, proven)
  }
}

const spending = (scope: CustomerScope, { id }: HandOver) =>
  scope.changeWhere(handOvers, id, spent().where, spent().set)

const signInContact = async (
  caller: Caller,
  place: PortalPlace,
  row: HandOver,
  account: ProvenAccount,
): Promise<SignedIn | undefined> => {
  const customer = scopeFor(caller, place, nobody).forCustomer(place.customerId)
  const known = await customer
    .select({ contact: contacts, customerState: customers.state, portalState: portals.state })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .where(customer.mine(contacts, isContactWith(account)))
    // A merge may have brought together two contacts of one account: the first to link it is meant.
    .orderBy(asc(contacts.microsoftLinkedAt), asc(contacts.id))
  const person = known.find(
    ({ contact, customerState, portalState }) => contact.access === 'active' && isReachable(customerState, portalState),
  )?.contact
  if (person === undefined) return undefined
  const asFound = and(eq(contacts.access, 'active'), isContactWith(account))
  const spend = (own: CustomerScope) => [contactStill(own, person, asFound), spending(own, row)]
  return startContactSession(caller, place, person, 'contact.signed_in_with_microsoft', spend, 'microsoft')
}

/** The invitation and the code are spent in one commit, which ties the account to the contact for good. */
const acceptWithMicrosoft = async (
  caller: Caller,
  place: PortalPlace,
  row: HandOver,
  { account, invitationId }: Extract<Proven, { purpose: 'invitation' }>,
): Promise<SignedIn> => {
  const { contact, invitation } = await openInvitation(caller, eq(invitations.id, invitationId))
  const accept = (own: CustomerScope) => [
    ...accepting(own, contact, invitation, { passwordHash: null, ...linked(account) }),
    spending(own, row),
  ]
  return startContactSession(caller, place, contact, 'contact.accepted_invitation_with_microsoft', accept, 'microsoft')
}

/** Whoever uses two-step verification is asked for it each time, which the way back from Microsoft has no place for. */
const atAdmin = async (
  caller: Caller,
  at: { mspId: string; shard: string },
  msp: MspScope,
  row: HandOver,
  account: ProvenAccount,
): Promise<SignedIn | 'two_step' | undefined> => {
  const person = await msp.first(staff, isStaffWith(account))
  if (person === undefined || person.disabled) return undefined
  if (person.totpSealed !== null) return 'two_step'
  const asFound = and(eq(staff.disabled, false), isNull(staff.totpSealed), isStaffWith(account))
  const spend = (own: MspScope) => [
    staffStill(own, person, asFound),
    own.changeWhere(handOvers, row.id, spent().where, spent().set),
  ]
  return startStaffSession(caller, at, person, 'staff.signed_in_with_microsoft', spend, 'microsoft')
}

const callbackUri = (environment: Environment) => `${environment.originOf(environment.SIGN_IN_HOST)}/microsoft/callback`
