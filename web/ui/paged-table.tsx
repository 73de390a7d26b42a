import { createMemo, Show, splitProps, type ComponentProps, type JSX } from 'solid-js'
import { Button } from './button.tsx'
import type { createLaterPages } from './later-pages.ts'
import { Table } from './table.tsx'

type Page<Row> = { items: Row[]; nextCursor: string | null; truncated?: boolean }

/**
 * A list that is the page: its next rows are read when the last ones come into sight. A page that did not come is read when
 * somebody asks for it. Without a row there is what is given in place of one.
 */
export function PagedTable<Row>(
  props: Omit<ComponentProps<typeof Table<Row>>, 'rows' | 'fills' | 'hasMore' | 'onEnd'> & {
    page: Page<Row>
    later: ReturnType<typeof createLaterPages<Row>>
    /** Until another question's rows are there, the end is still the last one's. */
    isLoading: boolean
    words: { more: string; keys: string; shown: (count: number, isMore: boolean) => string }
    /** Said in place of the number where the server looked no further. */
    cut?: string
    nothing: JSX.Element
  },
): JSX.Element {
  const [own, table] = splitProps(props, ['page', 'later', 'isLoading', 'words', 'cut', 'nothing'])
  const rows = createMemo(() => own.later.rows(own.page))
  const cursor = () => own.later.cursor(own.page)
  return (
    <Show when={rows().length > 0} fallback={own.nothing}>
      <Table
        {...table}
        fills
        rows={rows()}
        hasMore={cursor() !== null && !own.isLoading}
        onEnd={() => {
          const at = cursor()
          if (at !== null && !own.later.failed()) void own.later.more(at)
        }}
      />
      <div class="table-foot">
        <span role="status">
          {own.page.truncated === true ? own.cut : own.words.shown(rows().length, cursor() !== null)}
        </span>
        <Show when={own.later.failed() && cursor()} fallback={<span class="keys-hint">{own.words.keys}</span>}>
          {(at) => <Button onClick={() => void own.later.more(at())}>{own.words.more}</Button>}
        </Show>
      </div>
    </Show>
  )
}
