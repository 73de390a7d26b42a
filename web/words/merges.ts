/** Words about making two customers one, and taking that back. */
import type { Merge, MergeField } from '../api/shapes.ts'
import { count, date, list } from './format.ts'

export const merges = {
  with: 'Merge with…',
  merge: 'Merge…',
  pickTitle: (name: string) => `Which customer is the same as ${name}?`,
  pickHint: 'Type at least two letters of its name. You decide on the next page which of the two stays.',
  pickNone: (query: string) => `No other customer matches “${query}”.`,
  title: 'Merge two customers',
  lead: 'One of the two stays and gets everything of the other, which then leaves your lists. You can undo this for 30 days.',
  failed: 'These two customers cannot be merged just now',
  loading: 'Both customers',
  stays: 'Which one stays?',
  staysHelp: (createdAt: string, tenants: number, contacts: number) =>
    `Added ${date(createdAt)}, ${count(tenants, 'tenant', 'tenants')}, ${count(contacts, 'contact', 'contacts')}`,
  fields: 'Details',
  fieldsNote: 'What the customer has afterwards.',
  field: {
    name: 'Name',
    email: 'Primary contact’s e-mail',
    phone: 'Phone',
    address: 'Address',
    notes: 'Internal notes',
    psaId: 'PSA id',
  } satisfies Record<MergeField, string>,
  from: (name: string) => `From ${name}`,
  empty: 'Empty',
  both: 'Both, one after the other',
  allSame: 'Both say the same everywhere.',
  collisions: 'To decide',
  collisionsNote: 'These cannot both stay.',
  portal: 'Which portal stays?',
  portalHelp: (host: string) => `${host} stops answering. People of both sign in at the one that stays.`,
  invitedAnew: (names: string[], host: string) =>
    `${list(names)} get a new invitation, to ${host}: the link in the mail they have stops working.`,
  uninvited: (names: string[], host: string) =>
    `${list(names)} cannot use the link in the mail they have any more, and ${host} is closed: invite them again once it is open.`,
  escalation: 'Whose contacts are called first?',
  mainContact: 'Who is the main contact?',
  contact: (email: string) => `${email} is a contact of both. Which one stays?`,
  contactGoes: 'The other one goes, with its access to the portal.',
  access: { none: 'no access', invited: 'invited', active: 'has access', disabled: 'blocked' } satisfies Record<
    string,
    string
  >,
  moves: (from: string, to: string) => `What moves from ${from} to ${to}`,
  tenants: (names: string[]) => `${count(names.length, 'tenant', 'tenants')}: ${list(names)}`,
  contacts: (names: string[]) => `${count(names.length, 'contact', 'contacts')}: ${list(names)}`,
  documents: (n: number) =>
    `${count(n, 'document', 'documents')}; whoever signs in to the portal can read those that are shared`,
  tickets: (n: number) => (n > 1_000 ? 'more than 1,000 tickets' : count(n, 'ticket', 'tickets')),
  portalMoves: (host: string) => `the portal at ${host}; whoever is signed in there stays so`,
  history: 'its activity, marked with its name',
  others: 'its logo, its notices, and work that is waiting',
  confirm: (merged: string, survivor: string) => `Merge ${merged} into ${survivor}`,
  merging: 'Merging…',
  goes: (name: string) => `${name} leaves your lists. You can bring it back for 30 days.`,
  cancel: 'Cancel',
  choose: 'Choose one',
  done: (merged: string, survivor: string) => `${merged} is part of ${survivor} now.`,
  changed:
    'One of them has changed since this page was opened. It has been loaded again: look it over and merge once more.',
  undo: 'Undo merge',
  undoTitle: (name: string) => `Take ${name} apart again?`,
  undoText: (name: string) =>
    `${name} comes back with everything of it that nobody has changed since. What was changed, and what was added since, stays here, and you are told what.`,
  undone: (name: string) => `${name} is a customer of its own again.`,
  undoing: 'Undoing…',
  past: (merged: string, at: string, by: string) => `${merged} was merged into this customer on ${date(at)} by ${by}.`,
  until: (at: string) => `Can be undone until ${date(at)}.`,
  leftTitle: 'Some of it stays here',
  leftText: (name: string) => `${name} is back. This was left as it is, for the reason beside it:`,
  left: ({ kind, name, reason }: Merge['leftBehind'][number]) => {
    const what = { tenant: 'Tenant', contact: 'Contact', document: 'Document', portal: 'Portal', field: 'Detail' }[kind]
    const why = leftBecause[reason](kind)
    return `${what} ${kind === 'field' ? (merges.field[name as MergeField] ?? name) : name}: ${why}`
  },
  ok: 'Understood',
  before: (name: string) => `before the merge, ${name}`,
}

type Left = Merge['leftBehind'][number]

/** Why undoing a merge left something as it is. */
const leftBecause: Record<Left['reason'], (kind: Left['kind']) => string> = {
  changed: () => 'somebody changed it since, so it stays here',
  gone: () => 'it is not here any more, so it cannot go back',
  taken: (kind) =>
    kind === 'contact'
      ? 'somebody else here has the e-mail address by now, so it cannot come back'
      : 'another portal has its place, or its address, by now, so it cannot come back',
}
