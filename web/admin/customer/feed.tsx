import { For, Show, type JSX } from 'solid-js'
import { Time } from '../../ui/time.tsx'
import { admin } from '../../words/admin.ts'
import { merges } from '../../words/merges.ts'
import { number } from '../../words/format.ts'
import type { Activity } from './activity.data.ts'

const words = admin.activity

/** Who did what, newest first; with `changes`, each entry can show what was before and what is after. */
export function Feed(props: { entries: Activity[]; changes?: boolean }): JSX.Element {
  return (
    <ol class="feed">
      <For each={props.entries}>
        {(entry) => (
          <li>
            <Time at={entry.at} plain />
            <div>
              <b>{entry.actor.kind === 'system' ? words.system : entry.actor.name}</b> {words.sentence(entry)}
              <Show when={entry.mergedFrom}>{(name) => <span class="quiet"> ({merges.before(name())})</span>}</Show>
              <Show when={props.changes && entry.changes.length > 0}>
                <details class="changes">
                  <summary>{words.changes(entry.changes.length)}</summary>
                  <dl>
                    <For each={entry.changes}>
                      {(change) => (
                        <>
                          <dt>{words.field(change.field)}</dt>
                          <dd>
                            <Show when={!isEmpty(change.before)}>
                              <span class="sr">{words.before}: </span>
                              <del>{shown(change.before)}</del> →{' '}
                            </Show>
                            <span class="sr">{words.after}: </span>
                            <ins>{isEmpty(change.after) ? words.empty : shown(change.after)}</ins>
                          </dd>
                        </>
                      )}
                    </For>
                  </dl>
                </details>
              </Show>
            </div>
          </li>
        )}
      </For>
    </ol>
  )
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return value ? words.yes : words.no
  return JSON.stringify(value)
}
