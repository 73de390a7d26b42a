import { ConnectorFault } from '../../connectors/connector.ts'
import { smtpMailer } from '../../connectors/mail/index.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'

/** Hands a job's mail over. What the mail server refuses for good ends the job, in words for staff. */
export const deliver = async (environment: Environment, message: MailMessage): Promise<void> => {
  try {
    await smtpMailer(environment.SMTP_URL).send(message)
  } catch (error) {
    if (error instanceof ConnectorFault && error.kind === 'rejected')
      throw new HopelessJob(`The mail server refused this mail: ${error.message}`)
    throw error
  }
}

/** What a receiving server knows a mail again by when it is sent twice. */
export const messageIdOf = (environment: Environment, jobId: string): string =>
  `<${jobId}@${environment.MAIL_FROM.split('@')[1] ?? 'localhost'}>`
