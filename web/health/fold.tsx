import { createSignal, Show, type JSX } from 'solid-js'

/** A longer text that is read by who wants to. */
export function Fold(props: { summary: string; label: string; children: JSX.Element }): JSX.Element {
  const [opened, setOpened] = createSignal(false)
  return (
    <details class="fold" on:toggle={() => setOpened(true)}>
      <summary aria-label={props.label}>{props.summary}</summary>
      <Show when={opened()}>{props.children}</Show>
    </details>
  )
}
