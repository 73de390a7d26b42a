import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Composer } from '../../tickets/composer.tsx'
import { createMessage, type Message } from '../../tickets/message.ts'
import { Button } from '../../ui/button.tsx'
import { down, Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segments } from '../../ui/states.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import {
  answerTicket,
  noteInTicket,
  readCanned,
  ticketFiles,
  type StaffTicket,
  type StaffTicketOptions,
} from './tickets.data.ts'
import type { TicketAnswerInput } from '../../api/shapes.ts'

export type Kind = 'answer' | 'note'
type Next = NonNullable<TicketAnswerInput['next']>

const fieldId = (kind: Kind) => `write-${kind}`
const [kindOf, setKindOf] = createSignal<Kind>('answer')

/** Goes to where one writes, from a key or a link. */
export function writeIn(kind: Kind): void {
  setKindOf(kind)
  queueMicrotask(() => {
    const field = document.getElementById(fieldId(kind))
    field?.scrollIntoView({ block: 'center' })
    field?.focus({ preventScroll: true })
  })
}

/**
 * Where staff write: to the customer, or among themselves. The two are apart, each with its own draft, so that nothing that was
 * written as a note is ever sent as an answer.
 */
export function Writing(props: {
  ticket: StaffTicket
  options: StaffTicketOptions
  onSent: () => Promise<void>
}): JSX.Element {
  const staff = useStaff()
  const ticketId = props.ticket.id
  let next: Next = 'nothing'
  setKindOf('answer')
  const draft = (kind: Kind) => ({ person: staff.person.id, purpose: `${kind} ${ticketId}` })
  const store = ticketFiles(props.ticket.customer.id)
  const answer = createMessage({
    place: draft('answer'),
    store,
    limits: props.options,
    send: ({ text, files, key }) => answerTicket(ticketId, { text, files, next }, key),
  })
  const note = createMessage({
    place: draft('note'),
    store,
    limits: props.options,
    send: ({ text, files, key }) => noteInTicket(ticketId, { text, files }, key),
  })
  const canAnswer = () => props.ticket.state !== 'closed' && props.ticket.mergedInto === null
  const kind = (): Kind => (canAnswer() ? kindOf() : 'note')
  const sendAnd = async (wanted: Next) => {
    next = wanted
    const isSent = await answer.send()
    next = 'nothing'
    if (!isSent) return
    say(words.sent)
    await props.onSent()
  }
  const choice = () => (
    <Show
      when={canAnswer()}
      fallback={
        <Show when={props.ticket.mergedInto === null}>
          <Notice>{words.closedText}</Notice>
        </Show>
      }
    >
      <div class="row wrap write-what">
        <Segments
          label={words.kind}
          value={kind()}
          options={[
            { value: 'answer', label: words.toAll },
            { value: 'note', label: words.toStaff },
          ]}
          onChange={setKindOf}
        />
        <Show when={kind() === 'answer'}>
          <Canned ticketId={ticketId} into={answer} />
        </Show>
      </div>
    </Show>
  )
  return (
    <Show
      when={kind() === 'answer'}
      fallback={
        <Composer
          of={note}
          id={fieldId('note')}
          internal
          before={choice()}
          label={words.note}
          help={undefined}
          verb={words.addNote}
          busyVerb={words.sending}
          onSent={() => {
            say(words.noted)
            void props.onSent()
          }}
        />
      }
    >
      <Composer
        of={answer}
        id={fieldId('answer')}
        before={choice()}
        label={words.answer(props.ticket.requester?.name ?? props.ticket.customer.name)}
        help={words.answerHelp}
        verb={words.send}
        busyVerb={words.sending}
        acts={
          <>
            <Button onClick={() => void sendAnd('wait')}>{words.sendAndWait}</Button>
            <Button onClick={() => void sendAnd('resolve')}>{words.sendAndResolve}</Button>
          </>
        }
        onSent={() => {
          say(words.sent)
          void props.onSent()
        }}
      />
      <p class="quiet smaller keys-hint">{words.keysHelp}</p>
    </Show>
  )
}

/** Puts an answer that is used often behind what is written already. */
function Canned(props: { ticketId: string; into: Message }): JSX.Element {
  const [replies] = createResource(async () => {
    try {
      return await readCanned(props.ticketId)
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
      return []
    }
  })
  const put = (text: string) => {
    const before = props.into.text().trimEnd()
    props.into.setText(before === '' ? text : `${before}\n\n${text}`)
    document.getElementById(fieldId('answer'))?.focus()
  }
  const items = () => (replies.state === 'ready' ? replies.latest : [])
  return (
    <Menu
      buttonClass="button"
      button={
        <>
          {words.canned}
          <Icon of={down} />
        </>
      }
      note={items().length === 0 ? words.cannedNone : undefined}
      groups={[items().map(({ title, text }) => ({ label: title, onSelect: () => put(text) }))]}
    />
  )
}
