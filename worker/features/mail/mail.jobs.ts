import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { contacts, customers, invitations, msps, portals } from '../../../db/shard/schema.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import { smtpMailer } from '../../connectors/mail/index.ts'
import { renderMail } from '../../connectors/mail/render.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { brandOf } from '../portals/index.ts'
import { invitationText, welcomeText } from './mail.words.ts'

const Payload = z.discriminatedUnion('about', [
  z.object({ about: z.literal('invitation'), contactId: z.string(), invitationId: z.string() }),
  z.object({ about: z.literal('welcome'), contactId: z.string() }),
])
type Payload = z.infer<typeof Payload>

/** One mail to one contact, in their portal's brand. The Message-ID is the job's id, so a mail that is sent twice is one mail. */
export const sendMail = defineJob<Payload>({
  kind: 'mail.send',
  title: 'Send mail',
  payload: Payload,
  async run(msp, payload, { environment, jobId, now }) {
    const message = await mailFor(environment, msp, payload, jobId, now())
    // An invitation that was withdrawn, used or replaced meanwhile is not sent.
    if (message === undefined) return finished
    try {
      await smtpMailer(environment.SMTP_URL).send(message)
    } catch (error) {
      if (error instanceof ConnectorFault && error.kind === 'rejected')
        throw new HopelessJob(`The mail server refused this mail: ${error.message}`)
      throw error
    }
    return finished
  },
})

/**
 * The mail a job stands for, as it is now; undefined when there is nothing to send any more. The same job gives the
 * same Message-ID and link each time. Throws HopelessJob, in words for staff, when it can never be sent.
 */
export const mailFor = async (
  environment: Environment,
  msp: MspScope,
  payload: Payload,
  jobId: string,
  nowMs: number,
): Promise<MailMessage | undefined> => {
  const found = await recipientOf(msp, payload)
  if (found === undefined) throw new HopelessJob('The person this mail was for is not there any more.')
  const message = await contentFor(environment, msp.mspId, payload, found, nowMs)
  if (message === undefined) return undefined
  const brand = brandOf(found.msp, found.portal)
  const { text, html } = renderMail({
    brand: {
      displayName: found.companyName,
      primaryColour: brand.light['--brand'],
      onPrimaryColour: brand.light['--on-brand'],
    },
    helpLine: helpLineOf(found.msp),
    ...message.content,
  })
  const replyTo = found.msp.mailReplyTo ?? found.msp.helpEmail
  return {
    messageId: `<${jobId}@${environment.MAIL_FROM.split('@')[1] ?? 'localhost'}>`,
    from: { name: found.msp.mailFromName, address: environment.MAIL_FROM },
    ...(replyTo === null ? {} : { replyTo }),
    to: { name: found.contact.name, address: message.to },
    subject: message.subject,
    text,
    html,
  }
}

type Contact = typeof contacts.$inferSelect

export const invitationMail = (contact: Contact, invitationId: string): DescribedJob =>
  sendMail.described(
    { about: 'invitation', contactId: contact.id, invitationId },
    { naturalKey: `mail:invitation:${invitationId}`, subjectName: `Invitation to ${contact.name}` },
  )

export const welcomeMail = (contact: Contact, invitationId: string): DescribedJob =>
  sendMail.described(
    { about: 'welcome', contactId: contact.id },
    { naturalKey: `mail:welcome:${invitationId}`, subjectName: `Welcome to ${contact.name}` },
  )

const recipientOf = async (msp: MspScope, payload: Payload) => {
  // By the person alone: a merge may have given them to another customer since.
  const [row] = await msp
    .select({ contact: contacts, customer: customers, portal: portals, msp: msps })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .innerJoin(msps, eq(msps.mspId, contacts.mspId))
    .where(msp.mine(contacts, eq(contacts.id, payload.contactId)))
  if (row === undefined) return undefined
  const invitation =
    payload.about === 'invitation' ? await msp.first(invitations, eq(invitations.id, payload.invitationId)) : undefined
  return { ...row, invitation, companyName: row.portal.displayName ?? row.customer.name }
}

type Recipient = NonNullable<Awaited<ReturnType<typeof recipientOf>>>

const contentFor = async (
  environment: Environment,
  mspId: string,
  payload: Payload,
  found: Recipient,
  nowMs: number,
) => {
  const { contact, customer, companyName, msp, invitation } = found
  // Its portal is closed to everybody: what this mail says would lead nowhere.
  if (customer.state === 'archived') return undefined
  if (contact.email === null) throw new HopelessJob(`${contact.name} has no e-mail address.`)
  const origin = environment.originOf(found.portal.host)
  const facts = {
    name: contact.name,
    companyName,
    mspName: msp.name,
    origin,
    timeZone: msp.timeZone,
    locale: msp.locale,
  }
  if (payload.about === 'welcome') return { to: contact.email, ...welcomeText(facts) }
  if (invitation === undefined || invitation.consumedAt !== null || invitation.revokedAt !== null) return undefined
  if (invitation.expiresAt <= nowMs)
    throw new HopelessJob(`This invitation ran out before its mail could leave. Invite ${contact.name} again.`)
  const secret = await mailToken(environment, 'invitation', mspId, invitation.id)
  return {
    to: contact.email,
    ...invitationText({ ...facts, url: `${origin}/invitation#token=${secret}`, expiresAt: invitation.expiresAt }),
  }
}

const helpLineOf = (msp: typeof msps.$inferSelect): string =>
  [`Help from ${msp.name}`, msp.helpPhone, msp.helpEmail, msp.helpHours]
    .filter((part) => part !== null && part !== '')
    .join(' · ')
