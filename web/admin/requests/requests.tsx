import { A, useSearchParams } from '@solidjs/router'
import { createMemo, createResource, For, type JSX } from 'solid-js'
import type { RequestType } from '../../api/shapes.ts'
import { RequestStanding } from '../../requests/standing.tsx'
import { Choice } from '../../ui/choice.tsx'
import { check } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Chip } from '../../ui/nav.tsx'
import { PagedTable } from '../../ui/paged-table.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import { calendarDay } from '../../words/format.ts'
import { requests as shared } from '../../words/requests.ts'
import { createCustomerName, CustomerFilter } from '../customers/customer-filter.tsx'
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
  const customerName = createCustomerName(() => params.customer)
  const look = (set: Address) => setParams(set, { replace: true })
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
          options={types.map((value) => ({ value, label: shared.type[value] }))}
          onChoose={(chosen) => look({ type: chosen })}
        />
        <CustomerFilter
          title={words.customerTitle}
          id={params.customer}
          name={customerName()}
          onChoose={(id) => look({ customer: id })}
        />
      </div>
      <Loaded of={first} waiting={<WaitingRequests />} failedTitle={words.failed} retry={() => void refetch()}>
        {(page) => (
          <PagedTable
            label={words.title}
            columns={params.customer ? columnsOfCustomer : columns}
            page={page()}
            later={later}
            isLoading={first.loading}
            id={({ id }) => id}
            nameOf={({ subject }) => subject}
            words={words}
            nothing={
              <div class="card">
                <Empty icon={check} title={words.emptyTitle[view()]}>
                  {words.emptyText}
                </Empty>
              </div>
            }
          />
        )}
      </Loaded>
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
  { key: 'type', title: words.columns.type, wide: 'desk', cell: ({ type }) => shared.type[type] },
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
