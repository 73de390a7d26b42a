import { A, useParams } from '@solidjs/router'
import { createResource, createSignal, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { Conversation, ConversationBones, type Reader } from '../../tickets/conversation.tsx'
import { createTicketReading, type TicketReading } from '../../tickets/reading.ts'
import { TicketStanding } from '../../tickets/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Icon, more, pen } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Crumbs } from '../../ui/nav.tsx'
import { typingIn } from '../../ui/keys.ts'
import { Notice } from '../../ui/notice.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { Due } from './due.tsx'
import { TicketFacts } from './facts.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { Rename } from './rename.tsx'
import {
  moveTicket,
  readEntries,
  readTicket,
  readTicketOptions,
  saveTicket,
  ticketFileUrls,
  type Deed,
  type StaffTicket,
  type StaffTicketOptions,
  type TicketChangeInput,
} from './tickets.data.ts'
import { Writing, writeIn, type Kind } from './writing.tsx'
import './tickets.css'

/** One ticket: what was said, and everything that is to be decided about it. */
export function TicketPage(): JSX.Element {
  const params = useParams<{ ticketId: string }>()
  return (
    <Show when={params.ticketId} keyed>
      {(ticketId) => <One ticketId={ticketId} />}
    </Show>
  )
}

export type Acting = {
  act: TicketReading<StaffTicket>['act']
  save: (change: Partial<TicketChangeInput>, said?: string) => Promise<boolean>
}

function One(props: { ticketId: string }): JSX.Element {
  const { ticketId } = props
  const staff = useStaff()
  const { ticket, thread, retry, readAgain, act } = createTicketReading(
    () => readTicket(ticketId),
    (cursor) => readEntries(ticketId, cursor),
  )
  const [options] = createResource(readTicketOptions)
  useTitle(() => ticket.latest && `${words.number(ticket.latest.number)} ${ticket.latest.subject}`)
  const save: Acting['save'] = async (change, said) => {
    const isSaved = await act((now) => saveTicket(now, { ...factsOf(now), ...change }))
    if (isSaved) say(said ?? words.saved)
    return isSaved
  }
  const known = () => (options.state === 'ready' ? options.latest : undefined)

  return (
    <Loaded
      of={ticket}
      waiting={<Waiting />}
      failedTitle={words.ticketFailed}
      retry={retry}
      elsewhere={<ButtonLink href="/tickets">{words.all}</ButtonLink>}
    >
      {(value) => {
        const reader: Reader = {
          to: 'staff',
          id: staff.person.id,
          provider: staff.boot.msp?.name ?? '',
          customer: value().customer.name,
          priorityName: (key) => known()?.priorities.find(({ priority }) => priority === key)?.name ?? key,
        }
        return (
          <>
            <Head
              ticket={value()}
              options={known()}
              mayWrite={staff.may('tickets.write')}
              acting={{ act, save }}
              onWrite={(kind) => writeIn(kind)}
            />
            <div class="ticket-columns">
              <div class="stack">
                <Show when={value().mergedInto}>
                  {(into) => (
                    <Notice end={<A href={`/tickets/${into().id}`}>{words.toMerged(into().number)}</A>}>
                      {words.mergedText(into().number)}
                    </Notice>
                  )}
                </Show>
                <Conversation of={thread} reader={reader} urls={ticketFileUrls(ticketId)} />
                <Show when={staff.may('tickets.write') && known()}>
                  {(limits) => <Writing ticket={value()} options={limits()} onSent={readAgain} />}
                </Show>
              </div>
              <TicketFacts
                ticket={value()}
                options={known()}
                mayWrite={staff.may('tickets.write')}
                acting={{ act, save }}
              />
            </div>
          </>
        )
      }}
    </Loaded>
  )
}

/** What a change begins from: everything as it is. */
const factsOf = (ticket: StaffTicket): TicketChangeInput => ({
  subject: ticket.subject,
  category: ticket.category.id,
  priority: ticket.priority.priority,
  assignee: ticket.assignee?.id ?? null,
  requester: ticket.requester?.id ?? null,
  about: ticket.about && { tenantId: ticket.about.tenant.id, userId: ticket.about.user?.id ?? null },
})

function Head(props: {
  ticket: StaffTicket
  options: StaffTicketOptions | undefined
  mayWrite: boolean
  acting: Acting
  onWrite: (kind: Kind) => void
}): JSX.Element {
  const staff = useStaff()
  const [merging, setMerging] = createSignal(false)
  const [renaming, setRenaming] = createSignal(false)
  const move = async (deed: Deed, back?: Deed) => {
    const { number } = props.ticket
    if (!(await props.acting.act((now) => moveTicket(now, deed)))) return
    say(words.state[deed](number), back ? { act: { label: words.undo, do: () => void move(back) } } : {})
  }
  const take = () =>
    void (
      props.ticket.assignee?.id !== staff.person.id && props.acting.save({ assignee: staff.person.id }, words.taken)
    )
  const isEnded = () => props.ticket.state === 'resolved' || props.ticket.state === 'closed'
  const isMerged = () => props.ticket.mergedInto !== null
  const onKey = (event: KeyboardEvent) => {
    if (!props.mayWrite || typingIn(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const deeds: Record<string, () => void> = {
      r: () => props.onWrite('answer'),
      n: () => props.onWrite('note'),
      a: take,
      e: () => !isEnded() && void move('resolution', 'reopened'),
    }
    const deed = deeds[event.key.toLowerCase()]
    if (deed === undefined) return
    event.preventDefault()
    deed()
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => removeEventListener('keydown', onKey))
  const items = (): MenuItem[][] => {
    const { state } = props.ticket
    if (isMerged()) return [[{ label: words.rename, icon: pen, onSelect: () => setRenaming(true) }]]
    return [
      isEnded()
        ? state === 'resolved'
          ? [{ label: words.close, onSelect: () => void move('closure', 'reopened') }]
          : []
        : [
            ...(state === 'in_progress' ? [] : [{ label: words.start, onSelect: () => void move('progress') }]),
            ...(state === 'waiting_on_customer'
              ? []
              : [{ label: words.wait, onSelect: () => void move('waiting', 'progress') }]),
            { label: words.close, onSelect: () => void move('closure', 'reopened') },
          ],
      [
        { label: words.rename, icon: pen, onSelect: () => setRenaming(true) },
        { label: words.merge, onSelect: () => setMerging(true) },
      ],
    ]
  }
  return (
    <>
      <Crumbs
        label={admin.breadcrumb}
        path={[{ href: '/tickets', label: words.title }]}
        here={words.number(props.ticket.number)}
      />
      <div class="head top ticket-top">
        <div>
          <h1>
            <bdi>{props.ticket.subject}</bdi>
          </h1>
          <p class="row wrap small quiet">
            <TicketStanding state={props.ticket.state} to="staff" />
            <span class="figures">{words.number(props.ticket.number)}</span>
            <A href={`/customers/${props.ticket.customer.id}`} dir="auto">
              {props.ticket.customer.name}
            </A>
            <span>{words.openedBy(props.ticket.raisedBy.name, props.ticket.createdAt)}</span>
            <Show when={props.ticket.due}>
              <Due of={props.ticket.due} long />
            </Show>
          </p>
        </div>
        <Show when={props.mayWrite}>
          <div class="head-acts">
            <Show when={props.ticket.assignee?.id !== staff.person.id && !isEnded()}>
              <Button onClick={take}>{words.take}</Button>
            </Show>
            <Menu
              buttonClass="button"
              button={
                <>
                  <Icon of={more} />
                  {words.moreActs}
                </>
              }
              side="end"
              groups={items()}
            />
            <Show when={!isMerged()}>
              <Show
                when={isEnded()}
                fallback={
                  <Button look="primary" onClick={() => void move('resolution', 'reopened')}>
                    {words.resolve}
                  </Button>
                }
              >
                <Button look="primary" onClick={() => void move('reopened')}>
                  {words.reopen}
                </Button>
              </Show>
            </Show>
          </div>
        </Show>
      </div>
      <Show when={merging()}>
        <MergeDialog ticket={props.ticket} acting={props.acting} onClose={() => setMerging(false)} />
      </Show>
      <Show when={renaming()}>
        <Rename ticket={props.ticket} acting={props.acting} onClose={() => setRenaming(false)} />
      </Show>
    </>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.ticketLoading}>
      <div class="stack">
        <Bone shape="half tall" />
        <Bone shape="short" />
        <ConversationBones />
      </div>
    </Skeleton>
  )
}
