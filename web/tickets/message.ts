import { batch, createSignal, onCleanup, type Accessor } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { explain } from '../words/problem.ts'
import { tickets as words } from '../words/tickets.ts'
import { createAttachments, type Attachments, type FileLimits, type FileStore } from './attachments.ts'
import { forgetDraft, keepDraft, readDraft, type DraftPlace } from './draft.ts'

/** How long what is written may be. */
export const messageCharactersMax = 20_000

/** What is sent. The key is the same as long as the words and files are: sent again after no answer came, it counts once. */
export type Sent = { text: string; files: string[]; key: string }

export type Message = {
  text: Accessor<string>
  setText: (text: string) => void
  attachments: Attachments
  trouble: Accessor<string | undefined>
  /** Waiting: it is sent as soon as its files are there. */
  state: Accessor<'writing' | 'waiting' | 'sending'>
  isEmpty: Accessor<boolean>
  send: () => Promise<boolean>
}

/**
 * Something that is being written into a conversation, with its files and its draft. Nothing of it is lost until it was sent,
 * and it is sent only with all its files.
 */
export function createMessage(given: {
  place: DraftPlace
  store: FileStore
  limits: FileLimits
  send: (message: Sent) => Promise<void>
}): Message {
  const kept = readDraft(given.place)
  const first = kept?.values['text']
  const [text, setText] = createSignal(typeof first === 'string' ? first : '')
  const [trouble, setTrouble] = createSignal<string>()
  const [state, setState] = createSignal<'writing' | 'waiting' | 'sending'>('writing')
  let sentAs = kept?.sentAs ?? null
  let gone = false
  onCleanup(() => {
    gone = true
  })

  const isEmpty = () => text().trim() === '' && attachments.files().length === 0
  const keep = () =>
    isEmpty()
      ? forgetDraft(given.place)
      : keepDraft(given.place, { values: { text: text() }, files: [...attachments.files()], sentAs })
  const changed = () => {
    sentAs = null
    setTrouble(undefined)
    keep()
  }
  const attachments = createAttachments({
    store: given.store,
    limits: given.limits,
    initial: kept?.files ?? [],
    onChange: changed,
  })
  const wrong = (): string | undefined => {
    const failed = attachments.failedNames()
    if (failed.length > 0) return words.notAttached(failed)
    if (isEmpty() && !attachments.isBusy()) return words.writeSomething
    return text().length > messageCharactersMax ? words.tooLong(text().length, messageCharactersMax) : undefined
  }
  const refuse = (reason: string): false => {
    batch(() => {
      setTrouble(reason)
      setState('writing')
    })
    return false
  }

  const send = async (): Promise<boolean> => {
    if (state() !== 'writing') return false
    const early = wrong()
    if (early !== undefined) return refuse(early)
    setState('waiting')
    await attachments.settled()
    // Whoever has left the page meanwhile finds it as a draft.
    if (gone) return false
    const late = wrong()
    if (late !== undefined) return refuse(late)
    batch(() => {
      setTrouble(undefined)
      setState('sending')
    })
    sentAs ??= crypto.randomUUID()
    keep()
    try {
      await given.send({ text: text().trim(), files: attachments.files().map(({ id }) => id), key: sentAs })
    } catch (error) {
      const problem = asProblem(error)
      // What was answered was not taken, so it is another one the next time.
      if (problem.status !== 0 && problem.status < 500) sentAs = null
      return refuse(
        explain(
          problem,
          problem.errors.map(({ detail }) => detail),
        ),
      )
    }
    forgetDraft(given.place)
    sentAs = null
    batch(() => {
      setText('')
      attachments.clear()
      setState('writing')
    })
    return true
  }

  return {
    text,
    setText: (next) => {
      setText(next)
      changed()
    },
    attachments,
    trouble,
    state,
    isEmpty,
    send,
  }
}
