import { For, Show, type JSX } from 'solid-js'
import { State, type Mood } from '../ui/badge.tsx'
import { words } from '../words/licences.ts'
import type { ServiceRequest } from './licences.data.ts'

const moods: Partial<Record<ServiceRequest['state'], Mood>> = { done: 'good', approved: 'good', declined: 'bad' }

/** What was asked for, the newest first, with how it stands. */
export function Requests(props: { items: ServiceRequest[] }): JSX.Element {
  return (
    <Show when={props.items.length > 0} fallback={<p class="quiet small">{words.requestsNone}</p>}>
      <ul class="lines">
        <For each={props.items}>
          {(request) => (
            <li class="line">
              <span class="name">{words.asked(request.moreSeats, request.licence.name)}</span>
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
