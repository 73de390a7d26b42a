import { For, Match, Show, Switch, type JSX } from 'solid-js'
import type { RequestField } from '../api/shapes.ts'
import { Field, Wrong } from '../ui/field.tsx'
import type { FieldOf } from '../ui/form.tsx'
import { Checkbox, FieldGroup, Select } from '../ui/inputs.tsx'
import { requests as words } from '../words/requests.ts'
import type { Choices, Holdings } from './choices.ts'
import { FindUser } from './find-user.tsx'
import { isHeldList, type Chosen, type Held, type Value } from './values.ts'

/** What is wrong at a place within a field, and the id that the place has on the page. */
export type ErrorAt = (within: string) => Pick<FieldOf<Value>, 'id' | 'error'>

/** What somebody has who leaves, and for each what becomes of it. */
export function HeldList(props: {
  field: RequestField
  of: FieldOf<Value>
  choices: Choices
  holdings: Holdings
  errorAt: ErrorAt
}): JSX.Element {
  const given = (): Held[] => {
    const value = props.of.value()
    return isHeldList(value) ? value : []
  }
  const things = (): Chosen[] | null => {
    switch (props.field.kind) {
      case 'held_licences':
        return props.holdings.licences
      case 'held_groups':
        return props.holdings.groups
      case 'held_people':
        return props.holdings.manages
      default:
        return props.holdings.sharedMailboxes
    }
  }
  const of = (id: string): Held | undefined => given().find((each) => each.id === id)
  /** By its place among what is sent. */
  const wrongOf = (id: string) => {
    const place = given().findIndex((each) => each.id === id)
    return place < 0 ? undefined : props.errorAt(`${place}`)
  }
  const set = (next: Held) => props.of.set([...given().filter(({ id }) => id !== next.id), next])
  const drop = (id: string) => props.of.set(given().filter((each) => each.id !== id))
  const firstOption = () => props.field.options[0]?.value ?? ''
  const needsUser = (does: string) =>
    props.field.options.some((option) => option.value === does && option.needsUser === true)
  return (
    <FieldGroup
      id={props.of.id}
      legend={props.field.label}
      help={things()?.length ? props.field.help : undefined}
      error={props.of.error()}
    >
      <Switch>
        <Match when={things() === null}>
          <p class="quiet small">{words.notTold}</p>
        </Match>
        <Match when={things()?.length === 0}>
          <p class="quiet small">{words.holdsNone[props.field.kind] ?? words.none}</p>
        </Match>
        <Match when={things()}>
          {(all) => (
            <ul class="held">
              <For each={all()}>
                {(thing) => (
                  <li>
                    <Switch>
                      <Match when={props.field.kind === 'held_licences'}>
                        <bdi class="held-name">{thing.name}</bdi>
                        <Select
                          label={words.whatBecomesOf(thing.name)}
                          value={of(thing.id)?.does ?? firstOption()}
                          options={props.field.options.map(({ value, label }) => ({ value, label }))}
                          onChange={(does) => set({ id: thing.id, does, to: of(thing.id)?.to ?? null })}
                        />
                        <Show
                          when={needsUser(of(thing.id)?.does ?? firstOption())}
                          fallback={<Wrong id={wrongOf(thing.id)?.id ?? ''} text={wrongOf(thing.id)?.error()} />}
                        >
                          <To
                            thing={thing}
                            of={of(thing.id)}
                            choices={props.choices}
                            wrong={wrongOf(thing.id)}
                            onChange={set}
                          />
                        </Show>
                      </Match>
                      <Match when={props.field.kind === 'held_mailboxes'}>
                        <Checkbox
                          label={thing.name}
                          checked={of(thing.id) !== undefined}
                          onChange={(on) => (on ? set({ id: thing.id, does: '', to: null }) : drop(thing.id))}
                        />
                        <Show when={of(thing.id)}>
                          <To
                            thing={thing}
                            of={of(thing.id)}
                            choices={props.choices}
                            wrong={wrongOf(thing.id)}
                            onChange={set}
                          />
                        </Show>
                      </Match>
                      <Match when={true}>
                        <bdi class="held-name">{thing.name}</bdi>
                        <To
                          thing={thing}
                          of={of(thing.id)}
                          choices={props.choices}
                          wrong={wrongOf(thing.id)}
                          onChange={set}
                        />
                      </Match>
                    </Switch>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Match>
      </Switch>
    </FieldGroup>
  )
}

/** Whom something goes to. */
function To(props: {
  thing: Chosen
  of: Held | undefined
  choices: Choices
  wrong: ReturnType<ErrorAt> | undefined
  onChange: (held: Held) => void
}): JSX.Element {
  return (
    <Field
      {...(props.wrong && { id: props.wrong.id })}
      label={words.toWhomOf(props.thing.name)}
      error={props.wrong?.error()}
    >
      <FindUser
        value={props.of?.to ?? null}
        choices={props.choices}
        onChoose={(to) => props.onChange({ id: props.thing.id, does: props.of?.does ?? '', to })}
      />
    </Field>
  )
}
