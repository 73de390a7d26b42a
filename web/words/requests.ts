/** Words of requests, in the portal and in the admin area. */
import type {
  RequestEvent,
  RequestFieldKind,
  RequestOptions,
  RequestState,
  RequestSummary,
  RequestType,
} from '../api/shapes.ts'
import { calendarDay, count, money, relative } from './format.ts'

type Licence = RequestOptions['licences'][number]

export const requests = {
  optional: '(optional)',
  choose: 'Choose…',
  findPerson: 'Type a name',
  guest: 'Guest',
  morePeople: 'There are more: type more of the name.',
  lookingUpOptions: 'Looking up what there is…',
  optionsFailed: 'What there is could not be loaded.',
  goneLicence: 'A licence that is not here any more',
  goneGroup: 'A group that is not here any more',
  goneHelp: 'It cannot be asked for: take it away or choose another.',
  nobodyFound: (text: string) =>
    text.trim().length < 2 ? 'Type two letters or more.' : `Nobody here is called “${text.trim()}”.`,
  /** How many seats are free on that day, and what one costs; empty for whoever is not told. */
  seatsOf: ({ freeCount, price }: Pick<Licence, 'freeCount' | 'price'>, day?: string): string =>
    [
      ...(freeCount === null
        ? []
        : [
            `${
              freeCount > 0
                ? `${count(freeCount, 'seat', 'seats')} free`
                : freeCount === 0
                  ? 'no seat free'
                  : `${count(-freeCount, 'seat', 'seats')} too few`
            }${day === undefined ? '' : ` on ${calendarDay(day)}`}`,
          ]),
      ...(price === null ? [] : [`${money(price.amountMinor, price.currency)} a ${price.per}`]),
    ].join(', '),
  members: (n: number) => count(n, 'member', 'members'),
  noLicences: 'There are no licences to choose from.',
  noGroups: 'There are no groups to choose from.',
  toWhom: 'To whom?',
  toWhomOf: (thing: string) => `${thing}: who takes their place?`,
  whatBecomesOf: (thing: string) => `What becomes of ${thing}`,
  chooseFirst: 'Once you have chosen who it is, what they have is listed here.',
  lookingUp: 'Looking up what they have…',
  notLookedUp: 'What they have could not be looked up. You can send this all the same: your provider looks it up then.',
  notTold: 'Your provider looks this up: who has which licence is shown to portal admins only.',
  none: 'None.',
  holdsNone: {
    held_licences: 'They have no licence.',
    held_groups: 'They are in no group.',
    held_people: 'They are nobody’s manager.',
    held_mailboxes: 'There is no shared mailbox here.',
  } satisfies Partial<Record<RequestFieldKind, string>> as Partial<Record<RequestFieldKind, string>>,

  /** What each form is called, in both apps, on every page. */
  type: {
    new_user: 'New user',
    offboarding: 'Offboarding',
    password_reset: 'Password reset',
    licence_change: 'Licence change',
    group_change: 'Group change',
  } satisfies Record<RequestType, string>,

  /** How it stands, to whoever asked; `provider` is whom they know. */
  state: (state: RequestState, provider: string): string => {
    switch (state) {
      case 'submitted':
        return 'Sent'
      case 'awaiting_customer':
        return 'Waiting for your company'
      case 'awaiting_msp':
        return `Waiting for ${provider}`
      case 'approved':
        return 'Approved'
      case 'in_progress':
        return 'Being done'
      case 'done':
        return 'Done'
      case 'declined':
        return 'Declined'
      case 'withdrawn':
        return 'Withdrawn'
      case 'expired':
        return 'Expired'
    }
  },
  staffState: {
    submitted: 'Sent',
    awaiting_customer: 'Waiting for the customer',
    awaiting_msp: 'Waiting for us',
    approved: 'Approved',
    in_progress: 'In progress',
    done: 'Done',
    declined: 'Declined',
    withdrawn: 'Withdrawn',
    expired: 'Expired',
  } satisfies Record<RequestState, string>,

  steps: ({ done, total }: RequestSummary['steps']) => `${done} of ${count(total, 'step', 'steps')} done`,
  stepsTitle: 'What is done for it',
  stepDone: (by: string, at: string) => `${by}, ${relative(at)}`,
  summary: 'What was asked for',
  history: 'What happened so far',
  differencesTitle: 'Something has changed since it was asked for',
  differencesText: 'It has to be approved as it is now.',
  before: 'Before',
  now: 'Now',
  changedMeanwhile: 'It had changed meanwhile. This is how it stands now.',
  reasonGiven: (reason: string) => `“${reason}”`,

  event: (event: Pick<RequestEvent, 'type'>, who: string, provider: string): string => {
    switch (event.type) {
      case 'submitted':
        return `${who} asked for it`
      case 'customer_skipped':
        return 'Nobody else in the company could approve it, so that step was left out'
      case 'nobody_else':
        return 'Nobody else of the provider’s team may approve it'
      case 'customer_approved':
        return `${who} approved it for the company`
      case 'asked_again':
        return 'It was asked again, since something had changed'
      case 'reminded':
        return 'Those who can approve it were reminded'
      case 'approved':
        return `${who} approved it`
      case 'declined':
        return `${who} declined it`
      case 'withdrawn':
        return `${who} withdrew it`
      case 'expired':
        return 'Nobody decided in time, so it expired'
      case 'ticket_raised':
        return `It became a ticket with ${provider}`
      case 'started':
        return `${who} began with it`
      case 'step_done':
        return `${who} did a step`
      case 'step_undone':
        return `${who} opened a step again`
      case 'done':
        return `${who} finished it`
      case 'reopened':
        return `${who} opened it again`
    }
  },
}
