import { For, Match, Show, Switch, type JSX } from 'solid-js'
import type { RequestField } from '../api/shapes.ts'
import { Button } from '../ui/button.tsx'
import { Field, TextInput, Wrong } from '../ui/field.tsx'
import type { FieldOf } from '../ui/form.tsx'
import { alert, Icon } from '../ui/icon.tsx'
import { Checkbox, DateInput, FieldGroup, NumberInput, RadioGroup, Select, TextArea } from '../ui/inputs.tsx'
import { common } from '../words/common.ts'
import { requests as words } from '../words/requests.ts'
import { goneOf } from './environment.ts'
import { FindUser } from './find-user.tsx'
import { HeldList, type ErrorAt } from './held-list.tsx'
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
  /** What is wrong at a place within the field. */
  errorAt: ErrorAt
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
  const isKnown = () => props.choices.state === 'ready'
  /** What was chosen and is gone stands among the rest, so that it can be seen and taken away. */
  const withGone = (chosen: readonly string[], options: readonly { value: string; label: string }[], gone: string) => [
    ...options,
    ...(isKnown()
      ? goneOf(
          chosen,
          options.map(({ value }) => value),
        ).map((value) => ({ value, label: gone }))
      : []),
  ]
  const ticks = (options: readonly { id: string; label: string; note: string }[], none: string, gone: string) => (
    <FieldGroup id={props.of.id} legend={<Legend of={props.field} />} help={props.field.help} error={props.of.error()}>
      <Show when={isKnown()} fallback={<NotKnown choices={props.choices} />}>
        <Show when={options.length === 0}>
          <p class="quiet small">{none}</p>
        </Show>
        <div class="request-ticks">
          <For
            each={[
              ...options,
              ...goneOf(
                list(),
                options.map(({ id }) => id),
              ).map((id) => ({ id, label: gone, note: words.goneHelp })),
            ]}
          >
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
          <DateInput
            value={text()}
            // A day that the MSP asks for by a question of its own may be any.
            min={props.field.isOwn ? (props.field.firstDay ?? undefined) : props.choices.firstDay}
            max={props.field.isOwn ? (props.field.lastDay ?? undefined) : props.choices.lastDay}
            onChange={props.of.set}
          />
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
        <div class="field" classList={{ wrong: props.of.error() !== undefined }}>
          <Checkbox
            id={props.of.id}
            label={props.field.label}
            help={props.field.help}
            checked={props.of.value() === true}
            errorId={props.of.error() === undefined ? undefined : `${props.of.id}-error`}
            onChange={props.of.set}
          />
          <Wrong id={`${props.of.id}-error`} text={props.of.error()} />
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
        <Boxed {...props} isOfChoices>
          <Select
            value={text()}
            options={choose(
              withGone(
                [text()],
                props.choices.licences.map((licence) => ({
                  value: licence.skuId,
                  label: [licence.name, words.seatsOf(licence, props.choices.seatsOn)].filter(Boolean).join(' – '),
                })),
                words.goneLicence,
              ),
            )}
            onChange={props.of.set}
          />
        </Boxed>
      </Match>
      <Match when={kind() === 'group'}>
        <Boxed {...props} isOfChoices>
          <Select
            value={text()}
            options={choose(
              withGone(
                [text()],
                props.choices.groups.map(({ id, name }) => ({ value: id, label: name })),
                words.goneGroup,
              ),
            )}
            onChange={props.of.set}
          />
        </Boxed>
      </Match>
      <Match when={kind() === 'licences'}>
        {ticks(
          props.choices.licences.map((licence) => ({
            id: licence.skuId,
            label: licence.name,
            note: words.seatsOf(licence, props.choices.seatsOn),
          })),
          words.noLicences,
          words.goneLicence,
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
          words.goneGroup,
        )}
      </Match>
      <Match when={kind() === 'user'}>
        <Boxed {...props}>
          <FindUser
            value={chosen()}
            choices={props.choices}
            guests={props.choices.areGuestsMeant && props.field.key === 'userId'}
            onChoose={props.of.set}
          />
        </Boxed>
      </Match>
      <Match when={kind() === 'fate'}>
        <FateInput field={props.field} of={props.of} choices={props.choices} errorAt={props.errorAt} />
      </Match>
      <Match when={isHeld(props.field) && props.holdings}>
        {(holdings) => (
          <HeldList
            field={props.field}
            of={props.of}
            choices={props.choices}
            holdings={holdings()}
            errorAt={props.errorAt}
          />
        )}
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

/** What there is to choose from, while it is looked up or could not be. */
function NotKnown(props: { choices: Choices }): JSX.Element {
  return (
    <Show
      when={props.choices.state === 'failed'}
      fallback={
        <span class="quiet small" role="status">
          {words.lookingUpOptions}
        </span>
      }
    >
      <span class="request-warning" role="status">
        <Icon of={alert} />
        {words.optionsFailed}
      </span>
      <Button onClick={() => props.choices.retry()}>{common.tryAgain}</Button>
    </Show>
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
  /** Whether what is chosen from is looked up. */
  isOfChoices?: boolean
  choices: Choices
  children: JSX.Element
}): JSX.Element {
  const isUnknown = () => props.isOfChoices === true && props.choices.state !== 'ready'
  return (
    <Field
      id={props.of.id}
      label={props.field.label}
      help={
        props.field.help === '' && props.warning === undefined && !isUnknown() ? undefined : (
          <>
            {props.field.help}
            <Warning of={props.warning} />
            <Show when={isUnknown()}>
              <div>
                <NotKnown choices={props.choices} />
              </div>
            </Show>
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
function FateInput(props: {
  field: RequestField
  of: FieldOf<Value>
  choices: Choices
  errorAt: ErrorAt
}): JSX.Element {
  const to = () => props.errorAt('toUserId')
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
          <Field id={to().id} label={words.toWhom} error={to().error()}>
            <FindUser value={fate().to} choices={props.choices} onChoose={(to) => props.of.set({ ...fate(), to })} />
          </Field>
        </div>
      </Show>
    </div>
  )
}
