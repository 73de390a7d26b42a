import { createMemo, createSignal, For, Match, Show, Switch, type JSX } from 'solid-js'
import { Avatar } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Icon, lock, up } from '../ui/icon.tsx'
import { Bone, Failed, Skeleton } from '../ui/states.tsx'
import { Tip } from '../ui/tip.tsx'
import { clock, fullTime } from '../words/format.ts'
import { tickets as words } from '../words/tickets.ts'
import { FileList, type FileUrls } from './files.tsx'
import type { TicketEntry, TicketPriority } from '../api/shapes.ts'
import { TicketStanding, type Reading } from './standing.tsx'
import { PlainText } from './text.tsx'
import type { Thread } from './thread.ts'
import './tickets.css'

/** Who reads a conversation: it says "You" of them, and tells their own side from the other. */
export type Reader = {
  to: Reading
  id: string
  /** What stands beside the names of the MSP's people, and of the customer's. */
  provider: string
  customer: string
  priorityName: (priority: TicketPriority) => string
}

/**
 * A ticket's conversation and history in one, the newest last. What was said before is read when it is asked for, and
 * what one reads stays where it is on the screen meanwhile.
 */
export function Conversation(props: { of: Thread; reader: Reader; urls: FileUrls }): JSX.Element {
  return (
    <>
      <h2 class="sr">{words.conversation}</h2>
      <Show
        when={props.of.entries()}
        fallback={
          <Show when={props.of.failure()} fallback={<WaitingConversation />}>
            {(error) => (
              <div class="card">
                <Failed title={words.conversationFailed} error={error()} retry={() => void props.of.refresh()} />
              </div>
            )}
          </Show>
        }
      >
        {(entries) => <Entries entries={entries()} {...props} />}
      </Show>
    </>
  )
}

function WaitingConversation(): JSX.Element {
  return (
    <Skeleton what={words.conversation}>
      <ConversationBones />
    </Skeleton>
  )
}

/** The shape of a conversation that is still to come. */
export function ConversationBones(): JSX.Element {
  return (
    <div class="stack">
      <For each={[1, 2]}>
        {() => (
          <div class="card">
            <div class="card-body">
              <Bone shape="short" />
              <Bone shape="long" />
              <Bone shape="half" />
            </div>
          </div>
        )}
      </For>
    </div>
  )
}

function Entries(props: { of: Thread; entries: readonly TicketEntry[]; reader: Reader; urls: FileUrls }): JSX.Element {
  const [told, setTold] = createSignal('')
  let list: HTMLOListElement | undefined
  const readOlder = async () => {
    const first = list?.querySelector<HTMLElement>('[data-entry]')
    const before = first?.getBoundingClientRect().top ?? 0
    // The browser keeps places by itself, but not all browsers do; two of us would keep it twice.
    document.documentElement.style.setProperty('overflow-anchor', 'none')
    const count = await props.of.older()
    scrollBy(0, (first?.getBoundingClientRect().top ?? before) - before)
    requestAnimationFrame(() => document.documentElement.style.removeProperty('overflow-anchor'))
    if (count === 0) return
    setTold(words.earlierShown(count))
    // The button has gone with the last of them, and with it the focus.
    if (!props.of.hasOlder()) list?.querySelector<HTMLElement>('[data-entry]')?.focus({ preventScroll: true })
  }
  return (
    <>
      <p class="sr" role="status">
        {told()}
      </p>
      <Show when={props.of.hasOlder()}>
        <p class="thread-earlier">
          <Button icon={up} busy={props.of.busy()} onClick={() => void readOlder()}>
            {words.earlier(undefined)}
          </Button>
        </p>
      </Show>
      <ol class="thread" ref={list}>
        <For each={props.entries}>
          {(entry, index) => {
            const isNewDay = createMemo(() => dayOf(props.entries[index() - 1]) !== dayOf(entry))
            return (
              <>
                <Show when={isNewDay()}>
                  <li class="thread-day">
                    <h3>{dayName(entry.createdAt)}</h3>
                  </li>
                </Show>
                <Entry of={entry} reader={props.reader} urls={props.urls} />
              </>
            )
          }}
        </For>
      </ol>
    </>
  )
}

function Entry(props: { of: TicketEntry; reader: Reader; urls: FileUrls }): JSX.Element {
  const side = () => sideOf(props.of, props.reader)
  const who = () => whoOf(props.of, props.reader)
  return (
    <Switch>
      <Match when={props.of.event}>
        {(event) => (
          <li class="thread-event" data-entry tabindex="-1">
            <span class="thread-dot" aria-hidden="true" />
            <div>
              <p>
                {props.reader.to === 'customer'
                  ? words.happened(who(), event(), props.reader.priorityName)
                  : words.happenedToStaff(who(), event(), props.reader.priorityName)}{' '}
                <Show when={stateAfter(event())}>
                  {(state) => (
                    <>
                      <TicketStanding state={state()} to={props.reader.to} />{' '}
                    </>
                  )}
                </Show>
                <At at={props.of.createdAt} />
              </p>
              <Show when={commentIn(event())}>{(comment) => <PlainText of={comment()} />}</Show>
            </div>
          </li>
        )}
      </Match>
      <Match when={true}>
        <li class={`thread-said ${side()}`} data-entry tabindex="-1">
          <Avatar name={props.of.author.name} />
          <article class="said" classList={{ note: props.of.kind === 'note' }}>
            <header class="said-by">
              <h4>
                <bdi>{who() ?? props.of.author.name}</bdi>
              </h4>
              <Show when={besideOf(props.of, props.reader)}>{(beside) => <span>{beside()}</span>}</Show>
              <Show when={props.of.source === 'mail'}>
                <span>{words.byMail}</span>
              </Show>
              <At at={props.of.createdAt} />
            </header>
            <Show when={props.of.kind === 'note'}>
              <p class="note-sign">
                <Icon of={lock} />
                <b>{words.note}</b> {words.noteText}
              </p>
            </Show>
            <Show when={props.of.text !== ''}>
              <PlainText of={props.of.text} />
            </Show>
            <Show when={props.of.quoted}>
              {(quoted) => (
                <details class="quoted">
                  <summary>{words.quoted}</summary>
                  <blockquote>
                    <PlainText of={quoted()} />
                  </blockquote>
                </details>
              )}
            </Show>
            <FileList files={props.of.files} urls={props.urls} />
          </article>
        </li>
      </Match>
    </Switch>
  )
}

function At(props: { at: string }): JSX.Element {
  return (
    <span class="thread-at">
      <Tip text={fullTime(props.at)}>
        <time dateTime={props.at}>{clock(props.at)}</time>
      </Tip>
    </span>
  )
}

const isOfReader = ({ author }: TicketEntry, reader: Reader): boolean =>
  author.id === reader.id && author.kind === (reader.to === 'customer' ? 'contact' : 'staff')

/** The reader's own words, those of their side, and those of the other. */
function sideOf(entry: TicketEntry, reader: Reader): 'mine' | 'ours' | 'theirs' {
  if (isOfReader(entry, reader)) return 'mine'
  return (entry.author.kind === 'contact') === (reader.to === 'customer') ? 'ours' : 'theirs'
}

function whoOf(entry: TicketEntry, reader: Reader): string | undefined {
  if (isOfReader(entry, reader)) return words.you
  if (entry.author.kind === 'system') return undefined
  // What the MSP's programs are called is its own affair.
  return entry.author.kind === 'program' && reader.to === 'customer' ? reader.provider : entry.author.name
}

function besideOf(entry: TicketEntry, reader: Reader): string | undefined {
  switch (entry.author.kind) {
    case 'contact':
      return reader.to === 'staff' ? reader.customer : undefined
    case 'staff':
      return reader.to === 'customer' ? reader.provider : undefined
    case 'program':
      return reader.to === 'staff' ? words.byProgram : undefined
    case 'system':
    case 'outside':
      return undefined
  }
}

const stateAfter = (event: NonNullable<TicketEntry['event']>) => (event.type === 'state' ? event.to : undefined)
const commentIn = (event: NonNullable<TicketEntry['event']>) => (event.type === 'rated' ? event.comment : undefined)

const dayOf = (entry: TicketEntry | undefined): string | undefined => entry && new Date(entry.createdAt).toDateString()

function dayName(at: string): string {
  const day = new Date(at).toDateString()
  const now = new Date()
  if (day === now.toDateString()) return words.today
  now.setDate(now.getDate() - 1)
  return day === now.toDateString() ? words.yesterday : words.day(at)
}
