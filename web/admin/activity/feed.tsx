import { For, Show, type JSX } from 'solid-js'
import { activity as words } from '../../words/activity.ts'
import { clock, fullTime, shortTime } from '../../words/format.ts'
import { merges } from '../../words/merges.ts'
import type { Activity } from './activity.data.ts'
import './feed.css'

type Change = Activity['changes'][number]

/** More changes than these are folded, so that one entry does not push the others away. */
const unfoldedMax = 4
const longMin = 160

/** Who did what, newest first: short, as on an overview. */
export function Feed(props: { entries: Activity[] }): JSX.Element {
  return (
    <ol class="feed">
      <For each={props.entries}>
        {(entry) => (
          <li>
            <time dateTime={entry.at} title={fullTime(entry.at)}>
              {shortTime(entry.at)}
            </time>
            <div>
              <b>{nameOf(entry)}</b> {words.sentence(entry)}
              <Before entry={entry} />
            </div>
          </li>
        )}
      </For>
    </ol>
  )
}

/** The same by days, with what was before and what is after, and with ways to ask for less. */
export function Log(props: {
  entries: Activity[]
  onPerson: (personId: string) => void
  /** Leads from an entry to its customer, where entries are of several. */
  customerOf?: (entry: Activity) => JSX.Element
}): JSX.Element {
  const days = () => Object.entries(Object.groupBy(props.entries, ({ at }) => new Date(at).toDateString()))
  return (
    <For each={days()}>
      {([, entries]) => (
        <section class="log-day">
          <h2>{words.day(entries?.[0]?.at ?? '')}</h2>
          <ol class="feed">
            <For each={entries}>
              {(entry) => (
                <li>
                  <time dateTime={entry.at} title={fullTime(entry.at)}>
                    {clock(entry.at)}
                  </time>
                  <div>
                    <Who entry={entry} onPerson={props.onPerson} /> {words.sentence(entry)}
                    <Before entry={entry} />
                    <Show when={props.customerOf}>{(show) => show()(entry)}</Show>
                    <Show when={entry.changes.length > 0}>
                      <Changes of={words.lines(entry.changes)} />
                    </Show>
                  </div>
                </li>
              )}
            </For>
          </ol>
        </section>
      )}
    </For>
  )
}

/** Whose it was, where that customer has been merged into this one since. */
function Before(props: { entry: Activity }): JSX.Element {
  return <Show when={props.entry.mergedFrom}>{(name) => <span class="quiet"> ({merges.before(name())})</span>}</Show>
}

function Who(props: { entry: Activity; onPerson: (personId: string) => void }): JSX.Element {
  const isSomebody = () => props.entry.actor.kind !== 'system' && props.entry.actor.kind !== 'visitor'
  return (
    <Show when={isSomebody()} fallback={<b>{nameOf(props.entry)}</b>}>
      <button
        type="button"
        class="log-who"
        title={words.onlyThis(props.entry.actor.name)}
        onClick={() => props.onPerson(props.entry.actor.id)}
      >
        {props.entry.actor.name}
      </button>
    </Show>
  )
}

function Changes(props: { of: Change[] }): JSX.Element {
  return (
    <Show when={props.of.length > unfoldedMax} fallback={<ChangeList of={props.of} />}>
      <details class="log-fold">
        <summary>{words.changes(props.of.length)}</summary>
        <ChangeList of={props.of} />
      </details>
    </Show>
  )
}

function ChangeList(props: { of: Change[] }): JSX.Element {
  return (
    <dl class="log-changes">
      <For each={props.of}>
        {(change) => (
          <div>
            <dt>{words.field(change)}</dt>
            <dd>
              <Show when={!isNothing(change.before)}>
                <span class="sr">{words.before}: </span>
                <del>
                  <Value of={change} value={change.before} />
                </del>
                <span class="log-arrow" aria-hidden="true">
                  {' → '}
                </span>
              </Show>
              <span class="sr">{words.after}: </span>
              <ins>
                <Value of={change} value={change.after} />
              </ins>
            </dd>
          </div>
        )}
      </For>
    </dl>
  )
}

function Value(props: { of: Change; value: unknown }): JSX.Element {
  const text = () => words.value(props.of, props.value)
  return (
    <Show when={text().length > longMin} fallback={<Whole text={text()} />}>
      <details class="log-fold">
        <summary>
          {text().slice(0, longMin / 2)}… <span class="log-more">{words.whole}</span>
        </summary>
        <Whole text={text()} />
      </details>
    </Show>
  )
}

function Whole(props: { text: string }): JSX.Element {
  return (
    <Show when={props.text === DOTS} fallback={<span class="multi-line">{props.text}</span>}>
      <span aria-hidden="true">{DOTS}</span>
      <span class="sr">{words.hidden}</span>
    </Show>
  )
}

/** How the server writes what nobody is shown. */
const DOTS = '•••'
const nameOf = (entry: Activity): string => (entry.actor.kind === 'system' ? words.system : entry.actor.name)
const isNothing = (value: unknown): boolean => value === null || value === undefined || value === ''
