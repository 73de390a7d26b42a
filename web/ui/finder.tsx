import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { SearchBox } from './search-box.tsx'
import { Bone, Loaded, Skeleton } from './states.tsx'
import './finder.css'

export type Found = { id: string; name: string; hint?: string | undefined }

/**
 * One of very many, found by typing and then chosen: the server looks for it. Arrows move between the field and what was found,
 * Enter in the field chooses the first.
 */
export function Finder<Item extends Found>(props: {
  label: string
  placeholder: string
  maxLength?: number
  /** What is found; undefined where too little was typed to look for anything. */
  find: (typed: string) => Promise<Item[] | undefined>
  /** What the results are, for screen readers. */
  results: string
  /** Said while too little was typed. */
  hint: string
  none: (typed: string) => string
  failed: string
  onChoose: (item: Item) => void
}): JSX.Element {
  const [typed, setTyped] = createSignal('')
  // Wrapped, so that an answer of nothing to look for is an answer, too.
  const [found, { refetch }] = createResource(typed, async (text) => ({ text, items: await props.find(text) }))
  let box: HTMLDivElement | undefined
  /** What stands there may still be the answer to what was typed before. */
  const isAnswered = (field: EventTarget | null) =>
    field instanceof HTMLInputElement && found.state === 'ready' && found().text === field.value.trim()
  const onKey = (event: KeyboardEvent) => {
    const stops = [...(box?.querySelectorAll<HTMLElement>('input, .finder-found button') ?? [])]
    const at = stops.findIndex((stop) => stop === document.activeElement)
    if (event.key === 'ArrowDown') stops[Math.min(at + 1, stops.length - 1)]?.focus()
    else if (event.key === 'ArrowUp') stops[Math.max(at - 1, 0)]?.focus()
    else if (event.key === 'Enter' && at === 0 && isAnswered(event.target)) stops[1]?.click()
    else return
    event.preventDefault()
  }
  return (
    <div class="finder" ref={box} onKeyDown={onKey}>
      <SearchBox
        label={props.label}
        placeholder={props.placeholder}
        value=""
        {...(props.maxLength !== undefined && { maxLength: props.maxLength })}
        onSearch={setTyped}
      />
      <Loaded
        of={found}
        waiting={
          <Skeleton what={props.results}>
            <Bone shape="long" />
            <Bone shape="half" />
          </Skeleton>
        }
        failedTitle={props.failed}
        retry={() => void refetch()}
      >
        {(answer) => (
          <Show when={answer().items} fallback={<p class="quiet small">{props.hint}</p>}>
            {(items) => (
              <Show when={items().length > 0} fallback={<p role="status">{props.none(answer().text)}</p>}>
                <ul class="finder-found" aria-label={props.results}>
                  <For each={items()}>
                    {(item) => (
                      <li>
                        <button type="button" onClick={() => props.onChoose(item)}>
                          <b dir="auto">{item.name}</b>
                          <Show when={item.hint}>{(hint) => <span class="quiet small">{hint()}</span>}</Show>
                        </button>
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
            )}
          </Show>
        )}
      </Loaded>
    </div>
  )
}
