import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { cross, Icon, plus, list as listIcon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ReorderHandle } from '../../ui/reorder.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { explain } from '../../words/problem.ts'
import { workspace as words } from '../../words/workspace.ts'
import { useTitle } from '../title.ts'
import { ActivityWidget } from './activity-widget.tsx'
import { AttentionWidget } from './attention-widget.tsx'
import { ContactsWidget } from './contacts-widget.tsx'
import { RequestsWidget } from './requests-widget.tsx'
import { TicketsWidget } from './tickets-widget.tsx'
import { readWorkspace, saveWorkspace, widgetKinds, type WidgetKind, type Workspace } from './workspace.data.ts'
import './workspace.css'

const parts: Record<WidgetKind, () => JSX.Element> = {
  tickets: () => <TicketsWidget />,
  requests: () => <RequestsWidget />,
  contacts: () => <ContactsWidget />,
  attention: () => <AttentionWidget />,
  activity: () => <ActivityWidget />,
}

/** What somebody of the staff wants in sight, in their own order. */
export function WorkspacePage(): JSX.Element {
  useTitle(() => words.title)
  const [kept, { refetch, mutate }] = createResource(readWorkspace)
  const [busy, setBusy] = createSignal(false)
  const isKnown = () => kept.state === 'ready' || kept.state === 'refreshing'
  const known = (): Workspace => (isKnown() ? kept.latest : undefined) ?? { widgets: [], version: 0 }
  const put = async (widgets: WidgetKind[], said: string, undo?: WidgetKind[]) => {
    const before = known()
    setBusy(true)
    // Shown at once; what the server says of it comes after.
    mutate({ ...before, widgets })
    try {
      mutate(await saveWorkspace(before, widgets))
      say(said, undo ? { act: { label: words.undo, do: () => void put(undo, words.title) } } : {})
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
      await refetch()
    } finally {
      setBusy(false)
    }
  }
  const move = (kind: WidgetKind, to: number) => {
    const others = known().widgets.filter((one) => one !== kind)
    void put(others.toSpliced(to, 0, kind), words.moved(words.widget[kind], to + 1)).then(() =>
      document.querySelector<HTMLElement>(`[data-widget="${kind}"] .reorder`)?.focus(),
    )
  }
  const missing = () => widgetKinds.filter((kind) => !known().widgets.includes(kind))
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
        <div class="head-acts">
          {/* Before it is known what is there, what is added would take the place of all of it. */}
          <Show when={isKnown()}>
            <Menu
              buttonClass="button"
              button={
                <>
                  <Icon of={plus} />
                  {words.add}
                </>
              }
              side="end"
              note={missing().length === 0 ? words.allAdded : undefined}
              groups={[
                missing().map((kind) => ({
                  label: words.widget[kind],
                  onSelect: () => void put([...known().widgets, kind], words.added(words.widget[kind])),
                })),
              ]}
            />
          </Show>
        </div>
      </div>
      <p class="quiet">{words.lead}</p>
      <Loaded of={kept} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(value) => (
          <Show
            when={value().widgets.length > 0}
            fallback={
              <div class="card">
                <Empty icon={listIcon} title={words.emptyTitle}>
                  {words.emptyText}
                </Empty>
              </div>
            }
          >
            <div class="widgets" aria-busy={busy()}>
              <For each={value().widgets}>
                {(kind, index) => (
                  <div data-movable data-widget={kind}>
                    <Panel
                      title={words.widget[kind]}
                      end={
                        <span class="widget-head">
                          <Show when={value().widgets.length > 1}>
                            <ReorderHandle
                              label={words.move(words.widget[kind], index() + 1, value().widgets.length)}
                              index={index()}
                              count={value().widgets.length}
                              onMove={(to) => move(kind, to)}
                            />
                          </Show>
                          <Button
                            look="plain"
                            icon={cross}
                            onClick={() =>
                              void put(
                                known().widgets.filter((one) => one !== kind),
                                words.removed(words.widget[kind]),
                                known().widgets,
                              )
                            }
                          >
                            <span class="sr">{words.remove(words.widget[kind])}</span>
                          </Button>
                        </span>
                      }
                    >
                      {parts[kind]()}
                    </Panel>
                  </div>
                )}
              </For>
            </div>
          </Show>
        )}
      </Loaded>
    </>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="widgets">
        <Bone shape="long tall" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
