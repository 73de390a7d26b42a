import { createSignal, type Accessor, type Setter } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { wasCancelled } from '../api/upload.ts'
import type { Transfer } from '../ui/transfers.tsx'
import { explain } from '../words/problem.ts'

const atOnceMax = 3

/** A file on its way, and what it is for. Its id is also the key it is sent under: had it arrived after all, it is not kept twice. */
export type Upload<About> = Transfer & { file: File; about: About }

type Own<About> = Upload<About> & {
  setState: Setter<'waiting' | 'sending' | 'failed'>
  setShare: Setter<number>
  setTrouble: Setter<string | undefined>
  setCanRetry: Setter<boolean>
  stop: AbortController
}

export type Uploads<About> = {
  /** What is on its way, or was stopped; what has arrived is no longer among them. */
  all: Accessor<readonly Upload<About>[]>
  /** Sends a file when its turn comes. What is known to be wrong with it is said at once, and it is not sent. */
  add: (files: readonly { file: File; about: About; wrong: string | undefined }[]) => void
  /** Breaks one off, or takes one that failed off the list. */
  cancel: (id: string) => void
  /** Sends one again that failed. */
  retry: (id: string) => void
  isBusy: Accessor<boolean>
  /** When nothing is on its way any more. */
  settled: () => Promise<void>
  /** Breaks all of them off. */
  stop: () => void
}

/** Sends files a few at a time, each with how far it is and what went wrong with it; the tab asks before it closes meanwhile. */
export function createUploads<About, Made>(given: {
  send: (upload: Upload<About>, onShare: (share: number) => void, signal: AbortSignal) => Promise<Made>
  onArrived: (made: Made, upload: Upload<About>) => void
}): Uploads<About> {
  const [uploads, setUploads] = createSignal<readonly Own<About>[]>([])
  let whenSettled: (() => void)[] = []
  const isBusy = () => uploads().some(({ state }) => state() !== 'failed')
  const holdBack = (event: BeforeUnloadEvent): void => event.preventDefault()

  const sendNext = () => {
    const sending = uploads().filter(({ state }) => state() === 'sending').length
    const waiting = uploads().filter(({ state }) => state() === 'waiting')
    for (const upload of waiting.slice(0, Math.max(0, atOnceMax - sending))) void send(upload)
    if (isBusy()) {
      addEventListener('beforeunload', holdBack)
      return
    }
    removeEventListener('beforeunload', holdBack)
    const told = whenSettled
    whenSettled = []
    for (const tell of told) tell()
  }
  const send = async (upload: Own<About>): Promise<void> => {
    upload.setState('sending')
    try {
      const made = await given.send(upload, upload.setShare, upload.stop.signal)
      setUploads((before) => before.filter((each) => each !== upload))
      given.onArrived(made, upload)
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
  const cancel = (id: string) => {
    const upload = uploads().find((each) => each.id === id)
    setUploads((before) => before.filter((each) => each.id !== id))
    upload?.stop.abort()
    sendNext()
  }

  return {
    all: uploads,
    add: (files) => {
      const added = files.map(({ file, about, wrong }) => newUpload(file, about, wrong))
      setUploads((before) => [...before, ...added])
      sendNext()
    },
    cancel,
    retry: (id) => {
      const upload = uploads().find((each) => each.id === id)
      if (upload?.state() !== 'failed') return
      upload.setTrouble(undefined)
      upload.setShare(0)
      upload.setState('waiting')
      sendNext()
    },
    isBusy,
    settled: () => (isBusy() ? new Promise<void>((settle) => whenSettled.push(settle)) : Promise.resolve()),
    stop: () => {
      for (const { id } of uploads()) cancel(id)
    },
  }
}

function newUpload<About>(file: File, about: About, wrong: string | undefined): Own<About> {
  const [state, setState] = createSignal<'waiting' | 'sending' | 'failed'>(wrong === undefined ? 'waiting' : 'failed')
  const [share, setShare] = createSignal(0)
  const [trouble, setTrouble] = createSignal(wrong)
  const [canRetry, setCanRetry] = createSignal(false)
  return {
    id: crypto.randomUUID(),
    name: file.name,
    file,
    about,
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
