import { createSignal, For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { IconButton } from './button.tsx'
import { cross, Icon, ok, stop } from './icon.tsx'
import './messages.css'

type Message = { id: number; text: string; mood: 'good' | 'bad'; act?: { label: string; do: () => void } }

const [messages, setMessages] = createSignal<Message[]>([])
let count = 0

/** How long a message without an action stays; one that offers something to do, or tells of a failure, stays until closed. */
const staysMs = 10_000
const shownAtMost = 3

/** Says what happened, at the bottom of the page, where it can offer to undo it. */
export function say(text: string, more: { mood?: 'good' | 'bad'; act?: { label: string; do: () => void } } = {}): void {
  const message: Message = { id: ++count, text, mood: more.mood ?? 'good', ...(more.act && { act: more.act }) }
  setMessages((before) => [...before, message].slice(-shownAtMost))
}

const close = (id: number) => setMessages((before) => before.filter((message) => message.id !== id))

/** The place where messages appear. F6 moves the focus there, Esc closes one. */
export function Messages(): JSX.Element {
  let region: HTMLDivElement | undefined
  let cameFrom: Element | null = null
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'F6' || messages().length === 0) return
    event.preventDefault()
    if (region?.contains(document.activeElement)) {
      if (cameFrom instanceof HTMLElement) cameFrom.focus()
    } else {
      cameFrom = document.activeElement
      region?.querySelector('button')?.focus()
    }
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => removeEventListener('keydown', onKey))
  const shut = (id: number) => {
    const inside = region?.contains(document.activeElement)
    close(id)
    if (inside && cameFrom instanceof HTMLElement) cameFrom.focus()
  }
  return (
    <div class="messages" role="region" aria-label={common.messages} ref={region}>
      <div role="status" class="sr">
        {messages().at(-1)?.text}
      </div>
      <For each={messages()}>{(message) => <One message={message} close={() => shut(message.id)} />}</For>
    </div>
  )
}

function One(props: { message: Message; close: () => void }): JSX.Element {
  let timer: number | undefined
  const wait = () => {
    if (!props.message.act && props.message.mood === 'good') timer = window.setTimeout(props.close, staysMs)
  }
  const hold = () => clearTimeout(timer)
  onMount(wait)
  onCleanup(hold)
  return (
    <div
      class="message"
      onMouseEnter={hold}
      onMouseLeave={wait}
      onFocusIn={hold}
      onFocusOut={wait}
      onKeyDown={(event) => event.key === 'Escape' && props.close()}
    >
      <Icon of={props.message.mood === 'good' ? ok : stop} class={props.message.mood} />
      <p>{props.message.text}</p>
      <Show when={props.message.act}>
        {(act) => (
          <button
            type="button"
            class="message-act"
            onClick={() => {
              act().do()
              props.close()
            }}
          >
            {act().label}
          </button>
        )}
      </Show>
      <IconButton icon={cross} label={common.closeMessage} onClick={() => props.close()} />
    </div>
  )
}
