import { createSignal, createUniqueId, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { whenIdle } from './idle.ts'
import { keepPlaced } from './place.ts'
import './float.css'

/** More about a word, on hover, on focus and on touch. Esc closes it. */
export function Tip(props: { children: JSX.Element; text: JSX.Element }): JSX.Element {
  const id = createUniqueId()
  let button: HTMLButtonElement | undefined
  let box: HTMLDivElement | undefined
  let release: (() => void) | undefined

  // A table full of tips must not hold up its first paint; who listens instead of pointing needs them soon after.
  const [written, setWritten] = createSignal(false)
  onMount(() => onCleanup(whenIdle(() => setWritten(true))))

  const open = () => {
    setWritten(true)
    if (!button || !box || release) return
    box.showPopover()
    release = keepPlaced(button, box)
  }
  const close = () => {
    if (!release) return
    release()
    release = undefined
    box?.hidePopover()
  }
  onCleanup(() => release?.())

  return (
    <span onMouseEnter={open} onMouseLeave={close}>
      <button
        type="button"
        class="tip-button"
        aria-describedby={id}
        ref={button}
        onFocus={open}
        onBlur={close}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && release) {
            event.stopPropagation()
            close()
          }
        }}
      >
        {props.children}
      </button>
      <div class="floating tip" id={id} role="tooltip" popover="manual" ref={box}>
        <Show when={written()}>{props.text}</Show>
      </div>
    </span>
  )
}
