import { createEffect, onCleanup, onMount, type JSX } from 'solid-js'
import { Icon, search } from './icon.tsx'
import { typingIn } from './keys.ts'
import './button.css'
import './field.css'

/** A search field that "/" moves to. What is typed is passed on after a short pause. */
export function SearchBox(props: {
  label: string
  placeholder: string
  value: string
  maxLength?: number
  onSearch: (query: string) => void
}): JSX.Element {
  let input: HTMLInputElement | undefined
  let timer: number | undefined
  let sent: string | undefined
  // What was typed since is not taken back by the answer to what was typed before.
  createEffect(() => {
    if (props.value !== sent && input) input.value = props.value
    sent = undefined
  })
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== '/' || typingIn(event)) return
    event.preventDefault()
    input?.focus()
    input?.select()
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => {
    clearTimeout(timer)
    removeEventListener('keydown', onKey)
  })
  const typed = (text: string) => {
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      sent = text.trim()
      props.onSearch(sent)
    }, 200)
  }
  return (
    <div class="inside search-box" role="search">
      <Icon of={search} />
      <input
        class="input"
        type="search"
        ref={input}
        aria-label={props.label}
        placeholder={props.placeholder}
        maxLength={props.maxLength}
        onInput={(event) => typed(event.currentTarget.value)}
      />
      <span class="kbd" aria-hidden="true">
        /
      </span>
    </div>
  )
}
