import type { JSX } from 'solid-js'
import { alert, clock, Icon, none, ok, stop, type Shape } from './icon.tsx'
import './badge.css'

export type Mood = 'good' | 'warn' | 'bad' | 'info' | 'none'

const shapes: Record<Mood, Shape> = { good: ok, warn: alert, bad: stop, info: clock, none }

/** A shape and a word on a quiet ground: for a state that stands in a title or at the end of a line. */
export function Badge(props: { mood: Mood | 'brand'; children: JSX.Element; icon?: Shape }): JSX.Element {
  return (
    <span class={`badge ${props.mood}`}>
      <Icon of={props.icon ?? (props.mood === 'brand' ? none : shapes[props.mood])} />
      {props.children}
    </span>
  )
}

/** A shape and a word without a ground: for tables and lists. */
export function State(props: { mood: Mood; children: JSX.Element; icon?: Shape }): JSX.Element {
  return (
    <span class={`state ${props.mood}`}>
      <Icon of={props.icon ?? shapes[props.mood]} />
      {props.children}
    </span>
  )
}

/** The initials of a name; decorative, since the name stands beside it. */
export function Avatar(props: { name: string }): JSX.Element {
  return (
    <span class="avatar" aria-hidden="true">
      {initials(props.name)}
    </span>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const last = words.length > 1 ? words[words.length - 1] : ''
  return `${[...(words[0] ?? '')][0] ?? ''}${[...(last ?? '')][0] ?? ''}`.toUpperCase()
}
