import { Show, type JSX } from 'solid-js'
import type { LicenceCosts } from '../api/shapes.ts'
import { words } from '../words/licences.ts'

/** What all licences cost together and for each person; what has no price is said. */
export function Costs(props: { costs: LicenceCosts }): JSX.Element {
  return (
    <Show when={props.costs.perYearMinor > 0} fallback={<p class="quiet small">{words.noPrices}</p>}>
      <ul class="stack tight small">
        <li>{words.costsYear(props.costs.perYearMinor, props.costs.currency)}</li>
        <Show when={props.costs.perPersonPerMonthMinor !== null}>
          <li>{words.costsPerson(props.costs.perPersonPerMonthMinor ?? 0, props.costs.currency)}</li>
        </Show>
        <Show when={props.costs.unpricedCount > 0}>
          <li class="quiet">{words.unpriced(props.costs.unpricedCount)}</li>
        </Show>
      </ul>
    </Show>
  )
}
