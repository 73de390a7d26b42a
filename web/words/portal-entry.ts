/** Words of what comes before a first sign-in; in a file of its own, so that the page everybody sees stays light. */
export const entry = {
  ownTitle: 'Choose your own password',
  ownText: 'The temporary password was for this once. You sign in with your own from now on.',
  ownAct: 'Set password and sign in',
  ownBusy: 'Signing you in…',
  ownOver: 'The temporary password no longer works. Ask for a new invitation.',
  expiredTitle: 'This invitation has expired',
  expiredText: 'For safety an invitation works only for a few days. You can have a new one sent to the same address.',
  expiredAct: 'Send me a new one',
  expiredBusy: 'Sending…',
  expiredDone: 'If this invitation was yours, a new one is on its way. Look into your mail in a few minutes.',
  microsoft: (company: string) => `You sign in to the ${company} portal with your Microsoft account for work.`,
}
