/** Words of requests in the portal. */
import type { RequestForm, RequestSummary } from '../api/shapes.ts'
import { calendarDay, count, date, list, relative } from './format.ts'

export const words = {
  title: 'Requests',
  lead: (isAdmin: boolean, provider: string) =>
    isAdmin
      ? `What your company asked ${provider} for by a form, who has to approve it, and how far it is.`
      : `What you asked ${provider} for by a form, who has to approve it, and how far it is.`,
  new: 'New request',
  loading: 'The requests',
  failed: 'The requests could not be loaded',
  views: 'Which requests',
  view: { open: 'Open', ended: 'Finished', all: 'All' },
  onlyMine: 'Only mine',
  groups: { yours: 'Waiting for your approval', open: 'Under way', ended: 'Finished' },
  about: ({ requestedBy, createdAt, firstOn }: RequestSummary, isMine: boolean) =>
    [
      isMine ? 'from you' : `from ${requestedBy.name}`,
      relative(createdAt),
      ...(firstOn === null ? [] : [`for ${calendarDay(firstOn)}`]),
    ].join(' · '),
  more: 'Show more',
  shown: (n: number, isAll: boolean) =>
    isAll ? count(n, 'request', 'requests') : `${count(n, 'request', 'requests')} so far`,
  emptyTitle: 'No requests yet',
  emptyText: (provider: string) =>
    `When somebody starts or leaves, needs a licence, or cannot sign in, tell ${provider} here. You see who has to approve it and how far it is.`,
  noOpenTitle: 'Nothing is under way',
  noOpenText: 'What is asked for and not finished stands here.',
  noEndedTitle: 'Nothing is finished yet',
  noEndedText: 'What was done, declined or withdrawn stands here.',
  showEnded: 'Show finished ones',

  all: 'All requests',
  chooseTitle: 'What do you need?',
  chooseLead: (provider: string, phone: string | null) =>
    `${provider} gets everything it needs to know by these forms.${phone === null ? '' : ` If it cannot wait, call ${phone} as well.`}`,
  formsLoading: 'The forms',
  formsFailed: 'The forms could not be loaded',
  noFormsTitle: 'There are no forms for you',
  noFormsText: (provider: string) => `Ask one of your company’s portal admins, or write ${provider} a ticket.`,
  writeTicket: 'Write a ticket',
  /** Who looks at it first, before anything is done. */
  checkedBy: (check: RequestForm['check'], provider: string): string => {
    switch (check) {
      case 'none':
        return `${provider} does it right away.`
      case 'msp':
        return `${provider} checks this first.`
      case 'customer_and_msp':
        return `One of your portal admins checks this first, then ${provider}.`
    }
  },
  elsewhere: 'Something else',
  elsewhereText: 'Write what you need in your own words.',

  person: (place: number, of: number, name: string) =>
    name !== '' ? name : of === 1 ? 'Who it is about' : `Person ${place + 1} of ${of}`,
  addPerson: 'Add another person',
  addFirstPerson: 'Add a person',
  remove: 'Remove',
  personRemoved: (name: string) => `${name} was taken off this request.`,
  ofPerson: (who: string, what: string) => `${who}: ${what}`,
  putBack: 'Undo',
  enter: (label: string) => `Fill in “${label}”`,
  chooseOne: (label: string) => `Choose “${label}”`,
  needsDay: (label: string) => `Enter a day for “${label}”`,
  draftTitle: 'Here is what you had filled in.',
  draftText: 'It was kept on this device until it is sent.',
  discard: 'Begin again',
  send: 'Send request',
  sending: 'Sending…',
  sent: (subject: string) => `Sent: ${subject}`,
  sentDirect: (subject: string) => `Sent: ${subject}. It is a ticket already.`,
  previewText: (name: string) => `You view this as ${name}: nothing can be asked for or decided from here.`,

  oneLoading: 'The request',
  oneFailed: 'The request could not be loaded',
  askedBy: (who: string, at: string) => `Asked for by ${who} ${relative(at)}`,
  askedByYou: (at: string) => `You asked for it ${relative(at)}`,
  writtenDownBy: (who: string) => `written down by ${who}`,
  whereTitle: 'Where it stands',
  waitsFor: (names: readonly string[], since: string | null) =>
    `Waits for ${list([...names])}${since === null ? '' : `, asked ${relative(since)}`}.`,
  waitsForYou: 'It waits for your approval.',
  until: (at: string) => `If nobody decides, it ends on ${date(at)}.`,
  customerApproved: (name: string, at: string) => `${name} approved it for the company ${relative(at)}.`,
  approvedBy: (name: string, at: string) => `${name} approved it ${relative(at)}.`,
  declinedBy: (name: string, at: string) => `${name} declined it ${relative(at)}.`,
  withTicket: (number: number) => `Ticket #${number}`,
  ticketHelp: 'Questions and answers about it are there.',
  reason: 'Why it is needed',

  decide: 'Your decision',
  approve: 'Approve',
  approving: 'Approving…',
  decline: 'Decline…',
  declineTitle: 'Decline this request?',
  declineText: (who: string) => `${who} is told, with your reason. It cannot be approved any more then.`,
  declineVerb: 'Decline request',
  declining: 'Declining…',
  approved: 'Approved.',
  declined: 'Declined.',
  note: 'A word about it',
  noteHelp: 'Whoever asked reads it.',
  whyDeclined: 'Why?',
  enterWhy: 'Say why, so that they know',
  withdraw: 'Withdraw…',
  withdrawTitle: 'Withdraw this request?',
  withdrawText: 'Nothing more is done for it. You can ask again at any time.',
  withdrawWhy: 'Why?',
  withdrawWhyHelp: 'Whoever looks after it reads this.',
  withdrawVerb: 'Withdraw request',
  withdrawing: 'Withdrawing…',
  withdrawn: 'Withdrawn.',
}
