import { A, useNavigate, useParams } from '@solidjs/router'
import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { Composer } from '../../tickets/composer.tsx'
import { Conversation, ConversationBones, type Reader } from '../../tickets/conversation.tsx'
import { createMessage } from '../../tickets/message.ts'
import { createTicketReading } from '../../tickets/reading.ts'
import { TicketStanding } from '../../tickets/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Icon, left } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { explain } from '../../words/problem.ts'
import { words } from '../../words/portal-tickets.ts'
import { AboutTicket, NextStep } from './about.tsx'
import { Rating } from './rating.tsx'
import {
  addWatcher,
  closeTicket,
  commentTicket,
  rateTicket,
  readEntries,
  readTicket,
  readTicketOptions,
  removeWatcher,
  reopenTicket,
  ticketFiles,
  ticketFileUrls,
  type PortalTicket,
  type TicketOptions,
} from './tickets.data.ts'
import './tickets.css'

/** One ticket: what was said, what happens next, and who can see it. */
export default function TicketPage(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const params = useParams<{ ticketId: string }>()
  return (
    <Show when={params.ticketId} keyed>
      {(ticketId) => <One boot={props.boot} person={props.person} ticketId={ticketId} />}
    </Show>
  )
}

function One(props: { boot: PortalBoot; person: PortalPerson; ticketId: string }): JSX.Element {
  const { boot, person, ticketId } = props
  const navigate = useNavigate()
  const { ticket, thread, retry, readAgain, act } = createTicketReading(
    () => readTicket(boot.customerId, ticketId),
    (cursor) => readEntries(boot.customerId, ticketId, cursor),
  )
  const [options] = createResource(() => readTicketOptions(boot.customerId))

  const known = () => (options.state === 'ready' ? options.latest : undefined)
  const isReadOnly = boot.preview !== null
  const reader: Reader = {
    to: 'customer',
    id: person.id,
    provider: boot.help.name,
    customer: boot.displayName,
    priorityName: (key) => known()?.priorities.find(({ priority }) => priority === key)?.name ?? key,
  }
  const reopen = async () => {
    const number = ticket.latest?.number ?? 0
    if (await act((now) => reopenTicket(boot.customerId, now))) say(words.reopened(number))
  }
  const close = async () => {
    const number = ticket.latest?.number ?? 0
    const isClosed = await act((now) => closeTicket(boot.customerId, now))
    if (isClosed) say(words.closed(number))
    return isClosed
  }
  const unwatch = async (watcher: { id: string; name: string }) => {
    const before = ticket.latest
    if (before === undefined) return
    if (watcher.id === person.id && !before.canChangeWatchers && !before.isMine) {
      try {
        await removeWatcher(boot.customerId, before, watcher.id)
        say(words.stopped)
        navigate('/tickets')
      } catch (error) {
        say(explain(asProblem(error)), { mood: 'bad' })
      }
      return
    }
    if (await act((now) => removeWatcher(boot.customerId, now, watcher.id))) say(words.watcherRemoved(watcher.name))
  }
  return (
    <>
      <A class="ticket-back" href="/tickets">
        <Icon of={left} />
        {words.all}
      </A>
      <Loaded
        of={ticket}
        waiting={<Waiting />}
        failedTitle={words.ticketFailed}
        retry={retry}
        elsewhere={<ButtonLink href="/tickets">{words.all}</ButtonLink>}
      >
        {(value) => (
          <>
            <Head ticket={value()} boot={boot} person={person} isReadOnly={isReadOnly} />
            <div class="ticket-two">
              <div class="stack">
                <NextStep ticket={value()} provider={boot.help.name} />
                <Conversation of={thread} reader={reader} urls={ticketFileUrls(boot.customerId, ticketId)} />
                <Show when={!isReadOnly} fallback={<Notice>{words.previewText(person.name)}</Notice>}>
                  <Show when={value().canRate}>
                    <Rating
                      ticket={value()}
                      save={async (rating, comment) =>
                        (await act((now) => rateTicket(boot.customerId, now, rating, comment))) &&
                        (say(words.thanks), true)
                      }
                    />
                  </Show>
                  <Show
                    when={value().canComment && known()}
                    fallback={
                      <Show when={value().canReopen}>
                        <Reopen onReopen={reopen} />
                      </Show>
                    }
                  >
                    {(limits) => (
                      <Answer
                        ticket={value()}
                        options={limits()}
                        boot={boot}
                        person={person}
                        onSent={readAgain}
                        onClose={close}
                      />
                    )}
                  </Show>
                </Show>
              </div>
              <AboutTicket
                ticket={value()}
                entries={thread.entries() ?? []}
                colleagues={known()?.colleagues ?? []}
                person={person}
                provider={boot.help.name}
                isReadOnly={isReadOnly}
                onAdd={async (colleague) => {
                  if (await act((now) => addWatcher(boot.customerId, now, colleague.id)))
                    say(words.watcherAdded(colleague.name))
                }}
                onRemove={unwatch}
              />
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

const answerId = 'answer'
const whoId = 'who'

function Head(props: {
  ticket: PortalTicket
  boot: PortalBoot
  person: PortalPerson
  isReadOnly: boolean
}): JSX.Element {
  const openedBy = () => {
    const { raisedBy, createdAt, requester, isMine } = props.ticket
    const isYou = raisedBy.kind === 'contact' && isMine && raisedBy.name === props.person.name
    if (isYou) return words.openedByYou(createdAt)
    const who = raisedBy.kind === 'program' || raisedBy.kind === 'system' ? props.boot.help.name : raisedBy.name
    const opened = words.openedBy(who, createdAt)
    return requester === null || requester.name === who ? opened : `${opened}, ${words.forSomebody(requester.name)}`
  }
  return (
    <div class="greet ticket-head">
      <h1>
        <bdi>{props.ticket.subject}</bdi>
      </h1>
      <p class="row wrap small quiet">
        <TicketStanding state={props.ticket.state} to="customer" />
        <span>{words.number(props.ticket.number)}</span>
        <span>{openedBy()}</span>
        <a href={`#${whoId}`} onClick={(event) => goTo(event, whoId)}>
          {words.seenByCount(
            props.ticket.seenBy.people.length + props.ticket.seenBy.morePortalAdminCount,
            props.boot.help.name,
          )}
        </a>
        <Show when={props.ticket.canComment && !props.isReadOnly}>
          <a href={`#${answerId}`} onClick={(event) => goTo(event, answerId)}>
            {props.ticket.waitsOnYou ? words.toAnswer : words.toWrite}
          </a>
        </Show>
      </p>
    </div>
  )
}

/** Within the page, without another entry in the browser's history. */
function goTo(event: MouseEvent, id: string): void {
  event.preventDefault()
  const target = document.getElementById(id)
  target?.scrollIntoView({ block: 'center' })
  target?.focus({ preventScroll: true })
}

function Answer(props: {
  ticket: PortalTicket
  options: TicketOptions
  boot: PortalBoot
  person: PortalPerson
  onSent: () => Promise<void>
  onClose: () => Promise<boolean>
}): JSX.Element {
  const { boot, person } = props
  const ticketId = props.ticket.id
  const [closing, setClosing] = createSignal(false)
  const message = createMessage({
    place: { person: person.id, purpose: `answer ${ticketId}` },
    store: ticketFiles(boot.customerId),
    limits: props.options,
    send: ({ text, files, key }) => commentTicket(boot.customerId, ticketId, { text, files }, key),
  })
  const isResolved = () => props.ticket.state === 'resolved'
  const close = async () => {
    setClosing(true)
    if (message.isEmpty() || (await message.send())) {
      if (!message.isEmpty()) return
      await props.onSent()
      await props.onClose()
    }
    setClosing(false)
  }
  return (
    <Composer
      of={message}
      id={answerId}
      label={isResolved() ? words.stillBroken : props.ticket.waitsOnYou ? words.answer : words.addMore}
      help={
        <>
          {isResolved() ? `${words.reopensHelp} ` : ''}
          {words.answerHelp(boot.help.name)}
        </>
      }
      verb={props.ticket.waitsOnYou ? words.sendAnswer : words.sendComment}
      busyVerb={words.sending}
      acts={
        <Show when={props.ticket.canClose}>
          <Button look="plain" busy={closing()} onClick={() => void close()}>
            {!message.isEmpty() && !isResolved()
              ? words.sendAndClose
              : isResolved()
                ? words.closeConfirmed
                : words.close}
          </Button>
        </Show>
      }
      onSent={() => {
        say(words.answerSent)
        void props.onSent()
      }}
    />
  )
}

function Reopen(props: { onReopen: () => Promise<void> }): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const reopen = async () => {
    setBusy(true)
    await props.onReopen()
    setBusy(false)
  }
  return (
    <div class="ticket-reopen">
      <Button busy={busy()} busyLabel={words.reopening} onClick={() => void reopen()}>
        {words.reopen}
      </Button>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.ticketLoading}>
      <div class="greet">
        <Bone shape="half tall" />
        <Bone shape="short" />
      </div>
      <div class="ticket-two">
        <ConversationBones />
        <div class="stack">
          <Bone shape="half" />
          <Bone />
          <Bone />
        </div>
      </div>
    </Skeleton>
  )
}
