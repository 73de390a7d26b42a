import { renderMail } from '../../connectors/mail/render.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { msps } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { brandOf } from '../portal-face/index.ts'
import { messageIdOf } from './deliver.ts'
import { helpLineOf } from './mail.jobs.ts'
import { trialText } from './mail.words.ts'
import { fromAddressOf } from './sender.ts'
import type { SenderRows } from './sender.ts'

/** A mail to somebody of the staff that goes the way every mail of their MSP goes. */
export const trialMail = (
  environment: Environment,
  house: typeof msps.$inferSelect,
  sender: SenderRows,
  to: { name: string; email: string },
  id: string,
): MailMessage => {
  const { subject, content } = trialText({ mspName: house.name, name: to.name })
  const { light } = brandOf(house, null)
  const { text, html } = renderMail({
    brand: { displayName: house.name, primaryColour: light['--brand'], onPrimaryColour: light['--on-brand'] },
    helpLine: helpLineOf(house),
    ...content,
  })
  const address = fromAddressOf(environment, sender)
  const replyTo = house.mailReplyTo ?? house.helpEmail
  return {
    messageId: messageIdOf(id, address),
    from: { name: house.mailFromName, address },
    ...(replyTo === null ? {} : { replyTo }),
    to: { name: to.name, address: to.email },
    subject,
    text,
    html,
  }
}
