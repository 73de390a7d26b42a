import type { ResourceReturn } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { keepFocus } from '../ui/focus.ts'
import { say } from '../ui/messages.tsx'
import { explain } from '../words/problem.ts'
import { requests as words } from '../words/requests.ts'

/**
 * Does something to the request that a page shows, and says so. What somebody else did meanwhile is shown, and why nothing came of it
 * said; any other problem is thrown, so that it is told where something was written.
 */
export const createDoing =
  <Shown>([request, { mutate, refetch }]: ResourceReturn<Shown>) =>
  async (doing: (now: Shown) => Promise<Shown>, done?: (next: Shown) => string): Promise<void> => {
    const now = request.latest
    if (now === undefined) return
    try {
      const next = await doing(now)
      mutate(() => next)
      if (done) say(done(next))
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status !== 409 && problem.status !== 412) throw problem
      await refetch()
      say(problem.status === 412 ? words.changedMeanwhile : explain(problem), { mood: 'bad' })
    }
    keepFocus()
  }
