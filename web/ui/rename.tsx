import { createSignal, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import './field.css'
import './rename.css'

/**
 * A name being changed where it stands. Enter keeps it, Esc and leaving the field without a change do not; what is
 * wrong with it is said below it, and it stays open.
 */
export function Rename(props: {
  label: string
  value: string
  /** Keeps the name; throws or answers in words what is wrong with it. */
  onSave: (name: string) => Promise<string | undefined>
  onClose: () => void
}): JSX.Element {
  const [trouble, setTrouble] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  let input: HTMLInputElement | undefined
  onMount(() => {
    input?.focus()
    // The ending stays as it is unless it is meant.
    const dot = props.value.lastIndexOf('.')
    input?.setSelectionRange(0, dot > 0 ? dot : props.value.length)
  })
  const save = async () => {
    if (busy()) return
    const name = input?.value.trim() ?? ''
    if (name === props.value) {
      props.onClose()
      return
    }
    setBusy(true)
    const wrong = name === '' ? common.enterName : await props.onSave(name)
    setBusy(false)
    setTrouble(wrong)
    if (wrong === undefined) props.onClose()
    else input?.focus()
  }
  return (
    <span class="rename">
      <input
        class="input"
        ref={input}
        aria-label={props.label}
        aria-invalid={trouble() ? 'true' : undefined}
        value={props.value}
        maxlength={255}
        readOnly={busy()}
        autocomplete="off"
        spellcheck={false}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') void save()
          else if (event.key === 'Escape') props.onClose()
        }}
        onBlur={() => void save()}
      />
      <Show when={trouble()}>
        {(text) => (
          <span class="field-error" role="alert">
            {text()}
          </span>
        )}
      </Show>
    </span>
  )
}
