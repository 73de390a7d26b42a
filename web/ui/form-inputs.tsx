import { Show, type JSX } from 'solid-js'
import { Field, Kept } from './field.tsx'
import { FieldBox, type FieldOf, type FieldProps } from './form.tsx'
import { Select, TextArea } from './inputs.tsx'

export function TextAreaField(props: FieldProps & { rows?: number }): JSX.Element {
  return (
    <FieldBox {...props} kept={props.of.value().trim()}>
      <TextArea value={props.of.value()} onInput={props.of.set} rows={props.rows ?? 4} />
    </FieldBox>
  )
}

/** One of a few values, or of many: `options` says them all. */
export function SelectField<V extends string>(props: {
  of: FieldOf<V>
  label: string
  help?: JSX.Element
  options: readonly { value: V; label: string }[]
}): JSX.Element {
  const chosen = (value: string) => props.options.find((option) => option.value === value)
  return (
    <Show when={!props.of.readOnly} fallback={<Kept label={props.label}>{chosen(props.of.value())?.label}</Kept>}>
      <Field id={props.of.id} label={props.label} help={props.help} error={props.of.error()}>
        <Select
          value={props.of.value()}
          options={props.options}
          onChange={(value) => {
            const known = chosen(value)
            if (known) props.of.set(known.value)
          }}
        />
      </Field>
    </Show>
  )
}
