import { A } from '@solidjs/router'
import { For, Show, type JSX } from 'solid-js'
import { check, Icon } from '../../ui/icon.tsx'
import { imports as words } from '../../words/imports.ts'

const order = ['file', 'columns', 'check', 'run', 'result'] as const
export type Step = (typeof order)[number]

/** Where one is in the import. A step that can be gone back to is a link. */
export function Steps(props: { at: Step; href?: (step: Step) => string | undefined }): JSX.Element {
  const place = (step: Step) => order.indexOf(step)
  const isPast = (step: Step) => place(step) < place(props.at)
  return (
    <nav aria-label={words.steps.label}>
      <ol class="import-steps">
        <For each={order}>
          {(step) => (
            <li aria-current={step === props.at ? 'step' : undefined} classList={{ past: isPast(step) }}>
              <span class="import-step-sign" aria-hidden="true">
                <Show when={isPast(step)} fallback={place(step) + 1}>
                  <Icon of={check} />
                </Show>
              </span>
              <Show
                when={step === props.at ? undefined : props.href?.(step)}
                fallback={<span>{words.steps[step]}</span>}
              >
                {(href) => <A href={href()}>{words.steps[step]}</A>}
              </Show>
            </li>
          )}
        </For>
      </ol>
    </nav>
  )
}
