/** Words a customer reads before signing in. What comes after is in `portal-home.ts`, so this page stays light. */
import type { SignInPolicy } from '../api/shapes.ts'
import { count, fullTime } from './format.ts'

export const portal = {
  signInTo: 'Sign in to',
  withMicrosoft: 'This portal is signed in to with a Microsoft account for work, not with a password.',
  helpWithSignIn: 'Help with signing in',
  firstTime: 'Here for the first time?',
  firstTimeText: {
    invitation: 'Open the link in your invitation e-mail. It sets your password and works once.',
    temporary_password: 'Sign in with the temporary password in your invitation e-mail, then choose your own.',
    microsoft_only: 'Open the link in your invitation e-mail. It links your Microsoft account and works once.',
  } satisfies Record<SignInPolicy, string>,
  noInvitation: 'No invitation yet?',
  noInvitationText: (name: string) => `Ask ${name}. They can invite you.`,
  lockedOut: 'Locked out?',
  lockedOutCall: (name: string) => `Call ${name} on`,
  lockedOutThen: 'They will call you back on the number they know, then let you in.',
  lockedOutWrite: (name: string) => `Write to ${name} at`,
  lockedOutAsk: (name: string) => `Ask ${name}. They know how to let you in.`,
  helpFrom: (name: string) => `Help from ${name}`,
  homepageOf: (name: string) => `${name}, to the homepage`,

  welcome: (name: string) => `Welcome, ${name}`,
  yourEmail: 'You sign in as',
  newPassword: 'New password',
  passwordRules:
    'At least 12 characters, and not one that many people use. Three or four words you can remember work well.',
  tooShort: (n: number) =>
    n === 0
      ? 'Enter a password of at least 12 characters'
      : `Use at least 12 characters. This one has ${count(n, 'character', 'characters')}.`,
  accept: 'Set password and sign in',
  accepting: 'Signing you in…',
  invitationUntil: (at: string) => `This invitation works until ${fullTime(at)}.`,
  checkingInvitation: 'Your invitation',
  invitationUsedTitle: 'This invitation no longer works',
  invitationUsedText:
    'An invitation works once and only for a few days. If you have already set your password, sign in with it.',
  invitationUnknownTitle: 'We do not know this invitation',
  invitationUnknownText:
    'The link may be incomplete. Open it again from the e-mail, or copy the whole address into your browser.',
  askForAnother: (name: string) => `For a new invitation, ask ${name}.`,
  toSignIn: 'Go to sign in',
  invitationFailedTitle: 'Your invitation could not be checked',
}
