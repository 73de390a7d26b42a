/** Words for what customers' people do by themselves: Settings → Self-service, and a customer's Portal tab. */
import type { SelfServiceMode } from '../api/shapes.ts'
import { count, list } from './format.ts'
import { requests } from './requests.ts'

const reads = {
  see_directory: 'See the company’s people',
  see_licences: 'See licences',
  download_reports: 'Download reports',
  create_tickets: 'Write tickets',
}
const roles = { technician: 'Technicians, admins and owners', admin: 'Admins and owners', owner: 'Owners' }

export const selfService = {
  tab: 'Self-service',
  lead: 'What people of your customers do by themselves in their portals, and what somebody checks first. It holds for every customer that does not have it otherwise.',
  leadOfOne: (name: string) => `What people of ${name} do by themselves, and what somebody checks first.`,
  failed: 'What customers do by themselves could not be loaded',
  loading: 'Self-service',
  save: 'Save self-service',
  saved: 'Saved. It holds at their next click.',
  defaultsLink: 'Settings for all customers',
  onlyAdmins: 'Admins and owners change this.',

  looking: 'What they see and do at once',
  asking: 'What they ask for by a form',
  askingLead:
    'A request that needs no approval becomes a ticket at once; so does an approved one. What is off is not in the portal, and is not taken from it either.',
  action: 'Action',
  holds: 'Allowed',
  whoMayAsk: 'Who may ask',
  reads,
  forms: requests.type,
  help: {
    see_directory: 'Whom and what it shows stands on each customer’s Users.',
    see_licences: 'For portal users. Portal admins see them in any case.',
    download_reports: 'For portal admins.',
    create_tickets: 'Off, they still read and answer tickets they have.',
    new_user: 'An account, its licences and groups.',
    offboarding: 'Their account, licences, mailbox and files. Never without an approval.',
    password_reset: 'Somebody cannot sign in. No password is ever in the form.',
    licence_change: 'Seats, or who has one. Portal users ask where they see licences.',
    group_change: 'Who is in a distribution list or a Microsoft 365 group.',
  },
  mode: { off: 'Off', direct: 'Direct', approval: 'Approval required' } satisfies Record<SelfServiceMode, string>,
  /** Of what is not asked for: on is what it is. */
  readMode: { off: 'Off', direct: 'On' },
  asker: { everybody: 'Everybody with access', portal_admins: 'Portal admins' },
  modeOf: (action: string) => `${action}: allowed`,
  askerOf: (action: string) => `${action}: who may ask`,
  asForAll: (what: string) => `As for all customers (${what})`,
  asForAllShort: 'As for all customers',

  approvals: 'Approvals',
  customerApproves: 'A portal admin of the customer approves first',
  customerApprovesHelp: 'Never whoever asked. Where nobody else could, that step is left out, and the request says so.',
  yes: 'Yes',
  no: 'No',
  approvers: 'Who of your team approves',
  role: roles,
  named: 'Only those I choose',
  namedHelp: 'Owners approve beside them, so that nothing waits for somebody who has left.',
  choosePeople: 'Who approves',
  chooseSomebody: 'Choose somebody, or leave it to a role.',
  people: (names: string[]) => `${list(names)}, and owners`,
  somebodyGone: (n: number) => count(n, 'person who is gone', 'people who are gone'),
  cannotNow: 'cannot approve now',
  waitDays: 'Days until a request expires',
  waitDaysHelp: 'From when somebody is asked. They are reminded before.',
  waitDaysHelpOfOne: (n: number) => `Empty, it is as for all customers: ${count(n, 'day', 'days')}.`,
  days: 'days',
  daysWrong: 'Enter a whole number from 1 to 90.',
}
