import { children, For, Match, Show, Switch, type Accessor, type JSX, type Resource } from 'solid-js'
import { ProblemError } from '../api/problem.ts'
import { common } from '../words/common.ts'
import { explain } from '../words/problem.ts'
import { Button } from './button.tsx'
import { alert, Icon, type Shape } from './icon.tsx'
import './states.css'

export function Bone(props: {
  shape?: 'short' | 'half' | 'long' | 'short tall' | 'half tall' | 'long tall'
}): JSX.Element {
  return <span class={`bone ${props.shape ?? ''}`} />
}

/** What a page looks like before its data is there: the final shape, without the words. */
export function Skeleton(props: { what: string; children: JSX.Element }): JSX.Element {
  return (
    <div aria-busy="true">
      <span class="sr" role="status">
        {common.loading(props.what)}
      </span>
      <div class="bones" aria-hidden="true">
        {props.children}
      </div>
    </div>
  )
}

/** Nothing here yet: says what this is and offers the first step. `alone`: it is all there is on the page. */
export function Empty(props: {
  icon: Shape
  title: string
  children: JSX.Element
  act?: JSX.Element
  alone?: boolean
}): JSX.Element {
  return (
    <div class="blank">
      <Icon of={props.icon} />
      <Show when={props.alone} fallback={<h2>{props.title}</h2>}>
        <h1>{props.title}</h1>
      </Show>
      <p>{props.children}</p>
      {props.act}
    </div>
  )
}

/** It did not work: says what happened, whether anything was lost, and what to do. */
export function Failed(props: {
  title: string
  error: unknown
  retry?: () => void
  /** For a whole page: the way out where trying again would tell the same. */
  elsewhere?: JSX.Element
}): JSX.Element {
  const elsewhere = children(() => props.elsewhere)
  const problem = () => (props.error instanceof ProblemError ? props.error : undefined)
  const isFinal = () => finalStatuses.includes(problem()?.status ?? 0)
  return (
    <div class="blank" role="alert">
      <Icon of={alert} />
      <Show when={elsewhere()} fallback={<h2>{props.title}</h2>}>
        <h1>{props.title}</h1>
      </Show>
      <p>
        <Show when={problem()} fallback={common.failed}>
          {(known) => explain(known())}
        </Show>
      </p>
      <Show when={!isFinal() || !elsewhere()} fallback={elsewhere()}>
        <Show when={props.retry}>{(retry) => <Button onClick={() => retry()()}>{common.tryAgain}</Button>}</Show>
      </Show>
    </div>
  )
}

/** Not allowed, not there, not possible: the same question gets the same answer. */
const finalStatuses = [403, 404, 422]

/** One of the three: waiting, failed, there. While it is asked for again, what we had stays on screen. */
export function Loaded<T>(props: {
  of: Resource<T>
  waiting: JSX.Element
  failedTitle: string
  retry: () => void
  elsewhere?: JSX.Element
  children: (value: Accessor<NonNullable<T>>) => JSX.Element
}): JSX.Element {
  // `latest` would suspend the whole page before the first answer, so the state is asked first.
  const value = () => (props.of.state === 'ready' || props.of.state === 'refreshing' ? props.of.latest : undefined)
  return (
    <Switch fallback={props.waiting}>
      <Match when={props.of.state === 'errored'}>
        <div class="card">
          <Failed title={props.failedTitle} error={props.of.error} retry={props.retry} elsewhere={props.elsewhere} />
        </div>
      </Match>
      <Match when={value()}>{(present) => props.children(present)}</Match>
    </Switch>
  )
}

/** A few views of the same thing, one at a time. */
export function Segments<V extends string>(props: {
  label: string
  value: V
  options: { value: V; label: string }[]
  onChange: (value: V) => void
}): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={props.label}>
      <For each={props.options}>
        {(option) => (
          <button
            type="button"
            aria-pressed={option.value === props.value}
            onClick={() => props.onChange(option.value)}
          >
            {option.label}
          </button>
        )}
      </For>
    </div>
  )
}
