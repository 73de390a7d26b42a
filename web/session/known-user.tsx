import type { JSX } from 'solid-js'

/** Password managers store a new password only beside the name it belongs to. */
export function KnownUser(props: { email: string }): JSX.Element {
  return (
    <input
      class="sr"
      type="email"
      autocomplete="username"
      value={props.email}
      readonly
      tabindex="-1"
      aria-hidden="true"
    />
  )
}
