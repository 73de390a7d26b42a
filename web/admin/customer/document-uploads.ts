import { createSignal, type Setter } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { wasCancelled } from '../../api/upload.ts'
import type { Dropped } from '../../ui/drop-area.tsx'
import type { Transfer } from '../../ui/transfers.tsx'
import { documentBytesMax, documents as words } from '../../words/documents.ts'
import { explain } from '../../words/problem.ts'
import { uploadDocument, type DocumentCategory } from './documents.data.ts'

const atOnceMax = 3

type Upload = Transfer & {
  customerId: string
  file: File
  category: DocumentCategory
  setState: Setter<'waiting' | 'sending' | 'failed'>
  setShare: Setter<number>
  setTrouble: Setter<string | undefined>
  setCanRetry: Setter<boolean>
  stop: AbortController
}

// Kept beside the pages, so that uploads go on while one looks at another tab of the admin area.
const [uploads, setUploads] = createSignal<readonly Upload[]>([])
const [arrived, setArrived] = createSignal<Arrival>()
const untold = new Map<string, number>()

/** What is on its way to a customer. */
export const uploadsOf = (customerId: string): readonly Transfer[] =>
  uploads().filter((upload) => upload.customerId === customerId)

/** That a document has come; with how many have since the last time nothing was on its way, once nothing is. */
export type Arrival = { customerId: string; count: number | undefined }
export const lastArrival = arrived

/** Sends files, a few at a time. What cannot be a document is said at once, and not sent. */
export function startUploads(customerId: string, dropped: readonly Dropped[], category: DocumentCategory): void {
  const added = dropped.map(({ file, isFolder }) => newUpload(customerId, file, category, wrongWith(file, isFolder)))
  setUploads((before) => [...before, ...added])
  sendNext()
}

/** Breaks an upload off, or takes one that failed off the list. */
export function cancelUpload(id: string): void {
  const upload = uploads().find((each) => each.id === id)
  setUploads((before) => before.filter((each) => each.id !== id))
  upload?.stop.abort()
  sendNext()
}

/** Sends one again under the same key: had it arrived after all, it is not kept twice. */
export function retryUpload(id: string): void {
  const upload = uploads().find((each) => each.id === id)
  if (upload?.state() !== 'failed') return
  upload.setTrouble(undefined)
  upload.setShare(0)
  upload.setState('waiting')
  sendNext()
}

function wrongWith(file: File, isFolder: boolean): string | undefined {
  if (isFolder) return words.folder
  if (file.size === 0) return words.emptyFile
  return file.size > documentBytesMax ? words.tooLarge(file.size) : undefined
}

function newUpload(customerId: string, file: File, category: DocumentCategory, wrong: string | undefined): Upload {
  const [state, setState] = createSignal<'waiting' | 'sending' | 'failed'>(wrong === undefined ? 'waiting' : 'failed')
  const [share, setShare] = createSignal(0)
  const [trouble, setTrouble] = createSignal(wrong)
  const [canRetry, setCanRetry] = createSignal(false)
  return {
    id: crypto.randomUUID(),
    name: file.name,
    customerId,
    file,
    category,
    state,
    setState,
    share,
    setShare,
    trouble,
    setTrouble,
    canRetry,
    setCanRetry,
    stop: new AbortController(),
  }
}

function sendNext(): void {
  const sending = uploads().filter(({ state }) => state() === 'sending').length
  const waiting = uploads().filter(({ state }) => state() === 'waiting')
  for (const upload of waiting.slice(0, Math.max(0, atOnceMax - sending))) void send(upload)
  const isBusy = uploads().some(({ state }) => state() !== 'failed')
  if (isBusy) addEventListener('beforeunload', holdBack)
  else removeEventListener('beforeunload', holdBack)
}

async function send(upload: Upload): Promise<void> {
  const { customerId, id, file, category } = upload
  upload.setState('sending')
  try {
    await uploadDocument(customerId, id, file, category, upload.setShare, upload.stop.signal)
    setUploads((before) => before.filter((each) => each !== upload))
    untold.set(customerId, (untold.get(customerId) ?? 0) + 1)
    const isLast = !uploads().some((each) => each.customerId === customerId && each.state() !== 'failed')
    setArrived({ customerId, count: isLast ? untold.get(customerId) : undefined })
    if (isLast) untold.delete(customerId)
  } catch (error) {
    if (!wasCancelled(error)) {
      const problem = asProblem(error)
      upload.setTrouble(explain(problem))
      // What the server refused it would refuse again; a line that broke or a server in trouble may come back.
      upload.setCanRetry(problem.status === 0 || problem.status === 400 || problem.status >= 500)
      upload.setState('failed')
    }
  } finally {
    sendNext()
  }
}

const holdBack = (event: BeforeUnloadEvent): void => event.preventDefault()
