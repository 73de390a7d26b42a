/** Words both apps use. English first; every function takes plain values and returns what a person reads. */
import { count, number, wait } from './format.ts'

export const common = {
  skip: 'Skip to the content',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  select: 'Select',
  selectShown: 'Select all shown',
  show: 'Show',
  hide: 'Hide',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  optional: '(optional)',
  takeAway: (name: string) => `Take ${name} away`,
  searching: 'Searching…',
  notGiven: 'Not given',
  notKnown: 'Not known',
  working: 'Working…',
  loading: (what: string) => `${what} is loading`,
  request: (id: string) => `Request ${id}`,
  asOf: 'As of',
  signOut: 'Sign out',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  forgotPassword: 'Forgot your password?',
  email: 'E-mail',
  password: 'Password',
  yourAccount: 'your account',
  theme: 'Theme',
  themeSystem: 'Same as the device',
  themeLight: 'Light',
  themeDark: 'Dark',
  main: 'Main',
  morePages: 'More',
  messages: 'Messages, press F6 to get here',
  closeMessage: 'Close message',
  transferWaiting: 'Waits for its turn',
  transferEnding: 'Almost there',
  transferOf: (name: string) => `${name} is being sent`,
  transferCancel: (name: string) => `Cancel ${name}`,
  transferDismiss: (name: string) => `Take ${name} off this list`,
  enterName: 'Enter a name',
  copied: 'Copied',
  copy: (what: string) => `Copy ${what}`,
  more: (about: string) => `More for ${about}`,
  asTable: 'Show as a table',
  unsavedTitle: 'Leave without saving?',
  unsavedText: 'What you changed here is not saved yet. If you leave, it is gone.',
  unsavedStay: 'Keep editing',
  unsavedLeave: 'Leave without saving',
  problemCount: (n: number) =>
    n === 1 ? 'One thing to put right' : `${n < 10 ? spelled(n) : number(n)} things to put right`,

  enterEmail: 'Enter your e-mail address',
  enterPassword: 'Enter your password',
  wrongSignIn: 'That e-mail and password do not go together. Check both and try again.',
  tooMany: (seconds: number | null) =>
    seconds === null
      ? 'There were too many tries. Wait a few minutes, then try again.'
      : `There were too many tries. You can try again in ${wait(seconds)}.`,
  unreachable: 'No answer came. Check your connection and try again. Nothing is lost.',
  failed: 'Something went wrong on our side. Nothing is lost. Try again in a moment.',
  notAllowed: 'You may see this, but not change it.',
  gone: 'This is no longer here. Somebody may have removed it.',
  changedMeanwhile:
    'Not saved: somebody else changed this while you were editing. Load it again to see the newest state.',

  over: (n: number) => `${number(n)} over`,
  free: (n: number) => `${number(n)} free`,
  idle: (n: number) => `${number(n)} idle`,
  noneAssigned: 'None assigned',
  of: (used: number, all: number) => `${number(used)} of ${number(all)}`,
  seatsLabel: (used: number, bought: number, over: number, idle: number) =>
    `${count(used, 'seat', 'seats')} assigned of ${number(bought)}` +
    (over > 0 ? `, ${number(over)} more than bought` : '') +
    (idle > 0 ? `, ${number(idle)} of them idle` : ''),
}

function spelled(n: number): string {
  return ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'][n] ?? number(n)
}
