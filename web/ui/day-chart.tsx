import { createMemo, createSignal, createUniqueId, For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { day as shortDay, number } from '../words/format.ts'
import './day-chart.css'

/** `second` null: of that day it is not known. */
export type Day = { at: string; first: number; second: number | null }

const height = 220
/** Until it is measured. */
const usualWidth = 640
const left = 44
const top = 12
const bottom = 28

/**
 * Two figures a day over up to a year. A slider below it goes from day to day by keyboard, and says each day's figures; the
 * pointer does the same; the table has all of them.
 */
export function DayChart(props: {
  days: readonly Day[]
  /** The whole chart in one sentence. */
  label: string
  firstName: string
  secondName: string
  /** One day in words. */
  says: (day: Day) => string
  sliderLabel: string
  /** How a figure reads; a plain number without it. */
  show?: (value: number) => string
}): JSX.Element {
  const id = createUniqueId()
  const shown = (value: number) => props.show?.(value) ?? number(value)
  // As wide as it stands there, so that what is written in it is of one size on a phone, too.
  const [width, setWidth] = createSignal(usualWidth)
  let plot: SVGSVGElement | undefined
  onMount(() => {
    if (!plot) return
    const measuring = new ResizeObserver(([entry]) => entry && setWidth(Math.max(left * 2, entry.contentRect.width)))
    measuring.observe(plot)
    onCleanup(() => measuring.disconnect())
  })
  const last = () => props.days.length - 1
  const [at, setAt] = createSignal<number>()
  const index = () => Math.min(at() ?? last(), last())
  const here = () => props.days[index()]
  const said = () => {
    const one = here()
    return one ? props.says(one) : ''
  }
  const [opened, setOpened] = createSignal(false)
  const most = createMemo(() =>
    niceTop(Math.max(1, ...props.days.flatMap(({ first, second }) => [first, second ?? 0]))),
  )
  const x = (place: number) => left + (place / Math.max(1, last())) * (width() - left - 8)
  const y = (value: number) => top + (1 - value / most()) * (height - top - bottom)
  const path = (pick: (day: Day) => number | null) => {
    let isDrawn = false
    return props.days
      .map((one, place) => {
        const value = pick(one)
        const step = value === null ? '' : `${isDrawn ? 'L' : 'M'}${round(x(place))} ${round(y(value))}`
        isDrawn = value !== null
        return step
      })
      .join('')
  }
  const follow = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = ((event.clientX - box.left) / box.width) * width()
    const place = Math.round(((share - left) / (width() - left - 8)) * last())
    setAt(Math.max(0, Math.min(last(), place)))
  }
  return (
    <figure class="day-chart">
      <p class="legend" aria-hidden="true">
        <span>
          <svg viewBox="0 0 16 10">
            <path class="first-line" d="M0 5h16" />
          </svg>
          {props.firstName}
        </span>
        <span>
          <svg viewBox="0 0 16 10">
            <path class="second-line" d="M0 5h16" />
          </svg>
          {props.secondName}
        </span>
      </p>
      <svg
        class="plot"
        ref={plot}
        viewBox={`0 0 ${width()} ${height}`}
        role="img"
        aria-label={props.label}
        onPointerMove={follow}
      >
        <For each={[0, 0.5, 1]}>
          {(share) => (
            <>
              <line class="grid" x1={left} x2={width() - 8} y1={y(share * most())} y2={y(share * most())} />
              <text class="end" x={left - 8} y={y(share * most()) + 4}>
                {shown(share * most())}
              </text>
            </>
          )}
        </For>
        <path class="second-line" d={path(({ second }) => second)} />
        <path class="first-line" d={path(({ first }) => first)} />
        <Show when={here()}>
          {(one) => (
            <>
              <line class="at" x1={x(index())} x2={x(index())} y1={top} y2={height - bottom} />
              <circle class="at-dot" cx={x(index())} cy={y(one().first)} r="4" />
            </>
          )}
        </Show>
        <text x={left} y={height - 8}>
          {shortDay(props.days[0]?.at ?? '')}
        </text>
        <text class="end" x={width() - 8} y={height - 8}>
          {shortDay(props.days.at(-1)?.at ?? '')}
        </text>
      </svg>
      <output for={id}>{said()}</output>
      <input
        id={id}
        type="range"
        min="0"
        max={last()}
        value={index()}
        aria-label={props.sliderLabel}
        aria-valuetext={said()}
        onInput={(event) => setAt(Number(event.currentTarget.value))}
      />
      <details class="chart-table no-print" on:toggle={() => setOpened(true)}>
        <summary>{common.asTable}</summary>
        <div tabindex="0" role="group" aria-label={props.label}>
          <table>
            <thead>
              <tr>
                <th scope="col">{props.sliderLabel}</th>
                <th scope="col">{props.firstName}</th>
                <th scope="col">{props.secondName}</th>
              </tr>
            </thead>
            <tbody>
              <For each={opened() ? props.days.toReversed() : []}>
                {(one) => (
                  <tr>
                    <th scope="row">{shortDay(one.at)}</th>
                    <td>{shown(one.first)}</td>
                    <td>{one.second === null ? common.notKnown : shown(one.second)}</td>
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

const round = (value: number): number => Math.round(value * 10) / 10

/** The top of the axis: even, so that the half of it is a whole number, and no further away than needed. */
function niceTop(most: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(most)) - 1) * 2
  return Math.ceil((most * 1.05) / step) * step
}
