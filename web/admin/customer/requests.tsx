import { A } from '@solidjs/router'
import { createResource, Show, type JSX } from 'solid-js'
import { check } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import { listRequests, type RequestView, type StaffRequestSummary } from '../requests/requests.data.ts'
import { columnsOfCustomer, WaitingRequests } from '../requests/requests.tsx'
import { useCustomer } from './customer-context.ts'

const shownMax = 20

/** What this customer's people ask for by forms, open and finished lately. */
export function RequestsOfCustomer(): JSX.Element {
  const { customer } = useCustomer()
  const read = (view: RequestView) =>
    createResource(
      () => customer().id,
      (customerId) => listRequests({ view, customerId, limit: shownMax }),
    )
  const [open, openActs] = read('open')
  const [recent, recentActs] = read('ended')
  return (
    <div class="stack">
      <Panel title={words.tab.open}>
        <Loaded
          of={open}
          waiting={<WaitingRequests />}
          failedTitle={words.failed}
          retry={() => void openActs.refetch()}
        >
          {(page) => (
            <Show
              when={page().items.length > 0}
              fallback={
                <Empty icon={check} title={words.tab.none}>
                  {words.tab.noneText}
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
          waiting={<WaitingRequests />}
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
    </div>
  )
}

function Rows(props: { of: StaffRequestSummary[]; label: string; view: RequestView }): JSX.Element {
  const { customer } = useCustomer()
  return (
    <>
      <Table label={props.label} columns={columnsOfCustomer} rows={props.of} id={({ id }) => id} />
      <div class="panel-body">
        <A href={`/requests?customer=${customer().id}${props.view === 'open' ? '' : `&view=${props.view}`}`}>
          {words.tab.all}
        </A>
      </div>
    </>
  )
}
