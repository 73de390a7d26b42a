import { createSignal, createUniqueId, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { Button, IconButton } from './button.tsx'
import { cross } from './icon.tsx'
import './dialog.css'

type DialogProps = {
  title: string
  onClose: () => void
  children: JSX.Element
  /** The buttons; the one that does it comes last. */
  foot: JSX.Element
  /** With it, the dialog is a form and its submit button works with Enter. */
  onSubmit?: (event: Event) => void
  /** While true, closing asks first. */
  dirty?: boolean
  alert?: boolean
  /** Stands at the side over the whole height: to look closer at one of what the page lists. */
  side?: boolean
}

/** A window over the page. Focus goes in and comes back; Esc and the cross close it, unless there is something to lose. */
export function Dialog(props: DialogProps & { open: boolean }): JSX.Element {
  return (
    <Show when={props.open}>
      <Box {...props} />
    </Show>
  )
}

function Box(props: DialogProps): JSX.Element {
  const id = createUniqueId()
  const [asking, setAsking] = createSignal(false)
  const cameFrom = document.activeElement
  let dialog: HTMLDialogElement | undefined
  let isGone = false
  onMount(() => {
    dialog?.showModal()
    // What is wrong, else the first thing to fill in, not the cross; without one, the button that changes nothing.
    const wrong = dialog?.querySelector<HTMLElement>('.dialog-body [aria-invalid=true]')
    const first = wrong ?? dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea)')
    ;(first ?? dialog?.querySelector<HTMLElement>('.dialog-foot button'))?.focus()
  })
  onCleanup(() => {
    isGone = true
    dialog?.close()
    if (cameFrom instanceof HTMLElement) queueMicrotask(() => cameFrom.isConnected && cameFrom.focus())
  })
  const leave = () => (props.dirty && !asking() ? setAsking(true) : props.onClose())

  const inner = () => (
    <>
      <header class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <IconButton icon={cross} label={common.close} onClick={leave} />
      </header>
      <div class="dialog-body">{props.children}</div>
      <footer class="dialog-foot">
        <Show when={asking()} fallback={props.foot}>
          <p class="small" role="alert">
            {common.unsavedText}
          </p>
          <Button onClick={() => props.onClose()}>{common.unsavedLeave}</Button>
          <Button look="primary" onClick={() => setAsking(false)}>
            {common.unsavedStay}
          </Button>
        </Show>
      </footer>
    </>
  )
  return (
    <dialog
      class="dialog"
      classList={{ 'at-side': props.side === true }}
      ref={dialog}
      role={props.alert ? 'alertdialog' : undefined}
      aria-labelledby={id}
      on:cancel={(event: Event) => {
        if (event.target !== dialog) return
        event.preventDefault()
        leave()
      }}
      on:close={(event: Event) => {
        // The browser closes it by itself on a second Esc, whatever we say. What took it away wants to hear nothing of it.
        if (event.target === dialog && !isGone) props.onClose()
      }}
    >
      <Show when={props.onSubmit} fallback={<div class="dialog-frame">{inner()}</div>}>
        <form novalidate onSubmit={(event) => props.onSubmit?.(event)}>
          {inner()}
        </form>
      </Show>
    </dialog>
  )
}

/** A second deliberate step before something that cannot be undone. */
export function Confirm(props: {
  open: boolean
  title: string
  children: JSX.Element
  verb: string
  busy?: boolean
  trouble?: string | undefined
  onConfirm: () => void
  onClose: () => void
}): JSX.Element {
  return (
    <Dialog
      open={props.open}
      alert
      title={props.title}
      onClose={props.onClose}
      foot={
        <>
          <Button onClick={() => props.onClose()}>{common.cancel}</Button>
          <Button look="danger" busy={props.busy === true} onClick={() => props.onConfirm()}>
            {props.verb}
          </Button>
        </>
      }
    >
      {props.children}
      <Show when={props.trouble}>
        <p class="field-error" role="alert">
          {props.trouble}
        </p>
      </Show>
    </Dialog>
  )
}
