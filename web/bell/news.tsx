import { A } from '@solidjs/router'
import { createEffect, createResource, For, on, Show, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import type { BellItem } from '../api/shapes.ts'
import type { Unread } from '../boot.ts'
import { say } from '../ui/messages.tsx'
import { Loaded } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { bell as words } from '../words/bell.ts'
import { explain } from '../words/problem.ts'
import type { Source } from './bell.tsx'

/** The latest news, read or not, each leading to its ticket. Read anew whenever it is opened. */
export default function News(props: {
  of: Source
  isOpen: boolean
  unread: Unread
  onlyLooking?: boolean
  onRead: () => void
  onGo: () => void
}): JSX.Element {
  const [items, { refetch }] = createResource(() => props.of.items())
  createEffect(
    on(
      () => props.isOpen,
      (isOpen) => isOpen && void refetch(),
      { defer: true },
    ),
  )
  const readAll = async () => {
    try {
      await props.of.read(null)
      props.onRead()
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  return (
    <>
      <div class="bell-head">
        <h2>{words.title}</h2>
        <Show when={props.unread.count > 0 && props.onlyLooking !== true}>
          <button type="button" class="bell-all" onClick={() => void readAll()}>
            {words.readAll}
          </button>
        </Show>
      </div>
      <Loaded
        of={items}
        waiting={<p class="bell-note quiet">{words.loading}</p>}
        failedTitle={words.failed}
        retry={() => void refetch()}
      >
        {(all) => (
          <Show when={all().length > 0} fallback={<p class="bell-note quiet">{words.none}</p>}>
            <ul class="bell-items">
              <For each={all()}>{(item) => <Item item={item} onGo={props.onGo} />}</For>
            </ul>
          </Show>
        )}
      </Loaded>
    </>
  )
}

function Item(props: { item: BellItem; onGo: () => void }): JSX.Element {
  const isNew = () => props.item.unreadCount > 0
  return (
    <li>
      <A
        class="bell-item"
        classList={{ 'is-new': isNew() }}
        href={`/tickets/${props.item.ticketId}`}
        onClick={() => props.onGo()}
      >
        <span class="bell-subject">
          <Show when={isNew()}>
            <span class="sr">{words.fresh(props.item.unreadCount)}: </span>
          </Show>
          <span class="quiet">#{props.item.number}</span> {props.item.subject}
        </span>
        <span class="bell-by quiet small">
          {words.by(props.item.latestByName, props.item.customer?.name)} · <Time at={props.item.at} relative plain />
        </span>
      </A>
    </li>
  )
}
