/** Words of the way back in for who forgot their password, in both apps. */
import { fullTime } from './format.ts'

export const passwordReset = {
  askTitle: 'Forgot your password?',
  askLead: 'Enter the e-mail address you sign in with. We send you a link that sets a new password.',
  send: 'Send the link',
  sending: 'Sending…',
  sentTitle: 'Look into your inbox',
  sentText: (email: string) =>
    `If somebody signs in here as ${email}, a mail with a link is on its way. The link works for an hour.`,
  sentHelp: 'Nothing came? Look among unwanted mail, check the address, or ask the people who gave you access.',
  another: 'Use another address',
  askAgain: 'Ask for another link',
  toSignIn: 'Go to sign in',

  noPasswordTitle: 'There is no password here',

  byLink: {
    title: (link: { companyName: string }) => `New password for ${link.companyName}`,
    signsInAs: 'You sign in as',
    verb: 'Set password and sign in',
    busyVerb: 'Signing you in…',
    until: (at: string) => `This link works until ${fullTime(at)}.`,
    loading: 'Your link',
    usedTitle: 'This link no longer works',
    usedText: 'A link works once and for an hour. You can ask for another.',
    unknownTitle: 'We do not know this link',
    unknownText: 'It may be incomplete. Open it again from the mail, or copy the whole address into your browser.',
    toSignIn: 'Go to sign in',
    failedTitle: 'Your link could not be checked',
  },
}
