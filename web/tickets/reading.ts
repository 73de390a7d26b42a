import { createEffect, createResource, on, onCleanup, onMount, type Resource } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import type { TicketEntry } from '../api/shapes.ts'
import { timesRung } from '../bell/rung.ts'
import { say } from '../ui/messages.tsx'
import { explain } from '../words/problem.ts'
import { createThread, type Thread } from './thread.ts'

/** What is shown is read again when somebody comes back to it after so long. */
const freshMs = 20_000

export type TicketReading<Ticket> = {
  ticket: Resource<Ticket>
  thread: Thread
  retry: () => void
  /** Reads the ticket and what came since. */
  readAgain: () => Promise<void>
  /**
   * Does something to the ticket; where somebody else was faster, what is shown is read again. What `run` answers is the ticket
   * afterwards, nothing that it is to be read. Answers whether it was done.
   */
  act: (run: (ticket: Ticket) => Promise<Ticket | void>) => Promise<boolean>
}

/** A ticket on its page, of either side: read again when the bell rings for anything, and when somebody comes back to it. */
export function createTicketReading<Ticket>(
  read: () => Promise<Ticket>,
  readEntries: (cursor: string | undefined) => Promise<{ items: TicketEntry[]; nextCursor: string | null }>,
): TicketReading<Ticket> {
  const [ticket, { mutate, refetch }] = createResource(read)
  const thread = createThread(readEntries)
  let readAt = Date.now()
  const readAgain = async () => {
    readAt = Date.now()
    await Promise.all([refetch(), thread.refresh()])
  }
  const comeBack = () => {
    if (document.visibilityState === 'visible' && Date.now() - readAt > freshMs) void readAgain()
  }
  onMount(() => {
    void thread.refresh()
    document.addEventListener('visibilitychange', comeBack)
  })
  onCleanup(() => document.removeEventListener('visibilitychange', comeBack))
  createEffect(on(timesRung, () => void readAgain(), { defer: true }))
  return {
    ticket,
    thread,
    retry: () => void refetch(),
    readAgain,
    act: async (run) => {
      const before = ticket.latest
      if (before === undefined) return false
      try {
        const after = await run(before)
        if (after) mutate(() => after)
        else await refetch()
        await thread.refresh()
        return true
      } catch (error) {
        const problem = asProblem(error)
        const details = problem.errors.map(({ detail }) => detail)
        say(explain(problem, details), { mood: 'bad' })
        if ([404, 409, 412].includes(problem.status)) await readAgain()
        return false
      }
    },
  }
}
