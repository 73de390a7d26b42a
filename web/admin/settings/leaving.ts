import { createSignal } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { explain } from '../../words/problem.ts'

/** Taking something away, after a second deliberate step. */
export const createLeaving = (run: () => Promise<void>, done: () => Promise<void>) => {
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  return {
    asking,
    busy,
    trouble,
    ask: () => {
      setTrouble(undefined)
      setAsking(true)
    },
    close: () => setAsking(false),
    confirm: () => {
      setBusy(true)
      void run()
        .then(
          () => {
            setAsking(false)
            return done()
          },
          (error: unknown) => setTrouble(explain(asProblem(error))),
        )
        .finally(() => setBusy(false))
    },
  }
}
