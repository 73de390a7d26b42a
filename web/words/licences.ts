/** Words about licences, as a company's own people and its provider's staff read them. */
import { count, date, day, form, inWords, money, number, relative, sentence } from './format.ts'

const states: Record<string, string> = {
  submitted: 'Sent, not answered yet',
  awaiting_customer: 'Waits for your portal admin',
  awaiting_msp: 'Waits for an answer',
  approved: 'Approved',
  in_progress: 'Being worked on',
  done: 'Done',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  expired: 'Ran out',
}

export const words = {
  title: 'Licences',
  microsoft: 'Microsoft',
  loading: 'Licences',
  failed: 'The licences could not be loaded',
  emptyTitle: 'No licences here yet',
  emptyText: 'As soon as your Microsoft 365 has been read, what was bought and who uses it stands here.',
  onlyFreeTitle: 'Only free licences',
  onlyFreeText: 'Nothing was bought. Free and trial licences are hidden until you show them.',
  notShownTitle: 'Licences are not shown to you',
  notShownText: 'Your company’s portal admins see them. Ask one of them if you need to know something.',

  over: (n: number) => `You use ${inWords(n)} more ${form(n, 'seat', 'seats')} than you bought.`,
  free: (n: number) => `${sentence(inWords(n))} ${form(n, 'seat is', 'seats are')} free.`,
  allUsed: 'Every seat that was bought is in use.',
  none: 'No licences are bought yet.',

  list: 'What is bought and used',
  overNote: (n: number) =>
    `${n === 1 ? '1 more person uses' : `${number(n)} more people use`} this than ${form(n, 'was', 'were')} bought.`,
  availableNote: (n: number) => (n === 0 ? 'None free' : `${number(n)} free`),
  suspendedNote: (n: number) => `${count(n, 'seat', 'seats')} suspended by Microsoft`,
  freeNote: 'Free or trial',
  inTenant: (name: string, used: number, bought: number) => `${name}: ${number(used)} of ${number(bought)}`,
  overIn: (n: number) => `${number(n)} over`,
  showFree: (n: number) => `Show ${count(n, 'free or trial licence', 'free and trial licences')}`,
  hideFree: 'Hide free and trial licences',

  holders: 'Who has a seat',
  holdersOf: (name: string) => `Who has a seat of ${name}`,
  holdersOfLabel: (name: string) => `Who has a seat of ${name}`,
  holdersFailed: 'The names could not be loaded',
  nobody: 'Nobody has a seat of this licence.',
  blocked: 'Sign-in blocked',
  more: 'Show more',
  shown: (n: number) => `${count(n, 'person', 'people')} shown`,
  signedIn: (at: string) => `Last signed in ${relative(at)}, on ${date(at)}`,
  neverSignedIn: 'Never signed in',
  signInNotKnown: 'Last sign-in not known',
  notSignedInFor: (days: number) => `Not signed in for ${number(days)} days or more`,
  everybody: 'Everybody',
  idleFor: (days: number) => `Idle ${number(days)} days`,
  nobodyIdle: (days: number) => `Of nobody is it known that they have not signed in for ${number(days)} days.`,
  idleHelp: 'Idle: has not signed in for so long, or cannot sign in.',
  who: 'Whose seats are shown',

  idle: (thirty: number, sixty: number, ninety: number) =>
    `${count(thirty, 'seat', 'seats')} idle for 30 days or more (${number(sixty)} for 60, ${number(ninety)} for 90)`,
  idleBlockedToo: (n: number) => `${number(n)} of them of people whose sign-in is blocked`,
  idleBlocked: (n: number) => `${count(n, 'seat', 'seats')} of people whose sign-in is blocked`,
  idleUnknown: (n: number) => `Last sign-in not known for ${count(n, 'seat', 'seats')}`,
  idleAllUnknown: 'Last sign-ins not known',
  idleOf: (name: string) => `Idle seats of ${name}`,
  idleShow: 'Show idle seats',
  signInsAsOf: (name: string | null, at: string) =>
    `Sign-ins${name === null ? '' : ` of ${name}`} as of ${relative(at)}. Idle seats are counted by them; people whose sign-in is blocked count too.`,
  signInsUnknown: (name: string, why: 'permission' | 'licence' | null) =>
    why === null
      ? `When people of ${name} last signed in has not been read yet.`
      : why === 'licence'
        ? `When people of ${name} last signed in is not known: Microsoft tells it only to tenants with Entra ID P1.`
        : `When people of ${name} last signed in is not known: we have no permission to read it.`,

  usage: 'Over time',
  usageOf: (name: string) => `${name} over time`,
  usageLabel: (name: string) => `Over time: ${name}`,
  usageFailed: 'The days could not be loaded',
  usageNone: 'No days are kept of this licence yet. One is added each day.',
  usageOne: 'So far one day is kept. A line needs two.',
  chart: (name: string, from: number, fromDay: string, to: number, toDay: string) =>
    `Seats of ${name} in use: ${number(from)} on ${day(fromDay)}, ${number(to)} on ${day(toDay)}`,
  bought: 'Bought',
  assigned: 'In use',
  dayValue: (at: string, assigned: number, bought: number) =>
    `${day(at)}: ${number(assigned)} in use of ${number(bought)} bought`,
  chooseDay: 'Day',

  renewals: 'Renewals',
  renewalsNone: 'Nothing is due to renew or end.',
  renews: (seats: number, at: string) => `${count(seats, 'seat', 'seats')}, ${relative(at)}, on ${date(at)}`,
  trialEnds: (seats: number, at: string) =>
    `Trial of ${count(seats, 'seat', 'seats')} ends ${relative(at)}, on ${date(at)}`,
  wasDue: (at: string) => `was due ${relative(at)}, on ${date(at)}`,
  renewalIn: (tenant: string) => `in ${tenant}`,

  costs: 'What it costs',
  costsAnswer: (minor: number, currency: string) => `${money(minor, currency)} a month.`,
  costsYear: (minor: number, currency: string) => `${money(minor, currency)} a year for all seats that are bought`,
  costsPerson: (minor: number, currency: string) => `${money(minor, currency)} a month for each person with a licence`,
  unpriced: (n: number) =>
    `${count(n, 'licence has', 'licences have')} no price here and ${form(n, 'is', 'are')} not counted.`,
  noPrices: 'No prices are known yet.',
  price: (minor: number, currency: string, per: 'month' | 'year') =>
    `${money(minor, currency)} a seat and ${per === 'month' ? 'month' : 'year'}`,

  lost: (name: string, at: string | null) =>
    at === null
      ? `${name} does not share its figures with us at present, so what you see of it may be old.`
      : `${name} has not shared its figures with us since ${date(at)}, so what you see of it is from before.`,
  syncing: (name: string) => `${name} is being read for the first time.`,

  request: 'Request more seats',
  requestFor: (name: string) => `Request more seats of ${name}`,
  requestLead: (provider: string) =>
    `${provider} gets your request by mail and decides. Nothing is bought before that.`,
  howMany: 'How many more',
  howManyHelp: (bought: number) => `${count(bought, 'seat is', 'seats are')} bought now.`,
  environment: 'For which organisation',
  reason: 'What are they for?',
  send: 'Send request',
  sending: 'Sending…',
  enterCount: 'Enter a number from 1 to 1,000',
  enterReason: 'Say in a sentence what they are for',
  sent: (subject: string) => `Your request was sent: ${subject}.`,
  requests: 'Requests for seats',
  requestsNone: 'Nobody asked for more seats yet.',
  requestsFailed: 'The requests could not be loaded',
  askedBy: (name: string | null, at: string) => `${name ?? 'Somebody'}, ${date(at)}`,
  state: (state: string) => states[state] ?? sentence(state),
}
