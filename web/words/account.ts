/** Words of one's own account, in both apps: password and sessions. */
import { count } from './format.ts'

export const account = {
  passwordTitle: 'Change password',
  passwordLead: 'Everywhere else you are signed in, you will be signed out. We send you a mail about it.',
  noPasswordTitle: 'There is no password here',
  noPasswordText: 'You sign in to this portal with Microsoft. A password is changed there, in your Microsoft account.',
  current: 'Current password',
  next: 'New password',
  rules: 'At least 12 characters, and not one that many people use. Three or four words you can remember work well.',
  enterCurrent: 'Enter the password you have now',
  tooShort: (n: number) =>
    n === 0
      ? 'Enter a password of at least 12 characters'
      : `Use at least 12 characters. This one has ${count(n, 'character', 'characters')}.`,
  change: 'Change password',
  changing: 'Changing…',
  changed: 'Password changed. Other devices were signed out.',

  sessionsTitle: 'Sessions',
  sessionsLead: 'Where you are signed in. If you do not know one of these, sign it out and change your password.',
  sessionsLoading: 'Your sessions',
  sessionsFailed: 'Your sessions could not be loaded',
  device: (browser: string | null, system: string | null) =>
    browser === null ? (system ?? 'A device we do not know') : system === null ? browser : `${browser} on ${system}`,
  thisOne: 'This device',
  lastSeen: 'Last seen',
  since: 'signed in',
  end: 'Sign out',
  endLabel: (device: string) => `Sign out: ${device}`,
  ended: (device: string) => `Signed out: ${device}.`,
  onlyThis: 'You are signed in nowhere else.',
  endOthers: 'Sign out everywhere else',
  othersEnded: 'Signed out everywhere else.',
}
