import { A } from '@solidjs/router'
import { For, Show, type JSX } from 'solid-js'
import { Button } from '../ui/button.tsx'
import type { createLaterPages } from '../ui/later-pages.ts'
import { Bone, Skeleton } from '../ui/states.tsx'
import './tickets/tickets.css'

/** One line of a list: what it is called, where it leads, what is said of it, and how it stands. */
export type Entry = { href: string; name: string; about: JSX.Element; standing: JSX.Element }

/** A list in groups under a heading each, those that are empty left out; what asks for something is marked. */
export function EntryGroups<Item>(props: {
  groups: { title: string; isAsking: boolean; items: readonly Item[] }[]
  entryOf: (item: Item, isAsking: boolean) => Entry
}): JSX.Element {
  return (
    <For each={props.groups.filter(({ items }) => items.length > 0)}>
      {({ title, isAsking, items }) => (
        <section class="tickets-group" aria-label={title}>
          <h2>{title}</h2>
          <ul class="card tickets" classList={{ asking: isAsking }}>
            <For each={items}>
              {(item) => {
                const { href, name, about, standing } = props.entryOf(item, isAsking)
                return (
                  <li>
                    <div>
                      <A class="ticket-name" href={href}>
                        <bdi>{name}</bdi>
                      </A>
                      <p class="quiet small">{about}</p>
                    </div>
                    {standing}
                  </li>
                )
              }}
            </For>
          </ul>
        </section>
      )}
    </For>
  )
}

/** Below a list: the next page, how many are shown, and what else is said there. */
export function EntriesEnd<Item>(props: {
  later: ReturnType<typeof createLaterPages<Item>>
  first: { items: Item[]; nextCursor: string | null }
  words: { more: string; shown: (count: number, isAll: boolean) => string }
  children?: JSX.Element
}): JSX.Element {
  const cursor = () => props.later.cursor(props.first)
  return (
    <div class="tickets-end">
      <Show when={cursor()}>
        {(at) => (
          <Button busy={props.later.busy()} onClick={() => void props.later.more(at())}>
            {props.words.more}
          </Button>
        )}
      </Show>
      <p class="quiet small" role="status">
        {props.words.shown(props.later.rows(props.first).length, cursor() === null)}
      </p>
      {props.children}
    </div>
  )
}

export function WaitingEntries(props: { what: string }): JSX.Element {
  return (
    <Skeleton what={props.what}>
      <div class="tickets-group">
        <h2>
          <Bone shape="short" />
        </h2>
        <div class="card tickets">
          <For each={[1, 2, 3, 4]}>
            {() => (
              <div class="ticket-bone">
                <Bone shape="half" />
                <Bone shape="short" />
              </div>
            )}
          </For>
        </div>
      </div>
    </Skeleton>
  )
}
