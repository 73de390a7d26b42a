/** Words about putting customers away, bringing them back, and deleting them. */
import { count, date, list } from './format.ts'

export const life = {
  menu: (name: string) => `Archive, merge or delete ${name}`,
  archive: 'Archive',
  restore: 'Restore',
  delete: 'Delete customer',
  archived: (name: string) => `Archived ${name}.`,
  restored: (name: string) => `Restored ${name}.`,
  undo: 'Undo',
  isArchived: 'This customer is archived.',
  isArchivedText:
    'Its portal is closed and nothing is read from Microsoft. Nothing is lost, and nothing of it can be changed until it is restored.',
  deleteTitle: (name: string) => `Delete ${name} for good?`,
  deleteVerb: 'Delete for good',
  deleting: 'Deleting…',
  goes: 'This goes, and cannot be brought back:',
  contacts: (n: number) =>
    n === 0
      ? 'its contacts and their access to the portal'
      : `${count(n, 'contact', 'contacts')} and their access to the portal`,
  portal: (host: string) => `its portal; ${host} will lead nowhere, and nobody else can have it for a year`,
  documents: 'its documents, notes, logo and settings',
  history: 'the history of tenants that were disconnected',
  merged: (name: string, until: string) =>
    `everything of ${name}, which was merged into it; that merge could be undone until ${date(until)}`,
  undoFirst: (names: string[]) =>
    `To keep ${list(names)}, close this and undo the merge on the customer’s overview first.`,
  stays:
    'What was done to it stays in your organisation’s activity. To put it away without losing anything, archive it instead.',
  deleted: (name: string) => `Deleted ${name}.`,
  heldTitle: (name: string) => `${name} cannot be deleted yet`,
  held: (names: string[]) =>
    `It still has ${names.length === 1 ? 'a tenant' : 'tenants'}: ${list(names)}. Disconnect ${names.length === 1 ? 'it' : 'them'} first.`,
  toTenants: 'Go to tenants',
}
