import { A, useSearchParams } from '@solidjs/router'
import { createResource, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { plus, ticket as ticketIcon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { useStaff } from '../staff.tsx'
import { NewTicket } from '../tickets/new-ticket.tsx'
import { listTickets, type StaffTicketSummary, type TicketView } from '../tickets/tickets.data.ts'
import { columns, WaitingTickets } from '../tickets/tickets.tsx'
import { useCustomer } from './customer-context.ts'

const shownMax = 20
const ofOne = columns.filter(({ key }) => key !== 'customer')
// Nothing is due of what has ended.
const ofEnded = ofOne.filter(({ key }) => key !== 'due')

/** What is open of this customer's, and what ended lately. */
export function Tickets(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const staff = useStaff()
  const [params, setParams] = useSearchParams<{ add?: string }>()
  const read = (view: TicketView) =>
    createResource(
      () => customer().id,
      (customerId) => listTickets({ view, customerId, limit: shownMax }),
    )
  const [open, openActs] = read('open')
  const [recent, recentActs] = read('ended')
  return (
    <div class="stack">
      <Panel
        title={words.tab.open}
        end={
          <Show when={mayChange() && staff.may('tickets.write')}>
            <Button look="primary" icon={plus} onClick={() => setParams({ add: 'yes' })}>
              {words.add}
            </Button>
          </Show>
        }
      >
        <Loaded of={open} waiting={<WaitingTickets />} failedTitle={words.failed} retry={() => void openActs.refetch()}>
          {(page) => (
            <Show
              when={page().items.length > 0}
              fallback={
                <Empty icon={ticketIcon} title={words.tab.noneOpen}>
                  {words.tab.noneOpenText}
                </Empty>
              }
            >
              <Rows of={page().items} label={words.tab.open} view="open" />
            </Show>
          )}
        </Loaded>
      </Panel>
      <Panel title={words.tab.recent}>
        <Loaded
          of={recent}
          waiting={<WaitingTickets />}
          failedTitle={words.failed}
          retry={() => void recentActs.refetch()}
        >
          {(page) => (
            <Show when={page().items.length > 0} fallback={<p class="panel-body quiet">{words.tab.noneRecent}</p>}>
              <Rows of={page().items} label={words.tab.recent} view="ended" />
            </Show>
          )}
        </Loaded>
      </Panel>
      <Show when={params.add === 'yes'}>
        <NewTicket customer={customer()} onClose={() => setParams({ add: undefined }, { replace: true })} />
      </Show>
    </div>
  )
}

function Rows(props: { of: StaffTicketSummary[]; label: string; view: TicketView }): JSX.Element {
  const { customer } = useCustomer()
  return (
    <>
      <Table
        label={props.label}
        columns={props.view === 'open' ? ofOne : ofEnded}
        rows={props.of}
        id={({ id }) => id}
      />
      <div class="table-foot in-panel">
        <A href={`/tickets?customer=${customer().id}${props.view === 'open' ? '' : `&view=${props.view}`}`}>
          {words.tab.all}
        </A>
      </div>
    </>
  )
}
