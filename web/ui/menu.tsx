import { createSignal, createUniqueId, For, onCleanup, Show, type JSX } from 'solid-js'
import { check, Icon, type Shape } from './icon.tsx'
import { keepPlaced } from './place.ts'
import './float.css'

export type MenuItem = {
  label: string
  icon?: Shape
  href?: string
  newTab?: boolean
  /** The link is to a file, which is saved. */
  download?: boolean
  danger?: boolean
  /** Present on items that are a choice among others. */
  checked?: boolean
  /** The link is to where one is. */
  current?: boolean
  onSelect?: () => void
}

/** A button with a list of actions. Arrows, Home, End, first letters and Esc work; focus comes back to the button. */
export function Menu(props: {
  button: JSX.Element
  buttonClass: string
  buttonLabel?: string
  note?: JSX.Element
  /** Items in groups; a rule is drawn between groups. */
  groups: MenuItem[][]
  side?: 'start' | 'end'
}): JSX.Element {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  // A page has many menus, and few are ever opened: what one holds is made the first time.
  const [wasOpened, setWasOpened] = createSignal(false)
  let button: HTMLButtonElement | undefined
  let box: HTMLDivElement | undefined
  let release: (() => void) | undefined
  let typed = ''
  let typedAt = 0
  onCleanup(() => release?.())

  const items = () => [...(box?.querySelectorAll<HTMLElement>('.menu-item') ?? [])]
  const focusAt = (index: number) => {
    const all = items()
    all[(index + all.length) % all.length]?.focus()
  }
  const show = (at: 'first' | 'last') => {
    box?.showPopover()
    focusAt(at === 'first' ? 0 : -1)
  }
  const hide = () => {
    box?.hidePopover()
    button?.focus()
  }
  const toggled = (event: ToggleEvent) => {
    const now = event.newState === 'open'
    setOpen(now)
    release?.()
    release = now && button && box ? keepPlaced(button, box, props.side) : undefined
  }
  const onButtonKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    show(event.key === 'ArrowDown' ? 'first' : 'last')
  }
  const onKey = (event: KeyboardEvent) => {
    const all = items()
    const at = all.findIndex((item) => item === document.activeElement)
    if (event.key === 'ArrowDown') focusAt(at + 1)
    else if (event.key === 'ArrowUp') focusAt(at - 1)
    else if (event.key === 'Home') focusAt(0)
    else if (event.key === 'End') focusAt(-1)
    else if (event.key === 'Escape') hide()
    else if (event.key === 'Tab') {
      box?.hidePopover()
      return
    } else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      typed = event.timeStamp - typedAt < 600 ? typed + event.key.toLowerCase() : event.key.toLowerCase()
      typedAt = event.timeStamp
      const order = [...all.slice(at + (typed.length > 1 ? 0 : 1)), ...all]
      order.find((item) => item.textContent?.trim().toLowerCase().startsWith(typed))?.focus()
    } else return
    event.preventDefault()
  }
  const choose = (item: MenuItem) => {
    hide()
    item.onSelect?.()
  }

  return (
    <>
      <button
        type="button"
        class={props.buttonClass}
        aria-haspopup="menu"
        aria-expanded={open()}
        aria-controls={id}
        aria-label={props.buttonLabel}
        ref={button}
        popoverTarget={id}
        onKeyDown={onButtonKey}
      >
        {props.button}
      </button>
      <div
        class="floating menu"
        id={id}
        popover="auto"
        ref={box}
        on:beforetoggle={(event: ToggleEvent) => event.newState === 'open' && setWasOpened(true)}
        on:toggle={(event: ToggleEvent) => {
          toggled(event)
          if (event.newState === 'open' && !box?.contains(document.activeElement)) focusAt(0)
        }}
        onKeyDown={onKey}
      >
        <Show when={wasOpened()}>
          <Show when={props.note}>
            <div class="menu-note">{props.note}</div>
          </Show>
          <div role="menu" aria-label={props.buttonLabel}>
            <For each={props.groups}>
              {(group, index) => (
                <>
                  <Show when={index() > 0}>
                    <hr />
                  </Show>
                  <For each={group}>{(item) => <Item item={item} choose={choose} />}</For>
                </>
              )}
            </For>
          </div>
        </Show>
      </div>
    </>
  )
}

function Item(props: { item: MenuItem; choose: (item: MenuItem) => void }): JSX.Element {
  const inner = () => (
    <>
      <Show when={props.item.icon}>{(shape) => <Icon of={shape()} />}</Show>
      {props.item.label}
      <Show when={props.item.checked}>
        <Icon of={check} class="menu-mark" />
      </Show>
    </>
  )
  return (
    <Show
      when={props.item.href}
      fallback={
        <button
          type="button"
          class="menu-item"
          classList={{ danger: props.item.danger === true }}
          role={props.item.checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={props.item.checked}
          tabindex="-1"
          onClick={() => props.choose(props.item)}
        >
          {inner()}
        </button>
      }
    >
      {(href) => (
        <a
          class="menu-item"
          role="menuitem"
          tabindex="-1"
          href={href()}
          target={props.item.newTab ? '_blank' : undefined}
          rel={props.item.newTab ? 'noopener' : undefined}
          download={props.item.download ? '' : undefined}
          aria-current={props.item.current ? 'page' : undefined}
          onClick={() => props.choose(props.item)}
        >
          {inner()}
        </a>
      )}
    </Show>
  )
}
