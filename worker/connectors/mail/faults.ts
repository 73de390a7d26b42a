import { ConnectorFault } from '../connector.ts'
import { vendor } from './message.ts'

/** What went wrong, as far as the SMTP client tells. */
export type SmtpFailure = {
  /** The client's own word, such as ETIMEDOUT. */
  code: string | undefined
  /** The server's reply code, such as 550. */
  replyCode: number | undefined
  /** The server's reply, of which only the codes are shown: its prose may name people. */
  reply: string | undefined
}

/**
 * RFC 5321 section 4.2.1: a 4yz reply is worth another try, a 5yz reply is not. Everything that happened before the server could
 * judge the mail (no connection, no answer, no encryption) is worth another try too.
 */
export function mailFault(failure: SmtpFailure): ConnectorFault {
  const { code, replyCode } = failure
  const codes =
    replyCode === undefined ? '' : ` (${[replyCode, enhancedCodeOf(failure.reply)].filter(Boolean).join(' ')})`
  const fault = (kind: 'down' | 'rejected' | 'unauthorized', words: string) =>
    new ConnectorFault(kind, vendor, `${words}.${codes}`)

  if (replyCode !== undefined && replyCode >= 400 && replyCode < 500)
    return fault('down', 'The mail server asked to try again later')
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return fault('unauthorized', 'The mail server did not accept the user name and password')
  if (replyCode !== undefined && replyCode >= 500)
    return fault('rejected', refusalWords(replyCode, enhancedCodeOf(failure.reply)))
  switch (code) {
    case 'ETIMEDOUT':
    case 'EABORT':
      return fault('down', 'The mail server did not answer in time')
    case 'ETLS':
    case 'EREQUIRETLS':
      return fault('down', 'No encrypted connection to the mail server could be made')
    case 'EENVELOPE':
    case 'EMESSAGE':
      return fault('rejected', 'The mail could not be put into the form that mail servers take')
    default:
      return fault('down', 'The mail server could not be reached')
  }
}

/** RFC 3463: the second number says what the refusal is about (1 the address, 2 the mailbox, 7 policy). */
function refusalWords(replyCode: number, enhancedCode: string | undefined): string {
  const subject = enhancedCode?.split('.')[1]
  if (replyCode === 552 || enhancedCode === '5.2.2') return "The recipient's mailbox is full or the mail is too large"
  if (subject === '1' || replyCode === 551 || replyCode === 553)
    return 'The mail server does not know one of the addresses'
  if (replyCode === 550 && subject === undefined)
    return 'The mail server does not know the recipient, or does not take mail for them from here'
  if (subject === '7') return "The mail server's rules do not allow this mail"
  return 'The mail server refused the mail'
}

/** Of a server's reply only the codes: its prose may name people. */
export function replyCodesOf(reply: string | undefined): string {
  return [reply?.match(/^\d{3}/)?.[0], enhancedCodeOf(reply)].filter(Boolean).join(' ')
}

function enhancedCodeOf(reply: string | undefined): string | undefined {
  return reply?.match(/^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/)?.[1]
}
