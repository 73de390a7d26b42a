import { and, eq, exists, getTableName, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import type { Placeholder, SQL } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Database } from '../../db/connect.ts'
import {
  contacts,
  documents,
  noticeRecipients,
  notices,
  requestEvents,
  requestSteps,
  serviceRequests,
  ticketEntries,
  ticketFiles,
  ticketNews,
  ticketPeople,
  tickets,
  ticketWords,
  userChanges,
} from '../../db/shard/schema.ts'

/** The contact a portal request comes from, as far as visibility depends on it. */
export type ContactPerson = {
  contactId: string
  isPortalAdmin: boolean
  isPortalUser: boolean
  /** Whether this session lets them see their company's licences, whatever their roles. */
  readsLicences?: boolean
  /** Whether they see what is bought and used: portal users do where their company's policy says so. */
  seesLicences?: boolean
}
/** The same, or any contact of those roles. */
export type ContactKind = Omit<ContactPerson, 'contactId'> & { contactId: string | Placeholder }

/** The scope a predicate stands in, for one that looks at another table: its rows, bound to the owner like any. */
export type Within = { db: Database; owned: (table: SQLiteTable) => SQL[] }

const everybody = () => undefined
const nobody = () => sql`false`
/** What a customer's contacts see of its documents. */
export const sharedDocuments = () => and(eq(documents.sharedWithCustomer, true), isNull(documents.deletedAt))
const portalAdmins = (person: ContactKind) => (person.isPortalAdmin ? everybody() : nobody())
const seesHolders = (person: ContactKind) => person.isPortalAdmin || person.readsLicences === true
const licencePeople = (person: ContactKind) => (seesHolders(person) ? everybody() : nobody())

/** What belongs to a ticket the contact sees: as portal admin any of the company, else those they asked for or watch. */
const ofTheirTickets = (person: ContactKind, { db, owned }: Within, ticketId: SQLiteColumn) =>
  person.isPortalAdmin
    ? everybody()
    : // Looked up ticket by ticket: a list of all of theirs would grow with every one they ever had.
      exists(
        db
          .select({ id: ticketPeople.id })
          .from(ticketPeople)
          .where(
            and(...owned(ticketPeople), eq(ticketPeople.ticketId, ticketId), eq(ticketPeople.id, person.contactId)),
          ),
      )

/** What belongs to a request the contact sees: as portal admin any of the company, else those they made. */
const ofTheirRequests = (person: ContactKind, { db, owned }: Within, requestId: SQLiteColumn) =>
  person.isPortalAdmin
    ? everybody()
    : exists(
        db
          .select({ id: serviceRequests.id })
          .from(serviceRequests)
          .where(
            and(
              ...owned(serviceRequests),
              eq(serviceRequests.id, requestId),
              eq(serviceRequests.requestedBy, person.contactId),
            ),
          ),
      )

/**
 * Which rows of a table a contact sees, below what the customer's scope allows. A table that is not named here is
 * hidden: unknown visibility means hidden.
 */
const visibility: Record<string, (person: ContactKind, within: Within) => SQL | undefined> = {
  msps: everybody,
  customers: everybody,
  portals: everybody,
  tenants: everybody,
  // A portal admin looks after those who have, or were offered, access; the MSP's other contacts are its own affair.
  contacts: (person) =>
    and(
      isNull(contacts.removedAt),
      person.isPortalAdmin ? ne(contacts.access, 'none') : eq(contacts.id, person.contactId),
    ),
  documents: sharedDocuments,
  tenant_users: everybody,
  // Which of these say anything is the directory's affair: it asks for what is shown and no more.
  tenant_user_words: everybody,
  tenant_departments: everybody,
  // Who was given which licence tells who holds it.
  user_changes: (person) => (seesHolders(person) ? everybody() : isNull(userChanges.skuId)),
  tenant_days: everybody,
  seat_counts: (person) => (person.seesLicences === true ? everybody() : nobody()),
  seat_holders: licencePeople,
  skus: everybody,
  licence_terms: everybody,
  service_requests: (person) =>
    person.isPortalAdmin ? everybody() : eq(serviceRequests.requestedBy, person.contactId),
  request_events: (person, within) => ofTheirRequests(person, within, requestEvents.requestId),
  request_steps: (person, within) => ofTheirRequests(person, within, requestSteps.requestId),
  request_forms: everybody,
  request_form_overlays: everybody,
  self_service_defaults: everybody,
  self_service_overrides: everybody,
  tickets: (person, within) => ofTheirTickets(person, within, tickets.id),
  // Colleagues beside them are read with the ticket, which says who sees it.
  ticket_people: (person) => (person.isPortalAdmin ? everybody() : eq(ticketPeople.id, person.contactId)),
  ticket_words: (person, within) => ofTheirTickets(person, within, ticketWords.id),
  ticket_entries: (person, within) =>
    and(eq(ticketEntries.isInternal, false), ofTheirTickets(person, within, ticketEntries.ticketId)),
  // What waits to be sent is of whoever uploaded it, and of nobody else.
  ticket_files: (person, within) =>
    or(
      and(
        isNotNull(ticketFiles.entry),
        eq(ticketFiles.isInternal, false),
        ofTheirTickets(person, within, ticketFiles.ticketId),
      ),
      and(
        isNull(ticketFiles.entry),
        eq(ticketFiles.addedByKind, 'contact'),
        eq(ticketFiles.addedById, person.contactId),
      ),
    ),
  // Whoever does not see a ticket any more loses their news of it, by triggers.
  ticket_news: (person) => eq(ticketNews.id, person.contactId),
  ticket_settings: everybody,
  service_health: everybody,
  service_issues: everybody,
  tenant_groups: everybody,
  group_members: everybody,
  notices: (_, { db, owned }) =>
    or(
      eq(notices.forAll, true),
      exists(
        db
          .select({ id: noticeRecipients.id })
          .from(noticeRecipients)
          .where(and(...owned(noticeRecipients), eq(noticeRecipients.id, notices.id))),
      ),
    ),
  // How far it is when they asked for a sync.
  sync_runs: portalAdmins,
  subscriptions: licencePeople,
  security_scores: portalAdmins,
  security_alerts: portalAdmins,
  score_controls: portalAdmins,
}

export const contactMaySee = (table: SQLiteTable, person: ContactKind, within: Within): SQL | undefined => {
  const rule = visibility[getTableName(table)]
  return rule === undefined ? nobody() : rule(person, within)
}
