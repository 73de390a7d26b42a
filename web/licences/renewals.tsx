import { For, Show, type JSX } from 'solid-js'
import { words } from '../words/licences.ts'
import type { Renewal } from './licences.data.ts'
import './licences.css'

const soonMs = 30 * 86_400_000

/** What renews or ends, soonest first. What comes within a month says so. */
export function Renewals(props: { items: Renewal[]; hasSeveral: boolean }): JSX.Element {
  const isSoon = (at: string) => Date.parse(at) - Date.now() < soonMs
  return (
    <Show when={props.items.length > 0} fallback={<p class="quiet small">{words.renewalsNone}</p>}>
      <ol class="timeline">
        <For each={props.items}>
          {(renewal) => (
            <li classList={{ soon: isSoon(renewal.at) }}>
              <span class="name">{renewal.name}</span>
              <div class="small" classList={{ quiet: !isSoon(renewal.at), 'soon-word': isSoon(renewal.at) }}>
                {wordsOf(renewal)}
              </div>
              <Show when={props.hasSeveral}>
                <div class="small quiet">{words.renewalIn(renewal.tenantName)}</div>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </Show>
  )
}

function wordsOf({ at, isTrial, seatCount }: Renewal): string {
  if (Date.parse(at) < Date.now()) return words.wasDue(at)
  return isTrial ? words.trialEnds(seatCount, at) : words.renews(seatCount, at)
}
