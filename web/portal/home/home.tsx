import { createMemo, createResource, createSignal, For, Match, onCleanup, Show, Switch, type JSX } from 'solid-js'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { people, sync } from '../../ui/icon.tsx'
import { InTurn } from '../../ui/in-turn.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { today } from '../../words/format.ts'
import { words } from '../../words/portal-home.ts'
import { asks, greeting, hasFigures, headline, type Ask } from './answers.ts'
import { HealthCard } from './health-card.tsx'
import { askedAnew, takeDashboard, type Dashboard } from './home.data.ts'
import { LicencesCard } from './licences-card.tsx'
import { PeopleCard } from './people-card.tsx'
import { RequestsCard } from './requests-card.tsx'
import { SecurityCard } from './security-card.tsx'
import { TicketsCard } from './tickets-card.tsx'
import { PortalRefresh } from '../refresh.tsx'
import { Unreadable } from '../unreadable.tsx'
import { mayRaise } from '../tickets/may-raise.ts'
import { Notices } from './notices.tsx'
import './home.css'

export function Home(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const [dashboard, { refetch }] = createResource(askedAnew, () => takeDashboard(props.boot.customerId))
  const now = new Date()
  const firstName = () => props.person.name.trim().split(/\s+/)[0] ?? props.person.name
  // What stands above the cards comes with them: alone it would push down what stands in their place.
  const [shown, setShown] = createSignal(false)
  const known = () => {
    const read = dashboard.state === 'ready' || dashboard.state === 'refreshing' ? dashboard.latest : undefined
    return read && (shown() || !hasFigures(read)) ? read : undefined
  }
  return (
    <>
      <div class="greet">
        <div class="with-refresh">
          <p class="quiet small">{today(now)}</p>
          <Show when={dashboard.state !== 'errored'}>
            <PortalRefresh boot={props.boot} person={props.person} onDone={() => void refetch()} />
          </Show>
        </div>
        <h1>
          <span>{words.hello(greeting(now), firstName())}</span>{' '}
          <Show when={known()}>{(read) => headline(read())}</Show>
        </h1>
      </div>
      <Show when={dashboard.state !== 'errored' && !known()}>
        <Waiting />
      </Show>
      <Loaded of={dashboard} waiting={undefined} failedTitle={words.dashboardFailed} retry={() => void refetch()}>
        {(value) => <Answers dashboard={value()} boot={props.boot} person={props.person} onShown={setShown} />}
      </Loaded>
    </>
  )
}

function Answers(props: {
  dashboard: Dashboard
  boot: PortalBoot
  person: PortalPerson
  onShown: (shown: boolean) => void
}): JSX.Element {
  onCleanup(() => props.onShown(false))
  const tickets = () => (
    <TicketsCard tickets={props.dashboard.tickets} provider={props.boot.help.name} mayWrite={mayRaise(props.boot)} />
  )
  const requests = () => (
    <Show when={props.dashboard.requests.openCount > 0}>
      <RequestsCard
        requests={props.dashboard.requests}
        provider={props.boot.help.name}
        mayAsk={props.boot.preview === null && props.person.canSee.includes('portal.requests')}
      />
    </Show>
  )
  const parts = [
    () => <Above dashboard={props.dashboard} boot={props.boot} />,
    tickets,
    requests,
    () => <Show when={props.dashboard.licences}>{(licences) => <LicencesCard licences={licences()} />}</Show>,
    () => <Show when={props.dashboard.people}>{(figures) => <PeopleCard people={figures()} />}</Show>,
    () => <Show when={props.dashboard.security}>{(security) => <SecurityCard security={security()} />}</Show>,
    () => <Show when={props.dashboard.health}>{(health) => <HealthCard health={health()} />}</Show>,
  ]
  return (
    <Switch>
      <Match when={!hasFigures(props.dashboard)}>
        <Notices notices={props.dashboard.notices} />
        <Asks dashboard={props.dashboard} boot={props.boot} />
        <div class={`cards cards-${props.dashboard.requests.openCount > 0 ? 2 : 1} before-figures`}>
          {tickets()}
          {requests()}
        </div>
        <div class="card">
          <Show
            when={props.dashboard.tenants.some((tenant) => tenant.state === 'syncing')}
            fallback={
              <Empty icon={people} title={words.emptyTitle}>
                {words.emptyText(props.boot.help.name)}
              </Empty>
            }
          >
            <Empty icon={sync} title={words.syncingTitle}>
              {words.syncingText}
            </Empty>
          </Show>
        </div>
      </Match>
      <Match when={true}>
        <InTurn onShown={() => props.onShown(true)} parts={parts}>
          {([above, ...cards]) => (
            <>
              {above}
              <div class={`cards cards-${cardCount(props.dashboard)}`}>{cards}</div>
            </>
          )}
        </InTurn>
      </Match>
    </Switch>
  )
}

/** The tickets are always among them. */
const cardCount = ({ requests, licences, people: figures, security, health }: Dashboard): number =>
  1 + [requests.openCount > 0, licences, figures, security, health].filter(Boolean).length

function Above(props: { dashboard: Dashboard; boot: PortalBoot }): JSX.Element {
  return (
    <>
      <Notices notices={props.dashboard.notices} />
      <Asks dashboard={props.dashboard} boot={props.boot} />
      <div class="home-notices">
        <Unreadable
          tenants={props.dashboard.tenants.map((tenant) => ({ ...tenant, unreadableSince: tenant.stateSince }))}
          provider={props.boot.help.name}
        />
      </div>
    </>
  )
}

/** What waits for this person, with the one step they can take from here. */
function Asks(props: { dashboard: Dashboard; boot: PortalBoot }): JSX.Element {
  const open = createMemo(() => asks(props.dashboard))
  const stepOf = ({ title, step }: Ask) =>
    step ?? {
      href: `/tickets/new?${new URLSearchParams({ subject: title }).toString()}`,
      label: words.writeTo(props.boot.help.name),
    }
  return (
    <Show when={open().length > 0}>
      <ul class="asks">
        <For each={open()}>
          {(ask, index) => (
            <li>
              <div>
                <p class="ask-title">
                  <bdi>{ask.title}</bdi>
                </p>
                <p class="quiet small">{ask.text}</p>
              </div>
              <Show when={ask.step === undefined ? mayRaise(props.boot) : props.boot.preview === null}>
                <ButtonLink look={index() === 0 ? 'primary' : 'outlined'} href={stepOf(ask).href}>
                  {stepOf(ask).label}
                </ButtonLink>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.dashboard}>
      <div class="cards cards-5">
        <For each={[5, 4, 3, 3, 3]}>
          {(lines) => (
            <div class="card">
              <div class="card-body">
                <Bone shape="short" />
                <Bone shape="long tall" />
                <For each={Array.from({ length: lines })}>{() => <Bone />}</For>
                <Bone shape="half" />
              </div>
              <div class="card-end">
                <Bone shape="short" />
              </div>
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}
