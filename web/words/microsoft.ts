/** Words about signing in with Microsoft, for both apps. */

/** How it ended, as the address says to which somebody comes back from Microsoft. */
export const microsoftOutcomes = [
  'declined',
  'personal',
  'unverified',
  'unreachable',
  'not_known',
  'out_of_date',
  'used',
  'taken',
  'two_step',
  'app_changed',
  'app_refused',
  'linked',
] as const
export type MicrosoftOutcome = (typeof microsoftOutcomes)[number]

export const microsoft = {
  signIn: 'Sign in with Microsoft',
  going: 'Going to Microsoft…',
  orPassword: 'or with your password',
  orNewPassword: 'or choose a password',
  invited: (company: string) =>
    `Choose how you sign in to the ${company} portal from now on: with your Microsoft account from work, or with a password.`,
  invitedOnly: (company: string) =>
    `You sign in to the ${company} portal with your Microsoft account from work. Sign in with it once to begin.`,

  title: 'Microsoft account',
  linkFailed: 'Your Microsoft account could not be loaded',
  linkLoading: 'Your Microsoft account',
  lead: 'Sign in with the account that you use for Outlook or Teams at work, in place of a password.',
  link: 'Link Microsoft account',
  linkTitle: 'Link your Microsoft account?',
  linkText:
    'The account can sign in as you from then on, so enter your password first. Then choose the account at Microsoft.',
  goOn: 'Go to Microsoft',
  unlink: 'Unlink',
  linkedAs: (account: string) => `You sign in as ${account}.`,
  since: 'Linked',
  mayNotUnlink: 'It stays linked: without it you could not sign in.',
  unlinkTitle: (account: string) => `Unlink ${account}?`,
  unlinkText:
    'You sign in with your e-mail and password from then on. Wherever you are signed in with Microsoft, you are signed out, but for here.',
  unlinked: 'Your Microsoft account is unlinked.',

  outcome: (outcome: MicrosoftOutcome, where: 'portal' | 'admin'): string =>
    ({
      declined:
        'You were not signed in: the sign-in at Microsoft was given up, or your company does not allow it. Try again, or ask whoever looks after your Microsoft 365.',
      personal: 'That is a personal Microsoft account. Choose the one from your work.',
      unverified: 'You were not signed in: Microsoft’s answer could not be verified. Try again.',
      unreachable: 'Microsoft does not answer right now. Wait a minute, then try again.',
      not_known:
        where === 'portal'
          ? 'Nobody signs in here with that Microsoft account. Choose another one. If you have an invitation, open its link first.'
          : 'Nobody signs in here with that Microsoft account. Sign in with your password, then link it in the menu behind your name.',
      out_of_date: 'You were not signed in: it was not finished in time, or begun in another browser. Try again.',
      used: 'This invitation was used or withdrawn in the meantime.',
      taken: 'That account was not linked: somebody else signs in with it here. Choose another one.',
      two_step: 'You use two-step verification here. Sign in with your password and a code.',
      app_changed: 'You were not signed in: how Microsoft is asked here was changed in the meantime. Try again.',
      app_refused:
        where === 'portal'
          ? 'Signing in with Microsoft does not work here right now. Tell whoever looks after your IT.'
          : 'Microsoft does not take your app registration’s own secret. Try again, or sign in with your password; then an owner or admin can test it under Settings → Microsoft.',
      linked: 'Your Microsoft account is linked. From now on you can sign in with it.',
    })[outcome],
}
