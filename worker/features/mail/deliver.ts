import { ConnectorFault } from '../../connectors/connector.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { sendThrough } from './sender.ts'
import type { MailServerRow } from './sender.ts'

/** Hands a job's mail over. What the mail server refuses for good ends the job, in words for staff. */
export const deliver = async (environment: Environment, message: MailMessage, own?: MailServerRow): Promise<void> => {
  try {
    await sendThrough(environment, own, message)
  } catch (error) {
    if (error instanceof ConnectorFault && error.kind === 'rejected')
      throw new HopelessJob(`The mail server refused this mail: ${error.message}`)
    throw error
  }
}
