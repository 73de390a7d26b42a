import { For, Show, type JSX } from 'solid-js'
import { TicketStanding } from '../../tickets/standing.tsx'
import { Card } from '../../ui/card.tsx'
import { words } from '../../words/portal-home.ts'
import type { Dashboard } from './home.data.ts'

/** What is open, what waits on the person first. */
export function TicketsCard(props: {
  tickets: Dashboard['tickets']
  provider: string
  mayWrite: boolean
}): JSX.Element {
  return (
    <Card
      topic={words.tickets}
      answer={words.ticketsAnswer(
        props.tickets.waitingCount,
        props.tickets.openCount - props.tickets.waitingCount,
        props.provider,
      )}
      links={
        <span class="row wrap card-links">
          <a href="/tickets">{words.allTickets}</a>
          <Show when={props.mayWrite}>
            <a href="/tickets/new">{words.newTicket}</a>
          </Show>
        </span>
      }
    >
      <Show
        when={props.tickets.items.length > 0}
        fallback={<p class="quiet small">{words.noTickets(props.provider)}</p>}
      >
        <ul class="lines">
          <For each={props.tickets.items}>
            {(ticket) => (
              <li class="line">
                <a class="name" href={`/tickets/${ticket.id}`}>
                  <bdi>{ticket.subject}</bdi>
                </a>
                <TicketStanding state={ticket.state} to="customer" />
                <span class="sub">{words.ticketChanged(ticket.number, ticket.changedAt)}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Card>
  )
}
