/** Words about whom mails come from, and through which server. */
import type { MailServer } from '../api/shapes.ts'
import { fullTime } from './format.ts'

export const mailSettings = {
  address: {
    title: 'From address',
    lead: (now: string) => `Mails come from ${now} now.`,
    neutral: 'That address names nobody: people see your from name before it.',
    set: 'Use an address of your own',
    change: 'Change',
    waiting: (address: string, until: string) =>
      `A link was mailed to ${address}. Whoever opens it, signed in as an owner or admin, confirms the address; the link works until ${fullTime(until)}.`,
    tooLate: (address: string) => `The link mailed to ${address} was not used within a day. Send a new one.`,
    verified: 'Confirmed',
    unverified: 'Waits for confirmation',
    again: 'Send the link again',
    drop: 'Stop using it',
    dropTitle: (address: string) => `Stop sending from ${address}?`,
    dropText: (neutral: string) =>
      `Mails come from ${neutral} again, at once. To use the address later, it has to be confirmed anew.`,
    dropped: (neutral: string) => `Mails come from ${neutral} again.`,
    dialogTitle: 'An address of your own',
    dialogText:
      'A link is mailed there. Until it is opened, mails come from the neutral address. Mail programs trust your address only if your domain allows the server it is sent through, so use your own mail server with it.',
    field: 'Address',
    fieldHelp: 'For example help@company.com.',
    enter: 'Enter an e-mail address with an @',
    send: 'Send the link',
    sending: 'Sending…',
    sent: (address: string) => `A link is on its way to ${address}.`,
    confirmed: 'The address is confirmed. Mails come from it now.',
  },
  server: {
    title: 'Mail server',
    neutral: 'Mails go through the server that comes with the portal.',
    own: (host: string, port: number, userName: string | null) =>
      `Mails go through ${host}, port ${port}${userName === null ? '' : `, as ${userName}`}.`,
    warning:
      'When your server does not take a mail, it waits under Jobs with the reason. It is never sent another way without you.',
    set: 'Use your own server',
    change: 'Change',
    drop: 'Stop using it',
    dropTitle: (host: string) => `Stop sending through ${host}?`,
    dropText: 'Mails go through the server that comes with the portal again. The password is forgotten.',
    dropped: 'Mails go through the server that comes with the portal again.',
    dialogTitle: 'Your own mail server',
    host: 'Server',
    hostHelp: 'For example smtp.company.com.',
    enterHost: 'Enter the name of the server',
    port: 'Port',
    portHelp: '587 for STARTTLS, 465 for TLS.',
    enterPort: 'Enter a port, such as 587',
    security: 'Encryption',
    encrypted: (how: string) => `Encryption: ${how}.`,
    securities: {
      starttls: 'STARTTLS, demanded',
      tls: 'TLS from the start',
      none: 'None (only for tests on this machine)',
    } satisfies Record<MailServer['security'], string>,
    user: 'User name',
    password: 'Password',
    passwordHelp: 'Kept sealed and never shown.',
    passwordKept: 'Leave it empty to keep the one that is stored.',
    save: 'Save server',
    saving: 'Saving…',
    saved: 'The server is saved. Send a test to see whether it works.',
  },
  trial: {
    title: 'Send a test',
    lead: (email: string) => `Sends a mail to ${email}, the way every mail to your customers goes.`,
    send: 'Send test mail',
    sending: 'Sending…',
    delivered: (to: string, from: string) => `A mail from ${from} to ${to} was handed over. Look whether it arrives.`,
    failed: 'The mail was not sent.',
  },
}
