import { For, Show, type JSX } from 'solid-js'
import type { Request, RequestDifference, RequestEvent } from '../api/shapes.ts'
import { Facts } from '../ui/facts.tsx'
import { Icon, check, none } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import { requests as words } from '../words/requests.ts'
import './requests.css'

/** What was asked for, as the form says it: the whole, and each person. */
export function Summary(props: { of: Request['summary'] }): JSX.Element {
  return (
    <div class="request-parts">
      <For each={props.of}>
        {(part) => (
          <section>
            <Show when={part.heading}>
              <h3>
                <bdi>{part.heading}</bdi>
              </h3>
            </Show>
            <Facts
              of={part.lines.map(({ label, value }) => ({ name: label, value: <span dir="auto">{value}</span> }))}
            />
          </section>
        )}
      </For>
    </div>
  )
}

/** What is not as it was when it was asked for. */
export function Differences(props: { of: RequestDifference[] }): JSX.Element {
  return (
    <ul class="request-differences">
      <For each={props.of}>
        {({ about, was, is }) => (
          <li>
            <bdi>{about}</bdi>: <span class="sr">{words.before}: </span>
            <del>{was}</del>
            <span aria-hidden="true"> → </span>
            <span class="sr">. {words.now}: </span>
            <ins>{is}</ins>
          </li>
        )}
      </For>
    </ul>
  )
}

export function ChangedNotice(props: { of: RequestDifference[] }): JSX.Element {
  return (
    <Show when={props.of.length > 0}>
      <Notice kind="warn">
        <b>{words.differencesTitle}.</b> {words.differencesText}
        <Differences of={props.of} />
      </Notice>
    </Show>
  )
}

/** What is done for it, step by step, for who only looks. */
export function Steps(props: { of: Request['checklist'] }): JSX.Element {
  return (
    <ol class="request-steps">
      <For each={props.of}>
        {(step) => (
          <li classList={{ done: step.done !== null }}>
            <Icon of={step.done === null ? none : check} />
            <span>
              <span dir="auto">{step.title}</span>
              <Show when={step.done}>
                {(done) => <span class="quiet small"> {words.stepDone(done().by, done().at)}</span>}
              </Show>
            </span>
          </li>
        )}
      </For>
    </ol>
  )
}

/** Everything that happened to it, in order, with what was said. */
export function History(props: {
  of: RequestEvent[]
  nameOf: (event: RequestEvent) => string
  provider: string
}): JSX.Element {
  return (
    <ol class="request-history">
      <For each={props.of}>
        {(event) => (
          <li>
            <p>
              <bdi>{words.event(event, props.nameOf(event), props.provider)}</bdi>{' '}
              <span class="quiet small">
                <Time at={event.at} />
              </span>
            </p>
            <Show when={event.note}>
              {(note) => (
                <p class="quiet small" dir="auto">
                  {event.type === 'step_done' || event.type === 'step_undone' ? note() : words.reasonGiven(note())}
                </p>
              )}
            </Show>
            <Show when={event.differences}>{(differences) => <Differences of={differences()} />}</Show>
          </li>
        )}
      </For>
    </ol>
  )
}
