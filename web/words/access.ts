/** Words about who gets in: a portal's and its people's life. */
import type { Contact, SignInPolicy } from '../api/shapes.ts'

export const access = {
  portal: {
    enable: 'Enable portal',
    enabling: 'Enabling…',
    enableTitle: (name: string) => `Enable the portal of ${name}`,
    enableText: (email: string | null) =>
      email === null
        ? 'It opens at once. The customer has no e-mail yet: the one you give it later names the portal admin.'
        : `It opens at once, and ${email} is invited as its portal admin.`,
    enabled: (host: string) => `The portal opens at ${host}.`,
    inForm: 'Enable customer portal',
    inFormHelp: 'Creates the portal. The e-mail above becomes its portal admin, who is invited by mail.',
    inFormEdit: 'Customer portal is enabled',
    inFormEditHelp: 'Without this tick nobody can sign in to it. The settings and the people stay.',
    emailWanted: 'Enter the e-mail of whoever is to be the portal admin',
    prefix: 'URL prefix',
    prefixHelp: (host: string) => `Opens at ${host}`,
    enterPrefix: 'Enter a prefix, such as the company’s short name',
    adminName: 'Portal admin’s name',
    adminNameHelp: 'Left out, it is made from the e-mail.',
  },
  customer: {
    disable: 'Disable customer',
    enable: 'Enable customer',
    disabledBadge: 'Disabled',
    isDisabled: 'This customer is disabled.',
    isDisabledText: 'Nobody can sign in to its portal. Everything else goes on as before.',
    disabled: (name: string) => `Disabled ${name}. Nobody can sign in to its portal.`,
    enabled: (name: string) => `Enabled ${name}. Its portal is as it was.`,
    undo: 'Undo',
  },
  admin: {
    pending: 'Portal admin pending:',
    pendingText: (name: string, email: string | null) =>
      `${name}${email === null ? '' : ` (${email})`} has been invited and has not confirmed yet.`,
    formerText: (email: string) => `${email} is a regular portal user meanwhile.`,
    resend: 'Send invitation again',
    resent: (name: string) => `A new invitation is on its way to ${name}.`,
    undo: 'Undo the change',
    undone: (email: string) => `${email} is the portal admin again.`,
    emailHelp: 'Names the portal admin: another address invites another admin.',
    emailClosed: 'Names the portal admin, so it can change only while the portal is open.',
  },
  people: {
    licences: 'Licence permission',
    licencesHelp: 'Counts when they sign in with Microsoft. Only your organisation grants it.',
    permission: {
      none: 'None',
      view: 'View: sees subscriptions',
      modify: 'Modify: sees them and changes quantities',
      admin: 'Admin: also adds new ones',
    } satisfies Record<Contact['licencePermission'], string>,
    revoke: 'Take invitation back',
    revoked: (name: string) => `The invitation of ${name} no longer works.`,
    expired: 'Expired',
    delete: 'Delete contact',
    deleteTitle: (name: string) => `Delete ${name}?`,
    deleteText: 'They are signed out at their next click, and what is kept of them goes. This cannot be undone.',
    deleteStays: 'If they did something in the portal, the activity keeps the name under which they did it.',
    deleted: (name: string) => `Deleted ${name}.`,
  },
  endUsers: {
    tab: 'End-user portal',
    title: 'People and their licence permission',
    lead: 'What people of this customer may do with its licences. It counts when they sign in with Microsoft.',
    failed: 'The people could not be loaded',
    loading: 'The people',
    emptyTitle: 'No contacts yet',
    emptyText: 'Add the people of this customer as contacts first.',
    toContacts: 'Go to contacts',
    name: 'Name',
    email: 'E-mail',
    access: 'Portal access',
    permission: 'Licence permission',
    of: (name: string) => `Licence permission of ${name}`,
    short: { none: 'None', view: 'View', modify: 'Modify', admin: 'Admin' } satisfies Record<
      Contact['licencePermission'],
      string
    >,
    saved: (name: string, permission: string) => `${name}: ${permission}.`,
  },
  signIn: {
    title: 'First sign-in',
    lead: 'How people you invite to a portal sign in for the first time. A customer may have it otherwise, in its Portal tab.',
    legend: 'New people',
    ownLegend: 'How new people of this customer first sign in. A choice counts at once.',
    asDefault: 'As your defaults say',
    policy: {
      invitation: 'Choose a password by a link',
      temporary_password: 'Get a temporary password by mail',
      microsoft_only: 'Sign in with Microsoft only',
    } satisfies Record<SignInPolicy, string>,
    help: {
      invitation: 'The link in the mail works once, for seven days.',
      temporary_password: 'It works for 72 hours, and only to choose another.',
      microsoft_only: 'Nobody signs in with a password, whoever has one already included.',
    } satisfies Record<SignInPolicy, string>,
    saved: 'Saved. It counts from the next invitation and sign-in on.',
  },
}
