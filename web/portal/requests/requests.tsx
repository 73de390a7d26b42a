import { A, useSearchParams } from '@solidjs/router'
import { createMemo, createResource, For, Match, Show, Switch, type JSX } from 'solid-js'
import type { RequestQuery, RequestSummary } from '../../api/shapes.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { RequestStanding } from '../../requests/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { list as listShape, plus } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Chip } from '../../ui/nav.tsx'
import { Bone, Empty, Loaded, Segments, Skeleton } from '../../ui/states.tsx'
import { requests as shared } from '../../words/requests.ts'
import { words } from '../../words/portal-requests.ts'
import { listRequests } from './requests.data.ts'
import '../tickets/tickets.css'
import './new-request.css'

const views = ['open', 'ended', 'all'] as const

/** What was asked for, what waits for one's own approval first. */
export default function Requests(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const [params, setParams] = useSearchParams<{ view?: string; mine?: string }>()
  const isAdmin = () => props.person.roles.includes('portal_admin')
  const provider = () => props.boot.help.name
  const view = () => views.find((each) => each === params.view) ?? 'open'
  const isMine = () => isAdmin() && params.mine === 'true'
  const query = (): RequestQuery => ({ view: view(), limit: 50, ...(isMine() && { mine: 'true' }) })
  const [page, { refetch }] = createResource(query, (asked) => listRequests(props.boot.customerId, asked))
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => listRequests(props.boot.customerId, { ...query(), cursor }),
  )
  const newRequest = () => (
    <Show when={props.boot.preview === null && props.person.canSee.includes('portal.requests')}>
      <ButtonLink look="primary" icon={plus} href="/requests/new">
        {words.new}
      </ButtonLink>
    </Show>
  )
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
      <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
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
            <Groups requests={later.rows(first())} person={props.person} provider={provider()} />
            <div class="tickets-end">
              <Show when={later.cursor(first())}>
                {(cursor) => (
                  <Button busy={later.busy()} onClick={() => void later.more(cursor())}>
                    {words.more}
                  </Button>
                )}
              </Show>
              <p class="quiet small" role="status">
                {words.shown(later.rows(first()).length, later.cursor(first()) === null)}
              </p>
            </div>
          </Show>
        )}
      </Loaded>
    </>
  )
}

type Group = keyof typeof words.groups

/** Whether a portal admin's own approval is what it waits for: nobody approves what they asked for themselves. */
const waitsForMe = (request: RequestSummary, person: PortalPerson): boolean =>
  request.awaiting?.who === 'customer' && person.roles.includes('portal_admin') && request.requestedBy.id !== person.id

function Groups(props: { requests: RequestSummary[]; person: PortalPerson; provider: string }): JSX.Element {
  const groupOf = (request: RequestSummary): Group =>
    waitsForMe(request, props.person) ? 'yours' : request.endedAt === null ? 'open' : 'ended'
  const groups = createMemo(() =>
    (['yours', 'open', 'ended'] as const)
      .map((group) => ({ group, requests: props.requests.filter((request) => groupOf(request) === group) }))
      .filter(({ requests }) => requests.length > 0),
  )
  return (
    <For each={groups()}>
      {({ group, requests }) => (
        <section class="tickets-group" aria-label={words.groups[group]}>
          <h2>{words.groups[group]}</h2>
          <ul class="card tickets" classList={{ asking: group === 'yours' }}>
            <For each={requests}>
              {(request) => (
                <li>
                  <div>
                    <A class="ticket-name" href={`/requests/${request.id}`}>
                      <bdi>{request.subject}</bdi>
                    </A>
                    <p class="quiet small">
                      {words.about(request, request.requestedBy.id === props.person.id)}
                      <Show when={request.state === 'approved' || request.state === 'in_progress'}>
                        {' · '}
                        {shared.steps(request.steps)}
                      </Show>
                    </p>
                  </div>
                  <RequestStanding state={request.state} provider={props.provider} needsYou={group === 'yours'} />
                </li>
              )}
            </For>
          </ul>
        </section>
      )}
    </For>
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

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="tickets-group">
        <h2>
          <Bone shape="short" />
        </h2>
        <div class="card tickets">
          <For each={[1, 2, 3]}>
            {() => (
              <div class="ticket-bone">
                <Bone shape="half" />
                <Bone shape="short" />
              </div>
            )}
          </For>
        </div>
      </div>
    </Skeleton>
  )
}
