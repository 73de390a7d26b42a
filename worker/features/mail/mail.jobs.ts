import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { contacts, customers, invitations, msps, passwordResets, portals } from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { temporaryPasswordOf } from '../../tenancy/temporary-password.ts'
import { canonicalHost } from '../custom-hostnames/index.ts'
import { takesPasswords } from '../portal-face/index.ts'
import { composeMail, helpLineOf, mailBrand, sentBy } from './compose.ts'
import { deliver } from './deliver.ts'
import {
  invitationText,
  microsoftInvitationText,
  microsoftLinkedText,
  microsoftUnlinkedText,
  passwordChangedText,
  passwordResetText,
  temporaryPasswordText,
  welcomeText,
} from './mail.words.ts'
import { senderRowsOf } from './sender.ts'

const Payload = z.discriminatedUnion('about', [
  z.object({ about: z.literal('invitation'), contactId: z.string(), invitationId: z.string() }),
  z.object({ about: z.literal('welcome'), contactId: z.string() }),
  z.object({ about: z.literal('password_reset'), contactId: z.string(), resetId: z.string() }),
  z.object({ about: z.literal('password_changed'), contactId: z.string(), changedAt: z.number() }),
  z.object({ about: z.literal('microsoft_linked'), contactId: z.string(), changedAt: z.number() }),
  z.object({ about: z.literal('microsoft_unlinked'), contactId: z.string(), changedAt: z.number() }),
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
    if (message !== undefined) await deliver(environment, message, (await senderRowsOf(msp)).server)
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
  const { to, subject, content } = message
  return composeMail({
    id: jobId,
    brand: mailBrand(found.msp, found.portal, found.companyName),
    helpLine: helpLineOf(found.msp),
    ...sentBy(environment, found.msp, await senderRowsOf(msp)),
    to: { name: found.contact.name, address: to },
    subject,
    content,
  })
}

type Contact = Pick<typeof contacts.$inferSelect, 'id' | 'name'>

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

type Person = { id: string; name: string }

export const passwordResetMail = ({ id, name }: Person, resetId: string): DescribedJob =>
  sendMail.described(
    { about: 'password_reset', contactId: id, resetId },
    { naturalKey: `mail:password_reset:${resetId}`, subjectName: `New password for ${name}` },
  )

export const passwordChangedMail = ({ id, name }: Person, changedAt: number): DescribedJob =>
  sendMail.described(
    { about: 'password_changed', contactId: id, changedAt },
    { naturalKey: `mail:password_changed:${id}:${changedAt}`, subjectName: `Password of ${name} was changed` },
  )

/** Without the account's name: it is whatever somebody called it. */
export const microsoftLinkMail = (
  about: 'microsoft_linked' | 'microsoft_unlinked',
  { id, name }: Person,
  changedAt: number,
): DescribedJob =>
  sendMail.described(
    { about, contactId: id, changedAt },
    { naturalKey: `mail:${about}:${id}:${changedAt}`, subjectName: `Microsoft account of ${name}` },
  )

const recipientOf = async (msp: MspScope, payload: Payload) => {
  // By the person alone: a merge may have given them to another customer since.
  const [row] = await msp
    // Of the customer no more than is needed: D1 answers with at most 100 columns.
    .select({
      contact: contacts,
      customer: { name: customers.name, state: customers.state },
      portal: portals,
      msp: msps,
    })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .innerJoin(msps, eq(msps.mspId, contacts.mspId))
    .where(msp.mine(contacts, eq(contacts.id, payload.contactId)))
  if (row === undefined) return undefined
  const invitation =
    payload.about === 'invitation' ? await msp.first(invitations, eq(invitations.id, payload.invitationId)) : undefined
  const reset =
    payload.about === 'password_reset'
      ? await msp.first(passwordResets, eq(passwordResets.id, payload.resetId))
      : undefined
  return { ...row, invitation, reset, companyName: row.portal.displayName ?? row.customer.name }
}

type Recipient = NonNullable<Awaited<ReturnType<typeof recipientOf>>>

const contentFor = async (
  environment: Environment,
  mspId: string,
  payload: Payload,
  found: Recipient,
  nowMs: number,
) => {
  const { contact, customer, companyName, msp, invitation, reset } = found
  // Its portal is closed to everybody: what this mail says would lead nowhere.
  if (customer.state === 'archived') return undefined
  if (contact.email === null) throw new HopelessJob(`${contact.name} has no e-mail address.`)
  const origin = environment.originOf(canonicalHost(found.portal))
  const facts = {
    name: contact.name,
    companyName,
    mspName: msp.name,
    origin,
    timeZone: msp.timeZone,
    locale: msp.locale,
  }
  if (payload.about === 'welcome') return { to: contact.email, ...welcomeText(facts) }
  if (payload.about === 'password_changed')
    return { to: contact.email, ...passwordChangedText({ ...facts, changedAt: payload.changedAt }) }
  if (payload.about === 'microsoft_linked')
    return { to: contact.email, ...microsoftLinkedText({ ...facts, changedAt: payload.changedAt }) }
  if (payload.about === 'microsoft_unlinked')
    return { to: contact.email, ...microsoftUnlinkedText({ ...facts, changedAt: payload.changedAt }) }
  if (payload.about === 'password_reset') {
    if (reset === undefined || reset.consumedAt !== null || reset.expiresAt <= nowMs) return undefined
    if (contact.access !== 'active' || !takesPasswords(customer.state, found)) return undefined
    const secret = await mailToken(environment, 'password_reset', mspId, reset.id)
    const url = `${origin}/password-reset#token=${secret}`
    return { to: contact.email, ...passwordResetText({ ...facts, url, expiresAt: reset.expiresAt }) }
  }
  if (invitation === undefined || invitation.consumedAt !== null || invitation.revokedAt !== null) return undefined
  if (invitation.expiresAt <= nowMs)
    throw new HopelessJob(`This invitation ran out before its mail could leave. Invite ${contact.name} again.`)
  const { expiresAt } = invitation
  const secret = await mailToken(environment, 'invitation', mspId, invitation.id)
  const url = `${origin}/invitation#token=${secret}`
  switch (invitation.policy) {
    case 'invitation':
      return { to: contact.email, ...invitationText({ ...facts, url, expiresAt }) }
    case 'microsoft_only':
      return { to: contact.email, ...microsoftInvitationText({ ...facts, url, expiresAt }) }
    case 'temporary_password': {
      const password = await temporaryPasswordOf(environment, mspId, invitation.id)
      return { to: contact.email, ...temporaryPasswordText({ ...facts, email: contact.email, password, expiresAt }) }
    }
  }
}
