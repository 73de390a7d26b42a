import { createEffect, createSignal, createUniqueId, For, Index, on, Show, type JSX } from 'solid-js'
import { useWires, Wrong } from './field.tsx'
import { down, Icon } from './icon.tsx'

/** A day, as `2026-11-20`; empty where none is given. */
export function DateInput(props: {
  value: string
  onChange: (day: string) => void
  min?: string | undefined
  max?: string | undefined
}): JSX.Element {
  const wires = useWires()
  return (
    <input
      class="input"
      id={wires.id()}
      type="date"
      value={props.value}
      min={props.min}
      max={props.max}
      aria-invalid={wires.invalid()}
      aria-describedby={wires.describedBy()}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

/** A whole number, as it was typed. */
export function NumberInput(props: {
  value: string
  onInput: (value: string) => void
  min?: number | undefined
  max?: number | undefined
}): JSX.Element {
  const wires = useWires()
  return (
    <input
      class="input input-number"
      id={wires.id()}
      type="number"
      inputmode="numeric"
      min={props.min}
      max={props.max}
      value={props.value}
      aria-invalid={wires.invalid()}
      aria-describedby={wires.describedBy()}
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  )
}

export function TextArea(props: { value: string; onInput: (value: string) => void; rows?: number }): JSX.Element {
  const wires = useWires()
  return (
    <textarea
      class="input"
      id={wires.id()}
      rows={props.rows ?? 4}
      aria-invalid={wires.invalid()}
      aria-describedby={wires.describedBy()}
      onInput={(event) => props.onInput(event.currentTarget.value)}
    >
      {props.value}
    </textarea>
  )
}

export function Select(props: {
  value: string
  /** Outside a field, what it is called. */
  label?: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
  /**
   * What is chosen is done at once. On a closed list each arrow and letter chooses, so that what they pass would be done, too:
   * there Enter, or going on, says that it is meant, and Escape takes it back. Told whether something waits for that.
   */
  onWaiting?: (isWaiting: boolean) => void
}): JSX.Element {
  const wires = useWires()
  let isByKeys = false
  let isWaiting = false
  // What was chosen by keys stays when the page is read again before it is settled, and until the answer once it is.
  const [chosen, setChosen] = createSignal<string>()
  const shown = () => chosen() ?? props.value
  createEffect(
    on(
      () => props.value,
      () => {
        if (!isWaiting) setChosen(undefined)
      },
      { defer: true },
    ),
  )
  const wait = (value: string | undefined) => {
    isWaiting = value !== undefined
    setChosen(value)
    props.onWaiting?.(isWaiting)
  }
  const settle = () => {
    const value = chosen()
    if (!isWaiting || value === undefined) return
    isWaiting = false
    props.onWaiting?.(false)
    if (value !== props.value) props.onChange(value)
  }
  const settling = {
    onPointerDown: () => {
      isByKeys = false
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') settle()
      else if (event.key === 'Escape' && isWaiting) wait(undefined)
      isByKeys = event.key !== ' ' && event.key !== 'F4' && !event.altKey
    },
    onBlur: settle,
  }
  return (
    <div class="select">
      <select
        class="input"
        id={wires.id()}
        value={shown()}
        aria-label={props.label}
        aria-invalid={wires.invalid()}
        aria-describedby={wires.describedBy()}
        onChange={(event) => {
          if (props.onWaiting !== undefined && isByKeys) wait(event.currentTarget.value)
          else props.onChange(event.currentTarget.value)
        }}
        {...(props.onWaiting === undefined ? {} : settling)}
      >
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === shown()}>
              {option.label}
            </option>
          )}
        </For>
      </select>
      <Icon of={down} />
    </div>
  )
}

export function Checkbox(props: {
  id?: string
  label: JSX.Element
  help?: string
  checked: boolean
  /** What says that it is wrong. */
  errorId?: string | undefined
  onChange: (checked: boolean) => void
}): JSX.Element {
  return (
    <label class="choice">
      <input
        type="checkbox"
        id={props.id}
        checked={props.checked}
        aria-invalid={props.errorId === undefined ? undefined : true}
        aria-describedby={props.errorId}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        <Show when={props.help}>
          <br />
          <span class="quiet">{props.help}</span>
        </Show>
      </span>
    </label>
  )
}

/** Several inputs under one heading: a group of checkboxes, say. */
export function FieldGroup(props: {
  legend: JSX.Element
  children: JSX.Element
  id?: string | undefined
  help?: string | undefined
  error?: string | undefined
}): JSX.Element {
  const made = createUniqueId()
  const id = () => props.id ?? made
  return (
    <fieldset
      class="field"
      classList={{ wrong: props.error !== undefined }}
      id={props.id}
      tabindex="-1"
      aria-describedby={
        [props.error ? `${id()}-error` : '', props.help ? `${id()}-help` : ''].filter(Boolean).join(' ') || undefined
      }
    >
      <legend class="field-label">{props.legend}</legend>
      {props.children}
      <Wrong id={`${id()}-error`} text={props.error} />
      <Show when={props.help}>
        <p class="field-help" id={`${id()}-help`}>
          {props.help}
        </p>
      </Show>
    </fieldset>
  )
}

export function RadioGroup(props: {
  id?: string
  legend: JSX.Element
  help?: string
  value: string
  options: { value: string; label: string; help?: string }[]
  onChange: (value: string) => void
  error?: string | undefined
}): JSX.Element {
  const name = createUniqueId()
  // By their places: an option that says something new keeps the focus it has.
  return (
    <FieldGroup id={props.id} legend={props.legend} help={props.help} error={props.error}>
      <Index each={props.options}>
        {(option) => (
          <label class="choice">
            <input
              type="radio"
              name={name}
              checked={option().value === props.value}
              onChange={() => props.onChange(option().value)}
            />
            <span>
              {option().label}
              <Show when={option().help}>
                <br />
                <span class="quiet">{option().help}</span>
              </Show>
            </span>
          </label>
        )}
      </Index>
    </FieldGroup>
  )
}
