import { createSignal, For, Show, type JSX } from 'solid-js'
import type { PortalPerson } from '../../boot.ts'
import type { TicketEntry } from '../../api/shapes.ts'
import { AddPerson } from '../../tickets/people.tsx'
import { Avatar } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { clock, cross, Icon, none, ok, reply, type Shape } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { requests } from '../../words/requests.ts'
import { words } from '../../words/portal-tickets.ts'
import type { PortalTicket } from './tickets.data.ts'

/** In one sentence what happens next, and who has to do it. */
export function NextStep(props: { ticket: PortalTicket; provider: string }): JSX.Element {
  const who = () => props.ticket.assigneeName ?? props.provider
  const text = (): string => {
    const { state, reopenUntil, canReopen } = props.ticket
    switch (state) {
      case 'new':
        return words.next.new(props.provider)
      case 'in_progress':
        return words.next.in_progress(who())
      case 'waiting_on_customer':
        return words.next.waiting(who())
      case 'resolved':
        return words.next.resolved(reopenUntil, props.provider)
      case 'closed':
        return canReopen && reopenUntil !== null ? words.next.closed(reopenUntil) : words.next.closedForGood
    }
  }
  return (
    <Show
      when={props.ticket.mergedInto}
      fallback={
        <div class="ticket-next" classList={{ asking: props.ticket.waitsOnYou }}>
          <Notice>{text()}</Notice>
        </div>
      }
    >
      {(other) => (
        <Notice end={<a href={`/tickets/${other().id}`}>{words.toOther}</a>}>
          {words.goesOn(other().number, other().subject)}
        </Notice>
      )}
    </Show>
  )
}

/** What stands beside the conversation: how far it is, who can see it and why, and what it is about. */
export function AboutTicket(props: {
  ticket: PortalTicket
  entries: readonly TicketEntry[]
  colleagues: readonly { id: string; name: string }[]
  person: PortalPerson
  provider: string
  isReadOnly: boolean
  onAdd: (colleague: { id: string; name: string }) => Promise<void>
  onRemove: (watcher: { id: string; name: string }) => Promise<void>
}): JSX.Element {
  return (
    <aside class="ticket-side" aria-label={words.facts}>
      <Steps ticket={props.ticket} entries={props.entries} />
      <WhoSees {...props} />
      <section>
        <h2>{words.facts}</h2>
        <Facts
          of={[
            ...ofRequest(props.ticket),
            { name: words.categoryFact, value: props.ticket.category.name },
            { name: words.priorityFact, value: props.ticket.priority.name },
            { name: words.assigneeFact, value: props.ticket.assigneeName ?? words.nobodyYet },
            { name: words.changedFact, value: <Time at={props.ticket.changedAt} /> },
          ]}
        />
      </section>
    </aside>
  )
}

/** What it was raised for, and how much of that is done. */
const ofRequest = ({ request }: PortalTicket): { name: string; value: JSX.Element }[] =>
  request === null
    ? []
    : [
        {
          name: words.request,
          value: (
            <>
              <a href={`/requests/${request.id}`}>
                <bdi>{request.subject}</bdi>
              </a>
              <Show when={request.steps.total > 0}>
                <div class="quiet">{requests.steps(request.steps)}</div>
              </Show>
            </>
          ),
        },
      ]

type Step = { label: string; icon: Shape; at: string | undefined; when: 'done' | 'now' | 'later' }

function Steps(props: { ticket: PortalTicket; entries: readonly TicketEntry[] }): JSX.Element {
  const cameTo = (state: PortalTicket['state']) =>
    props.entries.findLast(({ event }) => event?.type === 'state' && event.to === state)?.createdAt
  const steps = (): Step[] => {
    const { state, createdAt, endedAt, waitsOnYou } = props.ticket
    const hasEnded = endedAt !== null
    const begun = cameTo('in_progress')
    return [
      { label: words.steps.received, icon: ok, at: createdAt, when: state === 'new' ? 'now' : 'done' },
      ...(hasEnded && begun === undefined
        ? []
        : [
            {
              label: words.steps.in_progress,
              icon: state === 'new' ? none : state === 'in_progress' ? clock : ok,
              at: begun,
              when:
                state === 'new' ? ('later' as const) : state === 'in_progress' ? ('now' as const) : ('done' as const),
            },
          ]),
      ...(waitsOnYou
        ? [{ label: words.steps.waiting, icon: reply, at: cameTo('waiting_on_customer'), when: 'now' as const }]
        : []),
      {
        label: state === 'closed' ? words.steps.closed : words.steps.solved,
        icon: hasEnded ? ok : none,
        at: endedAt ?? undefined,
        when: hasEnded ? 'now' : 'later',
      },
    ]
  }
  return (
    <section>
      <h2>{words.status}</h2>
      <ol class="steps">
        <For each={steps()}>
          {(step) => (
            <li class={step.when} aria-current={step.when === 'now' ? 'step' : undefined}>
              <Icon of={step.icon} />
              <span>
                {step.label}
                <span class="sr">
                  , {step.when === 'done' ? words.stepDone : step.when === 'now' ? words.stepNow : words.stepLater}
                </span>
              </span>
              <Show when={step.at}>{(at) => <Time at={at()} />}</Show>
            </li>
          )}
        </For>
      </ol>
    </section>
  )
}

function WhoSees(props: {
  ticket: PortalTicket
  colleagues: readonly { id: string; name: string }[]
  person: PortalPerson
  provider: string
  isReadOnly: boolean
  onAdd: (colleague: { id: string; name: string }) => Promise<void>
  onRemove: (watcher: { id: string; name: string }) => Promise<void>
}): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const people = () => props.ticket.seenBy.people
  const mayAdd = () => props.ticket.canChangeWatchers && !props.isReadOnly
  const follows = (id: string) => props.ticket.watchers.some((watcher) => watcher.id === id)
  // A portal admin sees it anyway; following it means being told of it.
  const others = () =>
    props.colleagues.filter(
      ({ id }) => !follows(id) && people().every((p) => p.id !== id || p.because === 'portal_admin'),
    )
  const run = async (act: () => Promise<void>) => {
    if (busy()) return
    setBusy(true)
    await act()
    setBusy(false)
  }
  return (
    <section id="who" tabindex="-1">
      <h2>{words.whoSees}</h2>
      <ul class="who">
        <For each={people()}>
          {(person) => {
            const isYou = person.id === props.person.id
            return (
              <li>
                <Avatar name={person.name} />
                <div>
                  <bdi>{person.name}</bdi> <Show when={isYou}>{words.you}</Show>
                  <div class="quiet">{words.because(person, isYou)}</div>
                </div>
                <Show when={person.because === 'watcher' && mayAdd()}>
                  <IconButton
                    icon={cross}
                    label={words.remove(person.name)}
                    onClick={() => void run(() => props.onRemove(person))}
                  />
                </Show>
              </li>
            )
          }}
        </For>
        <Show when={props.ticket.seenBy.morePortalAdminCount > 0}>
          <li>
            <span />
            <div>{words.moreAdmins(props.ticket.seenBy.morePortalAdminCount)}</div>
          </li>
        </Show>
        <li class="provider">
          <Avatar name={props.provider} />
          <div>
            {words.supportTeam(props.provider)}
            <div class="quiet">{words.supportBecause}</div>
          </div>
        </li>
      </ul>
      <p class="quiet small">{words.nobodyElse(props.ticket.canChangeWatchers)}</p>
      <Show when={mayAdd()}>
        <AddPerson
          label={words.addColleague}
          people={others()}
          none={words.nobodyLeft}
          busy={busy()}
          onAdd={(colleague) => void run(() => props.onAdd(colleague))}
        />
      </Show>
      <Show when={follows(props.person.id) && !props.ticket.canChangeWatchers && !props.isReadOnly}>
        <div>
          <Button busy={busy()} onClick={() => void run(() => props.onRemove(props.person))}>
            {words.stopFollowing}
          </Button>
        </div>
      </Show>
    </section>
  )
}
