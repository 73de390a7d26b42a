import { Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { Icon, type Shape } from './icon.tsx'
import './button.css'

type Look = 'primary' | 'danger' | 'plain' | 'ghost' | 'outlined'

/** A button whose label is the verb. While busy or not allowed it stays focusable and says so, but does nothing. */
export function Button(props: {
  children: JSX.Element
  look?: Look
  type?: 'button' | 'submit'
  /** The id of the form that it submits, where it stands outside of it. */
  form?: string | undefined
  wide?: boolean
  busy?: boolean
  busyLabel?: string
  disabled?: boolean
  icon?: Shape
  class?: string
  /** What a screen reader says, where the words alone do not tell one of many from the others. */
  label?: string
  describedBy?: string
  onClick?: (event: MouseEvent) => void
}): JSX.Element {
  const still = () => props.busy === true || props.disabled === true
  return (
    <button
      type={props.type ?? 'button'}
      form={props.form}
      class={`button ${props.look ?? 'outlined'} ${props.wide ? 'wide' : ''} ${props.class ?? ''}`}
      aria-disabled={still() ? 'true' : undefined}
      aria-busy={props.busy ? 'true' : undefined}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      onClick={(event) => (still() ? event.preventDefault() : props.onClick?.(event))}
    >
      <Show when={props.icon}>{(shape) => <Icon of={shape()} />}</Show>
      <Show when={props.busy} fallback={props.children}>
        {props.busyLabel ?? common.working}
      </Show>
    </button>
  )
}

/** A link that looks like a button, for going somewhere rather than doing something. */
export function ButtonLink(props: {
  children: JSX.Element
  href: string
  look?: Look
  icon?: Shape
  newTab?: boolean
  /** What it is called where its words alone do not say which one is meant. */
  label?: string
  /** The link is to a file, which is saved. */
  download?: boolean
}): JSX.Element {
  return (
    <a
      class={`button ${props.look ?? 'outlined'}`}
      href={props.href}
      aria-label={props.label}
      target={props.newTab ? '_blank' : undefined}
      rel={props.newTab ? 'noopener' : undefined}
      download={props.download ? '' : undefined}
    >
      <Show when={props.icon}>{(shape) => <Icon of={shape()} />}</Show>
      {props.children}
    </a>
  )
}

/** A button that is only a drawing; the label is what a screen reader says and what the pointer shows. */
export function IconButton(props: {
  icon: Shape
  label: string
  class?: string
  onClick?: (event: MouseEvent) => void
}): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.label}
      onClick={(event) => props.onClick?.(event)}
    >
      <Icon of={props.icon} />
    </button>
  )
}
