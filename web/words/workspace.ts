/** Words of the workspace and its widgets. */
import type { AccessGrant, ContactOfAll, WidgetKind } from '../api/shapes.ts'
import { count, list, number } from './format.ts'

export const workspace = {
  title: 'Workspace',
  lead: 'What you want in sight. Only you see this arrangement.',
  failed: 'Your workspace could not be loaded',
  loading: 'Your workspace',
  add: 'Add widget',
  allAdded: 'Every widget is here already.',
  emptyTitle: 'Nothing here yet',
  emptyText: 'Add the widgets you work with.',
  widget: {
    contacts: 'Contact list',
    attention: 'Customers needing attention',
    activity: 'Recent activity',
  } satisfies Record<WidgetKind, string>,
  move: (name: string, place: number, n: number) =>
    `Move ${name}, number ${number(place)} of ${number(n)}: drag, or use the arrow keys`,
  moved: (name: string, place: number) => `${name} is number ${number(place)} now.`,
  remove: (name: string) => `Remove ${name}`,
  removed: (name: string) => `Removed ${name}.`,
  added: (name: string) => `Added ${name}.`,
  undo: 'Undo',

  attentionNone: 'No customer needs attention',
  attentionNoneText: 'Nothing is interrupted, degraded or over-used.',
  attentionAll: 'All with problems',
  attentionFailed: 'The customers could not be loaded',
  activityAll: 'All activity',

  contacts: {
    search: 'Search contacts by name, e-mail or customer',
    placeholder: 'Name, e-mail or customer',
    tooShort: 'Type at least two letters to search.',
    failed: 'The contacts could not be loaded',
    loading: 'The contacts',
    emptyTitle: 'No contacts yet',
    emptyText: 'Contacts are added at their customer.',
    noMatchTitle: (q: string) => `No contact matches “${q}”`,
    noMatchText: 'Searched the beginnings of words in names and e-mails, and in their customers’.',
    columns: { name: 'Contact', customer: 'Customer', email: 'E-mail', access: 'Portal access' },
    shown: (n: number, hasMore: boolean) => (hasMore ? `The first ${number(n)}` : count(n, 'contact', 'contacts')),
    truncated: 'There are more matches than these. Type more to narrow them down.',
    more: 'Load more',
    selectedTitle: 'Selected contacts',
    selected: (n: number) => `${number(n)} selected`,
    selectAll: 'Select all that match',
    selecting: 'Selecting…',
    tooMany: (n: number) => `More match than can be selected at once. ${number(n)} of them are.`,
    clear: 'Clear selection',
    enable: 'Enable portal',
  },

  review: {
    title: 'Give access to the portal',
    lead: 'They become portal users and are invited by mail.',
    will: (n: number) => `${count(n, 'person gets', 'people get')} access`,
    nobody: 'Nobody of these can get access',
    cannot: (n: number) => `${count(n, 'person is', 'people are')} left out`,
    because: {
      no_email: 'No e-mail address',
      already_invited: 'Invited already',
      already_enabled: 'Has access already',
      blocked: 'Is blocked',
      archived_customer: 'Its customer is archived',
      disabled_customer: 'Its customer is disabled',
      no_portal: 'Its customer has no portal',
      portal_closed: 'Its customer’s portal is closed',
      missing: 'Is not there any more',
      starter_may_not: 'Whoever began this may no longer give access',
    } satisfies Record<AccessGrant['skipped'][number]['because'], string>,
    person: ({ name, customerName }: Pick<ContactOfAll, 'name' | 'customerName'>) => `${name}, ${customerName}`,
    confirm: (n: number) => `Confirm for ${count(n, 'person', 'people')}`,
    confirming: 'Beginning…',
  },

  grant: {
    working: 'Giving access to the portal',
    progress: 'People who have had their turn',
    goesOn: 'It goes on when you leave this page.',
    granted: (n: number) => `Access to the portal was granted to ${count(n, 'person', 'people')}.`,
    skipped: (skipped: AccessGrant['skipped']) =>
      `Left out: ${list(skipped.map(({ because, count: n }) => `${number(n)} × ${workspace.review.because[because].toLowerCase()}`))}.`,
    stopped: 'It has stopped.',
    toJobs: 'See the job',
  },
}
