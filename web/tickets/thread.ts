import { createSignal, type Accessor } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { say } from '../ui/messages.tsx'
import { explain } from '../words/problem.ts'
import type { TicketEntry } from '../api/shapes.ts'

type Page = { items: TicketEntry[]; nextCursor: string | null }

export type Thread = {
  /** What has been read, the oldest first; undefined before the first page has come. */
  entries: Accessor<readonly TicketEntry[] | undefined>
  /** Why the first page did not come. */
  failure: Accessor<unknown>
  hasOlder: Accessor<boolean>
  busy: Accessor<boolean>
  /** Reads what was said before; answers how much that was. */
  older: () => Promise<number>
  /** Reads what came since. */
  refresh: () => Promise<void>
}

/** A ticket's conversation, read from its end backwards: `read` answers a page, the newest first. */
export function createThread(read: (cursor: string | undefined) => Promise<Page>): Thread {
  const [entries, setEntries] = createSignal<readonly TicketEntry[]>()
  const [cursor, setCursor] = createSignal<string | null>(null)
  const [failure, setFailure] = createSignal<unknown>()
  const [busy, setBusy] = createSignal(false)
  let turn = 0

  const refresh = async () => {
    turn += 1
    const mine = turn
    try {
      const page = await read(undefined)
      // A later question has an answer that is newer.
      if (mine !== turn) return
      const newest = page.items.toReversed()
      const known = new Set(entries()?.map(({ id }) => id))
      const isJoined = newest.length === 0 || newest.some(({ id }) => known.has(id))
      setFailure(undefined)
      if (entries() !== undefined && isJoined) {
        setEntries((before = []) => [...before, ...newest.filter(({ id }) => !known.has(id))])
        return
      }
      // More came than a page holds: what lies between is read backwards, as at first.
      setEntries(newest)
      setCursor(page.nextCursor)
    } catch (error) {
      if (mine !== turn) return
      if (entries() === undefined) setFailure(() => error)
      else say(explain(asProblem(error)), { mood: 'bad' })
    }
  }

  return {
    entries,
    failure,
    hasOlder: () => cursor() !== null,
    busy,
    older: async () => {
      const from = cursor()
      if (from === null || busy()) return 0
      setBusy(true)
      try {
        const page = await read(from)
        if (cursor() !== from) return 0
        setEntries((before = []) => [...page.items.toReversed(), ...before])
        setCursor(page.nextCursor)
        return page.items.length
      } catch (error) {
        say(explain(asProblem(error)), { mood: 'bad' })
        return 0
      } finally {
        setBusy(false)
      }
    },
    refresh,
  }
}
