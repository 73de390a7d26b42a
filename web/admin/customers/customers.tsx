import { useNavigate, useSearchParams } from '@solidjs/router'
import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  For,
  on,
  onCleanup,
  Show,
  Suspense,
  type JSX,
} from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { building, Icon, more, plus, search, upload } from '../../ui/icon.tsx'
import { InTurn } from '../../ui/in-turn.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { access } from '../../words/access.ts'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { date, number } from '../../words/format.ts'
import { imports as importWords } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { closePortal, reopenPortal } from '../brand/brand.data.ts'
import { later as pages } from '../later.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { BulkBar } from './bulk-bar.tsx'
import {
  canSortBy,
  customerQueryOf,
  customersDownTo,
  disableCustomer,
  enableCustomer,
  isFiltered,
  laterCustomers,
  takeCustomers,
  type CustomerAddress,
  type CustomerQuery,
  type CustomerSummary,
} from './customers.data.ts'
import { CustomerExportMenu } from './export-menu.tsx'
import { Filters } from './filters.tsx'
import { HealthState } from './health.tsx'
import './customers.css'

const words = admin.customers

export function Customers(): JSX.Element {
  const staff = useStaff()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams<CustomerAddress & { add?: string; row?: string }>()
  useTitle(() => words.title)

  const query = createMemo(() => customerQueryOf(params), undefined, {
    equals: (one, other) => JSON.stringify(one) === JSON.stringify(other),
  })
  const [list, { refetch }] = createResource(query, (asked) => {
    const row = rowIn(params.row)
    return row === 0 ? takeCustomers(asked) : customersDownTo(asked, row)
  })
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => laterCustomers(query(), cursor),
  )
  const [selected, setSelected] = createSignal<ReadonlySet<string>>(new Set())
  createEffect(on(query, () => setSelected(new Set<string>()), { defer: true }))
  const select = (ids: string[], isSelected: boolean) =>
    setSelected((before) => {
      const next = new Set(before)
      for (const id of ids) {
        if (isSelected) next.add(id)
        else next.delete(id)
      }
      return next
    })

  let resting: number | undefined
  /** Another view begins at its top. */
  const look = (set: CustomerAddress, more?: { replace: boolean }) => {
    clearTimeout(resting)
    setParams({ ...set, row: undefined }, more)
  }
  const clear = () =>
    look({ q: undefined, state: undefined, health: undefined, problems: undefined, portal: undefined })
  // The row on top is remembered once scrolling rests, so that coming back or loading again finds the same rows.
  const remember = (row: number) => {
    clearTimeout(resting)
    // Until another view's rows are there, it is still the last one's that are on top.
    if (list.loading || row === rowIn(params.row)) return
    resting = window.setTimeout(() => setParams({ row: row || undefined }, { replace: true, scroll: false }), 250)
  }
  onCleanup(() => clearTimeout(resting))
  const again = () => {
    setSelected(new Set<string>())
    later.forget()
    void refetch()
  }

  const [enabling, setEnabling] = createSignal<CustomerSummary>()
  const act: RowActs = {
    enablePortal: (row) => setEnabling(row),
    run: async (deed, said) => {
      try {
        await deed()
        say(said)
        await refetch()
      } catch (error) {
        say(explain(asProblem(error)), { mood: 'bad' })
      }
    },
  }

  const head = () => (
    <div class="head top">
      <h1>{words.title}</h1>
      <Show when={staff.mayWrite}>
        <div class="head-acts">
          <CustomerExportMenu question={query()} selectedIds={[...selected()]} />
          <Show when={staff.mayManage}>
            <ButtonLink href="/customers/imports" icon={upload}>
              {importWords.open}
            </ButtonLink>
          </Show>
          <Button look="primary" icon={plus} onClick={() => setParams({ add: 'yes' })}>
            {words.add}
          </Button>
        </div>
      </Show>
    </div>
  )
  const tools = () => (
    <div class="tools">
      <SearchBox
        label={words.search}
        placeholder={words.placeholder}
        value={params.q ?? ''}
        maxLength={searchLengthMax}
        onSearch={(q) => look({ q: q || undefined }, { replace: true })}
      />
      <Filters query={query()} look={look} />
      <Show when={params.q && !canSearch(params.q)}>
        <span class="quiet smaller" role="status">
          {words.tooShort}
        </span>
      </Show>
    </div>
  )
  const table = () => (
    <Loaded of={list} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(first) => {
        const rows = createMemo(() => later.rows(first()))
        const cursor = () => later.cursor(first())
        return (
          <Show
            when={rows().length > 0}
            fallback={
              <Nothing
                query={query()}
                isCut={first().truncated}
                onClear={clear}
                onAdd={staff.mayWrite ? () => setParams({ add: 'yes' }) : undefined}
              />
            }
          >
            <Table
              label={words.title}
              fills
              columns={columnsFor(query(), staff.mayWrite ? act : undefined)}
              rows={rows()}
              id={(row) => row.id}
              nameOf={(row) => row.name}
              sort={query().sort ?? 'name'}
              onSort={(sort) => look({ sort }, { replace: true })}
              // Until another view's rows are there, the end is still the last one's.
              hasMore={cursor() !== null && !list.loading}
              onEnd={() => {
                const at = cursor()
                if (at !== null && !later.failed()) void later.more(at)
              }}
              top={rowIn(params.row)}
              onTop={remember}
              selected={selected()}
              {...(staff.mayWrite && { onSelect: select })}
            />
            <div class="table-foot">
              <span role="status">
                {first().truncated ? words.truncated : words.shown(rows().length, cursor() !== null)}
              </span>
              <Show
                when={later.failed() && cursor()}
                fallback={
                  <Show when={selected().size === 0}>
                    <span class="keys-hint">{staff.mayWrite ? words.keysAndSelect : words.keys}</span>
                  </Show>
                }
              >
                {(at) => <Button onClick={() => void later.more(at())}>{words.more}</Button>}
              </Show>
            </div>
            <Show when={selected().size > 0}>
              <BulkBar
                ids={[...selected()]}
                nameOf={(id) => rows().find((row) => row.id === id)?.name ?? ''}
                archived={query().state === 'archived'}
                onDone={again}
                onClear={() => setSelected(new Set<string>())}
              />
            </Show>
          </Show>
        )
      }}
    </Loaded>
  )
  return (
    <>
      <InTurn parts={[head, tools, table]}>{(made) => made}</InTurn>
      <Show when={enabling()} keyed>
        {(row) => (
          <Suspense>
            <pages.EnablePortal
              customer={row}
              onClose={() => setEnabling(undefined)}
              onDone={(customer) => {
                setEnabling(undefined)
                say(access.portal.enabled(customer.portal.host ?? ''))
                void refetch()
              }}
            />
          </Suspense>
        )}
      </Show>
      <Show when={params.add === 'yes'}>
        <Suspense>
          <pages.CustomerForm
            onClose={() => setParams({ add: undefined }, { replace: true })}
            onDone={(customer) => {
              say(words.added(customer.name))
              navigate(`/customers/${customer.id}`)
            }}
          />
        </Suspense>
      </Show>
    </>
  )
}

const rowIn = (text: string | undefined): number => (text && /^\d{1,6}$/.test(text) ? Number(text) : 0)

/** The columns, with those that this list cannot be sorted by saying so. */
const columnsFor = (query: CustomerQuery, acts: RowActs | undefined): Column<CustomerSummary>[] => [
  ...columns.map((column) =>
    column.sortable && !canSortBy(query, column.key) ? { ...column, sortable: words.notSorted } : column,
  ),
  ...(acts === undefined || query.state === 'archived'
    ? []
    : [
        {
          key: 'more',
          title: admin.contacts.columns.more,
          quiet: true,
          numeric: true,
          cell: (row: CustomerSummary) => (
            <Menu
              buttonClass="icon-button"
              buttonLabel={common.more(row.name)}
              button={<Icon of={more} />}
              side="end"
              groups={rowItems(row, acts)}
            />
          ),
        },
      ]),
]

type RowActs = {
  enablePortal: (row: CustomerSummary) => void
  run: (deed: () => Promise<void>, said: string) => Promise<void>
}

/** What can be done to one customer from its row. */
const rowItems = (row: CustomerSummary, { enablePortal, run }: RowActs): MenuItem[][] => [
  row.state === 'disabled'
    ? []
    : [
        {
          none: { label: access.portal.enable, onSelect: () => enablePortal(row) },
          enabled: {
            label: admin.portal.close,
            onSelect: () => void run(() => closePortal(row.id), admin.portal.closed),
          },
          disabled: {
            label: admin.portal.reopen,
            onSelect: () => void run(() => reopenPortal(row.id), admin.portal.opened),
          },
        }[row.portal.state],
      ],
  [
    row.state === 'disabled'
      ? {
          label: access.customer.enable,
          onSelect: () => void run(() => enableCustomer(row.id), access.customer.enabled(row.name)),
        }
      : {
          label: access.customer.disable,
          onSelect: () => void run(() => disableCustomer(row.id), access.customer.disabled(row.name)),
        },
  ],
]

const columns: Column<CustomerSummary>[] = [
  {
    key: 'name',
    title: words.name,
    phone: 'title',
    grows: true,
    sortable: true,
    cell: (row) => (
      <span class="row">
        <a class="name" dir="auto" href={`/customers/${row.id}`} title={row.name}>
          {row.name}
        </a>
        <Show when={row.state === 'disabled'}>
          <Badge mood="none">{access.customer.disabledBadge}</Badge>
        </Show>
      </span>
    ),
  },
  {
    key: 'contact',
    title: words.contact,
    wide: true,
    sortable: true,
    // The list is sorted by the name: an address in its place would stand out of order.
    cell: (row) => row.primaryContactName ?? <span class="quiet">{words.none}</span>,
  },
  {
    key: 'tenants',
    title: words.tenants,
    numeric: true,
    wide: 'desk',
    sortable: true,
    cell: (row) => number(row.tenantCount),
  },
  {
    key: 'users',
    title: words.users,
    numeric: true,
    sortable: true,
    cell: (row) => number(row.licensedUserCount),
  },
  {
    key: 'health',
    title: words.health,
    phone: 'end',
    sortable: true,
    cell: (row) => <HealthState health={row.health} tenantCount={row.tenantCount} />,
  },
  {
    key: 'portal',
    title: words.portal,
    phone: 'line',
    cell: (row) => <PortalAddress portal={row.portal} isShut={row.state !== 'active'} />,
  },
  {
    key: 'psaId',
    title: words.psaId,
    wide: 'desk',
    sortable: true,
    cell: (row) => row.psaId ?? <span class="quiet">{words.none}</span>,
  },
  {
    key: 'createdAt',
    title: words.created,
    numeric: true,
    wide: 'desk',
    sortable: true,
    cell: (row) => date(row.createdAt),
  },
]

/** The address with a copy button (product.md, E6); while nobody can get in, it says so instead of leading there. */
export function PortalAddress(props: { portal: CustomerSummary['portal']; isShut: boolean }): JSX.Element {
  return (
    <Show when={props.portal.url} fallback={<span class="quiet">{words.noPortal}</span>}>
      {(url) => (
        <span class="address">
          <Show
            when={props.portal.state === 'enabled' && !props.isShut}
            fallback={<span class="quiet">{words.portalClosed}</span>}
          >
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
  query: CustomerQuery
  /** Not all that the words find was looked at: then nobody is said not to be there. */
  isCut: boolean
  onClear: () => void
  onAdd: (() => void) | undefined
}): JSX.Element {
  const title = () =>
    props.isCut
      ? words.tooManyTitle
      : props.query.q !== undefined
        ? words.noMatchTitle(props.query.q)
        : isFiltered(props.query)
          ? words.noneFiltered
          : words.archivedNone
  return (
    <div class="card">
      <Show
        when={props.query.q !== undefined || isFiltered(props.query) || props.query.state === 'archived'}
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
            {props.onAdd ? words.emptyText : words.emptyTextViewer}
          </Empty>
        }
      >
        <Empty icon={search} title={title()} act={<Button onClick={() => props.onClear()}>{words.clear}</Button>}>
          {props.isCut ? words.tooManyText : props.query.q === undefined ? words.noneFilteredText : words.noMatchText}
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
