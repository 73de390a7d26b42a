import { Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { number } from '../words/format.ts'
import './bars.css'

/** The share of the width the track gets: what is used beyond it sticks out, honestly, into the rest. */
const trackShare = 84

/** How much of something bought is used. The track ends where what was bought ends. */
export function UtilisationBar(props: {
  name: string
  used: number
  of: number
  idle?: number
  /** The whole bar in words, for who cannot see it. */
  label: string
  note?: string
}): JSX.Element {
  const over = () => Math.max(0, props.used - props.of)
  const scale = () => (props.of > 0 ? trackShare / props.of : 0)
  const share = (count: number) => `${Math.max(0, count * scale())}%`
  const inTrack = () => Math.min(props.used, props.of)
  const idle = () => Math.min(props.idle ?? 0, inTrack())
  const overShare = () => (props.of > 0 ? Math.min(over() * scale(), 100 - trackShare - 0.8) : 100 - trackShare - 0.8)
  return (
    <div class="usage">
      <span class="usage-name">{props.name}</span>
      <span class="usage-count">
        <b>{number(props.used)}</b> {`of ${number(props.of)}`}
      </span>
      <svg role="img" aria-label={props.label}>
        <rect class="c-track" width={`${trackShare}%`} height="10" rx="2" />
        <rect class="c-used" width={share(inTrack() - idle())} height="10" rx="2" />
        <Show when={idle() > 0}>
          <rect class="c-idle" x={share(inTrack() - idle())} width={share(idle())} height="10" />
        </Show>
        <Show when={over() > 0}>
          <rect class="c-over" x={`${trackShare + 0.8}%`} width={`${Math.max(1.5, overShare())}%`} height="10" rx="2" />
          <rect class="c-limit" x={`${trackShare}%`} y="-3" width="2" height="16" />
        </Show>
      </svg>
      <Show when={props.note}>
        <span class="usage-note" classList={{ over: over() > 0 }}>
          {props.note}
        </span>
      </Show>
    </div>
  )
}

/** Long work: what it does, how far it is, and a bar. Without a total the bar only says that it moves. */
export function Progress(props: { what: string; done: number; of: number | null; label: string }): JSX.Element {
  const known = () => props.of !== null && props.of > 0
  return (
    <div class="progress">
      <div class="progress-what">
        <span>{props.what}</span>
        <span class="quiet nowrap">{known() ? common.of(props.done, props.of ?? 0) : number(props.done)}</span>
      </div>
      <Show when={known()} fallback={<progress aria-label={props.label} />}>
        <progress max={props.of ?? 1} value={props.done} aria-label={props.label} />
      </Show>
    </div>
  )
}
