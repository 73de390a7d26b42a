import { A, useLocation, useNavigate, useSearchParams } from '@solidjs/router'
import { createMemo, createResource, For, Show, type JSX } from 'solid-js'
import type { DirectoryAttribute, DirectoryEntry, DirectoryList, DirectoryQuery, DirectoryUser } from '../api/shapes.ts'
import { ProblemError } from '../api/problem.ts'
import { Badge, State } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Facts } from '../ui/facts.tsx'
import { people, search, sync } from '../ui/icon.tsx'
import { createLaterPages } from '../ui/later-pages.ts'
import { Chip } from '../ui/nav.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { canSearch, searchLengthMax } from '../ui/searching.ts'
import { Bone, Empty, Failed, Loaded, Skeleton } from '../ui/states.tsx'
import type { Column } from '../ui/table.tsx'
import { AsOf, Time } from '../ui/time.tsx'
import { common } from '../words/common.ts'
import { directory as words } from '../words/directory.ts'
import { directoryQueryOf, isNarrowed, nothingAsked, type DirectoryAddress } from './query.ts'
import './directory.css'

/** Where a directory is read from, and where it stands. */
export type Source<User extends DirectoryUser, Entry extends DirectoryEntry> = {
  /** The list's own address; somebody's is below it. */
  base: string
  list: (query: DirectoryQuery) => Promise<Page<User>>
  read: (userId: string) => Promise<Entry>
}
type Page<User extends DirectoryUser> = Omit<DirectoryList, 'items'> & { items: User[] }

/**
 * The people of a customer's tenants: a list to search and to narrow, and beside it whoever is looked at closer. All of it
 * stands in the address.
 */
export function Directory<User extends DirectoryUser, Entry extends DirectoryEntry>(props: {
  from: Source<User, Entry>
  /** Who is looked at closer. */
  userId: string | undefined
  /** What is known of the tenants, above the list. */
  notices: (list: Page<User>) => JSX.Element
  /** In place of the list while no tenant is connected. */
  unconnected: JSX.Element
  /** Another number has the list asked for anew. */
  revision?: number
  /** What else is told of somebody. */
  facts?: (entry: Entry) => { name: JSX.Element; value: JSX.Element }[]
}): JSX.Element {
  const [params, setParams] = useSearchParams<DirectoryAddress>()
  const here = useLocation()
  const navigate = useNavigate()
  const query = createMemo(() => directoryQueryOf(params), undefined, {
    equals: (one, other) => JSON.stringify(one) === JSON.stringify(other),
  })
  const [list, { refetch }] = createResource(
    () => ({ asked: query(), revision: props.revision }),
    ({ asked }) => props.from.list(asked),
  )
  const later = createLaterPages<User>(
    () => JSON.stringify([query(), props.revision]),
    (cursor) => props.from.list({ ...query(), cursor }),
  )
  const look = (set: DirectoryAddress) => setParams(set, { replace: true })
  const hrefOf = (userId: string) => `${props.from.base}/${userId}${here.search}`
  const close = () => navigate(`${props.from.base}${here.search}`, { scroll: false })
  return (
    <div class="directory">
      <Loaded of={list} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(first) => {
          const isUnconnected = () => first().tenants.length === 0
          return (
            <Show when={!isUnconnected()} fallback={<div class="card">{props.unconnected}</div>}>
              {props.notices(first())}
              <div class="tools">
                <SearchBox
                  label={words.search}
                  placeholder={words.placeholder(first().shows)}
                  value={params.q ?? ''}
                  maxLength={searchLengthMax}
                  onSearch={(q) => look({ q: q || undefined })}
                />
                <Filters list={first()} query={query()} look={look} />
                <Show when={params.q && !canSearch(params.q)}>
                  <span class="quiet smaller" role="status">
                    {words.tooShort}
                  </span>
                </Show>
                <span class="directory-as-of">
                  <AsOf at={first().asOf} source={words.microsoft} />
                </span>
              </div>
              <PagedTable
                label={words.listLabel}
                columns={columnsFor<User>(first(), (user) => hrefOf(user.id))}
                page={first()}
                later={later}
                isLoading={list.loading}
                id={(user) => user.id}
                {...(query().q === undefined && { sort: query().sort ?? 'name' })}
                onSort={(sort) => look({ sort: sort === 'name' ? undefined : sort })}
                words={words}
                cut={words.truncated}
                nothing={<Nobody list={first()} query={query()} onClear={() => look(nothingAsked)} />}
              />
            </Show>
          )
        }}
      </Loaded>
      <Show when={props.userId}>
        {(userId) => (
          <Person userId={userId()} read={props.from.read} href={hrefOf} facts={props.facts} onClose={close} />
        )}
      </Show>
    </div>
  )
}

/** Only what is shown can be narrowed by. */
function Filters(props: {
  list: Omit<DirectoryList, 'items'>
  query: DirectoryQuery
  look: (set: DirectoryAddress) => void
}): JSX.Element {
  const departments = () => props.list.departments ?? []
  const shows = (attribute: DirectoryAttribute) => props.list.shows.includes(attribute)
  const toggle = (name: 'licensed' | 'blocked' | 'guest') => () =>
    props.look({ [name]: props.query[name] === undefined ? 'true' : undefined })
  return (
    <>
      <Show when={shows('licences')}>
        <Chip on={props.query.licensed !== undefined} onToggle={toggle('licensed')}>
          {words.licensed}
        </Chip>
      </Show>
      <Show when={shows('signInAllowed')}>
        <Chip on={props.query.blocked !== undefined} onToggle={toggle('blocked')}>
          {words.blocked}
        </Chip>
      </Show>
      <Show when={props.list.hasMailboxes || props.query.mailbox !== undefined}>
        <Chip
          on={props.query.mailbox !== undefined}
          onToggle={() => props.look({ mailbox: props.query.mailbox === undefined ? 'false' : undefined })}
        >
          {words.withoutMailboxes}
        </Chip>
      </Show>
      <Show when={props.list.showsGuests}>
        <Chip on={props.query.guest !== undefined} onToggle={toggle('guest')}>
          {words.guests}
        </Chip>
      </Show>
      <Show when={shows('department') && departments().length > 0}>
        <Choice
          title={words.department}
          any={words.anyDepartment}
          value={props.query.department}
          options={departments().map((name) => ({ value: name, label: name }))}
          onChoose={(department) => props.look({ department })}
        />
      </Show>
      <Show when={props.list.tenants.length > 1}>
        <Choice
          title={words.tenant}
          any={words.anyTenant}
          value={props.query.tenantId}
          options={props.list.tenants.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={(tenant) => props.look({ tenant })}
        />
      </Show>
      <Show when={isNarrowed(props.query)}>
        <Button look="ghost" onClick={() => props.look(nothingAsked)}>
          {words.clear}
        </Button>
      </Show>
    </>
  )
}

const columnsFor = <User extends DirectoryUser>(
  list: Omit<DirectoryList, 'items'>,
  href: (user: User) => string,
): Column<User>[] => {
  const shown: Column<User>[] = list.shows.filter(hasColumn(list)).map((attribute) => ({
    ...columnOf[attribute],
    key: attribute,
    title: words.attribute[attribute],
    // On a phone the first of these that is shown stands below the name.
    ...(attribute === secondLine.find((one) => list.shows.includes(one)) && { phone: 'line' as const }),
  }))
  return [
    {
      key: 'name',
      title: words.name,
      phone: 'title',
      sortable: true,
      cell: (user) => (
        <span class="row name-cell">
          <A class="name" dir="auto" href={href(user)} title={user.name} noScroll>
            {user.name}
          </A>
          <Kinds of={user} />
        </span>
      ),
    },
    ...shown,
    ...(list.tenants.length > 1
      ? [
          {
            key: 'tenant',
            title: words.tenant,
            wide: 'desk' as const,
            cell: (user: User) => list.tenants.find(({ id }) => id === user.tenantId)?.name ?? <Nothing />,
          },
        ]
      : []),
  ]
}

/** What somebody is, where that is not a member of the organisation. */
function Kinds(props: { of: DirectoryUser }): JSX.Element {
  return (
    <>
      <Show when={props.of.isGuest}>
        <Badge mood="none">{words.guest}</Badge>
      </Show>
      <Show when={props.of.mailbox}>{(mailbox) => <Badge mood="none">{words.mailbox[mailbox()]}</Badge>}</Show>
    </>
  )
}

type InRows = Exclude<DirectoryAttribute, 'lastSignIn' | 'groups' | 'manager'>

/**
 * One number is enough for a row, and none where it says whose they are: numbers stand where somebody is looked at closer, as do
 * sign-ins, groups and managers.
 */
const hasColumn =
  ({ shows, tenants }: Pick<DirectoryList, 'shows' | 'tenants'>) =>
  (attribute: DirectoryAttribute): attribute is InRows =>
    attribute !== 'lastSignIn' &&
    attribute !== 'groups' &&
    attribute !== 'manager' &&
    (!['businessPhone', 'mobilePhone'].includes(attribute) ||
      (tenants.length <= 1 && (attribute === 'businessPhone' || !shows.includes('businessPhone'))))

const secondLine: DirectoryAttribute[] = ['jobTitle', 'department', 'mail', 'businessPhone', 'mobilePhone', 'licences']

const Nothing = (): JSX.Element => <span class="quiet">{words.none}</span>
const textOf = (value: string | null | undefined) => (value ? <span dir="auto">{value}</span> : <Nothing />)

const columnOf: Record<InRows, Pick<Column<DirectoryUser>, 'cell' | 'wide' | 'phone'>> = {
  jobTitle: { cell: (user) => textOf(user.jobTitle) },
  department: { wide: true, cell: (user) => textOf(user.department) },
  mail: { wide: 'phone', cell: (user) => textOf(user.mail) },
  businessPhone: { wide: 'desk', cell: (user) => textOf(user.businessPhone) },
  mobilePhone: { wide: 'desk', cell: (user) => textOf(user.mobilePhone) },
  licences: {
    wide: true,
    cell: (user) =>
      user.licences?.length ? <span title={user.licences.join(', ')}>{user.licences.join(', ')}</span> : <Nothing />,
  },
  signInAllowed: {
    phone: 'end',
    cell: (user) =>
      user.mailbox !== undefined ? (
        <span class="quiet on-desk">{words.none}</span>
      ) : user.signInAllowed === false ? (
        <State mood="warn">{words.signInBlocked}</State>
      ) : (
        <span class="quiet on-desk">{words.signInAllowed}</span>
      ),
  },
}

function Nobody(props: {
  list: Omit<DirectoryList, 'items'>
  query: DirectoryQuery
  onClear: () => void
}): JSX.Element {
  const clear = () => <Button onClick={() => props.onClear()}>{words.clear}</Button>
  return (
    <div class="card">
      <Show
        when={isNarrowed(props.query)}
        fallback={
          <Show
            when={props.list.tenants.some(({ state }) => state === 'syncing')}
            fallback={
              <Empty icon={people} title={words.emptyTitle}>
                {words.emptyText}
              </Empty>
            }
          >
            <Empty icon={sync} title={words.syncingTitle}>
              {words.syncingText}
            </Empty>
          </Show>
        }
      >
        <Show
          when={props.query.q}
          fallback={
            <Empty icon={search} title={words.noneFilteredTitle} act={clear()}>
              {words.noneFilteredText}
            </Empty>
          }
        >
          {(q) => (
            <Empty icon={search} title={words.noMatchTitle(q())} act={clear()}>
              {words.noMatchText}
            </Empty>
          )}
        </Show>
      </Show>
    </div>
  )
}

/** Somebody, looked at closer: at the side, with an address of its own. */
function Person<Entry extends DirectoryEntry>(props: {
  userId: string
  read: (userId: string) => Promise<Entry>
  /** Where somebody else is looked at closer. */
  href: (userId: string) => string
  facts: ((entry: Entry) => { name: JSX.Element; value: JSX.Element }[]) | undefined
  onClose: () => void
}): JSX.Element {
  const [entry, { refetch }] = createResource(
    () => props.userId,
    (userId) => props.read(userId),
  )
  const known = () => (entry.state === 'ready' || entry.state === 'refreshing' ? entry.latest : undefined)
  const isGone = () => entry.error instanceof ProblemError && entry.error.status === 404
  return (
    <Dialog
      open
      side
      title={known()?.name ?? words.person}
      onClose={props.onClose}
      foot={<Button onClick={() => props.onClose()}>{words.close}</Button>}
    >
      <Show
        when={entry.state !== 'errored'}
        fallback={
          <Show
            when={isGone()}
            fallback={<Failed title={words.personFailed} error={entry.error} retry={() => void refetch()} />}
          >
            <p>{words.personGone}</p>
          </Show>
        }
      >
        <Show when={known()} fallback={<PersonWaiting />}>
          {(person) => (
            <>
              <Show when={person().isGuest || person().mailbox}>
                <p>
                  <Kinds of={person()} />
                </p>
              </Show>
              <Facts
                of={[
                  ...person().shows.map((attribute) => ({
                    name: words.attribute[attribute],
                    value: factOf[attribute](person(), props.href),
                  })),
                  ...(person().manages === undefined
                    ? []
                    : [{ name: words.manages, value: <Manages of={person()} href={props.href} /> }]),
                  ...(props.facts?.(person()) ?? []),
                ]}
              />
              <AsOf at={person().asOf} source={words.asOfRead(person().tenantName)} />
            </>
          )}
        </Show>
      </Show>
    </Dialog>
  )
}

const given = (value: string | null | undefined, of: (value: string) => JSX.Element): JSX.Element =>
  value ? of(value) : <span class="quiet">{common.notGiven}</span>
const plain = (value: string) => <span dir="auto">{value}</span>
const phone = (value: string) => <a href={`tel:${value.replace(/[^+\d]/g, '')}`}>{value}</a>

type Href = (userId: string) => string

const factOf: Record<DirectoryAttribute, (entry: DirectoryEntry, href: Href) => JSX.Element> = {
  mail: (entry) => given(entry.mail, (value) => <a href={`mailto:${value}`}>{value}</a>),
  jobTitle: (entry) => given(entry.jobTitle, plain),
  department: (entry) => given(entry.department, plain),
  businessPhone: (entry) => given(entry.businessPhone, phone),
  mobilePhone: (entry) => given(entry.mobilePhone, phone),
  licences: (entry) => <Names of={entry.licences ?? []} />,
  signInAllowed: (entry) =>
    entry.mailbox !== undefined ? (
      <span class="quiet">{words.signInOfMailbox}</span>
    ) : entry.signInAllowed === false ? (
      <State mood="warn">{words.signInBlocked}</State>
    ) : (
      <State mood="good">{words.signInAllowed}</State>
    ),
  lastSignIn: (entry) => <LastSignIn of={entry.lastSignIn} />,
  groups: (entry) => <Groups of={entry.groups} />,
  manager: (entry, href) => <Manager of={entry.manager} href={href} />,
}

function Manager(props: { of: DirectoryEntry['manager']; href: Href }): JSX.Element {
  const without = () =>
    props.of?.isKnown !== true ? words.managerNotKnown : props.of.isNamed ? words.managerElsewhere : words.noManager
  return (
    <>
      <div>
        <Show when={props.of?.person} fallback={<span class="quiet">{without()}</span>}>
          {(person) => <Colleague of={person()} href={props.href} />}
        </Show>
      </div>
      <AsOf at={props.of?.asOf ?? null} />
    </>
  )
}

function Manages(props: { of: DirectoryEntry; href: Href }): JSX.Element {
  const items = () => props.of.manages?.items ?? []
  const more = () => (props.of.manages?.count ?? 0) - items().length
  return (
    <Show
      when={items().length > 0}
      fallback={
        <span class="quiet">{props.of.manager?.asOf == null ? words.managerNotKnown : words.managesNobody}</span>
      }
    >
      <ul class="directory-names">
        <For each={items()}>
          {(person) => (
            <li>
              <Colleague of={person} href={props.href} />
            </li>
          )}
        </For>
        <Show when={more() > 0}>
          <li class="quiet">{words.moreManaged(more())}</li>
        </Show>
      </ul>
    </Show>
  )
}

function Colleague(props: { of: { id: string; name: string }; href: Href }): JSX.Element {
  return (
    <A dir="auto" href={props.href(props.of.id)} noScroll>
      {props.of.name}
    </A>
  )
}

function LastSignIn(props: { of: DirectoryEntry['lastSignIn'] }): JSX.Element {
  return (
    <Show
      when={props.of?.at}
      fallback={<span class="quiet">{props.of?.isKnown === true ? words.signInNever : words.signInNotKnown}</span>}
    >
      {(at) => <Time at={at()} relative />}
    </Show>
  )
}

function Groups(props: { of: DirectoryEntry['groups'] }): JSX.Element {
  const items = () => props.of?.items ?? []
  const more = () => (props.of?.count ?? 0) - items().length
  return (
    <Show when={props.of?.isKnown === true} fallback={<span class="quiet">{words.groupsNotKnown}</span>}>
      <Show when={items().length > 0} fallback={<span class="quiet">{words.noGroups}</span>}>
        <ul class="directory-names">
          <For each={items()}>
            {(group) => (
              <li>
                <span dir="auto">{group.name}</span> <span class="quiet smaller">{words.groupKind[group.kind]}</span>
              </li>
            )}
          </For>
          <Show when={more() > 0}>
            <li class="quiet">{words.moreGroups(more())}</li>
          </Show>
        </ul>
      </Show>
      <AsOf at={props.of?.asOf ?? null} />
    </Show>
  )
}

/** Names one below the other. */
export function Names(props: { of: string[] }): JSX.Element {
  return (
    <Show when={props.of.length > 0} fallback={<span class="quiet">{words.noLicences}</span>}>
      <ul class="directory-names">
        <For each={props.of}>{(name) => <li>{name}</li>}</For>
      </ul>
    </Show>
  )
}

function PersonWaiting(): JSX.Element {
  return (
    <Skeleton what={words.person}>
      <div class="stack">
        <For each={Array.from({ length: 6 })}>
          {() => (
            <div class="stack tight">
              <Bone shape="short" />
              <Bone shape="half" />
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="table-box directory-waiting">
        <For each={Array.from({ length: 12 })}>
          {(_, index) => (
            <div>
              <Bone shape={index() % 3 === 0 ? 'long' : 'half'} />
              <Bone shape="half" />
              <Bone shape="short" />
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}
