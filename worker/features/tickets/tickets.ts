import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { wordsIn } from '../../../db/customer-words.ts'
import {
  contacts,
  customers,
  tenants,
  tenantUsers,
  ticketFiles,
  ticketPeople,
  tickets,
  ticketWords,
} from '../../../db/shard/schema.ts'
import type { TicketEvent } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing, stale } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import { refuseArchived } from '../../tenancy/portal-life.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, CustomerScope, DecidedAnswer, MspScope, Write } from '../../tenancy/scope.ts'
import {
  allThere,
  authorOf,
  columnsMoved,
  doing,
  happening,
  numbered,
  raising,
  saying,
  sourceOf,
  subjectOf,
  tryingAgain,
} from './conversation.ts'
import type { NewTicket, Person, TicketRow } from './conversation.ts'
import { refusingFiles } from './files.ts'
import type { FileRow } from './files.ts'
import { conversationReads, withFiles } from './read-conversation.ts'
import type { EntryWithFiles } from './read-conversation.ts'
import { replyHashOf } from './reply-address.ts'
import { categoryOf, settingsOf, settingsRead, targetsOf } from './settings.ts'
import { isEnded, standingWithPriority, stateAfter } from './standing.ts'
import type { Act } from './standing.ts'
import { assignableRead, nameableReads, ticketFrom, ticketReads } from './ticket-reads.ts'
import type { TicketFound, TicketRead } from './ticket-reads.ts'
import { allFollow, inNextVersion, letFollow, letGo } from './watchers.ts'
import type { EntryQuery } from './conversation.schema.ts'
import type { AnswerInput, NoteInput, StaffTicketInput, TicketChangeInput } from './tickets.schema.ts'

/** A ticket and everything told of it, as staff see it. Problem `missing`. */
export const findTicket = async (msp: MspScope, ticketId: string): Promise<TicketFound> =>
  ticketFrom(await msp.readAll(ticketReads(msp, ticketId)))

/** A page of a ticket’s conversation, from its end backwards, and one entry more where there is another page. Problem `missing`. */
export const readEntries = async (
  msp: MspScope,
  ticketId: string,
  query: z.infer<typeof EntryQuery>,
): Promise<EntryWithFiles[]> => {
  const itsCustomer = msp
    .select({ customerId: tickets.customerId })
    .from(tickets)
    .where(msp.mine(tickets, eq(tickets.id, ticketId)))
  const [entriesRead, filesRead] = conversationReads(msp, ticketId, query, sql`(${itsCustomer})`)
  const [itself, entries, files] = await msp.readAll([
    msp
      .select({ id: tickets.id })
      .from(tickets)
      .where(msp.mine(tickets, eq(tickets.id, ticketId))),
    entriesRead,
    filesRead,
  ])
  if (itself.length === 0) throw missing('ticket')
  return withFiles(entries, files)
}

/** What tickets are chosen from. */
export const readOptions = async (
  msp: MspScope,
): Promise<{ settings: TicketFound['settings']; assignable: Person[] }> => {
  const [[own], assignable] = await msp.readAll([settingsRead(msp), assignableRead(msp)])
  return { settings: settingsOf(own), assignable }
}

/** What a new ticket of a customer starts from. */
export const beforeRaising = (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  return [
    msp
      .select({ id: customers.id, name: customers.name, state: customers.state })
      .from(customers)
      .where(msp.mine(customers, eq(customers.id, customerId))),
    settingsRead(msp),
    assignableRead(msp),
    ...nameableReads(customer),
  ] as const
}

/**
 * Writes a ticket down for a customer. Problems: `missing`;
 * `invalid` at the field that names what is not there; `conflict` for an archived customer.
 */
export const raiseTicket = async (
  environment: Environment,
  msp: MspScope,
  [[customerRow], [own], assignable, people, associations]: AnswersOf<typeof beforeRaising>,
  input: z.infer<typeof StaffTicketInput>,
  answer: (found: TicketFound) => Answer<{ number: number }>,
): Promise<TicketFound> => {
  if (customerRow === undefined) throw missing('customer')
  refuseArchived(customerRow)
  const customer = msp.forCustomer(customerRow.id)
  const settings = settingsOf(own)
  const id = newId(now())
  const at = now()
  const { about } = input
  const given: NewTicket = {
    subject: input.subject,
    description: input.description,
    category: offered(settings, input.category),
    priority: input.priority,
    requester: oneOf(people, input.requester, '/requester', NOT_OF_CUSTOMER),
    watchers: [...new Set(input.watchers)].map((watcher) => known(people, watcher, '/watchers', NOT_OF_CUSTOMER)),
    fileIds: input.files,
    assignee: oneOf(assignable, input.assignee, '/assignee', NOT_ASSIGNABLE),
    about: about === null ? null : { tenantId: about.tenantId, user: await aboutUserOf(customer, associations, about) },
    source: sourceOf(msp.actor),
    author: authorOf(msp.actor),
    replyHash: await replyHashOf(environment, msp.mspId, id),
  }
  const { row, writes } = raising(customer, msp.mspId, settings, given, id, at)
  const found = {
    row,
    settings,
    customer: customerRow,
    people: peopleOf(given),
    assignee: given.assignee === null ? undefined : { disabled: false },
    aboutTenantName: associations.find((tenant) => tenant.id === about?.tenantId)?.name ?? null,
    mergedIntoNumber: null,
    request: null,
  }
  const [numberGiven] = await refusingFiles(customer, input.files, () =>
    customer.commitAndRead(
      { action: 'ticket.raised', subject: subjectOf(row), answer: numbered(customer, answer(found)) },
      customer
        .select({ number: tickets.number })
        .from(tickets)
        .where(customer.mine(tickets, eq(tickets.id, id))),
      ...writes,
    ),
  )
  if (numberGiven === undefined) throw new Error(`The ticket ${id} is not there after its commit.`)
  return { ...found, row: { ...row, number: numberGiven.number } }
}

const peopleOf = ({ requester, watchers }: NewTicket): TicketFound['people'] => [
  ...(requester === null ? [] : [{ ...requester, role: 'requester' as const, email: null }]),
  ...watchers.flatMap((watcher) =>
    watcher.id === requester?.id ? [] : [{ ...watcher, role: 'watcher' as const, email: null }],
  ),
]

/** What a ticket starts from when its facts are replaced. */
export const beforeReplacing = (msp: MspScope, ticketId: string) => {
  const itsCustomer = msp
    .select({ customerId: tickets.customerId })
    .from(tickets)
    .where(msp.mine(tickets, eq(tickets.id, ticketId)))
  return [
    ...ticketReads(msp, ticketId),
    assignableRead(msp),
    msp
      .select({ id: contacts.id, name: contacts.name })
      .from(contacts)
      .where(msp.mine(contacts, and(inArray(contacts.customerId, itsCustomer), isNull(contacts.removedAt)))),
    msp
      .select({ id: tenants.id, name: tenants.name })
      .from(tenants)
      .where(msp.mine(tenants, and(inArray(tenants.customerId, itsCustomer), isNull(tenants.removedAt)))),
  ] as const
}

/**
 * Replaces what is known of a ticket besides its conversation; each change is told in its history. What is there already
 * changes nothing, and may stay where it could not be chosen anew. Problems: `missing`, `stale`, `invalid` at a field.
 */
export const replaceTicket = async (
  msp: MspScope,
  read: AnswersOf<typeof beforeReplacing>,
  input: z.infer<typeof TicketChangeInput>,
  wanted: Expected,
): Promise<TicketFound> => {
  const found = ticketFrom(read)
  const [, , , , , , , , assignable, people, associations] = read
  const { row: before, settings } = found
  refuseUnexpected(before, wanted)
  const customer = msp.forCustomer(before.customerId)
  const { about } = input
  const category = input.category === before.category ? before.category : offered(settings, input.category)
  const assignee =
    input.assignee === before.assignee
      ? personAt(before.assignee, before.assigneeName)
      : oneOf(assignable, input.assignee, '/assignee', NOT_ASSIGNABLE)
  const requester =
    input.requester === before.requester
      ? personAt(before.requester, before.requesterName)
      : oneOf(people, input.requester, '/requester', NOT_OF_CUSTOMER)
  const isAboutTheSame =
    (about?.tenantId ?? null) === before.aboutTenant && (about?.userId ?? null) === before.aboutUser
  const user = isAboutTheSame
    ? personAt(before.aboutUser, before.aboutUserName)
    : about === null
      ? null
      : await aboutUserOf(customer, associations, about)
  const set = {
    subject: input.subject,
    category,
    priority: input.priority,
    assignee: assignee?.id ?? null,
    assigneeName: assignee?.name ?? null,
    requester: requester?.id ?? null,
    requesterName: requester?.name ?? null,
    aboutTenant: about?.tenantId ?? null,
    aboutUser: user?.id ?? null,
    aboutUserName: user?.name ?? null,
  }
  if (revised(before, set) === before) return found
  const at = now()
  const standing = standingWithPriority(before, input.priority, targetsOf(settings, input.priority), at)
  const row: TicketRow = { ...before, ...standing, ...set, version: before.version + 1 }
  const author = authorOf(msp.actor)
  const source = sourceOf(msp.actor)
  await customer.commit(
    { action: 'ticket.changed', subject: subjectOf(row) },
    customer.change(tickets, before, columnsMoved(before, row)),
    ...eventsBetween(settings, before, row).map((event, position) =>
      happening(customer, msp.mspId, before.id, author, source, at + position, event),
    ),
    ...(row.subject === before.subject ? [] : wordsFollow(customer, row)),
    ...(row.requester === before.requester ? [] : requesterFollows(customer, row)),
  )
  const others = found.people.filter(({ id, role }) => role === 'watcher' && id !== row.requester)
  return {
    ...found,
    row,
    people: [
      ...(requester === null
        ? []
        : [
            {
              ...requester,
              role: 'requester' as const,
              email: found.people.find(({ id }) => id === requester.id)?.email ?? null,
            },
          ]),
      ...others,
    ],
    assignee: row.assignee === before.assignee ? found.assignee : { disabled: false },
    aboutTenantName: isAboutTheSame
      ? found.aboutTenantName
      : (associations.find(({ id }) => id === row.aboutTenant)?.name ?? null),
  }
}

/** What is told of a change, in the order in which the facts stand. Pure. */
const eventsBetween = (settings: TicketFound['settings'], before: TicketRow, after: TicketRow): TicketEvent[] => {
  const categoryName = (id: string) => categoryOf(settings, id)?.name ?? id
  const { assigneeName, requester: fromId, requesterName } = before
  return [
    ...(after.subject === before.subject
      ? []
      : [{ type: 'subject' as const, from: before.subject, to: after.subject }]),
    ...(after.category === before.category
      ? []
      : [{ type: 'category' as const, from: categoryName(before.category), to: categoryName(after.category) }]),
    ...(after.priority === before.priority
      ? []
      : [{ type: 'priority' as const, from: before.priority, to: after.priority }]),
    ...(after.assignee === before.assignee
      ? []
      : [{ type: 'assignee' as const, from: assigneeName, to: after.assigneeName }]),
    ...(after.requester === before.requester
      ? []
      : [{ type: 'requester' as const, from: requesterName, to: after.requesterName, fromId, toId: after.requester }]),
  ]
}

const wordsFollow = (customer: CustomerScope, { id, subject }: TicketRow): Write[] => [
  customer.removeWhere(ticketWords, eq(ticketWords.id, id)),
  customer.addAll(
    ticketWords,
    wordsIn(subject).map((word) => ({ id, word })),
  ),
]

/** Whoever it was for before sees it no longer; whoever it is for now may have watched it. */
const requesterFollows = (customer: CustomerScope, { id, requester, attention, endedAt }: TicketRow): Write[] => [
  customer.removeWhere(
    ticketPeople,
    and(eq(ticketPeople.ticketId, id), or(eq(ticketPeople.role, 'requester'), eq(ticketPeople.id, requester ?? ''))),
  ),
  ...(requester === null
    ? []
    : [
        ...allThere(customer, [requester]),
        customer.add(ticketPeople, { id: requester, ticketId: id, role: 'requester', attention, endedAt }),
      ]),
]

/** An answer to a POST in which something was said. */
type SaidAnswer = (entry: EntryWithFiles) => Answer | DecidedAnswer

/**
 * Says something to everybody of a ticket, and what the ticket does next. Problems: `missing`; `invalid` where nothing is said, or at
 * /files; `conflict` for a closed one, or one of an archived customer.
 */
export const answerTicket = async (
  msp: MspScope,
  read: TicketRead,
  input: z.infer<typeof AnswerInput>,
  answer: SaidAnswer,
): Promise<EntryWithFiles> => {
  const acts: Act[] = [{ by: 'staff', does: 'answer' }]
  if (input.next === 'wait') acts.push({ by: 'staff', does: 'wait' })
  if (input.next === 'resolve') acts.push({ by: 'staff', does: 'resolve' })
  return said(msp, read, { kind: 'comment', action: 'ticket.answered', ...input, acts }, answer)
}

/** Writes down what staff alone read. Problems as above, but that a closed ticket takes notes, too. */
export const noteInTicket = async (
  msp: MspScope,
  read: TicketRead,
  input: z.infer<typeof NoteInput>,
  answer: SaidAnswer,
): Promise<EntryWithFiles> => said(msp, read, { kind: 'note', action: 'ticket.noted', ...input, acts: [] }, answer)

const said = async (
  msp: MspScope,
  read: TicketRead,
  {
    kind,
    action,
    text,
    files,
    acts,
  }: { kind: 'comment' | 'note'; action: `ticket.${string}`; text: string; files: string[]; acts: Act[] },
  answer: SaidAnswer,
): Promise<EntryWithFiles> => {
  if (text === '' && files.length === 0) throw invalidField('/text', 'Write something, or add a file.')
  return whileItChanges(msp, ticketFrom(read), undefined, async (found) => {
    const { row: before } = found
    const customer = msp.forCustomer(before.customerId)
    const { entry, writes, also } = saying(
      customer,
      msp.mspId,
      found,
      { kind, author: authorOf(msp.actor), body: text, fileIds: files, source: sourceOf(msp.actor), acts },
      now(),
    )
    const attached = files.length === 0 ? [] : await filesNamed(customer, files)
    const whole = { ...entry, files: attached }
    await refusingFiles(customer, files, () =>
      customer.commit({ action, subject: subjectOf(before), also, answer: answer(whole) }, ...writes),
    )
    return whole
  })
}

/** In the order in which they are shown. */
const filesNamed = async (customer: CustomerScope, ids: string[]): Promise<FileRow[]> =>
  customer.list(ticketFiles, { where: inArray(ticketFiles.id, ids), orderBy: [ticketFiles.id] })

export type Deed = Extract<Act, { by: 'staff' }>['does']

const actionOf: Record<Exclude<Deed, 'answer'>, `ticket.${string}`> = {
  start: 'ticket.started',
  wait: 'ticket.waits',
  resolve: 'ticket.resolved',
  close: 'ticket.closed',
  reopen: 'ticket.reopened',
}

/** Brings a ticket to another state; where it is in that already, nothing happens. Problems: `missing`, `stale`, `conflict`. */
export const moveTicket = async (
  msp: MspScope,
  read: TicketRead,
  does: Exclude<Deed, 'answer'>,
  wanted: Expected,
): Promise<TicketFound> => {
  const first = ticketFrom(read)
  refuseUnexpected(first.row, wanted)
  return whileItChanges(msp, first, wanted, async (found) => {
    const { row: before } = found
    const act: Act = { by: 'staff', does }
    if (isThereAlready(before, act)) return found
    const customer = msp.forCustomer(before.customerId)
    const { after, events, writes, also } = doing(
      customer,
      msp.mspId,
      found,
      [act],
      authorOf(msp.actor),
      sourceOf(msp.actor),
      now(),
    )
    const [write, ...others] = [...writes, ...events]
    if (write === undefined) return found
    await customer.commit({ action: actionOf[does], subject: subjectOf(before), also }, write, ...others)
    return { ...found, row: after }
  })
}

const isThereAlready = (before: TicketRow, act: Act): boolean => {
  if (act.does === 'reopen') return !isEnded(before.state)
  const next = stateAfter(before, act, now())
  return 'state' in next && next.state === before.state
}

/** One word for both, so that nobody learns which of the two is there. */
const TICKET_OR_PERSON = 'ticket or contact'

/** Lets a contact of the customer see a ticket, and be told of it. Doing it twice changes nothing. Problems: `missing`, `conflict`. */
export const addWatcher = async (
  msp: MspScope,
  read: TicketRead,
  contactId: string,
  wanted: Expected,
): Promise<void> => {
  const first = ticketFrom(read, TICKET_OR_PERSON)
  refuseUnexpected(first.row, wanted)
  await whileItChanges(msp, first, wanted, async ({ row, people }) => {
    if (people.some(({ id }) => id === contactId)) return
    const customer = msp.forCustomer(row.customerId)
    const contact = await customer.first(contacts, and(eq(contacts.id, contactId), isNull(contacts.removedAt)))
    if (contact === undefined) throw missing(TICKET_OR_PERSON)
    await letFollow(customer, row, people, contact)
  })
}

/** Whoever it is for stays. Problems: `missing`, also for who does not watch it; `conflict` for the requester. */
export const removeWatcher = async (
  msp: MspScope,
  read: TicketRead,
  contactId: string,
  wanted: Expected,
): Promise<void> => {
  const first = ticketFrom(read, TICKET_OR_PERSON)
  refuseUnexpected(first.row, wanted)
  await whileItChanges(msp, first, wanted, async ({ row, people }) => {
    const person = people.find(({ id }) => id === contactId)
    if (person === undefined) throw missing(TICKET_OR_PERSON)
    if (person.role === 'requester') throw new Problem('conflict', 'The ticket is for them. Name somebody else first.')
    await letGo(msp.forCustomer(row.customerId), row, { id: contactId, name: person.name ?? contactId })
  })
}

/**
 * Lets a ticket go on as another one of the same customer: it is closed, whoever it was of watches the other one, and both tell it.
 * Answers to it go to the other one. Doing it twice changes nothing. Problems: `missing`; `stale`; `invalid` at /into; `conflict` where
 * one of the two was merged before, the other one is ended, or too many would follow it.
 */
export const mergeTicket = async (
  msp: MspScope,
  read: TicketRead,
  intoId: string,
  wanted: Expected,
): Promise<TicketFound> => {
  const first = ticketFrom(read)
  refuseUnexpected(first.row, wanted)
  return whileItChanges(msp, first, wanted, async (found) => {
    const { row: before } = found
    if (before.mergedInto === intoId) return found
    if (intoId === before.id) throw invalidField('/into', 'A ticket cannot be merged into itself.')
    if (before.mergedInto !== null) throw new Problem('conflict', 'This ticket was merged into another one before.')
    if (found.request !== null && found.request.endedAt === null)
      throw new Problem(
        'conflict',
        'A request is worked off in this ticket. Finish that first, or merge the other one into it.',
      )
    const customer = msp.forCustomer(before.customerId)
    const [[into], known] = await msp.readAll([
      msp
        .select()
        .from(tickets)
        .where(msp.mine(tickets, eq(tickets.id, intoId))),
      msp
        .select({ id: ticketPeople.id, role: ticketPeople.role })
        .from(ticketPeople)
        .where(msp.mine(ticketPeople, eq(ticketPeople.ticketId, intoId))),
    ])
    if (into === undefined) throw invalidField('/into', 'There is no such ticket.')
    if (into.customerId !== before.customerId) throw invalidField('/into', 'That ticket is of another customer.')
    if (into.mergedInto !== null)
      throw new Problem('conflict', `#${into.number} was merged into another ticket itself.`)
    if (isEnded(into.state)) throw new Problem('conflict', `#${into.number} is closed. Open it again first.`)
    const at = now()
    const [author, source] = [authorOf(msp.actor), sourceOf(msp.actor)]
    const acts: Act[] = before.state === 'closed' ? [] : [{ by: 'staff', does: 'close' }]
    const { after, events, writes, also } = doing(customer, msp.mspId, found, acts, author, source, at)
    const tell = (ticketId: string, moment: number, event: TicketEvent) =>
      happening(customer, msp.mspId, ticketId, author, source, moment, event)
    await whoeverIsQuicker(() =>
      customer.commit(
        { action: 'ticket.merged', subject: subjectOf(before), also },
        customer.onlyIf(
          sql`exists (select 1 from ${tickets} where ${customer.mine(tickets, and(eq(tickets.id, intoId), isNull(tickets.mergedInto), isNull(tickets.endedAt)))})`,
        ),
        customer.changeWhere(tickets, before.id, isNull(tickets.mergedInto), { mergedInto: intoId }),
        ...writes,
        tell(before.id, at, { type: 'merged_into', number: into.number, subject: into.subject }),
        ...events,
        tell(intoId, at, { type: 'merged_from', number: before.number, subject: before.subject }),
        inNextVersion(customer, intoId),
        ...allFollow(customer, into, found.people, known),
        customer.telling({ table: 'tickets', field: 'mergedInto', before: null, after: `#${into.number}` }),
      ),
    )
    return { ...found, row: { ...after, mergedInto: intoId }, mergedIntoNumber: into.number }
  })
}

/** Somebody who was added to it in the same moment is there already. */
const whoeverIsQuicker = async (commit: () => Promise<void>): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique') throw stale()
    throw error
  }
}

/** Deeds of others may come in between: then it is looked at anew. */
const whileItChanges = <Made>(
  msp: MspScope,
  first: TicketFound,
  wanted: Expected,
  attempt: (found: TicketFound) => Promise<Made>,
): Promise<Made> => {
  let found: TicketFound | undefined = first
  return tryingAgain(wanted, async () => {
    const known = found ?? (await findTicket(msp, first.row.id))
    found = undefined
    return attempt(known)
  })
}

const NOT_OF_CUSTOMER = 'This is no contact of the customer.'
const NOT_ASSIGNABLE = 'Nobody of your team who can work on tickets is this.'

const offered = (settings: TicketFound['settings'], id: string): string => {
  const category = categoryOf(settings, id)
  if (category === undefined || category.isRetired) throw invalidField('/category', 'Choose one of the categories.')
  return category.id
}

const known = (people: readonly Person[], id: string, pointer: string, otherwise: string): Person => {
  const found = people.find((person) => person.id === id)
  if (found === undefined) throw invalidField(pointer, otherwise)
  return { id: found.id, name: found.name }
}

const oneOf = (people: readonly Person[], id: string | null, pointer: string, otherwise: string): Person | null =>
  id === null ? null : known(people, id, pointer, otherwise)

const personAt = (id: string | null, name: string | null): Person | null =>
  id === null ? null : { id, name: name ?? id }

/** Whom of a tenant a ticket is about; null for nobody in particular. */
const aboutUserOf = async (
  customer: CustomerScope,
  associations: readonly Person[],
  { tenantId, userId }: { tenantId: string; userId: string | null },
): Promise<Person | null> => {
  known(associations, tenantId, '/about/tenantId', 'This is no tenant of the customer.')
  if (userId === null) return null
  const user = await customer.forTenant(tenantId).first(tenantUsers, eq(tenantUsers.id, userId))
  if (user === undefined) throw invalidField('/about/userId', 'There is nobody of this id in that tenant.')
  return { id: user.id, name: user.displayName }
}
