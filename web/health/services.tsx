import { For, Show, type JSX } from 'solid-js'
import type { ServiceHealth } from '../api/shapes.ts'
import { State } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { AsOf, Time } from '../ui/time.tsx'
import { health as words } from '../words/health.ts'
import { namesIn } from './health.data.ts'
import { Issue } from './issue.tsx'
import { moodOfService } from './moods.ts'
import { isUnknown, NotTold } from './not-told.tsx'

const isTroubled = ({ state }: ServiceHealth['services'][number]) => state === 'degraded' || state === 'interrupted'

/** Every service of Microsoft's, those in trouble first, then those that people know. */
export function Services(props: { health: ServiceHealth }): JSX.Element {
  const services = () => props.health.services
  return (
    <Card
      topic={words.services}
      answer={
        services().length === 0
          ? words.notKnown
          : words.servicesAnswer(
              services().filter(isTroubled).length,
              services().every(({ state }) => state === 'works'),
            )
      }
      asOf={<AsOf at={props.health.asOf} source={words.microsoft} />}
    >
      <Show when={services().length > 0}>
        <ul class="lines">
          <For each={services()}>
            {(service) => (
              <li class="line">
                <span class="name">{service.name}</span>
                <State mood={moodOfService[service.state]}>{words.serviceState[service.state]}</State>
                <Show when={service.state !== 'works'}>
                  <span class="sub">
                    {service.issueTitle}
                    <Show when={service.since}>
                      {(since) => (
                        <>
                          {service.issueTitle === null ? '' : ' · '}
                          {words.since} <Time at={since()} />
                        </>
                      )}
                    </Show>
                    <Show when={namesIn(props.health.tenants, service.tenantIds)[0]}>
                      {' · '}
                      {words.inTenants(namesIn(props.health.tenants, service.tenantIds))}
                    </Show>
                  </span>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <NotTold
        of={props.health.notTold}
        part="services"
        tenants={props.health.tenants}
        older={services().flatMap(({ tenantIds }) => tenantIds)}
      />
    </Card>
  )
}

/** What Microsoft works on now, in its own words. */
export function OpenIssues(props: { health: ServiceHealth }): JSX.Element {
  return (
    <Card
      topic={words.open}
      answer={
        props.health.issues.length === 0 && isUnknown(props.health.notTold, 'issues')
          ? words.notKnown
          : words.openAnswer(props.health.issues.length)
      }
      asOf={<AsOf at={props.health.asOf} source={words.microsoft} />}
    >
      <Show when={props.health.issues.length > 0}>
        <ul class="lines">
          <For each={props.health.issues}>{(issue) => <Issue of={issue} tenants={props.health.tenants} isOpen />}</For>
        </ul>
      </Show>
      <Show when={props.health.truncated}>
        <p class="quiet small">{words.issuesCut}</p>
      </Show>
      <NotTold
        of={props.health.notTold}
        part="issues"
        tenants={props.health.tenants}
        older={props.health.issues.flatMap(({ tenantIds }) => tenantIds)}
      />
    </Card>
  )
}
