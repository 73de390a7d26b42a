import { For, Show, type JSX } from 'solid-js'
import type { ServiceIssue, TenantOfDirectory } from '../api/shapes.ts'
import { State } from '../ui/badge.tsx'
import { Time } from '../ui/time.tsx'
import { health as words } from '../words/health.ts'
import { Fold } from './fold.tsx'
import { namesIn } from './health.data.ts'
import { moodOfService } from './moods.ts'

/** An incident or advisory. Of what is open, what Microsoft wrote last stands there at once. */
export function Issue(props: {
  of: ServiceIssue
  tenants: readonly TenantOfDirectory[]
  isOpen?: boolean
}): JSX.Element {
  const said = (text: string) => (
    <>
      <p class="health-words">{text}</p>
      <Show when={props.of.latestPostAt}>
        {(at) => (
          <p class="quiet smaller">
            {words.written} <Time at={at()} />
          </p>
        )}
      </Show>
    </>
  )
  return (
    <li class="line">
      <span class="name">{props.of.title}</span>
      <Show when={!props.of.isResolved} fallback={<State mood="none">{words.resolved}</State>}>
        <State mood={moodOfService[props.of.state]}>
          {props.of.state === 'works' || props.of.state === 'unknown'
            ? words.notResolved
            : words.serviceState[props.of.state]}
        </State>
      </Show>
      <span class="sub">
        {props.of.serviceName} · {words.kind[props.of.classification]} ·{' '}
        {words.lasted(props.of.startedAt, props.of.endedAt)} · {props.of.id}
        <For each={namesIn(props.tenants, props.of.tenantIds)}>{(name) => <> · {name}</>}</For>
      </span>
      <Show when={props.of.latestPost}>
        {(text) => (
          <div class="sub">
            <Show
              when={props.isOpen}
              fallback={
                <Fold summary={words.microsoftSays} label={words.microsoftSaysOf(props.of.title)}>
                  {said(text())}
                </Fold>
              }
            >
              {said(text())}
            </Show>
          </div>
        )}
      </Show>
    </li>
  )
}
