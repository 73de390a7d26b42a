import { longDate } from './mail.words.ts'
import type { MailContent } from './mail.words.ts'

type Facts = { name: string; mspName: string; origin: string; timeZone: string; locale: string }

export const staffInvitationText = (
  facts: Facts & { inviterName: string; url: string; expiresAt: number },
): MailContent => ({
  subject: `Join ${facts.mspName}`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `${facts.inviterName} invites you to the admin area of ${facts.mspName}, where your team looks after its customers.`,
      'Choose a password to join.',
    ],
    action: { label: 'Choose a password', url: facts.url },
    footer: [
      `The link works once, until ${longDate(facts.expiresAt, facts)}.`,
      `From then on you sign in at ${facts.origin}`,
      'If you did not expect this mail, you need not do anything.',
    ],
  },
})

export const staffPasswordResetText = (facts: Facts & { url: string; expiresAt: number }): MailContent => ({
  subject: `Set a new password for ${facts.mspName}`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [`Somebody asked for a new password for your account at ${facts.mspName}. If it was you, set it here.`],
    action: { label: 'Set a new password', url: facts.url },
    footer: [
      `The link works once, until ${longDate(facts.expiresAt, facts)}.`,
      'If it was not you, you need not do anything: your password stays as it is.',
    ],
  },
})

export const staffPasswordChangedText = (facts: Facts & { changedAt: number }): MailContent => ({
  subject: `Your password for ${facts.mspName} was changed`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `Your password for ${facts.mspName} was changed on ${longDate(facts.changedAt, facts)}. Other devices were signed out.`,
      'If it was not you, set a new password at once and tell an owner or admin.',
    ],
    action: { label: 'Open the sign-in page', url: facts.origin },
    footer: ['This mail is sent whenever a password changes.'],
  },
})

export const staffMicrosoftLinkedText = (facts: Facts & { changedAt: number }): MailContent => ({
  subject: `A Microsoft account can sign in to ${facts.mspName} as you`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `A Microsoft account was linked to your account at ${facts.mspName} on ${longDate(facts.changedAt, facts)}. It signs in as you from now on.`,
      'If it was not you, tell an owner or admin at once. Setting a new password by “Forgot your password?” unlinks the Microsoft account.',
    ],
    action: { label: 'Open the sign-in page', url: facts.origin },
    footer: ['This mail is sent whenever a Microsoft account is linked or unlinked.'],
  },
})

export const staffMicrosoftUnlinkedText = (facts: Facts & { changedAt: number }): MailContent => ({
  subject: `Your Microsoft account for ${facts.mspName} was unlinked`,
  content: {
    heading: `Hello ${facts.name}`,
    paragraphs: [
      `The Microsoft account of your account at ${facts.mspName} was unlinked on ${longDate(facts.changedAt, facts)}. It does not sign in any more; your e-mail and password do.`,
      'If it was not you, set a new password at once and tell an owner or admin.',
    ],
    action: { label: 'Open the sign-in page', url: facts.origin },
    footer: ['This mail is sent whenever a Microsoft account is linked or unlinked.'],
  },
})
