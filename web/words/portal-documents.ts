/** Words of the documents page of a portal. */
import type { DocumentCategory } from '../api/shapes.ts'
import { bytes, date } from './format.ts'

export const words = {
  title: 'Documents',
  lead: (name: string) => `What ${name} shares with your company.`,
  loading: 'Your documents',
  failed: 'Your documents could not be loaded',
  emptyTitle: 'Nothing is shared with you yet',
  emptyText: (name: string) => `Contracts and guides that ${name} shares with your company appear here.`,
  category: { contract: 'Contract', runbook: 'Guide', other: 'Document' } satisfies Record<DocumentCategory, string>,
  about: (category: DocumentCategory, byteCount: number, at: string) =>
    `${words.category[category]}, ${bytes(byteCount)}, added ${date(at)}`,
  open: 'Open',
  download: 'Download',
  of: (name: string) => `: ${name}`,
  newTab: 'opens in a new tab',
  more: 'Show more',
}
