import { For, Match, Show, Switch, type JSX } from 'solid-js'
import type { RequestField } from '../api/shapes.ts'
import { Field, TextInput } from '../ui/field.tsx'
import type { FieldOf } from '../ui/form.tsx'
import { Checkbox, DateInput, FieldGroup, RadioGroup, Select, TextArea } from '../ui/inputs.tsx'
import { requests as words } from '../words/requests.ts'
import { FindUser } from './find-user.tsx'
import { HeldList } from './held-list.tsx'
import type { Choices, Holdings } from './choices.ts'
import { isChosen, isFate, isList, type Fate, type Value } from './values.ts'

/** One field of a form, by its kind. What can be chosen comes from the company's own data. */
export function FieldInput(props: {
  field: RequestField
  of: FieldOf<Value>
  choices: Choices
  /** What the person has whom it is about, where the form asks what becomes of it. */
  holdings: Holdings | null | undefined
  /** Whom it is about, by name. */
  holder: string | undefined
  warning?: string | undefined
}): JSX.Element {
  const text = () => {
    const value = props.of.value()
    return typeof value === 'string' ? value : ''
  }
  const help = () => (
    <>
      {props.field.help}
      <Show when={props.warning}>{(warning) => <p class="request-warning">{warning()}</p>}</Show>
    </>
  )
  // An input that is made within its field knows its label, its help and what is wrong.
  const field = (input: () => JSX.Element) => (
    <Field
      id={props.of.id}
      label={props.field.label}
      help={props.field.help === '' && !props.warning ? undefined : help()}
      error={props.of.error()}
      optional={!props.field.isRequired}
      full={props.field.kind === 'long_text'}
    >
      {input()}
    </Field>
  )
  const list = () => {
    const value = props.of.value()
    return isList(value) ? value : []
  }
  const ticks = (options: readonly { id: string; label: string; note: string }[], none: string) => (
    <FieldGroup
      id={props.of.id}
      legend={`${props.field.label}${props.field.isRequired ? '' : ` ${words.optional}`}`}
      help={props.field.help}
      error={props.of.error()}
    >
      <Show when={options.length > 0} fallback={<p class="quiet small">{none}</p>}>
        <div class="request-ticks">
          <For each={options}>
            {(option) => (
              <Checkbox
                label={option.label}
                help={option.note}
                checked={list().includes(option.id)}
                onChange={(on) => props.of.set(on ? [...list(), option.id] : list().filter((id) => id !== option.id))}
              />
            )}
          </For>
        </div>
      </Show>
      <Show when={props.warning}>{(warning) => <p class="request-warning">{warning()}</p>}</Show>
    </FieldGroup>
  )
  const kind = () => props.field.kind
  return (
    <Switch
      fallback={field(() => (
        <TextInput
          value={text()}
          type={kind() === 'email' ? 'email' : kind() === 'phone' ? 'tel' : 'text'}
          required={props.field.isRequired}
          onInput={props.of.set}
        />
      ))}
    >
      <Match when={kind() === 'long_text'}>
        {field(() => (
          <TextArea value={text()} onInput={props.of.set} />
        ))}
      </Match>
      <Match when={kind() === 'date'}>
        {field(() => (
          <DateInput value={text()} min={props.choices.firstDay} max={props.choices.lastDay} onChange={props.of.set} />
        ))}
      </Match>
      <Match when={kind() === 'number'}>
        {field(() => (
          <input
            class="input request-number"
            id={props.of.id}
            type="number"
            inputmode="numeric"
            min={props.field.min ?? undefined}
            max={props.field.max ?? undefined}
            value={text()}
            aria-invalid={props.of.error() ? true : undefined}
            onInput={(event) => props.of.set(event.currentTarget.value)}
          />
        ))}
      </Match>
      <Match when={kind() === 'yes_no'}>
        <FieldGroup id={props.of.id} legend={props.field.label} help={props.field.help} error={props.of.error()}>
          <Checkbox label={words.yes} checked={props.of.value() === true} onChange={props.of.set} />
        </FieldGroup>
      </Match>
      <Match when={kind() === 'choice'}>
        <Show
          when={props.field.options.length > 4}
          fallback={
            <div id={props.of.id} tabindex="-1">
              <RadioGroup
                legend={`${props.field.label}${props.field.isRequired ? '' : ` ${words.optional}`}`}
                value={text()}
                options={props.field.options.map(({ value, label }) => ({ value, label }))}
                error={props.of.error()}
                onChange={props.of.set}
              />
              <Show when={props.field.help !== ''}>
                <p class="field-help">{props.field.help}</p>
              </Show>
            </div>
          }
        >
          {field(() => (
            <Select
              value={text()}
              options={[
                { value: '', label: words.choose },
                ...props.field.options.map(({ value, label }) => ({ value, label })),
              ]}
              onChange={props.of.set}
            />
          ))}
        </Show>
      </Match>
      <Match when={kind() === 'tenant'}>
        {field(() => (
          <Select
            value={text()}
            options={props.choices.tenants.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={props.of.set}
          />
        ))}
      </Match>
      <Match when={kind() === 'licence'}>
        {field(() => (
          <Select
            value={text()}
            options={[
              { value: '', label: words.choose },
              ...props.choices.licences.map((licence) => ({
                value: licence.skuId,
                label: [licence.name, words.seatsOf(licence)].filter(Boolean).join(' – '),
              })),
            ]}
            onChange={props.of.set}
          />
        ))}
      </Match>
      <Match when={kind() === 'group'}>
        {field(() => (
          <Select
            value={text()}
            options={[
              { value: '', label: words.choose },
              ...props.choices.groups.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={props.of.set}
          />
        ))}
      </Match>
      <Match when={kind() === 'licences'}>
        {ticks(
          props.choices.licences.map((licence) => ({
            id: licence.skuId,
            label: licence.name,
            note: words.seatsOf(licence),
          })),
          words.noLicences,
        )}
      </Match>
      <Match when={kind() === 'groups'}>
        {ticks(
          props.choices.groups.map((group) => ({
            id: group.id,
            label: group.name,
            note: words.members(group.memberCount),
          })),
          words.noGroups,
        )}
      </Match>
      <Match when={kind() === 'user'}>
        {field(() => (
          <ChooseUser of={props.of} choices={props.choices} />
        ))}
      </Match>
      <Match when={kind() === 'fate'}>
        <FateInput field={props.field} of={props.of} choices={props.choices} />
      </Match>
      <Match when={kind().startsWith('held_')}>
        <HeldList
          field={props.field}
          of={props.of}
          choices={props.choices}
          holdings={props.holdings}
          holder={props.holder}
        />
      </Match>
    </Switch>
  )
}

/** Somebody of the company, found by name or address. */
function ChooseUser(props: { of: FieldOf<Value>; choices: Choices }): JSX.Element {
  const chosen = () => {
    const value = props.of.value()
    return isChosen(value) ? value : null
  }
  return <FindUser value={chosen()} choices={props.choices} onChoose={props.of.set} />
}

/** What becomes of something; with some of it goes a person. */
function FateInput(props: { field: RequestField; of: FieldOf<Value>; choices: Choices }): JSX.Element {
  const fate = (): Fate => {
    const value = props.of.value()
    return isFate(value) ? value : { does: '', to: null }
  }
  const needsUser = () =>
    props.field.options.some(({ value, needsUser }) => value === fate().does && needsUser === true)
  return (
    <div class="stack tight" id={props.of.id} tabindex="-1">
      <RadioGroup
        legend={props.field.label}
        value={fate().does}
        options={props.field.options.map(({ value, label }) => ({ value, label }))}
        error={props.of.error()}
        onChange={(does) => props.of.set({ ...fate(), does })}
      />
      <Show when={needsUser()}>
        <Field label={words.toWhom}>
          <FindUser value={fate().to} choices={props.choices} onChoose={(to) => props.of.set({ ...fate(), to })} />
        </Field>
      </Show>
    </div>
  )
}
