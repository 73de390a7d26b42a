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
      `The link works once, until ${longDate(facts)}.`,
      `From then on you sign in at ${facts.origin}`,
      'If you did not expect this mail, you need not do anything.',
    ],
  },
})

export const welcomeText = (facts: Facts): MailContent => ({
  subject: `Welcome to the ${facts.companyName} portal`,
  content: {
    heading: `Welcome, ${facts.name}`,
    paragraphs: [`Your password is set. From now on you find the ${facts.companyName} portal here:`, facts.origin],
    action: { label: 'Open the portal', url: facts.origin },
    footer: ['Tip: keep this address among your bookmarks.'],
  },
})

const longDate = ({ expiresAt, locale, timeZone }: { expiresAt: number; locale: string; timeZone: string }): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(expiresAt)
