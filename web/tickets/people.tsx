import { createSignal, For, Show, type JSX } from 'solid-js'
import { Button, IconButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { cross } from '../ui/icon.tsx'
import { Select } from '../ui/inputs.tsx'
import { tickets as words } from '../words/tickets.ts'
import './tickets.css'

type Person = { id: string; name: string }

/** One of the customer's people, chosen and then added: a list alone would add everybody whom the arrow keys pass. */
export function AddPerson(props: {
  label: string
  help?: string
  people: readonly Person[]
  /** Said when there is nobody left to add. */
  none: string
  busy?: boolean
  onAdd: (person: Person) => void
}): JSX.Element {
  const [chosen, setChosen] = createSignal('')
  const add = () => {
    const person = props.people.find(({ id }) => id === chosen())
    if (person === undefined) return
    setChosen('')
    props.onAdd(person)
  }
  return (
    <Show when={props.people.length > 0} fallback={<p class="quiet small">{props.none}</p>}>
      <Field label={props.label} help={props.help}>
        <div class="add-person">
          <Select
            value={chosen()}
            options={[
              { value: '', label: words.choose },
              ...props.people.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={setChosen}
          />
          <Button disabled={chosen() === ''} busy={props.busy === true} busyLabel={words.adding} onClick={add}>
            {words.add}
          </Button>
        </div>
      </Field>
    </Show>
  )
}

/** Who was chosen, each to be taken away again. */
export function ChosenPeople(props: {
  label: string
  people: readonly Person[]
  onRemove: (id: string) => void
}): JSX.Element {
  return (
    <Show when={props.people.length > 0}>
      <ul class="row wrap" aria-label={props.label}>
        <For each={props.people}>
          {(person) => (
            <li class="chosen-person">
              <bdi>{person.name}</bdi>
              <IconButton
                icon={cross}
                label={words.removePerson(person.name)}
                onClick={() => props.onRemove(person.id)}
              />
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
