import { batch, createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { down, Icon, up } from './icon.tsx'
import { typingIn } from './keys.ts'
import { createMediaMatch } from './media.ts'
import { Tip } from './tip.tsx'
import './table.css'

export type Column<Row> = {
  key: string
  title: string
  cell: (row: Row) => JSX.Element
  /** Numbers stand right. */
  numeric?: boolean
  /** Left out where there is little room; `desk`: already on a small laptop; `phone`: only where there is very little. */
  wide?: boolean | 'desk' | 'phone'
  /**
   * Where it stands on a phone, in a table of which some column says so: each row is a few lines there, and columns that
   * say nothing are left out. `title`, what stands before it (`lead`) and after it (`end`) are the first line.
   */
  phone?: 'lead' | 'title' | 'end' | 'line'
  wraps?: boolean
  /** Takes the room that the others leave, and is cut short where they leave little. */
  grows?: boolean
  /** Set when the list can be sorted by it; or why it cannot be at the moment. */
  sortable?: boolean | string
  /** The title is for screen readers only. */
  quiet?: boolean
}

/** A sort as it stands in the address: a column's key, with "-" before it for descending. */
export type Sort = string

/** Rows drawn beyond what is in sight, so that scrolling finds them there. */
const overscan = 24
const rowHeightMin = 36
/** Of a row that is a few lines, on a phone. */
const stackedHeightMin = 56
/** How close to the last row that is there the next ones are asked for. */
const endNear = 60

/** The search above a list, from which the list is one step down. */
const isSearch = (active: Element | null): boolean =>
  active?.matches('input[type=search]') === true && active.closest('dialog') === null

/** Rows drawn at once that nobody sees yet. */
const sliceSize = 8

type Span = { from: number; to: number }

/** The rows to be drawn next: those in sight at once, those beyond a few at a time, so that a slow phone answers in between. */
function nextSpan(drawn: Span, wanted: Span, sight: { first: number; last: number }): Span {
  const isInSight = drawn.from <= sight.first && drawn.to >= sight.last
  const { from, to } = isInSight ? drawn : { from: sight.first, to: sight.last }
  return { from: Math.max(wanted.from, from - sliceSize), to: Math.min(wanted.to, to + sliceSize) }
}

/**
 * A list of rows. Arrows or j/k, Page Up and Down, Home and End move through it, from the search above it, too; Enter opens, Space or x selects, and
 * with Shift whatever lies between. Each row's first link carries the class `name`: that is where the cursor puts the focus,
 * and where a click anywhere in the row leads.
 */
export function Table<Row>(props: {
  label: string
  columns: Column<Row>[]
  rows: readonly Row[]
  id: (row: Row) => string
  sort?: Sort
  onSort?: (sort: Sort) => void
  selected?: ReadonlySet<string>
  onSelect?: (ids: string[], selected: boolean) => void
  nameOf?: (row: Row) => string
  /**
   * The list is the page: it takes the height there is, only the rows in sight are drawn (so all are of one height), and
   * Tab stops at one row of it.
   */
  fills?: boolean
  /** More rows than are there: asked for when the last ones come into sight. */
  hasMore?: boolean
  onEnd?: () => void
  /** The number of the row that is on top at first, and those that come to be on top. */
  top?: number
  onTop?: (index: number) => void
}): JSX.Element {
  const [at, setAt] = createSignal<string>()
  const isPhone = createMediaMatch('(max-width: 780px)')
  const isStacked = () => props.columns.some((column) => column.phone !== undefined)
  const [rowHeight, setRowHeight] = createSignal(isPhone() && isStacked() ? stackedHeightMin : rowHeightMin)
  // At first what is in sight, the rest once that stands: a phone draws fifteen rows sooner than fifty.
  const [drawn, setDrawn] = createSignal({ from: 0, to: Math.ceil(innerHeight / rowHeight()) })
  let box: HTMLDivElement | undefined
  let body: HTMLTableSectionElement | undefined
  let anchor: string | undefined

  const count = () => props.rows.length
  const span = () => {
    if (!props.fills) return { from: 0, to: count() }
    const to = Math.min(drawn().to, count())
    return { from: Math.max(0, Math.min(drawn().from, to - overscan)), to }
  }
  const lineOf = (index: number) => body?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`)
  const indexOf = (id: string | undefined) => props.rows.findIndex((row) => props.id(row) === id)
  /** The one row that Tab stops at. */
  const current = () => {
    const known = at()
    return known !== undefined && indexOf(known) >= 0 ? known : props.rows[0] && props.id(props.rows[0])
  }

  const inSight = () => {
    if (!box || !body) return { first: 0, last: 0 }
    const [frame, lines] = [box.getBoundingClientRect(), body.getBoundingClientRect()]
    const head = props.fills && frame.top >= 0 ? (box.querySelector('thead')?.offsetHeight ?? 0) : 0
    const [top, bottom] = [Math.max(frame.top + head, 0), Math.min(frame.bottom, innerHeight)]
    return {
      first: Math.max(0, Math.floor((top - lines.top) / rowHeight() + 0.01)),
      last: Math.max(0, Math.ceil((bottom - lines.top) / rowHeight())),
    }
  }
  const look = () => {
    if (!props.fills) return
    const line = body?.querySelector<HTMLElement>('[aria-rowindex]')
    if (line && line.offsetHeight > 0) setRowHeight(line.getBoundingClientRect().height)
    const { first, last } = inSight()
    const wanted = { from: Math.max(0, first - overscan), to: last + overscan }
    const [before, next] = [drawn(), nextSpan(drawn(), wanted, { first, last: Math.min(last, count()) })]
    if (next.from !== before.from || next.to !== before.to) {
      setDrawn(next)
      lookLater()
    }
    props.onTop?.(Math.min(first, Math.max(0, count() - 1)))
    if (props.hasMore && last + endNear > count()) props.onEnd?.()
  }
  const show = (index: number) => {
    if (index < span().from || index >= span().to)
      setDrawn({ from: Math.max(0, index - overscan), to: index + 1 + overscan })
    lineOf(index)?.scrollIntoView({ block: 'nearest' })
  }
  let frame = 0
  const lookLater = () => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(look)
  }
  onMount(() => {
    addEventListener('scroll', lookLater, { capture: true, passive: true })
    addEventListener('resize', lookLater)
    onCleanup(() => {
      cancelAnimationFrame(frame)
      removeEventListener('scroll', lookLater, { capture: true })
      removeEventListener('resize', lookLater)
    })
    if (props.fills && props.top) {
      const index = Math.min(props.top, count() - 1)
      setDrawn({ from: Math.max(0, index - overscan), to: index + 2 * overscan })
      // The rows stand in the page once this has run.
      queueMicrotask(() => lineOf(index)?.scrollIntoView({ block: 'start' }))
    }
    const firstId = () => props.rows[0] && props.id(props.rows[0])
    // Other rows are read from their beginning.
    createEffect(on(firstId, () => !props.top && box?.scrollTo({ top: 0 }), { defer: true }))
    createEffect(on([count, () => props.hasMore], lookLater))
  })

  const move = (step: number, extending: boolean) => {
    const index = indexOf(at())
    const next = Math.max(0, Math.min(count() - 1, index + step))
    const row = props.rows[next]
    if (!row) return
    const before = at()
    setAt(props.id(row))
    show(next)
    lineOf(next)?.querySelector<HTMLElement>('.name')?.focus({ preventScroll: true })
    if (extending && before !== undefined) extend(before, props.id(row))
    else anchor = props.id(row)
  }
  /** Selects from where the selection began to here, and lets go of what it reached before and no longer does. */
  const extend = (before: string, to: string) => {
    const select = props.onSelect
    if (!select) return
    anchor ??= before
    const between = (one: string, other: string) => {
      const [first = 0, last = 0] = [indexOf(one), indexOf(other)].toSorted((a, b) => a - b)
      return props.rows.slice(Math.max(0, first), last + 1).map(props.id)
    }
    const begun = anchor
    const kept = new Set(between(begun, to))
    batch(() => {
      select(
        between(begun, before).filter((id) => !kept.has(id)),
        false,
      )
      select([...kept], true)
    })
  }
  const toggle = (id: string) => {
    anchor = id
    props.onSelect?.([id], props.selected?.has(id) !== true)
  }
  const steps = (): Record<string, number> => {
    const { first, last } = inSight()
    const page = Math.max(1, last - first - 2)
    return {
      ArrowDown: 1,
      j: 1,
      J: 1,
      ArrowUp: -1,
      k: -1,
      K: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count(),
      End: count(),
    }
  }
  const onKey = (event: KeyboardEvent) => {
    const active = document.activeElement
    if (props.fills && event.key === 'ArrowDown' && isSearch(active)) {
      move(at() === undefined ? 1 : 0, false)
      event.preventDefault()
      return
    }
    const elsewhere = active !== document.body && active !== box && !body?.contains(active)
    if (elsewhere || typingIn(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const here = at()
    const step = steps()[event.key]
    const isOnButton = active instanceof HTMLButtonElement || active instanceof HTMLInputElement
    if (step !== undefined) move(step, event.shiftKey)
    else if ((event.key === 'x' || (event.key === ' ' && !isOnButton)) && here !== undefined && props.onSelect)
      toggle(here)
    else if (event.key === 'Enter' && here !== undefined && active === document.body)
      lineOf(indexOf(here))?.querySelector<HTMLElement>('.name')?.click()
    else return
    event.preventDefault()
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => removeEventListener('keydown', onKey))

  const sorted = (column: Column<Row>) =>
    props.sort === column.key ? 'ascending' : props.sort === `-${column.key}` ? 'descending' : undefined
  const next = (column: Column<Row>) => (sorted(column) === 'ascending' ? `-${column.key}` : column.key)
  const classes = (column: Column<Row>) => ({
    numeric: column.numeric === true,
    wraps: column.wraps === true,
    grows: column.grows === true,
    acts: column.quiet === true && column.numeric === true,
    [`on-phone-${column.phone ?? ''}`]: column.phone !== undefined,
  })
  // What a narrow page leaves out is not drawn either: on a phone that is half of a long table.
  const isLaptop = createMediaMatch('(max-width: 1400px)')
  const isNarrow = createMediaMatch('(max-width: 1100px)')
  const columns = createMemo(() =>
    props.columns.filter((column) => {
      if (isPhone()) return isStacked() ? column.phone !== undefined : !column.wide
      return !(column.wide === 'desk' ? isLaptop() : column.wide === true && isNarrow())
    }),
  )
  /** Lines made of a row are no longer a table to a browser, unless it is told. */
  const role = (name: JSX.HTMLAttributes<HTMLElement>['role']) => (isStacked() ? name : undefined)
  const columnCount = () => columns().length + (props.onSelect ? 1 : 0)
  const Gap = (gap: { of: number }) => (
    <Show when={gap.of > 0}>
      <tr aria-hidden="true" class="gap">
        <td colspan={columnCount()} style={{ height: `${gap.of * rowHeight()}px` }} />
      </tr>
    </Show>
  )
  /** Tab stops at one row: what else could have the focus in the others is reached by the arrows first, or by a click. */
  onMount(() =>
    createEffect(() => {
      if (!props.fills || !body) return
      const stop = indexOf(current()) + 2
      for (let line = span().from + 2; line < span().to + 2; line += 1)
        for (const each of lineOf(line - 2)?.querySelectorAll<HTMLElement>('a[href], button, input') ?? [])
          each.tabIndex = line === stop ? 0 : -1
    }),
  )
  const everyShown = () => count() > 0 && props.rows.every((row) => props.selected?.has(props.id(row)))

  return (
    <div
      class="table-box"
      classList={{ fills: props.fills === true }}
      role="group"
      aria-label={props.label}
      tabindex="0"
      ref={box}
    >
      <table
        class="table"
        classList={{ stacked: isStacked(), 'no-head': !props.onSort && !props.onSelect }}
        role={role('table')}
        aria-label={props.fills ? props.label : undefined}
        aria-rowcount={props.fills ? (props.hasMore ? -1 : count() + 1) : undefined}
      >
        <thead role={role('rowgroup')}>
          <tr role={role('row')} aria-rowindex={props.fills ? 1 : undefined}>
            <Show when={props.onSelect}>
              {(select) => (
                <th scope="col" class="ticks" role={role('columnheader')}>
                  <input
                    class="tick"
                    type="checkbox"
                    aria-label={common.selectShown}
                    title={common.selectShown}
                    checked={everyShown()}
                    ref={(tick) =>
                      createEffect(() => (tick.indeterminate = !everyShown() && (props.selected?.size ?? 0) > 0))
                    }
                    onChange={(event) => select()(props.rows.map(props.id), event.currentTarget.checked)}
                  />
                </th>
              )}
            </Show>
            <For each={columns()}>
              {(column) => (
                <th scope="col" role={role('columnheader')} classList={classes(column)} aria-sort={sorted(column)}>
                  <Show
                    when={column.sortable === true && props.onSort}
                    fallback={
                      <Show
                        when={typeof column.sortable === 'string' && column.sortable}
                        fallback={<span class={column.quiet ? 'sr' : ''}>{column.title}</span>}
                      >
                        {(why) => <Tip text={why()}>{column.title}</Tip>}
                      </Show>
                    }
                  >
                    {(sort) => (
                      <button type="button" onClick={() => sort()(next(column))}>
                        {column.title}
                        <Show when={sorted(column)}>
                          {(direction) => <Icon of={direction() === 'ascending' ? up : down} />}
                        </Show>
                      </button>
                    )}
                  </Show>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody ref={body} role={role('rowgroup')}>
          <Gap of={span().from} />
          <For each={props.rows.slice(span().from, span().to)}>
            {(row, index) => (
              <tr
                role={role('row')}
                classList={{ at: at() === props.id(row) }}
                aria-rowindex={span().from + index() + 2}
                aria-selected={props.onSelect ? props.selected?.has(props.id(row)) === true : undefined}
                onFocusIn={() => setAt(props.id(row))}
                onClick={followRow}
              >
                <Show when={props.onSelect}>
                  <td class="ticks" role={role('cell')}>
                    <input
                      class="tick"
                      type="checkbox"
                      aria-label={`${common.select} ${props.nameOf?.(row) ?? ''}`}
                      checked={props.selected?.has(props.id(row)) === true}
                      onClick={(event) => {
                        const id = props.id(row)
                        if (event.shiftKey && anchor !== undefined) extend(anchor, id)
                        else toggle(id)
                      }}
                    />
                  </td>
                </Show>
                <For each={columns()}>
                  {(column) => (
                    <td role={role('cell')} classList={classes(column)}>
                      {column.cell(row)}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
          <Gap of={count() - span().to} />
        </tbody>
      </table>
    </div>
  )
}

/** Goes where the row's link goes, with the keys held that were held; what is a control itself, and text being marked, is left alone. */
function followRow(event: MouseEvent & { currentTarget: HTMLElement; target: Element }): void {
  const link = event.currentTarget.querySelector<HTMLAnchorElement>('a.name')
  if (link === null || event.defaultPrevented) return
  if (event.target.closest('a, button, input, label, select, [popover], .ticks') !== null) return
  if (getSelection()?.isCollapsed === false) return
  const { ctrlKey, metaKey, shiftKey } = event
  link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }))
}
