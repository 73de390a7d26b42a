import {
  createEffect,
  createResource,
  createSignal,
  createUniqueId,
  For,
  on,
  onCleanup,
  Show,
  type JSX,
} from 'solid-js'
import { common } from '../words/common.ts'
import { IconButton } from './button.tsx'
import { useWires } from './field.tsx'
import { cross } from './icon.tsx'
import './combobox.css'

/** One of many: what it is called, and what tells it apart from others of that name. */
export type Suggestion = { id: string; name: string; note?: string }
export type Suggestions = { found: Suggestion[]; hasMore: boolean }

/** One of many, found by typing: the arrow keys go through what was found, Enter takes it, Esc closes. */
export function Combobox(props: {
  value: { id: string; name: string } | null
  placeholder: string
  /** What is found for what was typed; for nothing typed, the first few. */
  find: (text: string) => Promise<Suggestions>
  nothing: (text: string) => string
  /** What is said below the rows where there are more than these. */
  more: string
  onChoose: (chosen: Suggestion | null) => void
}): JSX.Element {
  const wires = useWires()
  const listId = createUniqueId()
  const [text, setText] = createSignal('')
  const [asked, setAsked] = createSignal<string>()
  const [at, setAt] = createSignal(0)
  const [found] = createResource(asked, (wanted) => props.find(wanted))
  let input: HTMLInputElement | undefined
  let box: HTMLDivElement | undefined
  let timer: number | undefined
  onCleanup(() => clearTimeout(timer))

  const isOpen = () => asked() !== undefined
  const rows = () => (found.state === 'ready' || found.state === 'refreshing' ? (found.latest?.found ?? []) : [])
  const hasMore = () => rows().length > 0 && found.latest?.hasMore === true
  createEffect(on(rows, () => setAt(0), { defer: true }))
  const close = () => {
    clearTimeout(timer)
    setAsked(undefined)
    setText('')
  }
  const open = () => {
    if (!isOpen()) setAsked('')
  }
  const type = (typed: string) => {
    setText(typed)
    open()
    clearTimeout(timer)
    timer = window.setTimeout(() => setAsked(typed.trim()), 150)
  }
  /** While what was typed last is looked up, the rows are those of what was typed before, and Enter takes none of them. */
  const isAnswered = () => asked() === text().trim() && found.state === 'ready'
  const choose = (row: Suggestion | undefined) => {
    if (row === undefined) return
    props.onChoose(row)
    close()
    // What is there now in the place of the input: whoever goes on by keys goes on from here.
    queueMicrotask(() => box?.focus())
  }
  const move = (step: number) => {
    const length = rows().length
    if (length === 0) return
    setAt((at() + step + length) % length)
    document.getElementById(`${listId}-${at()}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && isOpen()) move(1)
    else if (event.key === 'ArrowDown') open()
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && isOpen()) choose(isAnswered() ? rows()[at()] : undefined)
    else if (event.key === 'Escape' && isOpen()) close()
    else return
    event.preventDefault()
  }
  return (
    <div class="combobox" onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node) && close()}>
      <Show
        when={props.value}
        fallback={
          <input
            class="input"
            type="text"
            role="combobox"
            id={wires.id()}
            ref={input}
            aria-expanded={isOpen() && rows().length > 0}
            aria-controls={listId}
            aria-activedescendant={isOpen() && rows().length > 0 ? `${listId}-${at()}` : undefined}
            aria-autocomplete="list"
            aria-invalid={wires.invalid()}
            aria-describedby={wires.describedBy()}
            autocomplete="off"
            spellcheck={false}
            placeholder={props.placeholder}
            value={text()}
            onInput={(event) => type(event.currentTarget.value)}
            onClick={open}
            onKeyDown={onKey}
          />
        }
      >
        {(chosen) => (
          <div
            class="combobox-chosen"
            role="group"
            aria-labelledby={[wires.labelId?.(), `${listId}-chosen`].filter(Boolean).join(' ')}
            aria-describedby={wires.describedBy()}
            id={wires.id()}
            tabindex="-1"
            ref={box}
          >
            <bdi id={`${listId}-chosen`}>{chosen().name}</bdi>
            <IconButton
              icon={cross}
              label={common.takeAway(chosen().name)}
              onClick={() => {
                props.onChoose(null)
                queueMicrotask(() => input?.focus())
              }}
            />
          </div>
        )}
      </Show>
      <Show when={isOpen() && props.value === null}>
        <Show
          when={rows().length > 0}
          fallback={
            <p class="combobox-list combobox-none quiet small" role="status">
              {found.loading ? common.searching : found.state === 'errored' ? common.failed : props.nothing(text())}
            </p>
          }
        >
          <div class="combobox-list">
            <div
              id={listId}
              role="listbox"
              aria-labelledby={wires.labelId?.()}
              aria-label={wires.labelId ? undefined : props.placeholder}
            >
              <For each={rows()}>
                {(row, index) => (
                  <div
                    class="combobox-item"
                    role="option"
                    id={`${listId}-${index()}`}
                    aria-selected={index() === at()}
                    onMouseMove={() => setAt(index())}
                    // Before the field loses the focus, which closes the list.
                    onMouseDown={(event) => {
                      event.preventDefault()
                      choose(row)
                    }}
                  >
                    <bdi>{row.name}</bdi>
                    <Show when={row.note}>
                      <span class="quiet small">{row.note}</span>
                    </Show>
                  </div>
                )}
              </For>
            </div>
            <Show when={hasMore()}>
              <p class="combobox-none quiet small" role="status">
                {props.more}
              </p>
            </Show>
          </div>
        </Show>
      </Show>
    </div>
  )
}
