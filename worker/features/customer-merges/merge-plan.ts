import type { contacts, customers, portals } from '../../../db/shard/schema.ts'
import { inFigures } from '../../figures.ts'
import { pointerOf } from '../../http/pointer.ts'
import type { FieldError } from '../../http/problem.ts'
import { psaKeyOf } from '../customers/index.ts'

export type CustomerRow = typeof customers.$inferSelect
export type ContactRow = typeof contacts.$inferSelect
export type PortalRow = typeof portals.$inferSelect
export type TenantFacts = { id: string; name: string; domain: string; connectedAt: number; removedAt: number | null }
export type DocumentFacts = { id: string; name: string; version: number }

/** One of the two, with what hangs on it. */
export type SideFacts = {
  row: CustomerRow
  contacts: ContactRow[]
  portal: PortalRow | undefined
  tenants: TenantFacts[]
  /** Of the survivor, which keeps its own, no more than how many there are is read. */
  documents: DocumentFacts[]
  /** Not counted beyond one more than a thousand. */
  ticketCount: number
  /** Whoever holds the link of an invitation that still works. */
  invitedIds: ReadonlySet<string>
}

export type Side = 'survivor' | 'merged'
export const mergeFields = ['name', 'email', 'phone', 'address', 'notes', 'psaId'] as const
export type MergeField = (typeof mergeFields)[number]
export type Values = Record<MergeField, string | null> & { name: string }

/** What cannot be both at once: each is somebody's to decide. */
export type Collisions = {
  portal: boolean
  psaId: boolean
  /** Both have people to call: whose come first? */
  escalation: boolean
  mainContact: { survivor: ContactRow; merged: ContactRow } | undefined
  /** The same address on both sides: one of the two goes. */
  contacts: { email: string; survivor: ContactRow; merged: ContactRow }[]
}

export type Choices = {
  fields: { [Field in MergeField]?: Side | 'both' | undefined }
  collisions: {
    portal?: Side | undefined
    escalation?: 'survivor_first' | 'merged_first' | undefined
    mainContact?: Side | undefined
    contacts: Record<string, Side>
  }
}

/** What a merge does, decided. */
export type MergePlan = {
  values: Values
  removedContacts: { side: Side; row: ContactRow }[]
  movedContacts: ContactRow[]
  noLongerMain: ContactRow | undefined
  /** Whose positions in the escalation order grow by how much. */
  shift: { side: Side; by: number }
  /** The portal that goes for good, where there are two. */
  removedPortal: { side: Side; row: PortalRow } | undefined
  movesPortal: boolean
  /** The portal the survivor has afterwards. */
  portal: PortalRow | undefined
  /** Who is the main contact in place of one who goes and has the same address. */
  becomesMain: ContactRow | undefined
  /** Those whose invitation led to the portal that goes, and whether the one that stays takes them in. */
  stranded: { people: ContactRow[]; areInvitedAnew: boolean }
}

/** As many documents as a merge moves, and can remember for its undoing. */
export const DOCUMENT_COUNT_MAX = 1000
export const NOTES_LENGTH_MAX = 5000

/** Where two customers clash. Pure. */
export const collisionsOf = (survivor: SideFacts, merged: SideFacts): Collisions => {
  const [theirs, others] = [mainOf(survivor), mainOf(merged)]
  const contacts = merged.contacts.flatMap((row) => {
    const twin = row.email === null ? undefined : survivor.contacts.find(({ email }) => email === row.email)
    return twin === undefined || row.email === null ? [] : [{ email: row.email, survivor: twin, merged: row }]
  })
  const isSame = contacts.some((one) => one.survivor.id === theirs?.id && one.merged.id === others?.id)
  return {
    portal: survivor.portal !== undefined && merged.portal !== undefined,
    psaId:
      survivor.row.psaId !== null &&
      merged.row.psaId !== null &&
      psaKeyOf(survivor.row.psaId) !== psaKeyOf(merged.row.psaId),
    escalation: survivor.contacts.length > 0 && merged.contacts.length > contacts.length,
    mainContact:
      theirs === undefined || others === undefined || isSame ? undefined : { survivor: theirs, merged: others },
    contacts,
  }
}

/** What a field becomes when nobody chooses: the survivor's own, or the other's where it has none. Pure. */
export const valueOf = (
  field: MergeField,
  survivor: CustomerRow,
  merged: CustomerRow,
  choice: Side | 'both' | undefined,
): string | null => {
  const [own, other] = [survivor[field], merged[field]]
  switch (choice) {
    case 'survivor':
      return own
    case 'merged':
      return other
    case 'both':
      return [own, other].filter((part) => part !== null && part !== '').join('\n\n') || null
    case undefined:
      return own ?? other
  }
}

/** What is to be done, or what is still to be decided, each by its JSON pointer. Pure. */
export const decide = (
  survivor: SideFacts,
  merged: SideFacts,
  { fields, collisions: chosen }: Choices,
): { ok: true; plan: MergePlan } | { ok: false; errors: FieldError[] } => {
  const collisions = collisionsOf(survivor, merged)
  const errors: FieldError[] = []
  const demand = (isNeeded: boolean, given: unknown, pointer: string, detail: string) => {
    if (isNeeded && given === undefined) errors.push({ pointer, detail })
  }
  demand(collisions.psaId, fields.psaId, '/fields/psaId', 'Both have a PSA id. Choose which one stays.')
  demand(collisions.portal, chosen.portal, '/collisions/portal', 'Both have a portal. Choose which one stays.')
  demand(
    collisions.escalation,
    chosen.escalation,
    '/collisions/escalation',
    'Both have contacts. Choose whose are called first.',
  )
  demand(
    collisions.mainContact !== undefined,
    chosen.mainContact,
    '/collisions/mainContact',
    'Both have a main contact. Choose who it is.',
  )
  for (const { email } of collisions.contacts)
    demand(
      true,
      Object.hasOwn(chosen.contacts, email) ? chosen.contacts[email] : undefined,
      pointerOf('collisions', 'contacts', email),
      `${email} is a contact of both. Choose which one stays.`,
    )
  const values = {
    name: valueOf('name', survivor.row, merged.row, fields.name) ?? survivor.row.name,
    email: valueOf('email', survivor.row, merged.row, fields.email),
    phone: valueOf('phone', survivor.row, merged.row, fields.phone),
    address: valueOf('address', survivor.row, merged.row, fields.address),
    notes: valueOf('notes', survivor.row, merged.row, fields.notes),
    psaId: valueOf('psaId', survivor.row, merged.row, fields.psaId),
  }
  if ((values.notes?.length ?? 0) > NOTES_LENGTH_MAX)
    errors.push({
      pointer: '/fields/notes',
      detail: `Together the notes have more than ${inFigures(NOTES_LENGTH_MAX)} characters.`,
    })
  if (errors.length > 0) return { ok: false, errors }

  const removedContacts = collisions.contacts.map((one) =>
    chosen.contacts[one.email] === 'merged'
      ? { side: 'survivor' as const, row: one.survivor }
      : { side: 'merged' as const, row: one.merged },
  )
  const gone = new Set(removedContacts.map(({ row }) => row.id))
  const movedContacts = merged.contacts.filter(({ id }) => !gone.has(id))
  const removedPortal = removedPortalOf(survivor, merged, collisions.portal ? chosen.portal : undefined)
  const movesPortal = merged.portal !== undefined && removedPortal?.side !== 'merged'
  const portal = movesPortal ? merged.portal : survivor.portal
  const leftBehind = removedPortal === undefined ? undefined : { survivor, merged }[removedPortal.side]
  return {
    ok: true,
    plan: {
      values,
      removedContacts,
      movedContacts,
      noLongerMain: noLongerMainOf(collisions, chosen.mainContact, gone),
      shift:
        chosen.escalation === 'merged_first'
          ? { side: 'survivor', by: nextPosition(merged.contacts) }
          : { side: 'merged', by: nextPosition(survivor.contacts) },
      removedPortal,
      movesPortal,
      portal,
      becomesMain: becomesMainOf(survivor, merged, collisions, chosen.mainContact, gone),
      stranded: {
        people: leftBehind?.contacts.filter(({ id }) => leftBehind.invitedIds.has(id) && !gone.has(id)) ?? [],
        areInvitedAnew: takesPeopleIn(survivor.row, portal),
      },
    },
  }
}

const mainOf = ({ contacts }: SideFacts) => contacts.find(({ isTheAdmin }) => isTheAdmin)

const noLongerMainOf = ({ mainContact }: Collisions, chosen: Side | undefined, gone: ReadonlySet<string>) => {
  if (mainContact === undefined) return undefined
  // Whoever goes altogether is no main contact anyway.
  const loser = chosen === 'merged' ? mainContact.survivor : mainContact.merged
  return gone.has(loser.id) ? undefined : loser
}

/** Whoever is the main contact and goes, since somebody of the same address stays, leaves it to that one. */
const becomesMainOf = (
  survivor: SideFacts,
  merged: SideFacts,
  { mainContact, contacts }: Collisions,
  chosen: Side | undefined,
  gone: ReadonlySet<string>,
) => {
  const main = mainContact === undefined ? (mainOf(survivor) ?? mainOf(merged)) : mainContact[chosen ?? 'survivor']
  if (main === undefined || !gone.has(main.id)) return undefined
  const both = contacts.find((one) => one.survivor.id === main.id || one.merged.id === main.id)
  const twin = both?.survivor.id === main.id ? both.merged : both?.survivor
  return twin?.isTheAdmin === true ? undefined : twin
}

/** Whether somebody with an invitation could come in. Pure. */
export const takesPeopleIn = (customer: Pick<CustomerRow, 'state'>, portal: Pick<PortalRow, 'state'> | undefined) =>
  customer.state === 'active' && portal?.state === 'enabled'

const removedPortalOf = (survivor: SideFacts, merged: SideFacts, keeps: Side | undefined) => {
  if (survivor.portal === undefined || merged.portal === undefined) return undefined
  return keeps === 'merged'
    ? { side: 'survivor' as const, row: survivor.portal }
    : { side: 'merged' as const, row: merged.portal }
}

const nextPosition = (contacts: ContactRow[]): number =>
  contacts.reduce((last, { escalationPosition }) => Math.max(last, escalationPosition + 1), 0)
