import type { msps } from '../../../db/shard/schema.ts'
import { renderMail } from '../../connectors/mail/render.ts'
import type { MailBrand } from '../../connectors/mail/render.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { brandOf } from '../portal-face/index.ts'
import type { MailContent } from './mail.words.ts'
import { fromAddressOf } from './sender.ts'
import type { SenderRows } from './sender.ts'

type House = typeof msps.$inferSelect
type Colours = Parameters<typeof brandOf>

type Letter = MailContent & {
  /** What its Message-ID is made of, the same for each try; or the Message-ID itself, where others have to know it. */
  id: string | { messageId: string }
  brand: MailBrand
  /** Whom to turn to. */
  helpLine: string
  from: MailMessage['from']
  to: MailMessage['to']
  /** Where answers go, where that is not to the sender. */
  replyTo?: string | null
  /** The Message-ID of the mail this one answers. */
  inReplyTo?: string
  /** The Message-IDs of the mails it follows, oldest first. */
  references?: string[]
  headers?: Record<string, string>
}

/** One mail as a mail server takes it. Pure. */
export const composeMail = (letter: Letter): MailMessage => {
  const { id, brand, helpLine, from, to, replyTo, subject, content, inReplyTo, references = [] } = letter
  const headers = {
    ...(inReplyTo === undefined ? {} : { 'In-Reply-To': inReplyTo }),
    ...(references.length === 0 ? {} : { References: references.join(' ') }),
    ...letter.headers,
  }
  return {
    messageId: typeof id === 'string' ? messageIdOf(id, from.address) : id.messageId,
    from,
    ...(replyTo == null ? {} : { replyTo }),
    to,
    subject,
    ...renderMail({ brand, helpLine, ...content }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  }
}

/** What a receiving server knows a mail again by when it is sent twice; of the sender's domain, so that it names nobody else. */
const messageIdOf = (id: string, fromAddress: string): string => `<${id}@${fromAddress.split('@')[1] ?? 'localhost'}>`

/** How a mail looks: in the portal's name and colours, or without one in the MSP's. */
export const mailBrand = (house: Colours[0], portal: Colours[1], displayName: string, logoUrl?: string): MailBrand => {
  const { light } = brandOf(house, portal)
  return {
    displayName,
    primaryColour: light['--brand'],
    onPrimaryColour: light['--on-brand'],
    ...(logoUrl === undefined ? {} : { logoUrl }),
  }
}

/** Whom a mail to an MSP's customers comes from, and who is answered. */
export const sentBy = (environment: Environment, house: House, sender: Pick<SenderRows, 'address'>) => ({
  from: { name: house.mailFromName, address: fromAddressOf(environment, sender) },
  replyTo: house.mailReplyTo ?? house.helpEmail,
})

/** Whom a mail comes from that must arrive whatever an MSP has set up for its own. */
export const sentByDeployment = (
  environment: Environment,
  house: Pick<House, 'mailFromName'>,
): MailMessage['from'] => ({
  name: house.mailFromName,
  address: environment.MAIL_FROM,
})

export const helpLineOf = (house: House): string =>
  [`Help from ${house.name}`, house.helpPhone, house.helpEmail, house.helpHours]
    .filter((part) => part !== null && part !== '')
    .join(' · ')
