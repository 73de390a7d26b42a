import { For, Show, type JSX } from 'solid-js'
import { Badge, State, type Mood } from '../../ui/badge.tsx'
import { Tip } from '../../ui/tip.tsx'
import { admin } from '../../words/admin.ts'
import type { Health as WholeHealth } from './customers.data.ts'

/** Health as a customer has it, or as one tenant has it: that one names no tenant and shares its sync's age. */
type Health = Pick<WholeHealth, 'level' | 'since'> & {
  asOf?: string | null
  reasons: { text: string; detail: string; remedy: string; since: string | null; tenantName?: string }[]
}

const moods: Record<Health['level'], Mood> = { green: 'good', amber: 'warn', red: 'bad', grey: 'none' }

/** A customer's health in one word or reason; all its reasons on hover and focus. */
export function HealthState(props: { health: Health; tenantCount: number }): JSX.Element {
  const short = () =>
    props.health.reasons[0]?.text ??
    (props.health.level === 'grey'
      ? props.tenantCount === 0
        ? admin.health.noTenant
        : admin.health.neverSynced
      : admin.health.level[props.health.level])
  return (
    <Show when={props.health.reasons.length > 0} fallback={<State mood={moods[props.health.level]}>{short()}</State>}>
      <Tip text={<Reasons health={props.health} />}>
        <State mood={moods[props.health.level]}>
          <span class="health-text">{short()}</span>
          <span class="health-word">{admin.health.level[props.health.level]}</span>
        </State>
        <Show when={props.health.reasons.length > 1}>
          <span class="quiet health-more">+{props.health.reasons.length - 1}</span>
        </Show>
      </Tip>
    </Show>
  )
}

function Reasons(props: { health: Health }): JSX.Element {
  return (
    <>
      <b>{admin.health.since(props.health.level, props.health.since)}</b>
      <ul>
        <For each={props.health.reasons}>
          {(reason) => (
            <li>
              <b>{reason.text}.</b> {reason.detail}{' '}
              <span class="quiet">
                {[reason.tenantName, reason.since && admin.health.reasonSince(reason.since)].filter(Boolean).join(', ')}
              </span>
              <div class="quiet">{reason.remedy}</div>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.health.asOf}>{(at) => <span class="quiet">{admin.health.asOf(at())}</span>}</Show>
    </>
  )
}

export function HealthBadge(props: { health: Health; tenantCount: number }): JSX.Element {
  return (
    <Badge mood={moods[props.health.level]}>
      {props.health.level === 'grey'
        ? props.tenantCount === 0
          ? admin.health.noTenant
          : admin.health.neverSynced
        : admin.health.level[props.health.level]}
    </Badge>
  )
}

export const moodOf = (level: Health['level']): Mood => moods[level]
