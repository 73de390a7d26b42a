import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createResource, For, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { building, plus, search } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { say } from '../../ui/messages.tsx'
import { Chip } from '../../ui/nav.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { admin } from '../../words/admin.ts'
import { date, number } from '../../words/format.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { CustomerForm } from './customer-form.tsx'
import {
  customerQueryOf,
  listCustomers,
  takeCustomers,
  type CustomerQuery,
  type CustomerSummary,
} from './customers.data.ts'
import { HealthState } from './health.tsx'
import './customers.css'

const words = admin.customers
export function Customers(): JSX.Element {
  const staff = useStaff()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams<{ q?: string; sort?: string; state?: string; add?: string }>()
  useTitle(() => words.title)

  const query = (): CustomerQuery => customerQueryOf(params)
  const [page, { refetch }] = createResource(query, takeCustomers)
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => listCustomers({ ...query(), cursor }),
  )

  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
        <Show when={staff.mayWrite}>
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
          onSearch={(q) => setParams({ q: q || undefined }, { replace: true })}
        />
        <Chip
          on={params.state === 'archived'}
          onToggle={() => setParams({ state: params.state === 'archived' ? undefined : 'archived' })}
        >
          {words.archived}
        </Chip>
        <Show when={params.q?.length === 1}>
          <span class="quiet smaller" role="status">
            {words.tooShort}
          </span>
        </Show>
      </div>
      <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(first) => {
          const rows = () => later.rows(first())
          const cursor = () => later.cursor(first())
          return (
            <Show
              when={rows().length > 0}
              fallback={
                <Nothing
                  q={params.q ?? ''}
                  archived={params.state === 'archived'}
                  onClear={() => setParams({ q: undefined, state: undefined })}
                  onAdd={staff.mayWrite ? () => setParams({ add: 'yes' }) : undefined}
                />
              }
            >
              <Table
                label={words.title}
                fills
                columns={columns}
                rows={rows()}
                id={(row) => row.id}
                sort={query().sort ?? 'name'}
                onSort={(sort) => setParams({ sort }, { replace: true })}
              />
              <div class="table-foot">
                <span role="status">
                  {first().truncated ? words.truncated : words.shown(rows().length, cursor() !== null)}
                </span>
                <Show when={cursor()} fallback={<span class="keys-hint">{words.keys}</span>}>
                  {(at) => (
                    <Button busy={later.busy()} onClick={() => void later.more(at())}>
                      {words.more}
                    </Button>
                  )}
                </Show>
              </div>
            </Show>
          )
        }}
      </Loaded>
      <Show when={params.add === 'yes'}>
        <CustomerForm
          onClose={() => setParams({ add: undefined }, { replace: true })}
          onDone={(customer) => {
            say(words.added(customer.name))
            navigate(`/customers/${customer.id}`)
          }}
        />
      </Show>
    </>
  )
}

const columns: Column<CustomerSummary>[] = [
  {
    key: 'name',
    title: words.name,
    sortable: true,
    cell: (row) => (
      <A class="name" dir="auto" href={`/customers/${row.id}`} title={row.name}>
        {row.name}
      </A>
    ),
  },
  {
    key: 'contact',
    title: words.contact,
    wide: true,
    cell: (row) => row.primaryContactName ?? row.email ?? <span class="quiet">{words.none}</span>,
  },
  {
    key: 'tenants',
    title: words.tenants,
    numeric: true,
    wide: true,
    sortable: true,
    cell: (row) => number(row.tenantCount),
  },
  {
    key: 'users',
    title: words.users,
    numeric: true,
    wide: true,
    sortable: true,
    cell: (row) => number(row.licensedUserCount),
  },
  {
    key: 'health',
    title: words.health,
    sortable: true,
    cell: (row) => <HealthState health={row.health} tenantCount={row.tenantCount} />,
  },
  {
    key: 'createdAt',
    title: words.created,
    numeric: true,
    wide: true,
    sortable: true,
    cell: (row) => date(row.createdAt),
  },
  { key: 'portal', title: words.portal, cell: (row) => <PortalAddress portal={row.portal} /> },
]

export function PortalAddress(props: { portal: CustomerSummary['portal'] }): JSX.Element {
  return (
    <Show when={props.portal.url} fallback={<span class="quiet">{words.noPortal}</span>}>
      {(url) => (
        <span class="address">
          <Show when={props.portal.state === 'enabled'} fallback={<span class="quiet">{words.portalClosed}</span>}>
            <a href={url()} target="_blank" rel="noopener">
              {props.portal.host}
            </a>
          </Show>
          <CopyButton text={url()} />
        </span>
      )}
    </Show>
  )
}

function Nothing(props: {
  q: string
  archived: boolean
  onClear: () => void
  onAdd: (() => void) | undefined
}): JSX.Element {
  return (
    <div class="card">
      <Show
        when={props.q.length > 1 || props.archived}
        fallback={
          <Empty
            icon={building}
            title={words.emptyTitle}
            act={
              <Show when={props.onAdd}>
                {(add) => (
                  <Button look="primary" icon={plus} onClick={() => add()()}>
                    {words.add}
                  </Button>
                )}
              </Show>
            }
          >
            {words.emptyText}
          </Empty>
        }
      >
        <Empty
          icon={search}
          title={props.q.length > 1 ? words.noMatchTitle(props.q) : words.archivedNone}
          act={<Button onClick={() => props.onClear()}>{words.clear}</Button>}
        >
          {words.noMatchText}
        </Empty>
      </Show>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="table-box skeleton-rows">
        <For each={Array.from({ length: 12 })}>
          {(_, index) => (
            <div>
              <Bone shape={index() % 3 === 0 ? 'half' : 'long'} />
              <Bone shape="half" />
              <Bone shape="short" />
              <Bone shape="half" />
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}
