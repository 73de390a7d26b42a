/** Words of the MSP's own staff: Settings → Staff, and where their invitation leads. */
import type { StaffMember } from '../api/shapes.ts'
import type { StaffRole } from '../boot.ts'
import { fullTime } from './format.ts'

export const staffWords = {
  title: 'Staff',
  lead: 'Your own team: who may sign in to this admin area, and what they may do here.',
  loading: 'Your team',
  failed: 'Your team could not be loaded',
  columns: { name: 'Name', role: 'Role', state: 'State', lastSignIn: 'Last sign-in', more: 'More' },
  state: { invited: 'Invited', active: 'Active', blocked: 'Blocked' } satisfies Record<StaffMember['state'], string>,
  never: 'never',
  you: 'you',
  invite: 'Invite somebody',
  inviteVerb: 'Send invitation',
  inviting: 'Sending…',
  invited: (name: string) => `${name} is invited. The mail is on its way.`,
  name: 'Name',
  email: 'E-mail',
  emailHelp: 'The link to join goes here; they sign in with it.',
  enterName: 'Enter a name',
  enterEmail: 'Enter an e-mail address such as name@company.com',
  role: 'Role',
  roleOption: (role: string, may: string) => `${role}: ${may}`,
  roleMay: {
    viewer: 'sees everything, changes nothing',
    technician: 'looks after customers, portals and syncs',
    admin: 'everything, but for owners',
    owner: 'everything, owners included',
  } satisfies Record<StaffRole, string>,
  changeRole: 'Change role',
  changeRoleTitle: (name: string) => `Change the role of ${name}`,
  changeRoleHelp: 'They are signed out and sign in anew with it.',
  changingRole: 'Saving…',
  roleChanged: (name: string, role: string) => `${name} is ${role.toLowerCase()} now.`,
  inviteAgain: 'Send the invitation again',
  invitedAgain: (name: string) => `Another mail to ${name} is on its way. The earlier link no longer works.`,
  withdraw: 'Take invitation back',
  withdrawTitle: (name: string) => `Take the invitation of ${name} back?`,
  withdrawText: 'The link in their mail stops working, and they leave this list. You can invite them again.',
  withdrawn: (name: string) => `The invitation of ${name} is taken back.`,
  block: 'Block',
  blockTitle: (name: string) => `Block ${name}?`,
  blockText:
    'They are signed out at their next click and cannot sign in until you let them in again. API keys they made stop working for as long.',
  blocked: (name: string) => `${name} is blocked.`,
  unblock: 'Let in again',
  unblocked: (name: string) => `${name} can sign in again.`,

  byLink: {
    title: (link: { companyName: string }) => `Join ${link.companyName}`,
    signsInAs: 'You sign in as',
    verb: 'Set password and join',
    busyVerb: 'Signing you in…',
    until: (at: string) => `This invitation works until ${fullTime(at)}.`,
    loading: 'Your invitation',
    usedTitle: 'This invitation no longer works',
    usedText:
      'An invitation works once and only for a few days. If you have set your password already, sign in with it; else ask for a new one.',
    unknownTitle: 'We do not know this invitation',
    unknownText:
      'The link may be incomplete, or the invitation was taken back. Open it again from the mail, or ask for a new one.',
    toSignIn: 'Go to sign in',
    failedTitle: 'Your invitation could not be checked',
  },
}
