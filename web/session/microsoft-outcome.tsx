import { onMount, type JSX } from 'solid-js'
import { say } from '../ui/messages.tsx'
import { microsoft } from '../words/microsoft.ts'
import { takeOutcome } from './microsoft.data.ts'

/** Says at the bottom how it ended at Microsoft, on whatever page one comes back to. */
export function MicrosoftOutcome(props: { where: 'portal' | 'admin' }): JSX.Element {
  onMount(() => {
    const outcome = takeOutcome()
    if (outcome !== undefined) say(microsoft.outcome(outcome, props.where), outcome === 'linked' ? {} : { mood: 'bad' })
  })
  return <></>
}
