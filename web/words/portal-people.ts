/** Words of the page where a portal admin looks after the people of their company. */
import type { Colleague, PortalRole } from '../api/shapes.ts'
import { relative } from './format.ts'

export const words = {
  title: 'People',
  lead: 'Who of your company can sign in here, and what they see.',
  loading: 'The people',
  failed: 'The people could not be loaded',
  emptyTitle: 'Nobody else is here yet',
  emptyText: 'Invite the people of your company who need this portal.',
  invite: 'Invite person',
  inviteTitle: 'Invite somebody of your company',
  inviting: 'Sending the invitation…',
  invited: (name: string) => `An invitation is on its way to ${name}.`,
  name: 'Name',
  email: 'E-mail',
  enterName: 'Enter the person’s name',
  enterEmail: 'Enter an e-mail address with an @',
  roles: 'What they see',
  chooseRole: 'Choose at least one',
  role: { portal_user: 'Portal user', portal_admin: 'Portal admin' } satisfies Record<PortalRole, string>,
  roleHelp: {
    portal_user: 'Sees their own, and what everybody may see.',
    portal_admin: 'Sees the whole company’s, and looks after these people.',
  } satisfies Record<PortalRole, string>,
  state: { unconfirmed: 'Not confirmed yet', active: 'Active', disabled: 'Disabled' } satisfies Record<
    Colleague['state'],
    string
  >,
  you: 'you',
  mainAdmin: 'Main admin',
  seen: (at: string | null) => (at === null ? 'Has not signed in yet' : `Signed in ${relative(at)}`),
  invitedAt: (at: string) => `Invited ${relative(at)}`,
  changeRoles: 'Change what they see',
  changeTitle: (name: string) => `What ${name} sees`,
  save: 'Save',
  saving: 'Saving…',
  saved: (name: string) => `Saved. It counts at the next click of ${name}.`,
  resend: 'Send invitation again',
  disable: 'Disable access',
  disabled: (name: string) => `${name} can no longer sign in.`,
  enable: 'Enable access',
  enabled: (name: string) => `${name} can sign in again.`,
  disabledByProvider: 'Disabled by your IT provider. Only they can enable it again.',
  onlyProvider: 'Only your IT provider can change the main admin.',
}
