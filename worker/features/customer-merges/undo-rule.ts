import type { LeftBehind } from '../../../db/shard/schema.ts'
import type { ContactRow, CustomerRow, MergeField, PortalRow, Side, Values } from './merge-plan.ts'
import { mergeFields } from './merge-plan.ts'

/** A row that went over, and what tells whether anybody has touched it since. */
export type Moved = { id: string; name: string; mark: string }

/** What a merge keeps so that it can be undone. */
export type Kept = {
  merged: CustomerRow
  before: Values
  after: Values
  contacts: (Moved & { isTheAdmin: boolean })[]
  tenants: Moved[]
  documents: Moved[]
  logoIds: string[]
  mergeIds: string[]
  /** Absent in merges older than host names of customers' own. */
  hostnameIds?: string[]
  /** Notices that were told to the merged one alone, and those told to both. */
  notices: { moved: string[]; shared: string[] }
  portal: Moved | null
  removedContacts: { side: Side; row: ContactRow }[]
  removedPortal: { side: Side; row: PortalRow } | null
  noLongerMainId: string | null
  /** Who became the main contact in place of one who went; null in merges older than that. */
  becameMainId?: string | null
  /** Whose invitation was withdrawn, since the portal that stayed took nobody in. */
  uninvitedIds?: string[]
  shift: { side: Side; by: number }
  survivorContactIds: string[]
  /**
   * What the merged one had asked for, and what those had asked for whom the merge removed: written by the commit itself, so
   * that nothing is left out. Absent in merges older than that.
   */
  requests?: { id: string; by: string; side: Side }[]
  /** What those had approved or declined for whom the merge removed; absent in merges older than that. */
  approvals?: { id: string; approvedBy: string | null; decidedBy: string | null }[]
  /** What they had done to requests, likewise. */
  requestEvents?: { id: string; of: string }[]
  /** The numbers of the merged one's tickets, likewise. */
  tickets?: number[]
  /** Which tickets were of whom the merge removed, likewise. */
  ticketPeople?: { of: string; number: number }[]
}

/** What the survivor has now, of all that. */
export type Present = {
  survivor: CustomerRow
  contacts: (Moved & { email: string | null })[]
  tenants: Moved[]
  documents: Moved[]
  portal: Moved | null
}

export type Undoing = {
  contactIds: string[]
  tenantIds: string[]
  documentIds: string[]
  requestIds: string[]
  portalGoesBack: boolean
  /** Contacts that the merge removed, and that come back. */
  contacts: { side: Side; row: ContactRow }[]
  /** The portal that the merge removed, if it may come back: its name has to be had, too. */
  portal: { side: Side; row: PortalRow } | undefined
  fields: Partial<Values>
  left: LeftBehind[]
}

/**
 * What undoing a merge does (product.md, decision 12): only what nobody has touched since goes back, everything else
 * stays where it is and is named. Pure.
 */
export const undoingOf = (kept: Kept, present: Present): Undoing => {
  const left: LeftBehind[] = []
  const goingBack = (kind: LeftBehind['kind'], moved: Moved[], there: Moved[]): string[] =>
    moved.flatMap(({ id, name, mark }) => {
      const now = there.find((one) => one.id === id)
      if (now?.mark === mark) return [id]
      left.push({ kind, name: now?.name ?? name, reason: now === undefined ? 'gone' : 'changed' })
      return []
    })
  const tenantIds = goingBack('tenant', kept.tenants, present.tenants)
  const contactIds = goingBack('contact', kept.contacts, present.contacts)
  const documentIds = goingBack('document', kept.documents, present.documents)
  const portalGoesBack =
    kept.portal !== null &&
    goingBack('portal', [kept.portal], present.portal === null ? [] : [present.portal]).length === 1

  // A request goes with whoever asked, however far it has come since.
  const staying = new Set(kept.contacts.flatMap(({ id }) => (contactIds.includes(id) ? [] : [id])))
  const requestIds = (kept.requests ?? []).flatMap(({ id, by, side }) =>
    side === 'merged' && !staying.has(by) ? [id] : [],
  )

  const contacts = kept.removedContacts.filter(({ side, row }) => {
    const isTaken =
      side === 'survivor' && present.contacts.some(({ id, email }) => email === row.email && !contactIds.includes(id))
    if (isTaken) left.push({ kind: 'contact', name: row.name, reason: 'taken' })
    return !isTaken
  })
  return {
    contactIds,
    tenantIds,
    documentIds,
    requestIds,
    portalGoesBack,
    contacts,
    portal: portalComingBack(kept, present, portalGoesBack, left),
    fields: fieldsOf(kept, present.survivor, left),
    left,
  }
}

const portalComingBack = (
  { removedPortal }: Kept,
  { portal }: Present,
  portalGoesBack: boolean,
  left: LeftBehind[],
) => {
  if (removedPortal === null) return undefined
  // The survivor's own comes back only where the one it has now makes room.
  if (removedPortal.side === 'merged' || portalGoesBack || portal === null) return removedPortal
  left.push({ kind: 'portal', name: removedPortal.row.host, reason: 'taken' })
  return undefined
}

const fieldsOf = ({ before, after }: Kept, survivor: CustomerRow, left: LeftBehind[]): Partial<Values> => {
  const changed = mergeFields.filter((field) => before[field] !== after[field])
  const untouched = changed.filter((field) => survivor[field] === after[field])
  for (const field of changed)
    if (!untouched.includes(field)) left.push({ kind: 'field', name: field, reason: 'changed' })
  return Object.fromEntries(untouched.map((field: MergeField) => [field, before[field]])) as Partial<Values>
}
