import { ConnectorFault } from '../../connectors/connector.ts'
import { smtpMailer } from '../../connectors/mail/index.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { composeMail } from '../mail/index.ts'

/**
 * Mails the link to whoever signed up, or, where the address belongs to somebody's staff already, says so. No word that
 * a stranger typed stands in it: else anybody could have us send what they like to whom they like.
 */
export const mailSignUp = async (
  environment: Environment,
  { id, email }: { id: string; email: string },
): Promise<void> => {
  try {
    await smtpMailer(environment.SMTP_URL).send(await signUpMail(environment, id, email))
  } catch (error) {
    // An address that no mail goes to is not tried again: whoever mistyped it signs up once more.
    if (!(error instanceof ConnectorFault) || error.kind !== 'rejected') throw error
  }
  await environment.directory.prepare(`update sign_ups set mailed_at = ? where id = ?`).bind(now(), id).run()
}

export const signUpMail = async (environment: Environment, id: string, email: string): Promise<MailMessage> => {
  const origin = environment.originOf(environment.ADMIN_HOST)
  const isKnown = await hasJoined(environment, email)
  const { subject, ...content } = isKnown
    ? {
        subject: 'You have an account already',
        heading: 'You have an account already',
        paragraphs: ['Somebody signed up with your e-mail address, which can sign in already. If it was you, sign in.'],
        action: { label: 'Go to sign in', url: origin },
      }
    : {
        subject: 'Confirm your e-mail address',
        heading: 'Confirm your e-mail address',
        paragraphs: [
          'Somebody signed up with your e-mail address. If it was you, choose a password, and your account is made.',
        ],
        action: {
          label: 'Choose a password',
          url: `${origin}/sign-up#token=${await mailToken(environment, 'sign_up', '', id)}`,
        },
      }
  return composeMail({
    id,
    brand: { displayName: 'Sign-up', primaryColour: '#3a5488', onPrimaryColour: '#ffffff' },
    helpLine: 'If it was not you, you need not do anything.',
    from: { name: 'Sign-up', address: environment.MAIL_FROM },
    to: { address: email },
    subject,
    content: { footer: isKnown ? [] : ['The link works once, for a day.'], ...content },
  })
}

/** Whoever was only invited somewhere can sign in nowhere yet. */
const hasJoined = async ({ directory }: Environment, email: string): Promise<boolean> =>
  (await directory
    .prepare(`select 1 from staff_emails where email = ? and state = 'active' and expires_at is null`)
    .bind(email)
    .first()) !== null
