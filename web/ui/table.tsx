import { createSignal, For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { down, Icon, up } from './icon.tsx'
import { typingIn } from './keys.ts'
import './table.css'

export type Column<Row> = {
  key: string
  title: string
  cell: (row: Row) => JSX.Element
  /** Numbers stand right. */
  numeric?: boolean
  /** Left out where there is little room. */
  wide?: boolean
  wraps?: boolean
  /** Set when the list can be sorted by it. */
  sortable?: boolean
  /** The title is for screen readers only. */
  quiet?: boolean
}

/** A sort as it stands in the address: a column's key, with "-" before it for descending. */
export type Sort = string

/**
 * A list of rows. Arrows or j/k move through it, Enter follows the row's name, x selects.
 * Each row's first link carries the class `name`: that is where the cursor puts the focus.
 */
export function Table<Row>(props: {
  label: string
  columns: Column<Row>[]
  rows: readonly Row[]
  id: (row: Row) => string
  sort?: Sort
  onSort?: (sort: Sort) => void
  selected?: ReadonlySet<string>
  onSelect?: (id: string, selected: boolean) => void
  nameOf?: (row: Row) => string
  /** The list is the page: it takes the height there is. */
  fills?: boolean
}): JSX.Element {
  const [at, setAt] = createSignal<string>()
  let body: HTMLTableSectionElement | undefined

  const move = (step: number) => {
    const index = props.rows.findIndex((row) => props.id(row) === at())
    const next = Math.max(0, Math.min(props.rows.length - 1, index + step))
    const row = props.rows[next]
    if (!row) return
    setAt(props.id(row))
    const line = body?.children[next]
    line?.querySelector<HTMLElement>('.name')?.focus({ preventScroll: true })
    line?.scrollIntoView({ block: 'nearest' })
  }
  const onKey = (event: KeyboardEvent) => {
    const elsewhere = document.activeElement !== document.body && !body?.contains(document.activeElement)
    if (elsewhere || typingIn(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const current = at()
    if (event.key === 'ArrowDown' || event.key === 'j') move(1)
    else if (event.key === 'ArrowUp' || event.key === 'k') move(-1)
    else if (event.key === 'x' && current !== undefined && props.onSelect) {
      props.onSelect(current, !props.selected?.has(current))
    } else return
    event.preventDefault()
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => removeEventListener('keydown', onKey))

  const sorted = (column: Column<Row>) =>
    props.sort === column.key ? 'ascending' : props.sort === `-${column.key}` ? 'descending' : undefined
  const next = (column: Column<Row>) => (sorted(column) === 'ascending' ? `-${column.key}` : column.key)
  const classes = (column: Column<Row>) => ({
    numeric: column.numeric === true,
    wide: column.wide === true,
    wraps: column.wraps === true,
  })

  return (
    <div
      class="table-box"
      classList={{ fills: props.fills === true }}
      role="group"
      aria-label={props.label}
      tabindex="0"
    >
      <table class="table">
        <thead>
          <tr>
            <Show when={props.onSelect}>
              <th scope="col">
                <span class="sr">{common.select}</span>
              </th>
            </Show>
            <For each={props.columns}>
              {(column) => (
                <th scope="col" classList={classes(column)} aria-sort={sorted(column)}>
                  <Show
                    when={column.sortable && props.onSort}
                    fallback={<span class={column.quiet ? 'sr' : ''}>{column.title}</span>}
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
        <tbody ref={body}>
          <For each={props.rows}>
            {(row) => (
              <tr
                classList={{ at: at() === props.id(row) }}
                aria-selected={props.onSelect ? props.selected?.has(props.id(row)) === true : undefined}
                onFocusIn={() => setAt(props.id(row))}
              >
                <Show when={props.onSelect}>
                  {(select) => (
                    <td>
                      <input
                        class="tick"
                        type="checkbox"
                        aria-label={`${common.select} ${props.nameOf?.(row) ?? ''}`}
                        checked={props.selected?.has(props.id(row)) === true}
                        onChange={(event) => select()(props.id(row), event.currentTarget.checked)}
                      />
                    </td>
                  )}
                </Show>
                <For each={props.columns}>{(column) => <td classList={classes(column)}>{column.cell(row)}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
