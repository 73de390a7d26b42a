import { useSearchParams } from '@solidjs/router'
import { createEffect, createResource, createSignal, For, on, Show, type JSX } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { DropArea } from '../../ui/drop-area.tsx'
import { download, file as fileShape, Icon, more, out, pen, picture, upload } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Chip } from '../../ui/nav.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Rename } from '../../ui/rename.tsx'
import { Bone, Empty, Failed, Loaded, Skeleton } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Table } from '../../ui/table.tsx'
import { Transfers } from '../../ui/transfers.tsx'
import { common } from '../../words/common.ts'
import { documents as words } from '../../words/documents.ts'
import { explain } from '../../words/problem.ts'
import { useCustomer } from './customer-context.ts'
import { cancelUpload, lastArrival, retryUpload, startUploads, uploadsOf } from './document-uploads.ts'
import {
  contentUrl,
  deleteDocument,
  listDeleted,
  listDocuments,
  restoreDocument,
  saveDocument,
  viewUrl,
  type Document,
  type DocumentInput,
  type DocumentQuery,
  type DocumentSort,
} from './documents.data.ts'

import './documents.css'

const categories = ['contract', 'runbook', 'other'] as const
const sorts: readonly string[] = ['name', '-name', 'added', '-added'] satisfies DocumentSort[]
const isSort = (text: string | undefined): text is DocumentSort => text !== undefined && sorts.includes(text)

export function Documents(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const id = () => customer().id
  const [params, setParams] = useSearchParams<{ category?: string; shared?: string; sort?: string }>()
  const category = () => categories.find((each) => each === params.category)
  const onlyShared = () => params.shared === 'true'
  const sort = (): DocumentSort => (isSort(params.sort) ? params.sort : 'name')
  const asked = (): { customerId: string; query: DocumentQuery } => {
    const kind = category()
    return {
      customerId: id(),
      query: { limit: 100, sort: sort(), ...(kind && { category: kind }), ...(onlyShared() && { shared: 'true' }) },
    }
  }
  const [turn, setTurn] = createSignal(0)
  const readAgain = () => setTurn((count) => count + 1)
  const [page] = createResource(
    () => ({ ...asked(), turn: turn() }),
    ({ customerId, query }) => listDocuments(customerId, query),
  )
  const later = createLaterPages(
    () => JSON.stringify([asked(), turn()]),
    (from) => listDocuments(id(), { ...asked().query, cursor: from }),
  )
  // Rows keep their place and their focus when one of them changes, so they are a store and not new objects.
  const [rows, setRows] = createStore<Document[]>([])
  /** What was changed here since it was read, and what was deleted. */
  const [changed, setChanged] = createSignal<ReadonlyMap<string, Document | 'deleted'>>(new Map())
  const change = (documentId: string, to: Document | 'deleted') =>
    setChanged((before) => new Map(before).set(documentId, to))
  const [renaming, setRenaming] = createSignal<string>()
  const [saving, setSaving] = createSignal<string>()
  const [showsBin, setShowsBin] = createSignal(false)
  const [deletions, setDeletions] = createSignal(0)
  let chooser: HTMLInputElement | undefined

  const first = () => (page.state === 'ready' ? page.latest : undefined)
  createEffect(on(first, () => setChanged(new Map())))
  createEffect(() => {
    const read = first()
    if (read === undefined) return
    const now = later.rows(read).flatMap((row) => {
      const next = changed().get(row.id) ?? row
      return next === 'deleted' ? [] : [next]
    })
    setRows(reconcile(now, { key: 'id' }))
  })
  createEffect(
    on(
      lastArrival,
      (arrival) => {
        if (arrival?.customerId !== id()) return
        if (arrival.count !== undefined) say(words.uploaded(arrival.count))
        readAgain()
      },
      { defer: true },
    ),
  )

  const failed = (error: unknown) => {
    const problem = asProblem(error)
    say(explain(problem), { mood: 'bad' })
    // Somebody else was faster, or it is gone: what stands here is old.
    if (problem.status === 412 || problem.status === 404) readAgain()
  }
  const save = async (document: Document, input: Partial<DocumentInput>): Promise<Document> => {
    const { name, category: kind, sharedWithCustomer } = document
    const saved = await saveDocument(id(), document, { name, category: kind, sharedWithCustomer, ...input })
    change(saved.id, saved)
    return saved
  }
  const saveAndSay = async (document: Document, input: Partial<DocumentInput>, told: (saved: Document) => string) => {
    if (saving() !== undefined) return
    setSaving(document.id)
    try {
      say(told(await save(document, input)))
    } catch (error) {
      failed(error)
    } finally {
      setSaving(undefined)
    }
  }
  const rename = async (document: Document, name: string): Promise<string | undefined> => {
    try {
      const saved = await save(document, { name })
      say(words.renamed(saved.name))
      return undefined
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status === 412 || problem.status === 404) readAgain()
      return explain(problem)
    }
  }
  const remove = async (document: Document) => {
    const index = rows.findIndex((row) => row.id === document.id)
    const { id: documentId, name } = document
    try {
      await deleteDocument(id(), document)
    } catch (error) {
      failed(error)
      return
    }
    change(documentId, 'deleted')
    setDeletions((count) => count + 1)
    focusRow(Math.min(index, rows.length - 1))
    say(words.deleted(name), { act: { label: words.undo, do: () => void restore(documentId) } })
  }
  const restore = async (documentId: string) => {
    try {
      const { name } = await restoreDocument(id(), documentId)
      setDeletions((count) => count + 1)
      say(words.restored(name))
      readAgain()
    } catch (error) {
      failed(error)
    }
  }
  const start = (files: readonly { file: File; isFolder: boolean }[]) =>
    startUploads(id(), files, category() ?? 'other')
  const isFiltered = () => category() !== undefined || onlyShared()
  const closeRename = (documentId: string) => {
    setRenaming(undefined)
    focusRow(rows.findIndex((row) => row.id === documentId))
  }

  const add = (look: 'primary' | 'outlined' = 'primary') => (
    <Button look={look} icon={upload} onClick={() => chooser?.click()}>
      {words.add}
    </Button>
  )
  const menu = (document: Document) => (
    <Menu
      buttonClass="icon-button"
      buttonLabel={common.more(document.name)}
      button={<Icon of={more} />}
      side="end"
      groups={[
        [
          ...(document.canBeViewed
            ? [{ label: words.open, icon: out, href: viewUrl(id(), document.id), newTab: true }]
            : []),
          { label: words.download, icon: download, href: contentUrl(id(), document.id), download: true },
          ...(mayChange() ? [{ label: words.rename, icon: pen, onSelect: () => setRenaming(document.id) }] : []),
        ],
        ...(mayChange()
          ? [
              categories.map((kind) => ({
                label: words.category[kind],
                checked: document.category === kind,
                onSelect: () =>
                  document.category === kind
                    ? undefined
                    : void saveAndSay(document, { category: kind }, (saved) => words.moved(saved.name, kind)),
              })),
              [{ label: words.delete, danger: true, onSelect: () => void remove(document) }],
            ]
          : []),
      ]}
    />
  )

  return (
    <>
      <Show when={mayChange()}>
        <DropArea title={words.dropTitle} text={words.dropText} icon={upload} onDrop={start} />
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label={words.add}
          onChange={(event) => {
            start([...(event.currentTarget.files ?? [])].map((file) => ({ file, isFolder: false })))
            event.currentTarget.value = ''
          }}
        />
      </Show>
      <Panel title={words.title} end={mayChange() && (rows.length > 0 || isFiltered()) ? add() : undefined}>
        <Transfers label={words.transfers} transfers={uploadsOf(id())} onCancel={cancelUpload} onRetry={retryUpload} />
        <Show when={rows.length > 0 || isFiltered()}>
          <div class="filters" role="group" aria-label={words.filter}>
            <For each={categories}>
              {(kind) => (
                <Chip
                  on={category() === kind}
                  onToggle={() => setParams({ category: category() === kind ? undefined : kind })}
                >
                  {words.categories[kind]}
                </Chip>
              )}
            </For>
            <Chip on={onlyShared()} onToggle={() => setParams({ shared: onlyShared() ? undefined : 'true' })}>
              {words.sharedFilter}
            </Chip>
          </div>
        </Show>
        <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={readAgain}>
          {() => (
            <Show
              when={rows.length > 0}
              fallback={
                <Show
                  when={isFiltered()}
                  fallback={
                    <Empty icon={fileShape} title={words.emptyTitle} act={mayChange() ? add() : undefined}>
                      {mayChange() ? words.emptyText : words.emptyTextReader}
                    </Empty>
                  }
                >
                  <Empty
                    icon={fileShape}
                    title={words.noMatchTitle}
                    act={
                      <Button onClick={() => setParams({ category: undefined, shared: undefined })}>
                        {words.clear}
                      </Button>
                    }
                  >
                    {words.noMatchText}
                  </Empty>
                </Show>
              }
            >
              <Table
                label={words.title}
                rows={rows}
                id={(document) => document.id}
                sort={sort()}
                onSort={(next) => setParams({ sort: next === 'name' ? undefined : next })}
                columns={[
                  {
                    key: 'name',
                    title: words.columns.name,
                    sortable: true,
                    cell: (document) => (
                      <Show
                        when={renaming() === document.id}
                        fallback={
                          <Name
                            customerId={id()}
                            document={document}
                            onRename={mayChange() ? () => setRenaming(document.id) : undefined}
                            onDelete={mayChange() ? () => void remove(document) : undefined}
                          />
                        }
                      >
                        <Rename
                          label={words.renameLabel(document.name)}
                          value={document.name}
                          onSave={(name) => rename(document, name)}
                          onClose={() => closeRename(document.id)}
                        />
                      </Show>
                    ),
                  },
                  {
                    key: 'category',
                    title: words.columns.category,
                    wide: 'phone',
                    cell: (document) => <>{words.category[document.category]}</>,
                  },
                  {
                    key: 'size',
                    title: words.columns.size,
                    numeric: true,
                    wide: 'phone',
                    cell: (document) => <>{words.size(document.byteCount)}</>,
                  },
                  {
                    key: 'addedBy',
                    title: words.columns.addedBy,
                    wide: true,
                    cell: (document) => <>{document.addedBy}</>,
                  },
                  {
                    key: 'added',
                    title: words.columns.added,
                    sortable: true,
                    numeric: true,
                    wide: 'phone',
                    cell: (document) => (
                      <time dateTime={document.addedAt} title={words.addedFull(document.addedAt)}>
                        {words.added(document.addedAt)}
                      </time>
                    ),
                  },
                  {
                    key: 'shared',
                    title: words.columns.shared,
                    cell: (document) => (
                      <Show when={mayChange()} fallback={<>{document.sharedWithCustomer ? words.yes : words.no}</>}>
                        <Switch
                          on={document.sharedWithCustomer}
                          label={words.shareLabel(document.name)}
                          busy={saving() === document.id}
                          onChange={(sharedWithCustomer) =>
                            void saveAndSay(document, { sharedWithCustomer }, (saved) =>
                              saved.sharedWithCustomer ? words.shared(saved.name) : words.unshared(saved.name),
                            )
                          }
                        />
                      </Show>
                    ),
                  },
                  { key: 'more', title: words.columns.more, quiet: true, numeric: true, cell: menu },
                ]}
              />
            </Show>
          )}
        </Loaded>
      </Panel>
      <div class="table-foot">
        <Show when={later.cursor(first() ?? { items: [], nextCursor: null })} fallback={<span />}>
          {(from) => (
            <Button busy={later.busy()} onClick={() => void later.more(from())}>
              {words.showMore}
            </Button>
          )}
        </Show>
        <Show when={mayChange() && rows.length > 0}>
          <span class="keys-hint">{words.keys}</span>
        </Show>
        <Button look="plain" onClick={() => setShowsBin(!showsBin())}>
          {words.bin}
        </Button>
      </div>
      <Show when={showsBin()}>
        <Bin customerId={id()} deletions={deletions()} mayRestore={mayChange()} onRestored={readAgain} />
      </Show>
    </>
  )
}

function Name(props: {
  customerId: string
  document: Document
  onRename: (() => void) | undefined
  onDelete: (() => void) | undefined
}): JSX.Element {
  const onKey = (event: KeyboardEvent) => {
    const act = event.key === 'F2' ? props.onRename : event.key === 'Delete' ? props.onDelete : undefined
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <span class="row">
      <Icon of={props.document.mediaType.startsWith('image/') ? picture : fileShape} class="quiet" />
      <a
        class="name file-name"
        dir="auto"
        title={props.document.name}
        href={
          props.document.canBeViewed
            ? viewUrl(props.customerId, props.document.id)
            : contentUrl(props.customerId, props.document.id)
        }
        target={props.document.canBeViewed ? '_blank' : undefined}
        rel={props.document.canBeViewed ? 'noopener' : undefined}
        download={props.document.canBeViewed ? undefined : ''}
        onKeyDown={onKey}
      >
        {props.document.name}
      </a>
    </span>
  )
}

/** What was deleted lately, to be had back. */
function Bin(props: {
  customerId: string
  /** Counts deletions and restorations, each of which changes what is here. */
  deletions: number
  mayRestore: boolean
  onRestored: () => void
}): JSX.Element {
  const [deleted, { refetch }] = createResource(() => props.customerId, listDeleted)
  createEffect(
    on(
      () => props.deletions,
      () => void refetch(),
      { defer: true },
    ),
  )
  const restore = async (document: Document) => {
    try {
      await restoreDocument(props.customerId, document.id)
      say(words.restored(document.name))
      props.onRestored()
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  return (
    <Panel title={words.bin}>
      <Show when={deleted.state === 'errored'}>
        <Failed title={words.binFailed} error={deleted.error} retry={() => void refetch()} />
      </Show>
      <Show when={deleted.state === 'pending'}>
        <Waiting />
      </Show>
      <Show when={deleted.state === 'ready' || deleted.state === 'refreshing' ? deleted.latest : undefined}>
        {(known) => (
          <>
            <p class="panel-body quiet small">{known().items.length > 0 ? words.binText : words.binEmpty}</p>
            <ul class="bin">
              <For each={known().items}>
                {(document) => (
                  <li>
                    <span class="file-name" dir="auto">
                      {document.name}
                    </span>
                    <span class="quiet nowrap">{document.deletedAt && words.deletedOn(document.deletedAt)}</span>
                    <Show when={props.mayRestore}>
                      <Button look="plain" onClick={() => void restore(document)}>
                        {words.restore}
                        <span class="sr">: {document.name}</span>
                      </Button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Show>
    </Panel>
  )
}

/** Where the keyboard goes on after a row was changed or has gone. */
function focusRow(index: number): void {
  queueMicrotask(() => {
    const names = document.querySelectorAll<HTMLElement>('.table tbody .name')
    const next = names[index] ?? document.querySelector<HTMLElement>('.panel-head button')
    next?.focus()
  })
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
