import { createUniqueId, For, Show, type JSX } from 'solid-js'
import { Button } from './button.tsx'
import './panel.css'

/** A titled box on a dense page. */
export function Panel(props: {
  title: string
  children: JSX.Element
  end?: JSX.Element
  padded?: boolean
}): JSX.Element {
  const id = createUniqueId()
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{props.title}</h2>
        <Show when={props.end}>
          <div class="push">{props.end}</div>
        </Show>
      </header>
      <Show when={props.padded} fallback={props.children}>
        <div class="panel-body">{props.children}</div>
      </Show>
    </section>
  )
}

export type StripItem = { label: string; value: string; of?: string; note?: string; warn?: boolean; href?: string }

/** A few figures side by side, each leading somewhere when it has more to say. */
export function Strip(props: { items: StripItem[] }): JSX.Element {
  const inner = (item: StripItem) => (
    <>
      <span class="quiet">{item.label}</span>
      <span class="strip-value">
        {item.value}
        <Show when={item.of}>
          {' '}
          <small>{item.of}</small>
        </Show>
      </span>
      <Show when={item.note}>
        <span class={item.warn ? 'warn' : 'quiet'}>{item.note}</span>
      </Show>
    </>
  )
  return (
    <div class="strip">
      <For each={props.items}>
        {(item) => (
          <Show when={item.href} fallback={<div>{inner(item)}</div>}>
            {(href) => <a href={href()}>{inner(item)}</a>}
          </Show>
        )}
      </For>
    </div>
  )
}

/** One heading of a long form. */
export function Block(props: { title: string; children: JSX.Element }): JSX.Element {
  const id = createUniqueId()
  return (
    <section class="block" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  )
}

/** Save and discard, always in reach while a long form is open. */
export function SaveBar(props: {
  /** The id of the form that it saves. */
  form: string
  verb: string
  discard: string
  note: string
  dirty: boolean
  busy: boolean
  onDiscard: () => void
}): JSX.Element {
  return (
    <div class="save-bar">
      <Button look="primary" type="submit" form={props.form} busy={props.busy}>
        {props.verb}
      </Button>
      <Show when={props.dirty}>
        <Button look="ghost" onClick={() => props.onDiscard()}>
          {props.discard}
        </Button>
      </Show>
      <span class="quiet" role="status">
        {props.note}
      </span>
    </div>
  )
}
