import { createEffect, type JSX } from 'solid-js'
import type { Dropped } from '../ui/drop-area.tsx'
import { useWires } from '../ui/field.tsx'
import { pastedFiles } from './attachments.ts'
import './tickets.css'

/** A text field that grows with what is written. Pasted pictures and files are passed on; Ctrl or ⌘ with Enter sends. */
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
  // Measuring a book at each letter would hold up whoever types it.
  const isLong = () => props.value.length > 50_000
  // Where the browser does not do so by itself.
  const grow = () => {
    if (field === undefined || isLong() || CSS.supports('field-sizing', 'content')) return
    field.style.setProperty('height', 'auto')
    field.style.setProperty('height', `${field.scrollHeight + 2}px`)
  }
  createEffect(() => {
    if (field !== undefined && field.value !== props.value) field.value = props.value
    grow()
  })
  return (
    <textarea
      class="input"
      classList={{ growing: !isLong() }}
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
        const files = pastedFiles(event)
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
