import { A, useSearchParams } from '@solidjs/router'
import { createMemo, createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { TicketStanding } from '../../tickets/standing.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { plus, search, ticket as ticketIcon } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Chip } from '../../ui/nav.tsx'
import { PagedTable } from '../../ui/paged-table.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import type { Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { ChooseCustomer } from '../customers/choose-customer.tsx'
import { createCustomerName, CustomerFilter } from '../customers/customer-filter.tsx'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { Due } from './due.tsx'
import { NewTicket } from './new-ticket.tsx'
import {
  canLookFor,
  listTickets,
  ticketViews,
  viewsOfCustomer,
  type StaffTicketQuery,
  type StaffTicketSummary,
  type TicketView,
} from './tickets.data.ts'
import './tickets.css'

type Address = {
  view?: string | undefined
  q?: string | undefined
  customer?: string | undefined
  add?: string | undefined
}

const isView = (text: string | undefined): text is TicketView => ticketViews.some((view) => view === text)

/** The tickets of all customers, or of one; which ones stands in the address. */
export function AllTickets(): JSX.Element {
  const staff = useStaff()
  const [params, setParams] = useSearchParams<Address>()
  useTitle(() => words.title)
  const view = (): TicketView => {
    const wanted = isView(params.view) ? params.view : 'open'
    return params.customer && !viewsOfCustomer.includes(wanted) ? 'open' : wanted
  }
  const query = createMemo(
    (): StaffTicketQuery => ({
      view: view(),
      ...(params.customer && { customerId: params.customer }),
      ...(params.q && canLookFor(params.q) && { q: params.q }),
    }),
    undefined,
    { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  )
  const [first, { refetch }] = createResource(query, listTickets)
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => listTickets({ ...query(), cursor }),
  )
  const customerName = createCustomerName(() => params.customer)
  const look = (set: Address) => setParams(set, { replace: true })
  // Whom a new ticket is for, where the list is not one customer's.
  const [addingFor, setAddingFor] = createSignal<{ id: string; name: string }>()
  const customerOfNew = () => {
    const name = customerName()
    return params.customer && name !== undefined ? { id: params.customer, name } : addingFor()
  }
  const endAdding = () => {
    setAddingFor(undefined)
    look({ add: undefined })
  }
  const isAdding = () => params.add === 'yes' && staff.may('tickets.write')
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
        <Show when={staff.may('tickets.write')}>
          <div class="head-acts">
            <Button look="primary" icon={plus} onClick={() => setParams({ add: 'yes' })}>
              {words.add}
            </Button>
          </div>
        </Show>
      </div>
      <div class="tools">
        <SearchBox
          label={words.search}
          placeholder={words.placeholder}
          value={params.q ?? ''}
          maxLength={200}
          onSearch={(q) => look({ q: q || undefined })}
        />
        <div class="ticket-views" role="group" aria-label={words.viewsLabel}>
          <For each={params.customer ? viewsOfCustomer : ticketViews}>
            {(one) => (
              <Chip on={view() === one} onToggle={() => look({ view: one === 'open' ? undefined : one })}>
                {words.views[one]}
              </Chip>
            )}
          </For>
        </div>
        <CustomerFilter
          title={words.customerTitle}
          id={params.customer}
          name={customerName()}
          onChoose={(id) => look({ customer: id })}
        />
        <Show when={params.q && !canLookFor(params.q)}>
          <span class="quiet smaller" role="status">
            {words.tooShort}
          </span>
        </Show>
      </div>
      <Loaded of={first} waiting={<WaitingTickets />} failedTitle={words.failed} retry={() => void refetch()}>
        {(page) => (
          <PagedTable
            label={words.title}
            columns={params.customer ? columns.filter(({ key }) => key !== 'customer') : columns}
            page={page()}
            later={later}
            isLoading={first.loading}
            id={({ id }) => id}
            nameOf={({ subject }) => subject}
            words={words}
            cut={words.isCut}
            nothing={
              <Nothing view={view()} q={query().q} isCut={page().truncated} onClear={() => look({ q: undefined })} />
            }
          />
        )}
      </Loaded>
      <Show when={isAdding()}>
        <Show
          when={customerOfNew()}
          fallback={
            <Show when={!params.customer}>
              <ChooseCustomer title={words.addForTitle} onClose={endAdding} onChoose={setAddingFor} />
            </Show>
          }
        >
          {(whom) => <NewTicket customer={whom()} onClose={endAdding} />}
        </Show>
      </Show>
    </>
  )
}

export const columns: Column<StaffTicketSummary>[] = [
  {
    key: 'number',
    title: words.columns.number,
    phone: 'lead',
    cell: ({ number }) => <span class="quiet figures">{words.number(number)}</span>,
  },
  {
    key: 'subject',
    title: words.columns.subject,
    phone: 'title',
    grows: true,
    cell: ({ id, subject }) => (
      <A class="name" dir="auto" href={`/tickets/${id}`} title={subject}>
        {subject}
      </A>
    ),
  },
  {
    key: 'customer',
    title: words.columns.customer,
    phone: 'line',
    cell: ({ customer }) => <bdi>{customer.name}</bdi>,
  },
  {
    key: 'state',
    title: words.columns.state,
    phone: 'line',
    cell: ({ state }) => <TicketStanding state={state} to="staff" />,
  },
  {
    key: 'priority',
    title: words.columns.priority,
    wide: true,
    cell: ({ priority }) => <PriorityBadge of={priority} />,
  },
  {
    key: 'assignee',
    title: words.columns.assignee,
    wide: true,
    cell: ({ assignee }) => assignee?.name ?? <span class="quiet">{words.nobody}</span>,
  },
  { key: 'due', title: words.columns.due, phone: 'end', cell: ({ due }) => <Due of={due} /> },
  {
    key: 'changed',
    title: words.columns.changed,
    wide: 'desk',
    numeric: true,
    cell: ({ changedAt }) => <Time at={changedAt} plain />,
  },
]

/** What is out of the ordinary stands out; the word says it, too. */
export function PriorityBadge(props: { of: StaffTicketSummary['priority'] }): JSX.Element {
  const mood = () => ({ low: 'none', normal: 'none', high: 'warn', urgent: 'bad' }) as const
  return (
    <Show when={mood()[props.of.priority] !== 'none'} fallback={props.of.name}>
      <Badge mood={mood()[props.of.priority]}>{props.of.name}</Badge>
    </Show>
  )
}

function Nothing(props: { view: TicketView; q: string | undefined; isCut: boolean; onClear: () => void }): JSX.Element {
  return (
    <div class="card">
      <Show
        when={props.q}
        fallback={
          <Empty icon={ticketIcon} title={words.emptyTitle[props.view]}>
            {words.emptyText}
          </Empty>
        }
      >
        {(q) => (
          <Empty
            icon={search}
            title={words.noMatchTitle(q())}
            act={<Button onClick={() => props.onClear()}>{words.clear}</Button>}
          >
            {props.isCut ? words.isCut : words.noMatchText}
          </Empty>
        )}
      </Show>
    </div>
  )
}

export function WaitingTickets(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
