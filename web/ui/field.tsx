import { createContext, createSignal, createUniqueId, Show, useContext, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { Button } from './button.tsx'
import { Facts } from './facts.tsx'
import { Icon, stop } from './icon.tsx'
import './field.css'

type Wires = {
  id: () => string
  /** The label, for what no `for` can name; none outside a field. */
  labelId?: () => string
  describedBy: () => string | undefined
  invalid: () => true | undefined
}

const FieldContext = createContext<Wires>()

/** Ties an input to its field's label, help and error; outside a field it stands alone. */
export const useWires = (): Wires => {
  const alone = createUniqueId()
  return useContext(FieldContext) ?? { id: () => alone, describedBy: () => undefined, invalid: () => undefined }
}

/** Label above, help below, error in words at the field, all wired to the one input inside. */
export function Field(props: {
  label: JSX.Element
  children: JSX.Element
  id?: string
  help?: JSX.Element
  error?: string | undefined
  optional?: boolean
  full?: boolean
}): JSX.Element {
  const made = createUniqueId()
  const id = () => props.id ?? made
  const wires: Wires = {
    id,
    labelId: () => `${id()}-label`,
    describedBy: () =>
      [props.error ? `${id()}-error` : '', props.help ? `${id()}-help` : ''].filter(Boolean).join(' ') || undefined,
    invalid: () => (props.error ? true : undefined),
  }
  return (
    <div class="field" classList={{ wrong: props.error !== undefined, full: props.full === true }}>
      <label class="field-label" id={`${id()}-label`} for={id()}>
        {props.label}
        <Show when={props.optional}>
          {' '}
          <span class="optional">{common.optional}</span>
        </Show>
      </label>
      <FieldContext.Provider value={wires}>{props.children}</FieldContext.Provider>
      <Wrong id={`${id()}-error`} text={props.error} />
      <Show when={props.help}>
        <div class="field-help" id={`${id()}-help`}>
          {props.help}
        </div>
      </Show>
    </div>
  )
}

/** What is wrong, in words. */
export function Wrong(props: { id: string; text: string | undefined }): JSX.Element {
  return (
    <Show when={props.text}>
      {(text) => (
        <p class="field-error" id={props.id}>
          <Icon of={stop} />
          {text()}
        </p>
      )}
    </Show>
  )
}

/** What a field holds, for who may not change it. */
export function Kept(props: { label: JSX.Element; children?: JSX.Element }): JSX.Element {
  return <Facts of={[{ name: props.label, value: props.children || <span class="quiet">{common.notGiven}</span> }]} />
}

type TextProps = {
  value: string
  onInput: (value: string) => void
  type?: 'text' | 'email' | 'url' | 'tel' | 'search' | 'date' | 'datetime-local'
  autocomplete?: string
  placeholder?: string
  spellcheck?: boolean
  required?: boolean
  name?: string
  class?: string
}

export function TextInput(props: TextProps): JSX.Element {
  const wires = useWires()
  return (
    <input
      class={`input ${props.class ?? ''}`}
      id={wires.id()}
      type={props.type ?? 'text'}
      name={props.name}
      value={props.value}
      placeholder={props.placeholder}
      autocomplete={props.autocomplete ?? 'off'}
      spellcheck={props.spellcheck}
      aria-required={props.required ? 'true' : undefined}
      aria-invalid={wires.invalid()}
      aria-describedby={wires.describedBy()}
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  )
}

/** A text input with a fixed ending beside it, such as the rest of an address. */
export function AffixInput(props: TextProps & { suffix: string }): JSX.Element {
  return (
    <div class="affix">
      <TextInput {...props} />
      <span class="affix-text">{props.suffix}</span>
    </div>
  )
}

/** A password with a button that shows it, so that people can check what they typed. */
export function PasswordInput(props: {
  value: string
  onInput: (value: string) => void
  autocomplete: 'current-password' | 'new-password'
  name?: string
}): JSX.Element {
  const wires = useWires()
  const [shown, setShown] = createSignal(false)
  return (
    <div class="inside has-button">
      <input
        class="input"
        id={wires.id()}
        name={props.name ?? 'password'}
        type={shown() ? 'text' : 'password'}
        value={props.value}
        autocomplete={props.autocomplete}
        autocapitalize="none"
        spellcheck={false}
        aria-required="true"
        aria-invalid={wires.invalid()}
        aria-describedby={wires.describedBy()}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Button look="plain" onClick={() => setShown(!shown())}>
        {shown() ? common.hide : common.show}
        <span class="sr"> {common.password.toLowerCase()}</span>
      </Button>
    </div>
  )
}
