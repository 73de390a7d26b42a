import { useParams } from '@solidjs/router'
import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/messages.tsx'
import { Crumbs } from '../../ui/nav.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { matters as words } from '../../words/matters.ts'
import { explain } from '../../words/problem.ts'
import { ExportMenu } from '../export-menu.tsx'
import { NotFound } from '../not-found.tsx'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { MatterRows } from './matter-rows.tsx'
import { listMatters, matterKinds, saveMatters, type MatterKind, type MatterList } from './matters.data.ts'
import './matters.css'

/** All of one kind, read as one goes down. */
export function MatterListPage(): JSX.Element {
  const params = useParams<{ kind: string }>()
  return (
    <Show when={matterKinds.find((one) => one === params.kind)} keyed fallback={<NotFound />}>
      {(kind) => <MattersOf kind={kind} />}
    </Show>
  )
}

function MattersOf(props: { kind: MatterKind }): JSX.Element {
  const staff = useStaff()
  useTitle(() => words.names[props.kind])
  const [first, { refetch }] = createResource(
    () => props.kind,
    (asked) => listMatters(asked, null),
  )
  const [more, setMore] = createSignal<MatterList[]>([])
  const [busy, setBusy] = createSignal(false)
  const readMore = async (cursor: string) => {
    setBusy(true)
    try {
      const page = await listMatters(props.kind, cursor)
      setMore((known) => [...known, page])
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Crumbs
        label={admin.breadcrumb}
        path={[{ href: '/licences', label: words.title }]}
        here={words.names[props.kind]}
      />
      <div class="head">
        <h1>{words.names[props.kind]}</h1>
        <Show when={staff.mayWrite}>
          <ExportMenu note={words.wholeList} save={(format) => saveMatters(props.kind, format)} />
        </Show>
      </div>
      <Show when={words.notes[props.kind]}>{(note) => <p class="quiet matters-lead">{note()}</p>}</Show>
      <Loaded of={first} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(page) => {
          const items = () => [page(), ...more()].flatMap((one) => one.items)
          const next = () => (more().at(-1) ?? page()).nextCursor
          return (
            <Show when={items().length > 0} fallback={<p class="quiet">{words.none[props.kind]}</p>}>
              <section class="panel" aria-label={words.names[props.kind]}>
                <MatterRows kind={props.kind} items={items()} />
              </section>
              <div class="matters-end">
                <span class="quiet small" role="status">
                  {words.shown(items().length)}
                </span>
                <Show when={next()}>
                  {(cursor) => (
                    <Button busy={busy()} onClick={() => void readMore(cursor())}>
                      {words.more}
                    </Button>
                  )}
                </Show>
              </div>
            </Show>
          )
        }}
      </Loaded>
    </>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
        <Bone shape="half" />
      </div>
    </Skeleton>
  )
}
