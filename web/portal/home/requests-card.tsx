import { For, Show, type JSX } from 'solid-js'
import { RequestStanding } from '../../requests/standing.tsx'
import { Card } from '../../ui/card.tsx'
import { words } from '../../words/portal-home.ts'
import type { Dashboard } from './home.data.ts'

/** What was asked for by a form and is under way, what waits for the person's approval first. */
export function RequestsCard(props: {
  requests: Dashboard['requests']
  provider: string
  mayAsk: boolean
}): JSX.Element {
  return (
    <Card
      topic={words.requests}
      answer={words.requestsAnswer(
        props.requests.awaitingYouCount,
        props.requests.openCount - props.requests.awaitingYouCount,
      )}
      links={
        <span class="row wrap card-links">
          <a href="/requests">{words.allRequests}</a>
          <Show when={props.mayAsk}>
            <a href="/requests/new">{words.newRequest}</a>
          </Show>
        </span>
      }
    >
      <ul class="lines">
        <For each={props.requests.items}>
          {(request) => (
            <li class="line">
              <a class="name" href={`/requests/${request.id}`}>
                <bdi>{request.subject}</bdi>
              </a>
              <RequestStanding state={request.state} provider={props.provider} needsYou={request.awaitsYou} />
              <span class="sub">{words.requestAsked(request.isMine, request.requesterName, request.createdAt)}</span>
            </li>
          )}
        </For>
      </ul>
    </Card>
  )
}
