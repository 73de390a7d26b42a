import { A } from '@solidjs/router'
import { createMemo, createResource, createSignal, For, onCleanup, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State } from '../../ui/badge.tsx'
import { Progress } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { people, search } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import { workspace } from '../../words/workspace.ts'
import { moods } from '../customer/contacts.tsx'
import { useStaff } from '../staff.tsx'
import {
  grantAccess,
  listAccessCandidates,
  listContactsOfAll,
  readGrant,
  runningGrant,
  type AccessGrant,
  type ContactOfAll,
} from './workspace.data.ts'

const words = workspace.contacts
const askEveryMs = 1_000

/** The contacts of all customers, to give many of them access at once. */
export function ContactsWidget(): JSX.Element {
  const staff = useStaff()
  const [q, setQ] = createSignal('')
  const asked = createMemo(() => (q().length > 1 ? q() : ''))
  const [first, { refetch }] = createResource(
    () => ({ q: asked() }),
    (question) => listContactsOfAll(question.q),
  )
  const later = createLaterPages(asked, (cursor) => listContactsOfAll(asked(), cursor))
  /** By id, so that what was selected on one page or in one search stays so on the next. */
  const [selected, setSelected] = createSignal<ReadonlyMap<string, ContactOfAll>>(new Map())
  const [selecting, setSelecting] = createSignal(false)
  const [reviewing, setReviewing] = createSignal(false)
  const [grant, setGrant] = createSignal<AccessGrant>()

  const rows = () => (first.state === 'ready' || first.state === 'refreshing' ? later.rows(first.latest) : [])
  const select = (ids: string[], isSelected: boolean) =>
    setSelected((before) => {
      const next = new Map(before)
      const shown = new Map(rows().map((row) => [row.id, row]))
      for (const id of ids) {
        const row = shown.get(id)
        if (isSelected && row) next.set(id, row)
        else if (!isSelected) next.delete(id)
      }
      return next
    })
  const selectAll = async () => {
    setSelecting(true)
    try {
      const { items, truncated } = await listAccessCandidates(asked())
      setSelected(new Map(items.map((item) => [item.id, item])))
      if (truncated) say(words.tooMany(items.length))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setSelecting(false)
    }
  }
  let timer: number | undefined
  onCleanup(() => clearInterval(timer))
  const follow = (known: AccessGrant) => {
    clearInterval(timer)
    setGrant(known)
    timer = window.setInterval(() => void ask(known.id), askEveryMs)
  }
  const ask = async (grantId: string) => {
    // The next asking may be answered where this one is not.
    const now = await readGrant(grantId).catch(() => undefined)
    if (now === undefined || grant()?.id !== grantId) return
    setGrant(now)
    if (now.state !== 'done') return
    clearInterval(timer)
    setGrant(undefined)
    later.forget()
    await refetch()
    const left = now.skipped.length === 0 ? '' : ` ${workspace.grant.skipped(now.skipped)}`
    say(`${workspace.grant.granted(now.grantedCount)}${left}`)
  }
  // Whatever was begun before, here or elsewhere, is followed again.
  runningGrant().then(
    (known) => known && grant() === undefined && follow(known),
    () => undefined,
  )

  return (
    <>
      <Show when={grant()}>
        {(known) => (
          <div class="panel-body">
            <Show
              when={known().trouble}
              fallback={
                <>
                  <Progress
                    what={workspace.grant.working}
                    done={known().doneCount}
                    of={known().totalCount}
                    label={workspace.grant.progress}
                  />
                  <p class="quiet small">{workspace.grant.goesOn}</p>
                </>
              }
            >
              {(trouble) => (
                <Notice kind="bad" end={<A href="/jobs">{workspace.grant.toJobs}</A>}>
                  <b>{workspace.grant.stopped}</b> {trouble()}
                </Notice>
              )}
            </Show>
          </div>
        )}
      </Show>
      <div class="widget-foot">
        <SearchBox label={words.search} placeholder={words.placeholder} value={q()} onSearch={setQ} />
        <Show when={q().length === 1}>
          <span class="quiet smaller" role="status">
            {words.tooShort}
          </span>
        </Show>
      </div>
      <Loaded of={first} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(page) => (
          <Show
            when={page().items.length > 0}
            fallback={
              <Show
                when={asked()}
                fallback={
                  <Empty icon={people} title={words.emptyTitle}>
                    {words.emptyText}
                  </Empty>
                }
              >
                {(text) => (
                  <Empty icon={search} title={words.noMatchTitle(text())}>
                    {words.noMatchText}
                  </Empty>
                )}
              </Show>
            }
          >
            <Table
              label={workspace.widget.contacts}
              rows={later.rows(page())}
              id={(contact) => contact.id}
              nameOf={(contact) => contact.name}
              selected={new Set(selected().keys())}
              {...(staff.mayWrite && { onSelect: select })}
              columns={[
                {
                  key: 'name',
                  title: words.columns.name,
                  phone: 'title',
                  cell: (contact) => (
                    <A class="name" dir="auto" href={`/customers/${contact.customerId}/contacts`}>
                      {contact.name}
                    </A>
                  ),
                },
                {
                  key: 'customer',
                  title: words.columns.customer,
                  phone: 'line',
                  cell: (contact) => <span dir="auto">{contact.customerName}</span>,
                },
                {
                  key: 'email',
                  title: words.columns.email,
                  wide: true,
                  phone: 'line',
                  cell: (contact) => contact.email ?? '',
                },
                {
                  key: 'access',
                  title: words.columns.access,
                  phone: 'line',
                  cell: (contact) => (
                    <State mood={moods[contact.access]}>{admin.contacts.access[contact.access]}</State>
                  ),
                },
              ]}
            />
            <div class="widget-foot">
              <span class="quiet" role="status">
                {page().truncated ? words.truncated : words.shown(rows().length, later.cursor(page()) !== null)}
              </span>
              <Show when={later.cursor(page())}>
                {(cursor) => (
                  <Button busy={later.busy()} onClick={() => void later.more(cursor())}>
                    {words.more}
                  </Button>
                )}
              </Show>
              <Show when={staff.mayWrite}>
                <Button look="ghost" busy={selecting()} busyLabel={words.selecting} onClick={() => void selectAll()}>
                  {words.selectAll}
                </Button>
              </Show>
            </div>
          </Show>
        )}
      </Loaded>
      <Show when={selected().size > 0}>
        <div class="bulk-bar" role="region" aria-label={words.selectedTitle}>
          <b role="status">{words.selected(selected().size)}</b>
          <Button look="primary" onClick={() => setReviewing(true)}>
            {words.enable}
          </Button>
          <Button look="ghost" onClick={() => setSelected(new Map())}>
            {words.clear}
          </Button>
        </div>
      </Show>
      <Show when={reviewing()}>
        <Review
          contacts={[...selected().values()]}
          onClose={() => setReviewing(false)}
          onDone={(begun) => {
            setReviewing(false)
            setSelected(new Map())
            follow(begun)
          }}
        />
      </Show>
    </>
  )
}

/** Exactly who will get access and who cannot, and why, before anything is done. */
function Review(props: {
  contacts: ContactOfAll[]
  onClose: () => void
  onDone: (grant: AccessGrant) => void
}): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const will = () => props.contacts.filter(({ obstacle }) => obstacle === null)
  const cannot = () =>
    Object.entries(
      Object.groupBy(
        props.contacts.filter(({ obstacle }) => obstacle !== null),
        ({ obstacle }) => workspace.review.because[obstacle ?? 'missing'],
      ),
    )
  const confirm = async () => {
    setBusy(true)
    try {
      props.onDone(await grantAccess(will().map(({ id }) => id)))
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      title={workspace.review.title}
      onClose={() => props.onClose()}
      foot={
        <>
          <Button onClick={() => props.onClose()}>{common.cancel}</Button>
          <Show when={will().length > 0}>
            <Button look="primary" busy={busy()} busyLabel={workspace.review.confirming} onClick={() => void confirm()}>
              {workspace.review.confirm(will().length)}
            </Button>
          </Show>
        </>
      }
    >
      <Show when={trouble()}>
        <p class="field-error" role="alert">
          {trouble()}
        </p>
      </Show>
      <Show when={will().length > 0} fallback={<p>{workspace.review.nobody}</p>}>
        <section>
          <h3>{workspace.review.will(will().length)}</h3>
          <p class="quiet">{workspace.review.lead}</p>
          <People of={will()} label={workspace.review.will(will().length)} />
        </section>
      </Show>
      <Show when={cannot().length > 0}>
        <section>
          <h3>{workspace.review.cannot(props.contacts.length - will().length)}</h3>
          <For each={cannot()}>
            {([because, left]) => (
              <>
                <p class="quiet">{because}</p>
                <People of={left ?? []} label={because} />
              </>
            )}
          </For>
        </section>
      </Show>
    </Dialog>
  )
}

function People(props: { of: ContactOfAll[]; label: string }): JSX.Element {
  return (
    <ul class="review-list" tabindex="0" aria-label={props.label}>
      <For each={props.of}>{(contact) => <li dir="auto">{workspace.review.person(contact)}</li>}</For>
    </ul>
  )
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
