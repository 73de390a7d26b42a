/** Words of the directory: the same people, as their company sees them in its portal and as staff see them. */
import type { DirectoryAttribute } from '../api/shapes.ts'
import { count, date, number } from './format.ts'

export const directory = {
  title: 'Directory',
  lead: 'Everybody in your organisation, as Microsoft 365 has them.',
  listLabel: 'People',
  loading: 'The directory',
  failed: 'The directory could not be loaded',
  microsoft: 'Microsoft 365',

  search: 'Search people',
  placeholder: (shows: readonly DirectoryAttribute[]) => (shows.includes('mail') ? 'Name or e-mail' : 'Name'),
  tooShort: 'Type at least two letters.',
  filters: 'Filters',
  licensed: 'With a licence',
  blocked: 'Blocked',
  guests: 'Guests',
  department: 'Department',
  anyDepartment: 'Any department',
  tenant: 'Organisation',
  anyTenant: 'All together',
  clear: 'Clear filters',

  name: 'Name',
  guest: 'Guest',
  attribute: {
    mail: 'E-mail',
    jobTitle: 'Job title',
    department: 'Department',
    businessPhone: 'Phone',
    mobilePhone: 'Mobile',
    licences: 'Licences',
    signInAllowed: 'Sign-in',
  } satisfies Record<DirectoryAttribute, string>,
  signInAllowed: 'Allowed',
  signInBlocked: 'Blocked',
  none: '–',
  noLicences: 'None',

  shown: (n: number, hasMore: boolean) => (hasMore ? `The first ${number(n)} people` : count(n, 'person', 'people')),
  truncated: 'More than 200 fit. These are among the best: type more to see the others.',
  more: 'Show more',
  keys: '↑ ↓ to move, Enter to open, / to search',

  noMatchTitle: (q: string) => `Nobody matches “${q}”`,
  noMatchText: 'Check the spelling, or search for another part of the name.',
  noneFilteredTitle: 'Nobody fits these filters',
  noneFilteredText: 'Take one of them off to see more people.',
  noTenantTitle: 'Nothing is connected yet',
  noTenantText: (name: string) =>
    `Once ${name} has connected your Microsoft 365, the people of your organisation appear here.`,
  syncingTitle: 'The people are being read',
  syncingText: 'They appear here within a few minutes.',
  emptyTitle: 'Nobody is here',
  emptyText: 'Microsoft 365 lists nobody who can be shown.',

  unreadable: (name: string, since: string | null) =>
    since === null ? `${name} cannot be read any more.` : `Since ${date(since)} nothing new can be read of ${name}.`,
  unreadableText: (provider: string) => `What you see may be old. ${provider} can put this right.`,

  person: 'This person',
  personFailed: 'This person could not be loaded',
  personGone: 'This person is not in the directory, or is no longer shown.',
  close: 'Close',
  asOfRead: (name: string) => `Microsoft 365 of ${name}`,
}

/** What only staff read. */
export const usersOfCustomer = {
  title: 'Users',
  noTenantText: 'Connect this customer’s Microsoft 365 under Tenants. Its people appear here after the first sync.',
  toTenants: 'Go to Tenants',
  unreadableText: 'What you see is as old as that. Connect the tenant again to mend it.',
  userPrincipalName: 'Signs in as',
  otherLicences: 'Free and other licences',
  createdAt: 'Account created',
  userId: 'Object id',

  inPortal: 'In the portal',
  noPortal: 'There is no portal yet. What it shows of these people is chosen once there is one.',
  notShown: 'The portal shows no directory.',
  showsEverybody: 'The portal shows everybody, guests too.',
  showsMembers: 'The portal shows everybody but guests.',
  change: 'Change what it shows',
  dialogTitle: 'What the portal shows of the directory',
  save: 'Save',
  saving: 'Saving…',
  saved: 'Saved. It holds from their next click on.',
  shownLabel: 'Show the directory in the portal',
  shownHelp: 'Without it the page is gone from the portal, and its API answers as if it were not there.',
  guestsLabel: 'Show guests',
  guestsHelp: 'People of other organisations who were invited to this one.',
  attributesLegend: 'What is shown of each person',
  attributesHelp: 'The name always is. What is not shown can be neither searched nor filtered by.',
  mobileHelp: 'Often somebody’s own number.',
}
