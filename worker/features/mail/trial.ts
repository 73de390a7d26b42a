import type { MailMessage } from '../../connectors/mailer.ts'
import type { msps } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { composeMail, helpLineOf, mailBrand, sentBy } from './compose.ts'
import { trialText } from './mail.words.ts'
import type { SenderRows } from './sender.ts'

/** A mail to somebody of the staff that goes the way every mail of their MSP goes. */
export const trialMail = (
  environment: Environment,
  house: typeof msps.$inferSelect,
  sender: SenderRows,
  to: { name: string; email: string },
  id: string,
): MailMessage =>
  composeMail({
    id,
    brand: mailBrand(house, null, house.name),
    helpLine: helpLineOf(house),
    ...sentBy(environment, house, sender),
    to: { name: to.name, address: to.email },
    ...trialText({ mspName: house.name, name: to.name }),
  })
