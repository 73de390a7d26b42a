import type { JSX } from 'solid-js'
import { Combobox } from '../ui/combobox.tsx'
import { requests as words } from '../words/requests.ts'
import type { Choices } from './choices.ts'
import type { Chosen } from './values.ts'

/** Somebody of the company, found by name or address. */
export function FindUser(props: {
  value: Chosen | null
  choices: Pick<Choices, 'findPeople'>
  /** Whether guests are found, too, where this portal shows them. */
  guests?: boolean
  onChoose: (user: Chosen | null) => void
}): JSX.Element {
  return (
    <Combobox
      value={props.value}
      placeholder={words.findPerson}
      find={(text) => props.choices.findPeople(text, props.guests === true)}
      nothing={words.nobodyFound}
      more={words.morePeople}
      onChoose={(user) => props.onChoose(user === null ? null : { id: user.id, name: user.name })}
    />
  )
}
