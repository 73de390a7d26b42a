import { useBeforeLeave, type BeforeLeaveEventArgs } from '@solidjs/router'
import { createSignal, onCleanup, onMount, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

/** Asks before a page with unsaved changes is left, within the app or by closing the tab; in words of its own where more is to say. */
export function UnsavedGuard(props: {
  dirty: boolean
  words?: { title: string; text: string; stay: string; leave: string }
}): JSX.Element {
  const [leaving, setLeaving] = createSignal<BeforeLeaveEventArgs>()
  useBeforeLeave((event) => {
    if (!props.dirty || event.defaultPrevented) return
    event.preventDefault()
    setLeaving(event)
  })
  const onUnload = (event: BeforeUnloadEvent) => {
    if (props.dirty) event.preventDefault()
  }
  onMount(() => addEventListener('beforeunload', onUnload))
  onCleanup(() => removeEventListener('beforeunload', onUnload))
  return (
    <Dialog
      open={leaving() !== undefined}
      alert
      title={props.words?.title ?? common.unsavedTitle}
      onClose={() => setLeaving(undefined)}
      foot={
        <>
          <Button
            onClick={() => {
              const event = leaving()
              setLeaving(undefined)
              event?.retry(true)
            }}
          >
            {props.words?.leave ?? common.unsavedLeave}
          </Button>
          <Button look="primary" onClick={() => setLeaving(undefined)}>
            {props.words?.stay ?? common.unsavedStay}
          </Button>
        </>
      }
    >
      <p>{props.words?.text ?? common.unsavedText}</p>
    </Dialog>
  )
}
