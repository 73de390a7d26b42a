import type { JSX } from 'solid-js'
import './switch.css'

/** On or off, at once: no save follows. While it is being carried out it stays focusable and does nothing. */
export function Switch(props: {
  on: boolean
  label: string
  busy?: boolean
  onChange: (on: boolean) => void
}): JSX.Element {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={props.on}
      aria-label={props.label}
      aria-disabled={props.busy ? 'true' : undefined}
      onClick={() => !props.busy && props.onChange(!props.on)}
    />
  )
}
