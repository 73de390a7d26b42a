import { onCleanup, type JSX } from 'solid-js'
import { grip, Icon } from './icon.tsx'
import './reorder.css'

/**
 * What a row of a table, or one of several boxes marked `data-movable`, is moved by: dragged, by mouse or finger, or with the arrow keys while it has the focus. It says
 * where the row is to stand; moving it there, and the focus with it, is the list's own.
 */
export function ReorderHandle(props: {
  label: string
  index: number
  count: number
  /** The place counts from 0, with the row itself taken out. */
  onMove: (to: number) => void
}): JSX.Element {
  let handle: HTMLButtonElement | undefined
  let stop: (() => void) | undefined
  onCleanup(() => stop?.())

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = { ArrowUp: props.index - 1, ArrowDown: props.index + 1, Home: 0, End: props.count - 1 }[event.key]
    if (to === undefined) return
    // The table's own arrows would move the cursor on as well.
    event.preventDefault()
    event.stopPropagation()
    if (to >= 0 && to < props.count && to !== props.index) props.onMove(to)
  }

  const begin = (event: PointerEvent) => {
    const row = handle?.closest<HTMLElement>('tr, [data-movable]')
    const body = row?.parentElement
    if (event.button !== 0 || !row || !body) return
    event.preventDefault()
    handle?.focus()
    const others = [...body.children].filter(
      (other): other is HTMLElement => other instanceof HTMLElement && other !== row,
    )
    let to = props.index
    const mark = (place: number | undefined) => {
      for (const other of others) delete other.dataset['drop']
      if (place === undefined || place === props.index) return
      const [at, side] = place < others.length ? [others[place], 'before'] : [others.at(-1), 'after']
      if (at) at.dataset['drop'] = side
    }
    const move = ({ clientY }: PointerEvent) => {
      to = others.filter((other) => {
        const { top, height } = other.getBoundingClientRect()
        return clientY > top + height / 2
      }).length
      mark(to)
    }
    const drop = () => {
      stop?.()
      if (to !== props.index) props.onMove(to)
    }
    const onEscape = ({ key }: KeyboardEvent) => key === 'Escape' && stop?.()
    stop = () => {
      stop = undefined
      mark(undefined)
      row.classList.remove('is-moving')
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', drop)
      removeEventListener('pointercancel', cancel)
      removeEventListener('keydown', onEscape)
    }
    const cancel = () => stop?.()
    row.classList.add('is-moving')
    addEventListener('pointermove', move)
    addEventListener('pointerup', drop)
    addEventListener('pointercancel', cancel)
    addEventListener('keydown', onEscape)
  }

  return (
    <button
      type="button"
      class="reorder"
      ref={handle}
      aria-label={props.label}
      title={props.label}
      onKeyDown={onKey}
      onPointerDown={begin}
    >
      <Icon of={grip} />
    </button>
  )
}
