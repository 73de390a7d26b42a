import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { Values } from '../../requests/values.ts'

/** So long after the last key is pressed, what was filled in is looked at. */
const CHECK_AFTER_MS = 700

/** What the provider would think of it so far, by the places of fields; asked a moment after the last change. */
export function createWarnings(
  values: () => Values,
  check: (values: Values) => Promise<{ warnings: { pointer: string; detail: string }[] }>,
): () => Record<string, string> {
  const [warnings, setWarnings] = createSignal<Record<string, string>>({})
  let timer: number | undefined
  let turn = 0
  onCleanup(() => {
    turn += 1
    clearTimeout(timer)
  })
  createEffect(
    on(values, (now) => {
      clearTimeout(timer)
      turn += 1
      const own = turn
      timer = window.setTimeout(() => {
        // Until enough is filled in it cannot be looked at, and what is missing is said when it is sent.
        check(now).then(
          (found) => {
            if (own === turn)
              setWarnings(Object.fromEntries(found.warnings.map(({ pointer, detail }) => [pointer, detail])))
          },
          () => {
            if (own === turn) setWarnings({})
          },
        )
      }, CHECK_AFTER_MS)
    }),
  )
  return warnings
}
