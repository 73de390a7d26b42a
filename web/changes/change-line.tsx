import { Show, type JSX } from 'solid-js'
import type { PersonChange } from '../api/shapes.ts'
import { words } from '../words/portal-home.ts'
import type { ToldChange } from './together.ts'

/** What happened to somebody, or to how many. */
export function ChangeLine(props: {
  of: ToldChange<PersonChange>
  /** At the end of the line: when, or where. */
  end?: JSX.Element
}): JSX.Element {
  const change = () => props.of.change
  return (
    <li class="line">
      <span class="name" dir="auto">
        {change().name ?? words.unnamed(change().kind, change().licence, props.of.count)}
      </span>
      <span class="quiet">{props.end}</span>
      <Show when={change().name !== null}>
        <span class="sub">
          {words.change(change())}
          <Show when={change().detail}>
            {(detail) => (
              <>
                {' · '}
                <span dir="auto">{detail()}</span>
              </>
            )}
          </Show>
        </span>
      </Show>
    </li>
  )
}
