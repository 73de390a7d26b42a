import { For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import type { Form } from './form.tsx'

/** Everything that is wrong, once, at the top, with a link to each field. */
export function ErrorSummary(props: { of: Pick<Form<object>, 'errors' | 'trouble' | 'attachSummary'> }): JSX.Element {
  let box: HTMLDivElement | undefined
  onMount(() => {
    onCleanup(props.of.attachSummary(() => queueMicrotask(() => box?.focus())))
  })
  const go = (event: MouseEvent, id: string) => {
    event.preventDefault()
    document.getElementById(id)?.focus()
  }
  return (
    <Show when={props.of.errors().length > 0 || props.of.trouble()}>
      <div class="error-summary" role="alert" tabindex="-1" ref={box}>
        <Show when={props.of.errors().length > 0}>
          <h2>{common.problemCount(props.of.errors().length)}</h2>
          <ul class="stack tight">
            <For each={props.of.errors()}>
              {(error) => (
                <li>
                  <a href={`#${error.id}`} onClick={(event) => go(event, error.id)}>
                    {error.text}
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={props.of.trouble()}>
          <p>{props.of.trouble()}</p>
        </Show>
      </div>
    </Show>
  )
}
