import type { RequestRow } from './request-reads.ts'
import { requestForms } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { newId } from '../../tenancy/ids.ts'
import type { ContactReads, CustomerScope, ToldNote, Write } from '../../tenancy/scope.ts'
import {
  BODY_CHARACTERS_MAX,
  SUBJECT_CHARACTERS_MAX,
  authorOf,
  offeredCategories,
  raising,
  replyHashOf,
  settingsOf,
  settingsRead,
  subjectOf,
} from '../tickets/index.ts'
import { isAwaiting } from './standing.ts'
import { cut, inText } from './request-text.ts'

/** What the ticket of a request starts from: how the MSP keeps tickets, and which category its forms lead to. */
export const ticketBasis = (reads: Pick<ContactReads, 'select' | 'mine'>) =>
  [settingsRead(reads), reads.select().from(requestForms).where(reads.mine(requestForms))] as const

export type TicketBasis = readonly [
  Awaited<ReturnType<typeof settingsRead>>,
  (typeof requestForms.$inferSelect)[],
  ...unknown[],
]

/**
 * Describes the ticket that a request becomes, in the name of whoever asked; where they were removed meanwhile, of whoever lets it
 * become one. Its number is given by the database. `also` is the activity's entry of it.
 */
export const becomingTicket = async (
  environment: Environment,
  customer: CustomerScope,
  [[settingsRow], [forms]]: TicketBasis,
  row: RequestRow,
  requesterIsThere: boolean,
  at: number,
): Promise<{ ticketId: string; writes: [Write, ...Write[]]; also: ToldNote[] }> => {
  const settings = settingsOf(settingsRow)
  const offered = offeredCategories(settings)
  const wanted = forms?.forms[row.type]?.category ?? null
  const category = offered.find(({ id }) => id === wanted) ?? offered[0]
  if (category === undefined) throw new Error('No category of tickets is offered.')
  const requester = requesterIsThere ? { id: row.requestedBy, name: row.requesterName } : null
  const ticketId = newId(at)
  const { row: ticket, writes } = raising(
    customer,
    row.mspId,
    settings,
    {
      subject: cut(row.subject, SUBJECT_CHARACTERS_MAX),
      description: cut(inText(row), BODY_CHARACTERS_MAX),
      category: category.id,
      priority: 'normal',
      requester,
      watchers: [],
      fileIds: [],
      assignee: null,
      about: row.aboutTenant === null ? null : { tenantId: row.aboutTenant, user: null },
      source: row.raisedByName === null ? 'portal' : 'admin',
      author: requester === null ? authorOf(customer.actor) : { kind: 'contact', ...requester },
      // Where it was approved, the mail of that tells of the ticket, too.
      isRequesterTold: isAwaiting(row.state),
      replyHash: await replyHashOf(environment, row.mspId, ticketId),
    },
    ticketId,
    at,
  )
  return { ticketId, writes, also: [{ action: 'ticket.raised', subject: subjectOf(ticket), changes: [] }] }
}
