import { A, useSearchParams } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { activity as words } from '../../words/activity.ts'
import { useTitle } from '../title.ts'
import { listActivityOfAll } from './activity.data.ts'
import { ActivityLog } from './activity-log.tsx'

/** What was done at the whole MSP, also to customers that are gone: their log is `?customer=` and their id. */
export function ActivityOfAll(): JSX.Element {
  const [params] = useSearchParams<{ customer?: string }>()
  useTitle(() => words.title)
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
        <span class="quiet smaller">{words.lead}</span>
      </div>
      <ActivityLog
        customerId={params.customer}
        read={(query) => listActivityOfAll({ ...query, ...(params.customer && { customerId: params.customer }) })}
        emptyText={words.emptyTextOfAll}
        customerOf={(customer) => (
          <Show
            when={customer.name}
            fallback={<A href={`/activity?customer=${encodeURIComponent(customer.id)}`}>{words.gone}</A>}
          >
            {(name) => (
              <A dir="auto" href={`/customers/${customer.id}/activity`}>
                {name()}
              </A>
            )}
          </Show>
        )}
      />
    </>
  )
}
