import { Show, type JSX } from 'solid-js'
import { alert, Icon, info, ok, stop } from './icon.tsx'
import './notice.css'

const shapes = { info, warn: alert, bad: stop, good: ok }

/** Something worth knowing that stays on the page. Bad news is announced at once. */
export function Notice(props: {
  kind?: 'info' | 'warn' | 'bad' | 'good'
  children: JSX.Element
  end?: JSX.Element
}): JSX.Element {
  const kind = () => props.kind ?? 'info'
  return (
    <div class={`notice notice-${kind()}`} role={kind() === 'bad' ? 'alert' : undefined}>
      <Icon of={shapes[kind()]} />
      <div>{props.children}</div>
      <Show when={props.end}>
        <span class="notice-end">{props.end}</span>
      </Show>
    </div>
  )
}
