/** Words of the signed-in portal. */
import type { ChangeKind, ServiceState } from '../api/shapes.ts'
import {
  count,
  date,
  day,
  form,
  fullTime,
  inWords,
  list,
  number,
  percent,
  relative,
  sentence,
  shortTime,
} from './format.ts'
import { ticketNumber } from './ticket-states.ts'

/** So many are counted; more are not told apart. */
const manyTickets = 100
const upTo = (n: number): string => (n >= manyTickets ? `${number(manyTickets)} or more` : inWords(n))

export const words = {
  nav: {
    home: 'Home',
    tickets: 'Tickets',
    requests: 'Requests',
    people: 'People',
    directory: 'Directory',
    licences: 'Licences',
    documents: 'Documents',
    changes: 'Changes',
    health: 'Health',
  },
  changePassword: 'Change password',
  microsoftAccount: 'Microsoft account',
  sessions: 'Sessions',
  ticketMails: 'Mails about tickets',
  notFoundTitle: 'This page does not exist',
  notFoundText: 'The address may be mistyped, or the page may have moved.',
  toHome: 'Go to the home page',
  role: (roles: string[]) =>
    roles.includes('portal_admin') ? 'Portal admin' : roles.includes('portal_user') ? 'Portal user' : '',
  signOutFailed: 'You are still signed in: no answer came. Try again.',

  morning: 'Good morning',
  afternoon: 'Good afternoon',
  evening: 'Good evening',
  hello: (greeting: string, name: string) => `${greeting}, ${name}.`,
  noticesTitle: 'Notices',
  noticeUntil: (at: string) => `Until ${fullTime(at)}`,
  putAway: (title: string) => `Put away: ${title}`,
  dashboard: 'Your overview',
  dashboardFailed: 'Your overview could not be loaded',

  tickets: 'Tickets',
  ticketsWait: (n: number) =>
    `${n >= manyTickets ? `${manyTickets} tickets or more wait` : `${sentence(inWords(n))} ${form(n, 'ticket waits', 'tickets wait')}`} for your answer.`,
  ticketWaits: (number: number, since: string) => `${ticketNumber(number)} · Waiting on you since ${shortTime(since)}`,
  ticketChanged: (number: number, at: string) => `${ticketNumber(number)} · ${relative(at)}`,
  answer: 'Answer',
  ticketsAnswer: (waiting: number, others: number, provider: string) => {
    const waits = `${upTo(waiting)} ${form(waiting, 'waits', 'wait')} on you`
    const rest = `${upTo(others)} ${form(others, 'is', 'are')} with ${provider}`
    if (waiting > 0) return `${sentence(others > 0 ? `${waits}, ${rest}` : waits)}.`
    return others > 0 ? `${sentence(rest)}.` : 'Nothing is open.'
  },
  requests: 'Requests',
  requestsWait: (n: number) =>
    `${n >= manyTickets ? `${manyTickets} requests or more wait` : `${sentence(inWords(n))} ${form(n, 'request waits', 'requests wait')}`} for your approval.`,
  requestWaits: (who: string, since: string) => `${who} asked for it ${relative(since)} · It waits for your approval`,
  requestAsked: (isMine: boolean, who: string, at: string) => `${isMine ? 'You' : who} · ${relative(at)}`,
  lookAtRequest: 'Look at it',
  requestsAnswer: (waiting: number, others: number) => {
    const waits = `${upTo(waiting)} ${form(waiting, 'waits', 'wait')} for your approval`
    if (waiting === 0) return others > 0 ? `${sentence(upTo(others))} ${form(others, 'is', 'are')} under way.` : ''
    return `${sentence(others > 0 ? `${waits}, ${upTo(others)} more ${form(others, 'is', 'are')} under way` : waits)}.`
  },
  allRequests: 'All requests',
  newRequest: 'New request',

  allTickets: 'All tickets',
  newTicket: 'New ticket',
  noTickets: (provider: string) => `When something does not work, or you need something, write to ${provider} here.`,

  allWell: 'Everything works.',
  figuresComing: 'Your figures are on their way.',
  alertsOpen: (n: number) => `${sentence(inWords(n))} security ${form(n, 'alert needs', 'alerts need')} a look.`,
  serviceDown: (name: string) => `${name} ${plural(name) ? 'are' : 'is'} down.`,
  serviceTrouble: (name: string) => `${name} ${plural(name) ? 'have' : 'has'} problems.`,
  writeTo: (name: string) => `Write to ${name}`,
  overTitle: (name: string) => name,
  overText: (used: number, bought: number) =>
    `${number(used)} people hold a seat, ${number(bought)} ${form(bought, 'is', 'are')} bought. Buy more, or free some.`,
  alertText: (at: string | null) =>
    `${at === null ? '' : `Raised ${relative(at)}. `}Ask what it means for you before you act on it.`,
  consentLost: (name: string, at: string | null, provider: string) =>
    `${name} has not shared its figures with us${at === null ? '' : ` since ${date(at)}`}, so what you see of it is older. ${provider} can ask for the permission again.`,

  people: 'People and changes',
  peopleAnswer: (n: number, net: number | null) =>
    `${count(n, 'person', 'people')} can sign in` +
    (net === null
      ? '.'
      : net === 0
        ? ', the same as last week.'
        : `, ${inWords(Math.abs(net))} ${net > 0 ? 'more' : form(Math.abs(net), 'fewer', 'fewer')} than last week.`),
  changesIn: 'Changes since',
  yesterday: 'Yesterday',
  days7: '7 days',
  days30: '30 days',
  noChanges: {
    yesterday: 'Nothing changed among your people since yesterday.',
    days7: 'Nothing changed among your people in the last 7 days.',
    days30: 'Nothing changed among your people in the last 30 days.',
  },
  change: ({ kind, licence }: { kind: ChangeKind; licence: string | null }) =>
    ({
      joined: 'Joined',
      left: 'Left',
      blocked: 'Sign-in blocked',
      unblocked: 'Sign-in allowed again',
      licence_given: `Was given ${licence ?? 'a licence'}`,
      licence_taken: `No longer has ${licence ?? 'a licence'}`,
    })[kind],
  toChanges: 'All changes of the last year',
  unnamed: (kind: ChangeKind, licence: string | null, n: number) =>
    ({
      joined: `${count(n, 'person', 'people')} joined`,
      left: `${count(n, 'person', 'people')} left`,
      blocked: `Sign-in of ${count(n, 'person', 'people')} blocked`,
      unblocked: `Sign-in of ${count(n, 'person', 'people')} allowed again`,
      licence_given: `${count(n, 'person was', 'people were')} given ${licence ?? 'a licence'}`,
      licence_taken: `${count(n, 'person', 'people')} no longer ${form(n, 'has', 'have')} ${licence ?? 'a licence'}`,
    })[kind],
  showAllChanges: (n: number) => `Show all ${number(n)}`,
  newestOnly: 'There were more changes than these; the newest are shown.',
  showFewer: 'Show fewer',
  peopleTrend: (from: number, fromDay: string, to: number, toDay: string) =>
    `People who can sign in: ${number(from)} on ${day(fromDay)}, ${number(to)} on ${day(toDay)}`,
  notCounted: (guests: number, blocked: number) => {
    const parts = [
      ...(guests > 0 ? [count(guests, 'guest', 'guests')] : []),
      ...(blocked > 0 ? [`${count(blocked, 'person', 'people')} whose sign-in is blocked`] : []),
    ]
    return parts.length === 0 ? '' : `Not counted: ${list(parts)}.`
  },

  licences: 'Licences',
  overAnswer: (n: number) => `You use ${inWords(n)} more ${form(n, 'seat', 'seats')} than you bought.`,
  freeAnswer: (n: number) => `${sentence(inWords(n))} ${form(n, 'seat is', 'seats are')} free.`,
  allUsedAnswer: 'Every seat you bought is in use.',
  noLicences: 'No licences are bought yet.',
  overNote: (n: number) => `${number(n)} over. Buy ${inWords(n)}, or free ${inWords(n)}.`,
  freeNote: (n: number) => `${number(n)} free`,
  renews: (name: string, seats: number, at: string) =>
    `${name}, ${count(seats, 'seat', 'seats')}: renews ${relative(at)}, on ${date(at)}`,
  renewals: 'Renewals',
  idle: (n: number, blocked: number) =>
    n === blocked
      ? `${sentence(inWords(n))} ${form(n, 'seat is held by somebody', 'seats are held by people')} whose sign-in is blocked.`
      : `${sentence(inWords(n))} ${form(n, 'seat is', 'seats are')} idle for 30 days or more${blocked > 0 ? `, ${inWords(blocked)} of them of people whose sign-in is blocked` : ''}.`,
  idleUnknown: 'Whether seats are idle is not known.',
  toLicences: 'All about your licences',
  showAllLicences: (n: number) => `Show all ${number(n)} licences`,

  security: 'Security',
  better: 'Better',
  worse: 'Worse',
  since: (days: number) =>
    days >= 80 ? 'than three months ago' : days >= 25 ? 'than a month ago' : `than ${count(days, 'day', 'days')} ago`,
  same: 'Unchanged',
  sameSince: (days: number) =>
    days >= 80 ? 'for three months' : days >= 25 ? 'for a month' : `for ${count(days, 'day', 'days')}`,
  firstScore: 'This is your first score.',
  toSecurity: 'All about your security',
  noAlerts: 'No open alerts.',
  openAlerts: (n: number) => `${sentence(inWords(n))} open ${form(n, 'alert', 'alerts')}.`,
  ofReachable: 'of what can be reached',
  peers: (value: number) => `${percent(value / 100)}, organisations of your size`,
  scoreTrend: (from: number, fromDay: string, to: number, toDay: string) =>
    `Security score ${to > from ? 'rose' : to < from ? 'fell' : 'stayed'} from ${percent(from / 100)} on ${day(fromDay)} to ${percent(to / 100)} on ${day(toDay)}`,
  severity: (value: string) =>
    ({ high: 'High', medium: 'Medium', low: 'Low', informational: 'For information' })[value] ?? sentence(value),

  health: 'Service health',
  toHealth: 'All services and their history',
  everythingWorks: 'Everything works.',
  noTroubleKnown: 'No service is known to have problems.',
  elseWorks: 'Everything else works.',
  comingBack: (names: string[]) =>
    `${list(names)} ${names.length > 1 || names.some(plural) ? 'are' : 'is'} coming back.`,
  manyTroubled: (n: number) => `${sentence(inWords(n))} services have problems.`,
  serviceState: {
    works: 'Works',
    degraded: 'Has problems',
    interrupted: 'Down',
    recovering: 'Coming back',
    unknown: 'Not known',
  } satisfies Record<ServiceState, string>,
  sinceTime: 'Since',
  moreWork: (n: number) => `${sentence(inWords(n))} more ${form(n, 'service works', 'services work')} as usual.`,

  microsoft: 'Microsoft',
  emptyTitle: 'Your figures are not here yet',
  emptyText: (name: string) =>
    `${name} is connecting your Microsoft 365 to this page. People, licences, security and service health appear here by themselves once that is done.`,
  syncingTitle: 'We are reading your Microsoft 365',
  syncingText:
    'The first time takes a few minutes. You can close this page; the figures will be here when you come back.',
}

// "Word, Excel and the other Office apps are down", but "Outlook and e-mail is down".
function plural(name: string): boolean {
  return name.endsWith('apps')
}
