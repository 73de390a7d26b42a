import { Show, type JSX } from 'solid-js'
import { State } from '../../ui/badge.tsx'
import { clock } from '../../ui/icon.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import type { StaffTicketSummary } from './tickets.data.ts'

const hour = 3_600_000

/** What is due next, and whether that is soon or over. */
export function Due(props: { of: StaffTicketSummary['due']; long?: boolean }): JSX.Element {
  return (
    <Show when={props.of} fallback={<span class="quiet">{props.long ? words.due.none : ''}</span>}>
      {(due) => {
        const rest = () => Date.parse(due().at) - Date.now()
        const what = () => words.due.what[due().what]
        return (
          <span title={words.due.tip(what(), due().at)}>
            <Show
              when={rest() < hour}
              fallback={
                <>
                  <Show when={props.long}>{what()}: </Show>
                  {words.due.at(due().at)}
                </>
              }
            >
              <State mood={rest() < 0 ? 'bad' : 'warn'} icon={clock}>
                <Show when={props.long}>{what()}: </Show>
                {words.due.at(due().at)}
              </State>
            </Show>
          </span>
        )
      }}
    </Show>
  )
}
