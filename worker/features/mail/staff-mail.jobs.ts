import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { msps, passwordResets, staff, staffInvitations } from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { composeMail, mailBrand, sentByDeployment } from './compose.ts'
import { deliver } from './deliver.ts'
import {
  staffInvitationText,
  staffMicrosoftLinkedText,
  staffMicrosoftUnlinkedText,
  staffPasswordChangedText,
  staffPasswordResetText,
} from './staff-mail.words.ts'

const Payload = z.discriminatedUnion('about', [
  z.object({
    about: z.literal('invitation'),
    staffId: z.string(),
    invitationId: z.string(),
    inviterName: z.string(),
  }),
  z.object({ about: z.literal('password_reset'), staffId: z.string(), resetId: z.string() }),
  z.object({ about: z.literal('password_changed'), staffId: z.string(), changedAt: z.number() }),
  z.object({ about: z.literal('microsoft_linked'), staffId: z.string(), changedAt: z.number() }),
  z.object({ about: z.literal('microsoft_unlinked'), staffId: z.string(), changedAt: z.number() }),
])
type Payload = z.infer<typeof Payload>
type Person = { id: string; name: string }

/**
 * One mail to somebody of the MSP's own staff, in the MSP's name and colours. It never goes through the MSP's own server:
 * whoever has to mend that may have to sign in by this mail.
 */
export const sendStaffMail = defineJob<Payload>({
  kind: 'mail.staff',
  title: 'Send mail to staff',
  payload: Payload,
  async run(msp, payload, { environment, jobId, now }) {
    const message = await staffMailFor(environment, msp, payload, jobId, now())
    if (message !== undefined) await deliver(environment, message)
    return finished
  },
})

export const staffInvitationMail = ({ id, name }: Person, invitationId: string, inviterName: string): DescribedJob =>
  sendStaffMail.described(
    { about: 'invitation', staffId: id, invitationId, inviterName },
    { naturalKey: `mail:staff_invitation:${invitationId}`, subjectName: `Invitation to ${name}` },
  )

export const staffPasswordResetMail = ({ id, name }: Person, resetId: string): DescribedJob =>
  sendStaffMail.described(
    { about: 'password_reset', staffId: id, resetId },
    { naturalKey: `mail:password_reset:${resetId}`, subjectName: `New password for ${name}` },
  )

export const staffPasswordChangedMail = ({ id, name }: Person, changedAt: number): DescribedJob =>
  sendStaffMail.described(
    { about: 'password_changed', staffId: id, changedAt },
    { naturalKey: `mail:password_changed:${id}:${changedAt}`, subjectName: `Password of ${name} was changed` },
  )

export const staffMicrosoftLinkMail = (
  about: 'microsoft_linked' | 'microsoft_unlinked',
  { id, name }: Person,
  changedAt: number,
): DescribedJob =>
  sendStaffMail.described(
    { about, staffId: id, changedAt },
    { naturalKey: `mail:${about}:${id}:${changedAt}`, subjectName: `Microsoft account of ${name}` },
  )

/** The mail a job stands for, as it is now; undefined when there is nothing to send any more. */
export const staffMailFor = async (
  environment: Environment,
  msp: MspScope,
  payload: Payload,
  jobId: string,
  nowMs: number,
): Promise<MailMessage | undefined> => {
  const [row] = await msp
    .select({ person: staff, house: msps })
    .from(staff)
    .innerJoin(msps, eq(msps.mspId, staff.mspId))
    .where(msp.mine(staff, eq(staff.id, payload.staffId)))
  // Whoever was invited and never joined goes with the invitation.
  if (row === undefined && payload.about === 'invitation') return undefined
  if (row === undefined) throw new HopelessJob('The person this mail was for is not there any more.')
  const { person, house } = row
  if (person.disabled) return undefined
  const content = await contentFor(environment, msp, payload, row, nowMs)
  if (content === undefined) return undefined
  return composeMail({
    id: jobId,
    brand: mailBrand(house, null, house.name),
    helpLine: `Questions? Ask an owner or admin at ${house.name}.`,
    from: sentByDeployment(environment, house),
    to: { name: person.name, address: person.email },
    ...content,
  })
}

type Recipient = { person: typeof staff.$inferSelect; house: typeof msps.$inferSelect }

const contentFor = async (
  environment: Environment,
  msp: MspScope,
  payload: Payload,
  { person, house }: Recipient,
  nowMs: number,
) => {
  const origin = environment.originOf(environment.ADMIN_HOST)
  const { timeZone, locale } = house
  const facts = { name: person.name, mspName: house.name, origin, timeZone, locale }
  const linkTo = async (page: string, purpose: 'password_reset' | 'staff_invitation', rowId: string) => {
    const secret = await mailToken(environment, purpose, msp.mspId, rowId)
    return `${origin}/${page}#token=${[msp.shardName, msp.mspId, secret].join('.')}`
  }
  switch (payload.about) {
    case 'invitation': {
      const invitation = await msp.first(staffInvitations, eq(staffInvitations.id, payload.invitationId))
      if (invitation === undefined || invitation.consumedAt !== null || invitation.revokedAt !== null) return undefined
      const { id, expiresAt } = invitation
      if (expiresAt <= nowMs)
        throw new HopelessJob(`This invitation ran out before its mail could leave. Invite ${person.name} again.`)
      const url = await linkTo('invitation', 'staff_invitation', id)
      return staffInvitationText({ ...facts, inviterName: payload.inviterName, url, expiresAt })
    }
    case 'password_changed':
      return staffPasswordChangedText({ ...facts, changedAt: payload.changedAt })
    case 'microsoft_linked':
      return staffMicrosoftLinkedText({ ...facts, changedAt: payload.changedAt })
    case 'microsoft_unlinked':
      return staffMicrosoftUnlinkedText({ ...facts, changedAt: payload.changedAt })
    case 'password_reset': {
      const reset = await msp.first(passwordResets, eq(passwordResets.id, payload.resetId))
      if (reset === undefined || reset.consumedAt !== null || reset.expiresAt <= nowMs) return undefined
      const url = await linkTo('password-reset', 'password_reset', reset.id)
      return staffPasswordResetText({ ...facts, url, expiresAt: reset.expiresAt })
    }
  }
}
