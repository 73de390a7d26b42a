import { For, Show, type JSX } from 'solid-js'
import { moodOfSeverity } from '../../health/moods.ts'
import { State } from '../../ui/badge.tsx'
import { Card, Figure } from '../../ui/card.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { AsOf, Time } from '../../ui/time.tsx'
import { day, percent } from '../../words/format.ts'
import { words } from '../../words/portal-home.ts'
import { alertsInOrder, securityAnswer } from './answers.ts'
import type { Dashboard } from './home.data.ts'

export function SecurityCard(props: { security: NonNullable<Dashboard['security']> }): JSX.Element {
  const share = () => (props.security.max ? (props.security.current ?? 0) / props.security.max : null)
  const points = () => props.security.trend.map((point) => ({ at: point.day, value: Math.round(point.percent) }))
  const trend = () => {
    const first = props.security.trend[0]
    const last = props.security.trend.at(-1)
    return first && last && first !== last
      ? words.scoreTrend(Math.round(first.percent), first.day, Math.round(last.percent), last.day)
      : null
  }
  return (
    <Card
      topic={words.security}
      answer={securityAnswer(props.security)}
      links={<a href="/health">{words.toSecurity}</a>}
      asOf={<AsOf at={props.security.asOf} source={words.microsoft} />}
    >
      <Show when={props.security.alerts.length > 0}>
        <ul class="lines">
          <For each={alertsInOrder(props.security).slice(0, 3)}>
            {(alert) => (
              <li class="line">
                <span class="name">{alert.title}</span>
                <State mood={moodOfSeverity(alert.severity)}>{words.severity(alert.severity)}</State>
                <span class="sub">
                  <Show when={alert.raisedAt}>{(at) => <Time at={at()} relative />}</Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={share() !== null}>
        <Figure value={percent(share() ?? 0)} of={words.ofReachable} />
      </Show>
      <Show when={trend()}>
        {(label) => (
          <Sparkline
            points={points()}
            name={day}
            label={label()}
            peer={props.security.comparison}
            show={(value) => percent(value / 100)}
            peerLabel={words.peers(Math.round(props.security.comparison ?? 0))}
          />
        )}
      </Show>
    </Card>
  )
}
