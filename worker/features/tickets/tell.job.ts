import { and, asc, desc, eq, gte, sql } from 'drizzle-orm'
import { z } from 'zod'
import {
  contacts,
  customers,
  msps,
  portals,
  staff,
  ticketEntries,
  ticketFiles,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { CustomerState } from '../../tenancy/portal-life.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { canonicalHost } from '../custom-hostnames/index.ts'
import { composeMail, deliver, helpLineOf, mailBrand, senderReads, sentBy, sentByDeployment } from '../mail/index.ts'
import type { MailServerRow } from '../mail/index.ts'
import { readersOf } from './readers.ts'
import type { Reader, Told } from './readers.ts'
import { replyAddress, replyHashOf } from './reply-address.ts'
import { contactMailText, staffMailText } from './ticket-mail.words.ts'
import type { Told as ToldInWords } from './ticket-mail.words.ts'

/** Without an address for help, this many owners are told of what nobody looks after. */
const OWNER_COUNT_MAX = 5

const OfEntry = z.object({
  ticketId: z.string(),
  entryId: z.string(),
  isNew: z.boolean(),
  /** Whether the requester knows of their new ticket by another mail. */
  isRequesterTold: z.boolean().default(false),
})
const OfReader = OfEntry.extend({ reader: z.object({ kind: z.enum(['contact', 'staff', 'desk']), id: z.string() }) })

/** Queues a mail to each of those an entry concerns, all in one commit: nobody is mailed twice when some of it fails. */
export const tellOfEntry = defineJob<z.infer<typeof OfEntry>>({
  kind: 'tickets.tell',
  title: 'Tell of a ticket',
  payload: OfEntry,
  async run(msp, given, work) {
    const first = await factsOf(msp, given)
    if (first === undefined) return finished
    const payload = first.entry.event?.type === 'rated' ? { ...given, entryId: await lastRating(msp, given) } : given
    const facts = payload === given ? first : await factsOf(msp, payload)
    if (facts === undefined) return finished
    const readers = readersOf(facts.told)
    if (readers.length === 0) return finished
    const { id, replyHash } = facts.ticket
    const known = await replyHashOf(work.environment, msp.mspId, id)
    await msp.record(
      // With another key, the mails that leave now carry another address.
      ...(known === replyHash ? [] : [msp.changeAll(tickets, eq(tickets.id, id), { replyHash: known })]),
      ...readers.map((reader) =>
        msp.later(
          mailEntry.described(
            { ...payload, reader },
            {
              naturalKey: `ticket:${payload.entryId}:${reader.id}`,
              subjectName: `#${facts.ticket.number} ${facts.ticket.subject}`,
              customerId: facts.ticket.customerId,
            },
          ),
        ),
      ),
      work.stillMine(),
    )
    return finished
  },
})

/** One mail of an entry to one reader. */
export const mailEntry = defineJob<z.infer<typeof OfReader>>({
  kind: 'tickets.mail',
  title: 'Mail about a ticket',
  payload: OfReader,
  async run(msp, payload, { environment }) {
    const mail = await entryMail(environment, msp, payload)
    if (mail !== undefined) await deliver(environment, mail.message, mail.server)
    return finished
  },
})

/** The job that tells of an entry, to be committed with it. */
export const toldLater = (
  { id, ticketId }: { id: string; ticketId: string },
  subjectName: string,
  isNew = false,
  isRequesterTold = false,
): DescribedJob =>
  tellOfEntry.described({ ticketId, entryId: id, isNew, isRequesterTold }, { naturalKey: `ticket:${id}`, subjectName })

/** How long after somebody rated a ticket it is told: who thinks better of it meanwhile has said one thing. */
const RATING_PAUSE_MS = 15 * 60_000

/** The same for what happened to a ticket. How it was rated is told once in a while, as it was rated last. */
export const changeToldLater = (entry: EntryRow): DescribedJob => {
  const job = toldLater(entry, 'A change of a ticket')
  return entry.event?.type === 'rated'
    ? { ...job, naturalKey: `ticket:rated:${entry.ticketId}`, dueAt: entry.createdAt + RATING_PAUSE_MS }
    : job
}

/** What the first mail of a ticket is named, and those after it refer to: mail programs show them as one conversation. */
export const rootMessageId = ({ REPLY_DOMAIN }: Pick<Environment, 'REPLY_DOMAIN'>, ticketId: string): string =>
  `<${ticketId}@${REPLY_DOMAIN}>`

/** A mail as it is now, and the server it goes through; undefined where its reader is not to have it any more. */
export const entryMail = async (
  environment: Environment,
  msp: MspScope,
  { reader, ...payload }: z.infer<typeof OfReader>,
): Promise<{ message: MailMessage; server?: MailServerRow } | undefined> => {
  const facts = await factsOf(msp, payload)
  if (facts === undefined) return undefined
  if (!readersOf(facts.told).some(({ kind, id }) => kind === reader.kind && id === reader.id)) return undefined
  const { ticket, entry, house, fileNames, sender } = facts
  const root = rootMessageId(environment, ticket.id)
  const thread = {
    id: { messageId: payload.isNew ? root : `<${entry.id}.${reader.id}@${environment.REPLY_DOMAIN}>` },
    ...(payload.isNew ? {} : { inReplyTo: root, references: [root] }),
    headers: automatic,
  }
  const words = {
    number: ticket.number,
    subject: ticket.subject,
    mspName: house.name,
    companyName: facts.companyName,
    authorName: entry.authorName,
    requesterName: ticket.requesterName,
    body: entry.body,
    fileNames,
  }
  const replyTo = await replyAddress(environment, msp.mspId, ticket.id, reader.id)
  if (reader.kind === 'contact') {
    const person = facts.told.contacts.find(({ id }) => id === reader.id)
    if (person?.email == null || facts.portal === undefined) return undefined
    const url = `${environment.originOf(canonicalHost(facts.portal))}/tickets/${ticket.id}`
    const why = person.id === ticket.requester ? 'requester' : person.isOfTicket ? 'watcher' : 'portal_admin'
    const message = composeMail({
      ...thread,
      brand: mailBrand(house, facts.portal, facts.portal.displayName ?? facts.companyName),
      helpLine: helpLineOf(house),
      from: sentBy(environment, house, sender).from,
      replyTo,
      to: { name: person.name, address: person.email },
      ...contactMailText({ ...words, url }, toldIn(facts, payload.isNew, reader), why),
    })
    return { message, ...(sender.server === undefined ? {} : { server: sender.server }) }
  }
  const url = `${environment.originOf(environment.ADMIN_HOST)}/tickets/${ticket.id}`
  const to =
    reader.kind === 'staff'
      ? facts.told.staff.find(({ id }) => id === reader.id)
      : facts.told.desk.find(({ id }) => id === reader.id)
  if (to === undefined) return undefined
  const why = reader.kind === 'desk' ? 'desk' : reader.id === ticket.assignee ? 'assignee' : 'all'
  const message = composeMail({
    ...thread,
    brand: mailBrand(house, null, house.name),
    helpLine: `Questions? Ask an owner or admin at ${house.name}.`,
    from: sentByDeployment(environment, house),
    // The address for help is nobody's own, so nobody writes into a ticket from it; an answer to a note would reach the customer.
    ...(reader.kind === 'desk' || entry.isInternal ? {} : { replyTo }),
    to: { name: to.name, address: 'email' in to ? to.email : to.address },
    ...staffMailText({ ...words, url }, toldIn(facts, payload.isNew, reader), why),
  })
  return { message }
}

/** A machine's own mail, which no other machine is to answer (RFC 3834, section 5; the other is Exchange's). */
export const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

const toldIn = ({ entry, ticket }: Facts, isNew: boolean, reader: Reader): ToldInWords => {
  if (isNew) return { what: reader.kind === 'contact' && isOwn(entry, ticket, reader) ? 'arrived' : 'raised' }
  if (entry.event?.type === 'state' && ticket.mergedInto !== null) return { what: 'merged' }
  if (entry.event !== null) return { what: 'event', event: entry.event }
  return { what: entry.kind === 'note' ? 'note' : 'comment' }
}

const isOwn = (entry: EntryRow, { requester }: TicketRow, { id }: Reader): boolean =>
  requester === id && entry.author === id

/** By a name of its own, since a portal has a state, too. */
const stateOfCustomer = sql<CustomerState>`${customers.state}`.as('customer_state')

type TicketRow = typeof tickets.$inferSelect
type EntryRow = typeof ticketEntries.$inferSelect
type Facts = NonNullable<Awaited<ReturnType<typeof factsOf>>>

const mailedContact = {
  id: contacts.id,
  name: contacts.name,
  email: contacts.email,
  access: contacts.access,
  removedAt: contacts.removedAt,
  isPortalUser: contacts.isPortalUser,
  isPortalAdmin: contacts.isPortalAdmin,
  ticketMails: contacts.ticketMails,
}

const mailedStaff = {
  id: staff.id,
  name: staff.name,
  email: staff.email,
  role: staff.role,
  disabled: staff.disabled,
  confirmedAt: staff.confirmedAt,
  ticketMails: staff.ticketMails,
}

const isNotAmong =
  (people: readonly { id: string }[]) =>
  ({ id }: { id: string }): boolean =>
    !people.some((person) => person.id === id)

/** The entry that tells how a ticket was rated last, where this one told it before. */
const lastRating = async (msp: MspScope, { ticketId, entryId }: z.infer<typeof OfEntry>): Promise<string> => {
  const [last] = await msp
    .select({ id: ticketEntries.id })
    .from(tickets)
    .crossJoin(ticketEntries)
    .where(
      and(
        msp.mine(tickets, eq(tickets.id, ticketId)),
        msp.mine(
          ticketEntries,
          and(
            eq(ticketEntries.customerId, tickets.customerId),
            eq(ticketEntries.ticketId, tickets.id),
            gte(ticketEntries.id, entryId),
            sql`json_extract(${ticketEntries.event}, '$.type') = 'rated'`,
          ),
        ),
      ),
    )
    .orderBy(desc(ticketEntries.id))
    .limit(1)
  return last?.id ?? entryId
}

/** All that a mail of an entry needs, in one round trip; undefined where the ticket went with its customer. */
const factsOf = async (msp: MspScope, { ticketId, entryId, isNew, isRequesterTold }: z.infer<typeof OfEntry>) => {
  const it = msp.mine(tickets, eq(tickets.id, ticketId))
  const [[ticket], [entry], [place], files, people, keen, [assignee], keenStaff, owners, [house], [address], [server]] =
    await msp.readAll([
      msp
        .select()
        .from(tickets)
        .where(msp.mine(tickets, eq(tickets.id, ticketId))),
      msp
        .select()
        .from(ticketEntries)
        .where(msp.mine(ticketEntries, eq(ticketEntries.id, entryId))),
      msp
        .select({ customerName: customers.name, customerState: stateOfCustomer, portal: portals })
        .from(tickets)
        .innerJoin(customers, and(eq(customers.mspId, tickets.mspId), eq(customers.id, tickets.customerId)))
        .leftJoin(portals, and(eq(portals.mspId, tickets.mspId), eq(portals.customerId, tickets.customerId)))
        .where(msp.mine(tickets, eq(tickets.id, ticketId))),
      msp
        .select({ name: ticketFiles.name })
        .from(ticketFiles)
        .where(msp.mine(ticketFiles, and(eq(ticketFiles.ticketId, ticketId), eq(ticketFiles.entry, entryId))))
        .orderBy(asc(ticketFiles.id)),
      // Crossed, so that SQLite looks up whom the ticket is of, and who wants all, by indexes of those alone.
      msp
        .select(mailedContact)
        .from(ticketPeople)
        .crossJoin(contacts)
        .where(
          and(
            msp.mine(ticketPeople, eq(ticketPeople.ticketId, ticketId)),
            msp.mine(contacts, and(eq(contacts.customerId, ticketPeople.customerId), eq(contacts.id, ticketPeople.id))),
          ),
        ),
      msp
        .select(mailedContact)
        .from(tickets)
        .crossJoin(contacts)
        .where(
          and(
            it,
            msp.mine(contacts, and(eq(contacts.customerId, tickets.customerId), sql`${contacts.ticketMails} = 'all'`)),
          ),
        ),
      msp
        .select(mailedStaff)
        .from(tickets)
        .crossJoin(staff)
        .where(and(it, msp.mine(staff, eq(staff.id, tickets.assignee)))),
      msp
        .select(mailedStaff)
        .from(staff)
        .where(msp.mine(staff, sql`${staff.ticketMails} = 'all'`)),
      msp
        .select({ id: staff.id, name: staff.name, email: staff.email })
        .from(staff)
        .where(msp.mine(staff, and(eq(staff.role, 'owner'), eq(staff.disabled, false))))
        .orderBy(asc(staff.createdAt), asc(staff.id))
        // Only of a new ticket are they told.
        .limit(isNew ? OWNER_COUNT_MAX : 0),
      msp.select().from(msps).where(msp.mine(msps)),
      ...senderReads(msp),
    ])
  if (ticket === undefined || entry === undefined || place === undefined || house === undefined) return undefined
  const told = {
    isNew,
    isRequesterTold,
    entry,
    ticket,
    isPortalOpen: place.portal !== null && isReachable(place.customerState, place.portal.state),
    contacts: [
      ...people.map((person) => ({ ...person, isOfTicket: true })),
      ...keen.filter(isNotAmong(people)).map((person) => ({ ...person, isOfTicket: false })),
    ],
    staff: assignee === undefined ? keenStaff : [assignee, ...keenStaff.filter(isNotAmong([assignee]))],
    desk:
      house.helpEmail === null
        ? owners.map(({ id, name, email }) => ({ id, name, address: email }))
        : [{ id: house.id, name: house.name, address: house.helpEmail }],
  } satisfies Told
  return {
    told,
    ticket,
    entry,
    house,
    portal: place.portal ?? undefined,
    companyName: place.customerName,
    fileNames: files.map(({ name }) => name),
    sender: { address, server },
  }
}
