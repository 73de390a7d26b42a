import { A, useSearchParams } from '@solidjs/router'
import { createMemo, createResource, createSignal, For, Show, type JSX } from 'solid-js'
import type { RequestType } from '../../api/shapes.ts'
import { RequestStanding } from '../../requests/standing.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { check, Icon, search } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Chip } from '../../ui/nav.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import { calendarDay } from '../../words/format.ts'
import { ChooseCustomer } from '../customers/choose-customer.tsx'
import { readCustomer } from '../customers/customers.data.ts'
import { useTitle } from '../title.ts'
import {
  listRequests,
  requestViews,
  type RequestView,
  type StaffRequestQuery,
  type StaffRequestSummary,
} from './requests.data.ts'
import '../tickets/tickets.css'

type Address = { view?: string | undefined; customer?: string | undefined; type?: string | undefined }

const types = [
  'new_user',
  'offboarding',
  'password_reset',
  'licence_change',
  'group_change',
] as const satisfies RequestType[]

/** What customers' people ask for, of all customers or of one; which ones stands in the address. */
export function AllRequests(): JSX.Element {
  const [params, setParams] = useSearchParams<Address>()
  useTitle(() => words.title)
  const view = (): RequestView => requestViews.find((one) => one === params.view) ?? 'open'
  const type = () => types.find((one) => one === params.type)
  const query = createMemo(
    (): StaffRequestQuery => {
      const wanted = type()
      return {
        view: view(),
        ...(params.customer && { customerId: params.customer }),
        ...(wanted && { type: wanted }),
      }
    },
    undefined,
    { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  )
  const [first, { refetch }] = createResource(query, listRequests)
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => listRequests({ ...query(), cursor }),
  )
  const [customer] = createResource(
    () => params.customer,
    (id) => readCustomer(id),
  )
  const customerName = () => (customer.state === 'ready' ? customer.latest.name : undefined)
  const look = (set: Address) => setParams(set, { replace: true })
  const [filtering, setFiltering] = createSignal(false)
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
      </div>
      <div class="tools">
        <div class="ticket-views" role="group" aria-label={words.viewsLabel}>
          <For each={requestViews}>
            {(one) => (
              <Chip on={view() === one} onToggle={() => look({ view: one === 'open' ? undefined : one })}>
                {words.views[one]}
              </Chip>
            )}
          </For>
        </div>
        <Choice
          title={words.typeFilter}
          any={words.anyType}
          value={type()}
          options={types.map((value) => ({ value, label: words.typeOf(value) }))}
          onChoose={(chosen) => look({ type: chosen })}
        />
        <Show
          when={params.customer}
          fallback={
            <button type="button" class="chip" aria-haspopup="dialog" onClick={() => setFiltering(true)}>
              <Icon of={search} />
              {words.customerFilter}
            </button>
          }
        >
          <Chip on onToggle={() => look({ customer: undefined })}>
            {words.ofCustomer(customerName() ?? '…')}
          </Chip>
        </Show>
      </div>
      <Loaded of={first} waiting={<WaitingRequests />} failedTitle={words.failed} retry={() => void refetch()}>
        {(page) => {
          const rows = createMemo(() => later.rows(page()))
          const cursor = () => later.cursor(page())
          return (
            <Show
              when={rows().length > 0}
              fallback={
                <div class="card">
                  <Empty icon={check} title={words.emptyTitle[view()]}>
                    {words.emptyText}
                  </Empty>
                </div>
              }
            >
              <Table
                label={words.title}
                fills
                columns={params.customer ? columnsOfCustomer : columns}
                rows={rows()}
                id={({ id }) => id}
                nameOf={({ subject }) => subject}
                hasMore={cursor() !== null && !first.loading}
                onEnd={() => {
                  const at = cursor()
                  if (at !== null && !later.failed()) void later.more(at)
                }}
              />
              <div class="table-foot">
                <span role="status">{words.shown(rows().length, cursor() !== null)}</span>
                <Show when={later.failed() && cursor()} fallback={<span class="keys-hint">{words.keys}</span>}>
                  {(at) => <Button onClick={() => void later.more(at())}>{words.more}</Button>}
                </Show>
              </div>
            </Show>
          )
        }}
      </Loaded>
      <Show when={filtering()}>
        <ChooseCustomer
          title={words.customerTitle}
          hint={words.customerHint}
          none={words.customerNone}
          onClose={() => setFiltering(false)}
          onChoose={({ id }) => {
            setFiltering(false)
            look({ customer: id })
          }}
        />
      </Show>
    </>
  )
}

export const columns: Column<StaffRequestSummary>[] = [
  {
    key: 'subject',
    title: words.columns.subject,
    phone: 'title',
    grows: true,
    cell: ({ id, subject }) => (
      <A class="name" dir="auto" href={`/requests/${id}`} title={subject}>
        {subject}
      </A>
    ),
  },
  { key: 'customer', title: words.columns.customer, phone: 'line', cell: ({ customer }) => <bdi>{customer.name}</bdi> },
  {
    key: 'state',
    title: words.columns.state,
    phone: 'line',
    cell: ({ state }) => <RequestStanding state={state} provider={null} needsYou={state === 'awaiting_msp'} />,
  },
  { key: 'type', title: words.columns.type, wide: 'desk', cell: ({ type }) => words.typeOf(type) },
  {
    key: 'requestedBy',
    title: words.columns.requestedBy,
    wide: true,
    cell: ({ requestedBy }) => <bdi>{requestedBy.name}</bdi>,
  },
  {
    key: 'firstOn',
    title: words.columns.firstOn,
    wide: true,
    cell: ({ firstOn }) => (firstOn === null ? '' : calendarDay(firstOn)),
  },
  { key: 'steps', title: words.columns.steps, wide: 'desk', numeric: true, cell: ({ steps }) => words.steps(steps) },
  {
    key: 'since',
    title: words.columns.since,
    phone: 'end',
    numeric: true,
    cell: ({ createdAt }) => <Time at={createdAt} plain />,
  },
]
export const columnsOfCustomer = columns.filter(({ key }) => key !== 'customer')

export function WaitingRequests(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
