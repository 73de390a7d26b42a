type Facts = { name: string; companyName: string; mspName: string; origin: string; timeZone: string; locale: string }

export type MailContent = {
  subject: string
  content: { heading: string; paragraphs: string[]; action?: { label: string; url: string }; footer: string[] }
}

export const invitationText = (facts: Facts & { url: string; expiresAt: number }): MailContent => ({
  subject: `Your access to the ${facts.companyName} portal`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `${facts.mspName} has opened the ${facts.companyName} portal for you. There you see who works with which licence, how your services are doing and what has changed.`,
      'Choose a password to sign in for the first time.',
    ],
    action: { label: 'Choose a password', url: facts.url },
    footer: [
      `The link works once, until ${longDate(facts.expiresAt, facts)}.`,
      `From then on you sign in at ${facts.origin}`,
      'If you did not expect this mail, you need not do anything.',
    ],
  },
})

/** For portals that are signed in to with Microsoft alone. */
export const microsoftInvitationText = (facts: Facts & { url: string; expiresAt: number }): MailContent => ({
  subject: `Your access to the ${facts.companyName} portal`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `${facts.mspName} has opened the ${facts.companyName} portal for you. There you see who works with which licence, how your services are doing and what has changed.`,
      'You sign in with your Microsoft account for work. There is no other password to remember.',
    ],
    action: { label: 'Sign in for the first time', url: facts.url },
    footer: [
      `The link works once, until ${longDate(facts.expiresAt, facts)}.`,
      `From then on you sign in at ${facts.origin}`,
      'If you did not expect this mail, you need not do anything.',
    ],
  },
})

export const temporaryPasswordText = (
  facts: Facts & { email: string; password: string; expiresAt: number },
): MailContent => ({
  subject: `Your access to the ${facts.companyName} portal`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `${facts.mspName} has opened the ${facts.companyName} portal for you. There you see who works with which licence, how your services are doing and what has changed.`,
      `Sign in with your e-mail address ${facts.email} and this temporary password:`,
      facts.password,
      'You then choose a password of your own.',
    ],
    action: { label: 'Open the portal', url: facts.origin },
    footer: [
      `The temporary password works once, until ${longDate(facts.expiresAt, facts)}.`,
      'If you did not expect this mail, you need not do anything.',
    ],
  },
})

export const welcomeText = (facts: Facts): MailContent => ({
  subject: `Welcome to the ${facts.companyName} portal`,
  content: {
    heading: `Welcome, ${facts.name}`,
    paragraphs: [`You are all set. From now on you find the ${facts.companyName} portal here:`, facts.origin],
    action: { label: 'Open the portal', url: facts.origin },
    footer: ['Tip: keep this address among your bookmarks.'],
  },
})

export const passwordResetText = (facts: Facts & { url: string; expiresAt: number }): MailContent => ({
  subject: `Set a new password for the ${facts.companyName} portal`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `Somebody asked for a new password for your access to the ${facts.companyName} portal. If it was you, set it here.`,
    ],
    action: { label: 'Set a new password', url: facts.url },
    footer: [
      `The link works once, until ${longDate(facts.expiresAt, facts)}.`,
      'If it was not you, you need not do anything: your password stays as it is.',
    ],
  },
})

export const passwordChangedText = (facts: Facts & { changedAt: number }): MailContent => ({
  subject: `Your password for the ${facts.companyName} portal was changed`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `Your password for the ${facts.companyName} portal was changed on ${longDate(facts.changedAt, facts)}. Other devices were signed out.`,
      `If it was not you, set a new password at once and tell ${facts.mspName}.`,
    ],
    action: { label: 'Open the portal', url: facts.origin },
    footer: ['This mail is sent whenever a password changes.'],
  },
})

export const microsoftLinkedText = (facts: Facts & { changedAt: number }): MailContent => ({
  subject: `A Microsoft account can sign in to the ${facts.companyName} portal as you`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `A Microsoft account was linked to your access to the ${facts.companyName} portal on ${longDate(facts.changedAt, facts)}. It signs in as you from now on.`,
      `If it was not you, tell ${facts.mspName} at once. Setting a new password by “Forgot your password?” unlinks the account.`,
    ],
    action: { label: 'Open the portal', url: facts.origin },
    footer: ['This mail is sent whenever a Microsoft account is linked or unlinked.'],
  },
})

export const microsoftUnlinkedText = (facts: Facts & { changedAt: number }): MailContent => ({
  subject: `Your Microsoft account for the ${facts.companyName} portal was unlinked`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `The Microsoft account of your access to the ${facts.companyName} portal was unlinked on ${longDate(facts.changedAt, facts)}. It does not sign in any more; your e-mail and password do.`,
      `If it was not you, set a new password at once and tell ${facts.mspName}.`,
    ],
    action: { label: 'Open the portal', url: facts.origin },
    footer: ['This mail is sent whenever a Microsoft account is linked or unlinked.'],
  },
})

/** To whoever reads the mail of an address that mails are to come from. */
export const verificationText = (
  facts: Pick<Facts, 'mspName' | 'timeZone' | 'locale'> & { address: string; url: string; expiresAt: number },
): MailContent => ({
  subject: `Confirm ${facts.address} as a sender`,
  content: {
    heading: 'Is this address yours?',
    paragraphs: [
      `Somebody at ${facts.mspName} wants mails to customers to come from ${facts.address}.`,
      `If that is right, confirm it. You have to be signed in as an owner or admin of ${facts.mspName}.`,
    ],
    action: { label: 'Confirm this address', url: facts.url },
    footer: [
      `The link works once, until ${longDate(facts.expiresAt, facts)}.`,
      'If you know nothing of this, you need not do anything: without you, no mail comes from this address.',
    ],
  },
})

export const trialText = (facts: { mspName: string; name: string }): MailContent => ({
  subject: `A test from ${facts.mspName}`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      'This is the test you asked for. Mails to your customers come from the same address and take the same way.',
    ],
    footer: ['Look at who it comes from, and whether it arrived among what your mail program takes for spam.'],
  },
})

/** Such as "Friday, 27 November 2026 at 12:00", on the clocks of the MSP. */
export const longDate = (at: number, { locale, timeZone }: { locale: string; timeZone: string }): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at)
