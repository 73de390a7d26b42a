import { createResource, For, Show, type JSX } from 'solid-js'
import type { RequestField } from '../../api/shapes.ts'
import type { PortalBoot } from '../../boot.ts'
import type { Holdings } from '../../requests/choices.ts'
import { isHeld } from '../../requests/field-input.tsx'
import { pathOf, type Chosen } from '../../requests/values.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { common } from '../../words/common.ts'
import { words } from '../../words/portal-requests.ts'
import { requests as shared } from '../../words/requests.ts'
import { readHoldings } from './requests.data.ts'

/** One of the people of a request; what they have is looked up once they are chosen. */
export function Person(props: {
  boot: PortalBoot
  fields: readonly RequestField[]
  user: Chosen | undefined
  place: number
  headId: string
  title: string
  input: (path: string, field: RequestField, holdings?: () => Holdings | undefined) => JSX.Element
  onRemove: (() => void) | undefined
}): JSX.Element {
  const firstHeld = () => props.fields.find(isHeld)
  const [person, { refetch }] = createResource(
    () => (firstHeld() === undefined ? undefined : props.user?.id),
    (id) => readHoldings(props.boot.customerId, id),
  )
  const holdings = (): Holdings | undefined =>
    props.user !== undefined && person.state === 'ready' ? person() : undefined
  return (
    <section class="card request-person" aria-labelledby={props.headId}>
      <div class="request-person-head">
        <h2 id={props.headId} tabindex="-1">
          <bdi>{props.title}</bdi>
        </h2>
        <Show when={props.onRemove}>
          {(remove) => (
            <Button look="plain" onClick={() => remove()()}>
              {words.remove}
              <span class="sr"> {props.title}</span>
            </Button>
          )}
        </Show>
      </div>
      <For each={props.fields}>
        {(field) => (
          <Show
            when={!isHeld(field) || holdings()}
            fallback={
              <Show when={field === firstHeld()}>
                <Show
                  when={person.state === 'errored' && props.user}
                  fallback={
                    <p class="quiet small" role="status">
                      {props.user === undefined ? shared.chooseFirst : shared.lookingUp}
                    </p>
                  }
                >
                  <Notice kind="warn" end={<Button onClick={() => void refetch()}>{common.tryAgain}</Button>}>
                    {shared.notLookedUp}
                  </Notice>
                </Show>
              </Show>
            }
          >
            {props.input(pathOf(props.place, field.key), field, holdings)}
          </Show>
        )}
      </For>
    </section>
  )
}
