import { A, useSearchParams } from '@solidjs/router'
import { Show, type JSX } from 'solid-js'
import { activity as words } from '../../words/activity.ts'
import { useTitle } from '../title.ts'
import { listActivityOfAll, type Activity } from './activity.data.ts'
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
        customerOf={(entry) => <Of entry={entry} />}
      />
    </>
  )
}

/** Leads to the customer of an entry; to what was done to it, when it is gone. */
function Of(props: { entry: Activity }): JSX.Element {
  return (
    <Show when={props.entry.customer}>
      {(customer) => {
        const isItself = () => props.entry.subject.id === customer().id
        return (
          <span class="log-of">
            <Show
              when={customer().name}
              fallback={
                <A href={`/activity?customer=${encodeURIComponent(customer().id)}`}>
                  {isItself() ? words.itsHistory : words.gone}
                </A>
              }
            >
              {(name) => (
                <A dir="auto" href={`/customers/${customer().id}/activity`}>
                  {isItself() ? words.toCustomer : name()}
                </A>
              )}
            </Show>
          </span>
        )
      }}
    </Show>
  )
}
