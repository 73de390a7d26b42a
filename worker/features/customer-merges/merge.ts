import { and, asc, count, desc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import {
  contacts,
  customHostnames,
  customerImports,
  customerMerges,
  customers,
  customerWords,
  documents,
  invitations,
  logos,
  noticeRecipients,
  portals,
  passwordResets,
  previews,
  requestEvents,
  serviceRequests,
  sessions,
  tenants,
  ticketFiles,
  ticketNews,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import { inFigures } from '../../figures.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing, stale } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import { tablesBelowCustomer } from '../../tenancy/ownership.ts'
import type { Answer, CustomerScope, FieldChange, MspScope, Write } from '../../tenancy/scope.ts'
import { CONTACT_COUNT_MAX, contactSummary, holdsInvitation, invitationsFollow } from '../contacts/index.ts'
import { changeWords, folded, wordsOfCustomer } from '../customers/index.ts'
import { primaryHostsFollow } from '../custom-hostnames/index.ts'
import { settlingOf } from '../portals/index.ts'
import { customerSummary } from '../tenants/index.ts'
import { DOCUMENT_COUNT_MAX, decide, mergeFields } from './merge-plan.ts'
import type { Choices, ContactRow, CustomerRow, MergePlan, PortalRow, SideFacts, Values } from './merge-plan.ts'
import type { Kept } from './undo-rule.ts'

export type MergeRow = typeof customerMerges.$inferSelect

/** Many more than anybody looks at before they decide. */
const TICKETS_COUNTED_MAX = 1_000

/** A merge can be undone this long. */
export const UNDO_MS = 30 * 24 * 3_600_000

export type MergeInput = Choices & {
  survivorId: string
  mergedId: string
  survivorVersion: number
  mergedVersion: number
}

/** Both sides of a merge with everything that hangs on them, in one round trip. Problems: `missing`, `invalid`, `conflict`. */
export const sidesOf = async (
  msp: MspScope,
  survivorId: string,
  mergedId: string,
): Promise<{
  survivor: SideFacts
  merged: SideFacts
  logoIds: string[]
  mergeIds: string[]
  hostnameIds: string[]
  notices: Kept['notices']
}> => {
  if (survivorId === mergedId) throw invalidField('/mergedId', 'A customer cannot be merged into itself.')
  const both = [survivorId, mergedId]
  const documentsOf = (customerId: string) =>
    msp
      .select({ id: documents.id, name: documents.name, version: documents.version })
      .from(documents)
      .where(msp.mine(documents, eq(documents.customerId, customerId)))
      .limit(DOCUMENT_COUNT_MAX + 1)
  const ticketsOf = (customerId: string) =>
    msp.select({ counted: count() }).from(
      msp
        .select({ id: tickets.id })
        .from(tickets)
        .where(msp.mine(tickets, eq(tickets.customerId, customerId)))
        .limit(TICKETS_COUNTED_MAX + 1)
        .as('some'),
    )
  const [
    rows,
    people,
    sites,
    associations,
    own,
    theirs,
    ownTickets,
    theirTickets,
    pictures,
    earlier,
    ownNames,
    recipients,
    [atWork],
  ] = await msp.readAll([
    msp
      .select()
      .from(customers)
      .where(msp.mine(customers, inArray(customers.id, both))),
    msp
      .select()
      .from(contacts)
      .where(msp.mine(contacts, inArray(contacts.customerId, both)))
      .orderBy(asc(contacts.escalationPosition), asc(contacts.id)),
    msp
      .select()
      .from(portals)
      .where(msp.mine(portals, inArray(portals.customerId, both))),
    msp
      .select()
      .from(tenants)
      .where(msp.mine(tenants, inArray(tenants.customerId, both))),
    documentsOf(survivorId),
    documentsOf(mergedId),
    ticketsOf(survivorId),
    ticketsOf(mergedId),
    msp
      .select({ id: logos.id })
      .from(logos)
      .where(msp.mine(logos, eq(logos.customerId, mergedId))),
    msp
      .select({ id: customerMerges.id })
      .from(customerMerges)
      .where(msp.mine(customerMerges, eq(customerMerges.customerId, mergedId))),
    msp
      .select({ id: customHostnames.id })
      .from(customHostnames)
      .where(msp.mine(customHostnames, eq(customHostnames.customerId, mergedId))),
    msp
      .select()
      .from(noticeRecipients)
      .where(msp.mine(noticeRecipients, inArray(noticeRecipients.customerId, both))),
    msp
      .select({ fileName: customerImports.fileName })
      .from(customerImports)
      // Literally as the index has it, or it is not used.
      .where(msp.mine(customerImports, sql`state in ('running', 'undoing')`))
      .limit(1),
  ])
  const sideOf = (id: string): SideFacts => {
    const row = rows.find((one) => one.id === id)
    if (row === undefined) throw missing('customer')
    const ofThis = <R extends { customerId: string }>(all: R[]) => all.filter(({ customerId }) => customerId === id)
    return {
      row,
      contacts: ofThis(people),
      portal: ofThis(sites)[0],
      tenants: ofThis(associations),
      documents: id === survivorId ? own : theirs,
      ticketCount: (id === survivorId ? ownTickets : theirTickets)[0]?.counted ?? 0,
      invitedIds: new Set(idsOf(ofThis(people).filter((contact) => holdsInvitation(contact, now())))),
    }
  }
  const [survivor, merged] = [sideOf(survivorId), sideOf(mergedId)]
  for (const { row } of [survivor, merged])
    if (row.state === 'archived') throw new Problem('conflict', `${row.name} is archived. Restore it first.`)
  if (theirs.length > DOCUMENT_COUNT_MAX)
    throw new Problem(
      'conflict',
      `${merged.row.name} has more than ${inFigures(DOCUMENT_COUNT_MAX)} documents, counting those deleted lately, and a merge moves at most so many. Let the other one go instead, or delete what is no longer needed.`,
    )
  if (atWork !== undefined)
    throw new Problem(
      'conflict',
      `The import of ${atWork.fileName} is at work on your customers. Wait until it is done.`,
    )
  return {
    survivor,
    merged,
    logoIds: pictures.map(({ id }) => id),
    mergeIds: earlier.map(({ id }) => id),
    hostnameIds: ownNames.map(({ id }) => id),
    notices: noticesOf(recipients, survivorId, mergedId),
  }
}

/** Which notices are told to the merged one alone, and which to both. */
const noticesOf = (
  recipients: { id: string; customerId: string }[],
  survivorId: string,
  mergedId: string,
): Kept['notices'] => {
  const toldTo = (customerId: string) => idsOf(recipients.filter((one) => one.customerId === customerId))
  const own = new Set(toldTo(survivorId))
  const theirs = toldTo(mergedId)
  return { moved: theirs.filter((id) => !own.has(id)), shared: theirs.filter((id) => own.has(id)) }
}

/**
 * Makes two customers one, in one commit: everything of the merged one is the survivor's from then on, and its row is
 * kept aside for undoing. Problems: `missing`; `invalid` with a pointer for each choice that is still to be made;
 * `stale` when either has changed, also in what hangs on it; `conflict` when one is archived or both have too many people.
 * Whose invitation led to the portal that goes is invited anew to the one that stays.
 */
export const mergeCustomers = async (
  environment: Environment,
  msp: MspScope,
  input: MergeInput,
  answer: (row: MergeRow) => Answer,
): Promise<MergeRow> => {
  const sides = await sidesOf(msp, input.survivorId, input.mergedId)
  const { survivor, merged } = sides
  if (survivor.row.version !== input.survivorVersion || merged.row.version !== input.mergedVersion) throw stale()
  const decided = decide(survivor, merged, input)
  if (!decided.ok) throw new Problem('invalid', 'Some choices are still to be made.', { errors: decided.errors })
  const { plan } = decided
  const contactCount = survivor.contacts.length + merged.contacts.length - plan.removedContacts.length
  if (contactCount > CONTACT_COUNT_MAX)
    throw new Problem(
      'conflict',
      `Together they have ${contactCount} contacts, and a customer has at most ${CONTACT_COUNT_MAX}. Remove some first.`,
    )
  const given = mergeRow(msp, sides, plan)
  const row: MergeRow = { mspId: msp.mspId, version: 1, undoneAt: null, undoneByName: null, leftBehind: [], ...given }
  const [first, ...others] = writesOf(msp, sides, plan, given)
  const { people, areInvitedAnew } = plan.stranded
  const invited = await invitationsFollow(environment, msp, survivor.row.id, people, areInvitedAnew)
  const subject = { kind: 'customer', id: survivor.row.id, name: plan.values.name }
  try {
    await msp.commitEach(
      [
        {
          action: 'customer.merged',
          subject: { ...subject, name: merged.row.name },
          customerId: survivor.row.id,
          changes: changesOf(survivor.row, plan),
          answer: answer(row),
        },
        {
          action: 'customer.merged_into',
          subject,
          customerId: merged.row.id,
          changes: [],
        },
      ],
      first,
      ...others,
      ...invited,
      ...summaryOf(msp.forCustomer(survivor.row.id)),
      ...(survivor.portal === undefined && merged.portal === undefined
        ? []
        : [msp.later(settlingOf([survivor.row.id, merged.row.id], `merge:${row.id}`, plan.values.name))]),
    )
  } catch (error) {
    // Something came to hang on one of them since it was read, so that its row could not go, or clashed.
    if (error instanceof Refused && (error.kind === 'foreign_key' || error.kind === 'unique') && !isReplay(error))
      throw stale()
    throw error
  }
  return row
}

const isReplay = ({ columns }: Refused) => columns.includes('idempotency_keys.id')

/** What was merged into a customer, newest first. Problem `missing`. */
export const listMerges = async (msp: MspScope, customerId: string): Promise<MergeRow[]> => {
  const customer = msp.forCustomer(customerId)
  const [itself, rows] = await customer.readAll([
    customer.select({ id: customers.id }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(customerMerges)
      .where(customer.mine(customerMerges))
      .orderBy(desc(customerMerges.id))
      .limit(50),
  ])
  if (itself.length === 0) throw missing('customer')
  return rows
}

const writesOf = (
  msp: MspScope,
  { survivor: { row: survivor, ...of }, merged, notices }: Awaited<ReturnType<typeof sidesOf>>,
  plan: MergePlan,
  given: ReturnType<typeof mergeRow>,
): [Write, ...Write[]] => {
  const {
    removedContacts,
    movedContacts,
    noLongerMain,
    becomesMain,
    shift,
    removedPortal,
    movesPortal,
    portal,
    values,
  } = plan
  const [from, to] = [merged.row.id, survivor.id]
  const goneIds = removedContacts.map(({ row }) => row.id)
  const everybody = [...of.contacts, ...merged.contacts].map(({ id }) => id)
  return [
    msp.change(customers, survivor, { ...values, sortName: folded(values.name), ...portalSummary(portal) }),
    // While everything stands as it was.
    msp.add(customerMerges, { ...given, kept: withAsked(msp, given, from, goneIds) }),
    ...passedToTwins([...of.contacts, ...merged.contacts], goneIds).flatMap((pair) => [
      ...requestsStay(msp, pair),
      ...ticketsStay(msp, pair),
    ]),
    ...(goneIds.length === 0
      ? []
      : [
          msp.unchanged(
            contacts,
            removedContacts.map(({ row }) => row),
          ),
          msp.removeWhere(invitations, among(invitations.contactId, goneIds)),
          msp.removeWhere(sessions, among(sessions.contactId, goneIds)),
          msp.removeWhere(previews, among(previews.contactId, goneIds)),
          msp.removeWhere(passwordResets, among(passwordResets.contactId, goneIds)),
          msp.removeWhere(customerWords, among(customerWords.id, goneIds)),
          msp.removeWhere(contacts, among(contacts.id, goneIds)),
        ]),
    ...(noLongerMain === undefined
      ? []
      : [msp.changeAll(contacts, eq(contacts.id, noLongerMain.id), { isTheAdmin: false })]),
    ...shifted(msp, shift.side === 'survivor' ? to : from, shift.by),
    // A session is bound to its portal's host: whoever has one elsewhere signs in again.
    sessionsElsewhereEnd(msp, everybody, portal?.host),
    ...(removedPortal === undefined ? [] : [msp.remove(portals, removedPortal.row)]),
    ...(movesPortal ? [msp.moveToCustomer(portals, from, to)] : []),
    // What was read and no more: whatever came since keeps the merged row there, and the whole commit fails.
    msp.moveToCustomer(contacts, from, to, among(contacts.id, idsOf(movedContacts))),
    ...(becomesMain === undefined
      ? []
      : [msp.changeAll(contacts, eq(contacts.id, becomesMain.id), { isTheAdmin: true })]),
    msp.moveToCustomer(tenants, from, to, among(tenants.id, idsOf(merged.tenants))),
    msp.moveToCustomer(documents, from, to, among(documents.id, idsOf(merged.documents))),
    // What hangs on tickets goes with them.
    msp.moveToCustomer(tickets, from, to),
    msp.moveToCustomer(customerWords, from, to, ne(customerWords.id, from)),
    msp.removeWhere(customerWords, eq(customerWords.customerId, from)),
    ...changeWords(msp.forCustomer(to), to, wordsOfCustomer(values)),
    // A notice to both would be told to the survivor twice.
    msp.removeWhere(
      noticeRecipients,
      and(eq(noticeRecipients.customerId, from), among(noticeRecipients.id, notices.shared)),
    ),
    ...everythingElseMoves(msp, from, to),
    ...primaryHostsFollow(msp, [to]),
    msp.remove(customers, merged.row),
  ]
}

const withAsked = (
  msp: MspScope,
  { kept, survivorId }: ReturnType<typeof mergeRow>,
  from: string,
  goneIds: string[],
): SQL => {
  const asked = msp
    .select({
      all: sql`json_group_array(json_object('id', ${serviceRequests.id}, 'by', ${serviceRequests.requestedBy}, 'side', iif(${serviceRequests.customerId} = ${from}, 'merged', 'survivor')))`,
    })
    .from(serviceRequests)
    .where(
      msp.mine(serviceRequests, or(eq(serviceRequests.customerId, from), among(serviceRequests.requestedBy, goneIds))),
    )
  // By their numbers, which are short: a customer may have had many.
  const moved = msp
    .select({ all: sql`json_group_array(${tickets.number})` })
    .from(tickets)
    .where(msp.mine(tickets, eq(tickets.customerId, from)))
  const passed = msp
    .select({ all: sql`json_group_array(json_object('of', ${ticketPeople.id}, 'number', ${tickets.number}))` })
    .from(ticketPeople)
    .crossJoin(tickets)
    .where(
      and(
        msp.mine(
          ticketPeople,
          and(among(ticketPeople.customerId, [from, survivorId]), among(ticketPeople.id, goneIds)),
        ),
        msp.mine(tickets, eq(tickets.id, ticketPeople.ticketId)),
      ),
    )
  const approved = msp
    .select({
      all: sql`json_group_array(json_object('id', ${serviceRequests.id}, 'approvedBy', ${serviceRequests.customerApprovedBy}, 'decidedBy', ${serviceRequests.decidedBy}))`,
    })
    .from(serviceRequests)
    .where(
      msp.mine(
        serviceRequests,
        and(
          among(serviceRequests.customerId, [from, survivorId]),
          or(among(serviceRequests.customerApprovedBy, goneIds), among(serviceRequests.decidedBy, goneIds)),
        ),
      ),
    )
  const did = msp
    .select({ all: sql`json_group_array(json_object('id', ${requestEvents.id}, 'of', ${requestEvents.actorId}))` })
    .from(requestEvents)
    .where(
      msp.mine(
        requestEvents,
        and(
          among(requestEvents.customerId, [from, survivorId]),
          eq(requestEvents.actorKind, 'contact'),
          among(requestEvents.actorId, goneIds),
        ),
      ),
    )
  return sql`json_set(${JSON.stringify(kept)}, '$.requests', json((${asked})), '$.approvals', json((${approved})), '$.requestEvents', json((${did})), '$.tickets', json((${moved})), '$.ticketPeople', json((${passed})))`
}

type Pair = { gone: ContactRow; twin: ContactRow }

/** What is somebody's who goes is theirs all the same: it passes to whoever of the same address stays. */
const passedToTwins = (everybody: ContactRow[], goneIds: string[]): Pair[] => {
  const goes = new Set(goneIds)
  return everybody.flatMap((gone) => {
    const twin = everybody.find(({ id, email }) => email === gone.email && !goes.has(id))
    return !goes.has(gone.id) || twin === undefined ? [] : [{ gone, twin }]
  })
}

const requestsStay = (msp: MspScope, { gone, twin }: Pair): Write[] => {
  const { requestedBy, customerApprovedBy, decidedBy } = serviceRequests
  const isBy = (column: typeof requestedBy | typeof customerApprovedBy | typeof decidedBy) =>
    and(eq(serviceRequests.customerId, gone.customerId), eq(column, gone.id))
  return [
    msp.changeAll(serviceRequests, isBy(requestedBy), { requestedBy: twin.id, requesterName: twin.name }),
    msp.changeAll(serviceRequests, isBy(customerApprovedBy), {
      customerApprovedBy: twin.id,
      customerApprovedName: twin.name,
    }),
    msp.changeAll(serviceRequests, isBy(decidedBy), { decidedBy: twin.id, decidedByName: twin.name }),
    msp.changeAll(
      requestEvents,
      and(
        eq(requestEvents.customerId, gone.customerId),
        eq(requestEvents.actorKind, 'contact'),
        eq(requestEvents.actorId, gone.id),
      ),
      { actorId: twin.id, actorName: twin.name },
    ),
  ]
}

/** The twin is in none of these tickets yet: they are of the other customer. */
const ticketsStay = (msp: MspScope, { gone, twin }: Pair): Write[] => {
  const isTheirs = (table: typeof ticketPeople | typeof ticketNews) =>
    and(eq(table.customerId, gone.customerId), eq(table.id, gone.id))
  const theirs = msp
    .select({ ticketId: ticketPeople.ticketId })
    .from(ticketPeople)
    .where(msp.mine(ticketPeople, isTheirs(ticketPeople)))
  return [
    msp.changeAll(tickets, and(eq(tickets.requester, gone.id), inArray(tickets.id, theirs)), {
      requester: twin.id,
      requesterName: twin.name,
    }),
    // News first: they go with whom a ticket is of.
    msp.passOn(ticketNews, isTheirs(ticketNews), twin.id),
    msp.passOn(ticketPeople, isTheirs(ticketPeople), twin.id),
    msp.changeAll(
      ticketFiles,
      and(eq(ticketFiles.customerId, gone.customerId), eq(ticketFiles.addedById, gone.id), isNull(ticketFiles.entry)),
      { addedById: twin.id, addedByName: twin.name },
    ),
  ]
}

/** Moved row by row, or with the contact or ticket they hang on. */
const MOVED_BY_THEMSELVES = new Set([
  'contacts',
  'customer_words',
  'documents',
  'invitations',
  'portals',
  'previews',
  'sessions',
  'tenants',
  'ticket_entries',
  'ticket_news',
  'ticket_people',
  'ticket_words',
  'tickets',
])

type OfCustomer = Parameters<MspScope['moveToCustomer']>[0]

/**
 * Pictures, jobs, requests, connections that are being made, earlier merges, and whatever else is kept of a customer: first what
 * others point at, which follow it by their foreign keys.
 */
const everythingElseMoves = (msp: MspScope, from: string, to: string): Write[] =>
  tablesBelowCustomer()
    .toReversed()
    .filter(({ name, by }) => by === 'customer_id' && !MOVED_BY_THEMSELVES.has(name))
    .map(({ table }) => msp.moveToCustomer(table as OfCustomer, from, to))

const shifted = (msp: MspScope, customerId: string, by: number): Write[] =>
  by === 0
    ? []
    : [
        msp.changeAll(contacts, eq(contacts.customerId, customerId), {
          escalationPosition: sql`escalation_position + ${by}`,
        }),
      ]

/** Ends the sessions of these contacts that are not at this host. */
export const sessionsElsewhereEnd = (msp: MspScope, contactIds: string[], host: string | undefined): Write =>
  msp.removeWhere(
    sessions,
    and(among(sessions.contactId, contactIds), host === undefined ? undefined : ne(sessions.host, host)),
  )

export const portalSummary = (portal: Pick<PortalRow, 'state' | 'host'> | undefined) => ({
  portalState: portal?.state ?? ('none' as const),
  portalHost: portal?.host ?? null,
})

/** What lists show of a customer, worked out inside the commit from the rows it has then. */
export const summaryOf = (customer: CustomerScope): Write[] => [
  contactSummary(customer),
  customer.changeAll(customers, undefined, {
    tenantCount: sql`(select count(*) from ${tenants} where ${customer.mine(tenants, isNull(tenants.removedAt))})`,
  }),
  customerSummary(customer, now()),
]

const mergeRow = (
  msp: MspScope,
  { survivor, merged, logoIds, mergeIds, hostnameIds, notices }: Awaited<ReturnType<typeof sidesOf>>,
  plan: MergePlan,
) => {
  const at = now()
  const kept: Kept = {
    merged: merged.row,
    before: valuesIn(survivor.row),
    after: plan.values,
    contacts: plan.movedContacts.map(({ id, name, version, isTheAdmin }) => ({
      id,
      name,
      isTheAdmin,
      mark: String(version),
    })),
    tenants: merged.tenants.map((tenant) => ({ id: tenant.id, name: tenant.name, mark: tenantMark(tenant) })),
    documents: merged.documents.map(({ id, name, version }) => ({ id, name, mark: String(version) })),
    logoIds,
    mergeIds,
    hostnameIds,
    notices,
    portal:
      plan.movesPortal && merged.portal !== undefined
        ? { id: merged.portal.id, name: merged.portal.host, mark: String(merged.portal.version) }
        : null,
    removedContacts: plan.removedContacts,
    removedPortal: plan.removedPortal ?? null,
    noLongerMainId: plan.noLongerMain?.id ?? null,
    becameMainId: plan.becomesMain?.id ?? null,
    uninvitedIds: plan.stranded.areInvitedAnew ? [] : idsOf(plan.stranded.people),
    shift: plan.shift,
    survivorContactIds: idsOf(survivor.contacts),
  }
  return {
    id: newId(at),
    customerId: survivor.row.id,
    survivorId: survivor.row.id,
    survivorName: plan.values.name,
    mergedId: merged.row.id,
    mergedName: merged.row.name,
    moved: {
      tenants: merged.tenants.filter(({ removedAt }) => removedAt === null).length,
      contacts: plan.movedContacts.length,
      documents: merged.documents.length,
      tickets: merged.ticketCount,
      portal: plan.movesPortal,
    },
    kept: kept as unknown,
    mergedAt: at,
    mergedByName: msp.actor.name,
    undoEndsAt: at + UNDO_MS,
  }
}

/** A tenant's row changes with every sync; what staff do to it changes when it was connected, or ends it. */
export const tenantMark = ({ connectedAt, removedAt }: { connectedAt: number; removedAt: number | null }): string =>
  `${connectedAt} ${removedAt ?? ''}`

export const valuesIn = (row: CustomerRow): Values => ({
  name: row.name,
  email: row.email,
  phone: row.phone,
  address: row.address,
  notes: row.notes,
  psaId: row.psaId,
})

const changesOf = (survivor: CustomerRow, { values, stranded }: MergePlan): FieldChange[] => [
  ...mergeFields
    .filter((field) => survivor[field] !== values[field])
    .map((field) => ({ table: 'customers', field, before: survivor[field], after: values[field] })),
  ...(stranded.people.length === 0
    ? []
    : [
        {
          table: 'customer_merges',
          field: stranded.areInvitedAnew ? 'invitedAnew' : 'invitationsWithdrawn',
          before: null,
          after: stranded.people.map(({ name }) => name),
        },
      ]),
]

const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id)
