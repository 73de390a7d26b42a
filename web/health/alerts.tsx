import { For, Show, type JSX } from 'solid-js'
import type { Security } from '../api/shapes.ts'
import { State } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { AsOf, Time } from '../ui/time.tsx'
import { health as words } from '../words/health.ts'
import { namesIn } from './health.data.ts'
import { moodOfSeverity } from './moods.ts'
import { isUnknown, NotTold } from './not-told.tsx'

/** Open alerts, the gravest first. What is only for information is listed and not counted. */
export function Alerts(props: { security: Security }): JSX.Element {
  const items = () => props.security.alerts.items
  const counted = () => items().filter(({ severity }) => severity !== 'informational').length
  return (
    <Card
      topic={words.alerts}
      answer={
        counted() === 0 && isUnknown(props.security.notTold, 'alerts') ? words.notKnown : words.alertsAnswer(counted())
      }
      asOf={<AsOf at={props.security.alerts.asOf} source={words.microsoft} />}
    >
      <Show when={items().length > 0}>
        <ul class="lines">
          <For each={items()}>
            {(alert) => (
              <li class="line">
                <span class="name">{alert.title}</span>
                <State mood={moodOfSeverity(alert.severity)}>{words.severity(alert.severity)}</State>
                <Show when={alert.description}>{(text) => <span class="sub health-words">{text()}</span>}</Show>
                <span class="sub smaller">
                  <Show when={alert.raisedAt}>{(at) => <Time at={at()} relative />}</Show>
                  <For each={namesIn(props.security.tenants, [alert.tenantId])}>{(name) => <> · {name}</>}</For>
                  <Show when={alert.isInProgress}> · {words.inProgress}</Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.security.alerts.truncated}>
        <p class="quiet small">{words.alertsCut}</p>
      </Show>
      <NotTold
        of={props.security.notTold}
        part="alerts"
        tenants={props.security.tenants}
        older={items().map(({ tenantId }) => tenantId)}
      />
    </Card>
  )
}
