import { createResource, createUniqueId, Show, type JSX } from 'solid-js'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import type { Form } from '../../ui/form.tsx'
import { SaveBar } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { UnsavedGuard } from '../../ui/unsaved.tsx'
import { admin } from '../../words/admin.ts'

const words = admin.settings

/** Reads settings and shows their form, made anew whenever they were saved: what is told only then, nobody acts on too early. */
export function SettingsOf<T extends object>(props: {
  read: () => Promise<T>
  children: (value: T, reload: () => Promise<void>) => JSX.Element
}): JSX.Element {
  const [value, { refetch }] = createResource(() => props.read())
  return (
    <Loaded of={value} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(known) => (
        <Show when={known()} keyed>
          {(now) => props.children(now, async () => void (await refetch()))}
        </Show>
      )}
    </Loaded>
  )
}

/** The frame of one settings form: summary on top, save bar below, a question before unsaved changes are left. */
export function SettingsForm<T extends object>(props: {
  form: Form<T>
  lead: JSX.Element
  initial: T
  /** Changes kept outside the form's fields, such as a chosen picture. */
  extraChanges?: number
  onDiscard?: () => void
  children: JSX.Element
  /** What is done on the same page at once, by buttons of its own. */
  below?: JSX.Element
}): JSX.Element {
  const id = createUniqueId()
  const changes = () => props.form.changeCount() + (props.extraChanges ?? 0)
  return (
    <div class="with-save-bar">
      <UnsavedGuard dirty={changes() > 0} />
      <form id={id} class="stack wide" novalidate onSubmit={props.form.submit}>
        <ErrorSummary of={props.form} />
        <p class="quiet">{props.lead}</p>
        {props.children}
      </form>
      <Show when={props.below}>{(below) => <div class="below-form">{below()}</div>}</Show>
      <Show when={!props.form.readOnly}>
        <SaveBar
          form={id}
          verb={admin.portal.save}
          discard={admin.portal.discard}
          note={admin.portal.changes(changes())}
          dirty={changes() > 0}
          busy={props.form.busy()}
          onDiscard={() => {
            props.form.reset(props.initial)
            props.onDiscard?.()
          }}
        />
      </Show>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack wide narrow">
        <Bone shape="short" />
        <Bone shape="long tall" />
        <Bone shape="short" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
