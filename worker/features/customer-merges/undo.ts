import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import {
  contacts,
  customHostnames,
  customerMerges,
  customers,
  customerWords,
  documents,
  jobs,
  logos,
  noticeRecipients,
  portals,
  requestEvents,
  serviceRequests,
  tenants,
  ticketNews,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, missing, stale } from '../../http/problem.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { holdsInvitation, invitationsFollow } from '../contacts/index.ts'
import { primaryHostsFollow } from '../custom-hostnames/index.ts'
import { changeWords, folded, wordsOfContact, wordsOfCustomer } from '../customers/index.ts'
import { dropReservation, reserveHost, settlingOf } from '../portals/index.ts'
import type { PortalRow } from '../portals/index.ts'
import { among } from '../../tenancy/among.ts'
import { portalSummary, sessionsElsewhereEnd, summaryOf, tenantMark, valuesIn } from './merge.ts'
import type { MergeRow } from './merge.ts'
import { takesPeopleIn } from './merge-plan.ts'
import type { ContactRow, CustomerRow, Side } from './merge-plan.ts'
import { undoingOf } from './undo-rule.ts'
import type { Kept, Present, Undoing } from './undo-rule.ts'

/**
 * Takes a merge back, in one commit: the merged customer is there again under its own id, with everything of it that
 * nobody has touched since. What was touched, and what was added later, stays with the survivor; `leftBehind` names it.
 * Doing it twice changes nothing. Problems: `missing`, `stale`; `gone` after 30 days; `conflict` when the survivor is
 * archived or was merged away itself.
 */
export const undoMerge = async (
  environment: Environment,
  msp: MspScope,
  [[row], ...found]: AnswersOf<typeof mergeAndPresent>,
  wanted: Expected,
): Promise<MergeRow> => {
  if (row === undefined) throw missing('merge')
  refuseUnexpected(row, wanted)
  if (row.undoneAt !== null) return row
  if (row.undoEndsAt <= now() || row.kept === null)
    throw new Problem('gone', 'A merge can be undone for 30 days, and those are over.')
  if (row.customerId !== row.survivorId)
    throw new Problem('conflict', `${row.survivorName} has been merged into another customer since. Undo that first.`)
  const kept = row.kept as Kept
  const present = presentIn(found)
  if (present.survivor.state === 'archived')
    throw new Problem('conflict', `${present.survivor.name} is archived. Restore it first.`)
  const decided = undoingOf(kept, present)
  const undoing = await withName(environment, msp, row, decided)
  const undone = {
    undoneAt: now(),
    undoneByName: msp.actor.name,
    leftBehind: undoing.left,
    kept: null,
  }
  const [first, ...others] = writesOf(msp, row, kept, present, undoing)
  const invited = await invitationsAgain(environment, msp, row, kept, present, undoing)
  const noteOf = (customerId: string, name: string) => ({
    action: 'customer.merge_undone' as const,
    subject: { kind: 'customer', id: customerId, name },
    customerId,
    changes: undoing.left.map(({ kind, name: what, reason }) => ({
      table: 'customer_merges',
      field: kind,
      before: what,
      after: reason,
    })),
  })
  try {
    await msp.commitEach(
      [noteOf(row.survivorId, row.mergedName), noteOf(row.mergedId, row.mergedName)],
      msp.change(customerMerges, row, undone),
      first,
      ...others,
      ...invited,
      msp.later(settlingOf([row.survivorId, row.mergedId], `unmerge:${row.id}`, row.mergedName)),
    )
  } catch (error) {
    // Somebody else's undoing of this very merge may have been quicker: then the reservation is theirs.
    const host = undoing.portal?.row.host
    if (undoing.portal !== undefined && host !== undefined && !(await isWorn(msp, host)))
      await dropReservation(environment, host, ownerOf(msp, row, undoing.portal.side))
    if (error instanceof Refused && (error.kind === 'foreign_key' || error.kind === 'unique')) throw stale()
    throw error
  }
  return { ...row, ...undone, version: row.version + 1 }
}

const isWorn = async (msp: MspScope, host: string): Promise<boolean> =>
  (await msp.first(portals, eq(portals.host, host))) !== undefined

const ownerOf = (msp: MspScope, row: MergeRow, side: Side) => ({
  mspId: msp.mspId,
  customerId: side === 'merged' ? row.mergedId : row.survivorId,
  shard: msp.shardName,
})

/** A portal comes back only with its name, which rests for whoever had it; somebody else may have it all the same. */
const withName = async (environment: Environment, msp: MspScope, row: MergeRow, undoing: Undoing): Promise<Undoing> => {
  const { portal } = undoing
  if (portal === undefined) return undoing
  const reserved = await reserveHost(environment, portal.row.host, ownerOf(msp, row, portal.side))
  if (reserved === 'reserved') return undoing
  return {
    ...undoing,
    portal: undefined,
    left: [...undoing.left, { kind: 'portal', name: portal.row.host, reason: 'taken' }],
  }
}

type PresentRows = Present & { people: ContactRow[]; portalRow: PortalRow | undefined; noticeIds: string[] }

/** A merge and what its survivor has now, in one round trip. Problem `missing`. */
export const mergeAndPresent = (msp: MspScope, mergeId: string) => {
  const isIt = msp.mine(customerMerges, eq(customerMerges.id, mergeId))
  const survivorId = msp.select({ id: customerMerges.survivorId }).from(customerMerges).where(isIt)
  const movedDocuments = msp
    .select({ id: sql<string>`json_extract(moved.value, '$.id')` })
    .from(customerMerges)
    .crossJoin(sql`json_each(kept, '$.documents') as moved`)
    .where(isIt)
  return [
    msp.select().from(customerMerges).where(isIt),
    msp
      .select()
      .from(customers)
      .where(msp.mine(customers, inArray(customers.id, survivorId))),
    msp
      .select()
      .from(contacts)
      .where(msp.mine(contacts, inArray(contacts.customerId, survivorId))),
    msp
      .select({
        id: tenants.id,
        name: tenants.name,
        connectedAt: tenants.connectedAt,
        removedAt: tenants.removedAt,
      })
      .from(tenants)
      .where(msp.mine(tenants, inArray(tenants.customerId, survivorId))),
    msp
      .select({ id: documents.id, name: documents.name, version: documents.version })
      .from(documents)
      .where(
        msp.mine(documents, and(inArray(documents.customerId, survivorId), inArray(documents.id, movedDocuments))),
      ),
    msp
      .select()
      .from(portals)
      .where(msp.mine(portals, inArray(portals.customerId, survivorId))),
    msp
      .select({ id: noticeRecipients.id })
      .from(noticeRecipients)
      .where(msp.mine(noticeRecipients, inArray(noticeRecipients.customerId, survivorId))),
  ] as const
}

/** All but the merge itself. */
type Found = AnswersOf<typeof mergeAndPresent> extends [unknown, ...infer Rest] ? Rest : never

const presentIn = ([[survivor], people, associations, files, [portal], recipients]: Found): PresentRows => {
  if (survivor === undefined) throw missing('customer')
  return {
    survivor,
    contacts: people.map(({ id, name, email, version }) => ({ id, name, email, mark: String(version) })),
    tenants: associations.map((tenant) => ({ id: tenant.id, name: tenant.name, mark: tenantMark(tenant) })),
    documents: files.map(({ id, name, version }) => ({ id, name, mark: String(version) })),
    portal: portal === undefined ? null : { id: portal.id, name: portal.host, mark: String(portal.version) },
    people,
    portalRow: portal,
    noticeIds: recipients.map(({ id }) => id),
  }
}

const writesOf = (
  msp: MspScope,
  { survivorId, mergedId }: MergeRow,
  kept: Kept,
  present: PresentRows,
  undoing: Undoing,
): [Write, ...Write[]] => {
  const { contactIds, tenantIds, documentIds, requestIds, portalGoesBack, fields } = undoing
  const [own, back] = [msp.forCustomer(survivorId), msp.forCustomer(mergedId)]
  const values = { ...valuesIn(present.survivor), ...fields }
  const [ownPortal, backPortal] = [portalOf('survivor', present, undoing), portalOf('merged', present, undoing)]
  const backIds = [...contactIds, ...undoing.contacts.filter(({ side }) => side === 'merged').map(({ row }) => row.id)]
  const give = <T extends Parameters<MspScope['moveToCustomer']>[0]>(table: T, condition: SQL) =>
    msp.moveToCustomer(table, survivorId, mergedId, condition)
  return [
    msp.change(customers, present.survivor, {
      ...fields,
      sortName: folded(values.name),
      ...portalSummary(ownPortal),
    }),
    msp.add(customers, { ...rowAgain(kept.merged), ...portalSummary(backPortal) }),
    ...(portalGoesBack ? [give(portals, eq(portals.customerId, survivorId))] : []),
    give(contacts, among(contacts.id, contactIds)),
    give(tenants, among(tenants.id, tenantIds)),
    give(documents, among(documents.id, documentIds)),
    give(serviceRequests, among(serviceRequests.id, requestIds)),
    ...requestsAgain(msp, kept, undoing),
    ...decisionsAgain(msp, kept, present, undoing),
    ...ticketsAgain(msp, kept, present, undoing),
    give(
      tickets,
      and(
        numbered(kept.tickets ?? []),
        // A ticket goes with whom it is for.
        or(isNull(tickets.requester), among(tickets.requester, backIds)),
      ) ?? sql`false`,
    ),
    ...ticketsLeft(msp, { survivorId, mergedId }, present, backIds),
    give(logos, among(logos.id, kept.logoIds)),
    give(noticeRecipients, among(noticeRecipients.id, kept.notices.moved)),
    back.putAll(
      noticeRecipients,
      kept.notices.shared.filter((id) => present.noticeIds.includes(id)).map((id) => ({ id })),
    ),
    give(customHostnames, among(customHostnames.id, kept.hostnameIds ?? [])),
    give(customerMerges, among(customerMerges.id, kept.mergeIds)),
    give(customerWords, among(customerWords.id, [...contactIds, ...tenantIds])),
    // The work that waits for a tenant stands under its customer.
    give(
      jobs,
      among(
        jobs.naturalKey,
        tenantIds.flatMap((id) => [`sync:${id}`, `health:${id}`]),
      ),
    ),
    ...undoing.contacts.flatMap(({ side, row }) => contactAgain(side === 'merged' ? back : own, row)),
    ...(undoing.portal === undefined ? [] : [portalAgain(msp, ownerIdOf(undoing.portal.side), undoing.portal.row)]),
    ...primaryHostsFollow(msp, [survivorId, mergedId]),
    ...positionsAgain(msp, kept, contactIds),
    ...noLongerMain(msp, kept, undoing),
    ...mainAgain(msp, kept),
    sessionsElsewhereEnd(msp, backIds, backPortal?.host),
    sessionsElsewhereEnd(msp, kept.survivorContactIds, ownPortal?.host),
    ...changeWords(own, survivorId, wordsOfCustomer(values)),
    ...changeWords(back, mergedId, wordsOfCustomer(kept.merged)),
    ...summaryOf(own),
    ...summaryOf(back),
  ]

  function ownerIdOf(side: Side) {
    return side === 'merged' ? mergedId : survivorId
  }
}

/** The portal that one of the two has afterwards. */
const portalOf = (side: Side, present: PresentRows, undoing: Undoing): PortalRow | undefined => {
  if (undoing.portal?.side === side) return undoing.portal.row
  return undoing.portalGoesBack === (side === 'merged') ? present.portalRow : undefined
}

/** Whose invitation leads to a portal that is not theirs any more is invited anew, and so is whom the merge withdrew one from. */
const invitationsAgain = async (
  environment: Environment,
  msp: MspScope,
  { survivorId, mergedId }: MergeRow,
  { merged, uninvitedIds = [] }: Kept,
  present: PresentRows,
  undoing: Undoing,
): Promise<Write[]> => {
  const back = new Set(undoing.contactIds)
  const isWaiting = (contact: ContactRow) =>
    holdsInvitation(contact, now()) || (uninvitedIds.includes(contact.id) && contact.access === 'none')
  const of = async (side: Side, customerId: string, customer: Pick<CustomerRow, 'state'>) => {
    const portal = portalOf(side, present, undoing)
    const isElsewhere = portal?.host !== present.portalRow?.host
    const people = [
      ...present.people.filter((contact) => isElsewhere && back.has(contact.id) === (side === 'merged')),
      // Their links went with them.
      ...undoing.contacts.filter((one) => one.side === side).map(({ row }) => row),
    ].filter(isWaiting)
    return invitationsFollow(environment, msp, customerId, people, takesPeopleIn(customer, portal))
  }
  return [...(await of('survivor', survivorId, present.survivor)), ...(await of('merged', mergedId, merged))]
}

/** The row under its own id; a newer version, so that what was read of it before the merge fits no more. */
const rowAgain = ({ mspId: _, version, ...row }: CustomerRow) => ({ ...row, version: version + 1 })

const contactAgain = (
  customer: ReturnType<MspScope['forCustomer']>,
  { mspId: _, customerId: __, version, ...row }: ContactRow,
): Write[] => [
  customer.add(contacts, { ...row, version: version + 1, isTheAdmin: false }),
  ...changeWords(customer, row.id, wordsOfContact(row)),
]

/** Whoever comes back has what they had asked for themselves. */
const requestsAgain = (msp: MspScope, { requests = [] }: Kept, { contacts: back }: Undoing): Write[] =>
  back.flatMap(({ row }) => {
    const ids = requests.flatMap(({ id, by }) => (by === row.id ? [id] : []))
    return ids.length === 0
      ? []
      : [
          msp.changeAll(serviceRequests, among(serviceRequests.id, ids), {
            requestedBy: row.id,
            requesterName: row.name,
          }),
        ]
  })

/** Whoever comes back has approved and declined again what they had, as far as nobody else has since, and done what they had done. */
const decisionsAgain = (
  msp: MspScope,
  { approvals = [], requestEvents: done = [] }: Kept,
  { people }: PresentRows,
  { contacts: back }: Undoing,
): Write[] =>
  back.flatMap(({ row: { id, name, email } }) => {
    const { customerApprovedBy, decidedBy } = serviceRequests
    const approved = approvals.flatMap((one) => (one.approvedBy === id ? [one.id] : []))
    const decided = approvals.flatMap((one) => (one.decidedBy === id ? [one.id] : []))
    const events = done.flatMap((one) => (one.of === id ? [one.id] : []))
    const twin = people.find((one) => one.email === email && one.id !== id)
    if (approved.length + decided.length + events.length === 0 || twin === undefined) return []
    const stillTwins = (ids: string[], column: typeof customerApprovedBy | typeof decidedBy) =>
      and(among(serviceRequests.id, ids), eq(column, twin.id))
    return [
      msp.changeAll(serviceRequests, stillTwins(approved, customerApprovedBy), {
        customerApprovedBy: id,
        customerApprovedName: name,
      }),
      msp.changeAll(serviceRequests, stillTwins(decided, decidedBy), { decidedBy: id, decidedByName: name }),
      msp.changeAll(requestEvents, among(requestEvents.id, events), { actorId: id, actorName: name }),
    ]
  })

const numbered = (numbers: number[]): SQL =>
  sql`${tickets.number} in (select value from json_each(${JSON.stringify(numbers)}))`

/** Whoever comes back has the tickets again that were theirs, as far as whoever had them meanwhile still has them. */
const ticketsAgain = (
  msp: MspScope,
  { ticketPeople: passed = [] }: Kept,
  { people }: PresentRows,
  { contacts: back }: Undoing,
): Write[] =>
  back.flatMap(({ row }) => {
    const numbers = passed.flatMap(({ of, number }) => (of === row.id ? [number] : []))
    const twin = people.find(({ id, email }) => email === row.email && id !== row.id)
    if (numbers.length === 0 || twin === undefined) return []
    const theirs = msp
      .select({ id: tickets.id })
      .from(tickets)
      .where(msp.mine(tickets, numbered(numbers)))
    const isTwins = (table: typeof ticketPeople | typeof ticketNews) =>
      and(inArray(table.ticketId, theirs), eq(table.id, twin.id))
    return [
      msp.changeAll(tickets, and(numbered(numbers), eq(tickets.requester, twin.id)), {
        requester: row.id,
        requesterName: row.name,
      }),
      msp.passOn(ticketNews, isTwins(ticketNews), row.id),
      msp.passOn(ticketPeople, isTwins(ticketPeople), row.id),
    ]
  })

/** Nobody watches a ticket of a company that they are not of. */
const ticketsLeft = (
  msp: MspScope,
  { survivorId, mergedId }: { survivorId: string; mergedId: string },
  { people }: PresentRows,
  backIds: string[],
): Write[] => {
  const goesBack = new Set(backIds)
  const stayingIds = people.flatMap(({ id }) => (goesBack.has(id) ? [] : [id]))
  return [ticketPeople, ticketNews].flatMap((table) => [
    msp.removeWhere(table, and(eq(table.customerId, mergedId), among(table.id, stayingIds))),
    msp.removeWhere(table, and(eq(table.customerId, survivorId), among(table.id, backIds))),
  ])
}

const portalAgain = (msp: MspScope, customerId: string, { mspId: _, version, ...row }: PortalRow): Write =>
  msp.add(portals, { ...row, customerId, version: version + 1, addressState: 'preparing' })

const positionsAgain = (msp: MspScope, { shift, survivorContactIds }: Kept, contactIds: string[]): Write[] =>
  shift.by === 0
    ? []
    : [
        msp.changeAll(contacts, among(contacts.id, shift.side === 'survivor' ? survivorContactIds : contactIds), {
          escalationPosition: sql`max(escalation_position - ${shift.by}, 0)`,
        }),
      ]

/** Whoever stood in for a main contact who comes back does so no longer. */
const noLongerMain = (msp: MspScope, { becameMainId = null }: Kept, undoing: Undoing): Write[] =>
  becameMainId !== null && undoing.contacts.some(({ row }) => row.isTheAdmin)
    ? [msp.changeAll(contacts, eq(contacts.id, becameMainId), { isTheAdmin: false })]
    : []

/** Whoever was the main contact is it again, unless somebody else is by now. */
const mainAgain = (msp: MspScope, { noLongerMainId, removedContacts }: Kept): Write[] => {
  const ids = [
    ...(noLongerMainId === null ? [] : [noLongerMainId]),
    ...removedContacts.filter(({ row }) => row.isTheAdmin).map(({ row }) => row.id),
  ]
  return ids.map((id) => {
    const others = sql`select 1 from contacts as other where other.msp_id = ${msp.mspId} and other.is_the_admin = 1 and other.customer_id = contacts.customer_id`
    return msp.changeAll(contacts, and(eq(contacts.id, id), sql`not exists (${others})`), { isTheAdmin: true })
  })
}
