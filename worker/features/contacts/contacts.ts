import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { contacts, customers, invitations, sessions } from '../../../db/shard/schema.ts'
import { Refused } from '../../../db/connect.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import { among, changeWords, wordsOfContact } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'
import { invitationMail } from '../mail/index.ts'
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
      .where(customer.mine(contacts))
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
      sql`not exists (select ${contacts.id} from ${contacts} where ${customer.mine(contacts, moved)}) and (select count(${contacts.id}) from ${contacts} where ${customer.mine(contacts)}) = ${rows.length}`,
    ),
    customer.changeAll(contacts, undefined, {
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
  const given = { id: newId(now()), createdAt: now(), ...valuesOf(input) }
  const row: ShownContact = {
    mspId: msp.mspId,
    customerId,
    version: 1,
    isTheAdmin: false,
    access: 'none',
    licencePermission: 'none',
    passwordHash: null,
    invitedAt: null,
    confirmedAt: null,
    lastSignInAt: null,
    ...given,
  }
  try {
    await refusingDuplicates(() =>
      customer.commit(
        { action: 'contact.added', subject: subjectOf(row), answer: answer(row) },
        customer.onlyIf(
          sql`(select ${customers.contactCount} from ${customers} where ${customer.mine(customers)}) < ${CONTACT_COUNT_MAX}`,
        ),
        customer.add(contacts, { ...given, escalationPosition: lastPosition(customer) }),
        customer.changeAll(customers, undefined, {
          contactCount: sql`contact_count + 1`,
          primaryContactName: firstContactName(customer),
        }),
        ...changeWords(customer, row.id, wordsOfContact(row)),
      ),
    )
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stale') throw error
    await msp.find(customers, customerId, 'customer')
    throw new Problem('conflict', `A customer has at most ${CONTACT_COUNT_MAX} contacts.`)
  }
  return row
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
  const before = await customer.find(contacts, contactId, 'contact')
  refuseUnexpected(before, wanted)
  const values = valuesOf(input)
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
      ...(isAnotherAddress ? [revokeInvitations(customer, contactId)] : []),
      ...(isAnotherAddress || hasOtherRoles ? [customer.removeWhere(sessions, eq(sessions.contactId, contactId))] : []),
    ),
  )
  return after
}

/** Access as it was before any proof; somebody blocked stays blocked. */
const withoutAccess = ({ access }: ContactRow) => ({
  access: access === 'disabled' ? ('disabled' as const) : ('none' as const),
  passwordHash: null,
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
    contactCount: sql`(select count(*) from ${contacts} where ${customer.mine(contacts)})`,
    primaryContactName: firstContactName(customer),
  })

/** Read where it is written, inside the commit, so that it is right whoever else adds or changes one meanwhile. */
const firstContactName = (customer: CustomerScope): SQL =>
  sql`(select ${contacts.name} from ${contacts} where ${customer.mine(contacts)} order by ${contacts.escalationPosition}, ${contacts.id} limit 1)`

const lastPosition = (customer: CustomerScope): SQL =>
  sql`(select coalesce(max(${contacts.escalationPosition}) + 1, 0) from ${contacts} where ${customer.mine(contacts)})`

/**
 * Invites a contact to the portal, or invites again: the mail leaves by a job, and links of earlier mails stop working.
 * Problems: `missing`; `conflict` saying what is missing (portal, e-mail, role) or that they have signed in already.
 */
export const inviteContact = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  contactId: string,
  answer: (row: ContactRow) => Answer,
): Promise<ContactRow> => {
  const customer = msp.forCustomer(customerId)
  const [[before], [customerRow]] = await customer.readAll([
    customer
      .select()
      .from(contacts)
      .where(customer.mine(contacts, eq(contacts.id, contactId))),
    customer.select().from(customers).where(customer.mine(customers)),
  ])
  if (before === undefined || customerRow === undefined) throw missing('contact')
  const obstacle = obstacleTo(before, customerRow)
  if (obstacle !== undefined) throw new Problem('conflict', obstacle)

  const id = newId(now())
  const secret = await mailToken(environment, 'invitation', msp.mspId, id)
  const set = { access: 'invited' as const, invitedAt: now() }
  const row = { ...before, ...set, version: before.version + 1 }
  await customer.commit(
    { action: 'contact.invited', subject: subjectOf(row), answer: answer(row) },
    customer.change(contacts, before, set),
    revokeInvitations(customer, contactId),
    customer.add(invitations, {
      id,
      contactId,
      tokenHash: await hashOf(secret),
      ...invitationTimes(),
    }),
    customer.later(invitationMail(row, id)),
  )
  return row
}

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
    return [withdrawn, customer.changeAll(contacts, among(contacts.id, ids), { access: 'none', invitedAt: null })]
  const made = await Promise.all(
    people.map(async (contact) => {
      const id = newId(now())
      const tokenHash = await hashOf(await mailToken(environment, 'invitation', msp.mspId, id))
      return { contact, row: { id, contactId: contact.id, tokenHash, ...invitationTimes() } }
    }),
  )
  return [
    withdrawn,
    customer.changeAll(contacts, among(contacts.id, ids), { access: 'invited', invitedAt: now() }),
    msp.putAll(
      invitations,
      made.map(({ row }) => ({ ...row, customerId })),
    ),
    ...made.map(({ contact, row }) => customer.later(invitationMail(contact, row.id))),
  ]
}

const invitationTimes = () => ({ createdAt: now(), expiresAt: now() + INVITATION_MS })

/** Whether an invitation can go to somebody, as far as it depends on them: they have an address, a role, and no access. */
export const canBeInvited = (contact: Invitee): boolean => obstacleIn(contact) === undefined

/** Why somebody cannot be invited now, in words; undefined when they can. Pure. */
export const obstacleTo = (
  contact: Invitee,
  customer: Pick<CustomerRow, 'state' | 'portalState'>,
): string | undefined => {
  if (customer.state === 'archived') return 'This customer is archived. Restore it first.'
  if (customer.state === 'disabled') return 'This customer is switched off. Switch it on first.'
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

/** Keeps a contact out, at their next click. Doing it twice changes nothing. */
export const blockContact = async (
  msp: MspScope,
  customerId: string,
  contactId: string,
  wanted: Expected,
): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const before = await customer.find(contacts, contactId, 'contact')
  refuseUnexpected(before, wanted)
  if (before.access === 'disabled') return
  await customer.commit(
    { action: 'contact.blocked', subject: subjectOf(before) },
    customer.change(contacts, before, { access: 'disabled' }),
    customer.removeWhere(sessions, eq(sessions.contactId, contactId)),
    revokeInvitations(customer, contactId),
  )
}

/** Lets a blocked contact in again: as before when they had confirmed, else they need a new invitation. */
export const unblockContact = async (
  msp: MspScope,
  customerId: string,
  contactId: string,
  wanted: Expected,
): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const before = await customer.find(contacts, contactId, 'contact')
  refuseUnexpected(before, wanted)
  if (before.access !== 'disabled') return
  await customer.commit(
    { action: 'contact.unblocked', subject: subjectOf(before) },
    customer.change(contacts, before, { access: before.confirmedAt === null ? 'none' : 'active' }),
  )
}

const revokeInvitations = (customer: CustomerScope, contactId: string) =>
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
})

const subjectOf = (row: Pick<ContactRow, 'id' | 'name'>) => ({ kind: 'contact', id: row.id, name: row.name })

const refusingDuplicates = async (commit: () => Promise<void>): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique' && error.columns.includes('contacts.email')) {
      throw invalidField('/email', 'Another contact of this customer has this e-mail address.')
    }
    throw error
  }
}
