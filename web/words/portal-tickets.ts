/** Words of the tickets in the portal. */
import type { PortalTicket } from '../api/shapes.ts'
import { count, date, list, relative, sentence, shortTime } from './format.ts'
import { ticketNumber } from './ticket-states.ts'

/** "2 hours ago" of today, "on 20 Nov" of any other day. */
const dayOrAge = (at: string): string =>
  new Date(at).toDateString() === new Date().toDateString() ? relative(at) : `on ${shortTime(at)}`

type SeenBy = PortalTicket['seenBy']['people'][number]

export const words = {
  title: 'Tickets',
  lead: (isAdmin: boolean, provider: string) =>
    isAdmin
      ? `What your company asked ${provider} for, and how far it is.`
      : `What you asked ${provider} for, and how far it is.`,
  new: 'New ticket',
  loading: 'The tickets',
  failed: 'The tickets could not be loaded',
  search: 'Search tickets',
  searchHint: 'Search by number or subject',
  views: 'Which tickets',
  view: { open: 'Open', waiting: 'Waiting on you', ended: 'Closed', all: 'All' },
  onlyMine: 'Only mine',
  groups: {
    waiting: 'Waiting on you',
    open: (provider: string) => `With ${provider}`,
    ended: 'Solved and closed',
  },
  about: (number: number, category: string, requester: string | undefined, changedAt: string) =>
    [
      ticketNumber(number),
      category,
      ...(requester === undefined ? [] : [`for ${requester}`]),
      relative(changedAt),
    ].join(' · '),
  number: ticketNumber,
  more: 'Show more',
  shown: (n: number, isAll: boolean) =>
    isAll ? count(n, 'ticket', 'tickets') : `${count(n, 'ticket', 'tickets')} so far`,
  report: 'Print or download the list',
  truncated: 'More tickets fit than are looked through. Add a word to narrow it down.',
  emptyTitle: 'No tickets yet',
  emptyText: (provider: string) =>
    `When something does not work, or you need something, write a ticket. ${provider} answers here and by e-mail, and you see how far it is.`,
  noWaitingTitle: 'Nothing waits on you',
  noWaitingText: (provider: string) => `When ${provider} needs your answer, the ticket stands here.`,
  noOpenTitle: 'Nothing is open',
  noOpenText: (provider: string) => `${provider} has nothing to do for you, and nothing waits on you.`,
  showEnded: 'Show closed ones',
  noEndedTitle: 'Nothing is closed yet',
  noEndedText: 'Tickets that are solved or closed stand here.',
  noMatchTitle: (q: string) => `No ticket matches “${q}”`,
  noMatchText: 'Looked for in numbers and subjects.',
  searchAll: 'Search all tickets',
  clearSearch: 'Clear search',

  newTitle: 'New ticket',
  newLead: (provider: string) => `${provider} answers here and by e-mail.`,
  urgent: (phone: string) => `If nobody can work, call ${phone} as well.`,
  all: 'All tickets',
  optionsLoading: 'The form',
  optionsFailed: 'The form could not be loaded',
  requester: 'Who is it for?',
  forMyself: (name: string) => `${name} (you)`,
  subject: 'Subject',
  subjectHelp: 'In a few words, such as “Scanner at the front desk sends blank pages”.',
  enterSubject: 'Say in a few words what it is about',
  subjectTooLong: (most: number) => `Use at most ${most} characters for the subject`,
  category: 'What is it about?',
  chooseCategory: 'Choose what it is about',
  choose: 'Choose…',
  description: 'What happened, or what do you need?',
  descriptionHelp: 'Since when, at which device, and what it says. A picture helps: paste it here.',
  enterDescription: 'Describe what happened, or what you need',
  descriptionTooLong: (n: number, most: number) =>
    `Shorten the description: it has ${count(n, 'character', 'characters')}, at most ${count(most, 'fits', 'fit')}. A long text can be attached as a file.`,
  attachments: 'Files',
  priority: 'How urgent is it?',
  watchers: 'Who else should follow it?',
  watchersHelp: 'They can see the ticket, answer in it, and are told by e-mail.',
  addColleague: 'Add a colleague',
  nobodyLeft: 'All of your colleagues follow it already.',
  remove: (name: string) => `Remove ${name}`,
  whoWillSee: 'Who will see it',
  willSee: (people: string[], provider: string) =>
    `${sentence(list([...people, 'your company’s portal admins', `${provider}’s support team`]))}. Nobody else.`,
  yourself: 'you',
  draftTitle: 'You had begun this ticket.',
  draftText: 'What you wrote is still here, on this device only.',
  discard: 'Start afresh',
  send: 'Send ticket',
  sending: 'Sending…',
  sent: (number: number) => `${ticketNumber(number)} is with us. You get an e-mail when there is news.`,

  ticketLoading: 'The ticket',
  ticketFailed: 'This ticket could not be loaded',
  openedBy: (who: string, at: string) => `Opened by ${who} ${dayOrAge(at)}`,
  openedByYou: (at: string) => `Opened by you ${dayOrAge(at)}`,
  forSomebody: (name: string) => `for ${name}`,
  toAnswer: 'Go to your answer',
  toWrite: 'Write something',
  request: 'Request',
  moreAdmins: (n: number) => `And ${count(n, 'more portal admin', 'more portal admins')}`,
  seenByCount: (n: number, provider: string) => `Seen by ${count(n, 'person', 'people')} and ${provider}`,
  next: {
    new: (provider: string) => `${provider} has it and will answer here. You get an e-mail when there is news.`,
    in_progress: (who: string) => `${who} is working on it. Nothing is needed from you now.`,
    waiting: (who: string) => `${who} needs your answer to go on.`,
    resolved: (until: string | null, provider: string) =>
      until === null || Date.parse(until) < Date.now()
        ? 'It is solved.'
        : `${provider} thinks it is solved. If it is not, say so below by ${date(until)}, and it opens again. After that it closes by itself.`,
    closed: (until: string) => `It is closed. You can open it again until ${date(until)}.`,
    closedForGood: 'It is closed, and too long ago to be opened again. If it happens again, write a new ticket.',
  },
  goesOn: (number: number, subject: string) => `It goes on as ${ticketNumber(number)}, “${subject}”`,
  toOther: 'Go there',

  answer: 'Your answer',
  addMore: 'Write something',
  stillBroken: 'Does it still not work? Say so',
  answerHelp: (provider: string) => `${provider} reads it here, and whoever follows the ticket is told by e-mail.`,
  reopensHelp: 'Sending this opens the ticket again.',
  sendAnswer: 'Send answer',
  sendComment: 'Send',
  answerSent: 'Sent.',
  close: 'It works again, close it',
  closeConfirmed: 'Yes, it works: close it',
  sendAndClose: 'Send and close',
  closed: (number: number) => `${ticketNumber(number)} is closed.`,
  reopen: 'Open it again',
  reopening: 'Opening…',
  reopened: (number: number) => `${ticketNumber(number)} is open again.`,
  previewText: (name: string) => `You look at this as ${name}: nothing can be written.`,

  rating: 'Are you satisfied with how it went?',
  satisfied: 'Yes, satisfied',
  notSatisfied: 'No, not satisfied',
  ratingComment: (satisfied: boolean) => (satisfied ? 'Anything you want to add?' : 'What should have gone better?'),
  sendRating: 'Send rating',
  thanks: 'Thank you. It is written in the ticket.',
  rated: { satisfied: 'Satisfied with how it went.', not_satisfied: 'Not satisfied with how it went.' },
  changeRating: 'Change',

  status: 'Status',
  steps: {
    received: 'Received',
    in_progress: 'Being worked on',
    waiting: 'Waiting on you',
    solved: 'Solved',
    closed: 'Closed',
  },
  stepDone: 'done',
  stepNow: 'now',
  stepLater: 'still to come',
  facts: 'About it',
  categoryFact: 'About',
  priorityFact: 'Urgency',
  assigneeFact: 'Looked after by',
  changedFact: 'Last change',
  nobodyYet: 'Nobody in particular yet',

  whoSees: 'Who can see this',
  you: '(you)',
  because: ({ because, canSignIn }: Pick<SeenBy, 'because' | 'canSignIn'>, isYou: boolean): string =>
    `${
      because === 'requester'
        ? isYou
          ? 'Because it is your ticket'
          : 'Because it is their ticket'
        : because === 'watcher'
          ? isYou
            ? 'Because you follow it'
            : 'Because they follow it'
          : isYou
            ? 'As portal admin you see all tickets'
            : 'Portal admin, sees all tickets'
    }${canSignIn ? '' : ', but cannot sign in at the moment'}`,
  supportTeam: (provider: string) => `${provider}’s support team`,
  supportBecause: 'They work on it',
  nobodyElse: (mayAdd: boolean) =>
    mayAdd ? 'Nobody else, unless you add them.' : 'Nobody else, unless a portal admin of your company adds them.',
  watcherAdded: (name: string) => `${name} follows this ticket now.`,
  watcherRemoved: (name: string) => `${name} no longer follows this ticket.`,
  stopFollowing: 'Stop following',
  stopped: 'You no longer follow that ticket.',
}
