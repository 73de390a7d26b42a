import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { number } from '../words/format.ts'
import './bars.css'

/** `at` names the point, such as its day; `name` says how that reads. */
export type Point = { at: string; value: number }

/** A small line with its first and last figure; the same numbers as a table for who wants to read them one by one. */
export function Sparkline(props: {
  points: Point[]
  /** The whole line in one sentence. */
  label: string
  /** A value to compare with, drawn dashed. */
  peer?: number | null
  peerLabel?: string
  /** How the name of a point reads. */
  name: (at: string) => string
  /** How a value reads; a plain number without it. */
  show?: (value: number) => string
}): JSX.Element {
  const shown = (value: number) => props.show?.(value) ?? number(value)
  const [opened, setOpened] = createSignal(false)
  const drawn = createMemo(() => draw(props.points, props.peer ?? null))
  return (
    <figure class="stack tight">
      <div class="spark">
        <svg viewBox="0 0 200 48" preserveAspectRatio="none" role="img" aria-label={props.label}>
          <Show when={drawn().peer}>{(path) => <path class="c-peer" d={path()} />}</Show>
          <path class="c-line" d={drawn().line} />
          <path class="c-dot" d={drawn().dots} />
        </svg>
        <Show when={props.points[0]}>{(first) => <End point={first()} name={props.name} shown={shown} />}</Show>
        <Show when={props.points.at(-1)}>{(last) => <End point={last()} name={props.name} shown={shown} last />}</Show>
      </div>
      <Show when={typeof props.peer === 'number' && props.peerLabel}>
        <p class="legend">
          <span>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <path class="c-peer" d="M0 5h10" />
            </svg>
            {props.peerLabel}
          </span>
        </p>
      </Show>
      <details class="chart-table no-print" on:toggle={() => setOpened(true)}>
        <summary>{common.asTable}</summary>
        <div tabindex="0" role="group" aria-label={props.label}>
          <table>
            <tbody>
              <For each={opened() ? props.points.toReversed() : []}>
                {(point) => (
                  <tr>
                    <th scope="row">{props.name(point.at)}</th>
                    <td>{shown(point.value)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

function End(props: {
  point: Point
  name: (at: string) => string
  shown: (value: number) => string
  last?: boolean
}): JSX.Element {
  return (
    <span classList={{ 'spark-end': props.last === true }}>
      <b>{props.shown(props.point.value)}</b>
      {props.name(props.point.at)}
    </span>
  )
}

/** The paths of a line in a box of 200 by 48. */
function draw(points: Point[], peer: number | null): { line: string; dots: string; peer: string | null } {
  const values = points.map(({ value }) => value)
  const low = Math.min(...values, peer ?? Infinity)
  const high = Math.max(...values, peer ?? -Infinity)
  // A change of one in sixty must not fill the height: the line spans at least a tenth of what it shows.
  const span = Math.max(high - low, high * 0.1, 1)
  const bottom = low - (span - (high - low)) / 2
  const y = (value: number) => Math.round((48 - ((value - bottom) / span) * 48) * 10) / 10
  const x = (index: number) => Math.round((index / Math.max(1, values.length - 1)) * 2000) / 10
  return {
    line: values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join(''),
    dots: `M0 ${y(values[0] ?? 0)}h.01M200 ${y(values.at(-1) ?? 0)}h.01`,
    peer: peer === null ? null : `M0 ${y(peer)}H200`,
  }
}
