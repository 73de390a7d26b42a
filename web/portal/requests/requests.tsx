import { useSearchParams } from '@solidjs/router'
import { createResource, Match, Show, Switch, type JSX } from 'solid-js'
import type { RequestQuery, RequestSummary } from '../../api/shapes.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { RequestStanding } from '../../requests/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { list as listShape, plus } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Chip } from '../../ui/nav.tsx'
import { Empty, Loaded, Segments } from '../../ui/states.tsx'
import { requests as shared } from '../../words/requests.ts'
import { words } from '../../words/portal-requests.ts'
import { EntriesEnd, EntryGroups, WaitingEntries } from '../entries.tsx'
import { withAwaited } from './groups.ts'
import { listRequests } from './requests.data.ts'
import '../tickets/tickets.css'
import './new-request.css'

const views = ['open', 'ended', 'all'] as const
/** Everybody may have twenty that wait; more than these at once are found page by page. */
const AWAITED_MAX = 200

/** What was asked for, what waits for one's own approval first. */
export default function Requests(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const [params, setParams] = useSearchParams<{ view?: string; mine?: string }>()
  const isAdmin = () => props.person.roles.includes('portal_admin')
  const provider = () => props.boot.help.name
  const view = () => views.find((each) => each === params.view) ?? 'open'
  const isMine = () => isAdmin() && params.mine === 'true'
  const query = (): RequestQuery => ({ view: view(), limit: 50, ...(isMine() && { mine: 'true' }) })
  /** Nobody approves their own, and what is finished waits for nobody. */
  const mayAwait = () => isAdmin() && !isMine() && view() !== 'ended'
  const [page, { refetch }] = createResource(query, async (asked) => {
    const [listed, awaiting] = await Promise.all([
      listRequests(props.boot.customerId, asked),
      mayAwait() ? listRequests(props.boot.customerId, { view: 'awaiting', limit: AWAITED_MAX }) : undefined,
    ])
    return { ...listed, awaited: awaiting?.items ?? [] }
  })
  const pages = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => listRequests(props.boot.customerId, { ...query(), cursor }),
  )
  const later: typeof pages = { ...pages, rows: (first) => withAwaited(pages.rows(first), page.latest?.awaited ?? []) }
  const newRequest = () => (
    <Show when={props.boot.preview === null && props.person.canSee.includes('portal.requests')}>
      <ButtonLink look="primary" icon={plus} href="/requests/new">
        {words.new}
      </ButtonLink>
    </Show>
  )
  const groupOf = (request: RequestSummary) =>
    waitsForMe(request, props.person) ? 'yours' : request.endedAt === null ? 'open' : 'ended'
  const grouped = (all: RequestSummary[]) =>
    (['yours', 'open', 'ended'] as const).map((group) => ({
      title: words.groups[group],
      isAsking: group === 'yours',
      items: all.filter((request) => groupOf(request) === group),
    }))
  return (
    <>
      <div class="greet tickets-head request-greet">
        <div class="stack tight">
          <h1>{words.title}</h1>
          <p class="quiet">{words.lead(isAdmin(), provider())}</p>
        </div>
        {newRequest()}
      </div>
      <div class="tickets-bar">
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
                  view={view()}
                  provider={provider()}
                  newRequest={newRequest()}
                  onShowEnded={() => setParams({ view: 'ended' }, { replace: true })}
                />
              </div>
            }
          >
            <EntryGroups
              groups={grouped(later.rows(first()))}
              entryOf={(request, isAsking) => ({
                href: `/requests/${request.id}`,
                name: request.subject,
                about: <About request={request} person={props.person} />,
                standing: <RequestStanding state={request.state} provider={provider()} needsYou={isAsking} />,
              })}
            />
            <EntriesEnd later={later} first={first()} words={words} />
          </Show>
        )}
      </Loaded>
    </>
  )
}

/** Whether a portal admin's own approval is what it waits for: nobody approves what they asked for themselves. */
const waitsForMe = (request: RequestSummary, person: PortalPerson): boolean =>
  request.awaiting?.who === 'customer' && person.roles.includes('portal_admin') && request.requestedBy.id !== person.id

function About(props: { request: RequestSummary; person: PortalPerson }): JSX.Element {
  return (
    <>
      {words.about(props.request, props.request.requestedBy.id === props.person.id)}
      <Show
        when={
          (props.request.state === 'approved' || props.request.state === 'in_progress') && props.request.steps.total > 0
        }
      >
        {' · '}
        {shared.steps(props.request.steps)}
      </Show>
    </>
  )
}

function Nothing(props: {
  view: (typeof views)[number]
  provider: string
  newRequest: JSX.Element
  onShowEnded: () => void
}): JSX.Element {
  return (
    <Switch>
      <Match when={props.view === 'ended'}>
        <Empty icon={listShape} title={words.noEndedTitle}>
          {words.noEndedText}
        </Empty>
      </Match>
      <Match when={props.view === 'open'}>
        <Empty
          icon={listShape}
          title={words.noOpenTitle}
          act={
            <div class="row wrap">
              {props.newRequest}
              <Button onClick={() => props.onShowEnded()}>{words.showEnded}</Button>
            </div>
          }
        >
          {words.noOpenText}
        </Empty>
      </Match>
      <Match when={true}>
        <Empty icon={listShape} title={words.emptyTitle} act={props.newRequest}>
          {words.emptyText(props.provider)}
        </Empty>
      </Match>
    </Switch>
  )
}
