import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { list } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { explain } from '../../words/problem.ts'
import { listActivity, type Activity } from './activity.data.ts'
import { useCustomer } from './customer-context.ts'
import { Feed } from './feed.tsx'

const words = admin.activity

export function ActivityPage(): JSX.Element {
  const { customer } = useCustomer()
  const [page, { refetch }] = createResource(
    () => customer().id,
    (customerId) => listActivity(customerId, { limit: 50 }),
  )
  const [later, setLater] = createSignal<{ items: Activity[]; nextCursor: string | null } | null>(null)
  const [busy, setBusy] = createSignal(false)
  const more = async (cursor: string) => {
    setBusy(true)
    try {
      const next = await listActivity(customer().id, { cursor, limit: 50 })
      setLater((before) => ({ items: [...(before?.items ?? []), ...next.items], nextCursor: next.nextCursor }))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(first) => {
        const cursor = () => (later() ? (later()?.nextCursor ?? null) : first().nextCursor)
        return (
          <Show
            when={first().items.length > 0}
            fallback={
              <div class="card">
                <Empty icon={list} title={words.emptyTitle}>
                  {words.emptyText}
                </Empty>
              </div>
            }
          >
            <Panel title={words.title}>
              <Feed entries={[...first().items, ...(later()?.items ?? [])]} changes />
            </Panel>
            <Show when={cursor()}>
              {(at) => (
                <div class="table-foot">
                  <Button busy={busy()} onClick={() => void more(at())}>
                    {words.more}
                  </Button>
                </div>
              )}
            </Show>
          </Show>
        )
      }}
    </Loaded>
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
