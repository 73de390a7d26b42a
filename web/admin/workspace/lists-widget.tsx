import { A } from '@solidjs/router'
import { createResource, For, Show, type JSX } from 'solid-js'
import { ok } from '../../ui/icon.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'

/** A few of one kind under a heading that leads to all of them. */
export type WidgetList<Item> = { title: string; href: string; items: readonly Item[] }

/** A widget of short lists, those that are empty left out, with the way to all of it below. */
export function ListsWidget<Item>(props: {
  read: () => Promise<WidgetList<Item>[]>
  lineOf: (item: Item) => { href: string; text: string; end: JSX.Element }
  allHref: string
  words: { loading: string; failed: string; widget: { none: string; noneText: string; all: string } }
}): JSX.Element {
  const [lists, { refetch }] = createResource(props.read)
  return (
    <Loaded
      of={lists}
      waiting={
        <Skeleton what={props.words.loading}>
          <div class="panel-body stack">
            <Bone shape="long" />
            <Bone shape="half" />
          </div>
        </Skeleton>
      }
      failedTitle={props.words.failed}
      retry={() => void refetch()}
    >
      {(found) => {
        const filled = () => found().filter(({ items }) => items.length > 0)
        return (
          <Show
            when={filled().length > 0}
            fallback={
              <Empty icon={ok} title={props.words.widget.none}>
                {props.words.widget.noneText}
              </Empty>
            }
          >
            <For each={filled()}>{(list) => <List of={list} lineOf={props.lineOf} />}</For>
            <div class="widget-foot">
              <A href={props.allHref}>{props.words.widget.all}</A>
            </div>
          </Show>
        )
      }}
    </Loaded>
  )
}

function List<Item>(props: {
  of: WidgetList<Item>
  lineOf: (item: Item) => { href: string; text: string; end: JSX.Element }
}): JSX.Element {
  return (
    <>
      <h3 class="widget-part">
        <A href={props.of.href}>{props.of.title}</A>
      </h3>
      <ul class="widget-list">
        <For each={props.of.items}>
          {(item) => {
            const { href, text, end } = props.lineOf(item)
            return (
              <li>
                <A href={href} dir="auto">
                  {text}
                </A>
                {end}
              </li>
            )
          }}
        </For>
      </ul>
    </>
  )
}
