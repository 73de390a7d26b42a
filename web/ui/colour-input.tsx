import type { JSX } from 'solid-js'
import { TextInput } from './field.tsx'
import './colour-input.css'

/** A colour, picked or typed as hex. `fallback` is what shows while nothing is given. */
export function ColourInput(props: {
  value: string
  fallback: string
  pickLabel: string
  onInput: (value: string) => void
}): JSX.Element {
  const swatch = () => hexOf(props.value) ?? props.fallback
  return (
    <div class="colour">
      <input
        type="color"
        value={swatch()}
        aria-label={props.pickLabel}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <TextInput value={props.value} placeholder={props.fallback} spellcheck={false} onInput={props.onInput} />
    </div>
  )
}

/** `#rgb` or `#rrggbb`, with or without the `#`, as `#rrggbb`; undefined for anything else. */
export function hexOf(text: string): string | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]?.toLowerCase()
  if (digits === undefined) return undefined
  return `#${digits.length === 6 ? digits : digits.replaceAll(/./g, '$&$&')}`
}
