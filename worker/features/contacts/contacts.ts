import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { noMicrosoftAccount } from '../../../db/owned.ts'
import {
  activities,
  contacts,
  customerWords,
  customers,
  invitations,
  msps,
  passwordResets,
  portals,
  previews,
  sessions,
} from '../../../db/shard/schema.ts'
import { Refused } from '../../../db/connect.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { among } from '../../tenancy/among.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { lifeRefusals } from '../../tenancy/portal-life.ts'
import { TEMPORARY_PASSWORD_MS, temporaryPasswordOf } from '../../tenancy/temporary-password.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import { changeWords, wordsOfContact } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'
import { invitationMail } from '../mail/index.ts'
import { policyOf } from '../portal-face/index.ts'
import type { SignInPolicy } from '../portal-face/index.ts'
import { hashPassword } from '../sign-in/index.ts'
import { requestOfPerson, withoutRequester } from '../requests/index.ts'
import { ticketOfPerson, withoutAuthor } from '../tickets/index.ts'
import type { ContactInput } from './contacts.schema.ts'

export type ContactRow = typeof contacts.$inferSelect
type Input = z.infer<typeof ContactInput>
/** A contact as far as its place among the others does not matter. */
export type ShownContact = Omit<ContactRow, 'escalationPosition'>

/** An invitation's link works this long. */
export const INVITATION_MS = 7 * 24 * 3_600_000
/** How many contacts one customer may have here: the list is one page. */
export const CONTACT_COUNT_MAX = 200

/** A customer's contacts in escalation order, with a version that names who is there in which order. */
export type OrderedContacts = { customerName: string; rows: ContactRow[]; version: number }

/** A customer's contacts, in escalation order. Problem `missing`. */
export const listContacts = async (msp: MspScope, customerId: string): Promise<OrderedContacts> => {
  const customer = msp.forCustomer(customerId)
  const [[itself], rows] = await customer.readAll([
    customer.select({ customerName: customers.name }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(contacts)
      .where(customer.mine(contacts, isNull(contacts.removedAt)))
      .orderBy(asc(contacts.escalationPosition), asc(contacts.id))
      .limit(CONTACT_COUNT_MAX),
  ])
  if (itself === undefined) throw missing('customer')
  return { ...itself, rows, version: await orderVersion(rows) }
}

/**
 * Puts a customer's contacts into the order in which one calls them; the first is the primary contact of the lists.
 * Problems: `missing`; `stale` when somebody was added or moved since; `invalid` at /contactIds unless it names
 * every contact once.
 */
export const orderContacts = async (
  msp: MspScope,
  customerId: string,
  contactIds: string[],
  wanted: Expected,
): Promise<OrderedContacts> => {
  const before = await listContacts(msp, customerId)
  refuseUnexpected(before, wanted)
  const rows = contactIds.flatMap((id) => before.rows.find((row) => row.id === id) ?? [])
  if (new Set(rows).size !== before.rows.length || contactIds.length !== before.rows.length)
    throw invalidField('/contactIds', 'Name every contact of this customer, each once.')
  const version = await orderVersion(rows)
  if (version === before.version) return before
  const customer = msp.forCustomer(customerId)
  const known = JSON.stringify(Object.fromEntries(before.rows.map((row) => [row.id, row.escalationPosition])))
  const moved = sql`${contacts.escalationPosition} is not (select value from json_each(${known}) where key = ${contacts.id})`
  await customer.commitEach(
    [
      {
        action: 'contacts.ordered',
        subject: { kind: 'customer', id: customerId, name: before.customerName },
        changes: [{ table: 'contacts', field: 'escalationOrder', before: namesOf(before.rows), after: namesOf(rows) }],
      },
    ],
    // Nobody was added or moved meanwhile: an order is of those that one saw.
    customer.onlyIf(
      sql`not exists (select ${contacts.id} from ${contacts} where ${customer.mine(contacts, and(isNull(contacts.removedAt), moved))}) and (select count(${contacts.id}) from ${contacts} where ${customer.mine(contacts, isNull(contacts.removedAt))}) = ${rows.length}`,
    ),
    customer.changeAll(contacts, isNull(contacts.removedAt), {
      escalationPosition: sql`(select key from json_each(${JSON.stringify(contactIds)}) where value = ${contacts.id})`,
    }),
    customer.changeAll(customers, undefined, { primaryContactName: firstContactName(customer) }),
  )
  return {
    ...before,
    rows: rows.map((row, escalationPosition) => ({ ...row, escalationPosition })),
    version,
  }
}

const namesOf = (rows: ContactRow[]): string => rows.map(({ name }) => name).join(', ')

/** A number that stands for an order: the first 48 bits of what its ids hash to. */
const orderVersion = async (rows: { id: string }[]): Promise<number> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(rows.map(({ id }) => id).join(' ')))
  return new Uint8Array(digest).subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
}

/**
 * Adds a contact, last in the escalation order. Both that and how many there may be are seen to inside the commit, so
 * that it holds however many are added at once. Problems: `missing`, `conflict` when there are as many as may be,
 * `invalid` at /email when somebody has it.
 */
export const addContact = async (
  msp: MspScope,
  customerId: string,
  input: Input,
  answer: (row: ShownContact) => Answer,
): Promise<ShownContact> => {
  const customer = msp.forCustomer(customerId)
  const { row, writes } = additionOf(customer, msp.mspId, valuesOf(input))
  await refusingDuplicates(() =>
    withinCount(customer, () =>
      customer.commit({ action: 'contact.added', subject: subjectOf(row), answer: answer(row) }, ...writes),
    ),
  )
  return row
}

/** What adds a contact, last in the escalation order; nobody is added to a customer that has as many as it may. */
export const additionOf = (
  customer: CustomerScope,
  mspId: string,
  values: Pick<ContactRow, 'name'> & Partial<ShownContact>,
): { row: ShownContact; writes: [Write, ...Write[]] } => {
  const given = { id: newId(now()), createdAt: now(), ...values }
  const row: ShownContact = {
    mspId,
    customerId: customer.customerId,
    version: 1,
    email: null,
    phone: null,
    jobTitle: null,
    isPortalUser: false,
    isPortalAdmin: false,
    isTheAdmin: false,
    access: 'none',
    isBlockedByCompany: false,
    licencePermission: 'none',
    passwordHash: null,
    temporaryUntil: null,
    ...noMicrosoftAccount,
    invitedAt: null,
    confirmedAt: null,
    lastSignInAt: null,
    removedAt: null,
    reportDueAt: null,
    ticketMails: 'mine',
    ...given,
  }
  return {
    row,
    writes: [
      customer.onlyIf(
        sql`(select ${customers.contactCount} from ${customers} where ${customer.mine(customers)}) < ${CONTACT_COUNT_MAX}`,
      ),
      customer.add(contacts, { ...given, escalationPosition: lastPosition(customer) }),
      customer.changeAll(customers, undefined, {
        contactCount: sql`contact_count + 1`,
        primaryContactName: firstContactName(customer),
      }),
      ...changeWords(customer, row.id, wordsOfContact(row)),
    ],
  }
}

/** The same for somebody who is invited with it. `invitation` are the writes that come after theirs. */
export const invitedAdditionOf = async (
  environment: Environment,
  customer: CustomerScope,
  mspId: string,
  values: Pick<ContactRow, 'name'> & Partial<ShownContact>,
  policy: SignInPolicy,
) => {
  const id = newId(now())
  const { set, writes: invitation } = await invitationTo(
    environment,
    customer,
    { mspId, id, name: values.name },
    policy,
  )
  return { ...additionOf(customer, mspId, { ...values, ...set, id }), invitation }
}

/** Says so when a commit that adds a contact failed because there are as many as may be. */
export const withinCount = async (customer: CustomerScope, commit: () => Promise<void>): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stale') throw error
    const itself = await customer.first(customers, undefined)
    if (itself === undefined) throw missing('customer')
    if (itself.contactCount < CONTACT_COUNT_MAX) throw error
    throw new Problem('conflict', `A customer has at most ${CONTACT_COUNT_MAX} contacts.`)
  }
}

/**
 * Replaces what is kept of a contact. Other roles count at the next click, at which the person signs in anew. Another
 * e-mail address is another proof: whoever had access under the old one is signed out, and is invited anew. Problems: `missing`, `stale`, `invalid` at /email.
 */
export const replaceContact = async (
  msp: MspScope,
  customerId: string,
  contactId: string,
  input: Input,
  wanted: Expected,
): Promise<ContactRow> => {
  const customer = msp.forCustomer(customerId)
  const before = await contactIn(customer, contactId)
  refuseUnexpected(before, wanted)
  const values = valuesOf(input)
  if (before.isTheAdmin && values.email !== before.email)
    throw invalidField(
      '/email',
      'This is the address of the portal admin. Change it at the customer: its e-mail names the portal admin.',
    )
  if (before.isTheAdmin && !values.isPortalAdmin)
    throw invalidField('/roles', `${before.name} is the portal admin. Name another one at the customer first.`)
  if (values.email === null && before.access !== 'none')
    throw invalidField('/email', 'Somebody with portal access needs an e-mail address.')
  const isAnotherAddress = values.email !== before.email
  const set = isAnotherAddress ? { ...values, ...withoutAccess(before) } : values
  const after = revised(before, set)
  if (after === before) return before
  const hasOtherRoles = values.isPortalUser !== before.isPortalUser || values.isPortalAdmin !== before.isPortalAdmin
  const isNamedAnew = values.name !== before.name || values.email !== before.email
  const following = isNamedAnew ? namesChanged(customer, after) : []
  await refusingDuplicates(() =>
    customer.commit(
      { action: 'contact.changed', subject: subjectOf(after) },
      customer.change(contacts, before, set),
      ...following,
      ...(isAnotherAddress ? withdrawLinks(customer, contactId) : []),
      ...(isAnotherAddress || hasOtherRoles ? [customer.removeWhere(sessions, eq(sessions.contactId, contactId))] : []),
    ),
  )
  return after
}

/** Nothing that was mailed to somebody lets them in any more: no invitation, and no link to a new password. */
const withdrawLinks = (customer: CustomerScope, contactId: string): Write[] => [
  revokeInvitations(customer, contactId),
  customer.removeWhere(passwordResets, eq(passwordResets.contactId, contactId)),
]

/** Access as it was before any proof; somebody blocked stays blocked. */
const withoutAccess = ({ access }: ContactRow) => ({
  access: access === 'disabled' ? ('disabled' as const) : ('none' as const),
  invitedAt: null,
  passwordHash: null,
  temporaryUntil: null,
  ...noMicrosoftAccount,
  confirmedAt: null,
})

/** What else follows when a contact's name or e-mail changes: what the customer's list shows, and what it is found by. */
const namesChanged = (customer: CustomerScope, after: ContactRow): Write[] => [
  customer.changeAll(customers, undefined, { primaryContactName: firstContactName(customer) }),
  ...changeWords(customer, after.id, wordsOfContact(after)),
]

/** How many people a customer has, and the first to call, worked out inside the commit from the rows it has then. */
export const contactSummary = (customer: CustomerScope): Write =>
  customer.changeAll(customers, undefined, {
    contactCount: sql`(select count(*) from ${contacts} where ${customer.mine(contacts, isNull(contacts.removedAt))})`,
    primaryContactName: firstContactName(customer),
  })

/** Read where it is written, inside the commit, so that it is right whoever else adds or changes one meanwhile. */
const firstContactName = (customer: CustomerScope): SQL =>
  sql`(select ${contacts.name} from ${contacts} where ${customer.mine(contacts, isNull(contacts.removedAt))} order by ${contacts.escalationPosition}, ${contacts.id} limit 1)`

const lastPosition = (customer: CustomerScope): SQL =>
  sql`(select coalesce(max(${contacts.escalationPosition}) + 1, 0) from ${contacts} where ${customer.mine(contacts)})`

/**
 * Invites a contact to the portal, or invites again: the mail leaves by a job, and links of earlier mails stop working.
 * Problems: `missing`; `conflict` saying what is missing (portal, e-mail, role) or that they have signed in already;
 * `throttled` just after the last one.
 */
export const inviteContact = async (
  environment: Environment,
  customer: CustomerScope,
  contactId: string,
  answer: (row: ContactRow) => Answer,
): Promise<ContactRow> => {
  const [[before], [customerRow], policies] = await customer.readAll([
    customer
      .select()
      .from(contacts)
      .where(customer.mine(contacts, and(eq(contacts.id, contactId), isNull(contacts.removedAt)))),
    customer.select().from(customers).where(customer.mine(customers)),
    policiesOf(customer),
  ])
  if (before === undefined || customerRow === undefined) throw missing('contact')
  return inviting(environment, customer, before, customerRow, policyIn(policies), answer)
}

/** The same of somebody who was read, with what else their row is to become. */
export const inviting = async (
  environment: Environment,
  customer: CustomerScope,
  before: ContactRow,
  customerRow: Pick<CustomerRow, 'state' | 'portalState'>,
  policy: SignInPolicy,
  answer: (row: ContactRow) => Answer,
  more: Partial<Pick<ContactRow, 'isPortalUser' | 'isPortalAdmin'>> = {},
): Promise<ContactRow> => {
  const obstacle = obstacleTo({ ...before, ...more }, customerRow)
  if (obstacle !== undefined) throw new Problem('conflict', obstacle)
  // What was mailed is of no use once people first sign in another way: nobody should wait for its pause.
  if ((before.temporaryUntil !== null) === (policy === 'temporary_password'))
    refuseTooSoon(before.name, before.invitedAt)
  const { set: invited, writes } = await invitationTo(environment, customer, before, policy)
  const set = { ...more, ...invited }
  const row = { ...before, ...set, version: before.version + 1 }
  await customer.commit(
    { action: 'contact.invited', subject: subjectOf(row), answer: answer(row) },
    customer.change(contacts, before, set),
    ...writes,
  )
  return row
}

/** Whoever invites somebody again lets them look into their mailbox first: else inviting is a way to fill it. */
export const INVITATION_PAUSE_MS = 3 * 60_000

/** Problem `throttled` while the last invitation of somebody is younger than that. */
export const refuseTooSoon = (name: string, invitedAt: number | null): void => {
  const waitMs = invitedAt === null ? 0 : invitedAt + INVITATION_PAUSE_MS - now()
  if (waitMs <= 0) return
  const retryAfterSeconds = Math.ceil(waitMs / 1000)
  throw new Problem('throttled', `An invitation to ${name} has just left. Invite them again in a few minutes.`, {
    retryAfterSeconds,
  })
}

/** What invites somebody: links of earlier mails stop working, and the mail leaves by a job. `set` is what their row becomes. */
export const invitationTo = async (
  environment: Environment,
  customer: CustomerScope,
  contact: Pick<ContactRow, 'mspId' | 'id' | 'name'>,
  policy: SignInPolicy,
) => {
  const id = newId(now())
  const secret = await mailToken(environment, 'invitation', contact.mspId, id)
  const isTemporary = policy === 'temporary_password'
  const expiresAt = now() + (isTemporary ? TEMPORARY_PASSWORD_MS : INVITATION_MS)
  return {
    set: {
      access: 'invited' as const,
      invitedAt: now(),
      passwordHash: isTemporary ? await hashPassword(await temporaryPasswordOf(environment, contact.mspId, id)) : null,
      temporaryUntil: isTemporary ? expiresAt : null,
    },
    writes: [
      revokeInvitations(customer, contact.id),
      customer.add(invitations, {
        id,
        contactId: contact.id,
        policy,
        tokenHash: await hashOf(secret),
        createdAt: now(),
        expiresAt,
      }),
      customer.later(invitationMail(contact, id)),
    ],
  }
}

/** The question for how people of a customer's portal first sign in; asked together with what else is read. */
export const policiesOf = (customer: CustomerScope) =>
  customer
    .select({
      own: sql<SignInPolicy | null>`${portals.signInPolicy}`.as('own_policy'),
      default: sql<SignInPolicy>`${msps.signInPolicy}`.as('default_policy'),
    })
    .from(msps)
    .leftJoin(portals, and(eq(portals.mspId, msps.mspId), eq(portals.customerId, customer.customerId)))
    .where(customer.mine(msps))

export const policyIn = ([row]: { own: SignInPolicy | null; default: SignInPolicy }[]): SignInPolicy => {
  if (row === undefined) throw new Error('An MSP without a row of its own.')
  return policyOf({ signInPolicy: row.default }, { signInPolicy: row.own })
}

/** A contact who is still one. Problem `missing`. */
export const contactIn = async (customer: CustomerScope, contactId: string): Promise<ContactRow> => {
  const row = await customer.find(contacts, contactId, 'contact')
  if (row.removedAt !== null) throw missing('contact')
  return row
}

/** A temporary password was for the portal it was mailed for. */
const noTemporary = { passwordHash: null, temporaryUntil: null }

/** Whether somebody holds the link of an invitation that still works. Pure. */
export const holdsInvitation = ({ access, invitedAt }: Pick<ContactRow, 'access' | 'invitedAt'>, at: number): boolean =>
  access === 'invited' && invitedAt !== null && invitedAt + INVITATION_MS > at

/**
 * For people whose links lead nowhere since their portal is another one: new links and mails where it takes them in, else
 * none, so that they can be invited once it does. No change that anybody made, so their versions stay.
 */
export const invitationsFollow = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  people: ContactRow[],
  takesThemIn: boolean,
): Promise<Write[]> => {
  if (people.length === 0) return []
  const customer = msp.forCustomer(customerId)
  const ids = people.map(({ id }) => id)
  const stillOpen = and(isNull(invitations.consumedAt), isNull(invitations.revokedAt))
  const withdrawn = customer.changeAll(invitations, and(among(invitations.contactId, ids), stillOpen), {
    revokedAt: now(),
  })
  if (!takesThemIn)
    return [
      withdrawn,
      customer.changeAll(contacts, among(contacts.id, ids), { access: 'none', invitedAt: null, ...noTemporary }),
    ]
  const made = await Promise.all(
    people.map(async (contact) => {
      const id = newId(now())
      const tokenHash = await hashOf(await mailToken(environment, 'invitation', msp.mspId, id))
      return {
        contact,
        row: { id, contactId: contact.id, tokenHash, createdAt: now(), expiresAt: now() + INVITATION_MS },
      }
    }),
  )
  return [
    withdrawn,
    customer.changeAll(contacts, among(contacts.id, ids), { access: 'invited', invitedAt: now(), ...noTemporary }),
    msp.putAll(
      invitations,
      made.map(({ row }) => ({ ...row, customerId })),
    ),
    ...made.map(({ contact, row }) => customer.later(invitationMail(contact, row.id))),
  ]
}

/** Whether an invitation can go to somebody, as far as it depends on them: they have an address, a role, and no access. */
export const canBeInvited = (contact: Invitee): boolean => obstacleIn(contact) === undefined

/** Why somebody cannot be invited now, in words; undefined when they can. Pure. */
export const obstacleTo = (
  contact: Invitee,
  customer: Pick<CustomerRow, 'state' | 'portalState'>,
): string | undefined => {
  if (customer.state !== 'active') return lifeRefusals[customer.state]
  if (customer.portalState === 'none') return 'This customer has no portal yet. Set one up first.'
  if (customer.portalState === 'disabled') return 'This customer’s portal is closed. Open it first.'
  return obstacleIn(contact)
}

type Invitee = Pick<ContactRow, 'name' | 'email' | 'access' | 'isPortalUser' | 'isPortalAdmin'>

const obstacleIn = (contact: Invitee): string | undefined => {
  if (contact.email === null) return `${contact.name} has no e-mail address to send the invitation to.`
  if (!contact.isPortalUser && !contact.isPortalAdmin)
    return `Choose first what ${contact.name} may see: portal user, portal admin, or both.`
  switch (contact.access) {
    case 'active':
      return `${contact.name} has access already.`
    case 'disabled':
      return `${contact.name} is blocked. Let them in again first.`
    case 'none':
    case 'invited':
      return undefined
  }
}

/**
 * Keeps a contact out, at their next click; whom their company kept out already only staff let in again from then on.
 * Doing it twice changes nothing. Problems: `missing`, `stale`.
 */
export const blockContact = async (customer: CustomerScope, contactId: string, wanted: Expected): Promise<void> => {
  const before = await contactIn(customer, contactId)
  refuseUnexpected(before, wanted)
  await blocking(customer, before, { isByCompany: false })
}

/** The same of somebody who was read, if what else has to hold still does. */
export const blocking = async (
  customer: CustomerScope,
  before: ContactRow,
  { isByCompany }: { isByCompany: boolean },
  more: Write[] = [],
): Promise<void> => {
  if (before.access === 'disabled' && (isByCompany || !before.isBlockedByCompany)) return
  await customer.commit(
    { action: 'contact.blocked', subject: subjectOf(before) },
    customer.change(contacts, before, {
      access: 'disabled',
      isBlockedByCompany: isByCompany,
      ...(before.temporaryUntil === null ? {} : { passwordHash: null, temporaryUntil: null }),
    }),
    customer.removeWhere(sessions, eq(sessions.contactId, before.id)),
    ...withdrawLinks(customer, before.id),
    ...more,
  )
}

/** Lets a blocked contact in again: as before when they had confirmed, else they need a new invitation. */
export const unblockContact = async (customer: CustomerScope, contactId: string, wanted: Expected): Promise<void> => {
  const before = await contactIn(customer, contactId)
  refuseUnexpected(before, wanted)
  await unblocking(customer, before)
}

/** The same of somebody who was read. */
export const unblocking = async (customer: CustomerScope, before: ContactRow): Promise<void> => {
  if (before.access !== 'disabled') return
  await customer.commit(
    { action: 'contact.unblocked', subject: subjectOf(before) },
    customer.change(contacts, before, {
      access: before.confirmedAt === null ? 'none' : 'active',
      isBlockedByCompany: false,
    }),
  )
}

/** Says what somebody may do with licences; only staff grant it. Counts at their next click. Problems: `missing`, `stale`. */
export const grantLicencePermission = async (
  customer: CustomerScope,
  contactId: string,
  licencePermission: ContactRow['licencePermission'],
  wanted: Expected,
): Promise<ContactRow> => {
  const before = await contactIn(customer, contactId)
  refuseUnexpected(before, wanted)
  if (before.licencePermission === licencePermission) return before
  await customer.commit(
    { action: 'contact.licences_granted', subject: subjectOf(before) },
    customer.change(contacts, before, { licencePermission }),
  )
  return { ...before, licencePermission, version: before.version + 1 }
}

/** Takes back an invitation that was not accepted: its link, or temporary password, leads nowhere. Problems: `missing`, `stale`. */
export const revokeInvitation = async (customer: CustomerScope, contactId: string, wanted: Expected): Promise<void> => {
  const before = await contactIn(customer, contactId)
  refuseUnexpected(before, wanted)
  if (before.access !== 'invited') return
  await customer.commit(
    { action: 'contact.invitation_revoked', subject: subjectOf(before) },
    customer.change(contacts, before, { access: 'none', passwordHash: null, temporaryUntil: null }),
    revokeInvitations(customer, contactId),
  )
}

/** What a removed person is called. */
export const REMOVED_NAME = 'Removed person'

/**
 * Deletes a contact. Somebody who did things here, or whom tickets are of, is named by the history, which nobody can change: of them the row stays,
 * without anything of theirs (product.md, decision 13). Of anybody else nothing stays. Problems: `missing`, `stale`,
 * `conflict` for the portal admin.
 */
export const deleteContact = async (customer: CustomerScope, contactId: string, wanted: Expected): Promise<void> => {
  const [[before], deeds, theirTickets, theirRequests] = await customer.readAll([
    customer
      .select()
      .from(contacts)
      .where(customer.mine(contacts, and(eq(contacts.id, contactId), isNull(contacts.removedAt)))),
    customer
      .select({ id: activities.id })
      .from(activities)
      .where(customer.mine(activities, and(eq(activities.actorKind, 'contact'), eq(activities.actorId, contactId))))
      .limit(1),
    ticketOfPerson(customer, contactId),
    requestOfPerson(customer, contactId),
  ])
  if (before === undefined) throw missing('contact')
  refuseUnexpected(before, wanted)
  if (before.isTheAdmin)
    throw new Problem('conflict', `${before.name} is the portal admin. Name another one at the customer first.`)
  const isReferenced = deeds.length > 0 || theirTickets.length > 0 || theirRequests.length > 0
  const row = isReferenced
    ? customer.changeWhere(contacts, contactId, eq(contacts.version, before.version), {
        ...withoutPerson,
        version: before.version + 1,
        removedAt: now(),
      })
    : customer.removeWhere(contacts, eq(contacts.id, contactId))
  await customer.commit(
    // Told without their name, and without before and after: this entry stays.
    { action: 'contact.deleted', subject: { kind: 'contact', id: contactId, name: REMOVED_NAME } },
    customer.unchanged(contacts, [before]),
    customer.removeWhere(sessions, eq(sessions.contactId, contactId)),
    customer.removeWhere(invitations, eq(invitations.contactId, contactId)),
    customer.removeWhere(passwordResets, eq(passwordResets.contactId, contactId)),
    customer.removeWhere(previews, eq(previews.contactId, contactId)),
    customer.removeWhere(customerWords, eq(customerWords.id, contactId)),
    row,
    ...(isReferenced
      ? [...withoutAuthor(customer, before, REMOVED_NAME), ...withoutRequester(customer, contactId, REMOVED_NAME)]
      : []),
    contactSummary(customer),
  )
}

/** A person's row without anything of theirs. */
const withoutPerson = {
  name: REMOVED_NAME,
  email: null,
  phone: null,
  jobTitle: null,
  isPortalUser: false,
  isPortalAdmin: false,
  access: 'disabled' as const,
  licencePermission: 'none' as const,
  passwordHash: null,
  temporaryUntil: null,
  ...noMicrosoftAccount,
  invitedAt: null,
  confirmedAt: null,
  lastSignInAt: null,
}

export const revokeInvitations = (customer: CustomerScope, contactId: string) =>
  customer.changeAll(
    invitations,
    and(eq(invitations.contactId, contactId), isNull(invitations.consumedAt), isNull(invitations.revokedAt)),
    { revokedAt: now() },
  )

const valuesOf = (input: Input) => ({
  name: input.name,
  email: input.email,
  phone: input.phone,
  jobTitle: input.jobTitle,
  isPortalUser: input.roles.includes('portal_user'),
  isPortalAdmin: input.roles.includes('portal_admin'),
  licencePermission: input.licencePermission,
})

const subjectOf = (row: Pick<ContactRow, 'id' | 'name'>) => ({ kind: 'contact', id: row.id, name: row.name })

/** A second contact with an address is refused at /email. */
export const refusingDuplicates = async (commit: () => Promise<void>): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique' && error.columns.includes('contacts.email')) {
      throw invalidField('/email', 'Another contact of this customer has this e-mail address.')
    }
    throw error
  }
}
