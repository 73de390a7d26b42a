import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { contacts, customers, msps, portals, tickets } from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { canonicalHost } from '../custom-hostnames/index.ts'
import { composeMail, deliver, helpLineOf, mailBrand, senderRowsOf, sentBy } from '../mail/index.ts'
import type { SenderRows } from '../mail/index.ts'
import type { TicketRow } from './conversation.ts'
import { mayRead } from './readers.ts'
import { automatic, rootMessageId } from './tell.job.ts'
import { tooLateText } from './ticket-mail.words.ts'

const Payload = z.object({ ticketId: z.string(), contactId: z.string() })

/** Tells somebody whose answer by mail came too late for its ticket what to do. */
export const sendTooLate = defineJob<z.infer<typeof Payload>>({
  kind: 'tickets.too_late',
  title: 'Say that an answer came too late',
  payload: Payload,
  async run(msp, payload, { environment, jobId }) {
    const sender = await senderRowsOf(msp)
    const message = await tooLateMessage(environment, msp, payload, jobId, sender)
    if (message !== undefined) await deliver(environment, message, sender.server)
    return finished
  },
})

export const tooLateMail = (
  { id, subject, customerId }: Pick<TicketRow, 'id' | 'subject' | 'customerId'>,
  contactId: string,
): DescribedJob =>
  sendTooLate.described(
    { ticketId: id, contactId },
    { naturalKey: `ticket:too_late:${id}:${contactId}`, subjectName: subject, customerId },
  )

/** The mail as it is now; undefined where they have no access any more. It answers nothing: what is sent back is refused again. */
export const tooLateMessage = async (
  environment: Environment,
  msp: MspScope,
  { ticketId, contactId }: z.infer<typeof Payload>,
  jobId: string,
  sender: SenderRows,
): Promise<MailMessage | undefined> => {
  const [ticket] = await msp.list(tickets, { where: eq(tickets.id, ticketId), limit: 1 })
  const [row] = await msp
    .select({ contact: contacts, companyName: customers.name, portal: portals, house: msps })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .innerJoin(msps, eq(msps.mspId, contacts.mspId))
    .where(msp.mine(contacts, eq(contacts.id, contactId)))
  if (ticket === undefined || row === undefined || !mayRead(row.contact) || row.contact.email === null) return undefined
  const { contact, portal, house } = row
  const root = rootMessageId(environment, ticketId)
  return composeMail({
    id: jobId,
    inReplyTo: root,
    references: [root],
    headers: automatic,
    brand: mailBrand(house, portal, portal.displayName ?? row.companyName),
    helpLine: helpLineOf(house),
    ...sentBy(environment, house, sender),
    to: { name: contact.name, address: row.contact.email },
    ...tooLateText({
      number: ticket.number,
      subject: ticket.subject,
      mspName: house.name,
      url: `${environment.originOf(canonicalHost(portal))}/tickets/new`,
    }),
  })
}
