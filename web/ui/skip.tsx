import type { JSX } from 'solid-js'
import { common } from '../words/common.ts'

/** The first stop of the Tab key: past what every page repeats, to the page itself. */
export function SkipLink(): JSX.Element {
  // The router would take the link for a page of its own and move nothing but the address.
  const skip = (event: Event) => {
    event.preventDefault()
    document.getElementById('main')?.focus()
  }
  return (
    <a class="skip" href="#main" on:click={skip}>
      {common.skip}
    </a>
  )
}
