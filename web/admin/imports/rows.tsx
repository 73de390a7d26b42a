import { A } from '@solidjs/router'
import { createResource, createSignal, For, Match, Show, Switch, type JSX } from 'solid-js'
import { State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { list } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { activity } from '../../words/activity.ts'
import { number } from '../../words/format.ts'
import { imports as words } from '../../words/imports.ts'
import { useImport } from './import-context.ts'
import { listRows, type CustomerImportRow, type ImportDecision, type ImportField } from './imports.data.ts'
import { Waiting } from './imports-page.tsx'
import { RowEditor } from './row-editor.tsx'

const texts = words.check
const moods: Record<ImportDecision, Mood> = {
  create: 'good',
  update: 'info',
  unchanged: 'none',
  skip: 'none',
  error: 'bad',
}

export type RowFilter = { decision?: ImportDecision; undoing?: 'left' }

/** The rows of an import, one page after the other; those that are wrong with their cells to be put right. */
export function Rows(props: {
  filter: RowFilter
  /** What is said of a row by what was decided: before the import what will happen, after it what has. */
  said: Record<ImportDecision, string>
  editable: boolean
}): JSX.Element {
  const { imported, refresh } = useImport()
  const question = () => ({ id: imported().id, ...props.filter })
  const read = ({ id, ...filter }: ReturnType<typeof question>, cursor?: string) =>
    listRows(id, { limit: 50, ...filter, ...(cursor !== undefined && { cursor }) })
  const [page, { refetch }] = createResource(question, (asked) => read(asked))
  const later = createLaterPages(
    () => JSON.stringify(question()),
    (cursor) => read(question(), cursor),
  )
  // What was just put right stays where it is until the list is asked for again.
  const [changed, setChanged] = createSignal<ReadonlyMap<string, CustomerImportRow>>(new Map())
  const [editing, setEditing] = createSignal<CustomerImportRow>()
  const saved = (row: CustomerImportRow) => {
    setChanged((before) => new Map(before).set(row.id, row))
    setEditing(undefined)
    refresh()
    // Rows that it was in the way of are decided anew with it.
    const shown = page.state === 'ready' ? later.rows(page()) : []
    if (shown.some(({ errors }) => errors.some(({ sameAsLine }) => sameAsLine === row.line))) {
      later.forget()
      void refetch()
    }
  }
  const taken = () => imported().columns.flatMap(({ field }): ImportField[] => (field === null ? [] : [field]))
  return (
    <Loaded
      of={page}
      waiting={<Waiting what={texts.loadingRows} />}
      failedTitle={texts.failedRows}
      retry={() => void refetch()}
    >
      {(first) => {
        const rows = () => later.rows(first()).map((row) => changed().get(row.id) ?? row)
        return (
          <>
            <Switch>
              <Match when={rows().length === 0}>
                <div class="card">
                  <Empty icon={list} title={imported().rowCount === 0 ? texts.emptyTitle : texts.noneTitle}>
                    {imported().rowCount === 0 ? texts.emptyText : texts.noneText}
                  </Empty>
                </div>
              </Match>
              <Match when={props.editable && props.filter.decision === 'error'}>
                <ul class="import-errors">
                  <For each={rows()}>
                    {(row) => (
                      <li>
                        <Show
                          when={row.decision === 'error'}
                          fallback={
                            <p class="row">
                              <State mood={moods[row.decision]}>{texts.nowWill(row.line, row.decision)}</State>
                              <span class="quiet" dir="auto">
                                {row.values.name}
                              </span>
                            </p>
                          }
                        >
                          <RowEditor importId={imported().id} row={row} taken={taken()} onSaved={saved} />
                        </Show>
                      </li>
                    )}
                  </For>
                </ul>
              </Match>
              <Match when={true}>
                <Table
                  label={texts.title}
                  columns={columnsOf(props.said, props.editable ? setEditing : undefined)}
                  rows={rows()}
                  id={(row) => row.id}
                />
              </Match>
            </Switch>
            <Show when={later.cursor(first())}>
              {(at) => (
                <div class="table-foot">
                  <Button busy={later.busy()} onClick={() => void later.more(at())}>
                    {texts.more}
                  </Button>
                </div>
              )}
            </Show>
            <Show when={editing()} keyed>
              {(row) => (
                <Dialog
                  open
                  title={texts.editOf(row.line, row.values.name)}
                  onClose={() => setEditing(undefined)}
                  foot={undefined}
                >
                  <RowEditor importId={imported().id} row={row} taken={taken()} onSaved={saved} titled />
                </Dialog>
              )}
            </Show>
          </>
        )
      }}
    </Loaded>
  )
}

const columnsOf = (
  said: Record<ImportDecision, string>,
  edit: ((row: CustomerImportRow) => void) | undefined,
): Column<CustomerImportRow>[] => [
  { key: 'line', title: texts.line, numeric: true, phone: 'lead', cell: (row) => number(row.line) },
  { key: 'name', title: texts.name, phone: 'title', cell: (row) => <Name row={row} /> },
  {
    key: 'what',
    title: edit ? texts.what : words.result.title,
    phone: 'line',
    cell: (row) => (
      <State mood={row.undoing === 'left' ? 'warn' : row.undoing ? 'none' : moods[row.decision]}>
        {row.undoing ? words.result.undoings[row.undoing] : said[row.decision]}
      </State>
    ),
  },
  { key: 'why', title: texts.why, wraps: true, phone: 'line', cell: (row) => <Why row={row} /> },
  ...(edit
    ? [
        {
          key: 'act',
          title: texts.act,
          quiet: true,
          numeric: true,
          phone: 'end' as const,
          cell: (row: CustomerImportRow) => (
            <Button look="plain" class="in-row" onClick={() => edit(row)}>
              {row.skip ? texts.takeIn : texts.edit}
              <span class="sr">: {texts.editOf(row.line)}</span>
            </Button>
          ),
        },
      ]
    : []),
]

function Name(props: { row: CustomerImportRow }): JSX.Element {
  const isForgotten = () =>
    props.row.errors.length === 0 && Object.values(props.row.values).every((value) => value === '')
  const name = () =>
    (props.row.customer?.name ?? props.row.values.name) || (isForgotten() ? texts.forgotten : texts.nameless)
  return (
    <Show
      when={props.row.undoing === 'removed' ? undefined : props.row.customer?.id}
      fallback={
        <span class="name" dir="auto" title={name()}>
          {name()}
        </span>
      }
    >
      {(id) => (
        <A class="name" dir="auto" href={`/customers/${id()}`} title={name()}>
          {name()}
        </A>
      )}
    </Show>
  )
}

/** What is wrong, or what becomes what. */
function Why(props: { row: CustomerImportRow }): JSX.Element {
  const shown = (value: unknown) => (typeof value === 'string' ? value : activity.empty)
  return (
    <Switch>
      <Match when={props.row.undoReason}>{props.row.undoReason}</Match>
      <Match when={props.row.errors.length > 0}>
        <For each={props.row.errors}>
          {(error) => (
            <div>
              <Show when={error.column}>{(column) => <b dir="auto">{column()}: </b>}</Show>
              {error.reason}
            </div>
          )}
        </For>
      </Match>
      <Match when={props.row.decision === 'update'}>
        <For each={props.row.changes}>
          {(change) => (
            <div class="import-change" dir="auto">
              <span class="quiet">{words.field[change.field as ImportField]}: </span>
              <Show when={change.before !== null}>
                <span class="sr">{activity.before}: </span>
                <del>{shown(change.before)}</del> →{' '}
              </Show>
              <span class="sr">{activity.after}: </span>
              <ins>{shown(change.after)}</ins>
            </div>
          )}
        </For>
      </Match>
    </Switch>
  )
}
