import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { bell, Icon, more, plus } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { readOrganisation } from '../settings/settings.data.ts'
import { NoticeForm } from './notice-form.tsx'
import { deleteNotice, listNotices, readNotice, type Notice, type NoticeSummary } from './notices.data.ts'

const words = admin.notices
const moods: Record<NoticeSummary['state'], Mood> = { scheduled: 'info', showing: 'good', over: 'none', nobody: 'warn' }
const pageSize = 50

/** What the MSP tells its customers in their portals. */
export function Notices(): JSX.Element {
  const staff = useStaff()
  useTitle(() => words.title)
  const [asked, setAsked] = createSignal(0)
  const [first, { refetch }] = createResource(() => listNotices({ limit: pageSize }))
  const later = createLaterPages(
    () => String(asked()),
    (cursor) => listNotices({ limit: pageSize, cursor }),
  )
  const [editing, setEditing] = createSignal<{ notice?: Notice; timeZone: string }>()
  const [removing, setRemoving] = createSignal<NoticeSummary>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()

  const again = async () => {
    setAsked(asked() + 1)
    await refetch()
  }
  const open = async (noticeId?: string) => {
    try {
      const [organisation, notice] = await Promise.all([
        readOrganisation(),
        noticeId ? readNotice(noticeId) : undefined,
      ])
      setEditing({ timeZone: organisation.timeZone, ...(notice && { notice }) })
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const remove = async (notice: NoticeSummary) => {
    setBusy(true)
    try {
      await deleteNotice(notice.id)
      setRemoving(undefined)
      say(words.removed(notice.title))
      await again()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  const askToRemove = (notice: NoticeSummary) => {
    setTrouble(undefined)
    setRemoving(notice)
  }
  const columns = (): Column<NoticeSummary>[] => [
    {
      key: 'title',
      title: words.columns.title,
      wraps: true,
      phone: 'title',
      cell: (notice) => (
        <span class="name" tabindex="-1">
          {notice.title}
        </span>
      ),
    },
    {
      key: 'state',
      title: words.columns.state,
      phone: 'line',
      cell: (notice) => <State mood={moods[notice.state]}>{words.state[notice.state]}</State>,
    },
    { key: 'kind', title: words.columns.kind, wide: true, cell: (notice) => words.kinds[notice.kind] },
    {
      key: 'audience',
      title: words.columns.audience,
      wide: 'phone',
      phone: 'line',
      cell: (notice) => (notice.customerCount === null ? words.forAll : words.forSome(notice.customerCount)),
    },
    {
      key: 'time',
      title: words.columns.time,
      wide: 'phone',
      phone: 'line',
      wraps: true,
      cell: (notice) => words.span(notice.startsAt, notice.endsAt),
    },
    ...(staff.mayWrite
      ? [
          {
            key: 'more',
            title: words.columns.more,
            quiet: true,
            numeric: true,
            phone: 'end' as const,
            cell: (notice: NoticeSummary) => (
              <span class="row-acts">
                <Button look="plain" onClick={() => void open(notice.id)}>
                  {words.editVerb}
                  <span class="sr">: {notice.title}</span>
                </Button>
                <Menu
                  buttonClass="icon-button"
                  buttonLabel={common.more(notice.title)}
                  button={<Icon of={more} />}
                  side="end"
                  groups={[[{ label: words.remove, danger: true, onSelect: () => askToRemove(notice) }]]}
                />
              </span>
            ),
          },
        ]
      : []),
  ]

  const add = () => (
    <Button look="primary" icon={plus} onClick={() => void open()}>
      {words.add}
    </Button>
  )
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
        <Show when={staff.mayWrite}>
          <div class="head-acts">{add()}</div>
        </Show>
      </div>
      <div class="tools">
        <span class="quiet smaller">{words.lead}</span>
      </div>
      <Loaded of={first} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(page) => (
          <Show
            when={page().items.length > 0}
            fallback={
              <div class="card">
                <Empty icon={bell} title={words.emptyTitle} act={staff.mayWrite ? add() : undefined}>
                  {words.emptyText}
                </Empty>
              </div>
            }
          >
            <Table label={words.title} fills rows={later.rows(page())} id={(notice) => notice.id} columns={columns()} />
            <Show when={later.cursor(page())}>
              {(at) => (
                <div class="table-foot">
                  <Button busy={later.busy()} onClick={() => void later.more(at())}>
                    {words.more}
                  </Button>
                </div>
              )}
            </Show>
          </Show>
        )}
      </Loaded>
      <Show when={editing()} keyed>
        {(now) => (
          <NoticeForm
            notice={now.notice}
            timeZone={now.timeZone}
            onClose={() => setEditing(undefined)}
            onDone={(notice) => {
              setEditing(undefined)
              say(now.notice ? words.saved(notice.title) : words.published(notice.title))
              void again()
            }}
          />
        )}
      </Show>
      <Show when={removing()}>
        {(notice) => (
          <Confirm
            open
            title={words.removeTitle(notice().title)}
            verb={words.remove}
            busy={busy()}
            trouble={trouble()}
            onConfirm={() => void remove(notice())}
            onClose={() => setRemoving(undefined)}
          >
            <p>{words.removeText}</p>
          </Confirm>
        )}
      </Show>
    </>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <For each={[1, 2, 3]}>{(n) => <Bone shape={n % 2 ? 'long' : 'half'} />}</For>
      </div>
    </Skeleton>
  )
}
