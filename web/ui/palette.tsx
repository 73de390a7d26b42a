import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  createUniqueId,
  For,
  on,
  onCleanup,
  onMount,
  Show,
  type JSX,
} from 'solid-js'
import { Icon, search, type Shape } from './icon.tsx'
import './dialog.css'

export type Command = { label: string; group: string; icon: Shape; hint?: string; run: () => void }

/** A list of everything one can go to or do, narrowed by typing. Opens with Ctrl K or ⌘ K. */
export function CommandPalette(props: {
  label: string
  placeholder: string
  nothing: (query: string) => string
  /** Always there, matched by their label. */
  commands: Command[]
  /** What the server finds for a query of two letters or more. */
  find: (query: string) => Promise<Command[]>
  open: boolean
  onOpen: (open: boolean) => void
}): JSX.Element {
  const onKey = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    props.onOpen(!props.open)
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => removeEventListener('keydown', onKey))
  return (
    <Show when={props.open}>
      <Box {...props} />
    </Show>
  )
}

function Box(props: Parameters<typeof CommandPalette>[0]): JSX.Element {
  const id = createUniqueId()
  const [query, setQuery] = createSignal('')
  const [asked, setAsked] = createSignal('')
  const [at, setAt] = createSignal(0)
  const [found] = createResource(asked, (text) => (text.length < 2 ? [] : props.find(text)), { initialValue: [] })
  let dialog: HTMLDialogElement | undefined
  let timer: number | undefined
  onMount(() => dialog?.showModal())
  onCleanup(() => {
    clearTimeout(timer)
    dialog?.close()
  })

  const matches = createMemo(() => {
    const wanted = query().trim().toLowerCase()
    const own = props.commands.filter((command) => command.label.toLowerCase().includes(wanted))
    return [...own, ...(found.state === 'errored' ? [] : found.latest)]
  })
  createEffect(on(matches, () => setAt(0), { defer: true }))
  const type = (text: string) => {
    setQuery(text)
    clearTimeout(timer)
    timer = window.setTimeout(() => setAsked(text.trim()), 120)
  }
  const run = (command: Command | undefined) => {
    if (!command) return
    props.onOpen(false)
    command.run()
  }
  const move = (step: number) => {
    const length = matches().length
    if (length === 0) return
    setAt((at() + step + length) % length)
    document.getElementById(`${id}-${at()}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter') run(matches()[at()])
    else return
    event.preventDefault()
  }
  return (
    <dialog
      class="dialog palette"
      aria-label={props.label}
      ref={dialog}
      on:close={() => props.onOpen(false)}
      onClick={(event) => event.target === dialog && props.onOpen(false)}
    >
      <div class="palette-input">
        <Icon of={search} />
        <input
          type="text"
          role="combobox"
          aria-label={props.label}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={matches().length > 0 ? `${id}-${at()}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder={props.placeholder}
          value={query()}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={onKey}
        />
      </div>
      <Show
        when={matches().length > 0}
        fallback={
          <p class="palette-list palette-none" role="status">
            {props.nothing(query())}
          </p>
        }
      >
        <div class="palette-list" id={id} role="listbox" aria-label={props.label}>
          <For each={matches()}>
            {(command, index) => (
              <>
                <Show when={matches()[index() - 1]?.group !== command.group}>
                  <h3 role="presentation">{command.group}</h3>
                </Show>
                <div
                  class="palette-item"
                  role="option"
                  id={`${id}-${index()}`}
                  aria-selected={index() === at()}
                  onMouseMove={() => setAt(index())}
                  onClick={() => run(command)}
                >
                  <Icon of={command.icon} />
                  {command.label}
                  <Show when={command.hint}>
                    <span class="quiet">{command.hint}</span>
                  </Show>
                </div>
              </>
            )}
          </For>
        </div>
      </Show>
    </dialog>
  )
}
