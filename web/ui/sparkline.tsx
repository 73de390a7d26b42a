import { For, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { number } from '../words/format.ts'
import './bars.css'

export type Point = { label: string; value: number }

/** A small line with its first and last figure; the same numbers as a table for who wants to read them one by one. */
export function Sparkline(props: {
  points: Point[]
  /** The whole line in one sentence. */
  label: string
  /** A value to compare with, drawn dashed. */
  peer?: number | null
  peerLabel?: string
  /** How a value reads; a plain number without it. */
  show?: (value: number) => string
}): JSX.Element {
  const shown = (value: number) => props.show?.(value) ?? number(value)
  const first = () => props.points[0]
  const last = () => props.points[props.points.length - 1]
  const range = () => {
    const all = props.points.map((point) => point.value)
    if (typeof props.peer === 'number') all.push(props.peer)
    const low = Math.min(...all)
    const high = Math.max(...all)
    // A change of one in sixty must not fill the height: the line spans at least a tenth of what it shows.
    const span = Math.max(high - low, high * 0.1, 1)
    return { low: low - (span - (high - low)) / 2, span }
  }
  const y = (value: number) => Math.round((48 - ((value - range().low) / range().span) * 48) * 10) / 10
  const x = (index: number) => Math.round((index / Math.max(1, props.points.length - 1)) * 2000) / 10
  const line = () =>
    props.points.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(point.value)}`).join('')
  const dots = () => `M0 ${y(first()?.value ?? 0)}h.01M200 ${y(last()?.value ?? 0)}h.01`
  return (
    <figure class="stack tight">
      <div class="spark">
        <svg viewBox="0 0 200 48" preserveAspectRatio="none" role="img" aria-label={props.label}>
          <Show when={typeof props.peer === 'number'}>
            <path class="c-peer" d={`M0 ${y(props.peer ?? 0)}H200`} />
          </Show>
          <path class="c-line" d={line()} />
          <path class="c-dot" d={dots()} />
        </svg>
        <span>
          <b>{shown(first()?.value ?? 0)}</b>
          {first()?.label}
        </span>
        <span class="spark-end">
          <b>{shown(last()?.value ?? 0)}</b>
          {last()?.label}
        </span>
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
      <details class="chart-table no-print">
        <summary>{common.asTable}</summary>
        <div tabindex="0" role="group" aria-label={props.label}>
          <table>
            <tbody>
              <For each={props.points.toReversed()}>
                {(point) => (
                  <tr>
                    <th scope="row">{point.label}</th>
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
