import { ConnectorFault } from '../connector.ts'
import type { MailMessage } from '../mailer.ts'

export const vendor = 'Mail'

/**
 * A mail's head is lines, so a line break in a name or a subject would let whoever typed it add recipients. Such a mail is refused
 * rather than mended: the place that let the line break in is the one to repair.
 */
export function refuseUnsafe(message: MailMessage): void {
  const { messageId, from, to, replyTo, subject, headers = {} } = message
  refuseUnless(isMessageId(messageId), 'its Message-ID is not of the form <id@host>')
  refuseUnless(isAddress(from.address), "the sender's address is not one mail address")
  refuseUnless(isAddress(to.address), "the recipient's address is not one mail address")
  refuseUnless(replyTo === undefined || isAddress(replyTo), 'the address for answers is not one mail address')
  refuseUnless(isOneLine(from.name), "the sender's name contains a line break or another control character")
  refuseUnless(isOneLine(to.name ?? ''), "the recipient's name contains a line break or another control character")
  refuseUnless(isOneLine(subject), 'its subject contains a line break or another control character')
  for (const [name, value] of Object.entries(headers)) {
    refuseUnless(isHeaderName(name), 'the name of one of its headers is not one word')
    refuseUnless(!ownHeaders.has(name.toLowerCase()), `its header ${name} may not be set this way`)
    refuseUnless(isOneLine(value), `its header ${name} contains a line break or another control character`)
  }
}

/** Exactly one address as RFC 5321 writes it without quotes: anything longer may be a list, a group or a comment. */
export function isAddress(value: string): boolean {
  return value.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(value)
}

function isMessageId(value: string): boolean {
  return value.length <= 250 && /^<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>$/.test(value)
}

/** Control characters, and the two separators that some programs take for a line break. */
function isOneLine(value: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(value)
}

function isHeaderName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]{0,76}$/.test(name)
}

/** What the message says elsewhere, what would add recipients, and what belongs to the mail's own making. */
const ownHeaders = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'return-path',
])

function refuseUnless(isFine: boolean, reason: string): void {
  if (!isFine) throw new ConnectorFault('rejected', vendor, `The mail was not sent: ${reason}.`)
}
