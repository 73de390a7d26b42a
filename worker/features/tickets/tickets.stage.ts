import { eq } from 'drizzle-orm'
import { tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newId } from '../../tenancy/ids.ts'
import { environment } from '../../test/stage.ts'
import type { StagedPortal } from '../../test/stage.ts'
import { raising, saying } from './conversation.ts'
import type { Author, Person, Said, TicketRow } from './conversation.ts'
import { replyHashOf } from './reply-address.ts'
import { usualSettings } from './settings.ts'

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
  const { writes } = saying(customer, msp.mspId, usualSettings, before, said, now())
  await customer.commit({ action: 'ticket.said', subject: { kind: 'ticket', id: ticketId, name: 'staged' } }, ...writes)
  const [after] = await customer.list(tickets, { where: eq(tickets.id, ticketId) })
  return after ?? before
}
