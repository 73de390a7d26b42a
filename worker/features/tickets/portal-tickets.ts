import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { contacts, customers, ticketFiles, ticketPeople, tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import type { Answers } from '../../tenancy/plan.ts'
import type { Answer, ContactScope, CustomerScope, Note, Write } from '../../tenancy/scope.ts'
import { CONTACT_COUNT_MAX } from '../contacts/index.ts'
import { authorOf, doing, happening, numbered, raising, saying, subjectOf, tryingAgain } from './conversation.ts'
import type { Person, TicketRow } from './conversation.ts'
import { fileGone, refusingFiles, unsentOf } from './files.ts'
import type { FileRow } from './files.ts'
import type { EntryQuery } from './conversation.schema.ts'
import type {
  PortalTicketQuery,
  RaiseTicketInput,
  TicketCommentInput,
  TicketRatingInput,
} from './portal-tickets.schema.ts'
import { conversationReads, mergedNumbersRead, withFiles } from './read-conversation.ts'
import type { EntryWithFiles } from './read-conversation.ts'
import { replyHashOf } from './reply-address.ts'
import { requestRead } from './request-of-ticket.ts'
import type { RequestOfTicket } from './request-of-ticket.ts'
import { offeredCategories, settingsOf, settingsRead } from './settings.ts'
import type { Settings } from './settings.ts'
import type { Act } from './standing.ts'
import { isEnded } from './standing.ts'
import {
  OWN_SOUGHT_MAX,
  candidateReads,
  found,
  isCut,
  pageOfCustomer,
  pageOfPerson,
  searchIn,
  wordCounts,
} from './ticket-list.ts'
import { letFollow, letGo } from './watchers.ts'

/** So many portal admins are named of those who see a ticket. */
const ADMINS_SHOWN_MAX = 50

/** Portal admins as they are shown, and how many there are. */
type Admins = { shown: Person[]; count: number }

type Reader = { contactId: string; isPortalAdmin: boolean }
type Involved = Person & { role: 'requester' | 'watcher'; canSignIn: boolean; seesAll: boolean }

/** A ticket with what a contact is shown beside it. */
export type TheirTicket = {
  row: TicketRow
  settings: Settings
  /** Whom it is of. */
  people: Involved[]
  /** The company's portal admins, who see all of its tickets. */
  admins: Admins
  /** The ticket that goes on in its place, if they see it. */
  mergedInto: { id: string; number: number; subject: string } | null
  /** The request that it is of, if they see it. */
  request: RequestOfTicket | null
  reader: Reader
  at: number
}

export type TicketOptionsRead = { settings: Settings; colleagues: Person[] }

/** What can be chosen for a new ticket; colleagues for portal admins alone, since others write for themselves. */
export const readTicketOptions = async (contact: ContactScope): Promise<TicketOptionsRead> => {
  const [settings, colleagues] = await contact.readAll([
    settingsRead(contact),
    contact
      .select({ id: contacts.id, name: contacts.name })
      .from(contacts)
      .where(contact.mine(contacts))
      // The plus keeps SQLite to the customer's own people: by the index of names it would walk through everybody of the MSP.
      .orderBy(sql`+${contacts.name} collate nocase`, asc(contacts.id))
      .limit(contact.person.isPortalAdmin ? CONTACT_COUNT_MAX : 0),
  ])
  return { settings: settingsOf(settings[0]), colleagues }
}

/**
 * A page of the tickets a contact sees, what waits on them first, and one more when there is another page. One round trip;
 * costs the page, however many tickets there are. A search says when it found more than is looked through.
 */
export const listTheirTickets = async (
  contact: ContactScope,
  query: z.infer<typeof PortalTicketQuery>,
): Promise<{ rows: TicketRow[]; truncated: boolean; settings: Settings }> => {
  const isOwn = !contact.person.isPortalAdmin || query.mine === true
  const reads = isOwn ? asPortalUser(contact) : contact
  const { contactId } = contact.person
  const search = searchIn(query.q)
  if (search === undefined) {
    const page = isOwn ? pageOfPerson(reads, contactId, query) : pageOfCustomer(reads, query)
    const [settings, rows] = await reads.readAll([settingsRead(reads), page])
    return { rows, truncated: false, settings: settingsOf(settings[0]) }
  }
  const [byNumber, byWords] = candidateReads(reads, search, contact.ofCustomer)
  const theirs = { view: query.view, sort: query.sort, limit: isOwn && search.words.length > 0 ? OWN_SOUGHT_MAX : -1 }
  const [settings, ofNumber, ofWords, own, ...counts] = await reads.readAll([
    settingsRead(reads),
    byNumber,
    byWords,
    pageOfPerson(reads, contactId, theirs),
    ...(isOwn ? [] : wordCounts(reads, search)),
  ])
  return {
    rows: found([...ofNumber, ...ofWords, ...own], search, query),
    // How common a word is among colleagues' tickets is not told to those who do not see them.
    truncated: isOwn ? own.length > OWN_SOUGHT_MAX : isCut(counts),
    settings: settingsOf(settings[0]),
  }
}

/** A ticket that a contact sees. Problem `missing`. */
export const findTheirTicket = async (contact: ContactScope, ticketId: string): Promise<TheirTicket> =>
  theirTicketOf(contact, await contact.readAll(ticketReads(contact, ticketId)))

/**
 * A page of a ticket's conversation, from its end backwards, and one entry more when there is another page; with the numbers of tickets
 * merged with it that this person sees. Problem `missing`.
 */
export const readTheirEntries = async (
  contact: ContactScope,
  ticketId: string,
  query: z.infer<typeof EntryQuery>,
): Promise<{ entries: EntryWithFiles[]; seenNumbers: ReadonlySet<number> }> => {
  const [entriesRead, filesRead] = conversationReads(contact, ticketId, query)
  const [itself, entries, files, seen] = await contact.readAll([
    ticketRead(contact, ticketId),
    entriesRead,
    filesRead,
    mergedNumbersRead(contact, ticketId, query),
  ])
  if (itself.length === 0) throw missing('ticket')
  return { entries: withFiles(entries, files), seenNumbers: new Set(seen.map(({ number }) => number)) }
}

/**
 * Writes a ticket down: a portal user for themselves, a portal admin for a colleague, too, and with others who watch it.
 * Problems: `invalid` at what cannot be chosen, `forbidden` for a portal user who names colleagues.
 */
export const raiseTicket = async (
  environment: Environment,
  contact: ContactScope,
  input: z.infer<typeof RaiseTicketInput>,
  answer: (ticket: TheirTicket) => Answer<{ number: number }>,
): Promise<TheirTicket> => {
  const { contactId, isPortalAdmin } = contact.person
  const customer = contact.ofCustomer
  const requesterId = input.requester ?? contactId
  const watcherIds = [...new Set(input.watchers)]
  if (!isPortalAdmin && (requesterId !== contactId || watcherIds.length > 0))
    throw new Problem('forbidden', 'Your company’s portal admins write tickets for others. Tell one of them.')
  const [[itself], settingsRows, colleagues, files, admins] = await contact.readAll([
    contact.select({ mspId: customers.mspId }).from(customers).where(contact.mine(customers)),
    settingsRead(contact),
    contact
      .select(personColumns)
      .from(contacts)
      .where(contact.mine(contacts, among(contacts.id, [requesterId, ...watcherIds]))),
    filesToSend(contact, input.files),
    adminsRead(contact),
  ])
  if (itself === undefined) throw missing('customer')
  refuseMissingFiles(files, input.files)
  const settings = settingsOf(settingsRows[0])
  if (!offeredCategories(settings).some(({ id }) => id === input.category))
    throw invalidField('/category', 'Choose one of the categories.')
  const named = (id: string, pointer: string) => {
    const person = colleagues.find((one) => one.id === id)
    if (person === undefined) throw invalidField(pointer, 'There is no such person in your company.')
    return person
  }
  const requester = named(requesterId, '/requester')
  const watchers = watcherIds.map((id) => named(id, '/watchers')).filter(({ id }) => id !== requester.id)
  const at = now()
  const id = newId(at)
  const { row, writes } = raising(
    customer,
    itself.mspId,
    settings,
    {
      subject: input.subject,
      description: input.description,
      category: input.category,
      priority: input.priority,
      requester,
      watchers,
      fileIds: input.files,
      assignee: null,
      about: null,
      source: 'portal',
      author: authorOf(contact.actor),
      replyHash: await replyHashOf(environment, itself.mspId, id),
    },
    id,
    at,
  )
  const ticket = (number: number): TheirTicket => ({
    row: { ...row, number },
    settings,
    people: [
      involvedOf({ ...requester, role: 'requester' }),
      ...watchers.map((watcher) => involvedOf({ ...watcher, role: 'watcher' })),
    ],
    admins: adminsOf(admins),
    mergedInto: null,
    request: null,
    reader: contact.person,
    at,
  })
  const [given] = await refusingFiles(customer, input.files, () =>
    customer.commitAndRead(
      { action: 'ticket.raised', subject: subjectOf(row), answer: numbered(customer, answer(ticket(0))) },
      customer
        .select({ number: tickets.number })
        .from(tickets)
        .where(customer.mine(tickets, eq(tickets.id, id))),
      ...writes,
    ),
  )
  if (given === undefined) throw new Error(`The ticket ${id} is not there after its commit.`)
  return ticket(given.number)
}

/**
 * Says something in a ticket; in one that is resolved, that opens it again. Problems: `missing`; `conflict` when it is closed
 * or was resolved too long ago; `invalid` where nothing is said, or a file is not there to be sent.
 */
export const commentTicket = (
  contact: ContactScope,
  ticketId: string,
  input: z.infer<typeof TicketCommentInput>,
  answer: (entry: EntryWithFiles) => Answer,
): Promise<EntryWithFiles> => {
  if (input.text === null && input.files.length === 0) throw invalidField('/text', 'Write something, or add a file.')
  return tryingAgain(undefined, async () => {
    const customer = contact.ofCustomer
    const [[row], settings, files, [request = null]] = await contact.readAll([
      ticketRead(contact, ticketId),
      settingsRead(contact),
      filesToSend(contact, input.files),
      requestRead(customer, ticketId),
    ])
    if (row === undefined) throw missing('ticket')
    const { entry, writes, also } = saying(
      customer,
      row.mspId,
      { row, settings: settingsOf(settings[0]), request },
      {
        kind: 'comment',
        author: authorOf(contact.actor),
        body: input.text ?? '',
        fileIds: input.files,
        source: 'portal',
        acts: [{ by: 'customer', does: 'comment' }],
      },
      now(),
    )
    refuseMissingFiles(files, input.files)
    const said = { ...entry, files }
    await refusingFiles(customer, input.files, () =>
      customer.commit({ action: 'ticket.commented', subject: subjectOf(row), also, answer: answer(said) }, ...writes),
    )
    return said
  })
}

/** Says that a ticket is done with. One that is closed stays as it is. Problem `missing`. */
export const closeTicket = (contact: ContactScope, ticketId: string, wanted: Expected): Promise<TheirTicket> =>
  acting(contact, ticketId, wanted, 'ticket.closed', { by: 'customer', does: 'close' })

/** Opens a ticket again. Problems: `missing`; `conflict` where it is open, goes on as another one, or ended too long ago. */
export const reopenTicket = (contact: ContactScope, ticketId: string, wanted: Expected): Promise<TheirTicket> =>
  acting(contact, ticketId, wanted, 'ticket.reopened', { by: 'customer', does: 'reopen' })

const acting = (
  contact: ContactScope,
  ticketId: string,
  wanted: Expected,
  action: `ticket.${string}`,
  act: Act,
): Promise<TheirTicket> =>
  tryingAgain(wanted, async () => {
    const customer = contact.ofCustomer
    // It moves with its ticket, also where whoever moves that does not see it.
    const [[request = null], ...read] = await contact.readAll([
      requestRead(customer, ticketId),
      ...ticketReads(contact, ticketId),
    ])
    const ticket = theirTicketOf(contact, read)
    const { row } = ticket
    refuseUnexpected(row, wanted)
    if (act.does === 'close' && row.state === 'closed') return ticket
    if (act.does === 'reopen' && row.mergedInto !== null)
      throw new Problem('conflict', 'This ticket goes on as another one. Write there.')
    const author = authorOf(contact.actor)
    const atHand = { ...ticket, request }
    const { after, events, writes, also } = doing(customer, row.mspId, atHand, [act], author, 'portal', now())
    await commitAll(customer, { action, subject: subjectOf(row), also }, [...events, ...writes])
    return { ...ticket, row: after, at: now() }
  })

/**
 * Says at its end whether a ticket was done well; it may be said otherwise later. Problems: `missing`; `conflict` while it is open;
 * `forbidden` to those who only watch it.
 */
export const rateTicket = (
  contact: ContactScope,
  ticketId: string,
  { rating, comment }: z.infer<typeof TicketRatingInput>,
  wanted: Expected,
): Promise<TheirTicket> =>
  tryingAgain(wanted, async () => {
    const ticket = await findTheirTicket(contact, ticketId)
    const { row, reader } = ticket
    refuseUnexpected(row, wanted)
    if (!reader.isPortalAdmin && row.requester !== reader.contactId)
      throw new Problem('forbidden', 'Whoever asked for this ticket says how it went.')
    if (!isEnded(row.state) || row.mergedInto !== null)
      throw new Problem('conflict', 'This ticket is not done yet. Say how it went once it is.')
    if (row.rating === rating && row.ratingComment === comment) return ticket
    const customer = contact.ofCustomer
    const at = now()
    const set = { rating, ratingComment: comment, ratedAt: at }
    await customer.commit(
      { action: 'ticket.rated', subject: subjectOf(row) },
      touching(customer, row, set),
      happening(customer, row.mspId, row.id, authorOf(contact.actor), 'portal', at, { type: 'rated', rating, comment }),
    )
    return { ...ticket, row: { ...row, ...set, version: row.version + 1 } }
  })

/** Lets a colleague follow a ticket. Who has it already stays as they are. Problems: `missing`, `forbidden`, `conflict`. */
export const addWatcher = (
  contact: ContactScope,
  ticketId: string,
  contactId: string,
  wanted: Expected,
): Promise<TheirTicket> =>
  tryingAgain(wanted, async () => {
    const [[colleague], ...read] = await contact.readAll([
      contact
        .select(personColumns)
        .from(contacts)
        .where(contact.mine(contacts, eq(contacts.id, contactId))),
      ...ticketReads(contact, ticketId),
    ])
    const ticket = theirTicketOf(contact, read)
    const { row, people } = ticket
    if (!contact.person.isPortalAdmin) throw adminsAlone()
    if (colleague === undefined) throw missing('person')
    refuseUnexpected(row, wanted)
    if (people.some(({ id }) => id === contactId)) return ticket
    if (!(await letFollow(contact.ofCustomer, row, people, colleague))) return findTheirTicket(contact, ticketId)
    const watcher = involvedOf({ ...colleague, role: 'watcher' })
    return { ...ticket, row: { ...row, version: row.version + 1 }, people: [...people, watcher] }
  })

/** Takes somebody who follows a ticket away: a portal admin anybody, everybody themselves. Problems: `missing`, `forbidden`. */
export const removeWatcher = (
  contact: ContactScope,
  ticketId: string,
  contactId: string,
  wanted: Expected,
): Promise<void> =>
  tryingAgain(wanted, async () => {
    const { row, people } = await findTheirTicket(contact, ticketId)
    if (!contact.person.isPortalAdmin && contactId !== contact.person.contactId) throw adminsAlone()
    const watcher = people.find(({ id, role }) => id === contactId && role === 'watcher')
    if (watcher === undefined) throw missing('person')
    refuseUnexpected(row, wanted)
    await letGo(contact.ofCustomer, row, watcher)
  })

/** The same contact, seeing no more than what is theirs. */
const asPortalUser = (contact: ContactScope): ContactScope =>
  contact.ofCustomer.forContact({ ...contact.person, isPortalAdmin: false, isPortalUser: true })

type Reads = Pick<ContactScope, 'select' | 'mine'>

const ticketRead = (reads: Reads, ticketId: string) =>
  reads
    .select(getTableColumns(tickets))
    .from(tickets)
    .where(reads.mine(tickets, eq(tickets.id, ticketId)))

const personColumns = {
  id: contacts.id,
  name: contacts.name,
  access: contacts.access,
  isPortalUser: contacts.isPortalUser,
  isPortalAdmin: contacts.isPortalAdmin,
}

/** Who else sees a ticket is read beside it, whatever a contact may see of colleagues: it is told to everybody who sees it. */
const ticketReads = (contact: ContactScope, ticketId: string) => {
  const seen = contact.mine(tickets, eq(tickets.id, ticketId))
  return [
    ticketRead(contact, ticketId),
    settingsRead(contact),
    contact
      .select({ ...personColumns, role: ticketPeople.role })
      .from(tickets)
      // Crossed, so that SQLite begins with the one ticket, and not with everybody's.
      .crossJoin(ticketPeople)
      .crossJoin(contacts)
      .where(
        and(
          seen,
          eq(ticketPeople.mspId, tickets.mspId),
          eq(ticketPeople.customerId, tickets.customerId),
          eq(ticketPeople.ticketId, tickets.id),
          eq(contacts.mspId, tickets.mspId),
          eq(contacts.customerId, tickets.customerId),
          eq(contacts.id, ticketPeople.id),
        ),
      )
      .orderBy(asc(ticketPeople.role), asc(contacts.name), asc(contacts.id)),
    contact
      .select(adminColumns)
      .from(tickets)
      .crossJoin(contacts)
      .where(and(seen, eq(contacts.mspId, tickets.mspId), eq(contacts.customerId, tickets.customerId), isSeeingAll))
      .orderBy(sql`+${contacts.name} collate nocase`, asc(contacts.id))
      .limit(ADMINS_SHOWN_MAX),
    contact
      .select({ id: tickets.id, number: tickets.number, subject: tickets.subject })
      .from(tickets)
      .where(
        contact.mine(
          tickets,
          // Equal to the one, rather than among those found: else SQLite walks through all tickets of the company.
          eq(tickets.id, sql`(${contact.select({ id: tickets.mergedInto }).from(tickets).where(seen)})`),
        ),
      ),
    requestRead(contact, ticketId),
  ] as const
}

const theirTicketOf = (
  contact: ContactScope,
  [[row], settings, people, admins, [mergedInto], [request]]: Readonly<Answers<ReturnType<typeof ticketReads>>>,
): TheirTicket => {
  if (row === undefined) throw missing('ticket')
  return {
    row,
    settings: settingsOf(settings[0]),
    people: people.map(involvedOf),
    admins: adminsOf(admins),
    mergedInto: mergedInto ?? null,
    request: request ?? null,
    reader: contact.person,
    at: now(),
  }
}

/** Each row says how many there are, beyond those that are shown, too. */
const adminColumns = { id: contacts.id, name: contacts.name, count: sql<number>`count(*) over ()`.as('admin_count') }

const adminsOf = (rows: (Person & { count: number })[]): Admins => ({
  shown: rows.map(({ id, name }) => ({ id, name })),
  count: rows[0]?.count ?? 0,
})

/** The same admins, for a ticket that is not there yet. */
const adminsRead = (contact: ContactScope) =>
  contact
    .select(adminColumns)
    .from(customers)
    .innerJoin(contacts, and(eq(contacts.mspId, customers.mspId), eq(contacts.customerId, customers.id)))
    .where(and(contact.mine(customers), isSeeingAll))
    .orderBy(sql`+${contacts.name} collate nocase`, asc(contacts.id))
    .limit(ADMINS_SHOWN_MAX)

const isSeeingAll = and(eq(contacts.isPortalAdmin, true), eq(contacts.access, 'active'), isNull(contacts.removedAt))

const involvedOf = ({
  id,
  name,
  role,
  access,
  isPortalUser,
  isPortalAdmin,
}: Person &
  Pick<typeof contacts.$inferSelect, 'access' | 'isPortalUser' | 'isPortalAdmin'> & {
    role: Involved['role']
  }): Involved => ({
  id,
  name,
  role,
  canSignIn: access === 'active' && (isPortalUser || isPortalAdmin),
  seesAll: access === 'active' && isPortalAdmin,
})

const filesToSend = (contact: ContactScope, fileIds: string[]) =>
  contact
    .select()
    .from(ticketFiles)
    .where(contact.mine(ticketFiles, and(among(ticketFiles.id, fileIds), unsentOf(contact.actor))))
    .orderBy(asc(ticketFiles.id))

const refuseMissingFiles = (there: FileRow[], fileIds: string[]): void => {
  if (there.length < new Set(fileIds).size) throw fileGone()
}

/** Sets columns that say nothing of how a ticket stands, in its next version, while its state is as it was read. */
const touching = (
  customer: CustomerScope,
  row: TicketRow,
  set: Partial<Pick<TicketRow, 'rating' | 'ratingComment' | 'ratedAt'>>,
): Write =>
  customer.changeWhere(tickets, row.id, eq(tickets.state, row.state), {
    ...set,
    version: sql`${tickets.version} + 1`,
  })

const commitAll = async (customer: CustomerScope, note: Note, writes: Write[]): Promise<void> => {
  const [first, ...rest] = writes
  if (first !== undefined) await customer.commit(note, first, ...rest)
}

const adminsAlone = () => new Problem('forbidden', 'Your company’s portal admins say who watches a ticket.')
