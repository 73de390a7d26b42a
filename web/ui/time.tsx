import { Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { count, fullTime, relative, shortTime } from '../words/format.ts'
import { clock, Icon } from './icon.tsx'
import { Tip } from './tip.tsx'
import './card.css'

/** A moment, short; the whole time on hover and focus. In long tables `plain` keeps it out of the tab order. */
export function Time(props: { at: string; relative?: boolean; plain?: boolean }): JSX.Element {
  const words = () => (props.relative ? relative(props.at) : shortTime(props.at))
  return (
    <Show
      when={!props.plain}
      fallback={
        <time dateTime={props.at} title={fullTime(props.at)}>
          {words()}
        </time>
      }
    >
      <Tip text={fullTime(props.at)}>
        <time dateTime={props.at}>{words()}</time>
      </Tip>
    </Show>
  )
}

/** How old a figure is and where it comes from. Past its best, it says so first and looks it. Null: nothing is known. */
export function AsOf(props: { at: string | null; source?: string; staleAfterHours?: number }): JSX.Element {
  const ageHours = (at: string) => (Date.now() - new Date(at).getTime()) / 3_600_000
  const stale = (at: string) => ageHours(at) > (props.staleAfterHours ?? 24)
  const age = (at: string) =>
    ageHours(at) < 48
      ? `${count(Math.floor(ageHours(at)), 'hour', 'hours')} old`
      : `${count(Math.floor(ageHours(at) / 24), 'day', 'days')} old`
  return (
    <Show when={props.at}>
      {(at) => (
        <span class="as-of" classList={{ stale: stale(at()) }}>
          <Show when={stale(at())} fallback={<span>{props.source ? `${props.source},` : common.asOf}</span>}>
            <Icon of={clock} />
            <span>
              {age(at())},<Show when={props.source}>{(source) => <span class="sr"> {source()},</span>}</Show>
            </span>
          </Show>
          <Time at={at()} />
        </span>
      )}
    </Show>
  )
}
