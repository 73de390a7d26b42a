import { For, Match, Show, Switch, type JSX } from 'solid-js'
import type { RequestField } from '../api/shapes.ts'
import { Field, TextInput } from '../ui/field.tsx'
import type { FieldOf } from '../ui/form.tsx'
import { alert, Icon } from '../ui/icon.tsx'
import { Checkbox, DateInput, FieldGroup, NumberInput, RadioGroup, Select, TextArea } from '../ui/inputs.tsx'
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
  holdings: Holdings | undefined
  warning?: string | undefined
}): JSX.Element {
  const text = () => {
    const value = props.of.value()
    return typeof value === 'string' ? value : ''
  }
  const list = () => {
    const value = props.of.value()
    return isList(value) ? value : []
  }
  const chosen = () => {
    const value = props.of.value()
    return isChosen(value) ? value : null
  }
  const kind = () => props.field.kind
  const choose = (options: readonly { value: string; label: string }[]) => [
    { value: '', label: words.choose },
    ...options.map(({ value, label }) => ({ value, label })),
  ]
  const ticks = (options: readonly { id: string; label: string; note: string }[], none: string) => (
    <FieldGroup id={props.of.id} legend={<Legend of={props.field} />} help={props.field.help} error={props.of.error()}>
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
      <Warning of={props.warning} />
    </FieldGroup>
  )
  return (
    <Switch
      fallback={
        <Boxed {...props}>
          <TextInput
            value={text()}
            type={kind() === 'email' ? 'email' : kind() === 'phone' ? 'tel' : 'text'}
            required={props.field.isRequired}
            onInput={props.of.set}
          />
        </Boxed>
      }
    >
      <Match when={kind() === 'long_text'}>
        <Boxed {...props}>
          <TextArea value={text()} onInput={props.of.set} />
        </Boxed>
      </Match>
      <Match when={kind() === 'date'}>
        <Boxed {...props}>
          <DateInput value={text()} min={props.choices.firstDay} max={props.choices.lastDay} onChange={props.of.set} />
        </Boxed>
      </Match>
      <Match when={kind() === 'number'}>
        <Boxed {...props}>
          <NumberInput
            value={text()}
            min={props.field.min ?? undefined}
            max={props.field.max ?? undefined}
            onInput={props.of.set}
          />
        </Boxed>
      </Match>
      <Match when={kind() === 'yes_no'}>
        <div class="field" id={props.of.id} tabindex="-1">
          <Checkbox
            label={props.field.label}
            help={props.field.help}
            checked={props.of.value() === true}
            onChange={props.of.set}
          />
        </div>
      </Match>
      <Match when={kind() === 'choice' && props.field.options.length <= RADIOS_MAX}>
        <RadioGroup
          id={props.of.id}
          legend={<Legend of={props.field} />}
          help={props.field.help}
          value={text()}
          options={props.field.options.map(({ value, label }) => ({ value, label }))}
          error={props.of.error()}
          onChange={props.of.set}
        />
      </Match>
      <Match when={kind() === 'choice'}>
        <Boxed {...props}>
          <Select value={text()} options={choose(props.field.options)} onChange={props.of.set} />
        </Boxed>
      </Match>
      <Match when={kind() === 'tenant'}>
        <Boxed {...props}>
          <Select
            value={text()}
            options={props.choices.tenants.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={props.of.set}
          />
        </Boxed>
      </Match>
      <Match when={kind() === 'licence'}>
        <Boxed {...props}>
          <Select
            value={text()}
            options={choose(
              props.choices.licences.map((licence) => ({
                value: licence.skuId,
                label: [licence.name, words.seatsOf(licence)].filter(Boolean).join(' – '),
              })),
            )}
            onChange={props.of.set}
          />
        </Boxed>
      </Match>
      <Match when={kind() === 'group'}>
        <Boxed {...props}>
          <Select
            value={text()}
            options={choose(props.choices.groups.map(({ id, name }) => ({ value: id, label: name })))}
            onChange={props.of.set}
          />
        </Boxed>
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
        <Boxed {...props}>
          <FindUser value={chosen()} choices={props.choices} onChoose={props.of.set} />
        </Boxed>
      </Match>
      <Match when={kind() === 'fate'}>
        <FateInput field={props.field} of={props.of} choices={props.choices} />
      </Match>
      <Match when={isHeld(props.field) && props.holdings}>
        {(holdings) => <HeldList field={props.field} of={props.of} choices={props.choices} holdings={holdings()} />}
      </Match>
    </Switch>
  )
}

/** Up to so many can be seen at once; of more, one is chosen from a list. */
const RADIOS_MAX = 4

/** Whether a field asks what becomes of the things that somebody has. */
export const isHeld = ({ kind }: RequestField): boolean => kind.startsWith('held_')

function Legend(props: { of: RequestField }): JSX.Element {
  return (
    <>
      {props.of.label}
      <Show when={!props.of.isRequired}>
        {' '}
        <span class="optional">{words.optional}</span>
      </Show>
    </>
  )
}

function Warning(props: { of: string | undefined }): JSX.Element {
  return (
    <Show when={props.of}>
      {(warning) => (
        <p class="request-warning">
          <Icon of={alert} />
          {warning()}
        </p>
      )}
    </Show>
  )
}

/** A field around its one input, which is made inside of it, so that the label names it. */
function Boxed(props: {
  field: RequestField
  of: FieldOf<Value>
  warning?: string | undefined
  children: JSX.Element
}): JSX.Element {
  return (
    <Field
      id={props.of.id}
      label={props.field.label}
      help={
        props.field.help === '' && props.warning === undefined ? undefined : (
          <>
            {props.field.help}
            <Warning of={props.warning} />
          </>
        )
      }
      error={props.of.error()}
      optional={!props.field.isRequired}
      full={props.field.kind === 'long_text'}
    >
      {props.children}
    </Field>
  )
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
    <div class="stack tight">
      <RadioGroup
        id={props.of.id}
        legend={<Legend of={props.field} />}
        help={props.field.help}
        value={fate().does}
        options={props.field.options.map(({ value, label }) => ({ value, label }))}
        error={props.of.error()}
        onChange={(does) => props.of.set({ ...fate(), does })}
      />
      <Show when={needsUser()}>
        <div class="request-under">
          <Field label={words.toWhom}>
            <FindUser value={fate().to} choices={props.choices} onChoose={(to) => props.of.set({ ...fate(), to })} />
          </Field>
        </div>
      </Show>
    </div>
  )
}
