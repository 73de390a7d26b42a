import { A, useNavigate } from '@solidjs/router'
import { createResource, createSignal, For, onCleanup, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { wasCancelled } from '../../api/upload.ts'
import { State, type Mood } from '../../ui/badge.tsx'
import { Progress } from '../../ui/bars.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { DropArea, type Dropped } from '../../ui/drop-area.tsx'
import { download, upload } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Crumbs } from '../../ui/nav.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { admin } from '../../words/admin.ts'
import { number } from '../../words/format.ts'
import { imports as words, importBytesMax } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { Steps } from './steps.tsx'
import { beginImport, listImports, sampleHref, type CustomerImport } from './imports.data.ts'
import './imports.css'

/** Where an import begins, and those there were. */
export function ImportsPage(): JSX.Element {
  const staff = useStaff()
  useTitle(() => words.title)
  return (
    <>
      <Crumbs
        label={admin.breadcrumb}
        path={[{ href: '/customers', label: admin.customers.title }]}
        here={words.title}
      />
      <div class="head">
        <h1>{words.title}</h1>
      </div>
      <Show when={staff.mayManage} fallback={<Notice>{words.notAllowed}</Notice>}>
        <Steps at="file" />
        <div class="stack wide">
          <Choose />
          <Past />
        </div>
      </Show>
    </>
  )
}

function Choose(): JSX.Element {
  const navigate = useNavigate()
  const [sending, setSending] = createSignal<{ file: File; share: number }>()
  const [trouble, setTrouble] = createSignal<string>()
  const leaving = new AbortController()
  onCleanup(() => leaving.abort())
  let input: HTMLInputElement | undefined

  const take = async (file: File) => {
    if (sending()) return
    setTrouble(undefined)
    if (file.size > importBytesMax) {
      setTrouble(words.file.tooLarge(file.size))
      return
    }
    setSending({ file, share: 0 })
    try {
      const { id } = await beginImport(file, (share) => setSending({ file, share }), leaving.signal)
      navigate(`/customers/imports/${id}/columns`)
    } catch (error) {
      if (!wasCancelled(error)) setTrouble(explain(asProblem(error)))
    } finally {
      setSending(undefined)
    }
  }
  const dropped = ([first, ...others]: Dropped[]) => {
    if (!first) return
    if (others.length > 0) setTrouble(words.file.one)
    else if (first.isFolder) setTrouble(words.file.folder)
    else void take(first.file)
  }
  return (
    <section class="card import-choose" aria-labelledby="import-choose">
      <h2 id="import-choose">{words.file.title}</h2>
      <p class="quiet">{words.file.text}</p>
      <Show when={trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <Show
        when={sending()}
        fallback={
          <div class="row wrap">
            <Button look="primary" icon={upload} onClick={() => input?.click()}>
              {words.file.choose}
            </Button>
            <ButtonLink look="plain" icon={download} href={sampleHref} download>
              {words.file.sample}
            </ButtonLink>
          </div>
        }
      >
        {(now) => (
          <Progress
            what={words.file.sending(now().file.name)}
            done={Math.round(now().share * 100)}
            of={100}
            label={words.file.sending(now().file.name)}
          />
        )}
      </Show>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        aria-label={words.file.choose}
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) void take(file)
        }}
      />
      <DropArea title={words.file.dropTitle} text={words.file.dropText} icon={upload} onDrop={dropped} />
    </section>
  )
}

const moods: Record<CustomerImport['state'], Mood> = {
  waiting: 'none',
  uploaded: 'none',
  checking: 'info',
  checked: 'warn',
  running: 'info',
  done: 'good',
  undoing: 'info',
  undone: 'none',
  failed: 'bad',
  discarded: 'none',
}

const hasRun = ({ state }: CustomerImport) => ['running', 'done', 'undoing', 'undone'].includes(state)

const columns: Column<CustomerImport>[] = [
  {
    key: 'file',
    title: words.past.columns.file,
    phone: 'title',
    cell: (row) => (
      <A class="name" dir="auto" href={`/customers/imports/${row.id}`} title={row.fileName}>
        {row.fileName}
      </A>
    ),
  },
  {
    key: 'state',
    title: words.past.columns.state,
    phone: 'line',
    cell: (row) => <State mood={moods[row.state]}>{words.state[row.state]}</State>,
  },
  {
    key: 'added',
    title: words.past.columns.added,
    numeric: true,
    phone: 'line',
    cell: (row) => (
      <Show when={hasRun(row)}>
        <span class="on-phone-only">{words.past.columns.added}: </span>
        {number(row.counts.create)}
      </Show>
    ),
  },
  {
    key: 'changed',
    title: words.past.columns.changed,
    numeric: true,
    wide: true,
    cell: (row) => (hasRun(row) ? number(row.counts.update) : ''),
  },
  { key: 'by', title: words.past.columns.by, wide: true, cell: (row) => row.createdBy },
  {
    key: 'when',
    title: words.past.columns.when,
    numeric: true,
    wide: true,
    phone: 'end',
    cell: (row) => <Time at={row.createdAt} relative plain />,
  },
]

function Past(): JSX.Element {
  const [page, { refetch }] = createResource(() => listImports({}))
  const later = createLaterPages(
    () => '',
    (cursor) => listImports({ cursor }),
  )
  return (
    <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(first) => (
        <Panel title={words.past.title}>
          <Show when={first().items.length > 0} fallback={<p class="panel-body quiet">{words.past.none}</p>}>
            <Table label={words.past.title} columns={columns} rows={later.rows(first())} id={(row) => row.id} />
            <div class="table-foot in-panel">
              <span>{words.past.text}</span>
              <Show when={later.cursor(first())}>
                {(at) => (
                  <Button busy={later.busy()} onClick={() => void later.more(at())}>
                    {words.past.more}
                  </Button>
                )}
              </Show>
            </div>
          </Show>
        </Panel>
      )}
    </Loaded>
  )
}

export function Waiting(props: { what?: string }): JSX.Element {
  return (
    <Skeleton what={props.what ?? words.loading}>
      <div class="panel panel-body stack">
        <For each={[1, 2, 3, 4]}>{(n) => <Bone shape={n % 2 ? 'long' : 'half'} />}</For>
      </div>
    </Skeleton>
  )
}
