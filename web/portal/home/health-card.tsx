import { For, Show, type JSX } from 'solid-js'
import { moodOfService } from '../../health/moods.ts'
import { State } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { AsOf, Time } from '../../ui/time.tsx'
import { words } from '../../words/portal-home.ts'
import { healthAnswer } from './answers.ts'
import type { Dashboard } from './home.data.ts'

const shownAtMost = 6

export function HealthCard(props: { health: NonNullable<Dashboard['health']> }): JSX.Element {
  const services = () => props.health.services
  const hidden = () => services().slice(shownAtMost)
  return (
    <Card
      topic={words.health}
      answer={healthAnswer(props.health)}
      links={<a href="/health">{words.toHealth}</a>}
      asOf={<AsOf at={props.health.asOf} source={words.microsoft} />}
    >
      <ul class="lines">
        <For each={services().slice(0, shownAtMost)}>
          {(service) => (
            <li class="line">
              <span class="name">{service.name}</span>
              <State mood={moodOfService[service.state]}>{words.serviceState[service.state]}</State>
              <Show when={service.issueTitle}>
                {(title) => (
                  <span class="sub">
                    {title()}
                    <Show when={service.since}>
                      {(since) => (
                        <>
                          {' '}
                          · {words.sinceTime} <Time at={since()} />
                        </>
                      )}
                    </Show>
                  </span>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={hidden().length > 0}>
        <p class="quiet smaller">{words.moreWork(hidden().length)}</p>
      </Show>
    </Card>
  )
}
