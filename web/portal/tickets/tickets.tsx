import { A, useSearchParams } from '@solidjs/router'
import { createResource, Match, Show, Switch, type JSX } from 'solid-js'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { TicketStanding } from '../../tickets/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { ok, plus, search, ticket as ticketShape } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Chip } from '../../ui/nav.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'
import { Empty, Loaded, Segments } from '../../ui/states.tsx'
import { words } from '../../words/portal-tickets.ts'
import { EntriesEnd, EntryGroups, WaitingEntries } from '../entries.tsx'
import { mayRaise } from './may-raise.ts'
import { listTickets, type PortalTicketEntry, type PortalTicketQuery } from './tickets.data.ts'
import './tickets.css'

const views = ['open', 'waiting', 'ended', 'all'] as const

/** The tickets one sees, what waits on one first. */
export default function Tickets(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const [params, setParams] = useSearchParams<{ view?: string; q?: string; mine?: string }>()
  const isAdmin = () => props.person.roles.includes('portal_admin')
  const provider = () => props.boot.help.name
  const view = () => views.find((each) => each === params.view) ?? 'open'
  const q = () => (params.q ?? '').slice(0, searchLengthMax)
  const isMine = () => isAdmin() && params.mine === 'true'
  const query = (): PortalTicketQuery => ({
    view: view(),
    limit: 50,
    ...(isMine() && { mine: 'true' }),
    ...(canSearch(q()) && { q: q().toWellFormed() }),
  })
  const [page, { refetch }] = createResource(query, (asked) => listTickets(props.boot.customerId, asked))
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => listTickets(props.boot.customerId, { ...query(), cursor }),
  )
  const mayWrite = () => mayRaise(props.boot)
  const newTicket = () => (
    <Show when={mayWrite()}>
      <ButtonLink look="primary" icon={plus} href="/tickets/new">
        {words.new}
      </ButtonLink>
    </Show>
  )
  const grouped = (all: PortalTicketEntry[]) =>
    (['waiting', 'open', 'ended'] as const).map((group) => ({
      title: group === 'open' ? words.groups.open(provider()) : words.groups[group],
      isAsking: group === 'waiting',
      items: all.filter((ticket) => groupOf(ticket) === group),
    }))
  return (
    <>
      <div class="greet tickets-head">
        <div class="stack tight">
          <h1>{words.title}</h1>
          <p class="quiet">{words.lead(isAdmin(), provider())}</p>
        </div>
        {newTicket()}
      </div>
      <div class="tickets-bar">
        <SearchBox
          label={words.search}
          placeholder={words.searchHint}
          value={q()}
          maxLength={searchLengthMax}
          onSearch={(text) => setParams({ q: text || undefined }, { replace: true })}
        />
        <Segments
          label={words.views}
          value={view()}
          options={views.map((value) => ({ value, label: words.view[value] }))}
          onChange={(next) => setParams({ view: next === 'open' ? undefined : next }, { replace: true })}
        />
        <Show when={isAdmin()}>
          <Chip on={isMine()} onToggle={() => setParams({ mine: isMine() ? undefined : 'true' }, { replace: true })}>
            {words.onlyMine}
          </Chip>
        </Show>
      </div>
      <Loaded
        of={page}
        waiting={<WaitingEntries what={words.loading} />}
        failedTitle={words.failed}
        retry={() => void refetch()}
      >
        {(first) => (
          <Show
            when={first().items.length > 0}
            fallback={
              <div class="card">
                <Nothing
                  q={canSearch(q()) ? q() : ''}
                  view={view()}
                  isMine={isMine()}
                  provider={provider()}
                  newTicket={newTicket()}
                  onShow={(to) => setParams({ view: to }, { replace: true })}
                  onClear={() => setParams({ q: undefined }, { replace: true })}
                />
              </div>
            }
          >
            <EntryGroups
              groups={grouped(later.rows(first()))}
              entryOf={(ticket) => ({
                href: `/tickets/${ticket.id}`,
                name: ticket.subject,
                about: words.about(
                  ticket.number,
                  ticket.category.name,
                  ticket.isMine ? undefined : ticket.requester?.name,
                  ticket.changedAt,
                ),
                standing: <TicketStanding state={ticket.state} to="customer" />,
              })}
            />
            <EntriesEnd later={later} first={first()} words={words}>
              <Show when={props.person.canSee.includes('portal.reports')}>
                <A class="small" href="/reports/tickets">
                  {words.report}
                </A>
              </Show>
              <Show when={first().truncated}>
                <p class="quiet small">{words.truncated}</p>
              </Show>
            </EntriesEnd>
          </Show>
        )}
      </Loaded>
    </>
  )
}

const groupOf = (ticket: PortalTicketEntry) =>
  ticket.waitsOnYou ? 'waiting' : ticket.endedAt === null ? 'open' : 'ended'

function Nothing(props: {
  q: string
  view: (typeof views)[number]
  isMine: boolean
  provider: string
  newTicket: JSX.Element
  onShow: (view: 'ended' | 'all') => void
  onClear: () => void
}): JSX.Element {
  return (
    <Switch>
      <Match when={props.q !== ''}>
        <Empty
          icon={search}
          title={words.noMatchTitle(props.q)}
          act={
            <div class="row wrap">
              <Show when={props.view !== 'all'}>
                <Button onClick={() => props.onShow('all')}>{words.searchAll}</Button>
              </Show>
              <Button look="plain" onClick={() => props.onClear()}>
                {words.clearSearch}
              </Button>
            </div>
          }
        >
          {words.noMatchText}
        </Empty>
      </Match>
      <Match when={props.view === 'ended'}>
        <Empty icon={ticketShape} title={words.noEndedTitle}>
          {words.noEndedText}
        </Empty>
      </Match>
      <Match when={props.view === 'waiting'}>
        <Empty icon={ok} title={words.noWaitingTitle}>
          {words.noWaitingText(props.provider)}
        </Empty>
      </Match>
      <Match when={props.view === 'open'}>
        <Empty
          icon={ticketShape}
          title={words.noOpenTitle}
          act={
            <div class="row wrap">
              {props.newTicket}
              <Button onClick={() => props.onShow('ended')}>{words.showEnded}</Button>
            </div>
          }
        >
          {words.noOpenText(props.provider)}
        </Empty>
      </Match>
      <Match when={true}>
        <Empty icon={ticketShape} title={words.emptyTitle} act={props.newTicket}>
          {words.emptyText(props.provider)}
        </Empty>
      </Match>
    </Switch>
  )
}
