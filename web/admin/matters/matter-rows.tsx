import { A } from '@solidjs/router'
import { For, Show, type JSX } from 'solid-js'
import { matters as words } from '../../words/matters.ts'
import type { Matter, MatterKind } from './matters.data.ts'
import './matters.css'

/** Each with the customer it is about, which leads to where something can be done. */
export function MatterRows(props: { kind: MatterKind; items: Matter[] }): JSX.Element {
  return (
    <ul class="matters">
      <For each={props.items}>
        {(matter) => (
          <li>
            <div>
              <A
                href={`/customers/${matter.customer.id}/${props.kind === 'lost_consents' ? 'tenants' : 'licences'}`}
                dir="auto"
              >
                {matter.customer.name}
              </A>
              <div class="quiet small" dir="auto">
                {matter.licence?.name ?? matter.tenant.name}
                <Show when={matter.licence !== null && matter.tenant.name !== matter.customer.name}>
                  {' '}
                  {words.inTenant(matter.tenant.name)}
                </Show>
              </div>
            </div>
            <div class="matter-figure">{figure(props.kind, matter)}</div>
          </li>
        )}
      </For>
    </ul>
  )
}

function figure(kind: MatterKind, matter: Matter): JSX.Element {
  const seatCount = matter.seatCount ?? 0
  switch (kind) {
    case 'renewals':
      return (
        <>
          <span>{matter.at === null ? '' : words.due(matter.at)}</span>
          <span class="quiet small">{words.seats(seatCount)}</span>
        </>
      )
    case 'over_used':
      return <span class="bad">{words.over(seatCount)}</span>
    case 'lost_consents':
      return (
        <>
          <span class="warn small">
            {matter.at === null ? '' : words.lost(matter.at, matter.reason === 'app_removed')}
          </span>
          <A
            class="small"
            href={`/customers/${matter.customer.id}/tenants`}
            aria-label={words.mendOf(matter.tenant.name, matter.customer.name)}
          >
            {words.mend}
          </A>
        </>
      )
    case 'idle':
    case 'idle_unpriced':
      return (
        <>
          <Show when={matter.year}>{(year) => <b>{words.aYear(year().amountMinor, year().currency)}</b>}</Show>
          <span class="quiet small">{words.idle(seatCount)}</span>
        </>
      )
  }
}
