import { createSignal, onCleanup, type Accessor } from 'solid-js'
import { createUploads } from '../files/uploads.ts'
import type { Dropped } from '../ui/drop-area.tsx'
import { say } from '../ui/messages.tsx'
import type { Transfer } from '../ui/transfers.tsx'
import { asProblem } from '../api/problem.ts'
import { clock } from '../words/format.ts'
import { explain } from '../words/problem.ts'
import { tickets as words } from '../words/tickets.ts'
import type { TicketFile } from '../api/shapes.ts'

/** How a file comes to the server before what it belongs to is sent, and how it goes from there. */
export type FileStore = {
  upload: (key: string, file: File, onShare: (share: number) => void, signal: AbortSignal) => Promise<TicketFile>
  remove: (fileId: string) => Promise<void>
}
export type FileLimits = { fileCountMax: number; fileBytesMax: number }

export type Attachments = {
  /** What has arrived and goes with what is written. */
  files: Accessor<readonly TicketFile[]>
  transfers: Accessor<readonly Transfer[]>
  limits: FileLimits
  /** The address of a picture that was added here, to show it small. */
  pictureOf: (fileId: string) => string | undefined
  add: (files: readonly Dropped[]) => void
  cancel: (id: string) => void
  retry: (id: string) => void
  /** Takes one away that has arrived. */
  takeOff: (file: TicketFile) => Promise<void>
  isBusy: Accessor<boolean>
  settled: () => Promise<void>
  /** The names of those that did not arrive. */
  failedNames: Accessor<string[]>
  /** Begins anew, as after they were sent. */
  clear: () => void
}

/** Files that go with something being written: each is uploaded as it is added, so that sending waits for none at the end. */
export function createAttachments(given: {
  store: FileStore
  limits: FileLimits
  initial: TicketFile[]
  onChange: () => void
}): Attachments {
  const [files, setFiles] = createSignal<readonly TicketFile[]>(given.initial)
  const pictures = new Map<string, string>()
  const uploads = createUploads<null, TicketFile>({
    send: ({ id, file }, onShare, signal) => given.store.upload(id, file, onShare, signal),
    onArrived: (made, { file }) => {
      if (made.mediaType.startsWith('image/')) pictures.set(made.id, URL.createObjectURL(file))
      setFiles((before) => [...before, made])
      given.onChange()
    },
  })
  const wrongWith = ({ file, isFolder }: Dropped, place: number): string | undefined => {
    if (isFolder) return words.folder
    if (file.size === 0) return words.emptyFile
    if (file.size > given.limits.fileBytesMax) return words.tooLarge(file.size, given.limits.fileBytesMax)
    return place >= given.limits.fileCountMax ? words.tooMany(given.limits.fileCountMax) : undefined
  }
  const forgetPicture = (fileId: string) => {
    const url = pictures.get(fileId)
    if (url !== undefined) URL.revokeObjectURL(url)
    pictures.delete(fileId)
  }
  onCleanup(() => {
    uploads.stop()
    for (const fileId of pictures.keys()) forgetPicture(fileId)
  })
  return {
    files,
    transfers: uploads.all,
    limits: given.limits,
    pictureOf: (fileId) => pictures.get(fileId),
    add: (dropped) => {
      let place = files().length + uploads.all().filter(({ state }) => state() !== 'failed').length
      uploads.add(
        dropped.map((each) => {
          const wrong = wrongWith(each, place)
          if (wrong === undefined) place += 1
          return { file: each.file, about: null, wrong }
        }),
      )
    },
    cancel: uploads.cancel,
    retry: uploads.retry,
    takeOff: async (file) => {
      setFiles((before) => before.filter(({ id }) => id !== file.id))
      forgetPicture(file.id)
      given.onChange()
      try {
        await given.store.remove(file.id)
      } catch (error) {
        const problem = asProblem(error)
        // Gone already is as good; anything else it forgets by itself in a week.
        if (problem.status !== 404) say(explain(problem), { mood: 'bad' })
      }
    },
    isBusy: uploads.isBusy,
    settled: uploads.settled,
    failedNames: () =>
      uploads
        .all()
        .filter(({ state }) => state() === 'failed')
        .map(({ name }) => name),
    clear: () => {
      uploads.stop()
      for (const fileId of pictures.keys()) forgetPicture(fileId)
      setFiles([])
    },
  }
}

/**
 * What was pasted, if that is files; a picture from the clipboard has no name of its own and is given one. So is a text of more
 * characters than there is room for: a log of a megabyte would hold up the page, and could not be sent.
 */
export function pastedFiles(event: ClipboardEvent, charactersLeft: number): Dropped[] {
  const files = [...(event.clipboardData?.files ?? [])]
  if (files.length > 0) return files.map((file, index) => ({ file: named(file, index), isFolder: false }))
  const text = event.clipboardData?.getData('text/plain') ?? ''
  if (text.length <= charactersLeft) return []
  say(words.attachedInstead)
  const name = words.pastedText(clock(new Date().toISOString()))
  return [{ file: new File([text], name, { type: 'text/plain' }), isFolder: false }]
}

function named(file: File, index: number): File {
  if (!/^image\.\w+$/.test(file.name)) return file
  const ending = file.name.slice(file.name.lastIndexOf('.') + 1)
  const at = clock(new Date().toISOString())
  return new File([file], words.pastedName(index === 0 ? at : `${at} ${index + 1}`, ending), { type: file.type })
}
