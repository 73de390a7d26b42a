/** Words of a new MSP's sign-up. */
import { fullTime } from './format.ts'

export const signUp = {
  title: 'Set up your MSP',
  lead: 'A portal for each of your customers, in their colours. You begin as the owner and invite your team.',
  mspName: 'Name of your MSP',
  mspNameHelp: 'As your customers know you.',
  name: 'Your name',
  email: 'Work e-mail',
  emailHelp: 'We send a link there, with which you choose your password. You sign in with this address.',
  code: 'Invitation code',
  codeHelp: 'From whoever runs this service.',
  enterMspName: 'Enter the name of your MSP',
  enterName: 'Enter your name',
  enterEmail: 'Enter an e-mail address such as name@company.com',
  enterCode: 'Enter the code you were given',
  verb: 'Sign up',
  busyVerb: 'Signing up…',
  sentTitle: 'Confirm your e-mail address',
  sentText: (email: string) =>
    `A mail with a link is on its way to ${email}. Open it to choose your password, and your account is made. The link works for a day.`,
  sentHelp: 'Nothing came? Look among unwanted mail, or sign up once more.',
  signedUpMsp: 'Your MSP',
  signedUpName: 'Your name',
  notYours:
    'If these are not your names, somebody else signed up with your e-mail address. Close this page, and nothing is made.',
  byLink: {
    title: () => 'Choose your password',
    signsInAs: 'You sign in as',
    verb: 'Set password and begin',
    busyVerb: 'Making your account…',
    until: (at: string) => `This link works until ${fullTime(at)}.`,
    loading: 'Your link',
    usedTitle: 'This link no longer works',
    usedText:
      'A link works once and for a day. If you have set your password already, sign in with it; else sign up again.',
    unknownTitle: 'We do not know this link',
    unknownText: 'It may be incomplete. Open it again from the mail, or copy the whole address into your browser.',
    toSignIn: 'Go to sign in',
    failedTitle: 'Your link could not be checked',
  },
  again: 'Sign up again',
  closedTitle: 'New MSPs cannot sign up here',
  closedText:
    'This service is not open to new MSPs. If your team is here already, ask an owner or admin to invite you.',
  toSignIn: 'Go to sign in',
  have: 'Your team is here already?',
  offer: 'New here? Set up your MSP',
}
