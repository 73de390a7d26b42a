import { createSignal } from 'solid-js'
import { createUploads } from '../../files/uploads.ts'
import type { Dropped } from '../../ui/drop-area.tsx'
import type { Transfer } from '../../ui/transfers.tsx'
import { documentBytesMax, documents as words } from '../../words/documents.ts'
import { uploadDocument, type DocumentCategory } from './documents.data.ts'

const [arrived, setArrived] = createSignal<Arrival>()
const untold = new Map<string, number>()

// Kept beside the pages, so that uploads go on while one looks at another tab of the admin area.
const uploads = createUploads<{ customerId: string; category: DocumentCategory }, unknown>({
  send: ({ id, file, about }, onShare, signal) =>
    uploadDocument(about.customerId, id, file, about.category, onShare, signal),
  onArrived: (_, { about: { customerId } }) => {
    untold.set(customerId, (untold.get(customerId) ?? 0) + 1)
    const isLast = !uploads.all().some(({ about, state }) => about.customerId === customerId && state() !== 'failed')
    setArrived({ customerId, count: isLast ? untold.get(customerId) : undefined })
    if (isLast) untold.delete(customerId)
  },
})

/** What is on its way to a customer. */
export const uploadsOf = (customerId: string): readonly Transfer[] =>
  uploads.all().filter(({ about }) => about.customerId === customerId)

/** That a document has come; with how many have since the last time nothing was on its way, once nothing is. */
export type Arrival = { customerId: string; count: number | undefined }
export const lastArrival = arrived

/** Sends files, a few at a time. What cannot be a document is said at once, and not sent. */
export const startUploads = (customerId: string, dropped: readonly Dropped[], category: DocumentCategory): void =>
  uploads.add(
    dropped.map(({ file, isFolder }) => ({ file, about: { customerId, category }, wrong: wrongWith(file, isFolder) })),
  )

/** Breaks an upload off, or takes one that failed off the list. */
export const cancelUpload = uploads.cancel

/** Sends one again under the same key: had it arrived after all, it is not kept twice. */
export const retryUpload = uploads.retry

function wrongWith(file: File, isFolder: boolean): string | undefined {
  if (isFolder) return words.folder
  if (file.size === 0) return words.emptyFile
  return file.size > documentBytesMax ? words.tooLarge(file.size) : undefined
}
