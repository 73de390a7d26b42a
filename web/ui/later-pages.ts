import { createEffect, createSignal, on } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { explain } from '../words/problem.ts'
import { say } from './messages.tsx'

type Page<Item> = { items: Item[]; nextCursor: string | null }

type LaterPages<Item> = {
  /** Everything read so far, the given first page included. */
  rows: (first: Page<Item>) => Item[]
  /** Where the next page begins; null at the end. */
  cursor: (first: Page<Item>) => string | null
  more: (cursor: string) => Promise<void>
  busy: () => boolean
  /** Begins anew, as when the first page is read again. */
  forget: () => void
  /** The last page asked for did not come: it comes when a person asks for it. */
  failed: () => boolean
}

/** What comes after a list's first page, read as it is asked for; another question makes the old one's pages meaningless. */
export function createLaterPages<Item>(
  question: () => string,
  read: (cursor: string) => Promise<Page<Item>>,
): LaterPages<Item> {
  const [later, setLater] = createSignal<Page<Item> | null>(null)
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal(false)
  const begin = () => {
    setLater(null)
    setFailed(false)
  }
  createEffect(on(question, begin, { defer: true }))
  return {
    rows: (first) => [...first.items, ...(later()?.items ?? [])],
    cursor: (first) => (later() ?? first).nextCursor,
    more: async (cursor) => {
      if (busy()) return
      const asked = question()
      setBusy(true)
      setFailed(false)
      try {
        const next = await read(cursor)
        if (question() === asked)
          setLater((before) => ({ items: [...(before?.items ?? []), ...next.items], nextCursor: next.nextCursor }))
      } catch (error) {
        if (question() !== asked) return
        setFailed(true)
        say(explain(asProblem(error)), { mood: 'bad' })
      } finally {
        setBusy(false)
      }
    },
    busy,
    failed,
    forget: begin,
  }
}
