import { eq } from 'drizzle-orm'
import { wordsIn } from '../../db/customer-words.ts'
import { ticketPeople, tickets, ticketWords } from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import { newId } from '../tenancy/ids.ts'
import { environment } from './stage.ts'
import type { StagedContact, StagedMsp, StagedPortal } from './stage.ts'
import { raising, saying } from '../features/tickets/conversation.ts'
import type { Author, Person, Said, TicketRow } from '../features/tickets/conversation.ts'
import { replyHashOf } from '../features/tickets/reply-address.ts'
import { usualSettings } from '../features/tickets/settings.ts'

const director: Author = { kind: 'system', id: null, name: 'Stage' }

/** A ticket of a customer, as its verbs write it down. */
export const writtenTicket = async (
  { msp, customerId }: Omit<StagedPortal, 'host'>,
  more: {
    subject?: string
    description?: string
    requester?: Person
    watchers?: Person[]
    assignee?: Person
    author?: Author
  } = {},
): Promise<TicketRow> => {
  const customer = msp.scope.forCustomer(customerId)
  const id = newId(now())
  const person = ({ id: personId, name }: Person): Person => ({ id: personId, name })
  const { writes } = raising(
    customer,
    msp.mspId,
    usualSettings,
    {
      subject: more.subject ?? 'The printer takes no paper',
      description: more.description ?? 'Since this morning.',
      category: 'computer',
      priority: 'normal',
      requester: more.requester === undefined ? null : person(more.requester),
      watchers: (more.watchers ?? []).map(person),
      fileIds: [],
      assignee: more.assignee === undefined ? null : person(more.assignee),
      about: null,
      source: 'portal',
      author: more.author ?? director,
      replyHash: await replyHashOf(environment, msp.mspId, id),
    },
    id,
    now(),
  )
  await customer.commit({ action: 'ticket.created', subject: { kind: 'ticket', id, name: 'staged' } }, ...writes)
  return customer.find(tickets, id, 'ticket')
}

/** Something said or noted in a ticket. Answers the ticket as it is then. */
export const sayIn = async (
  { msp, customerId }: Omit<StagedPortal, 'host'>,
  ticketId: string,
  more: Partial<Said> = {},
): Promise<TicketRow> => {
  const customer = msp.scope.forCustomer(customerId)
  const before = await customer.find(tickets, ticketId, 'ticket')
  const said: Said = {
    kind: 'comment',
    author: director,
    body: 'It works again.',
    fileIds: [],
    source: 'portal',
    acts: [],
    ...more,
  }
  const atHand = { row: before, settings: usualSettings, request: null }
  const { writes } = saying(customer, msp.mspId, atHand, said, now())
  await customer.commit({ action: 'ticket.said', subject: { kind: 'ticket', id: ticketId, name: 'staged' } }, ...writes)
  const [after] = await customer.list(tickets, { where: eq(tickets.id, ticketId) })
  return after ?? before
}

let planted = 0

/** Tickets of one person, made in bulk as the product would have written them, each newer than the last. */
export const plantTickets = async (
  { scope }: StagedMsp,
  { customerId }: StagedPortal,
  { id: requester, name }: StagedContact,
  ticketCount: number,
  subject: string,
  assignee = { id: 'somebody', name: 'Somebody' },
): Promise<void> => {
  const customer = scope.forCustomer(customerId)
  const made = Array.from({ length: ticketCount }, () => {
    planted += 1
    const id = `planted${String(planted).padStart(8, '0')}`
    const state = planted % 10 === 0 ? ('waiting_on_customer' as const) : ('in_progress' as const)
    const isEnded = planted % 3 === 0
    const attention = planted + (isEnded ? 0 : state === 'in_progress' ? 1 : 2) * 10 ** 14
    // Every other one is somebody’s of the staff, and is due.
    const isTaken = planted % 2 === 0
    return {
      id,
      number: 2_000 + planted,
      subject: `${subject} ${planted}`,
      state: isEnded ? ('closed' as const) : state,
      priority: 'normal' as const,
      category: 'network',
      source: 'portal' as const,
      requester,
      requesterName: name,
      raisedByKind: 'contact' as const,
      raisedBy: requester,
      raisedByName: name,
      assignee: isTaken ? assignee.id : null,
      assigneeName: isTaken ? assignee.name : null,
      waitingSince: !isEnded && state === 'waiting_on_customer' ? planted : null,
      dueAt: isEnded || state === 'waiting_on_customer' ? null : planted,
      createdAt: planted,
      changedAt: planted,
      endedAt: isEnded ? planted : null,
      attention,
      replyHash: id,
    }
  })
  for (let from = 0; from < made.length; from += 1_000) {
    const part = made.slice(from, from + 1_000)
    await customer.commit(
      { action: 'stage.tickets', subject: { kind: 'ticket', id: '', name: '' } },
      customer.addAll(tickets, part),
      customer.addAll(
        ticketPeople,
        part.map(({ id, attention, endedAt }) => ({
          id: requester,
          ticketId: id,
          role: 'requester' as const,
          attention,
          endedAt,
        })),
      ),
      customer.addAll(
        ticketWords,
        part.flatMap(({ id, subject: text }) => wordsIn(text).map((word) => ({ id, word }))),
      ),
    )
  }
}
