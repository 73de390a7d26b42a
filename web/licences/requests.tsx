import { For, Show, type JSX } from 'solid-js'
import { State, type Mood } from '../ui/badge.tsx'
import { words } from '../words/licences.ts'
import type { ServiceRequestSummary } from './licences.data.ts'

const moods: Partial<Record<ServiceRequestSummary['state'], Mood>> = { done: 'good', approved: 'good', declined: 'bad' }

/** What was asked for, the newest first, with how it stands. */
export function Requests(props: { items: ServiceRequestSummary[] }): JSX.Element {
  return (
    <Show when={props.items.length > 0} fallback={<p class="quiet small">{words.requestsNone}</p>}>
      <ul class="lines">
        <For each={props.items}>
          {(request) => (
            <li class="line">
              <span class="name">{request.subject}</span>
              <span class="sub" dir="auto">
                {words.askedBy(request.requestedBy.name, request.createdAt)} · {request.reason}
              </span>
              <State mood={moods[request.state] ?? 'info'}>{words.state(request.state)}</State>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
