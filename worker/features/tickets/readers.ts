import type { contacts, staff, tickets, ticketEntries } from '../../../db/shard/schema.ts'
import { rolesOf, staffMay } from '../../tenancy/permissions.ts'

/** Whom a mail is for: one of the customer's people, one of the staff, or whoever sees to what nobody looks after yet. */
export type Reader = { kind: 'contact' | 'staff' | 'desk'; id: string }

export type MailedContact = Pick<
  typeof contacts.$inferSelect,
  'id' | 'name' | 'email' | 'access' | 'removedAt' | 'isPortalUser' | 'isPortalAdmin' | 'ticketMails'
>
export type MailedStaff = Pick<
  typeof staff.$inferSelect,
  'id' | 'name' | 'email' | 'role' | 'disabled' | 'confirmedAt' | 'ticketMails'
>

export type Told = {
  /** Whether it is what the ticket began with. */
  isNew: boolean
  /** Whether the requester knows of it by another mail. */
  isRequesterTold: boolean
  entry: Pick<typeof ticketEntries.$inferSelect, 'kind' | 'isInternal' | 'authorKind' | 'author' | 'event'>
  ticket: Pick<typeof tickets.$inferSelect, 'requester' | 'assignee'>
  /** Whether the customer's portal is open: to whom it is closed, nothing is mailed. */
  isPortalOpen: boolean
  /** Requester, watchers, and whoever wants all of the company's tickets. */
  contacts: (MailedContact & { isOfTicket: boolean })[]
  /** The assignee, and whoever wants all tickets. */
  staff: MailedStaff[]
  /** Who sees to what nobody looks after: the address for help, or owners where there is none. */
  desk: { id: string; address: string }[]
}

/**
 * Who is mailed of an entry. Never whoever wrote it, but the requester is told that their ticket arrived, where nothing else tells them; and nobody who is
 * kept out, has not confirmed yet, or wants none. What is internal, and who looks after it, is for staff alone; that somebody follows it
 * now for that person.
 */
export const readersOf = (told: Told): Reader[] => {
  const { isNew, entry, ticket } = told
  const isAuthor = (id: string) => entry.author === id
  const isForOne = entry.event?.type === 'watcher_added'
  const isForAll = !entry.isInternal && (entry.kind === 'comment' || entry.event?.type === 'state')
  const concerns = (person: Told['contacts'][number]) =>
    isForAll || (entry.event?.type === 'watcher_added' && entry.event.contactId === person.id && person.isOfTicket)
  const toContacts = told.contacts
    .filter((person) => told.isPortalOpen && concerns(person) && mayRead(person) && wants(person))
    .filter(({ id }) => (id === ticket.requester && isNew ? !told.isRequesterTold : !isAuthor(id)))
  const isForAssigneeAlone = entry.event?.type === 'assignee'
  const toStaff = told.staff
    .filter((person) => !isForOne && mayWork(person) && person.ticketMails !== 'none' && !isAuthor(person.id))
    .filter(({ id, ticketMails }) => id === ticket.assignee || (ticketMails === 'all' && !isForAssigneeAlone))
  const isForDesk = isNew && ticket.assignee === null && entry.authorKind !== 'staff'
  const known = new Set(toStaff.flatMap(({ id, email }) => [id, email.toLowerCase()]))
  const toDesk = told.desk.filter(({ id, address }) => isForDesk && !known.has(id) && !known.has(address.toLowerCase()))
  return [
    ...toContacts.map(({ id }) => ({ kind: 'contact' as const, id })),
    ...toStaff.map(({ id }) => ({ kind: 'staff' as const, id })),
    ...toDesk.map(({ id }) => ({ kind: 'desk' as const, id })),
  ]
}

const wants = ({ ticketMails, isPortalAdmin, isOfTicket }: Told['contacts'][number]): boolean =>
  ticketMails !== 'none' && (isOfTicket || (ticketMails === 'all' && isPortalAdmin))

/** Whether a contact may read and write tickets at all: with any role, whatever their company's policy. */
export const mayRead = (person: Omit<MailedContact, 'ticketMails' | 'id' | 'name'>): boolean =>
  person.access === 'active' && person.removedAt === null && person.email !== null && rolesOf(person).length > 0

const mayWork = ({ disabled, confirmedAt, role }: MailedStaff): boolean =>
  !disabled && confirmedAt !== null && staffMay[role].has('tickets.read')
