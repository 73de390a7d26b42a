import { batch, createSignal, getOwner, onCleanup, runWithOwner, Show, type JSX } from 'solid-js'
import { nextTask } from './idle.ts'

/** Makes its parts one task after another and shows them together: a slow phone can answer a tap in between. */
export function InTurn(props: {
  parts: (() => JSX.Element)[]
  onShown?: () => void
  children: (made: JSX.Element[]) => JSX.Element
}): JSX.Element {
  const [made, setMade] = createSignal<JSX.Element[]>()
  const owner = getOwner()
  let gone = false
  onCleanup(() => {
    gone = true
  })
  const make = async () => {
    const parts: JSX.Element[] = []
    for (const part of props.parts) {
      await nextTask()
      if (gone) return
      parts.push(runWithOwner(owner, part))
    }
    batch(() => {
      setMade(parts)
      props.onShown?.()
    })
  }
  void make()
  return (
    <Show when={made()} keyed>
      {(parts) => props.children(parts)}
    </Show>
  )
}

/** Its children a task later: what stands around them is on screen by then, and a tap in between is answered. */
export function Soon(props: { children: JSX.Element; waiting?: JSX.Element }): JSX.Element {
  const [isTime, setIsTime] = createSignal(false)
  void nextTask().then(() => setIsTime(true))
  return (
    <Show when={isTime()} fallback={props.waiting}>
      {props.children}
    </Show>
  )
}
