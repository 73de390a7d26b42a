import { For, type JSX } from 'solid-js'
import './facts.css'

/** Names and their values, one under the other. */
export function Facts(props: { of: { name: JSX.Element; value: JSX.Element }[] }): JSX.Element {
  return (
    <dl class="facts">
      <For each={props.of}>
        {(fact) => (
          <div>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        )}
      </For>
    </dl>
  )
}
