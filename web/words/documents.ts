/** Words of a customer's documents, as staff read them. */
import type { DocumentCategory } from '../api/shapes.ts'
import { bytes, date, fullTime, number, shortTime } from './format.ts'

export const documentBytesMax = 50 * 1024 * 1024

export const documents = {
  title: 'Documents',
  loading: 'The documents',
  failed: 'The documents could not be loaded',
  add: 'Add documents',
  dropTitle: 'Let go to add them here',
  dropText: 'Nobody at the customer sees a document before you share it.',
  emptyTitle: 'No documents yet',
  emptyText:
    'Contracts, runbooks and whatever else you keep for this customer, up to 50 MB each. Drop files anywhere on this page, or choose them. Nobody at the customer sees one before you share it.',
  emptyTextReader: 'Contracts, runbooks and whatever else your team keeps for this customer appear here.',
  noMatchTitle: 'No document fits',
  noMatchText: 'None of this customer’s documents is of this kind.',
  clear: 'Show all',
  filter: 'Show only',
  category: { contract: 'Contract', runbook: 'Runbook', other: 'Other' } satisfies Record<DocumentCategory, string>,
  categories: { contract: 'Contracts', runbook: 'Runbooks', other: 'Other' } satisfies Record<DocumentCategory, string>,
  sharedFilter: 'Shared with customer',
  columns: {
    name: 'Name',
    category: 'Category',
    size: 'Size',
    addedBy: 'Added by',
    added: 'Added',
    shared: 'Shared',
    more: 'More',
  },
  size: bytes,
  added: (at: string) => shortTime(at),
  addedFull: (at: string) => fullTime(at),
  shareLabel: (name: string) => `Share ${name} with the customer`,
  yes: 'Yes',
  no: 'No',
  shared: (name: string) => `Shared ${name} with the customer.`,
  unshared: (name: string) => `The customer no longer sees ${name}.`,
  renamed: (name: string) => `Renamed to ${name}.`,
  moved: (name: string, category: DocumentCategory) =>
    `${name} is under ${documents.categories[category].toLowerCase()} now.`,
  rename: 'Rename',
  renameLabel: (name: string) => `New name of ${name}`,
  open: 'Open in a new tab',
  download: 'Download',
  delete: 'Delete',
  deleted: (name: string) => `Deleted ${name}.`,
  undo: 'Undo',
  restored: (name: string) => `${name} is back.`,
  showMore: 'Show more',
  shown: (n: number) => (n === 1 ? '1 document' : `${number(n)} documents`),
  keys: 'Arrow keys move, Enter opens, F2 renames, Delete deletes.',
  transfers: 'Documents on their way',
  tooLarge: (size: number) => `This file has ${bytes(size)}. A document has at most ${bytes(documentBytesMax)}.`,
  emptyFile: 'This file is empty.',
  folder: 'This is a folder. Open it and drop the files in it.',
  uploaded: (n: number) => (n === 1 ? 'Added 1 document.' : `Added ${number(n)} documents.`),
  bin: 'Recently deleted',
  binText: 'Deleted documents can be brought back for 30 days. Then they are gone.',
  binEmpty: 'Nothing was deleted in the last 30 days.',
  binFailed: 'The deleted documents could not be loaded',
  deletedOn: (at: string) => `Deleted ${date(at)}`,
  restore: 'Restore',
}

export const ticketsTab = {
  title: 'Tickets',
  emptyTitle: 'No tickets yet',
  emptyText:
    'Tickets are not part of this release. Once they are, this customer’s open and recent ones stand here, over all its tenants.',
}
