import { A } from '@solidjs/router'
import { createResource, For, Show, type JSX } from 'solid-js'
import { ok } from '../../ui/icon.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { workspace as words } from '../../words/workspace.ts'
import { listCustomers } from '../customers/customers.data.ts'
import { HealthState } from '../customers/health.tsx'

/** The customers whose health is worst. */
export function AttentionWidget(): JSX.Element {
  const [list, { refetch }] = createResource(() => listCustomers({ problems: 'true', sort: 'health', limit: 8 }))
  return (
    <Loaded
      of={list}
      waiting={
        <Skeleton what={admin.customers.loading}>
          <div class="panel-body stack">
            <Bone shape="long" />
            <Bone shape="half" />
          </div>
        </Skeleton>
      }
      failedTitle={words.attentionFailed}
      retry={() => void refetch()}
    >
      {(page) => (
        <Show
          when={page().items.length > 0}
          fallback={
            <Empty icon={ok} title={words.attentionNone}>
              {words.attentionNoneText}
            </Empty>
          }
        >
          <ul class="widget-list">
            <For each={page().items}>
              {(customer) => (
                <li>
                  <A href={`/customers/${customer.id}`} dir="auto">
                    {customer.name}
                  </A>
                  <HealthState health={customer.health} tenantCount={customer.tenantCount} />
                </li>
              )}
            </For>
          </ul>
          <div class="widget-foot">
            <A href="/customers?problems=true&sort=health">{words.attentionAll}</A>
          </div>
        </Show>
      )}
    </Loaded>
  )
}
