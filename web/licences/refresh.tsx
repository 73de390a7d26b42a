import { createSignal, onCleanup, Show, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import type { Refresh } from '../api/shapes.ts'
import { Button } from '../ui/button.tsx'
import { sync } from '../ui/icon.tsx'
import { say } from '../ui/messages.tsx'
import { explain } from '../words/problem.ts'
import { refresh as words } from '../words/refresh.ts'
import './refresh.css'

const pollMs = 2_500
/** Longer than most tenants take; it goes on without anybody watching. */
const watchMs = 3 * 60_000

/** Has figures read anew, says how far that is, and how it went. */
export function RefreshButton(props: {
  ask: () => Promise<Refresh>
  read: () => Promise<Refresh>
  /** They are new. */
  onDone: () => void
}): JSX.Element {
  const [standing, setStanding] = createSignal<Refresh>()
  const [asking, setAsking] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  const end = (said: string, mood: 'good' | 'bad') => {
    setStanding()
    say(said, { mood })
  }
  const watch = (until: number) => {
    timer = setTimeout(() => void look(until), pollMs)
  }
  const look = async (until: number) => {
    try {
      const now = await props.read()
      setStanding(now)
      if (now.state === 'reading') {
        if (Date.now() < until) watch(until)
        else end(words.goesOn, 'good')
      } else if (now.state === 'failed') end(words.failed(now.failed), 'bad')
      else {
        end(words.done, 'good')
        props.onDone()
      }
    } catch (error) {
      end(explain(asProblem(error)), 'bad')
    }
  }
  const ask = async () => {
    setAsking(true)
    try {
      setStanding(await props.ask())
      watch(Date.now() + watchMs)
    } catch (error) {
      const problem = asProblem(error)
      say(problem.status === 429 ? words.tooSoon(problem.retryAfterSeconds) : explain(problem), { mood: 'bad' })
    } finally {
      setAsking(false)
    }
  }
  return (
    <span class="refresh">
      <Show when={standing()}>
        {(now) => (
          <span class="quiet small" role="status">
            {words.reading(now().readCount, now().expectedCount)}
          </span>
        )}
      </Show>
      <Button
        icon={sync}
        busy={asking() || standing() !== undefined}
        busyLabel={words.asking}
        onClick={() => void ask()}
      >
        {words.ask}
      </Button>
    </span>
  )
}
