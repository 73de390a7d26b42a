import { A } from '@solidjs/router'
import { createResource, For, Show, type JSX } from 'solid-js'
import { RequestStanding } from '../../requests/standing.tsx'
import { ok } from '../../ui/icon.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import '../tickets/tickets.css'
import { listRequests, type RequestView, type StaffRequestSummary } from '../requests/requests.data.ts'

const shownMax = 5

/** What one can approve, and what is under way. */
export function RequestsWidget(): JSX.Element {
  const [both, { refetch }] = createResource(async () => {
    const [awaiting, open] = await Promise.all([
      listRequests({ view: 'awaiting', limit: shownMax }),
      listRequests({ view: 'open', limit: shownMax }),
    ])
    return {
      awaiting: awaiting.items,
      underWay: open.items.filter(({ state }) => state === 'approved' || state === 'in_progress'),
    }
  })
  return (
    <Loaded
      of={both}
      waiting={
        <Skeleton what={words.loading}>
          <div class="panel-body stack">
            <Bone shape="long" />
            <Bone shape="half" />
          </div>
        </Skeleton>
      }
      failedTitle={words.failed}
      retry={() => void refetch()}
    >
      {(found) => (
        <Show
          when={found().awaiting.length + found().underWay.length > 0}
          fallback={
            <Empty icon={ok} title={words.widget.none}>
              {words.widget.noneText}
            </Empty>
          }
        >
          <Part title={words.widget.awaiting} view="awaiting" of={found().awaiting} />
          <Part title={words.widget.underWay} view="open" of={found().underWay} />
          <div class="widget-foot">
            <A href="/requests">{words.widget.all}</A>
          </div>
        </Show>
      )}
    </Loaded>
  )
}

function Part(props: { title: string; view: RequestView; of: StaffRequestSummary[] }): JSX.Element {
  return (
    <Show when={props.of.length > 0}>
      <h3 class="widget-part">
        <A href={`/requests?view=${props.view}`}>{props.title}</A>
      </h3>
      <ul class="widget-list">
        <For each={props.of}>
          {(request) => (
            <li>
              <A href={`/requests/${request.id}`} dir="auto">
                {request.subject} · {request.customer.name}
              </A>
              <RequestStanding state={request.state} provider={null} needsYou={request.state === 'awaiting_msp'} />
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
