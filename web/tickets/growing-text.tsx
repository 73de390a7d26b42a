import { createEffect, type JSX } from 'solid-js'
import type { Dropped } from '../ui/drop-area.tsx'
import { useWires } from '../ui/field.tsx'
import { pastedFiles } from './attachments.ts'
import { messageCharactersMax } from './message.ts'
import './tickets.css'

/** A text field that grows with what is written. Pasted pictures and files are passed on, a text that is too long as a file; Ctrl or ⌘ with Enter sends. */
export function GrowingText(props: {
  value: string
  readOnly?: boolean
  rows?: number
  ref?: (element: HTMLTextAreaElement) => void
  onInput: (text: string) => void
  onFiles: (files: Dropped[]) => void
  onSend?: () => void
}): JSX.Element {
  const wires = useWires()
  let field: HTMLTextAreaElement | undefined
  // Where the browser does not do so by itself.
  const grow = () => {
    if (field === undefined || CSS.supports('field-sizing', 'content')) return
    field.style.setProperty('height', 'auto')
    field.style.setProperty('height', `${field.scrollHeight + 2}px`)
  }
  createEffect(() => {
    if (field !== undefined && field.value !== props.value) field.value = props.value
    grow()
  })
  return (
    <textarea
      class="input growing"
      id={wires.id()}
      ref={(element) => {
        field = element
        props.ref?.(element)
      }}
      rows={props.rows ?? 4}
      dir="auto"
      readOnly={props.readOnly}
      aria-invalid={wires.invalid()}
      aria-describedby={wires.describedBy()}
      onInput={(event) => props.onInput(event.currentTarget.value)}
      onPaste={(event) => {
        const files = pastedFiles(event, messageCharactersMax - props.value.length)
        if (files.length === 0) return
        event.preventDefault()
        props.onFiles(files)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || props.onSend === undefined) return
        event.preventDefault()
        props.onSend()
      }}
    />
  )
}
