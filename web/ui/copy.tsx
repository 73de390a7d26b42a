import { createSignal, onCleanup, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { check, copy, Icon } from './icon.tsx'
import './button.css'

/** Copies a text and says so, in the button itself and to screen readers. */
export function CopyButton(props: {
  text: string
  /** What is copied, where the text itself is nothing to be read out. */
  label?: string
}): JSX.Element {
  const [done, setDone] = createSignal(false)
  let timer: number | undefined
  onCleanup(() => clearTimeout(timer))
  const label = () => (done() ? common.copied : (props.label ?? common.copy(props.text)))
  const run = async () => {
    await navigator.clipboard.writeText(props.text)
    setDone(true)
    clearTimeout(timer)
    timer = window.setTimeout(() => setDone(false), 2_000)
  }
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label()}
      title={label()}
      onClick={(event) => {
        event.stopPropagation()
        void run()
      }}
    >
      <Icon of={done() ? check : copy} />
      <span class="sr" role="status">
        {done() ? common.copied : ''}
      </span>
    </button>
  )
}
