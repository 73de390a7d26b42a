import { createResource, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { list } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { listActivity } from './activity.data.ts'
import { useCustomer } from './customer-context.ts'
import { Feed } from './feed.tsx'

const words = admin.activity

export function ActivityPage(): JSX.Element {
  const { customer } = useCustomer()
  const [page, { refetch }] = createResource(
    () => customer().id,
    (customerId) => listActivity(customerId, { limit: 50 }),
  )
  const later = createLaterPages(
    () => customer().id,
    (cursor) => listActivity(customer().id, { cursor, limit: 50 }),
  )
  return (
    <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(first) => {
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
              <Feed entries={later.rows(first())} changes />
            </Panel>
            <Show when={later.cursor(first())}>
              {(at) => (
                <div class="table-foot">
                  <Button busy={later.busy()} onClick={() => void later.more(at())}>
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
