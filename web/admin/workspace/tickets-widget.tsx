import { A } from '@solidjs/router'
import { createResource, For, Show, type JSX } from 'solid-js'
import { ok } from '../../ui/icon.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { Due } from '../tickets/due.tsx'
import '../tickets/tickets.css'
import { listTickets, type StaffTicketSummary, type TicketView } from '../tickets/tickets.data.ts'

const shownMax = 5

/** What is overdue of everybody's, and what one looks after oneself. */
export function TicketsWidget(): JSX.Element {
  const [both, { refetch }] = createResource(async () => {
    const [overdue, mine] = await Promise.all([
      listTickets({ view: 'overdue', limit: shownMax }),
      listTickets({ view: 'mine', limit: shownMax }),
    ])
    return { overdue: overdue.items, mine: mine.items }
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
          when={found().overdue.length + found().mine.length > 0}
          fallback={
            <Empty icon={ok} title={words.widget.none}>
              {words.widget.noneText}
            </Empty>
          }
        >
          <Part title={words.widget.overdue} view="overdue" of={found().overdue} />
          <Part title={words.widget.mine} view="mine" of={found().mine} />
          <div class="widget-foot">
            <A href="/tickets">{words.widget.all}</A>
          </div>
        </Show>
      )}
    </Loaded>
  )
}

function Part(props: { title: string; view: TicketView; of: StaffTicketSummary[] }): JSX.Element {
  return (
    <Show when={props.of.length > 0}>
      <h3 class="widget-part">
        <A href={`/tickets?view=${props.view}`}>{props.title}</A>
      </h3>
      <ul class="widget-list">
        <For each={props.of}>
          {(ticket) => (
            <li>
              <A href={`/tickets/${ticket.id}`} dir="auto">
                {words.number(ticket.number)} {ticket.subject}
              </A>
              <Due of={ticket.due} />
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
